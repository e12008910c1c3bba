"""Overlaps: which of several finds in one place survive. Decided here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Find


def settle_overlaps(finds: Iterable[Find]) -> tuple[Find, ...]:
    """Return disjoint finds, sorted: what the author links first, then the longest, then the leftmost.

    Every span may stand among `finds` once only.
    """
    kept: list[Find] = []
    for touching in _groups(sorted(finds, key=_start)):
        kept += touching if len(touching) == 1 else _settled(touching)
    return tuple(kept)


def _groups(finds: Iterable[Find]) -> Iterator[list[Find]]:
    """Yield the finds, sorted by their starts, in groups of which none overlaps another: most are of one."""
    group: list[Find] = []
    end = 0
    for find in finds:
        if group and find.span.start >= end:
            yield group
            group = []
        group.append(find)
        end = max(end, find.span.end)
    if group:
        yield group


def _settled(finds: list[Find]) -> list[Find]:
    """Return those that stay of some that overlap."""
    first = finds[0].span.start
    length = max(find.span.end for find in finds) - first
    best = min(finds, key=_precedence)
    if len(best.span) == length:  # as where a surname stands in a full name
        return [best]
    taken = bytearray(length)
    kept: list[Find] = []
    for find in sorted(finds, key=_precedence):
        start, end = find.span.start - first, find.span.end - first
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * (end - start)
            kept.append(find)
    return sorted(kept, key=_start)


def _start(find: Find) -> int:
    return find.span.start


def _precedence(find: Find) -> tuple[bool, int, int]:
    linked_by_author = any(candidate.rule == "link" for candidate in find.candidates)
    return (not linked_by_author, -len(find.span), find.span.start)
