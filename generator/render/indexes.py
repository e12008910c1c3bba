"""Indexes: the home page, lists of articles and of entries, and redirects. Long lists are cut into pages."""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from generator.model import Kind, Page
from generator.render import addresses
from generator.render.addresses import article_uri, entry_uri, kind_uri, outlet_uri, topic_uri, year_uri
from generator.render.grouping import (
    UNDATED,
    alphabetical,
    by_letter,
    by_month,
    by_year,
    letter_of,
    plural,
    year_of,
)
from generator.render.paging import LONGEST, paginate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from generator.model import Archive, Article, Entity

LATEST = 10
"""Articles on the home page."""
NEWEST = 50
"""Articles on the page of articles."""
MOST_MENTIONED = 12
"""Entries on the home page."""
SHORT_LINES = 200
"""Items on a page of names alone."""


@dataclass(frozen=True)
class Shelves:
    """An archive as the indexes look at it."""

    archive: Archive
    templates: Environment

    @cached_property
    def articles(self) -> list[Article]:
        """Newest first."""
        return [annotated.article for annotated in self.archive.articles]

    @cached_property
    def by_id(self) -> dict[str, Article]:
        """The articles by their ids."""
        return {article.id: article for article in self.articles}

    @cached_property
    def counts(self) -> Counter[str]:
        """Mentions of each entity."""
        return Counter({entity_id: len(links) for entity_id, links in self.archive.backlinks.items()})

    @cached_property
    def mentioned(self) -> list[Entity]:
        """The entries that an article mentions, by name. No index lists the others."""
        named = (entity for entity in self.archive.entities.values() if self.counts[entity.id])
        return sorted(named, key=lambda entity: alphabetical(entity.name))

    @cached_property
    def most_mentioned(self) -> list[Entity]:
        """The same, those mentioned most first."""
        return sorted(self.mentioned, key=lambda entity: -self.counts[entity.id])

    @cached_property
    def kinds(self) -> list[tuple[Kind, list[Entity]]]:
        """The kinds of which there is a mentioned entry, with these."""
        return [(kind, found) for kind in Kind if (found := [e for e in self.mentioned if e.kind is kind])]

    @cached_property
    def years(self) -> list[tuple[str, str, list[Article]]]:
        """(year, its page, its articles), newest first; at last those without a date."""
        found: dict[str, list[Article]] = {}
        for article in self.articles:
            found.setdefault(year_of(article.front_matter.date), []).append(article)
        newest_first = sorted(found, key=lambda year: (year != UNDATED, year.zfill(4)), reverse=True)
        return [
            (year, year_uri("unknown" if year == UNDATED else year), found[year]) for year in newest_first
        ]

    @cached_property
    def outlets(self) -> list[tuple[str, str, list[Article]]]:
        """(name of the outlet, its page, what it published), by name."""
        found: dict[str, list[Article]] = {}
        for article in self.articles:
            if (outlet := article.front_matter.outlet or "") in self.archive.entities:
                found.setdefault(outlet, []).append(article)
        named = sorted(
            (self.archive.entities[outlet] for outlet in found), key=lambda e: alphabetical(e.name)
        )
        return [(outlet.name, outlet_uri(outlet.id), found[outlet.id]) for outlet in named]

    @cached_property
    def topics(self) -> list[tuple[str, str, list[Article]]]:
        """(topic, its page, its articles), by name."""
        found: dict[str, list[Article]] = {}
        for article in self.articles:
            for topic in article.front_matter.topics:
                found.setdefault(topic, []).append(article)
        return [(topic, topic_uri(topic), found[topic]) for topic in sorted(found, key=alphabetical)]

    def page(self, here: str, title: str, template: str, **values: object) -> Page:
        """Return one page of an index."""
        return Page(
            here,
            title,
            "",
            self.templates.get_template(template).render(
                here=here,
                title=title,
                shelves=self,
                counts=self.counts,
                outlets=self.archive.entities,
                **values,
            ),
        )

    def pages(
        self,
        items: Sequence[object],
        title: str,
        template: str,
        uri: str,
        *,
        rest: str = "",
        most: int = LONGEST,
        **values: object,
    ) -> Iterator[Page]:
        """Yield the pages of a list; a template knows its part of it as `leaf`."""
        for leaf in paginate(items, uri, rest, most):
            yield self.page(leaf.uri, leaf.titled(title), template, leaf=leaf, **values)


def render_indexes(shelves: Shelves, site_name: str) -> Iterator[Page]:
    """Yield the home page and the lists of articles and entries."""
    yield shelves.page(
        addresses.HOME,
        site_name,
        "home.md.j2",
        latest=shelves.articles[:LATEST],
        most=shelves.most_mentioned[:MOST_MENTIONED],
    )
    yield shelves.page(addresses.ARTICLES, "Articles", "articles.md.j2", newest=shelves.articles[:NEWEST])
    for year, uri, articles in shelves.years:
        title = "Articles without a date" if year == UNDATED else f"Articles of {year}"
        yield from shelves.pages(articles, title, "list.md.j2", uri, group=by_month)
    for name, uri, articles in shelves.outlets:
        yield from shelves.pages(articles, f"Published by {name}", "list.md.j2", uri, group=by_year)
    for topic, uri, articles in shelves.topics:
        yield from shelves.pages(articles, f"Topic: {topic}", "list.md.j2", uri, group=by_year)
    yield from _entries(shelves, shelves.mentioned, "Glossary", addresses.GLOSSARY, addresses.GLOSSARY_REST)
    for kind, entries in shelves.kinds:
        yield from _entries(shelves, entries, plural(kind), kind_uri(kind))


def _entries(
    shelves: Shelves, entries: list[Entity], title: str, first: str, rest: str = ""
) -> Iterator[Page]:
    """Yield the pages of a list of entries, every letter of which is one step away."""
    numbers: dict[str, int] = {}
    letters = []
    for leaf in paginate(entries, first, rest):
        for entity in leaf.items:
            letter = letter_of(entity.name)
            if letter not in numbers:
                numbers[letter] = len(numbers) + 1
                letters.append((letter, leaf.uri))
    yield from shelves.pages(
        entries, title, "entries.md.j2", first, rest=rest, group=by_letter, letters=letters, numbers=numbers
    )


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
