"""Canonical: the same documents give the same index, byte for byte; and what is about no word is quickly fetched.

Pagefind writes the filters, and the values of each, in the order in which a hash map of its own happens to have them,
and names files by their bytes. Here they are written again in a fixed order. A file is CBOR (RFC 8949) behind a mark,
gzipped; the format is that of the version of Pagefind that the locks pin.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any

import cbor2

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = b"pagefind_dcd"
_CHUNKS, _FILTERS, _SORTS = 2, 3, 4
"""Places in the metadata of an index: (version, pages, chunks, filters, sorts, fields)."""


def make_canonical(files: Mapping[str, bytes], alone: str) -> dict[str, bytes]:
    """Return the files of an index in their fixed form; one word has a chunk of the index to itself."""
    kept = dict(files)
    known = json.loads(kept["pagefind-entry.json"])
    for language in known["languages"].values():
        meta = _read(kept.pop(f"pagefind.{language['hash']}.pf_meta"))
        meta[_CHUNKS] = [
            part for first, last, name in meta[_CHUNKS] for part in _isolate(kept, first, last, name, alone)
        ]
        meta[_FILTERS] = sorted([name, _sort_filter(kept, file)] for name, file in meta[_FILTERS])
        meta[_SORTS].sort()
        language["hash"] = _renamed(language["hash"], meta)
        kept[f"pagefind.{language['hash']}.pf_meta"] = _written(meta)
    kept["pagefind-entry.json"] = json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode()
    return kept


def _isolate(files: dict[str, bytes], first: str, last: str, name: str, alone: str) -> list[list[str]]:
    """Take a chunk, from its first word to its last one, apart at a word; return (first, last, name) of each part."""
    if not first <= alone <= last:
        return [[first, last, name]]
    [words] = _read(files.pop(f"index/{name}.pf_index"))
    parts = (
        [word for word in words if word[0] < alone],
        [word for word in words if word[0] == alone],
        [word for word in words if word[0] > alone],
    )
    chunks = []
    for part in filter(None, parts):
        renamed = _renamed(name, part)
        files[f"index/{renamed}.pf_index"] = _written([part])
        chunks.append([part[0][0], part[-1][0], renamed])
    return chunks


def _sort_filter(files: dict[str, bytes], name: str) -> str:
    """Sort the values of a filter; return the new name of its file."""
    key, values = _read(files.pop(f"filter/{name}.pf_filter"))
    content = [key, sorted(values)]
    renamed = _renamed(name, content)
    files[f"filter/{renamed}.pf_filter"] = _written(content)
    return renamed


def _renamed(name: str, content: object) -> str:
    """Return a name such as `en_917fb11` for other bytes."""
    return f"{name.partition('_')[0]}_{hashlib.sha256(cbor2.dumps(content)).hexdigest()[:10]}"


def _read(file: bytes) -> Any:  # noqa: ANN401 - what CBOR holds
    return cbor2.loads(gzip.decompress(file).removeprefix(_MARK))


def _written(content: object) -> bytes:
    return gzip.compress(_MARK + cbor2.dumps(content), mtime=0)
