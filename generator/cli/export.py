"""Commands that write the archive in another form."""

from __future__ import annotations

from pathlib import Path

import click

from generator import pipeline
from generator.cli.options import ARCHIVE, counted, relative, tell_errors
from generator.config import find_archive
from generator.editing import write_schemas
from generator.publish.export import export_markdown, site_name_of


@click.group()
def export() -> None:
    """Write the archive in another form."""


@export.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@ARCHIVE
def markdown(target: Path, folder: Path) -> None:
    """Write DIR/mkdocs.yml and DIR/docs/, which stock MkDocs builds without our plugin."""
    config = find_archive(folder)
    annotated = pipeline.annotate_known(config)
    tell_errors(annotated.issues)
    site_name = site_name_of(config)
    pages = pipeline.plan(pipeline.link(annotated), site_name)
    count = export_markdown(config, pages, site_name, target)
    click.echo(f"wrote {counted(count, 'page')} to {relative(target)}", err=True)


@export.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
def schema(target: Path) -> None:
    """Write DIR/article.schema.json and DIR/entry.schema.json, by which editors check front matter."""
    for file in write_schemas(target):
        click.echo(relative(file))
