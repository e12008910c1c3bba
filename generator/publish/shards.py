"""Shards: which parts of an index are known from an earlier build; the others are made again.

What is known of a bundle is kept under the digest of all that it is made from, and of a shard under those of its
bundles. Under what stands for the names of the documents of either, whatever they hold, is kept which was the last one.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from generator.issues import UnwantedError
from generator.publish.indexing import Done, Indexing, Source, Step, What, decode_shard, encode
from generator.publish.pagefind import VERSION
from generator.records import Records
from generator.store import digest, remove
from generator.workers import beside, is_prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.objects import Objects

_RECORDS = "documents"
"""Of the files that are kept in the cache of the index, the name but for its ending."""
_AT_ONCE = 256
"""Documents of a step, about: as many are held in memory as text, and Pagefind is asked about their tokens at once.
Whoever interrupts a build waits for two steps, of 0.3 s; to ask Pagefind takes 0.02 s, however little."""
_WORTHWHILE = 400
"""Documents from which on another process pays, which takes some 0.3 s to start."""


class _Fragment(Struct, frozen=True):
    """As much of an indexed document as tells where its fragment is."""

    fragment: str


class _Shown(Struct, frozen=True):
    """As much of a bundle."""

    shown: tuple[_Fragment, ...]


_decode_shown = msgspec.msgpack.Decoder(_Shown).decode


class Planned(Struct, frozen=True):
    """A bundle that a shard needs."""

    key: bytes
    """Stands for all that it is made from."""
    named: bytes
    """Stands for which documents these are, whatever they hold; what is kept under it is the key of the last bundle."""
    signs: tuple[bytes, ...]
    """What stands for each of them."""
    what: What
    origins: Callable[[], list[object]]
    """Makes what is to be encoded for an `Indexing`."""


class Shards:
    """Makes the shards of an index; keeps, and finds again, what it made.

    Args:
        language: the one whose stems the index knows, as a tag.
        cache: a folder, which nobody else has open.
        objects: where the files of the index are kept.
        unwanted: tells, from time to time, that nobody needs the index any more.
    """

    def __init__(self, language: str, cache: Path, objects: Objects, unwanted: Callable[[], bool]) -> None:
        self._language = language
        self._edition = f"{VERSION}\0{language}".encode()
        self._cache = cache
        self._objects = objects
        self._unwanted = unwanted
        self._records = Records(cache / f"{_RECORDS}.sqlite")
        self._used: set[bytes] = set()

    def close(self) -> None:
        """Let go of the cache."""
        self._records.close()

    def plan(
        self, what: What, names: Sequence[str], origins: Callable[[], list[object]], signs: Sequence[object] = ()
    ) -> Planned:
        """Return a bundle as it is planned.

        Args:
            what: what it is made from.
            names: of its documents.
            origins: makes what they are made from.
            signs: may stand for that.
        """
        said = tuple(digest(encode(one)) for one in signs or origins())
        named = digest(b"named", self._edition, encode((what, names)))
        return Planned(digest(what.encode(), self._edition, *said), named, said, what, origins)

    def make(self, shards: Sequence[Sequence[Planned]]) -> dict[str, dict[str, str]]:
        """Return, by the name of each shard, the digest of each of its files by its path.

        Raises:
            UnwantedError: nobody needs the index any more.
            SiteError: Pagefind is not there, or failed.
        """
        keys = [digest(b"shard", self._edition, *(bundle.key for bundle in shard)) for shard in shards]
        self._used.update(keys, (key for shard in shards for bundle in shard for key in (bundle.key, bundle.named)))
        self._used.update(map(_named, shards))
        kept = {key: decode_shard(shard).files for key, shard in self._records.get(keys).items()}
        made = {key: files for key, files in kept.items() if all(map(self._objects.is_whole, files.values()))}
        missing = {key: shard for key, shard in zip(keys, shards, strict=True) if key not in made}
        made |= self._make_anew(missing)
        return {key.hex()[:12]: made[key] for key in keys}

    def _make_anew(self, shards: dict[bytes, Sequence[Planned]]) -> Iterator[tuple[bytes, dict[str, str]]]:
        """Yield the key and the files of each of these shards."""
        plan = [(key, some) for key, shard in shards.items() for some in _steps(shard)]
        last = dict(plan)  # a later step of a shard takes the place of an earlier one
        known = set(chain.from_iterable(self._known(some) for _, some in plan))
        steps = (self._step(some, known, shards[key] if some is last[key] else None) for key, some in plan)
        new = sum(len(bundle.signs) for _, some in plan for bundle in some if bundle.key not in known)
        given = (self._language, self._objects.folder)
        results: Iterable[Done]
        is_worthwhile = new >= _WORTHWHILE or is_prepared()
        results = beside(Indexing, given, steps) if is_worthwhile else map(Indexing(*given), steps)
        for (key, some), done in zip(plan, results, strict=True):
            made = {some[place].key: bundle for place, bundle in done.made.items()}
            self._records.put(made | {bundle.named: bundle.key for bundle in some})
            if some is last[key]:
                self._records.put({key: done.shard, _named(shards[key]): key})
                yield key, decode_shard(done.shard).files

    def _known(self, bundles: Sequence[Planned]) -> Iterator[bytes]:
        """Yield the keys of those bundles that are known, with all that is shown of their documents."""
        kept = self._records.get(bundle.key for bundle in bundles)
        return (key for key, bundle in kept.items() if self._is_whole(bundle))

    def _former(self, bundles: Iterable[Planned]) -> dict[bytes, bytes]:
        """Return the last bundles of the same documents that are known in the same way, by what stands for these."""
        keys = self._records.get(bundle.named for bundle in bundles)
        kept = {key: bundle for key, bundle in self._records.get(keys.values()).items() if self._is_whole(bundle)}
        return {named: kept[key] for named, key in keys.items() if key in kept}

    def _is_whole(self, bundle: bytes) -> bool:
        return all(self._objects.is_whole(one.fragment) for one in _decode_shown(bundle).shown)

    def _former_shard(self, bundles: Sequence[Planned]) -> bytes:
        """Return the last shard of the same documents; nothing where it is not known any more."""
        for key in self._records.get([_named(bundles)]).values():
            for shard in self._records.get([key]).values():
                if all(map(self._objects.is_whole, decode_shard(shard).files.values())):
                    return shard
        return b""

    def _step(self, bundles: Sequence[Planned], known: set[bytes], ending: Sequence[Planned] | None) -> Step:
        """Return a step; with the last one of a shard, `ending` are all bundles of it."""
        if self._unwanted():
            raise UnwantedError
        kept = self._records.get(bundle.key for bundle in bundles if bundle.key in known)
        former = self._former(one for one in bundles if one.key not in kept and one.what != "pages")
        sources = [
            Source("bundle", kept[bundle.key])
            if bundle.key in kept
            else Source(bundle.what, encode(bundle.origins()), bundle.signs, former.get(bundle.named, b""))
            for bundle in bundles
        ]
        if ending is None:
            return Step(tuple(sources), is_last=False)
        return Step(tuple(sources), is_last=True, former=self._former_shard(ending))

    def forget(self) -> None:
        """Throw away all that was of no use this time."""
        self._records.keep_only(self._used)
        for other in self._cache.iterdir():
            if other.stem != _RECORDS:  # earlier versions kept shards here, with texts that may be withdrawn by now
                remove(other)


def _named(shard: Sequence[Planned]) -> bytes:
    """Return what stands for which documents a shard has; what is kept under it is the key of the last one."""
    return digest(b"named shard", *(bundle.named for bundle in shard))


def _steps(bundles: Sequence[Planned]) -> Iterator[list[Planned]]:
    """Yield the bundles of a shard that are taken in one step."""
    some: list[Planned] = []
    for bundle in bundles:
        some.append(bundle)
        if sum(len(one.signs) for one in some) >= _AT_ONCE:
            yield some
            some = []
    if some or not bundles:
        yield some
