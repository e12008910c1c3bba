"""Evidence: which of several entities the words around a form speak for. The kinds of evidence are asked in order.

The first kind that speaks for one candidate alone decides; where none does, nothing is decided.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from generator.annotate.common_words import SMALL_WORDS
from generator.annotate.context import is_at_sentence_start, kinds_asked_for
from generator.annotate.fold import fold
from generator.model import BlockKind, Evidence, Kind, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.link.usage import Usage
    from generator.model import Article, Block, Candidate, Entity, Find, Location

FARTHER = 3.0
"""How many times farther from an article's other places the next candidate must lie."""
MORE_WORDS = 2
"""How many words of its description more than any other's a candidate must share with the article."""
OFTEN, MOSTLY = 3, 0.9
"""How often and in which share a form must have meant one entity elsewhere in the archive."""

_NEIGHBOUR = re.compile(r"(?:, | \(| in | of )(?:the )?")
_WORD = re.compile(r"[^\W\d_]{4,}")
_BY_AUTHOR = frozenset({"prefer", "link"})
_ONE_WORD = re.compile(r"[A-Z][a-z]{2,}")
_SMALL = re.compile(r"(?<![\w'./@-])[a-z]{3,}(?!\w|[./@]\w)")


NEVER_COMMON = frozenset({Kind.PERSON, Kind.PLACE})
"""`Turkey` and `Chad` stay countries wherever a bird or a slip of paper is mentioned."""


def words_in_question(finds: Iterable[Find], entities: Mapping[str, Entity]) -> frozenset[str]:
    """Return the words, in small letters, of which `Surroundings.is_common_word` may ask whether they are common."""
    return frozenset(
        find.surface.lower()
        for find in finds
        if _ONE_WORD.fullmatch(find.surface)
        and not any(candidate.rule in _BY_AUTHOR for candidate in find.candidates)
        and any(entities[candidate.entity_id].kind not in NEVER_COMMON for candidate in find.candidates)
    )


class Surroundings:
    """What stands around the finds of one article, gathered when it is first asked for."""

    def __init__(
        self, article: Article, finds: Sequence[Find], entities: Mapping[str, Entity], usage: Usage
    ) -> None:
        self.article, self.finds, self.entities, self.usage = article, finds, entities, usage
        self._blocks = {block.span.start: block for block in article.blocks}
        self._starts = list(self._blocks)
        self.verdicts: dict[tuple[str, tuple[str, ...], str], tuple[str | None, Sequence[str]]] = {}
        """What the whole article says of the same candidates for the same words: asked once, not at each place."""

    @cached_property
    def folded(self) -> str:
        """The text, folded."""
        return fold(self.article.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text in small letters."""
        return frozenset(_WORD.findall(self.folded.lower()))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that the text has in small letters."""
        return frozenset(_SMALL.findall(self.folded))

    @cached_property
    def named(self) -> Counter[str]:
        """How often a full form that no other entity shares names each entity in this article."""
        return Counter(
            find.candidates[0].entity_id
            for find in self.finds
            if len(find.candidates) == 1 and find.candidates[0].strength is Strength.FULL
        )

    @cached_property
    def places(self) -> tuple[Location, ...]:
        """Where the places lie that the article names beyond doubt."""
        located = (self.entities[entity_id].location for entity_id in self.named)
        return tuple(location for location in located if location is not None)

    @cached_property
    def _after_start(self) -> dict[int, str]:
        return {
            find.span.start: find.candidates[0].entity_id for find in self.finds if len(find.candidates) == 1
        }

    @cached_property
    def _before_end(self) -> dict[int, str]:
        return {
            find.span.end: find.candidates[0].entity_id for find in self.finds if len(find.candidates) == 1
        }

    def next_entity(self, find: Find) -> str | None:
        """Return the entity named right after a form: `Paris, Texas`, `Quneitra in Syria`."""
        found = _NEIGHBOUR.match(self.folded, find.span.end)
        return self._after_start.get(found.end()) if found else None

    def previous_entity(self, find: Find) -> str | None:
        """Return the entity named right before a form: `Atlanta, Georgia`."""
        start = find.span.start
        comma = self.folded[start - 2 : start] == ", "
        return self._before_end.get(start - 2) if comma else None

    def is_common_word(self, find: Find, choice: Sequence[Candidate]) -> bool:
        """Tell whether a form where a sentence begins is a common word: `Stock prices fell`."""
        if not _ONE_WORD.fullmatch(find.surface) or not self._may_have_capital(find):
            return False
        strengths = {candidate.strength for candidate in choice}
        if strengths & {Strength.DEMONYM} or any(c.rule in ("prefer", "link", "capitalised") for c in choice):
            return False
        if find.surface in self._capitalised:
            return False
        word = find.surface.lower()
        kinds = {self.entities[candidate.entity_id].kind for candidate in choice}
        common = not kinds & NEVER_COMMON and word in self.usage.common_words
        return common or word in self.small_words

    @cached_property
    def _capitalised(self) -> frozenset[str]:
        """The forms that the text has with a capital where common words have none."""
        return frozenset(find.surface for find in self.finds if not self._may_have_capital(find))

    def _may_have_capital(self, find: Find) -> bool:
        """Tell whether any word would have a capital here: where a sentence begins, and in headings."""
        block = self.block_of(find)
        return block.kind is BlockKind.HEADING or is_at_sentence_start(
            self.folded, find.span.start, block.span
        )

    def block_of(self, find: Find) -> Block:
        """Return the block of a find."""
        return self._blocks[self._starts[bisect_right(self._starts, find.span.start) - 1]]


def decide(
    ids: Sequence[str], find: Find, surroundings: Surroundings, kinds: Iterable[str]
) -> tuple[str | None, Evidence | None]:
    """Return the entity that the first decisive of these kinds of evidence speaks for, and that evidence; else None."""
    for kind in kinds:
        weigh = KINDS[kind]
        if kind in OF_THE_PLACE:
            entity_id, words = weigh(ids, find, surroundings)
        else:
            key = (kind, tuple(ids), find.surface)
            if key not in surroundings.verdicts:
                surroundings.verdicts[key] = weigh(ids, find, surroundings)
            entity_id, words = surroundings.verdicts[key]
        if entity_id is not None:
            return entity_id, Evidence(kind, tuple(words))
    return None, None


def _only(ids: Sequence[str], words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Return the one entity of a list, or none where there are several."""
    return (ids[0], words) if len(ids) == 1 else (None, ())


def _neighbours(ids: Sequence[str], find: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """The place named beside it, `Paris, Texas`, is one that only this candidate lies in, holds or is near to."""
    for beside in (around.next_entity(find), around.previous_entity(find)):
        if beside is not None:
            tied = [i for i in ids if _lies_in(i, beside, around) or _lies_in(beside, i, around)]
            location = around.entities[beside].location
            if len(tied) != 1 and location is not None:
                tied = _nearest(ids, (location,), around)
            if len(tied) == 1:
                return tied[0], [beside]
    return None, ()


def _lies_in(entity_id: str, place: str, around: Surroundings) -> bool:
    inside = {"located-in", "part-of", "member-of"}
    return any(
        relation.to == place and relation.kind in inside for relation in around.entities[entity_id].relations
    )


def _named_elsewhere(ids: Sequence[str], _: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """Only this candidate is named elsewhere in the article by a form that means nobody else."""
    named = [entity_id for entity_id in ids if entity_id in around.named]
    forms = [f.surface for f in around.finds if named and [c.entity_id for c in f.candidates] == named[:1]]
    return _only(named, list(dict.fromkeys(forms))[:1])


def _expected_kind(ids: Sequence[str], find: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """The words beside it ask for a person, a place or a body, and only this candidate is one."""
    seen = kinds_asked_for(around.folded, find.span, around.block_of(find).span)
    return _only([i for i in ids if around.entities[i].kind in seen], list(seen.values()))


def _related(ids: Sequence[str], _: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """Most of the entities named in the article are related to this candidate."""
    ties = {entity_id: _ties(entity_id, around) for entity_id in ids}
    most = max(len(found) for found in ties.values())
    best = [entity_id for entity_id, found in ties.items() if len(found) == most]
    return _only(best, ties[best[0]][:3]) if most else (None, ())


def _ties(entity_id: str, around: Surroundings) -> list[str]:
    """Return the entities named in the article that are related to this one, either way."""
    own = {relation.to for relation in around.entities[entity_id].relations}
    return [
        other
        for other in around.named
        if other != entity_id
        and (other in own or any(relation.to == entity_id for relation in around.entities[other].relations))
    ]


def _nearby(ids: Sequence[str], _: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """This candidate lies far nearer to the other places of the article than any other."""
    nearest = _nearest(ids, around.places, around)
    return _only(nearest, nearest)


def _nearest(ids: Sequence[str], places: Sequence[Location], around: Surroundings) -> list[str]:
    """Return the candidate that lies far nearer to some places than any other; none where several lie near."""
    locations = [around.entities[entity_id].location for entity_id in ids]
    if not places or None in locations:
        return []
    distances = sorted(
        (_distance_to_places(location, places), entity_id)
        for location, entity_id in zip(locations, ids, strict=True)
        if location is not None
    )
    return [distances[0][1]] if distances[0][0] * FARTHER <= distances[1][0] else []


def _distance_to_places(location: Location, places: Sequence[Location]) -> float:
    """Return the mean distance in kilometres to the nearer half of some places."""
    distances = sorted(_kilometres(location, place) for place in places)
    nearer = distances[: (len(distances) + 1) // 2]
    return sum(nearer) / len(nearer)


def _kilometres(one: Location, other: Location) -> float:
    """Return the great-circle distance by the haversine formula; the Earth's mean radius is 6,371 km."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def _described(ids: Sequence[str], find: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """The article shares more words with this candidate's description than with any other's."""
    own = set(_WORD.findall(fold(find.surface).lower()))
    shared = {
        entity_id: (set(_WORD.findall(fold(around.entities[entity_id].description).lower())) & around.words)
        - SMALL_WORDS - own
        for entity_id in ids
    }  # fmt: skip
    common = set.intersection(*shared.values())
    ranked = sorted(ids, key=lambda entity_id: (-len(shared[entity_id] - common), entity_id))
    first, second = (shared[entity_id] - common for entity_id in ranked[:2])
    return (ranked[0], sorted(first)[:3]) if len(first) >= len(second) + MORE_WORDS else (None, ())


def _elsewhere(ids: Sequence[str], find: Find, around: Surroundings) -> tuple[str | None, Sequence[str]]:
    """Nearly always, the form meant this candidate elsewhere in the archive."""
    meant = around.usage.meant.get(find.surface, Counter())
    total = meant.total()
    likely = [i for i in ids if total >= OFTEN and meant[i] >= MOSTLY * total]
    return _only(likely, [f"{meant[likely[0]]} of {total}"] if likely else [])


KINDS: dict[str, Callable[[Sequence[str], Find, Surroundings], tuple[str | None, Sequence[str]]]] = {
    "neighbours": _neighbours,
    "named-elsewhere": _named_elsewhere,
    "expected-kind": _expected_kind,
    "related": _related,
    "nearby": _nearby,
    "described": _described,
    "elsewhere": _elsewhere,
}
OF_THE_PLACE = ("neighbours", "expected-kind")
"""Evidence from the words beside a form; the other kinds say the same wherever it stands in an article."""
