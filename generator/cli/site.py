"""Commands that make a site."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from generator.building import BuiltSite, build_site
from generator.cli.options import ARCHIVE, counted, relative
from generator.config import find_archive
from generator.progress import Progress

_built: list[BuiltSite] = []
"""What was built, with all that it was made of: the process ends faster than Python takes that apart."""


@click.command()
@ARCHIVE
@click.option(
    "--site-dir", type=click.Path(path_type=Path), metavar="DIR", help="Where the site goes (default: site)."
)
@click.option("--no-search", "search", is_flag=True, default=True, flag_value=False, help="Build no search.")
@click.option("--timings", is_flag=True, help="Say on stderr where the time went.")
def build(folder: Path, site_dir: Path | None, *, search: bool, timings: bool) -> None:
    """Build the whole site; it is put in place only when it is complete and verified."""
    progress = _progress()
    built = build_site(find_archive(folder), site_dir, search=search, progress=progress)
    _built.append(built)
    if timings:
        stages = [*progress.timings, ("in all", sum(seconds for _, seconds in progress.timings))]
        for stage, seconds in stages:
            click.echo(f"{stage:>12} {seconds:8.2f} s", err=True)
    if built.unchanged:
        click.echo(f"nothing has changed: {counted(built.pages, 'page')} in {relative(built.site)}", err=True)
    else:
        new = "" if built.new_pages is None else f", {built.new_pages:,} of them new or changed"
        click.echo(f"built {counted(built.pages, 'page')} in {relative(built.site)}{new}", err=True)


@click.command()
@ARCHIVE
@click.option("--address", metavar="HOST:PORT", help="Where to serve (default: 127.0.0.1:8000).")
def serve(folder: Path, address: str | None) -> None:
    """Serve the site with live reload."""
    from generator.publish.running import serve_site  # noqa: PLC0415 - MkDocs takes half a second to load

    serve_site(find_archive(folder), address)


def _progress() -> Progress:
    """Return what tells of a build on stderr: in one line on a terminal, elsewhere in few."""

    def redraw(line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        click.echo(f"\r{line[:width]:{width}}\r{line[:width]}", err=True, nl=False)

    return Progress(lambda line: click.echo(line, err=True), redraw if sys.stderr.isatty() else None)
