"""Concordance: every mention in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sentencex import segment

from generator.model import KwicLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import AnnotatedArticle, Article, Mention, Span

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
    starts = [block.lines[0].start for block in article.blocks]
    language = article.front_matter.language.partition("-")[0].lower()
    sentences: dict[int, _Sentences] = {}
    for span in spans:
        number = bisect_right(starts, span.start) - 1
        if number not in sentences:
            sentences[number] = _sentences(article.text, article.blocks[number].span, language)
        yield _kwic_line(article.text, span, sentences[number])


class _Sentences(NamedTuple):
    """Where the sentences of a block begin and end in the text."""

    starts: list[int]
    ends: list[int]
    in_one_line: bool
    """Whether the block is one line."""


def _sentences(text: str, block: Span, language: str) -> _Sentences:
    """Return the sentences of a block."""
    in_one_line = text.find("\n", block.start, block.end) < 0 and text.find("\r", block.start, block.end) < 0
    sentences = _Sentences([], [], in_one_line)
    for start in range(block.start, block.end, MAX_SENTENCE):
        end = start
        for words in segment(language, text[start : min(start + MAX_SENTENCE, block.end)]):
            sentences.starts.append(end)
            end += len(words)
            sentences.ends.append(end)
    return sentences


def _kwic_line(text: str, mention: Span, sentences: _Sentences) -> KwicLine:
    """Return the mention with the rest of the sentences that it touches."""
    first = bisect_right(sentences.ends, mention.start)
    last = bisect_left(sentences.starts, mention.end) - 1
    start = min(sentences.starts[first], mention.start) if first < len(sentences.starts) else mention.start
    end = max(sentences.ends[last], mention.end) if last >= 0 else mention.end
    # twice the context is enough to cut from: a sentence may be as long as the article
    left = text[max(start, mention.start - 2 * MAX_CONTEXT) : mention.start]
    right = text[mention.end : min(end, mention.end + 2 * MAX_CONTEXT)]
    keyword = mention.of(text)
    if not sentences.in_one_line:
        left, right, keyword = (_LINE_END.sub(" ", words) for words in (left, right, keyword))
    left, right = left.lstrip(), right.rstrip()
    if len(left) > MAX_CONTEXT:
        left = "…" + left[-MAX_CONTEXT:].partition(" ")[2]
    if len(right) > MAX_CONTEXT:
        right = right[:MAX_CONTEXT].rpartition(" ")[0] + "…"
    return KwicLine(left, keyword, right, start)
