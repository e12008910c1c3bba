"""Alignment: where a stretch of a text lies in a later form of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct

from generator.model import Span

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
MAX_WORK = 20_000_000
"""Equal tokens of two texts, counted pair by pair, times the tokens of the shorter one: difflib may look at all pairs
again for each run that it finds. So much takes it some seconds, and the words of a long paragraph are a hundredth."""


class Alignment(Struct, frozen=True):
    """The stretches that two texts have in common, in order."""

    blocks: tuple[tuple[int, int, int], ...]
    """(start in the old text, start in the new one, length), in code points."""

    def new_span(self, span: Span) -> Span | None:
        """Return where the words of a span of the old text stand in the new one; None where they do not."""
        at = bisect_right(self.blocks, span.start, key=lambda block: block[0]) - 1
        if at < 0:
            return None
        old, new, length = self.blocks[at]
        return Span(span.start - old + new, span.end - old + new) if span.end <= old + length else None


class Difference(Struct, frozen=True):
    """A stretch in which two texts differ; one of the two may be empty."""

    old: Span
    new: Span


@lru_cache(maxsize=1024)
def align(old: str, new: str) -> Alignment:
    """Return how two texts lie on each other: line by line, and where lines differ, word by word.

    What differs too much to be compared in a moment has nothing in common but how it begins and ends.
    """
    blocks = _runs(old, new, _LINE)
    for gap in differences(Alignment(tuple(blocks)), old, new):
        runs = _runs(gap.old.of(old), gap.new.of(new), _WORD)
        blocks += [(gap.old.start + a, gap.new.start + b, length) for a, b, length in runs]
    joined: list[tuple[int, int, int]] = []
    for a, b, length in sorted(blocks):
        if joined and (a, b) == (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]):
            a, b, length = joined[-1][0], joined[-1][1], joined.pop()[2] + length  # noqa: PLW2901 - one block goes on
        joined.append((a, b, length))
    return Alignment(tuple(joined))


def differences(alignment: Alignment, old: str, new: str) -> list[Difference]:
    """Return the stretches between those that two texts have in common."""
    found, old_end, new_end = [], 0, 0
    for old_start, new_start, length in (*alignment.blocks, (len(old), len(new), 0)):
        if old_start > old_end or new_start > new_end:
            found.append(Difference(Span(old_end, old_start), Span(new_end, new_start)))
        old_end, new_end = old_start + length, new_start + length
    return found


def _runs(old: str, new: str, token: re.Pattern[str]) -> list[tuple[int, int, int]]:
    """Return (start, start, length), in code points, of the runs of tokens that both texts have."""
    olds, news = token.findall(old), token.findall(new)
    old_at, new_at = [0, *accumulate(map(len, olds))], [0, *accumulate(map(len, news))]
    runs = _matches(olds, news)
    return [(old_at[a], new_at[b], old_at[a + size] - old_at[a]) for a, b, size in runs if size]


def _matches(olds: list[str], news: list[str]) -> list[tuple[int, int, int]]:
    """Return (place, place, length) of the runs of tokens that both have."""
    shorter = min(len(olds), len(news))
    pairs = list(zip(olds, news, strict=False))
    start = next((n for n, (one, other) in enumerate(pairs) if one != other), shorter)
    ends = zip(reversed(olds[start:]), reversed(news[start:]), strict=False)
    end = next((n for n, (one, other) in enumerate(ends) if one != other), shorter - start)
    middle_old, middle_new = olds[start : len(olds) - end], news[start : len(news) - end]
    inner: list[tuple[int, int, int]] = []
    if middle_old and middle_new and _work(middle_old, middle_new) <= MAX_WORK:
        matcher = SequenceMatcher(str.isspace, middle_old, middle_new, autojunk=False)
        inner = [(start + m.a, start + m.b, m.size) for m in matcher.get_matching_blocks()]
    return [(0, 0, start), *inner, (len(olds) - end, len(news) - end, end)]


def _work(olds: list[str], news: list[str]) -> int:
    """Return how much difflib may have to do at worst."""
    counts = Counter(token for token in olds if not token.isspace())
    pairs = sum(counts[token] * count for token, count in Counter(news).items())
    return pairs * min(len(olds), len(news))
