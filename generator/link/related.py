"""Related: which articles speak of the same entities. What few articles mention says most.

Each entity leads to a bounded number of articles, so the work grows with the archive and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model import AnnotatedArticle

MOST = 5
"""Articles that are shown as related."""
WIDEST = 50
"""An entity of more articles than this relates nothing: in small archives that is none."""


def related_articles(articles: Sequence[AnnotatedArticle]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the articles related to each, the nearest first; equally near ones in the order given.

    Two articles are as near as the sum of log((n + 1) / m) over the entities that both mention, where m of n articles
    mention the entity: inverse document frequency (Spärck Jones 1972).
    """
    mentioned = {a.article.id: {m.entity_id for m in a.mentions if m.entity_id is not None} for a in articles}
    holders: dict[str, list[str]] = defaultdict(list)
    for article_id, entities in mentioned.items():
        for entity_id in entities:
            holders[entity_id].append(article_id)
    weights = {
        entity_id: log((1 + len(articles)) / len(ids))
        for entity_id, ids in holders.items()
        if len(ids) <= WIDEST
    }
    places = {article_id: place for place, article_id in enumerate(mentioned)}
    related = {}
    for article_id, entities in mentioned.items():
        near: dict[str, float] = defaultdict(float)
        for entity_id in sorted(entities & weights.keys()):
            for other in holders[entity_id]:
                near[other] += weights[entity_id]
        near.pop(article_id, None)
        nearest = sorted(near, key=lambda other: (-round(near[other], 9), places[other]))
        related[article_id] = tuple(nearest[:MOST])
    return related
