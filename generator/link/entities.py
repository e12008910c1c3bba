"""Entities: which of its candidates a find means. Chosen here and nowhere else; never guessed.

The order of evidence is that of docs/linking.md: the author's word and full forms, then short forms after a full
mention, then demonyms. Several candidates of the same order leave the mention unlinked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Mention, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from generator.model import Candidate, Find

AMBIGUOUS = "ambiguous"


def link_entities(finds: Iterable[Find]) -> tuple[Mention, ...]:
    """Return the mentions of one article, given its finds in the order of the text."""
    introduced: set[str] = set()
    mentions: list[Mention] = []
    for find in finds:
        choice = _strongest(find.candidates, introduced)
        if not choice:
            continue
        chosen = choice[0] if len(choice) == 1 else None
        if chosen is not None and chosen.strength is Strength.FULL:
            introduced.add(chosen.entity_id)
        mentions.append(
            Mention(
                find.span,
                find.surface,
                candidates=tuple(candidate.entity_id for candidate in find.candidates),
                entity_id=chosen.entity_id if chosen else None,
                rule=chosen.rule if chosen else AMBIGUOUS,
            )
        )
    return tuple(mentions)


def _strongest(candidates: Iterable[Candidate], introduced: Set[str]) -> list[Candidate]:
    """Return the candidates with the best evidence; none where a short form was not introduced."""
    usable = [c for c in candidates if c.strength is not Strength.SHORT or c.entity_id in introduced]
    for strength in (Strength.FULL, Strength.SHORT, Strength.DEMONYM):
        best = [c for c in usable if c.strength is strength]
        if best:
            return best
    return []
