"""Changes: what became of an archive's links, texts, pages and captures between two moments.

Mentions are compared place by place: in a text that changed, or an article that moved, each is followed to where its
words stand now.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.compare.alignment import align, differences
from generator.compare.mentions import Became, MentionChange, compare_mentions
from generator.compare.seeds import (
    ChangedSeeds,
    address,
    earlier_addresses,
    is_article,
    is_capture,
    is_entry,
)
from generator.compare.statements import changed_keys

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


class Moment(Struct, frozen=True):
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


class TextChange(Struct, frozen=True):
    """A stretch of an article in which its words are not what they were."""

    path: str
    line: int
    """Of the file as it is now."""
    old: str
    new: str
    in_words: bool = True
    """Whether words of the article changed, or only spaces, line ends and block marks."""
    withdrawn: bool = False
    """Whether the text was taken down: what it said is not repeated."""


class PlaceChange(Struct, frozen=True):
    """A page or a capture that came, went or moved."""

    fate: Fate
    place: str
    """A page's address, or a capture's path."""
    new_place: str = ""
    """Where it is now, if it moved."""


class StatementChange(Struct, frozen=True):
    """An article or entry of which something besides its text says something else."""

    path: str
    keys: tuple[str, ...]
    """Which, `definition` among them."""


class Changes(Struct, frozen=True):
    """All that a change does to an archive."""

    mentions: tuple[MentionChange, ...]
    """Sorted by what became of them, then by what they mean, then by place."""
    texts: tuple[TextChange, ...]
    statements: tuple[StatementChange, ...]
    pages: tuple[PlaceChange, ...]
    captures: tuple[PlaceChange, ...]
    errors: tuple[int, int]
    """How many errors the seeds have before and after: seeds with errors are not compared."""

    def count(self, became: Became) -> int:
        """Return how many mentions this became of."""
        return sum(change.became is became for change in self.mentions)


def compare(base: Moment, head: Moment) -> Changes:
    """Return what differs between two moments of an archive."""
    merged = {old: entity.id for entity in head.entities.values() for old in entity.replaces}
    changed = ChangedSeeds(base.snapshot, head.snapshot)
    pairs = list(_pairs(base, head, changed))
    mentions = [change for old, new in pairs for change in compare_mentions(old, new, merged)]
    return Changes(
        mentions=tuple(sorted(mentions, key=lambda change: change.sort_key)),
        texts=tuple(_compare_texts(changed)),
        statements=tuple(_compare_statements(pairs, base, head)),
        pages=tuple(_compare_pages(base, head)),
        captures=tuple(_compare_captures(base.snapshot, head.snapshot)),
        errors=(base.errors, head.errors),
    )


def _pairs(
    base: Moment, head: Moment, changed: ChangedSeeds
) -> Iterator[tuple[AnnotatedArticle | None, AnnotatedArticle | None]]:
    """Yield each article of either moment with itself at the other.

    An article that is there at both and has errors at one is left out: nothing can be said of it.
    """
    followed: set[str] = set()
    for path, old in base.articles.items():
        heir = None if path in head.snapshot.files else changed.successor(path)
        now = path if heir is None or changed.took_over(heir, path) else heir.path
        followed.add(now)
        if now in head.articles or now not in head.snapshot.files:
            yield old, head.articles.get(now)
    for path, new in head.articles.items():
        if path not in followed and path not in base.snapshot.files:
            yield None, new


def _compare_texts(changed: ChangedSeeds) -> Iterator[TextChange]:
    """Yield each stretch of a text that is not what it was, also in articles with errors."""
    for path, old in changed.before.items():
        new = changed.successor(path)
        if not is_article(path) or new is None or new.body == old.body or changed.took_over(new, path):
            continue
        if new.withdrawn:
            yield TextChange(new.path, 1, "", "", withdrawn=True)
            continue
        in_words = old.words != new.words
        for difference in differences(align(old.body, new.body), old.body, new.body):
            line = new.first_line + new.body.count("\n", 0, difference.new.start)
            was, is_now = difference.old.of(old.body), difference.new.of(new.body)
            yield TextChange(new.path, line, was, is_now, in_words)


def _compare_statements(
    pairs: Iterable[tuple[AnnotatedArticle | None, AnnotatedArticle | None]], base: Moment, head: Moment
) -> Iterator[StatementChange]:
    """Yield the articles and entries whose front matter or definition is not what it was."""
    for old, new in pairs:
        if old and new and (keys := changed_keys(old.article.front_matter, new.article.front_matter)):
            yield StatementChange(new.article.path, keys)
    for entity_id, entity in head.entities.items():
        before = base.entities.get(entity_id)
        if before and (keys := changed_keys(before, entity)):
            yield StatementChange(entity.path, keys)


def _compare_pages(base: Moment, head: Moment) -> Iterator[PlaceChange]:
    """Yield the pages of articles and entries that came, went or moved; all other pages follow from these."""
    olds, news = (
        {address(path) for path in moment.snapshot.files if is_article(path) or is_entry(path)}
        for moment in (base, head)
    )
    earlier, redirects = base.redirects, head.redirects
    arrived = set()
    for page in sorted(olds - news):
        if page in redirects:
            arrived.add(redirects[page])
            yield PlaceChange(Fate.MOVED, page, redirects[page])
        else:
            yield PlaceChange(Fate.GONE, page)
    for page in sorted(news - olds - arrived):
        yield PlaceChange(Fate.ADDED, page)
    for page, target in sorted(earlier.items()):
        now = redirects.get(page)
        if now is None and page not in news:
            yield PlaceChange(Fate.GONE, page)
        elif now not in {None, target, redirects.get(target)}:
            yield PlaceChange(Fate.MOVED, page, str(now))


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
