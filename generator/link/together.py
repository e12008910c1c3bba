"""Together: which entities are named in one sentence, and in which sentences.

A sentence that names very many entities is a list and connects nothing. With that, and with a bounded number of pairs
an entity, the work and what is kept grow with the archive and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.model import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model import Backlink

MOST = 20
"""Pairs of an entity."""
WIDEST = 12
"""A sentence that names more entities than this connects none of them."""


def named_together(backlinks: Mapping[str, Sequence[Backlink]]) -> dict[str, tuple[Pair, ...]]:
    """Return the pairs that each entity is part of, those of most articles first, at most `MOST`.

    Args:
        backlinks: by entity id, newest article first.
    """
    sentences: dict[tuple[str, int], dict[str, Backlink]] = defaultdict(dict)
    for entity_id, links in backlinks.items():
        for link in links:
            sentences[link.article_id, link.context.sentence].setdefault(entity_id, link)
    pairs: dict[tuple[str, str], Pair] = {}
    together = {}
    for entity_id, links in backlinks.items():
        shared: dict[str, list[tuple[Backlink, Backlink]]] = defaultdict(list)
        for link in links:
            named = sentences[link.article_id, link.context.sentence]
            if named[entity_id] is link and len(named) <= WIDEST:
                for other in named.keys() - {entity_id}:
                    shared[other].append((link, named[other]))
        found = [_pair(entity_id, other, lines, pairs) for other, lines in shared.items()]
        found.sort(key=lambda pair: (-pair.articles, -len(pair.sentences), pair.entities))
        together[entity_id] = tuple(found[:MOST])
        pairs.update((pair.entities, pair) for pair in together[entity_id])
    return together


def _pair(
    entity_id: str,
    other: str,
    lines: list[tuple[Backlink, Backlink]],
    known: Mapping[tuple[str, str], Pair],
) -> Pair:
    """Return a pair, the very same from both of its sides."""
    if (entities := (min(entity_id, other), max(entity_id, other))) in known:
        return known[entities]
    if entities[0] != entity_id:
        lines = [(of_other, own) for own, of_other in lines]
    return Pair(entities, tuple(lines), len({own.article_id for own, _ in lines}))
