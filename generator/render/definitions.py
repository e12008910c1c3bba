"""Definitions: the Markdown of editors becomes HTML; what is not Markdown in it stays words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markdown.extensions.toc import slugify

from generator.read.definitions import closed_markdown, neutralise

if TYPE_CHECKING:
    from markdown import Markdown

_CITATION = re.compile(r"\[\^([0-9]{1,4})\]")
_OURS = re.compile(
    r"(page-title|names|facts|map|sources|over-time|together|mentions)(-[0-9]+)?|source-[0-9]+"
)
"""Ids of an entry's page: a heading of its definition gets no such id."""
_ALIGNED_CELL = re.compile(r'<(t[dh]) style="text-align: (left|right|center);"')
"""How Python-Markdown aligns the cells of a table."""


def definition_html(definition: str) -> str:
    """Return a definition as HTML whose citations lead to the list of sources."""
    cited = _CITATION.sub(r"[[\1]](#source-\1){: .citation }", neutralise(definition).strip())
    return align_cells(_converter().reset().convert(cited))


def align_cells(html: str) -> str:
    """Return HTML of Python-Markdown with the cells of tables aligned by class: the policy lets no style apply."""
    return _ALIGNED_CELL.sub(r'<\1 class="archive-\2"', html)


@cache
def _converter() -> Markdown:
    """Return the one closed Markdown, which makes no table of contents in the middle of a page."""
    return closed_markdown(toc_depth="1-3", marker="", slugify=_heading_id)


def _heading_id(heading: str, separator: str) -> str:
    slug = slugify(heading, separator)
    return f"{slug}_1" if _OURS.fullmatch(slug) else slug
