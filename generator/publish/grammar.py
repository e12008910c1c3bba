"""Grammar: how a page is written of which its source alone tells that it is sound: see strict.py.

Names in lower case, values in double quotes, brackets around tags only: what is written so means to every reader of
HTML just what stands there. The patterns never go back in what they have read, so none takes long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.publish.allowed import ATTRIBUTES, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

OPENED, CLOSED = '<article class="md-content__inner md-typeset">', "</article>"
"""What stands around a page's content; see `allowed.CONTENT`."""


def _one_of(names: Iterable[str]) -> str:
    return f"(?:{'|'.join(names)})"


def _units(*units: str) -> str:
    """Return a pattern of these with texts between them."""
    return rf"{_TEXT}(?:{_one_of(units)}{_TEXT})*+"


# An address without a colon has no scheme, and a host of these characters means one thing only. A value that ended
# with `=` could make what follows it look like an attribute.
_TEXT = r"[^<]*+"
_WORD = r"a-zA-Z0-9_\w"  # what most letters are is asked first
_VALUE = r'="[^"<>]*(?<!=)"'
_ID = r'id="[^"<>&\s\0]+(?<!=)"'
_LOCAL = rf"(?!//)[{_WORD}./#?%~+@!,;=-]*(?<!=)"
_WEB = r'https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][^"<>\s]*)?(?<!=)'

# Content: `<p id="p-1">`, `</p>`, a whole drawing, what separates two lists. No class is one of the theme's.
_CLASS = rf'class="(?:(?!md-)[{_WORD}-]++ ?)*+"'
_HREF_VALUE = f'="(?:{_LOCAL}|{_WEB})"'
_PLAIN = sorted(ATTRIBUTES - {"class", "href", "id", "viewBox", "data-archive", "data-source-text"}, reverse=True)
_ATTRIBUTES = f"(?: {_one_of([f'href{_HREF_VALUE}', _CLASS, _ID, rf'{_one_of(_PLAIN)}(?:{_VALUE})?'])})*+"
_DRAWN = ("path", "rect", "line", "circle", "text")
_OF_TABLES = ("table", "thead", "tbody", "tr", "td", "th")
_OFTEN = ("a", "span", "li", "bdi", "p", "ul", "time", "div")
_ELEMENT = _one_of([*_OFTEN, *sorted(TAGS - {"svg", *_DRAWN, *_OF_TABLES, *_OFTEN}, reverse=True)])
CONTENT = re.compile(
    _units(
        f"</{_ELEMENT}>",
        f"<{_ELEMENT}{_ATTRIBUTES}(?: /)?>",
        # outside a table they are not there at all, so nothing may lead to them or away
        rf'</{_one_of(_OF_TABLES)}>|<{_one_of(_OF_TABLES)}(?: class="archive-[a-z]+"| scope="[a-z]+")*+>',
        rf'<svg(?: viewBox="[\d. -]*")?{_ATTRIBUTES}>'
        rf"{_units(f'</{_one_of(_DRAWN)}>', f'<{_one_of(_DRAWN)}{_ATTRIBUTES} ?/?>')}</svg>",
        "<!-- -->",
    )
)

# The source text: blocks of words, in which links, spans and foreign words stand, and what the archive added. Which end
# tag closes which element within a block is asked apart: to ask it here takes a pattern four times as long.
_ADDED = rf'<(?:a class="noteref" data-archive{_ATTRIBUTES}>{_TEXT}</a|span data-archive{_ATTRIBUTES}>{_TEXT}</span)>'
_STARTS = _one_of(['a class="noteref" data-archive', "span data-archive", "a", "span", "bdi"])
_INLINE = _units(f"<{_STARTS}{_ATTRIBUTES}>{_TEXT}</{_one_of(['a', 'span', 'bdi'])}>")
MISMATCHED = re.compile(rf"<(a|span|bdi)\b[^<>]*>{_TEXT}</(?!\1>)")
_PARAGRAPHS = rf"\s*(?:<p{_ATTRIBUTES}>{_INLINE}</p>\s*)*+"
_ITEMS = rf"\s*(?:<li{_ATTRIBUTES}>(?:{_INLINE}|{_PARAGRAPHS})</li>\s*)*+"
SOURCE_TEXT = re.compile(
    rf'<div(?: class="archive-source")? data-source-text(?:="data-source-text")?{_ATTRIBUTES}>'
    rf"(\s*(?:(?:<p{_ATTRIBUTES}>{_INLINE}</p>|<h2{_ATTRIBUTES}>{_INLINE}</h2>|<h3{_ATTRIBUTES}>{_INLINE}</h3>"
    rf"|<ul>{_ITEMS}</ul>|<ol>{_ITEMS}</ol>|<blockquote>{_PARAGRAPHS}</blockquote>|<!-- -->)\s*)*+)</div>"
)
NO_WORDS = re.compile(rf"{_ADDED}|<[^<>]*>")
ODD_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|#x27|#3[2-9]|#[4-9][0-9]|#1[01][0-9]|#12[0-6]);)")

# Around the content: tags of the theme, its icons, and elements that only their whole form makes harmless.
_SHELL_ELEMENTS = (
    *("a", "br", "button", "div", "footer", "form", "header", "hr", "img", "input"),
    *("label", "li", "main", "nav", "ol", "p", "span", "ul"),
)
_SHELL_ATTRIBUTE = _one_of(
    [
        r'class="(?:(?!md-(?:nav|ellipsis)[ "])[\w-]++ ?)*+"',
        _ID,
        f'(?:href|src|action)="{_LOCAL}"',
        r"(?!on|style|src|href|action|formaction|class|id\b|data-archive|data-source)"
        rf"(?:viewBox|[a-z]+(?:-[a-z0-9]+)*)(?:{_VALUE})?",
    ]
)
_SHELL_ATTRIBUTES = f"(?: +{_SHELL_ATTRIBUTE})*+"
POLICY_NAME = "Content-Security-Policy"
POLICY = re.compile(rf'<meta http-equiv="{POLICY_NAME}" content="([^"<>]*)">')
DESCRIPTION = re.compile(r'<meta name="description" content="([^"<>]*)">')
SHELL = re.compile(
    _units(
        f"</{_one_of(_SHELL_ELEMENTS)}>",
        f"<{_one_of(_SHELL_ELEMENTS)}{_SHELL_ATTRIBUTES} *>",
        rf'<nav class="md-nav[\w -]*"{_SHELL_ATTRIBUTES} *>',
        '<span class="md-ellipsis">',
        rf'<a href="{_WEB}"{_SHELL_ATTRIBUTES}>',
        rf'<link rel="canonical" href="{_WEB}">',
        rf"<link{_SHELL_ATTRIBUTES}>",
        rf"<svg{_SHELL_ATTRIBUTES}>(?:<(?:path|circle|rect){_SHELL_ATTRIBUTES} ?/>)*+</svg>",
        rf'<meta (?:name|http-equiv)="(?!description|content-sec)[a-z-]+" content{_VALUE}>',
        '<meta charset="utf-8">',
        POLICY.pattern,
        DESCRIPTION.pattern,
        rf"<title>{_TEXT}</title>",
        r'<!doctype html>|<html(?: (?:lang|class)="[\w-]*")*+>|<head>|</head>|</body>|</html>',
        rf'<body dir="[a-z]+"(?: data-md-color-[a-z]+{_VALUE})*+>',
    )
)
SCRIPT = re.compile(
    rf'<script((?: (?:id|type)="[a-z_/]+")*)(?: src="({_LOCAL})")?>([^<]*+(?:<(?!!--|/script)[^<]*+)*+)</script>'
)
RUN, NOT_RUN = {"", ' type="module"'}, {' id="__config" type="application/json"'}
HEAD = re.compile(r"\s*<!doctype html>\s*<html[^<>]*>\s*<head>\s*(?:<(?:meta|link)[^<>]*>\s*)*+<title>")
NAV, FORM = re.compile(r"</?nav\b"), re.compile(r"</?form\b")
ONLY_BEFORE = re.compile(r"<(?:meta|title|form)|md-(?:nav|ellipsis)")
NOT_IN_OUTLINES = re.compile(r"<(?:/?form|script|title|meta)")
VALUES, TAG, CLASSES = re.compile('"[^"<>]*"'), re.compile("<[^<>]*>"), re.compile('class="[^"]*')
NOT_ONLY_WORDS = re.compile('<span class="md-ellipsis">(?![^<]*</span>)')

# Where text holds no `>`, what comes before one stands in a tag; of two in one tag the second is none.
IDS, HREFS, SRCS = (re.compile(rf' {name}="([^"<>]*)"[^<>]*>') for name in ("id", "href", "src"))
