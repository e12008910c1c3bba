"""Mentions: every place in an article that may mean an entity of the glossary.

What is found is settled in space (no two finds overlap) but not in meaning: `link.entities` chooses.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from generator.annotate.fold import fold, is_whole_word, squeeze
from generator.annotate.masks import find_masks
from generator.annotate.overlaps import settle_overlaps
from generator.annotate.overrides import Occurrences
from generator.model import Candidate, Find, Span, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.annotate.gazetteer import Gazetteer
    from generator.issues import Issue
    from generator.model import Article, Override


def find_mentions(article: Article, gazetteer: Gazetteer) -> tuple[tuple[Find, ...], list[Issue]]:
    """Return the finds of an article, disjoint and sorted, and an issue for each override that matches nothing."""
    lines = _Lines(article)
    folded = fold(article.text)
    squeezed, places = squeeze(folded)
    occurrences = Occurrences(article, folded, lines.in_one_block)
    overrides = article.front_matter.overrides
    masked = _Mask(len(folded), find_masks(article.text))
    skipped = _Mask(len(folded), (span for override in overrides.skip for span in occurrences.of(override)))

    found: dict[Span, tuple[Candidate, ...]] = {}
    usable_for = cache(lambda pattern, capitals: _usable(gazetteer, pattern, article, capitals=capitals))
    for hit in gazetteer.find(squeezed):
        span = Span(places[hit.start], places[hit.end - 1] + 1)
        if not is_whole_word(folded, span.start, span.end) or not lines.in_one_block(span):
            continue
        if masked.touches(span) or skipped.forbids(span):
            continue
        usable = usable_for(hit.pattern, lines.in_capitals(span))
        if usable or gazetteer.is_stop(hit.pattern):
            found[span] = usable
    found |= _chosen(
        overrides.prefer, "prefer", occurrences, lambda span: masked.touches(span) or skipped.forbids(span)
    )
    found |= _chosen(overrides.link, "link", occurrences, lambda _: False)
    finds = (Find(span, span.of(article.text), candidates) for span, candidates in found.items())
    return tuple(find for find in settle_overlaps(finds) if find.candidates), occurrences.issues


def _usable(gazetteer: Gazetteer, pattern: int, article: Article, *, capitals: bool) -> tuple[Candidate, ...]:
    """Return the candidates of a pattern that need no word of the author."""
    candidates = gazetteer.candidates(pattern, article.front_matter.date, capitals=capitals)
    return tuple(candidate for candidate in candidates if candidate.strength is not Strength.WEAK)


def _chosen(
    overrides: Iterable[Override], rule: str, occurrences: Occurrences, forbidden: Callable[[Span], bool]
) -> dict[Span, tuple[Candidate, ...]]:
    """Return what the author's word makes of each span that it names."""
    return {
        span: (Candidate(override.entity_id, Strength.FULL, rule),)
        for override in overrides
        if override.entity_id is not None
        for span in occurrences.of(override)
        if not forbidden(span)
    }


class _Mask:
    """Stretches of a text in which nothing is found."""

    def __init__(self, length: int, spans: Iterable[Span]) -> None:
        self._flags = bytearray(length)
        for span in spans:
            self._flags[span.start : span.end] = b"\x01" * len(span)

    def touches(self, span: Span) -> bool:
        return self._flags.find(1, span.start, span.end) >= 0

    def forbids(self, span: Span) -> bool:
        """Tell whether a stretch reaches into a span; one that is only a part of it does no harm."""
        flags = self._flags
        if not self.touches(span):
            return False
        runs_in = span.start > 0 and bool(flags[span.start - 1] and flags[span.start])
        runs_out = span.end < len(flags) and bool(flags[span.end - 1] and flags[span.end])
        return runs_in or runs_out or flags.find(0, span.start, span.end) < 0


class _Lines:
    """Which block a span lies in, and whether its line is in capitals."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._spans = [block.span for block in article.blocks]
        self._starts = [span.start for span in self._spans]
        self._lines = [line for block in article.blocks for line in block.lines]
        self._line_starts = [line.start for line in self._lines]
        self._capitals: dict[int, bool] = {}

    def in_one_block(self, span: Span) -> bool:
        at = bisect_right(self._starts, span.start) - 1
        return at >= 0 and self._spans[at].covers(span)

    def in_capitals(self, span: Span) -> bool:
        at = bisect_right(self._line_starts, span.start) - 1
        if at not in self._capitals:
            self._capitals[at] = self._lines[at].of(self._text).isupper()
        return self._capitals[at]
