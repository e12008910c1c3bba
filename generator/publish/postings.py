"""Postings: where words stand in some documents, in the form in which an index holds it.

All that an index says of a word is its postings, one for each document: how many documents it is behind the last one,
and in which places of its text and of its fields the word stands. They are written here as Pagefind would write them,
byte for byte (CBOR, RFC 8949), but for the beginning of the first: that depends on what comes before these documents.
"""

from __future__ import annotations

from collections import defaultdict
from operator import sub
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.publish.documents import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.publish.tokens import Tokens
    from generator.publish.vocabulary import Vocabulary

FIELDS = ("date", "description", "image", "image_alt", "kind", "language", "outlet", "title")
"""What may be known of a document besides its text; its words are found too."""
_FIELD = 1 << 8
"""Where there could be a weight, which goes to 255, stands this and the number of a field: there, words have none."""

Posted = tuple[int, int, int, bytes]
"""All postings of a word in some documents: the numbers of the first and the last one that has it, how many have, and
the postings, without the beginning of the first, which says how far its document is behind the last one."""
_Word = str | tuple[str, str]
"""A word, or a word with accents, without them and as it is written."""


class Postings:
    """The postings of documents that follow one another, noted in their order."""

    def __init__(self) -> None:
        self._words: dict[_Word, _Noted] = {}

    def note(self, number: int, places: Places) -> None:
        """Note where words stand in a document."""
        words = self._words
        for word, written in places.written():
            noted = words.get(word)
            if noted is None:
                words[word] = _Noted(number, number, [written])
            else:
                noted.pieces += (STARTS[number - noted.last], written)
                noted.last = number

    def words(self) -> dict[str, Posted]:
        """Return the postings of each word."""
        return {word: noted.posted() for word, noted in self._words.items() if isinstance(word, str)}

    def forms(self) -> dict[str, dict[str, Posted]]:
        """Return those of words with accents, by the words without them and then as they are written."""
        forms: dict[str, dict[str, Posted]] = defaultdict(dict)
        for word, noted in self._words.items():
            if not isinstance(word, str):
                forms[word[0]][word[1]] = noted.posted()
        return forms


class _Noted(Struct):
    """The postings of a word so far."""

    first: int
    """The number of the first document."""
    last: int
    pieces: list[bytes]
    """What is said of the first; and of each other one, how its posting begins, and what is said of it."""

    def posted(self) -> Posted:
        return self.first, self.last, len(self.pieces) // 2 + 1, b"".join(self.pieces)


class Places:
    """Where in a document words stand."""

    def __init__(self) -> None:
        self._places: dict[int, dict[_Word, list[int]]] = defaultdict(dict)
        """By weight, or field, and then by word, the numbers of tokens."""

    def note(self, word: str, form: str | None, weight: int, places: Iterable[int]) -> None:
        """Note a word, or its form with accents, in these places of the text."""
        self._places[weight].setdefault(word if form is None else (word, form), []).extend(places)

    def note_field(self, word: str, form: str | None, field: str, places: Iterable[int]) -> None:
        """Note it in these places of a field."""
        self.note(word, form, _FIELD + FIELDS.index(field), places)

    def note_tokens(self, tokens: Sequence[str], start: int, weight: int, vocabulary: Vocabulary) -> None:
        """Note the words of some tokens, which are known, of one weight, or in a field; the first has this place."""
        found: dict[str, list[int]] = {}
        for place, token in enumerate(tokens, start):
            if token in found:
                found[token].append(place)
            else:
                found[token] = [place]
        words = self._places[weight]
        for token, places in found.items():
            word = vocabulary.plain.get(token)
            if word is None:
                for other in vocabulary.others.get(token, ()):
                    self.note(other.stem, other.form, _shared(weight, other.parts), places)
            elif word in words:
                words[word] += places
            else:
                words[word] = places

    def written(self) -> Iterator[tuple[_Word, bytes]]:
        """Yield each word, and as CBOR its places in the text and those in fields."""
        groups = sorted(self._places.items())
        several = set().union(*(words for weight, words in groups if weight != TEXT))
        for word in several:
            in_text: list[tuple[int, list[int]]] = []
            in_fields: list[tuple[int, list[int]]] = []
            for weight, words in groups:
                if word in words:
                    (in_text if weight < _FIELD else in_fields).append((weight % _FIELD, words[word]))
            yield word, _grouped(in_text) + _grouped(in_fields)
        for word, places in self._places[TEXT].items():
            if word not in several:
                yield word, _ALONE[places[0]] if len(places) == 1 else _in_plain_text(places)


def places_of(text: Tokens, vocabulary: Vocabulary) -> Places:
    """Return where words stand in a document, the tokens of which are known."""
    places = Places()
    start = 0
    for weight, end in text.runs:
        places.note_tokens(text.tokens[start:end], start, weight, vocabulary)
        start = end
    for name, tokens in text.fields:
        places.note_tokens(tokens, 0, _FIELD + FIELDS.index(name), vocabulary)
    return places


def _shared(weight: int, parts: int) -> int:
    """Return the weight that each of some parts of a token has."""
    return weight if parts == 1 or weight >= _FIELD else max(weight // parts, 1)


class _Heads(dict[int, bytes]):
    """Heads of items of CBOR of one kind (RFC 8949, 3.1) by the number that each says: its own, or how many follow."""

    def __init__(self, major: int) -> None:
        self._major = major

    def __missing__(self, number: int) -> bytes:
        """Write a head that was not needed yet.

        >>> _Heads(4)[2].hex(), _Heads(1)[24].hex(), _Heads(0)[1000].hex()
        ('82', '3818', '1903e8')
        """
        size = next((size for size in (0, 1, 2, 4) if number < (24 if not size else 1 << 8 * size)), 8)
        short = number if not size else 23 + size.bit_length()
        self[number] = bytes([self._major << 5 | short]) + (number.to_bytes(size, "big") if size else b"")
        return self[number]


UNSIGNED, NEGATIVE, STRING, ARRAY = _Heads(0), _Heads(1), _Heads(3), _Heads(4)
_NOWHERE = ARRAY[0]
_PLAIN = NEGATIVE[TEXT]


class _Starts(dict[int, bytes]):
    """How a posting begins, by the distance of its document from the last that has the word."""

    def __missing__(self, distance: int) -> bytes:
        self[distance] = ARRAY[3] + UNSIGNED[distance]
        return self[distance]


STARTS = _Starts()


class _Alone(dict[int, bytes]):
    """What is said of words that stand in one place only, of plain text, as most do, by that place."""

    def __missing__(self, place: int) -> bytes:
        self[place] = _in_plain_text([place])
        return self[place]


_ALONE = _Alone()


def _in_plain_text(places: list[int]) -> bytes:
    """Return what is said of a word that stands in plain text alone."""
    return ARRAY[len(places) + 1] + _PLAIN + _distances(places) + _NOWHERE


def _grouped(groups: Sequence[tuple[int, list[int]]]) -> bytes:
    """Return places as CBOR: before those of one weight, or field, a negative number; each as a distance."""
    items = len(groups)
    written = b""
    for high, places in groups:
        items += len(places)
        written += NEGATIVE[high] + (_distances(places) if len(places) > 1 else UNSIGNED[places[0]])
    return ARRAY[items] + written


def _distances(places: list[int]) -> bytes:
    """Return places, in their order, each as the distance from the last."""
    places.sort()
    return b"".join(map(UNSIGNED.__getitem__, map(sub, places, (0, *places))))
