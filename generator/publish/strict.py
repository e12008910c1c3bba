"""Strict: pages that are judged by their source alone, several times as fast as by their tree.

What is written in a narrow form - names in lower case, values in double quotes, brackets around tags only - means to
every reader of HTML just what stands there. Of a page in that form this module may say that it is sound; of any other
it says nothing, and the tree decides. So it never has to name a fault, only never to overlook one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from generator.publish.allowed import ATTRIBUTES, TAGS
from generator.publish.links import Places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OPENED, _CLOSED = '<article class="md-content__inner md-typeset">', "</article>"
"""What stands around a page's content; see `allowed.CONTENT`."""


def _one_of(names: Iterable[str]) -> str:
    return f"(?:{'|'.join(names)})"


def _units(*units: str) -> str:
    """Return a pattern of these with texts between them."""
    return rf"{_TEXT}(?:{_one_of(units)}{_TEXT})*+"


# An address without a colon has no scheme, and a host of these characters means one thing only. A value that ended
# with `=` could make what follows it look like an attribute.
_TEXT = r"[^<]*+"
_VALUE = r'="[^"<>]*(?<!=)"'
_ID = r'id="[^"<>&\s\0]+(?<!=)"'
_LOCAL = r"(?!//)[\w./#?%~+@!,;=-]*(?<!=)"
_WEB = r'https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][^"<>\s]*)?(?<!=)'

# Content: `<p id="p-1">`, `</p>`, a whole drawing, what separates two lists. No class is one of the theme's.
_CLASS = r'class="(?:(?!md-)[\w-]++ ?)*+"'
_HREF_VALUE = f'="(?:{_LOCAL}|{_WEB})"'
_PLAIN = sorted(ATTRIBUTES - {"class", "href", "id", "viewBox", "data-archive", "data-source-text"}, reverse=True)
_ATTRIBUTES = f"(?: {_one_of([f'href{_HREF_VALUE}', _CLASS, _ID, rf'{_one_of(_PLAIN)}(?:{_VALUE})?'])})*+"
_DRAWN = ("path", "rect", "line", "circle", "text")
_OF_TABLES = ("table", "thead", "tbody", "tr", "td", "th")
_OFTEN = ("a", "span", "li", "bdi", "p", "ul", "time", "div")
_ELEMENT = _one_of([*_OFTEN, *sorted(TAGS - {"svg", *_DRAWN, *_OF_TABLES, *_OFTEN}, reverse=True)])
_CONTENT = re.compile(
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

# The source text: blocks of words, in which links, spans and foreign words stand, and what the archive added.
_ADDED = rf'<(?:a class="noteref" data-archive{_ATTRIBUTES}>{_TEXT}</a|span data-archive{_ATTRIBUTES}>{_TEXT}</span)>'
_INLINE = _units(*(f"<{tag}{_ATTRIBUTES}>{_TEXT}</{tag}>" for tag in ("a", "span", "bdi")), _ADDED)
_PARAGRAPHS = rf"\s*(?:<p{_ATTRIBUTES}>{_INLINE}</p>\s*)*+"
_ITEMS = rf"\s*(?:<li{_ATTRIBUTES}>(?:{_INLINE}|{_PARAGRAPHS})</li>\s*)*+"
_SOURCE_TEXT = re.compile(
    rf'<div(?: class="archive-source")? data-source-text(?:="data-source-text")?{_ATTRIBUTES}>'
    rf"(\s*(?:(?:<p{_ATTRIBUTES}>{_INLINE}</p>|<h2{_ATTRIBUTES}>{_INLINE}</h2>|<h3{_ATTRIBUTES}>{_INLINE}</h3>"
    rf"|<ul>{_ITEMS}</ul>|<ol>{_ITEMS}</ol>|<blockquote>{_PARAGRAPHS}</blockquote>|<!-- -->)\s*)*+)</div>"
)
_NO_WORDS = re.compile(rf"{_ADDED}|<[^<>]*>")
_ODD_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|#x27|#3[2-9]|#[4-9][0-9]|#1[01][0-9]|#12[0-6]);)")

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
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">')
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"<>]*)">')
_SHELL = re.compile(
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
        _POLICY.pattern,
        _DESCRIPTION.pattern,
        rf"<title>{_TEXT}</title>",
        r'<!doctype html>|<html(?: (?:lang|class)="[\w-]*")*+>|<head>|</head>|</body>|</html>',
        rf'<body dir="[a-z]+"(?: data-md-color-[a-z]+{_VALUE})*+>',
    )
)
_SCRIPT = re.compile(
    rf'<script((?: (?:id|type)="[a-z_/]+")*)(?: src="({_LOCAL})")?>([^<]*+(?:<(?!!--|/script)[^<]*+)*+)</script>'
)
_RUN, _NOT_RUN = {"", ' type="module"'}, {' id="__config" type="application/json"'}
_HEAD = re.compile(r"\s*<!doctype html>\s*<html[^<>]*>\s*<head>\s*(?:<(?:meta|link)[^<>]*>\s*)*+<title>")
_NO_PLACES = Places(frozenset(), ())
_NAV, _FORM = re.compile(r"</?nav\b"), re.compile(r"</?form\b")
_ONLY_BEFORE = re.compile(r"<(?:meta|title|form)|md-(?:nav|ellipsis)")
_NOT_ONLY_WORDS = re.compile('<span class="md-ellipsis">(?![^<]*</span>)')

# Where text holds no `>`, what comes before one stands in a tag; of two in one tag the second is none.
_IDS, _HREFS, _SRCS = (re.compile(rf' {name}="([^"<>]*)"[^<>]*>') for name in ("id", "href", "src"))


def read_strictly(html: str, description: str, words: tuple[str, ...] | None) -> Places | None:
    """Return the places of a generated page where it is sound for certain.

    Args:
        html: the page.
        description: what its head must show, where it shows one.
        words: those of its source text; None where it has none.
    """
    before, opened, rest = html.partition(_OPENED)
    content, _, after = rest.rpartition(_CLOSED)
    before_plain, scripts = _without_scripts(before)
    after_plain, more = _without_scripts(after)
    scripts += more
    shell = [*map(_places, {*before_plain.split("\n"), *after_plain.split("\n")})]
    if (
        not opened
        or None in shell
        or content.count("<") != content.count(">")
        or not _shows_words(content, words)
        or not _is_in_order(before, before_plain, after_plain)
        or not _may_run(scripts, _POLICY.findall(before_plain))
        or not _shows_description(before_plain, description)
    ):
        return None
    anchors, links = set(_IDS.findall(content)), set(_HREFS.findall(content))
    for attributes, source, _ in scripts:
        anchors.update(_IDS.findall(f"{attributes}>"))
        links.add(source or "")
    for places in shell:
        if places and places is not _NO_PLACES:
            anchors |= places.anchors
            links.update(places.links)
    return Places(frozenset(anchors), tuple(link for link in links if link and ":" not in link))


def _without_scripts(html: str) -> tuple[str, list[tuple[str, str | None, str]]]:
    """Return a part of a page without its scripts, and the (attributes, address, words) of these.

    A line ends where each was, so that none can hide in a tag: tags do not run over lines.
    """
    pieces = _SCRIPT.split(html)
    return "\n".join(pieces[::4]), list(zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True))


@lru_cache(maxsize=1 << 12)
def _places(line: str) -> Places | None:
    """Return the places of a line around the content where it holds what it may; pages share most of their lines."""
    if not _SHELL.fullmatch(line) or line.count("<") != line.count(">"):
        return None
    anchors, links = frozenset(_IDS.findall(line)), (*_HREFS.findall(line), *_SRCS.findall(line))
    return Places(anchors, links) if anchors or links else _NO_PLACES


def _is_in_order(before: str, before_plain: str, after_plain: str) -> bool:
    """Tell whether the one title stands in the head, and the navigation is closed before the content, scriptless.

    Nothing among what a page may hold keeps an end tag of a `nav` from closing the innermost one. A form within a form
    is not there at all.
    """
    forms = "".join(_FORM.findall(before_plain))
    opened = 0
    for tag in _NAV.findall(before_plain):
        opened += 1 if tag == "<nav" else -1
        if opened < 0:
            return False
    return (
        opened == 0
        and forms.replace("<form</form", "") == ""
        and "<script" not in before.partition('<nav class="md-nav')[2]
        and not _NOT_ONLY_WORDS.search(before)
        and not _ONLY_BEFORE.search(after_plain)
        and _HEAD.match(before_plain) is not None
        and before_plain.count("<title>") == 1
    )


def _may_run(scripts: Iterable[tuple[str, str | None, str]], policies: Sequence[str]) -> bool:
    """Tell whether every policy of the page lets each of its scripts run, and none of them ends a title."""
    for attributes, source, words in scripts:
        digest = _hash(words)
        if attributes in _RUN:
            allowed = source or all(digest in policy for policy in policies)
        else:
            allowed = attributes in _NOT_RUN
        if not (digest and allowed):
            return False
    return True


@lru_cache(maxsize=256)
def _hash(script: str) -> str:
    """Return how a policy names a script; nothing where a browser could read it otherwise than it stands there."""
    if "\r" in script or "\0" in script or "</title" in script.lower():
        return ""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _shows_description(before: str, description: str) -> bool:
    wanted = description.split()
    return not wanted or all(_words(found) == wanted for found in _DESCRIPTION.findall(before))


def _words(text: str) -> list[str] | None:
    """Return the words that a browser shows for a text; None where Python could decode it otherwise."""
    return None if "\0" in text or _ODD_REFERENCE.search(text) else unescape(text).split()


def _shows_words(content: str, words: tuple[str, ...] | None) -> bool:
    """Tell whether content holds what it may, and its one source text, additions taken away, these words."""
    if words is None:
        return _CONTENT.fullmatch(content) is not None
    found = _SOURCE_TEXT.search(content)
    if (
        found is None
        or not _CONTENT.fullmatch(content, 0, found.start())
        or not _CONTENT.fullmatch(content, found.end())
    ):
        return False
    return _words(_NO_WORDS.sub("", found[1])) == list(words)
