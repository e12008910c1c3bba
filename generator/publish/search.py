"""Search: the index of an archive, in shards; what is known of an unchanged document is not found out again.

Shards are stretches of whole months, so that an article that is new or changed touches one of them; the entries and
the hand-written pages have a shard of their own. The browser merges them; docs/decisions/0005-search.md has figures.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import closing
from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, TypeVar

from generator.issues import UnwantedError
from generator.publish.bundles import gather
from generator.publish.documents import month_of, origin_of, page_document, sign_of
from generator.publish.names import name_index
from generator.publish.shards import Shards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from generator.model import AnnotatedArticle, Archive
    from generator.objects import Objects
    from generator.publish.shards import Planned

SMALLEST = 512
"""Articles of a shard, at least; the newest one may have fewer."""
MOST = 10
"""Shards of articles, about, however large the archive is."""

_ID, _ARTICLE_ID, _URL = attrgetter("id"), attrgetter("article.id"), itemgetter(0)
_Dated = TypeVar("_Dated")


def make_index(
    archive: Archive,
    pages: Iterable[tuple[str, str]],
    cache: Path,
    objects: Objects,
    unwanted: Callable[[], bool] = lambda: False,
) -> dict[str, str] | None:
    """Make the index of an archive.

    Args:
        archive: its articles and entries are found.
        pages: so are these, which were not made from seeds, as (address below the site, HTML).
        cache: a folder for what is known of documents, which nobody else uses meanwhile.
        objects: where the files of the index are kept.
        unwanted: tells, from time to time, that nobody needs the index any more.

    Returns:
        The digest of each file by its path below the folder of the index; None where nobody needs it.

    Raises:
        SiteError: Pagefind is not there, or failed.
    """
    with closing(Shards(_language(archive), cache, objects, unwanted)) as shards:
        try:
            made = shards.make(_planned(archive, sorted(pages), shards))
        except UnwantedError:
            return None
        known, pieces = name_index(archive)
        said: dict[str, object] = {f"names/{name}.json": piece for name, piece in pieces.items()}
        said["index.json"] = {"shards": list(made), "names": known}
        index = {f"{name}/{path}": kept for name, paths in made.items() for path, kept in paths.items()}
        index |= {path: objects.add(_json(value)) for path, value in said.items()}
        shards.forget()
        return index


def _planned(archive: Archive, pages: Sequence[tuple[str, str]], shards: Shards) -> list[list[Planned]]:
    """Return the bundles of each shard: of stretches of articles, and of the others; all in one where they are few."""
    written = [(url, document) for url, html in pages if (document := page_document(url, html))]
    others = [
        *(
            shards.plan("entries", [*map(_ID, some)], partial(list, some))
            for some in gather(archive.entities.values(), _ID)
        ),
        *(shards.plan("pages", [*map(_URL, some)], partial(list, some)) for some in gather(written, _URL)),
    ]

    def of_articles(articles: Iterable[AnnotatedArticle]) -> list[Planned]:
        bundles = gather(articles, _ARTICLE_ID)
        return [
            shards.plan(
                "articles",
                [*map(_ARTICLE_ID, some)],
                partial(_origins, archive, some),
                [sign_of(a, archive) for a in some],
            )
            for some in bundles
        ]

    if len(archive.articles) + len(archive.entities) + len(written) <= SMALLEST:
        return [[*of_articles(archive.articles), *others]]
    return [*map(of_articles, stretches(archive.articles, month_of)), others]


def _origins(archive: Archive, articles: Iterable[AnnotatedArticle]) -> list[object]:
    return [origin_of(annotated, archive) for annotated in articles]


def stretches(articles: Iterable[_Dated], month: Callable[[_Dated], str]) -> list[list[_Dated]]:
    """Return articles in stretches of whole months, the newest stretch first.

    A stretch is filled from the oldest month on, so that a new article, which mostly is the newest, moves no other.
    """
    by_month: dict[str, list[_Dated]] = defaultdict(list)
    for article in articles:
        by_month[month(article)].append(article)
    size = SMALLEST
    while size * MOST < sum(map(len, by_month.values())):
        size *= 2
    found: list[list[_Dated]] = []
    for _, same in sorted(by_month.items(), key=itemgetter(0)):
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
