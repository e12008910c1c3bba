"""Masks: the stretches of a text in which nothing is a mention: block marks, addresses, file names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model import Span
from generator.read.blocks import mark_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://www.reuters.com/world/?a=Syria   www.axios.com   desk@reuters.com   reuters.com/world   notes/syria.txt
# Runs are bounded and start where a run of such characters starts, so that no text makes the search quadratic.
_ADDRESS = re.compile(
    r"""
      (?<![\w.+-]) (?: https?:// | www\. ) [^\s<>"“”]{1,2000}
    | (?<![\w.+-]) [\w.+-]{1,64} @ [\w-]{1,63} (?: \.[\w-]{1,63} ){1,8}
    | (?<![\w./-]) [a-z0-9_-]{1,63} (?: [./][a-z0-9_-]{1,63} ){0,8} \. [a-z]{2,24} (?: / [^\s<>"“”]{0,2000} )? (?![\w-])
    """,
    re.VERBOSE,
)

_DOT = re.compile(r"\.[a-z]")


def find_masks(text: str) -> Iterator[Span]:
    """Yield the spans of a text that nobody may annotate, in no particular order."""
    yield from mark_spans(text)
    # most articles have none of these, without which there is no address: that is told a hundred times faster
    if "@" in text or "://" in text or _DOT.search(text):
        yield from (Span(*found.span()) for found in _ADDRESS.finditer(text))
