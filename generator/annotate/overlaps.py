"""Overlaps: which of several finds in one place survive. Decided here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Find


def settle_overlaps(finds: Iterable[Find]) -> tuple[Find, ...]:
    """Return disjoint finds, sorted: what the author links first, then the longest, then the leftmost.

    Every span may stand among `finds` once only.
    """
    ordered = sorted(finds, key=_precedence)
    taken = bytearray(max((find.span.end for find in ordered), default=0))
    kept: list[Find] = []
    for find in ordered:
        start, end = find.span.start, find.span.end
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * (end - start)
            kept.append(find)
    return tuple(sorted(kept, key=lambda find: find.span.start))


def _precedence(find: Find) -> tuple[bool, int, int]:
    linked_by_author = any(candidate.rule == "link" for candidate in find.candidates)
    return (not linked_by_author, -len(find.span), find.span.start)
