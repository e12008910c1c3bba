"""The gazetteer: every surface form of every entity in one Aho-Corasick automaton.

How long a search takes depends on the text, not on the number of forms.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from generator.annotate.fold import as_pattern, end_of_marks, is_whole_word, squeeze, unify
from generator.annotate.readings import Reading
from generator.annotate.roles import role_forms
from generator.annotate.variants import derive
from generator.model import Alias, Candidate, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.model import Edtf, Entity

_RULES = {Strength.SHORT: "short", Strength.DEMONYM: "demonym", Strength.WEAK: "weak"}


class _Form(Struct, frozen=True):
    """What a pattern of the automaton stands for."""

    entity_id: str
    alias: Alias
    rule: str
    derived: bool
    in_capitals: bool
    """The form was put in capitals by us and counts only in a line of capitals."""
    as_written: bool
    """The words must stand in the text with the accents of the alias."""


class Gazetteer:
    """All surface forms of a glossary, ready to be searched.

    Args:
        entities: the entries, in any order.
        seen: what a search may look at of each entry besides its forms; all of it where absent.
    """

    def __init__(self, entities: Iterable[Entity], seen: Mapping[str, Entity] | None = None) -> None:
        by_id = {entity.id: entity for entity in sorted(entities, key=lambda e: e.id)}
        self.entities = by_id if seen is None else seen
        forms: dict[str, list[_Form]] = defaultdict(list)
        stops: set[str] = set()
        for entity in by_id.values():
            for rule, alias, derived in _forms_of(entity, by_id):
                as_written = "spelling" in entity.without
                for pattern, in_capitals in _patterns(alias):
                    forms[pattern].append(_Form(entity.id, alias, rule, derived, in_capitals, as_written))
            stops.update(pattern for stop in entity.stop for pattern, _ in _patterns(Alias(stop)))
        patterns = sorted({*forms, *stops})
        self._patterns = patterns
        self._forms = [tuple(forms.get(pattern, ())) for pattern in patterns]
        self._stops = [pattern in stops for pattern in patterns]
        self._always: dict[int, Reading | None] = {}
        self._automaton = AhoCorasick(patterns) if patterns else None

    def find(self, folded: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
        """Yield (pattern, start, end) of every place where a pattern stands as whole words, overlapping ones included.

        Args:
            folded: a text, folded.
            start: where the stretch of it begins that is searched; no word goes on beyond either end of that.
            end: where it ends; absent, with the text.
        """
        if self._automaton is None:
            return
        squeezed, places = squeeze(folded[start:end])
        for pattern, first, last in self._automaton.find_matches_as_indexes(squeezed, overlapping=True):
            begins, ends = start + places[first], end_of_marks(folded, start + places[last - 1] + 1)
            if is_whole_word(folded, begins, ends):
                yield pattern, begins, ends

    def is_stop(self, pattern: int) -> bool:
        """Tell whether a pattern is a longer name that only keeps others away."""
        return self._stops[pattern]

    def is_listed(self, pattern: int) -> bool:
        """Tell whether an entry lists a pattern, as a form or as a stop name; else rules derived it."""
        return self._stops[pattern] or any(not form.derived for form in self._forms[pattern])

    def says(self) -> Iterator[tuple[str, bool, tuple[_Form, ...]]]:
        """Yield each pattern with all that is known of it: whether it is a stop name, and its forms."""
        return zip(self._patterns, self._stops, self._forms, strict=True)

    def always(self, pattern: int) -> Reading | None:
        """Return what a pattern may mean wherever and whenever it stands; None where it depends on that."""
        if pattern not in self._always:
            candidates = _whenever(self._forms[pattern])
            self._always[pattern] = None if candidates is None else Reading(candidates, self.entities)
        return self._always[pattern]

    def reading(self, pattern: int, surface: str, day: Edtf, *, capitals: bool) -> Reading:
        """Return what a pattern may mean in an article of this date.

        Args:
            pattern: as `find` has it.
            surface: the words of the text.
            day: the article's date.
            capitals: whether it stands in a line of capitals.
        """
        usable = (
            form
            for form in self._forms[pattern]
            if (capitals or not form.in_capitals)
            and form.alias.valid_on(day)
            and (not form.as_written or _same_spelling(form.alias.text, surface))
        )
        return Reading(_best(usable), self.entities)


def _forms_of(entity: Entity, entities: Mapping[str, Entity]) -> Iterator[tuple[str, Alias, bool]]:
    """Yield every form of an entry with its rule, and whether it is derived."""
    for alias in entity.surface_forms:
        is_name = alias.text == entity.matched_name
        yield _RULES.get(alias.strength) or ("name" if is_name else "alias"), alias, False
    listed = {alias.text for alias in entity.surface_forms}
    for rule, alias in derive(entity):
        if alias.text not in listed:
            yield rule, alias, True
    for alias in role_forms(entity, entities):
        if alias.text not in listed:
            yield "role", alias, True


def _whenever(forms: Sequence[_Form]) -> tuple[Candidate, ...] | None:
    """Return the candidates of forms that count everywhere and at all times; None where some do not."""
    for form in forms:
        if form.in_capitals or form.as_written or form.alias.since is not None or form.alias.until is not None:
            return None
    return _best(forms)


def _best(forms: Iterable[_Form]) -> tuple[Candidate, ...]:
    """Return what forms may mean, sorted by id: each entity once, by its best form."""
    best: dict[str, Candidate] = {}
    for form in forms:
        found = Candidate(form.entity_id, form.alias.strength, form.rule, form.derived)
        known = best.get(form.entity_id)
        if known is None or _rank(found) < _rank(known):
            best[form.entity_id] = found
    return tuple(best[entity_id] for entity_id in sorted(best))


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
