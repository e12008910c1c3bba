"""Names: a small index of every name of every entry, in pieces, so that search knows whom a reader means.

A name is kept under the sound of each of its words. A reader's browser fetches the pieces of the words that were typed
and compares; docs/assets/search/names.js does that, by the tables below, which travel with the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from generator.annotate.fold import LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import Archive, Entity

PARTICLES = ("al", "el", "an", "ar", "as", "ash", "at", "az", "ad", "the", "of", "de")
"""Words that a name may have or not."""
PREFIXES = "^[\u0648\u0641]?[\u0628\u0643]?(?:\u0627\u0644|\u0644\u0644)(?=..)"
"""wa-, fa-, bi-, ka- and the article of Arabic, which are written together with a word."""
SOUNDS = (
    ("ph", "f"),
    ("(?<=[bcdgkstz])h", ""),
    ("[cgjkqx]", "k"),
    ("[sz]", "s"),
    ("[bp]", "b"),
    ("[fv]", "f"),
    ("[dt]", "t"),
    ("[uow]", "u"),
    ("[iye]", "i"),
    ("(?<=.)h", ""),
)
"""(pattern, replacement): what writers of other alphabets' names in Latin letters mix up."""
MANY = 1500
"""Entries above which a piece goes by two sounds instead of one."""
_ARTICLE = attrgetter("article_id")
_LETTERS = {ord(letter): plain for letter, plain in LETTERS.items()}
_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1+")


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared: without case, accents, marks, particles.

    >>> words_of("Ahmed al-Sharaa"), words_of("U.A.E."), words_of("The The")
    (['ahmed', 'sharaa'], ['uae'], ['the', 'the'])
    """
    spelled = unicodedata.normalize("NFD", name.translate(_LETTERS).casefold())
    bare = "".join(
        c for c in spelled if unicodedata.category(c)[0] != "M" and c not in ".'\u2019\u02bc\u0640"
    )
    words = _WORD.findall(bare)
    return [re.sub(PREFIXES, "", word) for word in words if word not in PARTICLES] or words


def sound_of(word: str) -> str:
    """Return how a word sounds, roughly.

    >>> sound_of("quneitra") == sound_of("kuneytra"), sound_of("sharaa") == sound_of("shara")
    (True, True)
    """
    for pattern, replacement in SOUNDS:
        word = re.sub(pattern, replacement, word)
    return _REPEATED.sub(r"\1", word)


def name_index(archive: Archive) -> tuple[dict[str, object], Mapping[str, list[object]]]:
    """Return what the browser must know of the index, and its pieces by their names."""
    entities = sorted(archive.entities.values(), key=lambda e: (-len(archive.backlinks.get(e.id, ())), e.id))
    depth = 1 if len(entities) <= MANY else 2
    pieces: dict[str, list[object]] = defaultdict(list)
    for entity in entities:
        record = _record(entity, len({*map(_ARTICLE, archive.backlinks.get(entity.id, ()))}))
        keys = {sound_of(word)[:depth] for name in _names(entity) for word in words_of(name)}
        for key in sorted(keys):
            pieces["-".join(f"{ord(char):x}" for char in key)].append(record)
    known = {
        "depth": depth,
        "pieces": sorted(pieces),
        "letters": LETTERS,
        "particles": PARTICLES,
        "prefixes": PREFIXES,
        "sounds": SOUNDS,
    }
    return known, pieces


def _record(entity: Entity, articles: int) -> dict[str, object]:
    """Return what a reader is offered of an entry, its own name first among its names."""
    return {
        "id": entity.id,
        "kind": entity.kind,
        "articles": articles,
        "names": _names(entity),
    }


def _names(entity: Entity) -> list[str]:
    return list(dict.fromkeys([entity.name, *(alias.text for alias in entity.aliases)]))
