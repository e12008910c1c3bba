"""The archive: all articles together, seen from their dates and from their entities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.link.concordance import lines_of
from generator.link.related import related_articles
from generator.link.together import named_together
from generator.model import Archive, Backlink

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
        named: dict[int, dict[str, Backlink]] = {}
        for link in _backlinks(annotated, known.get(annotated.article.id)):
            backlinks[link.entity_id].append(link)
            if link.context.sentence in named:
                named[link.context.sentence].setdefault(link.entity_id, link)
            else:
                named[link.context.sentence] = {link.entity_id: link}
        sentences += (links for links in named.values() if len(links) > 1)
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
    linked = [(mention.entity_id, mention) for mention in annotated.mentions if mention.entity_id is not None]
    if lines is None:
        lines = lines_of(annotated.article, [mention.span for _, mention in linked])
    return [
        Backlink(entity_id, article_id, mention.anchor, line, mention.rule)
        for (entity_id, mention), line in zip(linked, lines, strict=True)
    ]
