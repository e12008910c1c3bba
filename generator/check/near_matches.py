"""Near matches: which entries of a glossary a name that it lacks may belong to, and why.

Every entry is looked up in tables, never compared one by one: the time for a name does not depend on the
glossary.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.common_words import JOINING
from generator.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.model import Entity

MAX_MATCHES = 3
MIN_MISSPELT = 5
"""Letters: `Iran` is no misspelling of `Iraq`."""
MIN_TWICE_MISSPELT = 9
"""Letters from which two are allowed to differ: `Austria` is no misspelling of `Australia`."""
MAX_OWNERS = 3
"""Entries that may share a word which still tells them from others."""
MIN_DISTINCTIVE = 4
"""Letters of such a word."""
STEM = 4
"""First letters that a place and its adjective share: `Iran`, `Iranian`; `Britain`, `British`."""
MAX_ENDING = 3
"""Letters of a place's name that its adjective may lack."""
MAX_COMPARED = 40
"""Letters of a name that is compared letter by letter."""
_ADJECTIVE = re.compile(r"(?:an|ese|ish|i|ic|er|is|ch)s?$")


class Reason(StrEnum):
    """Why an entry is near a name; the likeliest come first."""

    SPELLING = "spelling"
    """Other capitals, accents, hyphens or spaces."""
    MISSPELLING = "misspelling"
    """A letter or two differ."""
    INITIALS = "initials"
    """One is made of the initials of the other."""
    DEMONYM = "demonym"
    """It looks like the adjective of the place."""
    SHORT = "short"
    """All its words stand in the alias."""
    LONGER = "longer"
    """It holds the whole alias, and more; a place inside a longer name does not count."""
    SHARED = "shared"
    """They share two words that few other entries have, or a surname."""


LIKELY_ALIAS = frozenset({Reason.INITIALS, Reason.SHORT, Reason.DEMONYM})
LIKELY_SPELLING = frozenset({Reason.SPELLING, Reason.MISSPELLING})


class NearMatch(Struct, frozen=True):
    """An entry that may be meant."""

    entity_id: str
    alias: str
    """The name or alias of it that is near."""
    reason: Reason


class _Form(Struct, frozen=True, eq=False):
    entity: Entity
    text: str
    words: tuple[str, ...]


class NearMatches:
    """The tables of a glossary.

    Args:
        entities: the entries, in any order.
        vocabulary: words that the archive has in small letters: they tell no names apart.
    """

    def __init__(self, entities: Iterable[Entity], vocabulary: Collection[str]) -> None:
        self._vocabulary = vocabulary
        self._keys: dict[str, list[_Form]] = defaultdict(list)
        self._initials: dict[str, list[_Form]] = defaultdict(list)
        self._words: dict[str, list[_Form]] = defaultdict(list)
        self._stems: dict[str, list[_Form]] = defaultdict(list)
        self._owners: dict[str, set[str]] = defaultdict(set)
        for entity in sorted(entities, key=lambda e: e.id):
            for text in dict.fromkeys(alias.text for alias in entity.surface_forms):
                self._add(_Form(entity, text, _words(text)))

    def _add(self, form: _Form) -> None:
        key = "".join(form.words)
        for spelling in _with_one_left_out(key):
            self._keys[spelling].append(form)
        if form.entity.kind is not Kind.PERSON:
            self._initials[key if form.text.isupper() else _initials(form.text)].append(form)
        for word in dict.fromkeys(form.words):
            self._words[word].append(form)
            self._owners[word].add(form.entity.id)
        if form.entity.kind is Kind.PLACE and len(form.words) == 1:
            self._stems[key[:STEM]].append(form)

    def of(self, name: str) -> tuple[NearMatch, ...]:
        """Return the likeliest matches, at most three, one an entry."""
        order = list(Reason)
        best: dict[str, NearMatch] = {}
        for match in self._all(name):
            known = best.get(match.entity_id)
            if known is None or order.index(match.reason) < order.index(known.reason):
                best[match.entity_id] = match
        return tuple(sorted(best.values(), key=lambda m: (order.index(m.reason), m.entity_id))[:MAX_MATCHES])

    def _all(self, name: str) -> Iterator[NearMatch]:
        words = _words(name)
        key = "".join(words)
        for spelling in _with_one_left_out(key):
            for form in self._keys.get(spelling, ()):
                if reason := _same_spelling(key, "".join(form.words)):
                    yield NearMatch(form.entity.id, form.text, reason)
        for initials in {key} if name.isupper() else {_initials(name)} - {""}:
            for form in self._initials.get(initials, ()):
                if name.isupper() != form.text.isupper():
                    yield NearMatch(form.entity.id, form.text, Reason.INITIALS)
        for form in self._stems.get(key[:STEM], ()) if len(words) == 1 and _ADJECTIVE.search(key) else ():
            place = form.words[0]
            if key != place and key.startswith(place[: max(STEM, len(place) - MAX_ENDING)]):
                yield NearMatch(form.entity.id, form.text, Reason.DEMONYM)
        yield from self._by_words(words)

    def _by_words(self, words: tuple[str, ...]) -> Iterator[NearMatch]:
        wanted = {word for word in words if self._tells_apart(word)}
        for form in {form: None for word in words if word in wanted for form in self._words.get(word, ())}:
            reason = _shared(words, wanted, form)
            if reason is not None:
                yield NearMatch(form.entity.id, form.text, reason)

    def _tells_apart(self, word: str) -> bool:
        few = len(self._owners.get(word, ())) <= MAX_OWNERS
        return few and len(word) >= MIN_DISTINCTIVE and word not in self._vocabulary


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", re.sub(r"[.'’]", "", text)).casefold()
    return tuple(re.findall(r"[^\W_]+", "".join(char for char in plain if not unicodedata.combining(char))))


def _is_written_as_name(text: str) -> bool:
    """Tell whether every longer word has a capital: `German airline Lufthansa` is a description."""
    return all(not word[0].islower() for word in re.findall(r"\w+", text) if len(word) >= MIN_DISTINCTIVE)


def _initials(text: str) -> str:
    """Return initials: `wfp` of `World Food Programme`; nothing of one word or a description."""
    words = [word for word in _words(text) if word not in JOINING and word not in {"the", "and", "for", "on"}]
    one_by_one = len(words) > 1 and _is_written_as_name(text) and "." not in text
    return "".join(word[0] for word in words) if one_by_one else ""


def _shared(words: tuple[str, ...], wanted: Collection[str], form: _Form) -> Reason | None:
    """Return what two names have in common that share a word of those that tell entries apart."""
    if set(words) < set(form.words):
        return Reason.SHORT if _is_written_as_name(form.text) else None
    if set(form.words) < set(words):
        tells = len(form.words) > 1 and form.entity.kind is not Kind.PLACE
        return Reason.LONGER if tells else None
    surname = form.entity.kind is Kind.PERSON and words[-1] == form.words[-1] and words[-1] in wanted
    several = len(set(form.words) & set(wanted)) > 1 and _is_written_as_name(form.text)
    return Reason.SHARED if len(words) > 1 and (surname or several) else None


def _with_one_left_out(key: str) -> Iterator[str]:
    """Yield the letters of a name as they are, and with each one left out where they are many enough."""
    yield key
    if MIN_MISSPELT <= len(key) <= MAX_COMPARED:
        yield from sorted({key[:at] + key[at + 1 :] for at in range(len(key))})


def _same_spelling(one: str, other: str) -> Reason | None:
    """Tell whether two names differ by no letter, or by one or two that are not an ending."""
    if one == other:
        return Reason.SPELLING if one else None
    shorter = min(len(one), len(other))
    if (
        shorter < MIN_MISSPELT
        or one.startswith(other)
        or other.startswith(one)
        or not (one + other).isalpha()
    ):
        return None
    edits = _edits(one, other)
    return Reason.MISSPELLING if edits == 1 or (edits == 2 and shorter >= MIN_TWICE_MISSPELT) else None  # noqa: PLR2004


def _edits(one: str, other: str) -> int:
    """Return how many letters are put in, left out, changed or swapped with the next to make the other.

    This is the optimal string alignment distance (Boytsov, 2011).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, char in enumerate(one, start=1):
        row = [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(last[to] + 1, row[-1] + 1, last[to - 1] + (char != wanted))
            if at > 1 and to > 1 and (char, one[at - 2]) == (other[to - 2], wanted):
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
