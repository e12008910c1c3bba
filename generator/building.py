"""Building: whether a site has to be built at all, and if so, with MkDocs or without; what a build left."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.issues import SiteError
from generator.progress import Progress
from generator.store import edition, remove
from generator.unchanged import (
    UNKNOWN,
    Built,
    compare,
    last_build,
    look_again,
    look_at_site,
    only_seeds,
    remember,
    site_is_whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import ArchiveConfig
    from generator.publish.frame import Run
    from generator.unchanged import Compared


_INDEXING = "generator.publish.indexing"
_TASKS = ("generator.annotating", "generator.publish.making", _INDEXING)
"""Where the work lies that processes share."""
_MANY = 500
"""Seeds from which on it takes longer to plan a site than another process to load what it needs."""


class BuiltSite(Struct, frozen=True):
    """What a build left."""

    site: Path
    """The folder."""
    pages: int
    """How many HTML files lie in it."""
    unchanged: bool
    """Whether it lay there already: nothing has changed since it was built."""
    new_pages: int | None
    """How many of them the last build did not leave so; None where that is not known."""
    run: Run | None = None
    """All that it was made of; None where nothing was made."""


def build_site(
    config: ArchiveConfig,
    site_dir: Path | None = None,
    *,
    search: bool = True,
    progress: Progress | None = None,
) -> BuiltSite:
    """Build the site of an archive; warnings and errors go to stderr.

    Where nothing has changed since the last build, what that one warned of is said again, and nothing is done.

    Args:
        config: the archive.
        site_dir: where the site goes, in the place of what mkdocs.yml says.
        search: whether it gets a search.
        progress: is told of the stages.

    Raises:
        ArchiveError: mkdocs.yml is missing or wrong.
        BuildFailedError: the build stopped.
        SiteError: files of the site were written by another program while it was put in place.
    """
    progress = progress or Progress()
    file, options = config.cache / "last-build", _options(config, site_dir, search=search)
    with progress.stage("compare"):
        last = last_build(file, options)
        compared = compare(last) if last else None
        unchanged = last and compared and not compared.changed and site_is_whole(last)
    if last and unchanged and Path(last.named).resolve() == Path(last.site):
        for line in last.warnings:
            print(line, file=sys.stderr)  # noqa: T201 - as the build itself did
        return BuiltSite(Path(last.site), _count_pages(last.outputs), unchanged=True, new_pages=0)
    run = _renewed(config, last, compared, progress) or _run(config, site_dir, progress, search=search)
    with progress.stage("remember"):
        _remember(file, options, run)
    site = run.assembly.site
    new_pages = _count_new(site, last) if last else None
    return BuiltSite(run.site, _count_pages(site), unchanged=False, new_pages=new_pages, run=run)


def _run(config: ArchiveConfig, site_dir: Path | None, progress: Progress, *, search: bool) -> Run:
    """Let MkDocs build; it takes half a second to load, and meanwhile another process what pages need."""
    _prepare(*_TASKS)
    from generator.publish.running import run_build  # noqa: PLC0415 - see above

    return run_build(config, site_dir, progress, search=search)


def _prepare(*tasks: str) -> None:
    from generator.workers import prepare  # noqa: PLC0415 - where nothing has changed, nobody works

    prepare(tasks)


def _renewed(
    config: ArchiveConfig, last: Built | None, compared: Compared | None, progress: Progress
) -> Run | None:
    """Return what a build without MkDocs left; None where there can be none."""
    if last is None or compared is None or not (last.frame and only_seeds(config, last, compared.changed)):
        return None
    if len(last.inputs) >= _MANY:
        _prepare(_INDEXING)  # most of what is to be made is too little to be shared
    from generator.renewing import renew  # noqa: PLC0415 - nor does an unchanged site need this

    return renew(config, last, compared, progress)


def _options(config: ArchiveConfig, site_dir: Path | None, *, search: bool) -> tuple[str, ...]:
    """Return what else than files decides what is built."""
    target = str(site_dir.resolve()) if site_dir else ""
    return (str(config.root), target, str(search), os.environ.get("SOURCE_DATE_EPOCH", ""))


def _remember(file: Path, options: tuple[str, ...], run: Run) -> None:
    """Keep what was built, unless nobody knows all that was read; refuse what another program wrote meanwhile."""
    if not run.roots:
        remove(file)  # it told of another site
        return
    outputs = look_at_site(run.site, run.assembly.site, run.assembly.states)
    places = tuple(map(str, run.roots)), look_again(run.inputs), str(run.site), run.named
    remember(file, Built(edition(), options, *places, outputs, run.said, run.frame))
    others = sorted(path for path, seen in outputs.items() if seen == UNKNOWN)
    if others:
        count = f"{len(others):,} file{'' if len(others) == 1 else 's'}"
        first = run.site / others[0]
        raise SiteError(f"another program wrote to {count} of the new site, such as {first}", "build again")


def _count_new(site: Mapping[str, str], last: Built) -> int:
    """Return how many pages of a site, given by the digests of its files, a build did not leave so."""
    before = {path: seen.digest.hex() for path, seen in last.outputs.items()}
    return _count_pages(path for path, name in site.items() if before.get(path) != name)


def _count_pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)
