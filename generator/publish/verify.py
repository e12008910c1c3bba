"""Verify: what must hold of a built site before anybody sees it, asserted on the HTML as a browser would read it.

Of each page by itself: its words, annotations taken away, are those of its seed; no tag, attribute or address is
beyond an allow-list; nothing in it is what its own policy forbids. Of all pages together: each seed has one page and
each page one seed, and every internal link and anchor leads somewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from generator.publish.allowed import unsafe_nodes
from generator.publish.links import (
    Verified,
    dead_anchors,
    dead_links,
    missing_places,
    needs_any,
    needs_of,
    offers_of,
    places_of,
)
from generator.publish.policy import breaches
from generator.publish.strict import read_strictly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set

    from selectolax.lexbor import LexborNode

    from generator.publish.shells import Filled


class Fault(Struct, frozen=True):
    """Something that must not be published."""

    page: str
    """Path of the file below the site."""
    message: str

    def __str__(self) -> str:
        return f"{self.page}: {self.message}"


class Expected(Struct, frozen=True):
    """What a page must show."""

    generated: bool
    """Whether it was made from seeds: then it may hold only what is allowed."""
    description: str = ""
    """Plain text; empty where none was given."""
    words: tuple[str, ...] | None = None
    """Those of the source text; None where the page has none to show."""


def verify_page(path: str, made: str | Filled, expected: Expected) -> Verified:
    """Return what is wrong with a page by itself, and what verify_links must know of it.

    Args:
        path: of its file below the site.
        made: its text.
        expected: what it must show.
    """
    faults: list[str] = []
    places = read_strictly(made, expected.description, expected.words) if expected.generated else None
    if places is None:
        html = made if isinstance(made, str) else made.html
        tree = LexborHTMLParser(html)
        places = places_of(tree)
        faults += verify_tree(html, tree, expected)
    faults += dead_anchors(path, places)
    return Verified(tuple(faults), offers_of(path, places.anchors), needs_of(path, places.links))


def verify_census(paths: Iterable[str], expected: Set[str]) -> Iterator[Fault]:
    """Yield a fault for each seed without a page, and for each page of articles/ or glossary/ without a seed.

    Args:
        paths: of all pages of the site.
        expected: paths of the pages that seeds have: articles, entries, and addresses they had before.
    """
    indexes = {"articles/index.html", "glossary/index.html"}
    found = {path for path in paths if path.startswith(("articles/", "glossary/"))} - indexes
    yield from (Fault(path, "this page of a seed is missing") for path in sorted(expected - found))
    yield from (Fault(path, "this page has no seed") for path in sorted(found - expected))


def verify_links(
    pages: Mapping[str, Verified], files: Collection[str], html_of: Callable[[str], str]
) -> Iterator[Fault]:
    """Yield a fault for each link that leads nowhere, or to an anchor that is not there.

    Args:
        pages: what is known of every page, by its path.
        files: paths of all other files of the site.
        html_of: gives the text of a page, which is asked for where a link of it is dead.
    """
    missing = missing_places(
        (page.needs for page in pages.values()), [page.offers for page in pages.values()], files
    )
    for path, page in pages.items():
        if needs_any(page.needs, missing):
            links = places_of(LexborHTMLParser(html_of(path))).links
            messages = dead_links(path, links, missing, lambda target: target in pages or target in files)
            yield from (Fault(path, message) for message in messages)


def verify_tree(html: str, tree: LexborHTMLParser, expected: Expected) -> Iterator[str]:
    """Yield what is wrong with a page by itself, its links left out.

    Args:
        html: the page.
        tree: the same, parsed.
        expected: what it must show.
    """
    yield from breaches(tree)
    if expected.generated:
        yield from unsafe_nodes(html, tree)
        yield from _compare_description(tree, expected.description)
    if expected.words is not None:
        yield from _compare_words(tree, expected.words)


def _compare_description(tree: LexborHTMLParser, wanted: str) -> Iterator[str]:
    """The description in the page's head, where its theme shows one, is the page's, and nothing broke out of it."""
    for node in tree.css("meta[name=description]"):
        if wanted and (node.attributes.get("content") or "").split() != wanted.split():
            yield "the description in the page's head is not the one that was given"


def _compare_words(tree: LexborHTMLParser, words: tuple[str, ...]) -> Iterator[str]:
    """The visible words of the source text, annotations taken away, are those of the seed."""
    texts = tree.css("[data-source-text]")
    if len(texts) != 1:
        yield f"{len(texts)} elements carry data-source-text; there must be one"
        return
    shown, wanted = "".join(_text_outside_annotations(texts[0])).split(), list(words)
    if shown != wanted:
        at = next(
            (n for n, (a, b) in enumerate(zip(shown, wanted, strict=False)) if a != b),
            min(len(shown), len(wanted)),
        )
        yield (
            f"the text differs from its seed at word {at + 1}: "
            f"the page has {shown[at : at + 3]}, the seed {wanted[at : at + 3]}"
        )


def _text_outside_annotations(node: LexborNode) -> Iterator[str]:
    """Yield the texts below a node, without those of elements that carry data-archive."""
    for found in node.traverse(include_text=True):
        if found.is_text_node and not _inside_annotation(found, node):
            yield found.text_content or ""


def _inside_annotation(node: LexborNode, top: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != top.mem_id:  # `==` compares their whole HTML
        if "data-archive" in parent.attributes:
            return True
        parent = parent.parent
    return False
