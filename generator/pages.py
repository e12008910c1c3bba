"""Pages: a saved web page gives the words of its article, marked as the page marks them, and what it says of itself.

Nothing here touches the network: bytes come in, values go out.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from generator.issues import ArchiveError, visible
from generator.read.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Edtf

MIN_WORDS = 40
"""Fewer are a stub before a paywall or a list of headlines; the shortest agency reports have some sixty."""
_SUFFIXES = (".html", ".htm", ".xhtml", ".xht")
# One way to read each byte: whatever an expression here may take in two ways, a hostile page repeats.
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*>")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<meta\s[^>]*?charset\s*=\s*(?:[\"']\s*)?([\w:.-]+)|<\?xml[^>]*encoding=[\"']([\w.-]+)", re.IGNORECASE
)
# <!-- saved from url=(0030)https://chronicle.example/eagle -->
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_HTML = re.compile(r"<html\b[^<>]*", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"\s(?:xml:)?lang\s*=\s*(?:[\"']\s*)?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)", re.IGNORECASE
)
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-16-le": "utf-8"}
"""What browsers read instead; a page whose `meta` can be read as ASCII is not in UTF-16."""
_NO_CHARSETS = {"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape"}
"""Python knows them; some take time that grows with the square of a text."""
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\0]")


class SavedPage(Struct, frozen=True):
    """What a web page holds of an article."""

    text: str
    """The words, a block a paragraph."""
    body: str
    """The same words with block marks."""
    title: str | None
    date: Edtf | None
    language: str | None
    byline: str | None
    site_name: str | None
    url: str | None


def looks_like_page(name: str, data: bytes) -> bool:
    """Tell whether a file is a web page: by its name, or because it begins as one."""
    return name.lower().endswith(_SUFFIXES) or _MARKUP.match(_without_comments(data[:4096])) is not None


def _without_comments(data: bytes) -> bytes:
    """Return what stands after a byte-order mark, an XML declaration and comments."""
    rest = data.removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(rest)
    rest = rest[declaration.end() if declaration else 0 :].lstrip()
    while rest.startswith(b"<!--"):
        rest = rest.partition(b"-->")[2].lstrip()
    return rest


def read_page(name: str, data: bytes, charset: str | None = None) -> SavedPage:
    """Return the article of a page.

    Args:
        name: the file, for messages.
        data: its bytes.
        charset: the encoding that a server named.

    Raises:
        ArchiveError: the page has no article that can be told from the rest, or its encoding is unknown.
    """
    # half a second: only an import of a page pays for it
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.metadata import Document  # noqa: PLC0415

    html = decode_page(name, data, charset)
    saved = _SAVED_FROM.search(html[:4096])
    found = bare_extraction(
        html, url=saved[1] if saved else None, include_comments=False, with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )  # fmt: skip
    blocks = list(_blocks(found.body)) if isinstance(found, Document) and found.body is not None else []
    if isinstance(found, Document) and found.title and blocks and blocks[0][1] == _line(found.title):
        del blocks[0]
    if not isinstance(found, Document) or sum(len(words.split()) for _, words in blocks) < MIN_WORDS:
        hint = "open it in a browser, copy the words of the article into a text file and import that"
        raise ArchiveError(f"no article was found in {visible(name)}: it may be a list, or cut off by a paywall", hint)
    languages = (_LANGUAGE.search(tag[0]) for tag in _HTML.finditer(html[:100_000]))
    language = next(filter(None, languages), None)
    return SavedPage(
        text="\n\n".join(words for _, words in blocks) + "\n",
        body="\n\n".join(mark + words for mark, words in blocks) + "\n",
        title=_line(found.title) or None,
        date=_date(found.date),
        language=language[1] if language else None,
        byline=_line(found.author) or None,
        site_name=_line(found.sitename) or None,
        url=found.url or (saved[1] if saved else None),
    )


_PARTING = frozenset({"lb", "cell", "row", "p", "item", "list", "quote", "head"})
"""What stands in a line or block of its own."""


def decode_page(name: str, data: bytes, charset: str | None = None) -> str:
    """Return the text of a page: by its byte-order mark, else the server's word, else its own, else UTF-8.

    Raises:
        ArchiveError: the bytes are not of that encoding.
    """
    bom = next((encoding for mark, encoding in _BOMS.items() if data.startswith(mark)), None)
    named = _CHARSET.search(data[:4096])
    said = bom or charset or (next(g for g in named.groups() if g).decode("ascii") if named else "utf-8")
    try:
        encoding = codecs.lookup(said).name
        if encoding in _NO_CHARSETS:
            raise LookupError("no page is written so")
        return data.decode(encoding if bom else _AS_BROWSERS.get(encoding, encoding))
    except (LookupError, ValueError) as error:  # an error of Unicode is a ValueError
        hint = "open it in a browser, save it again as UTF-8, or import its words as a text file"
        raise ArchiveError(visible(f"{name} cannot be read as {said}: {error}"), hint) from error


def _date(text: str | None) -> Edtf | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _line(text: str | None) -> str:
    """Return a text in one line, without what cannot be seen."""
    return " ".join(_INVISIBLE.sub("", text or "").split())


def _blocks(body: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml is not typed
    """Yield (mark, words) a block of trafilatura's tree: head, p, quote, list with item, table with row and cell."""
    for node in body:
        if node.tag == "list":
            yield from _items(node)
        elif node.tag == "quote" and node.find("p") is not None:
            yield from (("> ", words) for inner in node if (words := _words(inner)))
        elif node.tag == "table":
            yield from (("", words) for row in node.iter("row") if (words := _words(row)))
        elif words := _words(node):
            marks = {"head": "### " if node.get("rend") in {"h3", "h4", "h5", "h6"} else "## ", "quote": "> "}
            yield marks.get(node.tag, ""), words
        if tail := _line(node.tail):
            yield "", tail


def _items(listed: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
    """Yield the items of a list, each followed by those of the lists inside it."""
    for number, item in enumerate(listed, 1):
        mark = f"{number}. " if listed.get("rend") == "ol" else "- "
        words = [item.text or ""]
        for inner in item:
            if inner.tag != "list":
                apart = " " if inner.tag in _PARTING else ""
                words += [apart, *_pieces(inner), apart, inner.tail or ""]
                continue
            if line := _line("".join(words)):
                yield mark, line
                mark = ""
            yield from _items(inner)
            words = [inner.tail or ""]
        if line := _line("".join(words)):
            yield mark, line


def _words(node: Any) -> str:  # noqa: ANN401 - as above
    """Return the words of a node, each once; line breaks, cells and blocks part them."""
    return _line("".join(_pieces(node)))


def _pieces(node: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    yield node.text or ""
    for inner in node:
        apart = " " if inner.tag in _PARTING else ""
        yield apart
        yield from _pieces(inner)
        yield apart
        yield inner.tail or ""
