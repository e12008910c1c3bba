"""Listed: articles, entries and mentions as far as lists and links show them, so that a page changes with no more.

A page that only leads to an entry, say, holds its name and not its description. There are hundreds of thousands of
these: named tuples, so that templates and lists take them apart.
"""

# ruff: noqa: TC001 - the types of fields are read at run time: see views.py
from __future__ import annotations

from typing import NamedTuple

from generator.model import Edtf, Kind, Location


class EntryName(NamedTuple):
    """An entry, where a page only leads to it."""

    id: str
    name: str


class ListedEntry(NamedTuple):
    """An entry as lists show it."""

    id: str
    name: str
    kind: Kind
    description: str
    mentions: int


class ListedArticle(NamedTuple):
    """An article as lists show it."""

    id: str
    title: str
    supplied: tuple[str, ...]
    """Keys whose values come from the archive: shown in square brackets."""
    date: Edtf
    language: str
    outlet: str | None
    """Its name."""


class ListedPlace(NamedTuple):
    """A place as the table of all places shows it."""

    id: str
    name: str
    location: Location
    mentions: int


class Shelf(NamedTuple):
    """An index of articles or entries, where a page leads to it."""

    name: str
    address: str
    size: int
    """How many stand on it."""


class Card(NamedTuple):
    """An entity as the pages of articles tell of it."""

    id: str
    name: str
    kind: Kind
    description: str
    native: str
    """Its name in the script of its own language, where that is not Latin; else empty."""
    native_language: str


class Line(NamedTuple):
    """A mention in its sentence, and its anchor."""

    left: str
    keyword: str
    right: str
    anchor: str


class Sightings(NamedTuple):
    """The mentions of an entity in one article, or those that stand on one page."""

    article: ListedArticle
    lines: tuple[Line, ...]


class Sentence(NamedTuple):
    """A sentence of an article that names two entities."""

    article: ListedArticle
    first: Line
    second: Line


class Companion(NamedTuple):
    """Somebody or something that is named together with an entity."""

    entry: EntryName
    articles: int
    """That name both in one sentence."""
    page: str
    """Address of the page of the two; empty where they have none."""
    sentence: Sentence
    """The newest one."""


class PairRow(NamedTuple):
    """Two entities in the table of who is named with whom."""

    first: EntryName
    second: EntryName
    articles: int
    sentences: int
    page: str
    """Address of their page; empty where they have none."""


class Happened(NamedTuple):
    """An entry with a date, on the timeline."""

    entry: ListedEntry
    date: Edtf


class Year(NamedTuple):
    """A year of the timeline."""

    name: str
    happened: tuple[Happened, ...]
    articles: Shelf | None
    """Those of this year."""
