"""Allowed: the tags, attributes and addresses that a generated page may hold.

Escaping keeps the words of seeds words; this list is the second layer and holds on its own: whatever else
appears in a page's content stops the build, and so does, around the content, what only a value that broke out
could have put there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

CONTENT = "article.md-content__inner"
"""Material's element around a page's content."""

_CONTENT_SOURCE = re.compile(r'<article class="md-content__inner[^>]*>(.*)</article>', re.DOTALL)
"""The content as MkDocs wrote it, up to the last end tag: that one is the theme's."""
TAGS = frozenset(
    {
        "a", "bdi", "blockquote", "br",
        "code", "dd", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
        "h6", "hr", "li", "nav", "ol", "p", "pre", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
        "th", "thead", "time", "tr", "ul",
        "circle", "line", "path", "rect", "svg", "text",
    }
)  # fmt: skip
ATTRIBUTES = frozenset(
    {
        "aria-current", "aria-label",
        "class", "data-archive", "data-entity", "data-kind", "data-name", "data-search-exclude",
        "data-source-text", "datetime", "dir", "href", "id", "lang",
        "rel", "role", "scope", "start", "title", "type", "value",
        "cx", "cy", "d", "height", "r", "stroke-width", "text-anchor", "viewBox", "width", "x", "x1", "x2", "y", "y1",
        "y2",
    }
)  # fmt: skip
_NOWHERE = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "object", "portal"})
"""Tags that no part of a generated page holds."""
_FETCHED = frozenset({"audio", "img", "input", "script", "source", "track", "video"})
"""Tags whose `src` a browser fetches; it does so with the `href` of a `link`, too."""


def unsafe_nodes(html: str, tree: LexborHTMLParser) -> Iterator[str]:
    """Yield each thing that is not allowed in a page that was generated from seeds.

    Args:
        html: the page.
        tree: the same, parsed.
    """
    contents, source = tree.css(CONTENT), _CONTENT_SOURCE.search(html)
    if len(contents) != 1 or source is None:
        yield f"{len(contents)} elements match {CONTENT}; there must be one"
        return
    body = LexborHTMLParser(source[1]).body
    for node in body.css("body *") if body else ():
        yield from _unsafe(node)
    for node in tree.css("*"):
        yield from _unsafe_anywhere(node)
    if tree.css("head title ~ title, body title") or html.lower().count("</title") != 1:
        yield "a second <title>, or the end of one, stands in the page"
    for script in tree.css(".md-nav script, .md-ellipsis script"):
        yield f"a script stands in the navigation: {script.text()!r}"


def _unsafe(node: LexborNode) -> Iterator[str]:
    tag = node.tag or ""
    if tag.startswith("-") or tag == "_comment":
        return
    if tag not in TAGS:
        yield f"<{tag}> is not allowed in a page's content"
    for name, value in node.attributes.items():
        if name not in ATTRIBUTES:
            yield f"the attribute {name!r} of <{tag}> is not allowed in a page's content"
        if name == "href" and not _is_safe(value or ""):
            yield f"the address {value!r} is not allowed in a page's content"


def _unsafe_anywhere(node: LexborNode) -> Iterator[str]:
    tag = node.tag or ""
    if tag in _NOWHERE:
        yield f"<{tag}> is not allowed anywhere"
    for name, value in node.attributes.items():
        if name.startswith("on"):
            yield f"the attribute {name!r} of <{tag}> is not allowed anywhere"
        if name in {"href", "src", "action", "formaction", "xlink:href"} and not _is_safe(value or ""):
            yield f"the address {value!r} is not allowed anywhere"
        if (name == "src" and tag in _FETCHED) or (name == "href" and tag == "link"):
            fetched = urlsplit((value or "").strip())
            if fetched.netloc and node.attributes.get("rel") != "canonical":
                yield f"{value!r} would be fetched from another host"


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} or (not parts.scheme and not parts.netloc)
