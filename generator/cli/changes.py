"""The command that says what a change does to an archive: diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator import pipeline
from generator.check.formats import write_json
from generator.cli.options import ARCHIVE, tell_errors
from generator.compare.changes import compare
from generator.compare.report import changes_as_json, changes_as_markdown, changes_as_text
from generator.comparing import laid_out, moment
from generator.config import find_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("base")
@click.argument("head", required=False, metavar="[HEAD]")
@ARCHIVE
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text",
    help="How the changes are printed.",
)  # fmt: skip
def diff(base: str, head: str | None, folder: Path, form: str) -> None:
    """Say what a change does to the archive: from the revision BASE to HEAD, or to the files on disk."""
    config = find_archive(folder)
    with laid_out(config, base, head) as ((old, old_config), (new, new_config)):
        before, after = pipeline.annotate_both(config, old_config, new_config)
    changes = compare(
        moment(old, before.seeds, before.articles, before.issues),
        moment(new, after.seeds, after.articles, after.issues),
    )
    if form == "json":
        click.echo(write_json(changes_as_json(changes)))
    else:
        click.echo(changes_as_markdown(changes) if form == "markdown" else changes_as_text(changes))
    tell_errors(after.issues)
