"""Browse: the archive by time, by who is named with whom, and by place, and the page that leads to every index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import addresses
from generator.render.addresses import pair_address
from generator.render.charts import graph_of_pairs, tally_months
from generator.render.grouping import UNDATED, year_of
from generator.render.indexes import page
from generator.render.listed import Happened, ListedPlace, PairRow, Year
from generator.render.maps import busiest_region, region_of_all
from generator.render.paging import paginate, paginate_newest_first
from generator.render.sentences import sentence_of
from generator.render.views import (
    BrowseView,
    MapView,
    PairView,
    ShelfView,
    TimelineView,
    TogetherView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Archive, Entity, Page, Pair
    from generator.render.maps import Region
    from generator.render.shelves import Shelves

MOST_PAIRS = 100
"""Pairs in the table of who is named with whom."""
FEW = 30
"""Outlets and topics on the page that leads to every index."""
SHORT_LINES = 200
"""Items on a page of names alone."""


def plan_browse(shelves: Shelves) -> Iterator[Page]:
    """Yield the timeline, the pairs, the map, and the page that leads to every index."""
    places = [e for e in shelves.most_mentioned if e.location]
    outlets = tuple(shelf for shelf, _ in shelves.outlets)
    topics = tuple(shelf for shelf, _ in shelves.topics)
    yield page(
        addresses.BROWSE,
        "Browse",
        BrowseView(
            articles=len(shelves.articles),
            mentioned=len(shelves.mentioned),
            places=len(places),
            years=tuple(shelf for shelf, _ in shelves.years),
            kinds=shelves.kind_shelves,
            outlets=outlets[:FEW],
            all_outlets=len(outlets),
            topics=topics[:FEW],
            all_topics=len(topics),
        ),
    )
    for title, found, first, rest in (
        ("Outlets", outlets, addresses.OUTLETS, addresses.OUTLETS_REST),
        ("Topics", topics, addresses.TOPICS, addresses.TOPICS_REST),
    ):
        for leaf in paginate(found, first, rest, SHORT_LINES):
            yield page(leaf.address, leaf.titled(title), ShelfView(tuple(leaf.items), leaf.pager))
    yield from _timeline(shelves)
    yield from _together(shelves)
    if places:
        yield from _map(shelves, places)


def _timeline(shelves: Shelves) -> Iterator[Page]:
    tally = tally_months(shelves.months.values())
    for leaf in paginate(_years(shelves), addresses.TIMELINE):
        view = TimelineView(None if leaf.name else tally, tuple(leaf.items), leaf.pager)
        yield page(leaf.address, leaf.titled("Timeline"), view)


def _map(shelves: Shelves, places: list[Entity]) -> Iterator[Page]:
    region = busiest_region(places)
    maps: list[tuple[str, Region]] = [("All places", region_of_all(places))]
    if 1 < len(region) < len(places):
        maps.append(("Where most of them lie", region_of_all(region)))
    listed = [
        ListedPlace(place.id, place.name, place.location, shelves.counts[place.id])
        for place in places
        if place.location
    ]
    for leaf in paginate(listed, addresses.MAP):
        view = MapView(len(places), () if leaf.name else tuple(maps), tuple(leaf.items), leaf.pager)
        yield page(leaf.address, leaf.titled("Map"), view)


def _together(shelves: Shelves) -> Iterator[Page]:
    """Yield the page of all pairs, and those of the pairs that have one."""
    pairs = _by_articles(shelves.archive)
    rows = tuple(
        PairRow(
            first=shelves.names[pair.entities[0]],
            second=shelves.names[pair.entities[1]],
            articles=pair.articles,
            sentences=len(pair.sentences),
            page=shelves.page_of(pair),
        )
        for pair in pairs[:MOST_PAIRS]
    )
    graph = graph_of_pairs(pairs, shelves.archive.entities)
    yield page(addresses.TOGETHER, "Named together", TogetherView(graph, rows))
    for pair in pairs:
        if shelves.page_of(pair):
            yield from _pair(shelves, pair)


def _pair(shelves: Shelves, pair: Pair) -> Iterator[Page]:
    first, second = (shelves.names[entity_id] for entity_id in pair.entities)
    for leaf in paginate_newest_first(pair.sentences, pair_address(*pair.entities)):
        view = PairView(
            first=first,
            second=second,
            part=leaf.name,
            articles=None if leaf.name else pair.articles,
            total=None if leaf.name else len(pair.sentences),
            sentences=tuple(sentence_of(links, shelves.articles) for links in leaf.items),
            pager=leaf.pager,
        )
        yield page(leaf.address, leaf.titled(f"{first.name} and {second.name}"), view)


def _by_articles(archive: Archive) -> list[Pair]:
    """Return every pair that an entry shows, those of most articles first."""
    pairs = {pair.entities: pair for found in archive.together.values() for pair in found}
    return sorted(pairs.values(), key=lambda pair: (-pair.articles, -len(pair.sentences), pair.entities))


def _years(shelves: Shelves) -> list[Year]:
    """Return the years in which something happened or articles were published, earliest first."""
    happened: dict[str, list[Happened]] = {}
    for entity in _dated(shelves.mentioned):
        assert entity.date is not None
        found = Happened(shelves.entries[entity.id], entity.date)
        happened.setdefault(year_of(entity.date), []).append(found)
    published = {shelf.name: shelf for shelf, _ in shelves.years if shelf.name != UNDATED}
    return [
        Year(year, tuple(happened.get(year, ())), published.get(year))
        for year in sorted({*happened, *published}, key=int)
    ]


def _dated(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entries with a date, in its order."""
    dated = [(e.date.listed, e.date.latest, e) for e in entities if e.date and not e.date.unknown]
    return [entity for *_, entity in sorted(dated, key=lambda found: found[:2])]
