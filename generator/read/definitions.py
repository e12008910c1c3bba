"""Definitions of entries: Markdown in which no HTML, attribute list or image takes effect.

What a definition may do to a page is decided here and nowhere else.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.config import MARKDOWN_EXTENSIONS
from generator.issues import Issue, Level, quote
from generator.read.schema import url_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown import Markdown

_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\](:?)")
MAX_LENGTH = 20_000
MAX_BRACKETS = 1_000
"""Python-Markdown is quadratic in brackets that do not close: 1,000 cost 0.4 s, 20,000 two minutes."""
MAX_DEPTH = 8
_NESTED = re.compile(rf"^[ \t]*(?:>[ \t]*|(?:[-+*]|[0-9]{{1,9}}\.)[ \t]+){{{MAX_DEPTH + 1}}}", re.MULTILINE)
"""Each mark costs Python-Markdown a few levels of recursion."""
_INERT = str.maketrans({"<": "&lt;", "{": "&#123;", "\x02": "", "\x03": ""})


class _Definition(Struct, frozen=True):
    """A definition and where it stands."""

    path: str
    text: str
    first_line: int

    def issue(self, offset: int, kind: str, message: str, hint: str) -> Issue:
        """Return an error at an offset of the text."""
        line = self.first_line + self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        return Issue(self.path, line, column, kind, Level.ERROR, message, hint)


def neutralise(definition: str) -> str:
    """Return the definition so that tags, attribute lists and images in it stay words.

    >>> neutralise("a <b> ![c](d){: .e}")
    'a &lt;b> &#33;[c](d)&#123;: .e}'
    """
    return definition.translate(_INERT).replace("![", "&#33;[")


def closed_markdown(**toc: object) -> Markdown:
    """Return the one closed Markdown, given settings of its table of contents.

    Its extensions are Python-Markdown's own. By their names alone they would be looked for in every package that is
    installed, which takes longer than to read a definition.
    """
    from markdown import Markdown  # noqa: PLC0415 - most definitions are read without it

    made = [
        import_module(f"markdown.extensions.{name}").makeExtension(**(toc if name == "toc" else {}))
        for name in MARKDOWN_EXTENSIONS
    ]
    return Markdown(extensions=made)


def check_definition(path: str, definition: str, first_line: int, sources: int) -> list[Issue]:
    """Return what is wrong with a definition: footnotes without a source, links that lead nowhere safe."""
    placed = _Definition(path, definition, first_line)
    return list(_excess(placed)) or [*_bad_footnotes(placed, sources), *_bad_links(placed)]


def _excess(definition: _Definition) -> Iterator[Issue]:
    """Yield what would keep Python-Markdown busy for minutes, or too deep in itself."""
    brackets = definition.text.count("[")
    if len(definition.text) > MAX_LENGTH or brackets > MAX_BRACKETS:
        message = (
            f"the definition has {len(definition.text):,} characters and {brackets:,} opening brackets; "
            f"{MAX_LENGTH:,} and {MAX_BRACKETS:,} are allowed"
        )
        yield definition.issue(0, "too-long", message, "shorten it")
    elif nested := _NESTED.search(definition.text):
        message = f"more than {MAX_DEPTH} levels of lists and quotations"
        yield definition.issue(nested.start(), "too-deep", message, "write fewer marks in this line")


def _bad_footnotes(definition: _Definition, sources: int) -> Iterator[Issue]:
    for found in _FOOTNOTE.finditer(definition.text):
        if found[2]:
            message = f"{quote(found[0])} defines a footnote of its own"
            hint = "list the source under 'sources' and cite it by its number"
            yield definition.issue(found.start(), "own-footnote", message, hint)
        elif not (found[1].isdecimal() and 1 <= int(found[1]) <= sources):
            have = f"there {'is' if sources == 1 else 'are'} {sources} under 'sources'"
            hint = "cite the first source as [^1], and add the source where it is missing"
            yield definition.issue(
                found.start(), "unknown-source", f"{quote(found[0])} cites no source: {have}", hint
            )


def _bad_links(definition: _Definition) -> Iterator[Issue]:
    for target in _link_targets(definition.text):
        fault = url_fault(target)
        if fault:
            offset = max(definition.text.find(target), 0)
            message = f"the link to {quote(target)} {fault}"
            yield definition.issue(offset, "unsafe-link", message, "link to a whole http or https address")


def _link_targets(definition: str) -> list[str]:
    """Return the addresses that a definition links to, as a browser would read them."""
    if "](" not in definition and "]:" not in definition:
        return []
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - see above

    html = closed_markdown().convert(neutralise(definition))
    return [link.attributes.get("href") or "" for link in LexborHTMLParser(html).css("a[href]")]
