"""Article pages: the source's words with their mentions, and beside them what the archive knows."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from generator.link.reasons import NAMES_ENTITIES
from generator.model import Page, Strength
from generator.render.addresses import article_address, src_uri
from generator.render.listed import Card
from generator.render.views import ArticleView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.model import Alias, AnnotatedArticle, Entity
    from generator.render.listed import ListedArticle
    from generator.render.shelves import Shelves


def plan_articles(shelves: Shelves, wanted: Collection[str] | None = None) -> Iterator[Page]:
    """Yield the pages of articles: of those with the ids that are wanted; of all where absent."""
    cards: dict[str, Card] = {}
    newest_first = list(shelves.articles.values())
    neighbours = zip([None, *newest_first], [*newest_first[1:], None], strict=False)
    for annotated, (newer, older) in zip(shelves.archive.articles, neighbours, strict=False):
        if wanted is None or annotated.article.id in wanted:
            yield _plan(annotated, (newer, older), cards, shelves)


def _plan(
    annotated: AnnotatedArticle,
    neighbours: tuple[ListedArticle | None, ListedArticle | None],
    cards: dict[str, Card],
    shelves: Shelves,
) -> Page:
    """Return the page of an article between a newer and an older one; make the cards that it is the first to show."""
    article, archive = annotated.article, shelves.archive
    mentioned = dict.fromkeys(m.entity_id for m in annotated.mentions if m.entity_id in archive.entities)
    for entity_id in mentioned:
        if entity_id is not None and entity_id not in cards:
            cards[entity_id] = _card(archive.entities[entity_id])
    newer, older = neighbours
    view = ArticleView(
        annotated=annotated,
        outlet=shelves.names.get(article.front_matter.outlet or ""),
        cards=tuple(cards[entity_id] for entity_id in mentioned if entity_id is not None),
        names=_names(annotated, shelves),
        related=tuple(shelves.articles[other] for other in archive.related[article.id]),
        older=older,
        newer=newer,
    )
    return Page(
        src_uri(article_address(article.id)),
        article.front_matter.title,
        _description(annotated),
        view.template,
        view,
        language=article.front_matter.language,
    )


def _names(annotated: AnnotatedArticle, shelves: Shelves) -> dict[str, str]:
    """Return the names of the entities that the reasons for an article's mentions speak of, by id, sorted."""
    found: set[str] = set()
    for mention in annotated.mentions:
        if mention.denotes is not None:
            found.add(mention.denotes)
        if mention.evidence is not None and mention.evidence.kind in NAMES_ENTITIES:
            found.update(mention.evidence.words)
    return {entity_id: shelves.names[entity_id].name for entity_id in sorted(found & shelves.names.keys())}


def _card(entity: Entity) -> Card:
    native = _native_name(entity)
    return Card(
        entity.id,
        entity.name,
        entity.kind,
        entity.description,
        native.text if native else "",
        (native.language if native else "") or "",
    )


def _native_name(entity: Entity) -> Alias | None:
    """Return the first full alias that has a language and is not written in Latin letters."""
    return next(
        (
            alias
            for alias in entity.aliases
            if alias.language
            and alias.strength is Strength.FULL
            and not any("LATIN" in unicodedata.name(char, "") for char in alias.text)
        ),
        None,
    )


def _description(annotated: AnnotatedArticle) -> str:
    """Return the beginning of the text, as search engines show it."""
    article = annotated.article
    if not article.blocks:
        return ""
    words = " ".join(article.blocks[0].span.of(article.text).split())
    return words if len(words) <= 160 else words[:160].rpartition(" ")[0] + "…"  # noqa: PLR2004 - about two lines
