"""Indexing: makes the parts of an index of documents and of shards that the last build did not know already.

What is known of a document is kept by the digest of all that it is made from, and a shard by those of its documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from generator.model import AnnotatedArticle, Entity
from generator.objects import Objects
from generator.publish.canonical import Index
from generator.publish.documents import UNDATED, article_document, entry_document, page_document
from generator.publish.pagefind import VERSION, index_pages
from generator.publish.postings import Indexed, index_document, read_pages
from generator.publish.tokens import cut
from generator.publish.vocabulary import Vocabulary
from generator.store import Records, digest, remove

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from generator.model import Archive
    from generator.publish.documents import Document

_RECORDS = "documents"
"""Of the files that are kept in the cache of the index, the name but for its ending."""
_AT_ONCE = 512
"""Documents whose tokens Pagefind is asked about together: as many as are held in memory as text."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """As much of an indexed document as tells where its fragment is."""

    fragment: str


_ENTITY = attrgetter("entity_id")
_encode = msgspec.msgpack.Encoder().encode
_decode_document = msgspec.msgpack.Decoder(Indexed).decode
_decode_shown = msgspec.msgpack.Decoder(_Shown).decode
_decode_paths = msgspec.msgpack.Decoder(dict[str, str]).decode


class UnwantedError(Exception):
    """Nobody needs the index any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a document is made from."""

    key: bytes
    """Stands for all of it."""
    origin: AnnotatedArticle | Entity | tuple[str, str]
    """An article, an entry, or the (address, HTML) of a hand-written page, as Pagefind takes it."""


class Indexer:
    """Indexes the documents of an archive; keeps, and finds again, what it made."""

    def __init__(self, archive: Archive, language: str, cache: Path, unwanted: Callable[[], bool]) -> None:
        """Open what is kept in the cache, which nobody else may have open; objects are kept beside it."""
        self._archive = archive
        self._kinds = {entity.id: entity.kind for entity in archive.entities.values()}
        self._language = language
        self._edition = f"{VERSION}\0{language}".encode()
        self._unwanted = unwanted
        self._cache = cache
        self._records = Records(cache / f"{_RECORDS}.sqlite")
        self._objects = Objects(cache.parent / "objects")
        self._vocabulary = Vocabulary(language)
        self._used: set[bytes] = set()

    def close(self) -> None:
        """Let go of the cache."""
        self._records.close()

    def article(self, annotated: AnnotatedArticle) -> Source:
        """Return an article as a source: a document says of the entities that it mentions which kinds they are of."""
        kinds = [*map(self._kinds.get, map(_ENTITY, annotated.mentions))]
        outlet = self._archive.entities.get(annotated.article.front_matter.outlet or "")
        said = (annotated, kinds, outlet.name if outlet else None)
        return Source(digest(b"article", self._edition, _encode(said)), annotated)

    def entry(self, entity: Entity) -> Source:
        """Return an entry as a source."""
        return Source(digest(b"entry", self._edition, _encode(entity)), entity)

    def page(self, url: str, html: str) -> Source | None:
        """Return a hand-written page, at an address below the site, as a source; none where it has no content."""
        document = page_document(url, html)
        if document is None:
            return None
        return Source(digest(b"page", self._edition, url.encode(), document.encode()), (url, document))

    def shard(self, sources: Sequence[Source]) -> tuple[str, dict[str, str]]:
        """Return the name of the shard of some documents, and by their paths the names under which its files are kept.

        Raises:
            UnwantedError: nobody needs the index any more.
            SiteError: Pagefind is not there, or failed.
        """
        key = digest(b"shard", self._edition, *(source.key for source in sources))
        self._used.add(key)
        self._used.update(source.key for source in sources)
        for kept in self._records.get([key]).values():
            paths = _decode_paths(kept)
            if all(map(self._objects.is_whole, paths.values())):
                return key.hex()[:12], paths
        documents = self._index(sources)
        self._vocabulary.learn(set())
        index = Index(self._vocabulary.runtime)
        paths = {}
        for source in sources:
            document = _decode_document(documents[source.key])
            paths[index.add(document)] = document.fragment
        paths |= {path: self.keep(content) for path, content in index.files().items()}
        self._records.put({key: _encode(paths)})
        return key.hex()[:12], paths

    def _index(self, sources: Sequence[Source]) -> dict[bytes, bytes]:
        """Return what the index knows of some documents, by their keys; those that are not known yet are indexed.

        Raises:
            UnwantedError: nobody needs the index any more.
            SiteError: Pagefind is not there, or failed.
        """
        kept = self._records.get(source.key for source in sources)
        known = {
            key: value for key, value in kept.items() if self._objects.is_whole(_decode_shown(value).fragment)
        }
        missing = [source for source in sources if source.key not in known]
        for start in range(0, len(missing), _AT_ONCE):
            if self._unwanted():
                raise UnwantedError
            made = self._index_anew(missing[start : start + _AT_ONCE])
            known |= {key: _encode(document) for key, document in made.items()}
            self._records.put({key: known[key] for key in made})
        return known

    def _index_anew(self, sources: Sequence[Source]) -> dict[bytes, Indexed]:
        """Return what the index will know of some documents, by their keys."""
        pages = {source.key: source.origin for source in sources if isinstance(source.origin, tuple)}
        texts = {s.key: cut(self._document(s.origin)) for s in sources if not isinstance(s.origin, tuple)}
        found: dict[bytes, Indexed] = {}
        if pages:
            read = read_pages(index_pages(pages.values(), self._language), UNDATED, self.keep)
            found |= {key: read[url] for key, (url, _) in pages.items()}
        if texts:
            self._vocabulary.learn(set().union(*(text.distinct() for text in texts.values())))
            found |= {key: index_document(text, self._vocabulary, self.keep) for key, text in texts.items()}
        return found

    def _document(self, origin: AnnotatedArticle | Entity) -> Document:
        if isinstance(origin, Entity):
            return entry_document(origin)
        return article_document(origin, self._archive)

    def keep(self, content: bytes) -> str:
        """Keep a file and return its name."""
        return self._objects.add(content)

    def forget(self) -> None:
        """Throw away all that was of no use this time."""
        self._records.keep_only(self._used)
        for other in self._cache.iterdir():
            if other.stem != _RECORDS:  # earlier versions kept shards here, with texts that may be withdrawn by now
                remove(other)
