"""Entry pages: who or what somebody is, and every place where the archive mentions them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from babel import Locale
from markupsafe import Markup

from generator.model import Page
from generator.read.definitions import neutralise
from generator.render.addresses import entry_uri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment

    from generator.model import Alias, Archive, Article, Backlink, Entity

_CITATION = re.compile(r"\[\^([0-9]{1,4})\]")


def render_entries(archive: Archive, templates: Environment) -> list[Page]:
    """Return the pages of all entries."""
    template = templates.get_template("entry.md.j2")
    articles = {annotated.article.id: annotated.article for annotated in archive.articles}
    metonyms = _named_for(archive)
    pages = []
    for entity in archive.entities.values():
        here = entry_uri(entity.id)
        markdown = template.render(
            here=here,
            entity=entity,
            definition=_definition(entity),
            names=_names(entity),
            entities=archive.entities,
            stands_for_it=metonyms.get(entity.id, ()),
            backlinks=_by_year_and_article(archive.backlinks.get(entity.id, ()), articles),
            count=len(archive.backlinks.get(entity.id, ())),
        )
        pages.append(Page(here, entity.name, entity.description, markdown))
    return pages


def _named_for(archive: Archive) -> dict[str, list[Entity]]:
    """Return, for each government or body, the places whose names stand for it."""
    found: dict[str, list[Entity]] = {}
    for entity in archive.entities.values():
        if entity.metonym_for:
            found.setdefault(entity.metonym_for, []).append(entity)
    return found


def _definition(entity: Entity) -> Markup:
    """Return the definition as Markdown whose citations lead to the list of sources."""
    cited = _CITATION.sub(r"[[\1]](#source-\1){: .citation }", neutralise(entity.definition).strip())
    return Markup(cited)  # noqa: S704 - neutralise took the markup out of it


def _names(entity: Entity) -> list[tuple[str, str, list[Alias]]]:
    """Return (language tag, language's name, aliases) a language, those of no one language first."""
    listed = sorted(entity.aliases, key=lambda alias: alias.language or "")
    return [
        (tag, _language_name(tag), list(group))
        for tag, group in groupby(listed, key=lambda a: a.language or "")
    ]


def _language_name(tag: str) -> str:
    """Return `Arabic` for `ar`; the tag itself where no name is known."""
    if not tag:
        return ""
    return str(Locale("en").languages.get(tag.split("-", maxsplit=1)[0].lower(), tag))


def _by_year_and_article(
    backlinks: Iterable[Backlink], articles: dict[str, Article]
) -> list[tuple[str, list[tuple[Article, list[Backlink]]]]]:
    """Return (year, [(article, its backlinks)]), newest first as the backlinks are."""
    by_article = [
        (articles[article_id], list(group))
        for article_id, group in groupby(backlinks, key=lambda b: b.article_id)
    ]
    return [(year, list(group)) for year, group in groupby(by_article, key=lambda pair: year_of(pair[0]))]


def year_of(article: Article) -> str:
    """Return the year under which an article is listed."""
    day = article.front_matter.date
    return "Date unknown" if day.unknown else str(day.earliest.year)
