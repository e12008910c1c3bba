"""Related: which articles speak of the same entities. What few articles mention says most.

Each entity leads to a bounded number of articles, so the work grows with the archive and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import nlargest
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model import AnnotatedArticle

MOST = 5
"""Articles that are shown as related."""
WIDEST = 50
"""An entity of more articles than this relates nothing: in small archives that is none."""

_EQUAL = 1e-8
"""More than what rounding takes away."""


def related_articles(articles: Sequence[AnnotatedArticle]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the articles related to each, the nearest first; equally near ones in the order given.

    Two articles are as near as the sum of log((n + 1) / m) over the entities that both mention, where m of n articles
    mention the entity: inverse document frequency (Spärck Jones 1972).
    """
    mentioned = [{m.entity_id for m in a.mentions if m.entity_id is not None} for a in articles]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, entities in enumerate(mentioned):
        for entity_id in entities:
            holders[entity_id].append(place)
    weights = {
        entity_id: log((1 + len(articles)) / len(places))
        for entity_id, places in holders.items()
        if len(places) <= WIDEST
    }
    related = {}
    for place, entities in enumerate(mentioned):
        near: dict[int, float] = defaultdict(float)
        for entity_id in sorted(entities & weights.keys()):
            weight = weights[entity_id]
            for other in holders[entity_id]:
                near[other] += weight
        near.pop(place, None)
        nearest = tuple(articles[other].article.id for other in _nearest(near))
        related[articles[place].article.id] = nearest
    return related


def _nearest(near: Mapping[int, float]) -> list[int]:
    """Return the nearest of some articles, of equally near ones the first; sums of the same weights differ a bit."""
    if len(near) > MOST:
        least = nlargest(MOST, near.values())[-1] - _EQUAL
        near = {other: weight for other, weight in near.items() if weight >= least}
    return sorted(near, key=lambda other: (-round(near[other], 9), other))[:MOST]
