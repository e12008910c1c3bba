"""Verify: what must hold of a built site before anybody sees it, asserted on the HTML as a browser would read it.

Census: each seed has one page and each page one seed. Words: those of an article page, annotations taken away, are
the words of its seed. Links: every internal link and anchor leads somewhere. Safety: no tag, attribute or address
beyond an allow-list, and nothing that the page's own policy forbids.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser

from generator.publish.allowed import unsafe_nodes
from generator.publish.policy import breaches
from generator.read.blocks import words_without_marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from selectolax.lexbor import LexborNode

    from generator.model import Archive, Page


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be published."""

    page: str
    """Path of the file below the site."""
    message: str

    def __str__(self) -> str:
        return f"{self.page}: {self.message}"


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """What later checks need of a page, without its tree."""

    anchors: frozenset[str]
    links: tuple[str, ...]


def verify_site(site: Path, archive: Archive, pages: Iterable[Page]) -> list[Fault]:
    """Return everything that is wrong with a built site; an empty list means that it may be published.

    Args:
        site: the folder that MkDocs wrote.
        archive: what it was made from.
        pages: the pages that were handed to MkDocs.
    """
    generated = {f"{page.url}index.html": page for page in pages}
    expected = {f"articles/{a.article.id}/index.html": a.article for a in archive.articles}
    entries = {f"glossary/{entity_id}/index.html" for entity_id in archive.entities}
    redirects = {path for path, page in generated.items() if page.redirect}
    faults = list(_census(site, {*expected, *entries, *redirects}))
    read: dict[str, _ReadPage] = {}
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        html = file.read_bytes().decode("utf-8")
        tree = LexborHTMLParser(html)
        read[path] = _ReadPage(
            frozenset(id_ for node in tree.css("[id]") if (id_ := node.attributes.get("id"))), _links(tree)
        )
        faults += [Fault(path, message) for message in breaches(tree)]
        if path in generated:
            faults += [Fault(path, message) for message in unsafe_nodes(html, tree)]
            faults += _compare_description(path, tree, generated[path].description)
        if path in expected and not expected[path].front_matter.withdrawn:
            faults += _compare_words(path, tree, words_without_marks(expected[path].text))
    faults += _check_links(site, read)
    return faults


def _census(site: Path, expected: set[str]) -> Iterator[Fault]:
    """Each seed has exactly one page, each page exactly one seed."""
    indexes = {"articles/index.html", "glossary/index.html"}
    found = {
        file.relative_to(site).as_posix()
        for folder in ("articles", "glossary")
        for file in (site / folder).rglob("*.html")
    } - indexes
    yield from (Fault(path, "this page of a seed is missing") for path in sorted(expected - found))
    yield from (Fault(path, "this page has no seed") for path in sorted(found - expected))


def _compare_description(path: str, tree: LexborHTMLParser, wanted: str) -> Iterator[Fault]:
    """The description in the page's head, where its theme shows one, is the page's, and nothing broke out of it."""
    for node in tree.css("meta[name=description]"):
        if wanted and (node.attributes.get("content") or "").split() != wanted.split():
            yield Fault(path, "the description in the page's head is not the one that was given")


def _compare_words(path: str, tree: LexborHTMLParser, wanted: list[str]) -> Iterator[Fault]:
    """The visible words of the source text, annotations taken away, are those of the seed."""
    texts = tree.css("[data-source-text]")
    if len(texts) != 1:
        yield Fault(path, f"{len(texts)} elements carry data-source-text; there must be one")
        return
    shown = "".join(_text_outside_annotations(texts[0])).split()
    if shown != wanted:
        at = next(
            (n for n, (a, b) in enumerate(zip(shown, wanted, strict=False)) if a != b),
            min(len(shown), len(wanted)),
        )
        yield Fault(
            path,
            f"the text differs from its seed at word {at + 1}: "
            f"the page has {shown[at : at + 3]}, the seed {wanted[at : at + 3]}",
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


def _links(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Return the addresses within the site that a page names."""
    found = []
    for node in tree.css("[href], [src]"):
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc:
            found.append(address)
    return tuple(dict.fromkeys(found))


def _check_links(site: Path, read: dict[str, _ReadPage]) -> Iterator[Fault]:
    """Every internal link leads to a file, every fragment to an element."""
    files: dict[str, bool] = {}
    for path, page in read.items():
        if path == "404.html":
            continue  # its links begin at the host's root, which is known only where it is published
        for link in page.links:
            address, fragment = urldefrag(link)
            address = urlsplit(address).path
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
                if address
                else path
            )
            if address.endswith(("/", "/..")) or address in {".", ".."}:
                target = posixpath.join(target, "index.html").removeprefix("./")
            if target not in files:
                files[target] = target in read or (not target.startswith("..") and (site / target).is_file())
            if not files[target]:
                yield Fault(path, f"the link to {link!r} leads nowhere")
            elif (
                fragment
                and target in read
                and unquote(fragment) not in read[target].anchors
                and not fragment.startswith("__")
            ):
                yield Fault(path, f"the link to {link!r} names an anchor that is not there")
