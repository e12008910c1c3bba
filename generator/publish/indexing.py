"""Indexing: makes the index of documents, step after step, beside whatever else a build does.

What a step needs comes as bytes, so that all of it may be done in another process; what is made of bundles goes back as
bytes, to be kept for later builds. Files of the index are kept as objects at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.model import Entity
from generator.objects import Objects
from generator.publish.bundles import Bundle, index_texts, read_pages
from generator.publish.canonical import Index
from generator.publish.documents import UNDATED, Origin, article_document, entry_document
from generator.publish.pagefind import index_pages
from generator.publish.tokens import cut
from generator.publish.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.publish.documents import Document

encode = msgspec.msgpack.Encoder().encode
_decode_articles = msgspec.msgpack.Decoder(list[Origin]).decode
_decode_entries = msgspec.msgpack.Decoder(list[Entity]).decode
_decode_pages = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode
_decode_bundle = msgspec.msgpack.Decoder(Bundle).decode

What = Literal["articles", "entries", "pages", "bundle"]
"""What bytes hold: the origins of documents, pages as (address, HTML), or a bundle that is known already."""


@dataclass(frozen=True, slots=True)
class Step:
    """Some bundles of a shard."""

    bundles: tuple[tuple[What, bytes], ...]
    """What they are made from, or they themselves, encoded."""
    is_last: bool
    """Whether the shard ends with them."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step."""

    made: dict[int, bytes] = field(default_factory=dict)
    """The bundles that were not known, encoded, by their places in the step."""
    files: dict[str, str] = field(default_factory=dict)
    """Where a shard ends, the digest of each of its files by its path."""


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
        documents = [[*map(cut, _documents(what, origins))] for what, origins in step.bundles]
        self._vocabulary.learn(text for texts in documents for text in texts)
        if self._index is None:
            self._index = Index(self._vocabulary.runtime)
        done = Done()
        for place, ((what, content), texts) in enumerate(zip(step.bundles, documents, strict=True)):
            if what == "bundle":
                bundle = _decode_bundle(content)
            elif what == "pages":
                files = index_pages(_decode_pages(content), self._language)
                bundle = read_pages(files, UNDATED, self._objects.add)
            else:
                bundle = index_texts(texts, self._vocabulary, self._objects.add)
            self._files |= self._index.add(bundle)
            if what != "bundle":
                done.made[place] = encode(bundle)
        if step.is_last:
            self._files |= {path: self._objects.add(data) for path, data in self._index.files().items()}
            done.files.update(self._files)
            self._index, self._files = None, {}
        return done


def _documents(what: What, origins: bytes) -> Iterable[Document]:
    """Return the documents that are ours to index."""
    if what == "articles":
        return map(article_document, _decode_articles(origins))
    if what == "entries":
        return map(entry_document, _decode_entries(origins))
    return ()
