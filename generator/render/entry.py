"""Entry pages: who or what somebody is, and every place where the archive mentions them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from babel import Locale
from markupsafe import Markup

from generator.read.definitions import neutralise
from generator.render.addresses import entry_uri, mentions_uri, outlet_uri
from generator.render.browse import has_page, in_sentence
from generator.render.charts import chart_over_time
from generator.render.grouping import year_of
from generator.render.maps import map_of
from generator.render.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model import Alias, Archive, Article, Backlink, Entity, Page, Pair
    from generator.render.indexes import Shelves

_CITATION = re.compile(r"\[\^([0-9]{1,4})\]")


def render_entries(shelves: Shelves) -> Iterator[Page]:
    """Yield the pages of all entries: one each, and more where the mentions fill them."""
    archive = shelves.archive
    metonyms = _named_for(archive)
    published = {uri: len(found) for _, uri, found in shelves.outlets}
    places = [entity for entity in shelves.most_mentioned if entity.location]
    listing = {"articles": shelves.by_id, "group": by_year_and_article}
    for entity in archive.entities.values():
        backlinks = archive.backlinks.get(entity.id, ())
        first, *further = paginate(backlinks, entry_uri(entity.id), mentions_uri(entity.id))
        page = shelves.page(
            first.uri,
            entity.name,
            "entry.md.j2",
            entity=entity,
            definition=_definition(entity),
            names=_names(entity),
            entities=archive.entities,
            stands_for_it=metonyms.get(entity.id, ()),
            published=published.get(outlet_uri(entity.id), 0),
            map=map_of(entity, places) if entity.location else None,
            chart=chart_over_time(shelves.by_id[link.article_id].front_matter.date for link in backlinks),
            together=_together(entity, archive),
            has_page=has_page,
            in_sentence=in_sentence,
            leaf=first,
            **listing,
        )
        yield replace(page, description=entity.description)
        for leaf in further:
            title = leaf.titled(f"Mentions of {entity.name}")
            yield shelves.page(leaf.uri, title, "mentions.md.j2", entity=entity, leaf=leaf, **listing)


def _together(entity: Entity, archive: Archive) -> list[tuple[Entity, Pair]]:
    """Return those that are named together with an entity, and the pairs."""
    return [
        (archive.entities[next(other for other in pair.entities if other != entity.id)], pair)
        for pair in archive.together.get(entity.id, ())
    ]


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


def by_year_and_article(
    backlinks: Iterable[Backlink], articles: Mapping[str, Article]
) -> list[tuple[str, list[tuple[Article, list[Backlink]]]]]:
    """Return (year, [(article, its backlinks)]), newest first as the backlinks are."""
    by_article = [
        (articles[article_id], list(group))
        for article_id, group in groupby(backlinks, lambda b: b.article_id)
    ]
    return [
        (year, list(group))
        for year, group in groupby(by_article, lambda pair: year_of(pair[0].front_matter.date))
    ]
