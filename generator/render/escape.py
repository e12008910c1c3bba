"""Escaping: how the words of seeds stay words in Markdown, and in what MkDocs and Material insert as it is.

Page templates are HTML and escape every value by themselves.
"""

from __future__ import annotations

import html
import re

from markupsafe import Markup

# What Markdown or HTML could read as markup anywhere in a line. Numeric references mean the same to both, and in
# attributes. `'` is left alone: templates put attributes in double quotes, and every reference costs Python-Markdown
# a copy of the paragraph.
_ANYWHERE = {ord(char): f"&#{ord(char)};" for char in '\\`*_{}[]<>&"|~#!'}
# Control characters: Python-Markdown keeps U+0002 and U+0003 for itself and drops them from texts.
_CONTROLS = {code: f"&#{code};" for code in range(1, 0x20) if chr(code) not in "\t\n\r"}
_TABLE = {**_ANYWHERE, **_CONTROLS}
# After white space, which templates and Markdown drop: what begins a list, a setext heading, or stands for a place
# in the page (Python-Markdown's footnote and toc markers).
_AT_START = re.compile(r"(?P<space>\s*)(?:(?P<sign>[-+=:])|(?P<number>[0-9]+)(?P<stop>[.)]))")
_LINE_END = re.compile(r"\r\n|\n|\r")


def escape_markdown(value: object) -> Markup:
    """Return a value so that Markdown shows it as written, on one line; Markup stays as it is, None is nothing.

    >>> str(escape_markdown("1. *a* <b>"))
    '1&#46; &#42;a&#42; &#60;b&#62;'
    """
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    text = _LINE_END.sub(" ", str(value)).translate(_TABLE).replace("///", "&#47;&#47;&#47;")
    return Markup(_AT_START.sub(_escape_start, text, count=1) if _AT_START.match(text) else text)  # noqa: S704 - made safe just here


def _escape_start(found: re.Match[str]) -> str:
    space, sign, number, stop = found.group("space", "sign", "number", "stop")
    return f"{space}&#{ord(sign)};" if sign else f"{space}{number}&#{ord(stop)};"


def escape_attribute(text: str) -> str:
    """Return a text as front matter may hold it: themes insert it into HTML without escaping.

    >>> escape_attribute('</title><script>"')
    '&lt;/title&gt;&lt;script&gt;&quot;'
    """
    return html.escape(text)
