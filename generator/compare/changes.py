"""Changes: what became of an archive's links, texts, pages and captures between two moments.

Mentions are compared place by place: in a text that changed, or an article that moved, each is followed to where its
words stand now.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from generator.compare.alignment import align, differences
from generator.compare.mentions import Became, MentionChange, compare_mentions
from generator.compare.seeds import (
    address,
    changed_paths,
    earlier_addresses,
    is_article,
    is_capture,
    is_entry,
    read_some,
    successor,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model import AnnotatedArticle, Entity
    from generator.read.revisions import Snapshot


class Fate(StrEnum):
    """What became of a page or a capture."""

    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Moment:
    """An archive at one of the two moments."""

    snapshot: Snapshot
    articles: Mapping[str, AnnotatedArticle]
    """By path; those with errors are left out."""
    entities: Mapping[str, Entity]
    """By id; those with errors are left out."""
    errors: int
    """How many errors its seeds have."""

    @property
    def redirects(self) -> dict[str, str]:
        """Earlier addresses, and those that they lead to."""
        seeds = [(a.article.path, a.article.front_matter.replaces) for a in self.articles.values()]
        seeds += [(entity.path, entity.replaces) for entity in self.entities.values()]
        return {old: address(path) for path, replaces in seeds for old in earlier_addresses(path, replaces)}


@dataclass(frozen=True, slots=True)
class TextChange:
    """A stretch of an article in which its words are not what they were."""

    path: str
    line: int
    """Of the file as it is now."""
    old: str
    new: str
    withdrawn: bool = False
    """Whether the text was taken down: what it said is not repeated."""

    @property
    def in_words(self) -> bool:
        """Whether more than spaces and line ends changed."""
        return bool(self.old.split() or self.new.split())


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A page or a capture that came, went or moved."""

    fate: Fate
    place: str
    """A page's address, or a capture's path."""
    new_place: str = ""
    """Where it is now, if it moved."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that a change does to an archive."""

    mentions: tuple[MentionChange, ...]
    """Sorted by what became of them, then by what they mean, then by place."""
    texts: tuple[TextChange, ...]
    pages: tuple[PlaceChange, ...]
    captures: tuple[PlaceChange, ...]
    errors: tuple[int, int]
    """How many errors the seeds have before and after: seeds with errors are not compared."""

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.mentions or self.texts or self.pages or self.captures)

    def count(self, became: Became) -> int:
        """Return how many mentions this became of."""
        return sum(change.became is became for change in self.mentions)


def compare(base: Moment, head: Moment) -> Changes:
    """Return what differs between two moments of an archive."""
    merged = {old: entity.id for entity in head.entities.values() for old in entity.replaces}
    mentions = [c for old, new in _pairs(base, head) for c in compare_mentions(old, new, merged)]
    return Changes(
        mentions=tuple(sorted(mentions, key=lambda change: change.sort_key)),
        texts=tuple(_compare_texts(base.snapshot, head.snapshot)),
        pages=tuple(_compare_pages(base, head)),
        captures=tuple(_compare_captures(base.snapshot, head.snapshot)),
        errors=(base.errors, head.errors),
    )


def _pairs(base: Moment, head: Moment) -> Iterator[tuple[AnnotatedArticle | None, AnnotatedArticle | None]]:
    """Yield each article of either moment with itself at the other.

    An article that is there at both and has errors at one is left out: nothing can be said of it.
    """
    redirects = head.redirects
    by_address = {address(path): article for path, article in head.articles.items()}
    followed: set[str] = set()
    for path, old in base.articles.items():
        new = head.articles.get(path)
        if new is None and path in head.snapshot.files:
            continue
        if new is None:
            new = by_address.get(redirects.get(address(path), ""))
        if new is not None:
            followed.add(new.article.path)
        yield old, new
    for path, new in head.articles.items():
        if path not in followed and path not in base.snapshot.files:
            yield None, new


def _compare_texts(base: Snapshot, head: Snapshot) -> Iterator[TextChange]:
    """Yield each stretch of a text that is not what it was, also in articles with errors."""
    paths = [path for path in changed_paths(base, head) if is_article(path)]
    after = read_some(head, [path for path in paths if path in head.files])
    for path, old in read_some(base, [path for path in paths if path in base.files]).items():
        new = successor(path, after)
        if new is None or new.body == old.body:
            continue
        if new.withdrawn:
            yield TextChange(new.path, 1, "", "", withdrawn=True)
            continue
        for difference in differences(align(old.body, new.body), old.body, new.body):
            line = new.first_line + new.body.count("\n", 0, difference.new.start)
            yield TextChange(new.path, line, difference.old.of(old.body), difference.new.of(new.body))


def _compare_pages(base: Moment, head: Moment) -> Iterator[PlaceChange]:
    """Yield the pages of articles and entries that came, went or moved; all other pages follow from these."""
    olds = {address(path) for path in base.snapshot.files if is_article(path) or is_entry(path)}
    news = {address(path) for path in head.snapshot.files if is_article(path) or is_entry(path)}
    redirects = head.redirects
    arrived = set()
    for page in sorted(olds - news):
        if page in redirects:
            arrived.add(redirects[page])
            yield PlaceChange(Fate.MOVED, page, redirects[page])
        else:
            yield PlaceChange(Fate.GONE, page)
    for page in sorted(news - olds - arrived):
        yield PlaceChange(Fate.ADDED, page)
    for page in sorted(set(base.redirects) - news - set(redirects)):
        yield PlaceChange(Fate.GONE, page)


def _compare_captures(base: Snapshot, head: Snapshot) -> Iterator[PlaceChange]:
    """Yield the captures that came, went, changed or were renamed."""
    added = _by_bytes(head, (path for path in head.files if is_capture(path) and path not in base.files))
    renamed = set()
    for path in filter(is_capture, base.files):
        was, is_now = base.files[path], head.files.get(path)
        if is_now == was:
            continue
        if is_now is None and added[was.oid]:
            new = added[was.oid].pop(0)
            renamed.add(new)
            yield PlaceChange(Fate.MOVED, path, new)
        else:
            yield PlaceChange(Fate.CHANGED if is_now else Fate.GONE, path)
    for path in filter(is_capture, head.files):
        if path not in base.files and path not in renamed:
            yield PlaceChange(Fate.ADDED, path)


def _by_bytes(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[snapshot.files[path].oid].append(path)
    return found
