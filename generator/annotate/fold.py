"""Folding for matching: typographic variants become one character, one for one, so that offsets stay.

`len(fold(text)) == len(text)` for every text: case folding would break that (`len("ß".casefold()) == 2`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLE = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc\u2032\uff07", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013", "-"),
        **dict.fromkeys("\t\n\r\u00a0\u2007\u2009\u202f", " "),
    }
)
_JOINERS = frozenset("_\u200c\u200d")
_SPACES = re.compile(" {2,}")


def fold(text: str) -> str:
    r"""Return the text with apostrophes, hyphens and white space unified; as long as the text.

    >>> fold("Syria\u2019s\nnorth")
    "Syria's north"
    """
    return text.translate(_TABLE)


def squeeze(folded: str) -> tuple[str, Sequence[int]]:
    """Return a folded text with each run of spaces as one, and where each of its characters stood.

    >>> squeeze("New  York")
    ('New York', [0, 1, 2, 3, 5, 6, 7, 8])
    """
    if "  " not in folded:
        return folded, range(len(folded))
    places = [at for at, char in enumerate(folded) if char != " " or not at or folded[at - 1] != " "]
    return _SPACES.sub(" ", folded), places


def is_word(char: str) -> bool:
    """Tell whether a character belongs to a word: letters, digits, marks, joiners."""
    return char.isalnum() or char in _JOINERS or unicodedata.category(char)[0] == "M"


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Tell whether no word goes on beyond either end of `text[start:end]`.

    A final full stop counts as part of a word, so that `U.S.` is not found in `U.S.A.`.
    """
    begins = start == 0 or not (is_word(text[start - 1]) and is_word(text[start]))
    ends = end == len(text) or not (is_word(text[end]) and (text[end - 1] == "." or is_word(text[end - 1])))
    return begins and ends
