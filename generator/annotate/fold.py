"""Folding for matching: typographic and spelling variants become one character, one for one, so that offsets stay.

`len(fold(text)) == len(text)` for every text: case folding would break that (`len("ß".casefold()) == 2`).
What has to go altogether, such as a repeated space or a vowel mark, goes in `squeeze`, which says what stood where.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import overload

_TYPOGRAPHIC = {
    **dict.fromkeys("\u2019\u2018\u02bc\u2032\uff07\u05f3\u02bb", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u05be", "-"),
    **dict.fromkeys("\t\n\r\u00a0\u2007\u2009\u202f", " "),
}
_WITHOUT_DECOMPOSITION = {
    "\u0142": "l",
    "\u0141": "L",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0111": "d",
    "\u0110": "D",
}
_ARABIC = {
    **dict.fromkeys("\u0622\u0623\u0625\u0671", "\u0627"),  # alef with madda, hamza above, hamza below, wasla
    **dict.fromkeys("\u0649\u06cc", "\u064a"),  # alef maqsura and Persian yeh are written for yeh
    "\u0629": "\u0647",  # teh marbuta is written as heh
    "\u06a9": "\u0643",  # Persian kaf
}


def _latin_letters() -> dict[str, str]:
    """Return each accented Latin letter with the letter below its accents."""
    found = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            found[chr(code)] = base
    return found


LETTERS = {**_WITHOUT_DECOMPOSITION, **_ARABIC}
"""Letters that are written for each other although Unicode does not take them apart."""
_SPELLING = {**_latin_letters(), **LETTERS}
_TYPOGRAPHIC_TABLE = str.maketrans(_TYPOGRAPHIC)
_TABLE = str.maketrans({**_TYPOGRAPHIC, **_SPELLING})
_JOINERS = frozenset("_\u200c\u200d")
_FIRST_MARK = "\u0300"
"""No character before it is a mark, in any script."""
# accents that follow a Latin letter; vowel marks of Arabic and its lengthening stroke; points of Hebrew
_MARKS = "(?<=[A-Za-z\u0300-\u036f])[\u0300-\u036f]|[\u064b-\u065f\u0670\u0640]|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7]"
_SPACES = re.compile("  +")
_SPACES_AND_MARKS = re.compile(f"  +|(?:{_MARKS})+")
_ANY_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640-\u0670]")
_NOT_ASCII = re.compile("[^\\x00-\\x7f]+")
_MARK = re.compile(f"(?:{_MARKS})+")


def unify(text: str) -> str:
    r"""Return the text with apostrophes, hyphens and white space unified; as long as the text.

    >>> unify("Syria\u2019s\nnorth")
    "Syria's north"
    """
    return text.translate(_TYPOGRAPHIC_TABLE)


def fold(text: str) -> str:
    r"""Return the text unified, and Latin letters without accents, Arabic letters in one form; as long as the text.

    >>> fold("S\u00e3o Tom\u00e9\u2019s")
    "Sao Tome's"
    """
    # a translation of the few letters that are not ASCII takes a third of the time of one of them all
    folded = text if text.isascii() else _NOT_ASCII.sub(lambda found: found[0].translate(_TABLE), text)
    return folded.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def squeeze(folded: str) -> tuple[str, Sequence[int]]:
    """Return a folded text with each run of spaces as one and without marks, and where each of its characters stood.

    >>> squeezed, places = squeeze("New  York")
    >>> squeezed, places[3], places[4]
    ('New York', 3, 5)
    """
    if folded.isascii() and "  " not in folded:  # as nearly every paragraph
        return folded, range(len(folded))
    stretches: list[tuple[int, int]] = []
    at = 0
    dropped = _SPACES_AND_MARKS if not folded.isascii() and _ANY_MARK.search(folded) else _SPACES
    for found in dropped.finditer(folded):
        start = found.start() + (folded[found.start()] == " ")
        stretches.append((at, start))
        at = found.end()
    if not stretches:
        return folded, range(len(folded))
    stretches.append((at, len(folded)))
    return "".join([folded[start:end] for start, end in stretches]), _Places(stretches)


class _Places(Sequence[int]):
    """Where the characters of some stretches of a text stand in it, one after the other."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        lengths = (end - start for start, end in stretches)
        self._first = list(accumulate(lengths, initial=0))
        """The number of the first character of each stretch, and that of all."""
        self._starts = [start for start, _ in stretches]

    def __len__(self) -> int:
        return self._first[-1]

    @overload
    def __getitem__(self, number: int) -> int: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[int]: ...
    def __getitem__(self, number: int | slice) -> int | Sequence[int]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        stretch = bisect_right(self._first, number) - 1
        return self._starts[stretch] + number - self._first[stretch]


def end_of_marks(folded: str, end: int) -> int:
    """Return where the marks end that belong to the letter before `end`."""
    if folded[end : end + 1] < _FIRST_MARK:
        return end
    found = _MARK.match(folded, end)
    return found.end() if found else end


def as_pattern(text: str) -> str:
    """Return a surface form as it stands in folded and squeezed texts."""
    return squeeze(fold(" ".join(text.split())))[0]


def is_word(char: str) -> bool:
    """Tell whether a character belongs to a word: letters, digits, marks, joiners."""
    return (
        char.isalnum() or char in _JOINERS or (char >= _FIRST_MARK and unicodedata.category(char)[0] == "M")
    )


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Tell whether no word goes on beyond either end of `text[start:end]`.

    A final full stop counts as part of a word, so that `U.S.` is not found in `U.S.A.`. The particles that Arabic
    and Hebrew write together with a name count as words of their own.
    """
    ends = end == len(text) or not (is_word(text[end]) and (text[end - 1] == "." or is_word(text[end - 1])))
    if not ends:
        return False
    return (
        start == 0
        or not (is_word(text[start - 1]) and is_word(text[start]))
        or _follows_particles(text, start, end)
    )


# wa-, fa-, bi-, li-, ka- and the article of Arabic; be-, ve-, ha-, ke-, le-, mi-, she- of Hebrew
_PARTICLES = re.compile(
    "(?<![\\w\u064b-\u065f])(?:[\u0648\u0641]?[\u0628\u0644\u0643]?(?:\u0627\u0644)?|[\u05d1\u05d5\u05d4\u05db\u05dc\u05de\u05e9]{1,2})$"
)
_SHORTEST_NAME = 3
"""Letters of a name that may follow a particle: shorter ones are parts of many words."""
_LONGEST_PARTICLES = 4


def _follows_particles(text: str, start: int, end: int) -> bool:
    first = text[start]
    if not ("\u0590" <= first <= "\u06ff") or end - start < _SHORTEST_NAME:
        return False
    window = text[max(0, start - _LONGEST_PARTICLES - 1) : start]
    found = _PARTICLES.search(window)
    return found is not None and bool(found[0])
