"""Views: what each page template sees of the archive, and nothing more.

A page is a function of its template and its view, so a page whose view is the same need not be rendered again. What is
said of it in words, and every drawing, is made when the page is rendered.
"""

# ruff: noqa: TC001, TC003 - the types of fields are read at run time: a view is written as bytes and read back
from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, get_args

from msgspec import Struct

from generator.model import AnnotatedArticle, Entity
from generator.render.charts import Graph, Tally
from generator.render.listed import (
    Card,
    Companion,
    EntryName,
    ListedArticle,
    ListedEntry,
    ListedPlace,
    PairRow,
    Sentence,
    Shelf,
    Sightings,
    Year,
)
from generator.render.maps import Region
from generator.render.paging import Step


class ArticleView(Struct, frozen=True, array_like=True):
    """The page of an article."""

    template: ClassVar[str] = "article.html.j2"

    annotated: AnnotatedArticle
    outlet: EntryName | None
    cards: tuple[Card, ...]
    """Of all entities that it mentions, in the order of their first mentions."""
    names: Mapping[str, str]
    """Of other entities that the reasons for its links speak of, by id."""
    related: tuple[ListedArticle, ...]
    older: ListedArticle | None
    newer: ListedArticle | None


class EntryView(Struct, frozen=True, array_like=True):
    """The page of an entry, with its newest mentions."""

    template: ClassVar[str] = "entry.html.j2"

    entity: Entity
    names: Mapping[str, str]
    """Of the entries that its facts lead to, by id."""
    called: tuple[EntryName, ...]
    """The places whose names often stand for it."""
    published: int
    """Articles, where it is an outlet."""
    region: Region | None
    """Where it lies."""
    tally: Tally
    """Its mentions over time."""
    together: tuple[Companion, ...]
    total: int
    """Of its mentions."""
    sightings: tuple[Sightings, ...]
    pager: tuple[Step, ...]


class MentionsView(Struct, frozen=True, array_like=True):
    """A page of earlier mentions of an entry."""

    template: ClassVar[str] = "mentions.html.j2"

    entry: EntryName
    sightings: tuple[Sightings, ...]
    pager: tuple[Step, ...]


class HomeView(Struct, frozen=True, array_like=True):
    """The home page."""

    template: ClassVar[str] = "home.html.j2"

    articles: int
    mentioned: int
    entries: int
    latest: tuple[ListedArticle, ...]
    most: tuple[ListedEntry, ...]
    """Those mentioned most."""
    kinds: tuple[Shelf, ...]


class ArticlesView(Struct, frozen=True, array_like=True):
    """The page of articles: the newest, and the way to all."""

    template: ClassVar[str] = "articles.html.j2"

    total: int
    newest: tuple[ListedArticle, ...]
    years: tuple[Shelf, ...]


class ListView(Struct, frozen=True, array_like=True):
    """Articles, newest first."""

    template: ClassVar[str] = "list.html.j2"

    total: int | None
    """On all pages of the list; None on the further ones, which stay as they are when it grows."""
    monthly: bool
    """Whether they stand under months; else under years."""
    articles: tuple[ListedArticle, ...]
    pager: tuple[Step, ...]


class EntriesView(Struct, frozen=True, array_like=True):
    """Entries by name."""

    template: ClassVar[str] = "entries.html.j2"

    total: int
    letters: tuple[tuple[str, str], ...]
    """(letter, address of the page on which it begins), of the whole list."""
    entries: tuple[ListedEntry, ...]
    pager: tuple[Step, ...]


class BrowseView(Struct, frozen=True, array_like=True):
    """The page that leads to every index."""

    template: ClassVar[str] = "browse.html.j2"

    articles: int
    mentioned: int
    places: int
    years: tuple[Shelf, ...]
    kinds: tuple[Shelf, ...]
    outlets: tuple[Shelf, ...]
    """Only the first few."""
    all_outlets: int
    topics: tuple[Shelf, ...]
    """Only the first few."""
    all_topics: int


class ShelfView(Struct, frozen=True, array_like=True):
    """Outlets or topics by name."""

    template: ClassVar[str] = "shelf.html.j2"

    shelves: tuple[Shelf, ...]
    pager: tuple[Step, ...]


class TimelineView(Struct, frozen=True, array_like=True):
    """Years, earliest first."""

    template: ClassVar[str] = "timeline.html.j2"

    tally: Tally | None
    """All articles over time; None on further pages."""
    years: tuple[Year, ...]
    pager: tuple[Step, ...]


class TogetherView(Struct, frozen=True, array_like=True):
    """Who is named with whom."""

    template: ClassVar[str] = "together.html.j2"

    graph: Graph | None
    pairs: tuple[PairRow, ...]


class PairView(Struct, frozen=True, array_like=True):
    """The sentences that name two entities."""

    template: ClassVar[str] = "pair.html.j2"

    first: EntryName
    second: EntryName
    part: str
    """Which further page this is; empty for the first."""
    articles: int | None
    """That name both; None on further pages, which stay as they are when the list grows."""
    total: int | None
    """Of the sentences; None on further pages."""
    sentences: tuple[Sentence, ...]
    pager: tuple[Step, ...]


class MapView(Struct, frozen=True, array_like=True):
    """All places, those mentioned most first."""

    template: ClassVar[str] = "map.html.j2"

    total: int
    maps: tuple[tuple[str, Region], ...]
    """(heading, what it shows), on the first page."""
    places: tuple[ListedPlace, ...]
    pager: tuple[Step, ...]


class MovedView(Struct, frozen=True, array_like=True):
    """What stands in the place of a page that has moved."""

    template: ClassVar[str] = "moved.html.j2"

    target: str


class SearchView(Struct, frozen=True, array_like=True):
    """The page of search, which scripts fill."""

    template: ClassVar[str] = "search.html.j2"


View = (
    ArticleView | EntryView | MentionsView | HomeView | ArticlesView | ListView | EntriesView | BrowseView
    | ShelfView | TimelineView | TogetherView | PairView | MapView | MovedView | SearchView
)  # fmt: skip
VIEWS: dict[str, type[View]] = {view.template: view for view in get_args(View)}
"""By the name of the template that sees it."""
