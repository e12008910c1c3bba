"""Commands that write seeds: import and suggest."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import pipeline
from generator.check.gaps import suggestion_as_json, suggestion_as_text
from generator.cli.options import ARCHIVE, COUNT, EDTF, FORMAT, counted, tell_errors, tell_imported
from generator.config import find_archive
from generator.fetching import fetch_page
from generator.importing import import_received, read_file
from generator.model import Kind
from generator.proposing import Proposal
from generator.read.dates import parse_date
from generator.suggesting import accept_as_alias, accept_as_entry, reject_name, suggest_names

if TYPE_CHECKING:
    from generator.importing import Received
    from generator.issues import Issue
    from generator.model import Edtf
    from generator.suggesting import Suggested


@click.command(name="import")
@click.argument("file", metavar="FILE|URL")
@ARCHIVE
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the article.")
@click.option("--title", help="Its title; marked as supplied by the archive.")
@click.option("--date", "day", type=EDTF, help="Its date of publication, as 2025-06-30.")
@click.option("--language", metavar="TAG", help="Its language, as en or ar.")
@click.option("--outlet", metavar="ID", help="The glossary entry of its outlet.")
@click.option("--url", help="Where it was published.")
@click.option("--byline", help="Its author, as printed.")
@click.option("--rights", help="Who holds which rights.")
@click.option("--captured", type=EDTF, help="When it was taken; today for an address.")
def import_(
    *, file: str, folder: Path, out: Path | None, title: str | None, day: Edtf | None, language: str | None,
    outlet: str | None, url: str | None, byline: str | None, rights: str | None, captured: Edtf | None,
) -> None:  # fmt: skip
    """Make a seed article from a text file, a saved web page or an address, and keep what was received."""
    config = find_archive(folder)
    received: Received | None
    no_issues: list[Issue] = []
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", file):
        received, issues = fetch_page(file), no_issues
        url = url or file
        captured = captured or parse_date(datetime.now(UTC).date().isoformat())
    else:
        received, issues = read_file(Path(file))
    imported = None
    if received is not None:
        known = Proposal(title, day, language, outlet, url, byline, rights, captured)
        imported, issues = import_received(config, received, known, out)
    tell_imported(imported, issues)


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
    annotated = pipeline.annotate_known(config)
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
