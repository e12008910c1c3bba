"""Search: the index of an archive, in shards; what is known of an unchanged document is not found out again.

Shards are stretches of whole months, so that an article that is new or changed touches one of them; the entries and
the hand-written pages have a shard of their own. The browser merges them; docs/decisions/0005-search.md has figures.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from generator.publish.documents import month_of
from generator.publish.indexing import FILES, Indexer, UnwantedError
from generator.publish.names import name_index
from generator.store import Objects, lock_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.model import Archive
    from generator.publish.indexing import Source

FOLDER = "search"
"""Below the site: the page of search and all that it fetches."""
SMALLEST = 512
"""Articles of a shard, at least; the newest one may have fewer."""
MOST = 10
"""Shards of articles, about, however large the archive is."""
_OURS = re.compile("names|[0-9a-f]{12}")
"""Folders of an index: of names, and of shards."""

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
        cache: where what is known of documents is kept from build to build.
        unwanted: tells, from time to time, that nobody needs the index any more.

    Raises:
        SiteError: Pagefind is not there, or failed.
    """
    pages = [(url, (site / file).read_text("utf-8")) for url, file in sorted(hand_written) if (site / file).is_file()]
    index = make_index(archive, pages, cache, unwanted)
    if index is not None:
        place_index(index, site / FOLDER, cache)


def make_index(
    archive: Archive,
    pages: Iterable[tuple[str, str]],
    cache: Path,
    unwanted: Callable[[], bool] = lambda: False,
) -> dict[str, str] | None:
    """Make the index of an archive and of hand-written pages, which are (address, HTML).

    Returns:
        By the path of each file of the index, under which name it is kept in the cache; none where it is unwanted.

    Raises:
        SiteError: Pagefind is not there, or failed.
    """
    with _indexing(archive, cache, unwanted) as indexer:
        entries = [indexer.entry(entity) for entity in archive.entities.values()]
        written = [source for url, html in pages if (source := indexer.page(url, html))]
        shards = _shards(archive, indexer, [*entries, *written])
        try:
            made = dict(indexer.shard(shard) for shard in shards)
        except UnwantedError:
            return None
        known, pieces = name_index(archive)
        said: dict[str, object] = {f"names/{name}.json": piece for name, piece in pieces.items()}
        said["index.json"] = {"shards": list(made), "names": known}
        index = {f"{name}/{path}": kept for name, paths in made.items() for path, kept in paths.items()}
        index |= {path: indexer.keep(_json(value)) for path, value in said.items()}
        indexer.forget()
        return index


def index_articles(archive: Archive, cache: Path, unwanted: Callable[[], bool] = lambda: False) -> None:
    """Do what can be done of an index before there are hand-written pages, and keep it in the cache.

    Raises:
        SiteError: Pagefind is not there, or failed.
    """
    with _indexing(archive, cache, unwanted) as indexer, suppress(UnwantedError):
        entries = [indexer.entry(entity) for entity in archive.entities.values()]
        *dated, rest = _shards(archive, indexer, entries)
        for stretch in dated:
            indexer.shard(stretch)
        indexer.index(rest)


def place_index(index: Mapping[str, str], folder: Path, cache: Path) -> None:
    """Let an index appear in a folder, instead of the one that is there."""
    if folder.is_dir():
        (folder / "index.json").unlink(missing_ok=True)
        for old in folder.iterdir():
            if _OURS.fullmatch(old.name):
                shutil.rmtree(old)
    files = Objects(cache / FILES)
    inner = {path: folder / path for path in {path.rpartition("/")[0] for path in index}}
    for target in inner.values():
        target.mkdir(parents=True, exist_ok=True)
    for path, kept in index.items():
        within, _, name = path.rpartition("/")
        files.place(kept, inner[within] / name)


@contextmanager
def _indexing(archive: Archive, cache: Path, unwanted: Callable[[], bool]) -> Iterator[Indexer]:
    with lock_of(cache / ".lock"), closing(Indexer(archive, _language(archive), cache, unwanted)) as indexer:
        yield indexer


def _shards(archive: Archive, indexer: Indexer, others: Sequence[Source]) -> list[Sequence[Source]]:
    """Return the sources of each shard: stretches of articles, and the others; all in one where they are few."""
    if len(archive.articles) + len(others) <= SMALLEST:
        return [[*map(indexer.article, archive.articles), *others]]
    return [*(list(map(indexer.article, articles)) for articles in stretches(archive.articles, month_of)), others]


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


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
