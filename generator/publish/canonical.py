"""Canonical: puts the index of some documents together; the same documents give the same index, byte for byte.

The format is that of the version of Pagefind that the locks pin, and its browser code reads it. A file is CBOR (RFC
8949) behind a mark, gzipped; words, filters and their values stand in the order of their letters.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import cbor2

from generator.publish.documents import EVERY
from generator.publish.pagefind import written
from generator.publish.postings import ARRAY, FIELDS, STARTS, STRING
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from generator.publish.bundles import Bundle
    from generator.publish.postings import Posted

_CHUNK_PATH = "index/{}.pf_index"
_CHUNK = 60_000
"""Bytes of words after which a chunk of them ends: some 30 kB to fetch, as Pagefind has them."""
_RUNTIME = re.compile(r"pagefind(-worker)?\.js|wasm\..*")
"""The files of Pagefind that depend on no document, without its own boxes and styles."""

_Postings = dict[str, list[tuple[int, "Posted"]]]
"""By words, the number that the first document of a bundle has here, and the postings of that bundle."""


class Chunk(NamedTuple):
    """Some of the words of an index, in a file of their own."""

    first: str
    """The first of them."""
    last: str
    name: str
    """Of its file."""

    @property
    def path(self) -> str:
        """The path of its file."""
        return _CHUNK_PATH.format(self.name)


class Index:
    """The index of some documents, one bundle of which is added after the other."""

    def __init__(self, runtime: Mapping[str, bytes]) -> None:
        """Begin an index, given the files of one that Pagefind made of whatever documents."""
        self._runtime = runtime
        self._known = json.loads(runtime["pagefind-entry.json"])
        [self._language] = self._known["languages"]
        self._pages: list[tuple[str, int]] = []
        self._days: list[str] = []
        self._filters: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._bundles: list[tuple[int, Bundle]] = []
        """Each with the number of its first document."""

    def add(self, bundle: Bundle) -> dict[str, str]:
        """Add the documents of a bundle; return the names under which their fragments are kept, by their paths."""
        first = len(self._pages)
        fragments = {}
        for number, shown in enumerate(bundle.shown, first):
            name = f"{self._language}_{shown.fragment[:12]}"
            fragments[f"fragment/{name}.pf_fragment"] = shown.fragment
            self._pages.append((name, shown.length))
            self._days.append(shown.day)
            for facet, value in shown.facets:
                self._filters[facet][value].append(number)
        self._bundles.append((first, bundle))
        return fragments

    @property
    def tokens(self) -> bytes:
        """What stands for the tokens of all documents, on which the chunks depend; empty where not all have any."""
        tokens = [shown.tokens for _, bundle in self._bundles for shown in bundle.shown]
        return digest(*tokens) if all(tokens) else b""

    def chunks(self, known: Container[str] = ()) -> tuple[list[Chunk], dict[str, bytes]]:
        """Return the words in chunks, and the files of these by their paths, without those of known paths."""
        chunks, files = [], dict[str, bytes]()
        for words in _chunks(self._packed()):
            content = ARRAY[1] + ARRAY[len(words)] + b"".join(packed for _, packed in words)
            chunk = Chunk(words[0][0], words[-1][0], self._name(content))
            chunks.append(chunk)
            if chunk.path not in known:
                files[chunk.path] = written(content)
        return chunks, files

    def files(self, chunks: Sequence[Chunk]) -> dict[str, bytes]:
        """Return the other files of the index by their paths, but for the fragments."""
        files = {path: content for path, content in self._runtime.items() if _RUNTIME.fullmatch(path)}
        by_day = sorted(range(len(self._days)), key=self._days.__getitem__)
        meta = [
            self._known["version"],
            self._pages,
            ranges(chunks),
            self._add_filters(files),
            [["date", by_day]],
            FIELDS,
        ]
        said = self._known["languages"][self._language]
        said["page_count"] = len(self._pages)
        said["hash"] = self._add(files, "pagefind.{}.pf_meta", cbor2.dumps(meta))
        files["pagefind-entry.json"] = json.dumps(
            self._known, ensure_ascii=False, separators=(",", ":")
        ).encode()
        return files

    def _add(self, files: dict[str, bytes], path: str, content: bytes) -> str:
        """Add a file under a name that its content gives it; return the name."""
        name = self._name(content)
        files[path.format(name)] = written(content)
        return name

    def _name(self, content: bytes) -> str:
        """Return the name of a file that holds this."""
        return f"{self._language}_{hashlib.sha256(content).hexdigest()[:10]}"

    def _packed(self) -> Iterator[tuple[str, bytes]]:
        """Yield every word with all that the index says of it."""
        words: _Postings = defaultdict(list)
        accented: dict[str, _Postings] = defaultdict(lambda: defaultdict(list))
        for first, bundle in self._bundles:
            for word, posted in bundle.words.items():
                words[word].append((first, posted))
            for word, by_form in bundle.forms.items():
                for form, posted in by_form.items():
                    accented[word][form].append((first, posted))
        for word in sorted(words.keys() | accented.keys()):
            forms = sorted(accented.get(word, {}).items())
            variants = (ARRAY[2] + _text(form) + _numbered(postings) for form, postings in forms)
            head = ARRAY[3] + _text(word) + _numbered(words.get(word, []))
            yield word, head + ARRAY[len(forms)] + b"".join(variants)

    def _add_filters(self, files: dict[str, bytes]) -> list[tuple[str, str]]:
        """Add the filters; return (what they are of, name) of each."""
        return [
            (facet, self._add(files, "filter/{}.pf_filter", cbor2.dumps([facet, sorted(values.items())])))
            for facet, values in sorted(self._filters.items())
        ]


def ranges(chunks: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return (first word, last word, name) of each chunk, the words no longer than tells a chunk from its neighbours.

    The browser compares as many letters of a word that is looked up.

    >>> ranges([["10", "meadow", "a"], ["meant", "zoo", "b"]])
    [['10', 'mead', 'a'], ['mean', 'zoo', 'b']]
    """
    shortened = [list(chunk) for chunk in chunks]
    for left, right in pairwise(shortened):
        letters = zip(left[1], right[0], strict=False)
        needed = 1 + next((place for place, (one, other) in enumerate(letters) if one != other), len(left[1]))
        if left[1][:needed] >= left[0]:
            left[1] = left[1][:needed]
        right[0] = right[0][:needed]
    return shortened


def _text(text: str) -> bytes:
    data = text.encode()
    return STRING[len(data)] + data


def _numbered(postings: list[tuple[int, Posted]]) -> bytes:
    """Return the postings of a word in all bundles, each document numbered by the distance from the last."""
    total = last = 0
    pieces: list[bytes] = []
    for before, (first, final, documents, content) in postings:
        pieces += (STARTS[before + first - last], content)
        last = before + final
        total += documents
    return ARRAY[total] + b"".join(pieces)


def _chunks(words: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Yield words in chunks; the word of every document is alone, so that what is about no word is quickly fetched."""
    chunk: list[tuple[str, bytes]] = []
    size = 0
    for word, packed in words:
        if chunk and (size >= _CHUNK or EVERY in (word, chunk[-1][0])):
            yield chunk
            chunk, size = [], 0
        chunk.append((word, packed))
        size += len(packed)
    if chunk:
        yield chunk
