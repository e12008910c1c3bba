"""The whole flow on one screen: seeds, annotations, archive, pages. Reads seeds/; writes nothing.

The later stages are loaded when they are called: a check of one file needs none of them.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.annotate.gazetteer import Gazetteer
from generator.annotate.mentions import find_mentions
from generator.check.coverage import check_coverage
from generator.check.rules import check_archive
from generator.issues import Issue, has_errors, sort_issues
from generator.link.entities import link_entities
from generator.link.permalinks import link_article
from generator.link.usage import Usage, count_meanings, find_common_words
from generator.read.seeds import read_seeds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from generator.config import ArchiveConfig
    from generator.model import AnnotatedArticle, Archive, Article, Entity, Find, Mention, Page, Seeds


@dataclass(frozen=True, slots=True)
class Annotated:
    """Every seed without an error of its own, annotated, and all that is wrong with the rest."""

    seeds: Seeds
    articles: tuple[AnnotatedArticle, ...]
    """Sorted by id."""
    issues: tuple[Issue, ...]
    """Sorted by place."""


def annotate(config: ArchiveConfig) -> Annotated:
    """Return the annotated articles of an archive and every issue of its seeds."""
    seeds, issues = read_seeds(config)
    gazetteer = Gazetteer(seeds.entities)
    finds: dict[str, tuple[Find, ...]] = {}
    for article in seeds.articles:
        finds[article.id], found = find_mentions(article, gazetteer)
        issues += found
        if has_errors(found):
            del finds[article.id]
    found_in = [article for article in seeds.articles if article.id in finds]
    annotated = [
        link_article(article, mentions) for article, mentions in settle(found_in, finds, gazetteer.entities)
    ]
    issues += check_archive(seeds, annotated)
    return Annotated(seeds, tuple(annotated), sort_issues(issues))


def annotate_both(base: ArchiveConfig, head: ArchiveConfig) -> tuple[Annotated, Annotated]:
    """Return two archives annotated, the first in a process of its own: they have nothing to do with each other."""
    with ProcessPoolExecutor(1) as pool:
        waiting = pool.submit(annotate, base)
        annotated = annotate(head)
        return waiting.result(), annotated


def check_seeds(config: ArchiveConfig, named: Collection[str]) -> tuple[int, tuple[Issue, ...]]:
    """Return how many seeds have these paths, and what is wrong with them, as far as no other article tells.

    What an article shares with others, and which ambiguities the usage of the archive settles, takes them all.
    """
    seeds, issues = read_seeds(config, named)
    gazetteer = Gazetteer(seeds.entities)
    for article in seeds.articles:
        issues += find_mentions(article, gazetteer)[1]
    issues += check_archive(seeds, ())
    return len(set(named)), sort_issues(issue for issue in issues if issue.path in named)


def check_usage(annotated: Annotated) -> list[Issue]:
    """Return what of the glossary the articles do not use."""
    return check_coverage(annotated.seeds, annotated.articles)


def settle(
    articles: list[Article], finds: Mapping[str, tuple[Find, ...]], entities: Mapping[str, Entity]
) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
    """Yield each article with its mentions, given what was found in it, by its id.

    What each article settles on its own is evidence for the others.
    """
    usage = Usage(find_common_words(articles, entities.values()))
    first = [link_entities(article, finds[article.id], entities, usage) for article in articles]
    usage = replace(usage, meant=count_meanings(first))
    for article, mentions in zip(articles, first, strict=True):
        if any(mention.entity_id is None for mention in mentions):
            yield article, link_entities(article, finds[article.id], entities, usage)
        else:
            yield article, mentions


def link(annotated: Annotated) -> Archive:
    """Return the archive: all articles together, with backlinks."""
    from generator.link.archive import link_archive  # noqa: PLC0415 - see above

    return link_archive(annotated.articles, annotated.seeds.entities)


def render(config: ArchiveConfig, archive: Archive, site_name: str, *, search: bool = False) -> list[Page]:
    """Return every page of the site, sorted by address; where asked, the page of search is among them.

    Raises:
        ArchiveError: a page template of the archive cannot be used.
    """
    from generator.render.pages import render_pages  # noqa: PLC0415 - see above

    return render_pages(config, archive, site_name, search=search)
