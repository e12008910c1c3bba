"""Sentences: the mentions of entities as the pages of entries and pairs show them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from generator.render.listed import Line, Sentence, Sightings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.model import Backlink
    from generator.render.listed import ListedArticle
    from generator.render.shelves import Shelves


_ARTICLE = attrgetter("article_id")


def line_of(link: Backlink) -> Line:
    """Return a mention in its sentence."""
    context = link.context
    return Line(context.left, context.keyword, context.right, link.anchor)


def sentence_of(links: tuple[Backlink, Backlink], articles: Mapping[str, ListedArticle]) -> Sentence:
    """Return the sentence that two mentions stand in."""
    first, second = links
    return Sentence(articles[first.article_id], line_of(first), line_of(second))


class Sighted:
    """Sightings whose lines are made when they are asked for: most pages need none, as they are known already.

    Args:
        article: where they are.
        links: mentions of one entity in it, one after the other.
        digest: that of the article's text.
    """

    __slots__ = ("article", "digest", "links")

    def __init__(self, article: ListedArticle, links: Sequence[Backlink], digest: bytes) -> None:
        self.article, self.links, self.digest = article, links, digest

    @property
    def whole(self) -> Sightings:
        """All that is shown."""
        return Sightings(self.article, tuple(map(line_of, self.links)))

    @property
    def said(self) -> tuple[object, ...]:
        """What stands for that: a place in a text stands in one sentence, whoever else is mentioned there."""
        if not self.digest:
            return self.whole
        return self.article, self.digest, [(link.anchor, link.span) for link in self.links]


def sightings_of(backlinks: Iterable[Backlink], shelves: Shelves) -> tuple[Sightings, ...]:
    """Return the mentions of an entity by article, in the order given."""
    articles, digests = shelves.articles, shelves.digests
    found = [Sighted(articles[id_], list(links), digests[id_]) for id_, links in groupby(backlinks, _ARTICLE)]
    return cast("tuple[Sightings, ...]", tuple(found))  # which they become for templates and as bytes


def whole(sightings: Iterable[Sightings | Sighted]) -> tuple[Sightings, ...]:
    """Return sightings with their lines."""
    return tuple(one.whole if isinstance(one, Sighted) else one for one in sightings)


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
