"""Usage: what the whole archive says about forms: which entity a shared form meant elsewhere, which words are common.

Gathered once, between finding and choosing; evidence that no single article has.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct, field

from generator.annotate.fold import is_whole_word
from generator.link.evidence import NEVER_COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.model import Article, Entity, Mention

_ONE_WORD = re.compile(r"[A-Z][a-z]{2,}")
_ADDRESS_GOES_ON = re.compile(r"[./@-]\w")


class Usage(Struct, frozen=True):
    """What an archive's texts say about the forms of its glossary."""

    common_words: frozenset[str] = frozenset()
    """Names of one word that some text has in small letters, in small letters: `stock`, `axis`."""
    meant: Mapping[str, Counter[str]] = field(default_factory=dict)
    """How often a form of several entities was settled for each of them, by form and entity."""


def find_common_words(articles: Iterable[Article], entities: Iterable[Entity]) -> frozenset[str]:
    """Return the names of one word, in small letters, that stand so in a text; of people and places, none."""
    names = {
        alias.text.lower()
        for entity in entities
        if entity.kind not in NEVER_COMMON
        for alias in entity.surface_forms
        if _ONE_WORD.fullmatch(alias.text)
    }
    if not names:
        return frozenset()
    patterns = sorted(names)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    found: set[str] = set()
    for article in articles:
        for pattern, start, end in automaton.find_matches_as_indexes(article.text):
            if patterns[pattern] not in found and _is_alone(article.text, start, end):
                found.add(patterns[pattern])
    return frozenset(found)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a word stands by itself, not in an address or a compound: `axis.example`, `stock-taking`."""
    beside = start > 0 and text[start - 1] in "./@-"
    return is_whole_word(text, start, end) and not beside and not _ADDRESS_GOES_ON.match(text, end)


def count_meanings(articles: Iterable[Iterable[Mention]]) -> dict[str, Counter[str]]:
    """Return how often each form that may mean several entities was settled for each of them."""
    meant: dict[str, Counter[str]] = defaultdict(Counter)
    for mentions in articles:
        for mention in mentions:
            if mention.several and mention.entity_id is not None:
                meant[mention.surface][mention.entity_id] += 1
    return dict(meant)
