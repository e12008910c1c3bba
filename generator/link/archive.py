"""The archive: all articles together, seen from their dates and from their entities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.link.concordance import lines_of
from generator.link.related import related_articles
from generator.link.together import named_together
from generator.model import Archive, Backlink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model import AnnotatedArticle, Entity, KwicLine


def link_archive(
    articles: Iterable[AnnotatedArticle],
    entities: Iterable[Entity],
    lines: Mapping[str, Iterable[KwicLine]] | None = None,
) -> Archive:
    """Return the archive.

    Args:
        articles: all of them, annotated, in any order.
        entities: all entries, in any order.
        lines: by article id, the sentence of each linked mention; found anew for articles that are not there.
    """
    known = lines or {}
    newest_first = sorted(articles, key=lambda a: a.article.id)
    newest_first.sort(key=lambda a: a.article.front_matter.date.listed, reverse=True)
    backlinks: dict[str, list[Backlink]] = defaultdict(list)
    sentences: list[Mapping[str, Backlink]] = []
    for annotated in newest_first:
        links = _backlinks(annotated, known.get(annotated.article.id))
        for link in links:
            backlinks[link.entity_id].append(link)
        sentences += _named_together(links)
    return Archive(
        articles=tuple(newest_first),
        entities={entity.id: entity for entity in sorted(entities, key=lambda e: e.id)},
        backlinks={entity_id: tuple(links) for entity_id, links in sorted(backlinks.items())},
        related=related_articles(newest_first),
        together=dict.fromkeys(backlinks, ()) | named_together(sentences),
    )


def _backlinks(annotated: AnnotatedArticle, lines: Iterable[KwicLine] | None) -> list[Backlink]:
    """Return the linked mentions of an article, each in its sentence; sentences are found where they are not known."""
    article_id = annotated.article.id
    linked = [mention for mention in annotated.mentions if mention.entity_id is not None]
    if lines is None:
        lines = lines_of(annotated.article, [mention.span for mention in linked])
    return [
        Backlink(entity_id, article_id, mention.anchor, mention.span, line, mention.rule)
        for mention, line in zip(linked, lines, strict=True)
        if (entity_id := mention.entity_id) is not None
    ]


def _named_together(links: Iterable[Backlink]) -> Iterator[dict[str, Backlink]]:
    """Yield the first mention of each entity in each sentence of an article that names several.

    What stands in one sentence stands there one after the other: most sentences have but one mention, and need no
    mapping.
    """
    named: dict[str, Backlink] = {}
    before, sentence = None, -1
    for link in links:
        if link.context.sentence != sentence:
            if len(named) > 1:
                yield named
            named, sentence = {}, link.context.sentence
        elif named:
            named.setdefault(link.entity_id, link)
        elif before is not None:
            named = {before.entity_id: before}
            named.setdefault(link.entity_id, link)
        before = link
    if len(named) > 1:
        yield named
