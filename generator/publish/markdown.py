"""Markdown: a page's content, which is HTML of a closed vocabulary, as Markdown that gives the same content again.

What Markdown has a form for is written in that form; the rest stays HTML, which is Markdown too. Which is which is
decided here; the form is that of config.MARKDOWN_EXTENSIONS.
"""

from __future__ import annotations

import posixpath
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from generator.publish.lines import (
    NoFormError,
    file_of,
    html_of,
    is_blank,
    line_of,
    nodes_of,
    start_tag,
    with_attributes,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from generator.publish.lines import To

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol")
_CONTAINERS = ("details", "div", "nav")
_ALONE = frozenset({*_LISTS, *_CONTAINERS, "blockquote", "dl", "hr", "p", "pre", "table"})
"""What Markdown leaves alone inside an element whose content is Markdown."""
_WITHOUT_ID = ", ".join(f"{tag}:not([id])" for tag in _HEADINGS)
"""Headings that it gives an id there."""
_APART = "<!-- -->"
"""What keeps two lists, or two quotations, from becoming one."""
_ALIGNED = {"archive-left": ":--", "archive-center": ":-:", "archive-right": "--:", None: "---"}


def markdown_of(html: str, src_uri: str) -> str:
    """Return a page's content as Markdown.

    Args:
        html: the content: what stands inside `allowed.CONTENT`.
        src_uri: where the Markdown will lie below docs_dir, e.g. `glossary/quneitra/index.md`.
    """
    body = LexborHTMLParser(html).body
    assert body is not None, "a parsed page has a body"
    to = partial(file_of, posixpath.dirname(src_uri))
    return "\n\n".join(_blocks(_children(body), to, outermost=True)) + "\n"


def _blocks(nodes: list[LexborNode], to: To, *, outermost: bool = False) -> Iterator[str]:
    """Yield blocks where any of them may stay HTML."""
    for before, node in zip([None, *nodes], nodes, strict=False):
        if before is not None and _would_join(before, node):
            yield _APART
        try:
            yield _block(node, to)
        except NoFormError:
            if not outermost and (node.tag not in _ALONE or node.css_first(_WITHOUT_ID) is not None):
                raise
            yield html_of(node)


def _would_join(before: LexborNode, node: LexborNode) -> bool:
    return node.tag == before.tag == "blockquote" or (node.tag in _LISTS and before.tag in _LISTS)


def _children(parent: LexborNode) -> list[LexborNode]:
    """Return the elements below a node that holds nothing else.

    Raises:
        NoFormError: it holds words of its own.
    """
    nodes = nodes_of(parent)
    if any(node.is_text_node and not is_blank(node) for node in nodes):
        raise NoFormError
    return [node for node in nodes if node.is_element_node]


def _block(node: LexborNode, to: To) -> str:
    """Return one block.

    Raises:
        NoFormError: it has none.
    """
    tag, attributes = node.tag or "", node.attributes
    if tag == "p":
        return with_attributes(line_of(node, to), attributes, "\n")
    if tag in _HEADINGS and "id" in attributes:  # without one, Markdown would make one
        return f"{'#' * int(tag[1])} {with_attributes(line_of(node, to), attributes, ' ')}"
    if tag in _CONTAINERS:
        return _container(node, to)
    if tag in {"blockquote", "hr", "table", *_LISTS} and not attributes:
        return _plain(node, to)
    raise NoFormError


def _container(node: LexborNode, to: To) -> str:
    """Return an element that stays HTML around Markdown."""
    if node.tag == "nav":
        return start_tag(node, 'markdown="span"') + line_of(node, to) + "</nav>"
    if node.first_child is None:
        return html_of(node)
    opened, blocks = start_tag(node, "markdown"), _children(node)
    if node.tag == "details":
        if not blocks or blocks[0].tag != "summary" or blocks[0].css_first("summary *"):
            raise NoFormError
        opened += f"\n{html_of(blocks.pop(0))}"
    return "\n\n".join([opened, *_blocks(blocks, to), f"</{node.tag}>"])


def _plain(node: LexborNode, to: To) -> str:
    """Return an element without attributes that Markdown has a form for; nothing in it can stay HTML."""
    if node.tag == "hr":
        return "---"
    if node.tag == "table":
        return "\n".join(_table(node, to))
    children = _children(node)
    if node.tag in _LISTS:
        return _list(children, "-" if node.tag == "ul" else "1.", to)
    known = all(child.tag in {"p", *_LISTS, *_HEADINGS} for child in children)
    if not children or not known or any(_would_join(*pair) for pair in pairwise(children)):
        raise NoFormError
    lines = "\n\n".join(_block(child, to) for child in children).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _list(items: list[LexborNode], mark: str, to: To) -> str:
    """Return a list: of lines, of lines with lists below them, or of paragraphs with or without such."""
    written = [_item(item, mark, to) for item in items]
    loose = {is_loose for _, is_loose in written}
    if len(loose) != 1 or (loose == {True} and len(items) == 1 and "\n\n" not in written[0][0]):
        raise NoFormError
    return ("\n\n" if loose == {True} else "\n").join(text for text, _ in written)


def _item(item: LexborNode, mark: str, to: To) -> tuple[str, bool]:
    """Return an item, and whether its words are a paragraph."""
    nodes = nodes_of(item)
    below = [node for node in nodes if node.tag in _LISTS]
    words = [node for node in nodes if node.tag not in _LISTS]
    full = [node for node in nodes if not is_blank(node)]
    if item.tag != "li" or not full or len(below) > 1 or (below and full[-1].tag not in _LISTS):
        raise NoFormError
    loose = full[0].tag == "p"
    line = line_of(full[0], to) if loose else words_of(words, to)
    if not line or (loose and len(full) != len(below) + 1) or (item.attributes and (loose or below)):
        raise NoFormError
    text = f"{mark} " + with_attributes(line, (full[0] if loose else item).attributes, "\n")
    for inner in below:
        if inner.attributes:
            raise NoFormError
        lines = _plain(inner, to).split("\n")
        if "" in lines:  # paragraphs in a list make those of the list around it
            raise NoFormError
        text += ("\n\n" if loose else "\n") + "\n".join(f"    {line}" for line in lines)
    return text, loose


def _table(node: LexborNode, to: To) -> Iterator[str]:
    """Yield the lines of a table that has one row of headings, and cells that are aligned as these are."""
    parts = _children(node)
    if [part.tag for part in parts] != ["thead", "tbody"]:
        raise NoFormError
    heads, rows = ([_children(row) for row in _children(part)] for part in parts)
    if len(heads) != 1 or not rows:
        raise NoFormError
    classes = [cell.attributes.get("class") for cell in heads[0]]
    for row in [heads[0], *rows]:
        if [cell.attributes for cell in row] != [{"class": name} if name else {} for name in classes]:
            raise NoFormError
        yield f"| {' | '.join(line_of(cell, to) for cell in row)} |"
        if row is heads[0]:
            if not {*classes} <= _ALIGNED.keys():
                raise NoFormError
            yield f"|{'|'.join(_ALIGNED[name] for name in classes)}|"
