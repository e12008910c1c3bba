"""The whole flow on one screen: seeds, annotations, archive, planned pages. Reads seeds/; writes nothing.

The later stages are loaded when they are called: a check of one file needs none of them.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.gazetteer import Gazetteer
from generator.annotate.mentions import find_mentions
from generator.check.coverage import check_coverage
from generator.check.rules import check_archive
from generator.issues import Issue, sort_issues
from generator.read.seeds import join_seeds, read_entries, read_seeds
from generator.workers import without_collector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from generator.annotating import Draft
    from generator.config import ArchiveConfig
    from generator.link.usage import Usage
    from generator.model import AnnotatedArticle, Archive, KwicLine, Page, Seeds
    from generator.records import Records


class Annotated(Struct, frozen=True):
    """Every seed without an error of its own, annotated, and all that is wrong with the rest."""

    seeds: Seeds
    articles: tuple[AnnotatedArticle, ...]
    """Sorted by id."""
    lines: Mapping[str, tuple[KwicLine, ...]]
    """By article id, the sentence of each linked mention."""
    usage: Usage
    """What all texts say of forms."""
    drafts: Mapping[bytes, Draft]
    """What each article tells on its own, by name."""
    issues: tuple[Issue, ...]
    """Sorted by place."""


@without_collector()
def annotate(
    config: ArchiveConfig,
    known: Records | None = None,
    *,
    former: Annotated | None = None,
    jobs: int | None = None,
) -> Annotated:
    """Return the annotated articles of an archive and every issue of its seeds.

    Args:
        config: the archive.
        known: what earlier runs made of articles, and where this one leaves what it makes; absent, nothing is kept.
        former: the same archive as this process last saw it: what still holds of that is taken from there.
        jobs: how many processes share the work; see `workers.count_jobs`.

    Raises:
        ArchiveError: ARCHIVE_JOBS is no number, or a process was ended from outside.
    """
    from generator.annotating import make_annotator  # noqa: PLC0415 - see above
    from generator.drafting import draft_articles, settle  # noqa: PLC0415
    from generator.reusing import Kept  # noqa: PLC0415

    glossary, issues = read_entries(config)
    annotator = make_annotator(config.root, glossary)
    kept = Kept(known, annotator, config.root, former.drafts if former else {})
    drafts, found = draft_articles(config.root, annotator, kept, jobs)
    issues += found
    seeds, found = join_seeds(glossary, drafts.articles, drafts.paths)
    issues += found
    taken = {article.path for article in seeds.articles}
    issues += [issue for issue in drafts.unmatched if issue.path in taken]
    alone = [drafts.by_path[a.path] for a in seeds.articles if a.path in drafts.by_path]
    kept.close()
    settled, usage = settle(alone, {entity.id: entity for entity in glossary.entities})
    articles = tuple(annotated for annotated, _ in settled)
    lines = {annotated.article.id: lines for annotated, lines in settled}
    issues += check_archive(seeds, articles)
    named = {one.name: one.draft for one in drafts.by_path.values()}
    return Annotated(seeds, articles, lines, usage, named, sort_issues(issues))


def annotate_known(config: ArchiveConfig) -> Annotated:
    """Return the same as `annotate`, with the help of what a build left in the archive's cache, if it left anything.

    Raises:
        ArchiveError: as `annotate`.
    """
    with _left_by_a_build(config) as known:
        return annotate(config, known)


def annotate_both(
    config: ArchiveConfig, base: ArchiveConfig, head: ArchiveConfig
) -> tuple[Annotated, Annotated]:
    """Return two moments of an archive annotated, the second with the help of the first, and both with a build's.

    What is found out here, of texts that may have been withdrawn since, does not come into the archive's cache.

    Raises:
        ArchiveError: as `annotate`.
    """
    from generator.records import Records  # noqa: PLC0415 - see above

    with TemporaryDirectory(prefix="archive-") as folder:
        file = Path(folder, "articles.db")
        with suppress(OSError):  # as when there was no build; what another process is writing is not believed
            shutil.copyfile(config.cache / file.name, file)
        with closing(Records(file)) as known:
            return annotate(base, known), annotate(head, known)


@contextmanager
def _left_by_a_build(config: ArchiveConfig) -> Iterator[Records | None]:
    """Open what a build of the archive left of its articles; where it left nothing, nothing is begun."""
    from generator.records import Records  # noqa: PLC0415 - see above

    file = config.cache / "articles.db"
    if not (file.exists() and os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        yield None
        return
    with closing(Records(file)) as records:
        yield records


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


@without_collector()
def link(annotated: Annotated) -> Archive:
    """Return the archive: all articles together, with backlinks."""
    from generator.link.archive import link_archive  # noqa: PLC0415 - see above

    return link_archive(annotated.articles, annotated.seeds.entities, annotated.lines)


@without_collector()
def plan(archive: Archive, site_name: str, *, search: bool = False) -> list[Page]:
    """Return every page of the site, sorted by address; where asked, the page of search is among them."""
    from generator.render.pages import plan_pages  # noqa: PLC0415 - see above

    return plan_pages(archive, site_name, search=search)
