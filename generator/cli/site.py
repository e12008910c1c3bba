"""Commands that make a site, or the archive in another form."""

from __future__ import annotations

from pathlib import Path

import click

from generator import pipeline
from generator.cli.options import ARCHIVE, counted, relative, tell_errors
from generator.config import find_archive
from generator.editing import write_schemas
from generator.publish.export import export_markdown, site_name_of
from generator.publish.site import build_site, serve_site


@click.command()
@ARCHIVE
@click.option(
    "--site-dir", type=click.Path(path_type=Path), metavar="DIR", help="Where the site goes (default: site)."
)
@click.option("--timings", is_flag=True, help="Say on stderr where the time went.")
def build(folder: Path, site_dir: Path | None, *, timings: bool) -> None:
    """Build the whole site; it is put in place only when it is complete and verified."""
    built = build_site(find_archive(folder), site_dir)
    if timings:
        for stage, seconds in built.timings:
            click.echo(f"{stage:>10} {seconds:8.2f} s", err=True)
    click.echo(f"built {counted(built.pages, 'page')} in {relative(built.site)}", err=True)


@click.command()
@ARCHIVE
@click.option("--address", metavar="HOST:PORT", help="Where to serve (default: 127.0.0.1:8000).")
def serve(folder: Path, address: str | None) -> None:
    """Serve the site with live reload."""
    serve_site(find_archive(folder), address)


@click.group()
def export() -> None:
    """Write the archive in another form."""


@export.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@ARCHIVE
def markdown(target: Path, folder: Path) -> None:
    """Write DIR/mkdocs.yml and DIR/docs/, which stock MkDocs builds without our plugin."""
    config = find_archive(folder)
    annotated = pipeline.annotate(config)
    tell_errors(annotated.issues)
    site_name = site_name_of(config)
    pages = pipeline.render(config, pipeline.link(annotated), site_name)
    count = export_markdown(config, pages, site_name, target)
    click.echo(f"wrote {counted(count, 'page')} to {relative(target)}", err=True)


@export.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
def schema(target: Path) -> None:
    """Write DIR/article.schema.json and DIR/entry.schema.json, by which editors check front matter."""
    for file in write_schemas(target):
        click.echo(relative(file))
