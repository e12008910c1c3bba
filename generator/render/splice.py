"""Splice: an article's text, cut where its mentions are. New text is built out of old here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import AnnotatedArticle, Block, Mention, Span


class Piece(NamedTuple):
    """A stretch of a block: plain, or a mention."""

    text: str
    mention: Mention | None


class SplicedBlock(NamedTuple):
    """A block and its words, in pieces."""

    block: Block
    pieces: tuple[Piece, ...]
    """Their texts, put together, are the block's lines joined by single newlines."""


def splice(annotated: AnnotatedArticle) -> tuple[SplicedBlock, ...]:
    """Return the blocks of an article, cut at its mentions; ambiguous ones stay plain."""
    waiting = [m for m in reversed(annotated.mentions) if m.entity_id is not None]
    spliced = []
    for block in annotated.article.blocks:
        mentions = []
        span = block.span
        while waiting and waiting[-1].span.start < span.end:
            mentions.append(waiting.pop())
        spliced.append(SplicedBlock(block, tuple(_pieces(annotated.article.text, block.lines, span, mentions))))
    return tuple(spliced)


def _pieces(text: str, lines: tuple[Span, ...], span: Span, mentions: list[Mention]) -> Iterator[Piece]:
    at = span.start
    for mention in mentions:
        start, end = mention.span.start, mention.span.end
        for words, found in ((_words(text, lines, at, start), None), (_words(text, lines, start, end), mention)):
            if words:
                yield Piece(words, found)
        at = end
    if rest := _words(text, lines, at, span.end):
        yield Piece(rest, None)


def _words(text: str, lines: tuple[Span, ...], start: int, end: int) -> str:
    """Return the text between two offsets of a block, without the line ends and marks between its lines."""
    if len(lines) == 1:
        return text[start:end]
    parts = []
    for number, line in enumerate(lines):
        if number and start < line.start <= end:
            parts.append("\n")
        parts.append(text[max(start, line.start) : min(end, line.end)])
    return "".join(parts)
