"""Commands that write seeds: import and suggest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import pipeline
from generator.check.gaps import suggestion_as_json, suggestion_as_text
from generator.cli.options import ARCHIVE, COUNT, FORMAT, counted, relative, stop_on_errors, tell_errors
from generator.config import find_archive
from generator.importing import Proposal, import_text
from generator.model import Kind
from generator.read.dates import parse_date
from generator.suggesting import accept_as_alias, accept_as_entry, reject_name, suggest_names

if TYPE_CHECKING:
    from generator.suggesting import Suggested


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@ARCHIVE
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the article.")
@click.option("--title", help="Its title, marked as supplied by the archive.")
@click.option("--date", "day", metavar="EDTF", help="Its date of publication, as 2025-06-30.")
@click.option("--language", metavar="TAG", help="Its language, as en or ar.")
@click.option("--outlet", metavar="ID", help="The glossary entry of its outlet.")
@click.option("--url", help="Where it was published.")
def import_(
    *, file: Path, folder: Path, out: Path | None, title: str | None, day: str | None, language: str | None,
    outlet: str | None, url: str | None,
) -> None:  # fmt: skip
    """Make a seed article from a text file, and keep the file as its capture."""
    config = find_archive(folder)
    try:
        date = parse_date(day) if day else None
    except ValueError as error:
        message = f"{day!r} is not a date; write it as 2025-06-30"
        raise click.BadParameter(message, param_hint="--date") from error
    imported, issues = import_text(config, file, Proposal(title, date, language, outlet, url), out)
    for issue in issues:
        click.echo(str(issue), err=True)
    stop_on_errors(issues)
    assert imported is not None
    click.echo(relative(imported.article))
    kept = relative(imported.capture)
    click.echo(f"kept {kept}; now look at the front matter and the headings, then: archive check", err=True)


@click.command()
@ARCHIVE
@FORMAT
@click.option("--least", type=COUNT, default=2, metavar="N", help="List names found so often (2).")
@click.option("--limit", type=COUNT, default=50, metavar="N", help="List so many names (50).")
@click.option("--accept", metavar="ID", help="Write an entry for a name, to be finished by hand.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    default="term",
    help="With --accept: its kind (term).",
)
@click.option("--as", "entry", metavar="ENTRY", help="With --accept: make it an alias of this entry.")
@click.option("--reject", metavar="NAME", help="Never list a name again.")
def suggest(
    *, folder: Path, form: str, least: int, limit: int, accept: str | None, kind: str, entry: str | None,
    reject: str | None,
) -> None:  # fmt: skip
    """List the names that the glossary lacks, most frequent first; accept or reject one."""
    config = find_archive(folder)
    if (accept and reject) or (entry and not accept):
        raise click.UsageError("give one of --accept ID, --accept ID --as ENTRY and --reject NAME")
    annotated = pipeline.annotate(config)
    suggested = suggest_names(config, annotated.articles, annotated.seeds.entities)
    if reject:
        click.echo(f"{reject_name(config, suggested, reject)} is not suggested again", err=True)
    elif accept and entry:
        path, line, added = accept_as_alias(config, suggested, accept, entry)
        click.echo(f"{path}: {line.strip()}")
        click.echo("added to its aliases" if added else "add this line to its aliases by hand", err=True)
    elif accept:
        click.echo(accept_as_entry(config, suggested, accept, Kind(kind)))
        click.echo("now write its description, then: archive check", err=True)
    else:
        _list(suggested, least, limit, form)
        tell_errors(annotated.issues)


def _list(suggested: Suggested, least: int, limit: int, form: str) -> None:
    """Print the most frequent suggestions."""
    frequent = [suggestion for suggestion in suggested.suggestions if len(suggestion.places) >= least]
    rows = [(suggestion, suggested.near.of(suggestion.name)) for suggestion in frequent[:limit]]
    if form == "json":
        click.echo(json.dumps([suggestion_as_json(*row) for row in rows], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(suggestion_as_text(*row) for row in rows), nl=bool(rows))
    found = counted(len(frequent), "name")
    click.echo(f"{len(rows):,} of {found} that the glossary lacks and that stand {least}× or more", err=True)
