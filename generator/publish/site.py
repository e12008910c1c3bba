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
    last = config.cache / "last-build"
    target = str(site_dir.resolve()) if site_dir else ""
    options = (str(config.root), target, str(search), os.environ.get("SOURCE_DATE_EPOCH", ""))
    with progress.stage("compare"):
        built = unchanged(last, options)
    if built is not None and Path(built.named).resolve() == Path(built.site):
        for line in built.warnings:
            print(line, file=sys.stderr)  # noqa: T201 - as the build itself did
        return BuiltSite(Path(built.site), _count_pages(built.outputs), unchanged=True)
    from generator.publish.running import run_build  # noqa: PLC0415 - half a second that the above does not need

    run = run_build(config, site_dir, progress, search=search)
    with progress.stage("remember"):
        if run.roots:
            outputs = look_at_site(run.site, run.files)
            roots = tuple(map(str, run.roots))
            site = str(run.site)
            remember(last, Built(edition(), options, roots, run.inputs, site, run.named, outputs, run.said))
    return BuiltSite(run.site, _count_pages(run.files), unchanged=False)


def _count_pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)
