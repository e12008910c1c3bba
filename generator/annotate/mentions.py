"""Mentions: every place in an article that may mean an entity of the glossary.

What is found is settled in space (no two finds overlap) but not in meaning: `link.entities` chooses.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from generator.annotate.fold import fold, is_whole_word
from generator.annotate.masks import find_masks
from generator.annotate.overlaps import settle_overlaps
from generator.annotate.overrides import Occurrences
from generator.model import Candidate, Find, Span, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.annotate.gazetteer import Gazetteer
    from generator.issues import Issue
    from generator.model import Article, Override


def find_mentions(article: Article, gazetteer: Gazetteer) -> tuple[tuple[Find, ...], list[Issue]]:
    """Return the finds of an article, disjoint and sorted, and an issue for each override that matches nothing."""
    lines = _Lines(article)
    folded = fold(article.text)
    occurrences = Occurrences(article, folded, lines.in_one_block)
    overrides = article.front_matter.overrides
    skipped = [span for override in overrides.skip for span in occurrences.of(override)]
    masked = _Mask(len(folded), [*find_masks(article.text), *skipped])

    found: dict[Span, tuple[Candidate, ...]] = {}
    for hit in gazetteer.find(folded):
        span = Span(hit.start, hit.end)
        if not is_whole_word(folded, hit.start, hit.end) or masked.touches(span) or not lines.in_one_block(span):
            continue
        candidates = gazetteer.candidates(
            hit.pattern, article.front_matter.date, capitals=lines.in_capitals(span)
        )
        usable = tuple(c for c in candidates if c.strength is not Strength.WEAK)
        if usable or gazetteer.is_stop(hit.pattern):
            found[span] = usable
    found |= _chosen(overrides.prefer, "prefer", occurrences, masked)
    found |= _chosen(overrides.link, "link", occurrences, _Mask(len(folded), ()))
    finds = (Find(span, span.of(article.text), candidates) for span, candidates in found.items())
    return tuple(find for find in settle_overlaps(finds) if find.candidates), occurrences.issues


def _chosen(
    overrides: Iterable[Override], rule: str, occurrences: Occurrences, masked: _Mask
) -> dict[Span, tuple[Candidate, ...]]:
    """Return what the author's word makes of each span that it names."""
    return {
        span: (Candidate(override.entity_id, Strength.FULL, rule),)
        for override in overrides
        if override.entity_id is not None
        for span in occurrences.of(override)
        if not masked.touches(span)
    }


class _Mask:
    """Stretches of a text in which nothing is found."""

    def __init__(self, length: int, spans: Iterable[Span]) -> None:
        self._flags = bytearray(length)
        for span in spans:
            self._flags[span.start : span.end] = b"\x01" * len(span)

    def touches(self, span: Span) -> bool:
        return self._flags.find(1, span.start, span.end) >= 0


class _Lines:
    """Which block a span lies in, and whether its line is in capitals."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._spans = [block.span for block in article.blocks]
        self._starts = [span.start for span in self._spans]
        self._capitals: dict[int, bool] = {}

    def in_one_block(self, span: Span) -> bool:
        at = bisect_right(self._starts, span.start) - 1
        return at >= 0 and self._spans[at].covers(span)

    def in_capitals(self, span: Span) -> bool:
        start = max(self._text.rfind(end, 0, span.start) for end in "\r\n") + 1
        if start not in self._capitals:
            ends = [at for end in "\r\n" if (at := self._text.find(end, span.end)) >= 0]
            line = self._text[start : min(ends, default=len(self._text))]
            self._capitals[start] = line.isupper()
        return self._capitals[start]
