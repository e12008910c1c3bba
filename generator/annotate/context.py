"""Context: where the words of a name stand and are no mention of it, told from the words beside them.

A part of a longer name that the glossary lacks, a price, a title of a work: each is a rule with a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.annotate.common_words import BEFORE_TITLES, CALENDAR, HEADS, MORE_HEADS, SMALL_WORDS, TITLES
from generator.annotate.fold import fold
from generator.model import Kind, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from generator.annotate.readings import Reading
    from generator.model import Entity, Span

LEFT_ALONE = {
    "longer-name": "a part of a longer name, which the glossary does not have",
    "other-person": "a surname after another given name",
    "other-holder": "an office, but not who holds it now: former or vice, to be won, or followed by another's name",
    "price": "a sum of money",
    "hyphen": "joined by a hyphen to a word that makes another name of it",
    "title-of-work": "a part of a title in quotation marks",
    "common-word": "a common word with a capital, since a sentence or a heading begins with it",
}
"""Every rule by which a form is no mention, in words; docs/linking.md has a heading for each."""
REACH = 80
"""Code points looked at on either side, within the block: a constant cost for each find."""


def _heads(words: Iterable[str]) -> re.Pattern[str]:
    """Match one of these words after a name, with up to two words with a capital between."""
    return re.compile(
        rf"(?: [A-Z][\w.'&-]*(?: of| and| for| the)?){{0,2}}? (?:{'|'.join(sorted(words))})(?![\w-])"
    )


_AFTER_PLACES = _heads(HEADS)
_AFTER_OTHERS = _heads(HEADS | MORE_HEADS)
_OF = re.compile(
    r"(?<!\w)(?:University|College|Bank|Institute|Museum|School|Church|Battle|Siege|Treaty|Duke|Duchess|Earl|Prince"
    r"|Princess|Bishop|Archbishop|Hospital|Port|Gulf|Strait|Bay|Order|Council|Association|Party|States|Union|League"
    r"|Society|Confederation|Voice) of (?:the )?$"
)
_QUALIFIERS = tuple(
    f"{word} "
    for word in (
        "New", "South", "North", "East", "West", "Northern", "Equatorial", "Papua", "Saint", "St.", "San", "Santa",
        "Fort", "Port", "Mount", "Mt.", "Lake", "Cape", "Great", "Greater",
    )
)  # fmt: skip
_QUALIFIED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _QUALIFIERS))})$")
_PRICE = re.compile(r" ?[$\u20ac\u00a3\u00a5](?=\s?\d)|[$\u20ac\u00a3]| dollars?(?!\w)")
_AFTER_DEMONYMS = _heads(
    HEADS | {"Academy", "Federation", "Fund", "League", "Museum", "Party", "Society", "Union"}
)
_BEFORE_DEMONYMS = re.compile(r"(?<!\w)(?:South|North|Central|Latin|Native|[A-Z][a-z]+(?:an|ish|ese|ic)) $")
_NAME_AFTER = re.compile(r" (?P<name>[A-Z][\w'-]*[a-z][\w'-]*)")
_NOT_NOW = re.compile(
    r"(?<!\w)(?:former|late|future|then|previous|next|past|vice|deputy|acting|first|ex"
    r"|\d+(?:st|nd|rd|th))[ -]$",
    re.IGNORECASE,
)
_ANYBODY = re.compile(
    r"(?<!\w)(?:(?:for|as|no|a|an|any|each|every|which) (?:sitting )?"
    r"|(?:be|been|being|become|becomes|became|elect|elected|elects) (?:the )?)$",
    re.IGNORECASE,
)
_HYPHEN_RIGHT = re.compile(r"-(?![A-Z]\w*(?:ed|ing|led|style)\b)[A-Z]\w")
_HYPHEN_LEFT = re.compile(r"[A-Z][\w.]*-$")
_NUMBER = re.compile(r"[ -][A-Z]{0,2}\d")
_NUMBERED = frozenset({Kind.TERM, Kind.ORGANISATION, Kind.EVENT})
_WORD_BEFORE = re.compile(r"(?<!\w)(?P<word>[^\W\d_][\w'-]*|[A-Z]\.(?:[A-Z]\.)?) $")
_NO_GIVEN_NAMES = (
    SMALL_WORDS | TITLES | BEFORE_TITLES | CALENDAR | {"democrat", "republican", "candidate", "rival"}
)
_OPENING = re.compile(r"[\"'(\u201c\u2018\u00ab\[]*")
_ENDS_SENTENCE = re.compile(rf"[.!?\u2026:][\"')\u201d\u2019\]]*\s+{_OPENING.pattern}\Z")
_SENTENCE_END = 12
"""Code points in which a full stop, quotation marks and spaces find room."""
_TITLE_QUOTED = re.compile(r"[\"\u201c](?P<title>[^\"\u201c\u201d\n]{3,80}?)[\"\u201d]")


def is_at_sentence_start(folded: str, start: int, block: Span) -> bool:
    """Tell whether a sentence begins at a place of a block; an abbreviation's full stop may deceive."""
    window = folded[max(block.start, start - _SENTENCE_END) : start]
    at_start = start - _SENTENCE_END <= block.start and _OPENING.fullmatch(window)
    return bool(at_start or _ENDS_SENTENCE.search(window))


# a letter that is neither a capital nor the d of dollars, after a space; a sign that joins nothing
_NOTHING_AFTER = re.compile(r" [^\W\dA-Zd]|[^- $\u20ac\u00a3\u00a5]|\Z")


def is_among_small_words(folded: str, span: Span, block: Span) -> bool:
    """Tell whether what stands beside a form makes nothing else of it, an office excepted: nearly always, and quickly.

    Then nothing joins it to a word, no unknown name stands before it, and `why_no_mention` has nothing to say.
    """
    at = folded.rfind(" ", block.start, span.start - 1)
    word = folded[at + 1 : span.start]
    if at < 0 or not word.islower() or word[-1] != " " or word in {"of ", "the "}:
        return False
    return _NOTHING_AFTER.match(folded, span.end, block.end) is not None


def why_no_mention(
    folded: str, span: Span, block: Span, reading: Reading, entities: Mapping[str, Entity]
) -> str | None:
    """Return the rule by which a form is no mention where it stands, or None where it may be one.

    Args:
        folded: the text of the article, folded.
        span: where the form stands.
        block: the block that it lies in.
        reading: what it may mean.
        entities: all entries by id.
    """
    before = folded[max(block.start, span.start - REACH) : span.start]
    after = folded[span.end : min(block.end, span.end + REACH)]
    surface = folded[span.start : span.end]
    if surface.isupper() and (_PRICE.match(after) or before.endswith("$")):
        return "price"
    if "role" in reading.rules:
        return "other-holder" if _is_another_holder(before, after, _people(reading, entities)) else None
    if Strength.DEMONYM in reading.strengths:
        found = _AFTER_DEMONYMS.match(after) or _BEFORE_DEMONYMS.search(before, _last_word(before, 0, len(before)))
        return "longer-name" if found else None
    if _is_part(surface, before, after, reading.kinds):
        return "longer-name"
    if reading.kinds == _PERSON and reading.strengths == _SHORT:
        return "other-person" if _has_other_given_name(before, _people(reading, entities)) else None
    return None


_PERSON, _SHORT = frozenset({Kind.PERSON}), frozenset({Strength.SHORT})


def _people(reading: Reading, entities: Mapping[str, Entity]) -> list[Entity]:
    found = (entities[candidate.entity_id] for candidate in reading.candidates)
    return [entity for entity in found if entity.kind is Kind.PERSON]


def _is_another_holder(before: str, after: str, people: list[Entity]) -> bool:
    """Tell whether an office is named and not who holds it: `former US President`, `US President Lincoln`."""
    following = _NAME_AFTER.match(after)
    if following and following["name"] in _names(people):
        return bool(_NOT_NOW.search(before))
    return bool(following or _NOT_NOW.search(before) or _ANYBODY.search(before))


def _names(people: Iterable[Entity]) -> set[str]:
    """Return the words of all names of some people."""
    return {part for person in people for alias in person.surface_forms for part in fold(alias.text).split()}


_SPEECH = "said|says|told|added|announced|argued|warned|claimed|denied|stated|insisted|tweeted|wrote|explained|resigned"
_BEFORE = {
    Kind.PLACE: (
        r"(?:in|near|outside|across|throughout|visit(?:ed|ing)? (?:to )?|(?:north|south|east|west) of"
        r"|(?:city|town|state|capital) of|capital) (?:the )?"
    ),
    Kind.PERSON: rf"(?:{'|'.join(sorted(re.escape(title) for title in TITLES if len(title) > 1))})\.? ",
    Kind.ORGANISATION: (
        r"(?:(?:spokes(?:man|woman|person)|work(?:s|ed)?) for|(?:employees|members|shares|CEO) of|joined) (?:the )?"
    ),
}
_AFTER = {
    Kind.PERSON: rf"(?:,? who| (?:has |had |also )?(?:{_SPEECH}))\b",
    Kind.ORGANISATION: r"(?:'s)? (?:employees|spokes(?:man|woman|person)|shares|shareholders|executives|members)\b",
}
_EXPECTED_BEFORE = {kind: re.compile(rf"(?<!\w)(?i:{words})$") for kind, words in _BEFORE.items()}
_EXPECTED_AFTER = {kind: re.compile(words) for kind, words in _AFTER.items()}


def kinds_asked_for(folded: str, span: Span, block: Span) -> dict[Kind, str]:
    """Return the kinds of entity that the words beside a form ask for, each with these words: `in`, `spokesman for`."""
    before = folded[max(block.start, span.start - REACH) : span.start]
    after = folded[span.end : min(block.end, span.end + REACH)]
    seen = {
        kind: found[0].strip() for kind, words in _EXPECTED_BEFORE.items() if (found := words.search(before))
    }
    seen |= {
        kind: found[0].strip() for kind, words in _EXPECTED_AFTER.items() if (found := words.match(after))
    }
    return seen


def _is_part(surface: str, before: str, after: str, kinds: Set[Kind]) -> bool:
    """Tell whether the words are a part of a longer name."""
    if kinds <= _NUMBERED and _NUMBER.match(after) and not surface[-1].isdigit():
        return True
    if surface.islower():
        return False
    heads = _AFTER_PLACES if Kind.PLACE in kinds else _AFTER_OTHERS
    return bool(
        heads.match(after)
        or (before.endswith((" of ", " of the ")) and _OF.search(before))
        or (before.endswith(_QUALIFIERS) and _QUALIFIED.search(before))
    )


_TELLS_NOTHING = re.compile(r"(?:an|ean|ian|ese|ish|ic|ch|ern|i|ian|ist)$")
"""Adjectives of peoples and parties, and points of the compass: they may stand before any name."""


def follows_unknown_name(folded: str, span: Span, block: Span) -> bool:
    """Tell whether a word with a capital stands before a form and makes a longer name of it: `Captain America`.

    Days, adjectives of peoples, letters that stand for something and words that begin a sentence do not.
    """
    found = _capitalised_before(folded, max(block.start, span.start - REACH), span.start)
    if found is None or found["word"].isupper():
        return False
    word = found["word"].lower().rstrip(".")
    if word in SMALL_WORDS | CALENDAR or word.endswith("'s") or "-" in word or _TELLS_NOTHING.search(word):
        return False
    return not is_at_sentence_start(folded, found.start(), block)


def _last_word(text: str, start: int, end: int) -> int:
    """Return where the last word of a stretch begins that ends with a space."""
    return max(start, text.rfind(" ", start, end - 1) + 1)


def _capitalised_before(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the word with a capital that ends, with a space after it, at the end of a stretch.

    Only its last word is looked at.
    """
    start = _last_word(text, start, end)
    if text[start:end].islower():  # as nearly all are
        return None
    found = _WORD_BEFORE.search(text, start, end)
    return found if found is not None and found["word"][0].isupper() else None


def is_joined(folded: str, span: Span) -> tuple[bool, bool]:
    """Tell whether a hyphen joins a word with a capital to the left and to the right of a form."""
    left = folded.endswith("-", 0, span.start) and _HYPHEN_LEFT.search(
        folded[max(0, span.start - 40) : span.start]
    )
    right = folded.startswith("-", span.end) and _HYPHEN_RIGHT.match(folded, span.end)
    return bool(left), bool(right)


_UNITS = "province|governorate|prefecture|oblast|regency|county|district|state|department|region|municipality"
_UNIT_AFTER = re.compile(rf" (?:{_UNITS})s?(?!\w)", re.IGNORECASE)
_UNIT_BEFORE = re.compile(rf"(?<!\w)(?:{_UNITS}) of (?:the )?$", re.IGNORECASE)


def has_unit_beside(folded: str, span: Span) -> bool:
    """Tell whether a unit of administration stands beside a form: `Wedza district`, `the county of Braila`."""
    before = folded[max(0, span.start - 30) : span.start]
    return bool(_UNIT_AFTER.match(folded, span.end) or _UNIT_BEFORE.search(before))


def _has_other_given_name(before: str, people: list[Entity]) -> bool:
    """Tell whether a given name stands before a surname that none of these people has: `Michelle Obama`."""
    found = _capitalised_before(before, 0, len(before))
    if found is None:
        return False
    word = found["word"]
    if word.lower().rstrip(".") in _NO_GIVEN_NAMES or word.endswith("'s"):
        return False
    names = {
        part.lower() for person in people for alias in person.surface_forms for part in alias.text.split()
    }
    titles = {part.lower() for person in people for role in person.roles for part in role.title.split()}
    if word.endswith("."):
        return not any(name.startswith(word[0].lower()) for name in names)
    return word.lower() not in names | titles and not word.isupper()


def find_titles_of_works(text: str) -> list[tuple[int, int]]:
    """Return where titles of works stand in quotation marks; all their long words have capitals."""
    found: list[tuple[int, int]] = []
    if '"' not in text and "\u201c" not in text:
        return found
    for quoted in _TITLE_QUOTED.finditer(text):
        words = quoted["title"].split()
        long = [word for word in words if len(word) > 3]  # noqa: PLR2004 - articles and prepositions are small
        capitals = (
            len(words) > 1 and long and all(word[0].isupper() for word in long) and words[0][0].isupper()
        )
        if capitals and quoted["title"][-1] not in ",.;":
            found.append(quoted.span("title"))
    return found
