"""Bundles: some documents that follow one another in a shard, indexed and kept together.

A change touches the bundle that it is in, and shards are put together of their bundles. Our own documents are indexed
with the words that Pagefind gives for tokens, as Pagefind would index them as pages; hand-written pages, which may hold
anything, by Pagefind itself.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from generator.publish.pagefind import read_file, read_index, read_json, weighed, written
from generator.publish.postings import FIELDS, Places, Posted, Postings, places_of
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.publish.tokens import Tokens
    from generator.publish.vocabulary import Vocabulary

_USUAL, _MOST = 64, 128
"""Documents of a bundle: to index one takes half a millisecond, and each bundle costs every shard that it is in."""

_Named = TypeVar("_Named")
_encode = msgspec.msgpack.Encoder().encode


class Shown(Struct, frozen=True):
    """What is known of an indexed document besides its words."""

    fragment: str
    """Under which name is kept what a browser fetches of it to show it."""
    length: int
    """Its tokens."""
    facets: tuple[tuple[str, str], ...]
    """(filter, value)."""
    day: str
    """By which results can be sorted."""
    sign: bytes = b""
    """What stands for all that it is made from; empty where it is one of Pagefind's own."""
    tokens: bytes = b""
    """What stands for its tokens, on which alone the postings of its words depend; empty likewise."""


class Bundle(Struct, frozen=True):
    """Documents as the index knows them."""

    shown: tuple[Shown, ...]
    """Each of them; by their places here, postings number them."""
    words: dict[str, Posted]
    """The postings of each word."""
    forms: dict[str, dict[str, Posted]]
    """Those of words with accents, by the words without them and then as they are written."""


def gather(origins: Iterable[_Named], name: Callable[[_Named], str]) -> Iterator[list[_Named]]:
    """Yield things in the bundles into which they are gathered, in their order.

    Where a bundle begins, the name of its first thing alone says, mostly: one that is added or taken away leaves the
    other bundles as they are.
    """
    bundle: list[_Named] = []
    for origin in origins:
        if bundle and (len(bundle) == _MOST or crc32(name(origin).encode()) % _USUAL == 0):
            yield bundle
            bundle = []
        bundle.append(origin)
    if bundle:
        yield bundle


def sign_tokens(text: Tokens) -> bytes:
    """Return what stands for the tokens of a document, where they are and how much they weigh."""
    return digest(_encode((text.fields, text.tokens, text.runs)))


def index_texts(shown: Iterable[Shown], texts: Iterable[Tokens], vocabulary: Vocabulary) -> Bundle:
    """Return how documents are indexed.

    Args:
        shown: what is known of each besides its words.
        texts: their tokens.
        vocabulary: knows them.
    """
    return _bundle(shown, (places_of(text, vocabulary) for text in texts))


def show_text(text: Tokens, keep: Callable[[bytes], str], sign: bytes = b"") -> Shown:
    """Return what is known of a document besides its words.

    Args:
        text: its tokens.
        keep: keeps a file and returns its name.
        sign: stands for all that it is made from.
    """
    fragment = keep(written(_fragment(text)))
    return Shown(fragment, len(text.tokens), text.document.facets, text.document.day, sign, sign_tokens(text))


def read_pages(files: Mapping[str, bytes], day: str, keep: Callable[[bytes], str]) -> Bundle:
    """Return how Pagefind indexes pages, in the order of their addresses, given the files of an index of them alone.

    Args:
        files: by their paths.
        day: of each page.
        keep: keeps a file and returns its name.
    """
    [meta] = (read_file(content) for path, content in files.items() if path.endswith(".pf_meta"))
    contents = [files[f"fragment/{name}.pf_fragment"] for name, _ in meta[1]]
    said = [*map(read_json, contents)]
    order = sorted(range(len(said)), key=lambda place: str(said[place]["url"]))
    shown = []
    for place in order:
        facets = ((name, value) for name, values in said[place]["filters"].items() for value in values)
        shown.append(Shown(keep(contents[place]), meta[1][place][1], tuple(facets), day))
    places = [Places() for _ in said]
    for word, pages, forms in read_index(files):
        for form, postings in [(None, pages), *forms]:
            page = 0
            for distance, in_text, in_fields in postings:
                page += distance
                for weight, token in weighed(in_text):
                    places[page].note(word, form, weight, [token])
                for field, token in weighed(in_fields):
                    if meta[5][field] in FIELDS:
                        places[page].note_field(word, form, meta[5][field], [token])
    return _bundle(shown, [places[page] for page in order])


def _bundle(shown: Iterable[Shown], places: Iterable[Places]) -> Bundle:
    """Return some documents as a bundle."""
    postings = Postings()
    for number, found in enumerate(places):
        postings.note(number, found)
    return Bundle(tuple(shown), postings.words(), postings.forms())


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
