"""Links: which places a page offers, which it needs, and which of these nobody offers.

A place is a file of the site, `glossary/x/index.html`, or an anchor in it, `glossary/x/index.html#mentions`. Eight
bytes stand for each, so that the pages of a site are compared without any of them in memory.
"""

from __future__ import annotations

import posixpath
import re
from array import array
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urldefrag, urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Set

    from selectolax.lexbor import LexborHTMLParser

_SIZE = 8
_AT_ONCE = 1_000_000
"""Needed places that are looked for at once: a set of as many numbers takes about 100 MB."""
_WITHOUT_PLACE = "404.html"
"""The page whose links begin at the host's root, which is known only where the site is published."""
_PLAIN = re.compile(r"((?:[A-Za-z0-9_-]+/)+)(?:#(?!__)([A-Za-z0-9_-]+))?")
"""A link from the root to a page or to an anchor in one, of which nothing has to be decoded or resolved."""
_NOWHERE = "the link to {!r} leads nowhere"
_NO_ANCHOR = "the link to {!r} names an anchor that is not there"


class Places(NamedTuple):
    """What a page says of places."""

    anchors: frozenset[str]
    """The names that its elements have."""
    links: tuple[str, ...]
    """The addresses within the site that it names, each once, as they stand there."""


class Verified(Struct, frozen=True):
    """What is known of one page, whatever the others are: it can be read without loading what verifies pages."""

    faults: tuple[str, ...]
    """What is wrong with it, in words."""
    offers: bytes
    """What stands for the page and its anchors; see `offers_of`."""
    needs: bytes
    """What stands for the places that its links lead to, besides anchors of its own."""


def places_of(tree: LexborHTMLParser) -> Places:
    """Return the places of a page."""
    anchors = frozenset(id_ for node in tree.css("[id]") if (id_ := node.attributes.get("id")))
    named = (node.attributes.get("href") or node.attributes.get("src") or "" for node in tree.css("[href], [src]"))
    return Places(anchors, tuple(dict.fromkeys(address for address in named if _is_internal(address))))


def _is_internal(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a host in half a bracket
        return False
    return not parts.scheme and not parts.netloc


def destination(path: str, link: str) -> tuple[str, str]:
    """Return the file that a link of a page leads to, and the anchor that must be there; an empty one need not.

    A fragment that begins with two underscores is the theme's, and one of a file that is no page is not looked for.

    >>> destination("glossary/x/index.html", "../y/#mentions"), destination("index.html", "about/")
    (('glossary/y/index.html', 'mentions'), ('about/index.html', ''))
    """
    address, fragment = urldefrag(link)
    address = urlsplit(address).path
    target = path
    if address:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
        if address.endswith(("/", "/..")) or address in {".", ".."}:
            target = posixpath.join(target, "index.html").removeprefix("./")
    return target, _anchor_in(fragment) if target.endswith(".html") else ""


def _anchor_in(fragment: str) -> str:
    """Return the anchor that a fragment, without its `#`, asks for."""
    return "" if fragment.startswith("__") else unquote(fragment)


def offers_of(path: str, anchors: Iterable[str]) -> bytes:
    """Return what stands for a page and its anchors: eight bytes a place, sorted."""
    page = blake2b(f"{path}#".encode(), digest_size=_SIZE)
    found = {_digest(path)}
    for anchor in anchors:
        place = page.copy()
        place.update(anchor.encode())
        found.add(place.digest())
    return b"".join(sorted(found))


def needs_of(path: str, links: Iterable[str]) -> bytes:
    """Return what stands for the places that a page's links lead to, besides its own: eight bytes a place, sorted."""
    if path == _WITHOUT_PLACE:
        return b""
    to_root = "../" * path.count("/")
    found = {
        _digest_from_root(link[len(to_root) :])
        if link.startswith(to_root)
        else _digest_of(*destination(path, link))
        for link in links
        if link[:1] != "#"
    }
    return b"".join(sorted(found))


@lru_cache(maxsize=1 << 16)
def _digest_from_root(link: str) -> bytes:
    """Return what stands for the destination of a link that begins at the site's root: most pages share theirs."""
    plain = _PLAIN.fullmatch(link)
    if plain:
        return _digest_of(f"{plain[1]}index.html", plain[2] or "")
    return _digest_of(*destination("index.html", link))


def _digest_of(target: str, anchor: str) -> bytes:
    return _digest(f"{target}#{anchor}" if anchor else target)


def _digest(place: str) -> bytes:
    return blake2b(place.encode(), digest_size=_SIZE).digest()


def dead_anchors(path: str, places: Places) -> Iterator[str]:
    """Yield what is wrong with a page's links to anchors of its own."""
    own = [link for link in places.links if link[:1] == "#"] if path != _WITHOUT_PLACE else []
    for link in own:
        if "%" in link or link[1:] not in places.anchors:
            anchor = _anchor_in(link[1:])
            if anchor and anchor not in places.anchors:
                yield _NO_ANCHOR.format(link)


def missing_places(
    needs: Iterable[bytes], offers: Collection[bytes], files: Iterable[str]
) -> set[int]:
    """Return the numbers of all places that are needed and that nobody offers.

    Args:
        needs: for each page what `needs_of` says.
        offers: for each page what `offers_of` says.
        files: paths of the files of the site that are no pages.
    """
    others = b"".join(map(_digest, files))
    missing: set[int] = set()
    for some in _batches(needs):
        for packed in chain(offers, [others]):
            some.difference_update(_numbers(packed))
        missing |= some
    return missing


def dead_links(
    path: str, links: Iterable[str], missing: Set[int], is_there: Callable[[str], bool]
) -> Iterator[str]:
    """Yield what is wrong with those of a page's links that lead to missing places.

    Args:
        path: the page's.
        links: all that it has.
        missing: see `missing_places`.
        is_there: tells whether a path is one of a file of the site.
    """
    for link in links:
        target, anchor = destination(path, link)
        if not link.startswith("#") and not missing.isdisjoint(_numbers(_digest_of(target, anchor))):
            yield (_NO_ANCHOR if is_there(target) else _NOWHERE).format(link)


def needs_any(needs: bytes, missing: Set[int]) -> bool:
    """Tell whether any of these places is needed, given what `needs_of` says."""
    return not missing.isdisjoint(_numbers(needs))


def _batches(needs: Iterable[bytes]) -> Iterator[set[int]]:
    some: set[int] = set()
    for packed in needs:
        some.update(_numbers(packed))
        if len(some) >= _AT_ONCE:
            yield some
            some = set()
    yield some


def _numbers(packed: bytes) -> array[int]:
    """Return the numbers that eight bytes each stand for."""
    found = array("Q")
    found.frombytes(packed)
    return found
