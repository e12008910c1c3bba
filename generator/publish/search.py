"""Search: the index of a staged site, in shards; only those with a changed document are made again.

Shards are stretches of whole months, so that an article that is new or changed touches one of them; the entries and
the hand-written pages have a shard of their own. The browser merges them; docs/decisions/0005-search.md has figures.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import cbor2
from filelock import FileLock

from generator.publish.canonical import make_canonical
from generator.publish.documents import EVERY, article_document, entries_of, month_of, pages_of
from generator.publish.names import name_index
from generator.publish.pagefind import VERSION, index_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from generator.model import AnnotatedArticle, Archive
    from generator.publish.documents import Document

FOLDER = "search"
"""Below the site: the page of search and all that it fetches."""
SMALLEST = 512
"""Articles of a shard, at least; the newest one may have fewer."""
MOST = 10
"""Shards of articles, about, however large the archive is."""
_NEEDED = re.compile(
    r"(fragment|index|filter)/.*|pagefind-entry\.json|.*\.pf_meta|pagefind(-worker)?\.js|wasm\..*"
)
"""The files of Pagefind without its own boxes and styles."""

_Dated = TypeVar("_Dated")


def build_search(
    site: Path,
    archive: Archive,
    hand_written: Iterable[tuple[str, str]],
    cache: Path,
    unwanted: Callable[[], bool] = lambda: False,
) -> None:
    """Write the index of a site into it.

    Args:
        site: the folder that MkDocs wrote.
        archive: what it was made from.
        hand_written: (address, file), below the site, of the pages that were not made from seeds.
        cache: where the shards are kept from build to build.
        unwanted: tells, between shards, that nobody needs the index any more.

    Raises:
        SiteError: Pagefind is not there, or failed.
    """
    pages = ((url, site / file) for url, file in sorted(hand_written) if (site / file).is_file())
    others = [*entries_of(archive), *pages_of((url, file.read_text("utf-8")) for url, file in pages)]
    shards: list[tuple[list[AnnotatedArticle], list[Document]]] = [
        (stretch, []) for stretch in stretches(archive.articles, month_of)
    ]
    few = len(archive.articles) + len(others) <= SMALLEST
    shards = [(list(archive.articles), others)] if few else [*shards, ([], others)]
    work = _Work(site / FOLDER, archive, cache, _language(archive), unwanted)
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / ".lock"), ThreadPoolExecutor(os.cpu_count()) as workers:
        digests = list(workers.map(work.publish, *zip(*shards, strict=True)))
        if unwanted():
            return
        for kept in cache.glob("[0-9a-f]*"):
            if kept.name.removesuffix(".cbor") not in digests:
                kept.unlink()
    known, pieces = name_index(archive)
    for name, piece in pieces.items():
        _write(site / FOLDER / "names" / f"{name}.json", piece)
    _write(site / FOLDER / "index.json", {"shards": digests, "names": known})


def stretches(articles: Iterable[_Dated], month: Callable[[_Dated], str]) -> list[list[_Dated]]:
    """Return articles in stretches of whole months, the newest stretch first.

    A stretch is filled from the oldest month on, so that a new article, which mostly is the newest, moves no other.
    """
    oldest_first = sorted(articles, key=month)
    size = SMALLEST
    while size * MOST < len(oldest_first):
        size *= 2
    found: list[list[_Dated]] = []
    for _, same in groupby(oldest_first, key=month):
        if not found or len(found[-1]) >= size:
            found.append([])
        found[-1] += same
    return found[::-1]


def _language(archive: Archive) -> str:
    """Return the language whose stems the index knows: the one of most articles. An index can know only one."""
    languages = Counter(
        annotated.article.front_matter.language.partition("-")[0].lower() for annotated in archive.articles
    )
    return min(languages, key=lambda language: (-languages[language], language), default="en")


@dataclass(frozen=True, slots=True)
class _Work:
    """What every shard needs."""

    target: Path
    archive: Archive
    cache: Path
    language: str
    unwanted: Callable[[], bool]

    def publish(self, articles: Sequence[AnnotatedArticle], others: Sequence[Document]) -> str:
        """Write a shard into the site, from the cache or made anew; return its name."""
        documents = [*(article_document(article, self.archive) for article in articles), *others]
        digest = hashlib.sha256(f"{VERSION}\0{self.language}".encode())
        for document in documents:
            digest.update(f"\0{document.url}\0{document.html}".encode())
        name = digest.hexdigest()[:12]
        kept = self.cache / f"{name}.cbor"
        if self.unwanted():
            return name
        if kept.is_file():
            files = cbor2.loads(kept.read_bytes())
        else:
            made = make_canonical(index_documents(documents, self.language), EVERY)
            files = {path: made[path] for path in sorted(made) if _NEEDED.fullmatch(path)}
            whole = kept.with_suffix(".made")
            whole.write_bytes(cbor2.dumps(files))
            whole.replace(kept)
        _write_all(self.target / name, files)
        return name


def _write_all(target: Path, files: dict[str, bytes]) -> None:
    for folder in {path.rpartition("/")[0] for path in files}:
        (target / folder).mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        with open(f"{target}/{path}", "wb") as file:  # noqa: PTH123 - thousands of them; pathlib takes as long again
            file.write(content)


def _write(file: Path, value: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), "utf-8")
