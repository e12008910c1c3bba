"""Definitions of entries: Markdown in which no HTML, attribute list or image takes effect.

What a definition may do to a page is decided here and nowhere else.
"""

from __future__ import annotations

import re

from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from generator.config import MARKDOWN_EXTENSIONS
from generator.issues import Issue, Level, quote
from generator.read.schema import url_fault

_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\](:?)")
MAX_LENGTH = 20_000
MAX_BRACKETS = 1_000
"""Python-Markdown is quadratic in brackets that do not close: 1,000 cost 0.4 s, 20,000 two minutes."""
MAX_DEPTH = 8
_NESTED = re.compile(rf"^[ \t]*(?:>[ \t]*|(?:[-+*]|[0-9]{{1,9}}\.)[ \t]+){{{MAX_DEPTH + 1}}}", re.MULTILINE)
"""Each mark costs Python-Markdown a few levels of recursion."""
_INERT = str.maketrans({"<": "&lt;", "{": "&#123;", "\x02": "", "\x03": ""})


def neutralise(definition: str) -> str:
    """Return the definition so that tags, attribute lists and images in it stay words.

    >>> neutralise("a <b> ![c](d){: .e}")
    'a &lt;b> &#33;[c](d)&#123;: .e}'
    """
    return definition.translate(_INERT).replace("![", "&#33;[")


def check_definition(path: str, definition: str, first_line: int, sources: int) -> list[Issue]:
    """Return what is wrong with a definition: footnotes without a source, links that lead nowhere safe."""
    issues: list[Issue] = []

    def add(offset: int, kind: str, message: str, hint: str) -> None:
        line = first_line + definition.count("\n", 0, offset)
        column = offset - (definition.rfind("\n", 0, offset) + 1) + 1
        issues.append(Issue(path, line, column, kind, Level.ERROR, message, hint))

    if len(definition) > MAX_LENGTH or definition.count("[") > MAX_BRACKETS:
        message = (
            f"the definition has {len(definition):,} characters and {definition.count('['):,} opening brackets; "
            f"{MAX_LENGTH:,} and {MAX_BRACKETS:,} are allowed"
        )
        add(0, "too-long", message, "shorten it")
        return issues
    nested = _NESTED.search(definition)
    if nested:
        add(nested.start(), "too-deep", f"more than {MAX_DEPTH} levels of lists and quotations", "write fewer marks in this line")
        return issues
    for found in _FOOTNOTE.finditer(definition):
        if found[2]:
            add(found.start(), "own-footnote", f"{quote(found[0])} defines a footnote of its own",
                "list the source under 'sources' and cite it by its number")
        elif not (found[1].isdecimal() and 1 <= int(found[1]) <= sources):
            have = f"there {'is' if sources == 1 else 'are'} {sources} under 'sources'"
            add(found.start(), "unknown-source", f"{quote(found[0])} cites no source: {have}",
                "cite the first source as [^1], and add the source where it is missing")
    for target in _link_targets(definition):
        fault = url_fault(target)
        if fault:
            offset = max(definition.find(target), 0)
            add(offset, "unsafe-link", f"the link to {quote(target)} {fault}", "link to a whole http or https address")
    return issues


def _link_targets(definition: str) -> list[str]:
    """Return the addresses that a definition links to, as a browser would read them."""
    if "](" not in definition and "]:" not in definition:
        return []
    html = Markdown(extensions=list(MARKDOWN_EXTENSIONS)).convert(neutralise(definition))
    return [link.attributes.get("href") or "" for link in LexborHTMLParser(html).css("a[href]")]
