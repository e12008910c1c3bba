"""Shells: what the theme puts around the content of a page, in pieces, with marks where the page's own words belong."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from markupsafe import escape
from msgspec import Struct

from generator.publish.front_matter import page_meta

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from generator.model import Page

TITLE, DESCRIPTION, PATH, REDIRECT, CONTENT, OUTLINE, TOP = (
    f"archive{hole}hole" for hole in ("title", "description", "path", "redirect", "content", "outline", "top")
)
"""Marks: words that no escaping changes."""
MARKS = re.compile(f"{TITLE}|{DESCRIPTION}|{PATH}|{REDIRECT}|{CONTENT}|{OUTLINE}|{TOP}")
_HEADING = re.compile(r'<h([23])\b(?=[^>]*\sid="([^"]*)")[^>]*>(.*?)</h\1>', re.DOTALL)
_TOP = re.compile(r'<h1\b(?:[^>]*\sid="([^"]*)")?')
_TAG = re.compile(r"<[^>]*>")


class Kind(NamedTuple):
    """Of what the pages of one shell are alike."""

    section: str
    """The first folder of their addresses, or the whole `src_uri` of a page in the navigation, which is alone."""
    depth: int
    """Folders below that."""
    language: str | None
    is_redirect: bool
    is_described: bool


def kind_of(page: Page, listed: Collection[str]) -> Kind:
    """Return the kind of a page; `listed` are the `src_uri` of the pages in the navigation."""
    said = page.language, bool(page.redirect), bool(page.description)
    if page.src_uri in listed:
        return Kind(page.src_uri, 0, *said)
    section, *deeper = page.src_uri.removesuffix("/index.md").split("/")
    return Kind(section, len(deeper), *said)


class Heading(NamedTuple):
    """A heading of a page, as its outline lists it."""

    level: int
    """2 or 3."""
    anchor: str
    title: str
    """Escaped."""


class Shell(Struct, frozen=True):
    """A page of the theme in pieces: its words, and after each of them the mark of what follows, or nothing."""

    plain: tuple[tuple[str, str], ...]
    """Of a page without headings."""
    outlined: tuple[tuple[str, str], ...]
    between: str
    """What stands between the headings of an outline."""
    leaf: str
    """A heading in it, its title and anchor marked."""
    branch: tuple[str, str, str]
    """One with headings below it: what stands before, between and after these."""


class Filled(NamedTuple):
    """A page of the theme with a page's own words."""

    pieces: tuple[tuple[str, str], ...]
    """Of its shell."""
    words: Mapping[str, str]
    """What takes the place of each mark."""

    @property
    def html(self) -> str:
        """The whole page."""
        return "".join([part for text, mark in self.pieces for part in (text, self.words[mark])])


def fill(shell: Shell, page: Page, content: str) -> Filled:
    """Return a whole page: the shell with the page's own words."""
    headings = headings_of(content)
    meta = page_meta(page)
    content, top = with_title(content, str(meta["title"]))
    words = {
        TITLE: str(meta["title"]),
        DESCRIPTION: str(meta.get("description", "")),
        PATH: quote(page.url.partition("/")[2].rstrip("/")),
        REDIRECT: str(escape(page.redirect or "")),
        CONTENT: content,
        OUTLINE: _outline(shell.between, shell.leaf, shell.branch, tuple(headings)),
        TOP: top,
        "": "",
    }
    return Filled(shell.outlined if headings else shell.plain, words)


def with_title(content: str, title: str) -> tuple[str, str]:
    """Return the content of a page with a title that links can lead to, and the anchor of that.

    Args:
        content: HTML, of a template that may have forgotten either.
        title: escaped.
    """
    found = _TOP.search(content)
    if found is None:
        return f'<h1 id="page-title">{title}</h1>\n{content}', "page-title"
    if found[1] is None:
        return f'{content[: found.end()]} id="page-title"{content[found.end() :]}', "page-title"
    return content, found[1]


def headings_of(content: str) -> list[Heading]:
    """Return the headings that the outline of a page lists, given the HTML of its content."""
    return [_heading(*found) for found in _HEADING.findall(content)]


@lru_cache(maxsize=1000)
def _heading(level: str, anchor: str, inner: str) -> Heading:
    return Heading(int(level), anchor, str(escape(" ".join(unescape(_TAG.sub("", inner)).split()))))


def nested(headings: Sequence[Heading]) -> list[tuple[Heading, list[Heading]]]:
    """Return the headings of the second level, each with those below it; a third one without a second stands alone."""
    found: list[tuple[Heading, list[Heading]]] = []
    for heading in headings:
        if found and heading.level > found[-1][0].level:
            found[-1][1].append(heading)
        else:
            found.append((heading, []))
    return found


@lru_cache(maxsize=1000)
def _outline(between: str, leaf: str, branch: tuple[str, str, str], headings: tuple[Heading, ...]) -> str:
    """Return the outline of a page: many have the same headings."""

    def named(text: str, heading: Heading) -> str:
        return text.replace(PATH, heading.anchor).replace(TITLE, heading.title)

    before, between_leaves, after = branch
    items = []
    for heading, below in nested(headings):
        leaves = between_leaves.join(named(leaf, one) for one in below)
        items.append(named(before, heading) + leaves + named(after, heading) if below else named(leaf, heading))
    return between.join(items)


def pieces_of(html: str, rest: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a rendered page, each with the mark after it; nothing follows the last ones."""
    html = html.replace(rest, PATH) if rest else html
    words = MARKS.split(html)
    return tuple(zip(words, [*MARKS.findall(html), ""], strict=True))
