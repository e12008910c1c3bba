"""Entities: which of its candidates a find means. Chosen here and nowhere else; never guessed.

The order of evidence is that of docs/linking.md: the author's word and full forms, then short forms after a full
mention, then demonyms; among several that are equal, what `evidence` says. Where nothing decides, the mention stays
without a link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.link.evidence import KINDS, OF_THE_PLACE, Surroundings, decide
from generator.link.metonyms import denoted
from generator.model import Find, Mention, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from generator.link.usage import Usage
    from generator.model import Article, Candidate, Entity, Evidence

AMBIGUOUS = "ambiguous"
_BY_AUTHOR = frozenset({"prefer", "link"})
_AFTER_OTHERS = frozenset({Strength.SHORT, Strength.WEAK})
"""Forms that mean nobody who was not named in full before."""


def link_entities(
    article: Article, finds: Sequence[Find], entities: Mapping[str, Entity], usage: Usage
) -> tuple[Mention, ...]:
    """Return the mentions of one article.

    Args:
        article: the article.
        finds: what was found in it, in the order of the text.
        entities: all entries by id.
        usage: what forms mean, and how words are written, in the whole archive.
    """
    surroundings = Surroundings(article, finds, entities, usage)
    introduced: set[str] = set()
    mentions: list[Mention] = []
    for find in finds:
        choice = _strongest(find.candidates, introduced)
        if not choice or surroundings.is_common_word(find, choice):
            continue
        chosen, evidence = _choose(choice, find, surroundings)
        entity_id = chosen.entity_id if chosen else None
        if chosen is not None and chosen.strength is Strength.FULL and chosen.rule != "role":
            introduced.add(chosen.entity_id)
        mentions.append(
            Mention(
                find.span,
                find.surface,
                entity_id,
                chosen.rule if chosen else AMBIGUOUS,
                several=_ids(find.candidates),
                evidence=evidence,
                denotes=denoted(surroundings.folded, find.span, entities.get(entity_id or ""), entities),
            )
        )
    return tuple(mentions)


def _ids(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the ids of candidates where these are several; else none."""
    return tuple(c.entity_id for c in candidates) if len(candidates) > 1 else ()


def _choose(
    choice: list[Candidate], find: Find, surroundings: Surroundings
) -> tuple[Candidate | None, Evidence | None]:
    """Return the candidate that is meant, and what decided; None where nothing did."""
    if len(choice) == 1:
        return choice[0], None
    namesakes = len({candidate.strength for candidate in choice}) > 1
    kinds = OF_THE_PLACE if namesakes else KINDS
    entity_id, evidence = decide([candidate.entity_id for candidate in choice], find, surroundings, kinds)
    return next((candidate for candidate in choice if candidate.entity_id == entity_id), None), evidence


def _strongest(candidates: Iterable[Candidate], introduced: Set[str]) -> list[Candidate]:
    """Return the candidates with the best claim; none where a short form was not introduced."""
    usable = [c for c in candidates if c.strength not in _AFTER_OTHERS or c.entity_id in introduced]
    if len(usable) <= 1:
        return usable
    by_author = [c for c in usable if c.rule in _BY_AUTHOR]
    if by_author:
        return by_author
    for strength in (Strength.FULL, Strength.SHORT, Strength.DEMONYM, Strength.WEAK):
        best = [c for c in usable if c.strength is strength]
        if best:
            best = [c for c in best if not c.derived] or best
            return best + _namesakes(best, usable)
    return []


def _namesakes(best: list[Candidate], usable: Iterable[Candidate]) -> list[Candidate]:
    """Return those named before whose short form is a full form of others: George Washington beside Washington."""
    full = {c.entity_id for c in best if c.strength is Strength.FULL and c.rule != "titled"}
    return [c for c in usable if full and c.rule in ("short", "surname") and c.entity_id not in full]
