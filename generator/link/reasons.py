"""Reasons: why a mention was linked, in words that a reader understands: on the card and in `archive explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import Mention

RULES = {
    "name": "the words are the entry's name",
    "alias": "the words are a full alias of the entry",
    "short": "the words are a short form, and the entry was named in full before in this article",
    "weak": "the words are a weak form, the entry was named in full before, and the words beside them ask for its kind",
    "demonym": "the words point to the entry without naming it",
    "prefer": "the article's front matter prefers this entry for these words",
    "link": "the article's front matter links these words",
    "role": "the words name a role that the person held on the article's date",
    "titled": "a title that the person held on the article's date stands before the surname",
    "surname": "the words are a surname, and the person was named in full before in this article",
    "first-word": "the words begin a longer name that stands in full before in this article",
    "initials": "the letters are the initials of a name that stands in full before in this article",
    "bracketed": "the article introduces these letters in brackets after the name",
    "country-name": "the words are another usual name or abbreviation of the entry's name",
    "dotted-initials": "the letters are an alias of the entry, written with or without full stops",
    "without-article": "the words are the entry's name without its article",
    "company-form": "the words are the entry's name without the form of the company",
    "place-without-type": "the words are the entry's name without the kind of place",
    "plural": "the words are a form of the entry in the plural",
    "capitalised": "the words are a form of the entry, with capitals because of where they stand",
    "arabic-article": "the words are a form of the entry with the preposition written together with it",
    "transliteration": "the words are a usual spelling of the entry's name in Latin letters",
    "ambiguous": "the words may mean several entries, so they are not linked",
}
"""Every rule, in words without a capital or full stop; docs/linking.md has a heading for each."""

EVIDENCE = {
    "neighbours": "beside the words stands {words}",
    "named-elsewhere": "the article also says \u201c{words}\u201d, which means this entry alone",
    "expected-kind": "\u201c{words}\u201d beside the words asks for this kind of entry",
    "related": "the article also names {words}, to which this entry is related",
    "nearby": "it lies nearest to the other places of the article",
    "described": "its description shares words with the article: {words}",
    "elsewhere": "nearly always the words meant this entry elsewhere in the archive: {words}",
}
"""Every kind of evidence, in words."""
NAMES_ENTITIES = frozenset({"neighbours", "related"})
"""Kinds of evidence whose words are ids."""


def reason(mention: Mention) -> str:
    """Return in words, without a capital or full stop, the rule that made a mention."""
    return RULES[mention.rule]


def evidence_in_words(mention: Mention, names: Mapping[str, str]) -> str:
    """Return in words what settled a mention among several entities; empty where nothing had to be settled.

    Args:
        mention: what was settled.
        names: of entities, by id.
    """
    evidence = mention.evidence
    if evidence is None:
        return ""
    words = evidence.words
    if evidence.kind in NAMES_ENTITIES:
        words = tuple(names.get(word, word) for word in words)
    return EVIDENCE[evidence.kind].format(words=", ".join(words))
