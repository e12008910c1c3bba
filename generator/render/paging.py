"""Paging: long lists, cut into pages of bounded weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

LONGEST = 100
"""Items on a page of articles, entries or sentences."""


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """One page of a list."""

    uri: str
    number: int
    """From 1."""
    items: Sequence[T]
    uris: tuple[str, ...]
    """Of all pages of the list."""
    total: int
    """Items on all of them."""

    def titled(self, title: str) -> str:
        """Return the title of this page, given the list's."""
        return title if self.number == 1 else f"{title}, page {self.number}"


def paginate(items: Sequence[T], first: str, rest: str = "", most: int = LONGEST) -> Iterator[Leaf[T]]:
    """Yield the pages of a list, at least one.

    Args:
        items: the whole list.
        first: where the first page lies, below docs_dir.
        rest: the folder of the others, where it is not that of the first.
        most: items on a page.
    """
    folder = rest or first.removesuffix("/index.md")
    pages = range(2, -(-len(items) // most) + 1)
    uris = (first, *(f"{folder}/{number}/index.md" for number in pages))
    for number, uri in enumerate(uris, start=1):
        yield Leaf(uri, number, items[(number - 1) * most : number * most], uris, len(items))
