"""Postings: what the index says of one document: under which words it is found, and what is shown of it.

A posting says where in a document a word stands, in the form in which an index holds it, so that indexes are put
together from postings as they are. Documents are indexed here, with the words that Pagefind gives for tokens, as
Pagefind would index them as pages, byte for byte; hand-written pages, which may hold anything, by Pagefind itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import cbor2
import msgspec

from generator.publish.pagefind import read_file, read_index, read_json, weighed, written
from generator.publish.tokens import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from generator.publish.tokens import Tokens
    from generator.publish.vocabulary import Vocabulary, Word

FIELDS = ("date", "description", "image", "image_alt", "kind", "language", "outlet", "title")
"""What may be known of a document besides its text; its words are found too."""
_HIGH = 32
"""Places are numbers: that of a token in a text, and above so many bits its weight; or in a field, and the field."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document as the index knows it."""

    fragment: str
    """Under which name is kept what a browser fetches of it to show it."""
    length: int
    """Its tokens."""
    facets: tuple[tuple[str, str], ...]
    """(filter, value)."""
    day: str
    """By which results can be sorted."""
    words: dict[str, bytes]
    """Its postings by their words, each without the number of the document."""
    forms: dict[str, dict[str, bytes]]
    """Those of words with accents, by the words without them and then as they are written."""


def index_document(text: Tokens, vocabulary: Vocabulary, keep: Callable[[bytes], str]) -> Indexed:
    """Return how a document is indexed.

    Args:
        text: its tokens.
        vocabulary: knows them.
        keep: keeps a file and returns its name.
    """
    document = text.document
    in_text, in_fields = _Found(vocabulary), _Found(vocabulary)
    start = 0
    for weight, end in text.runs:
        in_text.note_text(text.tokens[start:end], (weight << _HIGH) + start)
        start = end
    for name, value in document.fields:
        in_fields.note_field(split(value), FIELDS.index(name) << _HIGH)
    words = {
        word: _ALONE[found[0]] if len(found) == 1 else _places(found) + _NOWHERE
        for word, found in in_text.words.items()
    }
    for word, found in in_fields.words.items():
        words[word] = _places(in_text.words.get(word, [])) + _places(found)
    forms: dict[str, dict[str, bytes]] = {}
    for key in sorted({*in_text.forms, *in_fields.forms}):
        word, form = key
        forms.setdefault(word, {})[form] = _places(in_text.forms.get(key, [])) + _places(in_fields.forms.get(key, []))
    return Indexed(keep(written(_fragment(text))), len(text.tokens), document.facets, document.day, words, forms)


def read_pages(files: Mapping[str, bytes], day: str, keep: Callable[[bytes], str]) -> dict[str, Indexed]:
    """Return, by their addresses, how Pagefind indexes pages, given the files of an index of them alone."""
    [meta] = (read_file(content) for path, content in files.items() if path.endswith(".pf_meta"))
    found: dict[str, Indexed] = {}
    pages: list[Indexed] = []
    for name, length in meta[1]:
        content = files[f"fragment/{name}.pf_fragment"]
        shown = read_json(content)
        facets = tuple((key, value) for key, values in shown["filters"].items() for value in values)
        pages.append(Indexed(keep(content), length, facets, day, {}, {}))
        found[shown["url"].removeprefix("/")] = pages[-1]
    fields = [FIELDS.index(name) if name in FIELDS else None for name in meta[5]]
    for word, postings, forms in read_index(files):
        for page, posting in _numbered(postings, fields):
            pages[page].words[word] = posting
        for form, accented in forms:
            for page, posting in _numbered(accented, fields):
                pages[page].forms.setdefault(word, {})[form] = posting
    return found


def _numbered(postings: Iterable[Sequence[Any]], fields: Sequence[int | None]) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the page, posting), the fields of which have our numbers."""
    page = 0
    for distance, in_text, in_fields in postings:
        page += distance
        known = [
            (field << _HIGH) + place
            for number, place in weighed(in_fields)
            if (field := fields[number]) is not None
        ]
        if in_text or known:
            yield page, cbor2.dumps(in_text) + _places(known)


def _fragment(text: Tokens) -> bytes:
    """Return what a browser fetches of a document, as Pagefind writes it."""
    document = text.document
    filters: dict[str, list[str]] = {}
    for name, value in sorted(document.facets, key=itemgetter(0)):
        filters.setdefault(name, []).append(value)
    return msgspec.json.encode(
        {
            "url": f"/{document.url}",
            "content": " ".join(text.tokens),
            "word_count": len(text.tokens),
            "filters": filters,
            "meta": dict(sorted(document.fields)),
            "anchors": text.anchors,
        }
    )


class _Found:
    """Places by words, and by words and forms with accents."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.words: dict[str, list[int]] = defaultdict(list)
        self.forms: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._vocabulary = vocabulary

    def note_text(self, tokens: Sequence[str], first: int) -> None:
        """Note the words of some tokens of a text, the first of which stands at this place, the others behind it."""
        words = self.words
        for place, word in enumerate(map(self._vocabulary.plain.get, tokens), first):
            if word is not None:
                words[word].append(place)
            else:
                for other in self._vocabulary.others.get(tokens[place - first], ()):
                    self._note(other, place if other.parts == 1 else _shared(place, other.parts))

    def note_field(self, tokens: Sequence[str], first: int) -> None:
        """Note those of some tokens of a field, where words have no weight."""
        for place, token in enumerate(tokens, first):
            for word in self._vocabulary.words_of(token):
                self._note(word, place)

    def _note(self, word: Word, place: int) -> None:
        found = self.words[word.stem] if word.form is None else self.forms[word.stem, word.form]
        found.append(place)


def _shared(place: int, parts: int) -> int:
    """Return a place with the weight that each of some parts of a token has."""
    weight = place >> _HIGH
    return place + ((max(weight // parts, 1) - weight) << _HIGH)


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


UNSIGNED, NEGATIVE, TEXT, ARRAY = _Heads(0), _Heads(1), _Heads(3), _Heads(4)
_NOWHERE = ARRAY[0]


def _places(places: list[int]) -> bytes:
    """Return places as CBOR: before those of one weight, or field, a negative number; each as a distance."""
    if len(places) > 1:
        places.sort()
    numbers = []
    high, last = -1, 0
    for place in places:
        if place >> _HIGH != high:
            high = place >> _HIGH
            last = high << _HIGH
            numbers.append(NEGATIVE[high])
        numbers.append(UNSIGNED[place - last])
        last = place
    return ARRAY[len(numbers)] + b"".join(numbers)


class _Alone(dict[int, bytes]):
    """Postings of words that stand in one place of a text only, as most do, by that place."""

    def __missing__(self, place: int) -> bytes:
        self[place] = _places([place]) + _NOWHERE
        return self[place]


_ALONE = _Alone()
