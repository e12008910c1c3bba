"""Readings: what a form may mean, with all that the rules about the words beside it ask of its candidates.

The same few readings stand in many places: each is looked through once, and not at each place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Kind, Strength

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import Candidate, Entity

_WEIGHED = frozenset({Strength.SHORT, Strength.WEAK})
_WEIGHED_RULES = frozenset({"capitalised", "place-without-type"})


class Reading:
    """What a form may mean.

    Args:
        candidates: the entities, sorted by id; none, where the form only keeps others away.
        entities: all entries by id.
    """

    __slots__ = ("candidates", "follows_any_word", "kinds", "needs_weighing", "rules", "strengths")

    def __init__(self, candidates: tuple[Candidate, ...], entities: Mapping[str, Entity]) -> None:
        self.candidates = candidates
        self.kinds = frozenset([entities[candidate.entity_id].kind for candidate in candidates])
        self.strengths = frozenset([candidate.strength for candidate in candidates])
        self.rules = frozenset([candidate.rule for candidate in candidates])
        self.needs_weighing = not (
            self.strengths.isdisjoint(_WEIGHED) and self.rules.isdisjoint(_WEIGHED_RULES)
        )
        """Whether the words beside the form may make a candidate stronger, or are needed for it."""
        self.follows_any_word = (
            self.strengths != {Strength.FULL}
            or "role" in self.rules
            or not self.kinds.isdisjoint((Kind.PERSON, Kind.TERM))
        )
        """Whether it may follow any word: names of people, adjectives, offices, what the author links."""
