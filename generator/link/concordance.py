"""Concordance: every mention in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from sentencex import get_sentence_boundaries

from generator.model import KwicLine, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import AnnotatedArticle, Article, Block, Mention

MAX_CONTEXT = 400
"""Code points on either side: past that a sentence is cut, as concordances do."""
MAX_SENTENCE = 20_000
"""Longer paragraphs are cut for sentencex: 100,000 opening quotation marks take it 2 s, a million 200 s."""
_LINE_END = re.compile(r"(?:\r\n|\n|\r)(?:> )?")


def kwic_lines(annotated: AnnotatedArticle) -> Iterator[tuple[Mention, KwicLine]]:
    """Yield each linked mention of an article with the sentence that it stands in."""
    linked = [mention for mention in annotated.mentions if mention.entity_id is not None]
    return zip(linked, lines_of(annotated.article, [mention.span for mention in linked]), strict=True)


def lines_of(article: Article, spans: Iterable[Span]) -> Iterator[KwicLine]:
    """Yield spans of an article, mentions or not, each with the sentence that it stands in."""
    starts = [block.span.start for block in article.blocks]
    sentences: dict[int, list[Span]] = {}
    for span in spans:
        block = article.blocks[bisect_right(starts, span.start) - 1]
        if block.number not in sentences:
            sentences[block.number] = _sentences(article.text, block, article.front_matter.language)
        yield _kwic_line(article.text, span, sentences[block.number])


def _sentences(text: str, block: Block, language: str) -> list[Span]:
    """Return the sentences of a block as spans of the text."""
    tag = language.split("-", maxsplit=1)[0].lower()
    return [
        Span(start + found["start_index"], start + found["end_index"])
        for start in range(block.span.start, block.span.end, MAX_SENTENCE)
        for found in get_sentence_boundaries(tag, text[start : min(start + MAX_SENTENCE, block.span.end)])
    ]


def _kwic_line(text: str, mention: Span, sentences: list[Span]) -> KwicLine:
    """Return the mention with the rest of the sentences that it touches."""
    first = bisect_right(sentences, mention.start, key=lambda sentence: sentence.end)
    last = bisect_left(sentences, mention.end, key=lambda sentence: sentence.start) - 1
    start = min(sentences[first].start, mention.start) if first < len(sentences) else mention.start
    end = max(sentences[last].end, mention.end) if last >= 0 else mention.end
    # twice the context is enough to cut from: a sentence may be as long as the article
    left = _one_line(text[max(start, mention.start - 2 * MAX_CONTEXT) : mention.start]).lstrip()
    right = _one_line(text[mention.end : min(end, mention.end + 2 * MAX_CONTEXT)]).rstrip()
    if len(left) > MAX_CONTEXT:
        left = "…" + left[-MAX_CONTEXT:].partition(" ")[2]
    if len(right) > MAX_CONTEXT:
        right = right[:MAX_CONTEXT].rpartition(" ")[0] + "…"
    return KwicLine(left, _one_line(mention.of(text)), right, start)


def join_lines(first: KwicLine, second: KwicLine) -> list[tuple[str, KwicLine | None]]:
    """Return one sentence that two mentions stand in, in pieces, each with the line whose keyword it is.

    A sentence that was cut is shown around the first of the two alone.
    """
    whole = first.left + first.keyword + first.right
    lines = sorted((first, second), key=lambda line: len(line.left))
    ends = len(lines[0].left) + len(lines[0].keyword)
    if second.left + second.keyword + second.right != whole or ends > len(lines[1].left):
        lines = [first]
    pieces: list[tuple[str, KwicLine | None]] = []
    at = 0
    for line in lines:
        pieces += [(whole[at : len(line.left)], None), (line.keyword, line)]
        at = len(line.left) + len(line.keyword)
    return [piece for piece in [*pieces, (whole[at:], None)] if piece[0]]


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", text)
