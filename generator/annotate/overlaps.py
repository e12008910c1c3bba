"""Overlaps: which of several finds in one place survive. Decided here and nowhere else."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Find


def settle_overlaps(finds: Iterable[Find]) -> tuple[Find, ...]:
    """Return disjoint finds, sorted: what the author links first, then the longest, then the leftmost.

    Every span may stand among `finds` once only.
    """
    kept: list[Find] = []
    starts: list[int] = []
    for find in sorted(finds, key=_precedence):
        at = bisect_left(starts, find.span.start)
        free_before = at == 0 or kept[at - 1].span.end <= find.span.start
        free_after = at == len(kept) or find.span.end <= kept[at].span.start
        if free_before and free_after:
            kept.insert(at, find)
            starts.insert(at, find.span.start)
    return tuple(kept)


def _precedence(find: Find) -> tuple[bool, int, int]:
    linked_by_author = any(candidate.rule == "link" for candidate in find.candidates)
    return (not linked_by_author, -len(find.span), find.span.start)
