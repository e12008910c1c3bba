"""Site: whether a site has to be built at all, and what a build left."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.progress import Progress
from generator.store import edition
from generator.unchanged import Built, look_at_site, remember, unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import ArchiveConfig


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """What a build left."""

    site: Path
    """The folder."""
    pages: int
    """How many HTML files lie in it."""
    unchanged: bool
    """Whether it lay there already: nothing has changed since it was built."""


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
    """
    progress = progress or Progress()
    last, options = config.cache / "last-build", _options(config, site_dir, search=search)
    with progress.stage("compare"):
        built = unchanged(last, options)
    if built is not None and Path(built.named).resolve() == Path(built.site):
        for line in built.warnings:
            print(line, file=sys.stderr)  # noqa: T201 - as the build itself did
        return BuiltSite(Path(built.site), _count_pages(built.outputs), unchanged=True)
    from generator.publish.running import run_build  # noqa: PLC0415 - half a second that the above does not need

    run = run_build(config, site_dir, progress, search=search)
    if run.roots:
        with progress.stage("remember"):
            outputs = look_at_site(run.site, run.files)
            places = tuple(map(str, run.roots)), run.inputs, str(run.site), run.named
            remember(last, Built(edition(), options, *places, outputs, run.said))
    return BuiltSite(run.site, _count_pages(run.files), unchanged=False)


def _options(config: ArchiveConfig, site_dir: Path | None, *, search: bool) -> tuple[str, ...]:
    """Return what else than files decides what is built."""
    target = str(site_dir.resolve()) if site_dir else ""
    return (str(config.root), target, str(search), os.environ.get("SOURCE_DATE_EPOCH", ""))


def _count_pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)
