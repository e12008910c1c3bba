"""The gazetteer: every surface form of every entity in one Aho-Corasick automaton.

How long a search takes depends on the text, not on the number of forms.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from generator.annotate.fold import as_pattern, unify
from generator.annotate.roles import role_forms
from generator.annotate.variants import derive
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
    rule: str
    derived: bool
    in_capitals: bool
    """The form was put in capitals by us and counts only in a line of capitals."""
    as_written: bool
    """The words must stand in the text with the accents of the alias."""


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
            for rule, alias, derived in self._forms_of(entity):
                as_written = "spelling" in entity.without
                for pattern, in_capitals in _patterns(alias):
                    forms[pattern].append(_Form(entity.id, alias, rule, derived, in_capitals, as_written))
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

    def is_listed(self, pattern: int) -> bool:
        """Tell whether an entry lists a pattern, as a form or as a stop name; else rules derived it."""
        return self._stops[pattern] or any(not form.derived for form in self._forms[pattern])

    def candidates(self, pattern: int, surface: str, day: Edtf, *, capitals: bool) -> tuple[Candidate, ...]:
        """Return the entities that a pattern may mean in an article of this date, sorted by id.

        Args:
            pattern: as in `Hit`.
            surface: the words of the text.
            day: the article's date.
            capitals: whether the hit stands in a line of capitals.
        """
        best: dict[str, Candidate] = {}
        for form in self._forms[pattern]:
            if (form.in_capitals and not capitals) or not form.alias.valid_on(day):
                continue
            if form.as_written and not _same_spelling(form.alias.text, surface):
                continue
            found = Candidate(form.entity_id, form.alias.strength, form.rule, form.derived)
            known = best.get(form.entity_id)
            if known is None or _rank(found) < _rank(known):
                best[form.entity_id] = found
        return tuple(best[entity_id] for entity_id in sorted(best))

    def _forms_of(self, entity: Entity) -> Iterator[tuple[str, Alias, bool]]:
        """Yield every form of an entry with its rule, and whether it is derived."""
        for alias in entity.surface_forms:
            is_name = alias.text == entity.matched_name
            yield _RULES.get(alias.strength) or ("name" if is_name else "alias"), alias, False
        listed = {alias.text for alias in entity.surface_forms}
        for rule, alias in derive(entity):
            if alias.text not in listed:
                yield rule, alias, True
        for alias in role_forms(entity, self.entities):
            if alias.text not in listed:
                yield "role", alias, True


def _rank(candidate: Candidate) -> tuple[int, bool, bool, str]:
    """Strongest first; of two full forms, the listed one, and the name."""
    order = list(Strength).index(candidate.strength)
    return (order, candidate.derived, candidate.rule != "name", candidate.rule)


def _same_spelling(text: str, surface: str) -> bool:
    return (
        unicodedata.normalize("NFC", unify(surface)).upper()
        == unicodedata.normalize("NFC", unify(text)).upper()
    )


def _patterns(alias: Alias) -> Iterator[tuple[str, bool]]:
    """Yield the folded spellings of a form: composed, decomposed, and in capitals."""
    spellings = {as_pattern(unicodedata.normalize(form, alias.text)) for form in ("NFC", "NFD")}
    for spelling in sorted({*spellings, as_pattern(alias.text)} - {""}):
        yield spelling, False
        if not alias.exact and spelling.upper() != spelling:
            yield spelling.upper(), True
