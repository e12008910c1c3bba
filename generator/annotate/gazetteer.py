"""The gazetteer: every surface form of every entity in one Aho-Corasick automaton.

How long a search takes depends on the text, not on the number of forms.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from generator.annotate.fold import fold
from generator.model import Alias, Candidate, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Edtf, Entity

_RULES = {Strength.SHORT: "short", Strength.DEMONYM: "demonym", Strength.WEAK: "weak"}


@dataclass(frozen=True, slots=True)
class _Form:
    """What a pattern of the automaton stands for."""

    entity_id: str
    alias: Alias
    is_name: bool
    in_capitals: bool
    """The form was put in capitals by us and counts only in a line of capitals."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a pattern stands, whole words or not."""

    pattern: int
    start: int
    end: int


class Gazetteer:
    """All surface forms of a glossary, ready to be searched.

    Args:
        entities: the entries, in any order.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = {entity.id: entity for entity in sorted(entities, key=lambda e: e.id)}
        forms: dict[str, list[_Form]] = defaultdict(list)
        stops: set[str] = set()
        for entity in self.entities.values():
            for alias in entity.surface_forms:
                is_name = alias.text == entity.matched_name
                for pattern, in_capitals in _patterns(alias):
                    forms[pattern].append(_Form(entity.id, alias, is_name, in_capitals))
            stops.update(pattern for stop in entity.stop for pattern, _ in _patterns(Alias(stop)))
        patterns = sorted({*forms, *stops})
        self._forms = [tuple(forms.get(pattern, ())) for pattern in patterns]
        self._stops = [pattern in stops for pattern in patterns]
        self._automaton = AhoCorasick(patterns) if patterns else None

    def find(self, folded: str) -> Iterator[Hit]:
        """Yield every place where a pattern stands in a folded and squeezed text, overlapping ones included."""
        if self._automaton is not None:
            for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
                yield Hit(pattern, start, end)

    def is_stop(self, pattern: int) -> bool:
        """Tell whether a pattern is a longer name that only keeps others away."""
        return self._stops[pattern]

    def candidates(self, pattern: int, day: Edtf, *, capitals: bool) -> tuple[Candidate, ...]:
        """Return the entities that a pattern may mean in an article of this date, sorted by id.

        Args:
            pattern: as in `Hit`.
            day: the article's date.
            capitals: whether the hit stands in a line of capitals.
        """
        best: dict[str, Candidate] = {}
        for form in self._forms[pattern]:
            if (form.in_capitals and not capitals) or not form.alias.valid_on(day):
                continue
            rule = _RULES.get(form.alias.strength) or ("name" if form.is_name else "alias")
            found = Candidate(form.entity_id, form.alias.strength, rule)
            known = best.get(form.entity_id)
            if known is None or _rank(found) < _rank(known):
                best[form.entity_id] = found
        return tuple(best[entity_id] for entity_id in sorted(best))


def _rank(candidate: Candidate) -> tuple[int, bool]:
    """Strongest first; of two full forms, the name."""
    return (list(Strength).index(candidate.strength), candidate.rule != "name")


def _patterns(alias: Alias) -> Iterator[tuple[str, bool]]:
    """Yield the folded spellings of a form: composed, decomposed, and in capitals."""
    text = " ".join(alias.text.split())
    spellings = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} | {fold(text)}
    for spelling in sorted(spellings - {""}):
        yield spelling, False
        if not alias.exact and spelling.upper() != spelling:
            yield spelling.upper(), True
