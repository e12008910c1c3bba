"""Indexing: makes the index of documents, step after step, beside whatever else a build does.

What a step needs comes as bytes, so that all of it may be done in another process; what is made of bundles goes back as
bytes, to be kept for later builds. Files of the index are kept as objects at once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator.model import Entity
from generator.objects import Objects
from generator.publish.bundles import Bundle, index_texts, read_pages, show_text, sign_tokens
from generator.publish.canonical import Chunk, Index
from generator.publish.documents import UNDATED, Origin, article_document, entry_document
from generator.publish.pagefind import index_pages
from generator.publish.tokens import cut
from generator.publish.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.publish.documents import Document
    from generator.publish.tokens import Tokens

encode = msgspec.msgpack.Encoder().encode
_decode_articles = msgspec.msgpack.Decoder(list[Origin]).decode
_decode_entries = msgspec.msgpack.Decoder(list[Entity]).decode
_decode_pages = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode
_decode_bundle = msgspec.msgpack.Decoder(Bundle).decode

What = Literal["articles", "entries", "pages", "bundle"]
"""What bytes hold: the origins of documents, pages as (address, HTML), or a bundle that is known already."""


class Source(NamedTuple):
    """What a bundle is made from."""

    what: What
    content: bytes
    """The documents, or the bundle itself, encoded."""
    signs: tuple[bytes, ...] = ()
    """What stands for each document."""
    former: bytes = b""
    """The bundle that an earlier build made of these documents, encoded; empty where none did."""


class _Begun(NamedTuple):
    """What a bundle will be made of."""

    texts: dict[int, Tokens]
    """The documents that are indexed anew, by their places."""
    former: Bundle | None
    """What is known of the others, and of the words of all; None where that does not hold any more."""


class Shard(NamedTuple):
    """A part of the index that is whole in itself."""

    files: dict[str, str]
    """The digest of each of its files by its path."""
    chunks: list[Chunk]
    """Of its words."""
    tokens: bytes
    """What stands for the tokens of its documents, on which alone these depend; empty where nothing does."""


decode_shard = msgspec.msgpack.Decoder(Shard).decode


class Step(Struct, frozen=True):
    """Some bundles of a shard."""

    bundles: tuple[Source, ...]
    """What each is made from, in their order."""
    is_last: bool
    """Whether the shard ends with them."""
    former: bytes = b""
    """With the last of them, the shard that an earlier build made of these documents, encoded; empty where none did."""


class Done(Struct, frozen=True):
    """What came of a step."""

    made: dict[int, bytes] = field(default_factory=dict)
    """The bundles that were not known, encoded, by their places in the step."""
    shard: bytes = b""
    """Where one ends, the shard, encoded."""


class Indexing:
    """Makes an index, one step after the other.

    Args:
        language: the one whose stems the index knows, as a tag.
        objects: the folder of the objects.
    """

    def __init__(self, language: str, objects: Path) -> None:
        self._language = language
        self._objects = Objects(objects)
        self._vocabulary = Vocabulary(language)
        self._index: Index | None = None
        self._files: dict[str, str] = {}

    def __call__(self, step: Step) -> Done:
        """Return what comes of a step.

        Raises:
            SiteError: Pagefind is not there, or failed.
        """
        begun = [_begin(source) for source in step.bundles]
        self._vocabulary.learn(text for texts, former in begun if former is None for text in texts.values())
        if self._index is None:
            self._index = Index(self._vocabulary.runtime)
        made: dict[int, bytes] = {}
        for place, (source, one) in enumerate(zip(step.bundles, begun, strict=True)):
            bundle = self._bundle(source, one)
            self._files |= self._index.add(bundle)
            if source.what != "bundle":
                made[place] = encode(bundle)
        if not step.is_last:
            return Done(made)
        shard = self._shard(self._index, decode_shard(step.former) if step.former else None)
        self._index, self._files = None, {}
        return Done(made, encode(shard))

    def _shard(self, index: Index, former: Shard | None) -> Shard:
        """Return the shard that ends; its words are those of the former one while documents have the same tokens.

        A file of words is named by what it holds, so one that the former shard has, too, is not written again.
        """
        tokens, known = index.tokens, former.files if former else {}
        if former and tokens and former.tokens == tokens:
            chunks, written = former.chunks, dict[str, bytes]()
        else:
            chunks, written = index.chunks(known)
        files = self._keep(written)
        files |= {chunk.path: known[chunk.path] for chunk in chunks if chunk.path not in files}
        return Shard(self._files | files | self._keep(index.files(chunks)), chunks, tokens)

    def _keep(self, files: dict[str, bytes]) -> dict[str, str]:
        return {path: self._objects.add(data) for path, data in files.items()}

    def _bundle(self, source: Source, begun: _Begun) -> Bundle:
        if source.what == "pages":
            files = index_pages(_decode_pages(source.content), self._language)
            return read_pages(files, UNDATED, self._objects.add)
        texts, former = begun
        new = {place: show_text(text, self._objects.add, source.signs[place]) for place, text in texts.items()}
        if former is None:
            return index_texts(new.values(), texts.values(), self._vocabulary)
        return replace(former, shown=tuple(new.get(place, one) for place, one in enumerate(former.shown)))


def _begin(source: Source) -> _Begun:
    """Find out what of a bundle is known, and cut the other documents.

    Where one has other tokens than before, the postings of all are made anew. Who is mentioned rarely changes any: only
    where that begins or ends within one.
    """
    if source.what == "bundle":
        return _Begun({}, _decode_bundle(source.content))
    if source.what == "pages":
        return _Begun({}, None)
    documents = _documents(source)
    former = _decode_bundle(source.former) if source.former else None
    shown = former.shown if former else ()
    changed = [place for place, sign in enumerate(source.signs) if not (shown and shown[place].sign == sign)]
    texts = {place: cut(documents[place]()) for place in changed}
    if former and all(sign_tokens(text) == shown[place].tokens for place, text in texts.items()):
        return _Begun(texts, former)
    return _Begun({place: texts.get(place) or cut(make()) for place, make in enumerate(documents)}, None)


def _documents(source: Source) -> list[Callable[[], Document]]:
    """Return what makes each document of articles or entries."""
    if source.what == "articles":
        return [partial(article_document, origin) for origin in _decode_articles(source.content)]
    return [partial(entry_document, entity) for entity in _decode_entries(source.content)]
