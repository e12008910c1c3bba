"""Together: which entities are named in one sentence, and in which sentences.

A sentence that names very many entities is a list and connects nothing. With that, and with a bounded number of pairs
an entity, the work and what is kept grow with the archive and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest
from itertools import combinations
from typing import TYPE_CHECKING

from generator.model import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.model import Backlink

MOST = 20
"""Pairs of an entity."""
WIDEST = 12
"""A sentence that names more entities than this connects none of them."""


def named_together(sentences: Iterable[Mapping[str, Backlink]]) -> dict[str, tuple[Pair, ...]]:
    """Return the pairs that entities are part of, by entity, those of most articles first, at most `MOST` of each.

    Args:
        sentences: the first mention of each entity in each sentence, newest article first, in the order of the text.
    """
    shared: dict[tuple[str, str], list[tuple[Backlink, Backlink]]] = defaultdict(list)
    for named in sentences:
        if 1 < len(named) <= WIDEST:
            for (one, link), (other, beside) in combinations(sorted(named.items()), 2):
                shared[one, other].append((link, beside))
    ranks: dict[str, list[tuple[int, int, tuple[str, str]]]] = defaultdict(list)
    for pair, lines in shared.items():
        articles = len({link.article_id for link, _ in lines}) if len(lines) > 1 else 1
        for entity_id in pair:
            ranks[entity_id].append((-articles, -len(lines), pair))
    nearest = {entity_id: nsmallest(MOST, found) for entity_id, found in ranks.items()}
    wanted = {pair: -articles for found in nearest.values() for articles, _, pair in found}
    pairs = {pair: Pair(pair, tuple(shared[pair]), articles) for pair, articles in wanted.items()}
    return {entity_id: tuple(pairs[pair] for *_, pair in found) for entity_id, found in nearest.items()}
