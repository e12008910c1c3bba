"""Sentences: the mentions of entities as the pages of entries and pairs show them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from generator.render.listed import Line, Sentence, Sightings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.model import Backlink
    from generator.render.listed import ListedArticle


_ARTICLE = attrgetter("article_id")


def line_of(link: Backlink) -> Line:
    """Return a mention in its sentence."""
    context = link.context
    return Line(context.left, context.keyword, context.right, link.anchor)


def sentence_of(links: tuple[Backlink, Backlink], articles: Mapping[str, ListedArticle]) -> Sentence:
    """Return the sentence that two mentions stand in."""
    first, second = links
    return Sentence(articles[first.article_id], line_of(first), line_of(second))


def sightings_of(
    backlinks: Iterable[Backlink], articles: Mapping[str, ListedArticle]
) -> tuple[Sightings, ...]:
    """Return the mentions by article, in the order given."""
    return tuple(
        [
            Sightings(articles[article_id], tuple(map(line_of, links)))
            for article_id, links in groupby(backlinks, _ARTICLE)
        ]
    )


def pieces_of(sentence: Sentence) -> list[tuple[str, str]]:
    """Return a sentence in pieces, each with the anchor of the mention that it is, or with none.

    A sentence that was cut is shown around the first of the two mentions alone.
    """
    first, second = sentence.first, sentence.second
    whole = first.left + first.keyword + first.right
    lines: Sequence[Line] = sorted((first, second), key=lambda line: len(line.left))
    ends = len(lines[0].left) + len(lines[0].keyword)
    if second.left + second.keyword + second.right != whole or ends > len(lines[1].left):
        lines = [first]
    pieces: list[tuple[str, str]] = []
    at = 0
    for line in lines:
        pieces += [(whole[at : len(line.left)], ""), (line.keyword, line.anchor)]
        at = len(line.left) + len(line.keyword)
    return [piece for piece in [*pieces, (whole[at:], "")] if piece[0]]
