"""Browse: the archive by time, by who is named with whom, and by place, and the page that leads to every index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.link.concordance import join_lines
from generator.render import addresses
from generator.render.addresses import pair_uri
from generator.render.charts import chart_over_time, graph_of_pairs
from generator.render.grouping import UNDATED, year_of
from generator.render.indexes import SHORT_LINES
from generator.render.maps import busiest_region, map_of_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Archive, Backlink, Entity, Page, Pair
    from generator.render.indexes import Shelves

PAGE_FROM = 3
"""Articles that name two entities together, from which on the pair has a page."""
MOST_PAIRS = 100
"""Pairs in the table of who is named with whom."""
FEW = 30
"""Outlets and topics on the page that leads to every index."""


def render_browse(shelves: Shelves) -> Iterator[Page]:
    """Yield the timeline, the pairs, the map, and the page that leads to every index."""
    pairs = _by_articles(shelves.archive)
    places = [e for e in shelves.most_mentioned if e.location]
    yield shelves.page(addresses.BROWSE, "Browse", "browse.md.j2", pairs=pairs, places=places, few=FEW)
    for title, shelf, first, rest in (
        ("Outlets", shelves.outlets, addresses.OUTLETS, addresses.OUTLETS_REST),
        ("Topics", shelves.topics, addresses.TOPICS, addresses.TOPICS_REST),
    ):
        yield from shelves.pages(shelf, title, "shelf.md.j2", first, rest=rest, most=SHORT_LINES)
    yield from shelves.pages(
        _years(shelves),
        "Timeline",
        "timeline.md.j2",
        addresses.TIMELINE,
        chart=chart_over_time(article.front_matter.date for article in shelves.articles),
    )
    yield from _together(shelves, pairs)
    if places:
        region = busiest_region(places)
        maps = [("All places", map_of_all(places))]
        if 1 < len(region) < len(places):
            maps.append(("Where most of them lie", map_of_all(region)))
        yield from shelves.pages(places, "Map", "map.md.j2", addresses.MAP, maps=maps)


def has_page(pair: Pair) -> bool:
    """Tell whether a pair has a page of its own."""
    return pair.articles >= PAGE_FROM


def in_sentence(lines: tuple[Backlink, Backlink]) -> list[tuple[str, str]]:
    """Return the sentence that two mentions stand in, in pieces, each with its anchor or none."""
    anchors = {id(link.context): link.anchor for link in lines}
    return [
        (text, anchors[id(line)] if line else "")
        for text, line in join_lines(lines[0].context, lines[1].context)
    ]


def _by_articles(archive: Archive) -> list[Pair]:
    """Return every pair that an entry shows, those of most articles first."""
    pairs = {pair.entities: pair for found in archive.together.values() for pair in found}
    return sorted(pairs.values(), key=lambda pair: (-pair.articles, -len(pair.sentences), pair.entities))


def _together(shelves: Shelves, pairs: list[Pair]) -> Iterator[Page]:
    entities = shelves.archive.entities
    yield shelves.page(
        addresses.TOGETHER,
        "Named together",
        "together.md.j2",
        pairs=pairs[:MOST_PAIRS],
        graph=graph_of_pairs(pairs, entities),
        has_page=has_page,
    )
    for pair in filter(has_page, pairs):
        first, second = (entities[entity_id] for entity_id in pair.entities)
        yield from shelves.pages(
            pair.sentences,
            f"{first.name} and {second.name}",
            "pair.md.j2",
            pair_uri(*pair.entities),
            pair=pair,
            first=first,
            second=second,
            articles=shelves.by_id,
            in_sentence=in_sentence,
        )


def _years(shelves: Shelves) -> list[tuple[str, list[Entity], str, int]]:
    """Return (year, what happened, the page of its articles, how many they are), earliest first."""
    happened: dict[str, list[Entity]] = {}
    for entity in _dated(shelves.mentioned):
        assert entity.date is not None
        happened.setdefault(year_of(entity.date), []).append(entity)
    published = {year: (uri, len(articles)) for year, uri, articles in shelves.years if year != UNDATED}
    return [
        (year, happened.get(year, []), *published.get(year, ("", 0)))
        for year in sorted({*happened, *published}, key=int)
    ]


def _dated(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entries with a date, in its order."""
    dated = [(e.date.listed, e.date.latest, e) for e in entities if e.date and not e.date.unknown]
    return [entity for *_, entity in sorted(dated, key=lambda found: found[:2])]
