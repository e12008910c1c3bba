"""Sentences: the mentions of entities as the pages of entries and pairs show them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from generator.render.listed import Line, Sentence, Sightings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model import Backlink
    from generator.render.listed import ListedArticle
    from generator.render.shelves import Shelves


_ARTICLE = attrgetter("article_id")
_ANCHOR, _SPAN = attrgetter("anchor"), attrgetter("span")


def line_of(link: Backlink) -> Line:
    """Return a mention in its sentence."""
    context = link.context
    return Line(context.left, context.keyword, context.right, link.anchor)


def sentence_of(links: tuple[Backlink, Backlink], articles: Mapping[str, ListedArticle]) -> Sentence:
    """Return the sentence that two mentions stand in."""
    first, second = links
    return Sentence(articles[first.article_id], line_of(first), line_of(second))


class ShownMentions:
    """All mentions on a page; their lines are made when asked for: most pages are known already, and need none.

    Args:
        links: mentions of one entity, those in one article one after the other.
        shelves: the archive.
    """

    __slots__ = ("_links", "_shelves")

    def __init__(self, links: Sequence[Backlink], shelves: Shelves) -> None:
        self._links, self._shelves = links, shelves

    @property
    def whole(self) -> tuple[Sightings, ...]:
        """All that is shown, by article."""
        articles = self._shelves.articles
        return tuple(
            Sightings(articles[article_id], tuple(map(line_of, links)))
            for article_id, links in groupby(self._links, _ARTICLE)
        )

    @property
    def said(self) -> object:
        """What stands for that: a place in a text of one language stands in one sentence, whoever else is there."""
        signs = [*map(self._shelves.signs.__getitem__, map(_ARTICLE, self._links))]
        if not all(signs):
            return self.whole
        return signs, [*map(_ANCHOR, self._links)], [*map(_SPAN, self._links)]


def sightings_of(links: Sequence[Backlink], shelves: Shelves) -> tuple[Sightings, ...]:
    """Return mentions of one entity by article, in the order given."""
    return cast("tuple[Sightings, ...]", ShownMentions(links, shelves))  # which it becomes for templates and as bytes


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
