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
from generator.publish.reporting import NAME, must_stop, report_issues, talk_on_stderr
from generator.publish.swap import check_target, lock, recover
from generator.store import Records
from generator.unchanged import states_of
from generator.workers import without_collector

if TYPE_CHECKING:
    from generator.config import ArchiveConfig
    from generator.objects import State
    from generator.progress import Progress
    from generator.publish.frame import Frame
    from generator.unchanged import Built, Compared

log = logging.getLogger(f"mkdocs.plugins.{NAME}")


def renew(config: ArchiveConfig, last: Built, compared: Compared, progress: Progress) -> Run | None:
    """Build a site once more; warnings and errors go to stderr. None where it takes MkDocs, and nothing was said.

    Args:
        config: the archive.
        last: its last build.
        compared: what has changed since.
        progress: is told of the stages.

    Raises:
        BuildFailedError: the build stopped.
    """
    frame = decode_frame(last.frame)
    others = [path for path in compared.changed if not Path(path).is_relative_to(config.seeds)]
    if frame is None or others or Path(last.named).resolve() != Path(last.site):
        return None
    with talk_on_stderr(logging.WARNING) as said, without_collector():
        try:
            found = _renew(config, frame, last, progress)
        except ArchiveError as error:
            log.error("%s", error)  # noqa: TRY400 - its cause is in its words
            raise BuildFailedError(error.exit_code) from error
    if found is None:
        return None
    files, known = found
    roots = tuple(map(Path, last.roots))
    return Run(Path(last.site), last.named, files, roots, compared.inputs, tuple(said), last.frame, known)


def _renew(
    config: ArchiveConfig, frame: Frame, last: Built, progress: Progress
) -> tuple[dict[str, str], dict[str, State]] | None:
    """Return the digest of each file of the new site by its path, and the states in which some of them are known to be.

    None where the site does not go into the frame.
    """
    published = Path(last.site)
    with progress.stage("seeds"), closing(Records(config.cache / "articles.db")) as known:
        annotated = pipeline.annotate(config, known)
    issues, seeds = annotated.issues, annotated.seeds.count
    if must_stop(issues, strict=frame.strict):
        report_issues(log, issues, seeds, strict=frame.strict)
    with progress.stage("link"):
        archive = pipeline.link(annotated)
    with progress.stage("plan"):
        pages = pipeline.plan(archive, frame.site_name, search=frame.search)
    if not frame.fits(pages):
        return None
    check_target(published, [config.root / name for name in ("seeds", "templates", "docs", ".cache")])
    with ExitStack() as held:
        with progress.stage("lock"):
            held.enter_context(lock(published))
            recover(published)
            held.callback(recover, published)
            assembly = held.enter_context(Assembly(config, archive, states_of(last)))
        if not assembly.has(frame.written) or assembly.complete(
            frame.written, pages, KnownTheme(frame), progress, site_url=frame.site_url, search=frame.search
        ):
            return None  # MkDocs tells more of what is wrong
        report_issues(log, issues, seeds, strict=frame.strict)
        for line in frame.said:
            log.warning("%s", line)
        if not frame.search:
            assembly.forget_search()
        with progress.stage("put in place"):
            assembly.publish(published)
        return assembly.site, assembly.states
