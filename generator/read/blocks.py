"""Blocks: where an article's headings, paragraphs, quotations and list items lie.

Marks count only at the start of a line; everything else is literal. The text itself is never changed: a block
says which spans of it belong together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model import Block, BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# "## Heading", "### Heading", "> Quoted", "- Item", "12. Item"
_MARK = re.compile(r"(?P<heading>#{2,3}) |(?P<quote>>) |(?P<bullet>-) |(?P<numbered>[0-9]{1,9})\. ")
_FIRST_OF_MARKS = frozenset("#>-0123456789")
_LINE, _LINE_OF_OLD = re.compile(".+"), re.compile(r"[^\r\n]+")
"""Where all lines end with a line feed, the first finds them, and takes a fifth of the time."""
_LINE_ENDS = frozenset({"", "\n", "\r\n", "\r"})
"""What may lie between two lines without an empty one."""


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text in order; every word of it lies in exactly one."""
    blocks: list[Block] = []
    section = 0
    for kind, level, lines in _group(_marked_lines(text)):
        section += kind is BlockKind.HEADING
        blocks.append(Block(kind, len(blocks) + 1, tuple(lines), level, section))
    return tuple(blocks)


def words_without_marks(text: str) -> list[str]:
    """Return the white-space-separated words of a text, block marks dropped."""
    lines = text.replace("\r", "\n").split("\n")
    if not any(line[:1] in _FIRST_OF_MARKS for line in lines):  # as most are
        return text.split()
    return [word for _, _, span in _marked_lines(text) for word in span.of(text).split()]


def mark_spans(text: str) -> list[Span]:
    """Return the spans of the block marks themselves, the space after them included."""
    return [
        Span(line.start(), mark.end())
        for line in _lines(text)
        if (mark := _MARK.match(text, line.start())) and text[mark.end() : line.end()].strip()
    ]


def _lines(text: str) -> Iterator[re.Match[str]]:
    """Yield the lines of a text that are not empty."""
    return (_LINE_OF_OLD if "\r" in text else _LINE).finditer(text)


def _marked_lines(text: str) -> Iterator[tuple[BlockKind | None, int, Span]]:
    """Yield (kind, level, span of the words) a line; kind is None without a mark, and the span empty where blank.

    Empty lines that follow one another are yielded as one.
    """
    before = 0
    for line in _lines(text):
        start, end = line.span()
        if text[before:start] not in _LINE_ENDS:
            yield None, 0, Span(before, before)
        before = end
        mark = _MARK.match(text, start)
        words = mark.end() if mark is not None else start
        if mark is not None and text[words:end].strip():
            kind = BlockKind(str(mark.lastgroup))
            level = {"heading": len(mark[0]) - 1, "numbered": int(mark["numbered"] or 0)}.get(kind, 0)
            yield kind, level, Span(words, end)
        else:
            yield None, 0, Span(start, start if line[0].isspace() else end)


def _group(
    lines: Iterator[tuple[BlockKind | None, int, Span]],
) -> Iterator[tuple[BlockKind, int, list[Span]]]:
    """Yield (kind, level, lines) a block: a mark opens one, a blank line ends one, a quotation's marks go on."""
    current: tuple[BlockKind, int, list[Span]] | None = None
    for kind, level, span in lines:
        blank = len(span) == 0
        goes_on = (
            current is not None
            and not blank
            and (
                (kind is None and current[0] is not BlockKind.HEADING)
                or (kind is BlockKind.QUOTE and current[0] is BlockKind.QUOTE)
            )
        )
        if goes_on and current is not None:
            current[2].append(span)
            continue
        if current is not None:
            yield current
        current = None if blank else (kind or BlockKind.PARAGRAPH, level, [span])
    if current is not None:
        yield current
