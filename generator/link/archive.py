"""The archive: all articles together, seen from their dates and from their entities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.link.concordance import kwic_lines
from generator.link.related import related_articles
from generator.link.together import named_together
from generator.model import Archive, Backlink

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import AnnotatedArticle, Entity


def link_archive(articles: Iterable[AnnotatedArticle], entities: Iterable[Entity]) -> Archive:
    """Return the archive, given all annotated articles and all entries in any order."""
    newest_first = sorted(articles, key=lambda a: a.article.id)
    newest_first.sort(key=lambda a: a.article.front_matter.date.listed, reverse=True)
    backlinks: dict[str, list[Backlink]] = defaultdict(list)
    for annotated in newest_first:
        for mention, context in kwic_lines(annotated):
            assert mention.entity_id is not None
            backlinks[mention.entity_id].append(
                Backlink(mention.entity_id, annotated.article.id, mention.anchor, context, mention.rule)
            )
    return Archive(
        articles=tuple(newest_first),
        entities={entity.id: entity for entity in sorted(entities, key=lambda e: e.id)},
        backlinks={entity_id: tuple(links) for entity_id, links in sorted(backlinks.items())},
        related=related_articles(newest_first),
        together=named_together(backlinks),
    )
