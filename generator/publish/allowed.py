"""Allowed: the tags, attributes and addresses that the content of a generated page may hold.

Escaping keeps the words of seeds words; this list is the second layer and holds on its own: whatever else appears in a page's
content stops the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTENT = "article.md-content__inner"
"""Material's element around a page's content."""

_TAGS = frozenset(
    {
        "a", "bdi", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
        "ol", "p", "pre", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "time", "tr", "ul",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "class", "data-archive", "data-entity", "data-source-text", "datetime", "dir", "href", "id", "lang", "rel", "start",
        "title", "type", "value",
    }
)  # fmt: skip


def unsafe_nodes(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield, for a page that was generated from seeds, each thing in its content that is not allowed there."""
    contents = tree.css(CONTENT)
    if len(contents) != 1:
        yield f"{len(contents)} elements match {CONTENT}; there must be one"
        return
    for node in contents[0].traverse():
        if node != contents[0]:
            yield from _unsafe(node)
    for script in tree.css("head title ~ title, body title"):
        yield f"a second <title> stands in the page: {script.text()!r}"


def _unsafe(node: LexborNode) -> Iterator[str]:
    tag = node.tag or ""
    if tag.startswith("-") or tag == "_comment":
        return
    if tag not in _TAGS:
        yield f"<{tag}> is not allowed in a page's content"
    for name, value in node.attributes.items():
        if name not in _ATTRIBUTES and not (name == "style" and (value or "").startswith("text-align:")):
            yield f"the attribute {name!r} of <{tag}> is not allowed in a page's content"
        if name == "href" and not _is_safe(value or ""):
            yield f"the address {value!r} is not allowed in a page's content"


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} or (not parts.scheme and not parts.netloc)
