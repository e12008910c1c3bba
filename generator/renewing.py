"""Renewing: a site is built once more beside its frame, where nothing but seeds has changed; MkDocs is not started."""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from generator import pipeline
from generator.issues import ArchiveError, BuildFailedError
from generator.publish.assembling import Assembly
from generator.publish.frame import KnownTheme, Run, decode_frame
from generator.publish.reporting import log, must_stop, report_issues, talk_on_stderr
from generator.publish.swap import check_target, lock
from generator.records import Records
from generator.unchanged import states_of
from generator.workers import without_collector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config import ArchiveConfig
    from generator.model import Archive
    from generator.objects import State
    from generator.pipeline import Annotated
    from generator.progress import Progress
    from generator.publish.frame import Frame
    from generator.unchanged import Built, Compared


def renew(config: ArchiveConfig, last: Built, compared: Compared, progress: Progress) -> Run | None:
    """Build a site once more after seeds have changed; None where it takes MkDocs after all, and nothing was said.

    Warnings and errors go to stderr.

    Args:
        config: the archive.
        last: its last build.
        compared: what has changed since.
        progress: is told of the stages.

    Raises:
        BuildFailedError: the build stopped.
    """
    frame, published = decode_frame(last.frame), Path(last.site)
    if frame is None or Path(last.named).resolve() != published:
        return None
    with talk_on_stderr(logging.WARNING) as said, without_collector(), ExitStack() as held:
        try:
            check_target(published, [config.root / name for name in ("seeds", "templates", "docs", ".cache")])
            held.enter_context(lock(published))
            built = build_beside(frame, config, (published, states_of(last)), progress, held)
        except ArchiveError as error:
            log.error("%s", error)
            raise BuildFailedError(error.exit_code) from error
    if built is None:
        return None
    roots, inputs = tuple(map(Path, last.roots)), compared.inputs
    return Run(published, last.named, built[0], roots, inputs, tuple(said), last.frame)


def build_beside(
    frame: Frame,
    config: ArchiveConfig,
    site: tuple[Path, Mapping[str, State]],
    progress: Progress,
    held: ExitStack,
    *,
    former: Annotated | None = None,
    index: bool = True,
) -> tuple[Assembly, Annotated] | None:
    """Build a site beside a frame, put it in place, and return it with its articles; None, unsaid, where it cannot go.

    Args:
        frame: what the site is built beside.
        config: the archive.
        site: where it goes, locked, and the states in which the files of the last one were left, by their digests.
        progress: is told of the stages.
        held: is given the right to build, as long as it is open.
        former: the archive as this process last saw it.
        index: whether the search index is made at once.

    Raises:
        ArchiveError: the build stopped.
    """
    annotated, archive = _annotate(frame, config, progress, former)
    with progress.stage("lock"):
        assembly = held.enter_context(Assembly(config, archive, *site))
    if not assembly.has(frame.written):
        return None
    assembly.begin(frame.written, search=frame.search and index)
    with progress.stage("plan"):
        pages = frame.around(pipeline.plan(archive, frame.site_name, search=frame.search))
    if pages is None or assembly.complete(pages, KnownTheme(frame), progress, site_url=frame.site_url):
        return None  # MkDocs tells more of what is wrong
    _warn(annotated, frame)
    if not frame.search:
        assembly.forget_search()
    with progress.stage("put in place"):
        assembly.publish(complete=index)
    return assembly, annotated


def _warn(annotated: Annotated, frame: Frame) -> None:
    report_issues(annotated.issues, annotated.seeds.count, strict=frame.strict)
    for line in frame.said:
        log.warning("%s", line)


def _annotate(
    frame: Frame, config: ArchiveConfig, progress: Progress, former: Annotated | None
) -> tuple[Annotated, Archive]:
    """Return what a site is made of.

    Raises:
        ArchiveError: the seeds stop the build.
    """
    with progress.stage("seeds"), closing(Records(config.cache / "articles.db")) as known:
        annotated = pipeline.annotate(config, known, former=former)
    if must_stop(annotated.issues, strict=frame.strict):
        report_issues(annotated.issues, annotated.seeds.count, strict=frame.strict)
    with progress.stage("link"):
        return annotated, pipeline.link(annotated)
