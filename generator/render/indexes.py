"""Indexes: the home page, articles by date, the glossary from A to Z and by kind, and redirects."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from generator.model import Kind, Page
from generator.render.addresses import ARTICLES, GLOSSARY, HOME, article_uri, entry_uri, kind_uri
from generator.render.entry import year_of

if TYPE_CHECKING:
    from jinja2 import Environment

    from generator.model import Archive, Article, Entity

LATEST = 10
"""Articles on the home page."""
LONGEST_MONTH = 31
MOST_MENTIONED = 12
"""Entries on the home page."""


def render_indexes(archive: Archive, templates: Environment, site_name: str) -> list[Page]:
    """Return the home page and all indexes. Entries that no article mentions are not listed."""
    articles = [annotated.article for annotated in archive.articles]
    counts = Counter({entity_id: len(links) for entity_id, links in archive.backlinks.items()})
    mentioned = sorted((e for e in archive.entities.values() if counts[e.id]), key=lambda e: _order(e.name))
    kinds = [(kind, entries) for kind in Kind if (entries := [e for e in mentioned if e.kind is kind])]
    shared = {
        "counts": counts,
        "kinds": kinds,
        "outlets": archive.entities,
    }

    def page(here: str, title: str, template: str, **values: object) -> Page:
        markdown = templates.get_template(template).render(here=here, title=title, **shared, **values)
        return Page(here, title, "", markdown)

    most = sorted(mentioned, key=lambda e: (-counts[e.id], _sort_key(e.name)))[:MOST_MENTIONED]
    pages = [
        page(
            HOME,
            site_name,
            "home.md.j2",
            latest=articles[:LATEST],
            total=len(articles),
            most=most,
            entries=len(mentioned),
            known=len(archive.entities),
        ),
        page(ARTICLES, "Articles", "articles.md.j2", years=_by_year_and_month(articles), total=len(articles)),
        page(GLOSSARY, "Glossary", "glossary.md.j2", letters=_by_letter(mentioned), total=len(mentioned)),
    ]
    pages += [
        page(kind_uri(kind), _plural(kind), "kind.md.j2", kind=kind, entries=entries)
        for kind, entries in kinds
    ]
    return pages


def render_redirects(archive: Archive, templates: Environment) -> list[Page]:
    """Return a page for each id that another one replaces."""
    template = templates.get_template("moved.md.j2")
    moved = [
        (article_uri(old), article_uri(a.article.id), a.article.front_matter.title)
        for a in archive.articles
        for old in a.article.front_matter.replaces
    ] + [
        (entry_uri(old), entry_uri(entity.id), entity.name)
        for entity in archive.entities.values()
        for old in entity.replaces
    ]
    return [
        Page(
            here,
            title,
            "",
            template.render(here=here, target=target, title=title),
            redirect=posixpath.relpath(posixpath.dirname(target), posixpath.dirname(here)) + "/",
        )
        for here, target, title in moved
    ]


def _by_year_and_month(articles: list[Article]) -> list[tuple[str, list[tuple[int, list[Article]]]]]:
    """Return (year, [(month, articles)]) in the order of `articles`; month 0 where only the year is known."""

    def month_of(article: Article) -> int:
        day = article.front_matter.date
        one_month = (day.earliest.year, day.earliest.month) == (day.latest.year, day.latest.month)
        return day.earliest.month if one_month or (day.latest - day.earliest).days < LONGEST_MONTH else 0

    return [
        (year, [(month, list(group)) for month, group in groupby(of_year, key=month_of)])
        for year, of_year in groupby(articles, key=year_of)
    ]


def _by_letter(entities: list[Entity]) -> list[tuple[str, list[Entity]]]:
    """Return (letter, entries), given entries in the order of their names."""
    return [(letter, list(group)) for letter, group in groupby(entities, key=lambda e: _letter(e.name))]


def _sort_key(name: str) -> str:
    """Sort as a reader expects: accents and capitals do not count."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold() + "\0" + name


def _order(name: str) -> tuple[bool, str]:
    """Names that begin with no letter come first, as they do in registers."""
    return _letter(name) != "#", _sort_key(name)


def _letter(name: str) -> str:
    first = _sort_key(name)[0].upper()
    return first if first.isalpha() else "#"


def _plural(kind: Kind) -> str:
    return {Kind.PERSON: "People"}.get(kind, f"{kind.value.capitalize()}s")
