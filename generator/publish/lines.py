"""Lines: the words and elements within a block as Markdown, and what of a page stays HTML in it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from generator.render.escape import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selectolax.lexbor import LexborNode

    To = Callable[[str], str]
    """Gives the Markdown file that an address of the HTML means."""

_INLINE = frozenset({"a", "bdi", "br", "code", "em", "span", "strong", "sub", "sup", "time"})
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LOST = re.compile(r"^[^\S \t\n\r\f\x85]+|[^\S \t\n\r\f\x85]+$|[\u2028\u2029]")
"""White space that Python-Markdown takes away around a block, or for the end of a line."""
_CONTROLS = [chr(code) for code in range(1, 0x20)]
_IN_TAGS = str.maketrans({char: f"&#{ord(char)};" for char in ["\\", *'`[]!<>"&|', *_CONTROLS]})
"""What Markdown reads before it sees a tag, and what would end one or a value in it."""
_IN_HTML = str.maketrans({char: f"&#{ord(char)};" for char in ["\\", *'<>"&{}`*_[]', *_CONTROLS] if char != "\n"})
_BLANK = re.compile("^ (?= *$)", re.MULTILINE)
"""Lines of spaces, which Markdown empties."""
_ADDRESS = re.compile(r"[\w/:.?=&~#+$,;@%-]+")
_NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_MARKS = {"em": "*", "strong": "**"}
_CODE = re.compile(r"[\w.,:;/=+-]+(?: [\w.,:;/=+-]+)*", re.ASCII)


class NoFormError(Exception):
    """Markdown has no form for this; the block around it stays HTML."""


def file_of(folder: str, address: str) -> str:
    """Return what a Markdown file in `folder` calls the page of an address.

    >>> file_of("articles/x", "../../glossary/y/#mentions"), file_of("glossary/y", "../..")
    ('../../glossary/y/index.md#mentions', '../../index.md')
    """
    path, mark, fragment = address.partition("#")
    if path and not path.startswith("/") and ":" not in path and (path.endswith("/") or not path.strip("./")):
        target = posixpath.normpath(posixpath.join("/", folder, path, "index.md"))
        path = posixpath.relpath(target, posixpath.join("/", folder))
    return f"{path}{mark}{fragment}"


def nodes_of(parent: LexborNode) -> list[LexborNode]:
    """Return texts and elements, without comments."""
    return [node for node in parent.iter(include_text=True) if not node.is_comment_node]


def is_blank(node: LexborNode) -> bool:
    """Tell whether a node is white space."""
    return node.is_text_node and not _SPACES.sub("", node.text_content or "")


def line_of(node: LexborNode, to: To) -> str:
    """Return the words of a block on one line.

    Raises:
        NoFormError: there is something among them that cannot stand in a line, or nothing at all.
    """
    line = words_of(nodes_of(node), to)
    if not line and node.tag not in {"td", "th"}:
        raise NoFormError
    return line


def words_of(nodes: list[LexborNode], to: To) -> str:
    """Return what stands in a line."""
    line = ""
    for node in nodes:
        at_start = node.is_text_node and not line.strip()
        line += str(escape_markdown(_text(node))) if at_start else _piece(node, to)
    return _LOST.sub(_reference, line.strip(" "))


def _reference(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found[0])


def _text(node: LexborNode) -> str:
    return _SPACES.sub(" ", node.text_content or "")


def _piece(node: LexborNode, to: To) -> str:
    """Return a text or an element within a line."""
    if node.is_text_node:
        return str(escape_markdown(f"x{_text(node)}"))[1:]  # in the middle of a line nothing begins
    tag, attributes = node.tag or "", node.attributes
    if tag not in _INLINE:
        raise NoFormError
    inner = "".join(_piece(child, to) for child in nodes_of(node))
    if tag == "code" and not attributes and _CODE.fullmatch(inner):
        return f"`{inner}`"
    if tag == "a" and inner.strip() and _has_form(attributes):
        address = to(attributes["href"] or "").replace("&", "&amp;")
        others = {name: value for name, value in attributes.items() if name != "href"}
        return with_attributes(f"[{inner}]({address})", others, "")
    if tag in _MARKS and not attributes and _may_be_marked(node, inner):
        return f"{_MARKS[tag]}{inner}{_MARKS[tag]}"
    return start_tag(node) if tag == "br" else f"{start_tag(node)}{inner}</{tag}>"


def _may_be_marked(node: LexborNode, inner: str) -> bool:
    """Tell whether marks around words are sure to be read as such."""
    beside = {other.tag for other in (node.prev, node.next) if other is not None}
    return inner == inner.strip() != "" and "*" not in inner and beside.isdisjoint(_MARKS)


def _has_form(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a link may be written as Markdown writes links."""
    return bool(_ADDRESS.fullmatch(attributes.get("href") or "")) and None not in attributes.values()


def with_attributes(text: str, attributes: Mapping[str, str | None], before: str) -> str:
    """Return Markdown with an attribute list behind it, if there is anything to list."""
    ordered = sorted(attributes, key=lambda name: (name != "id", name != "class"))
    listed = " ".join(_listed(name, attributes[name] or name) for name in ordered)
    return f"{text}{before}{{: {listed} }}" if listed else text


def _listed(name: str, value: str) -> str:
    names = value.split()
    if name == "id" and _NAME.fullmatch(value):
        return f"#{value}"
    if name == "class" and " ".join(names) == value and all(map(_NAME.fullmatch, names)):
        return " ".join(f".{one}" for one in names)
    return f'{name}="{escape_markdown(value)}"'


def start_tag(node: LexborNode, markdown: str = "") -> str:
    """Return a start tag; with the attribute `markdown` its values are read twice."""
    attributes = [
        name if value is None else f'{name}="{_twice(value, markdown).translate(_IN_TAGS)}"'
        for name, value in node.attributes.items()
    ]
    return f"<{' '.join(filter(None, [node.tag, *attributes, markdown]))}>"


def _twice(value: str, markdown: str) -> str:
    """Return a value as the second reading should find it."""
    return value.replace("&", "&#38;") if markdown else value


def _before(node: LexborNode) -> str:
    return "" if node.is_text_node or node.tag in _INLINE else "\n"


def html_of(node: LexborNode) -> str:
    """Return an element as HTML that Markdown leaves alone: it sees blocks only where a line begins with them."""
    if node.is_text_node:
        return _LOST.sub(_reference, (node.text_content or "").translate(_IN_HTML))
    if node.tag in {"br", "hr"}:
        return start_tag(node)
    inner = "".join(
        f"{_before(child)}{html_of(child)}"
        for child in nodes_of(node)
    )
    if node.tag == "pre":
        inner = "\n" + _BLANK.sub("&#32;", inner)
    return f"{start_tag(node)}{inner}</{node.tag}>"
