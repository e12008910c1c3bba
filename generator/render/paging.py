"""Paging: long lists, cut into pages of bounded weight.

A list by name or by number is cut from its beginning. One that runs newest first is cut from its end: what is added
comes to its first page, and the further pages keep their numbers and their items for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

LONGEST = 100
"""Items on a page of articles, entries or sentences."""
NEAR = 2
"""Pages before and after a page to which its pager leads, besides the first and the last."""


class Step(Struct, frozen=True, array_like=True):
    """What a pager shows: a page to go to, the page itself, or a gap."""

    label: str
    address: str
    """Below the site's root; empty for a gap."""
    current: bool
    """Whether this is the page that the pager stands on."""


class Leaf(Struct, Generic[T], frozen=True, array_like=True):
    """One page of a list."""

    address: str
    """Below the site's root."""
    name: str
    """`page 2` or `part 7`; empty for the first page."""
    items: Sequence[T]
    pager: tuple[Step, ...]
    """Empty where the list has one page."""

    def titled(self, title: str) -> str:
        """Return the title of this page, given the list's."""
        return f"{title}, {self.name}" if self.name else title


def paginate(items: Sequence[T], first: str, rest: str = "", most: int = LONGEST) -> Iterator[Leaf[T]]:
    """Yield the pages of a list, at least one, cut from its beginning and numbered from 1.

    Args:
        items: the whole list.
        first: the address of the first page.
        rest: the folder of the others, where it is not that of the first.
        most: items on a page.
    """
    count = max(1, -(-len(items) // most))
    pages = [("1", first), *((f"{n}", f"{rest or first}{n}/") for n in range(2, count + 1))]
    for at, (number, address) in enumerate(pages):
        name = f"page {number}" if at else ""
        yield Leaf(address, name, items[at * most : (at + 1) * most], _pager(pages, at))


def paginate_newest_first(
    items: Sequence[T], first: str, rest: str = "", most: int = LONGEST
) -> Iterator[Leaf[T]]:
    """Yield the pages of a list that runs newest first, at least one, cut from its oldest item on.

    The first page has what is left over, and one part more where that is less than half a part. Part 1 is the oldest.

    Args:
        items: the whole list.
        first: the address of the page of the newest.
        rest: the folder of the parts, where it is not that of the first page.
        most: items in a part.
    """
    parts, newest = divmod(len(items), most)
    if parts and 2 * newest < most:
        parts, newest = parts - 1, newest + most
    pages = [("Newest", first), *((f"{n}", f"{rest or first}{n}/") for n in range(parts, 0, -1))]
    for at, (number, address) in enumerate(pages):
        name = f"part {number}" if at else ""
        start, end = (newest + (at - 1) * most, newest + at * most) if at else (0, newest)
        yield Leaf(address, name, items[start:end], _pager(pages, at))


def _pager(pages: list[tuple[str, str]], at: int) -> tuple[Step, ...]:
    """Return the pager of a page among (label, address): its neighbours, the first and the last, and gaps."""
    last = len(pages) - 1
    if not last:
        return ()
    shown = sorted({0, last, *range(max(0, at - NEAR - 1), min(last, at + NEAR + 1) + 1)})
    return tuple(
        Step("…", "", current=False)
        if abs(place - at) > NEAR and place not in {0, last}
        else Step(pages[place][0], pages[place][1], current=place == at)
        for place in shown
    )
