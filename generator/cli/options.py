"""Options: what commands of the command line share, and how they speak."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.issues import Issue, Level, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.importing import Imported
    from generator.model import Edtf

ARCHIVE = click.option(
    "--archive", "folder", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
    help="The folder that holds seeds/ (default: the current one).",
)  # fmt: skip
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed."
)


class _Date(click.ParamType["Edtf"]):
    """A date as seeds have it."""

    name = "EDTF"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Edtf:
        """Return the date, or fail with how to write one."""
        from generator.read.dates import parse_date, propose_date  # noqa: PLC0415 - most commands need no nouns

        try:
            return parse_date(str(value))
        except ValueError:
            hint = propose_date(str(value)) or "write it as 2025-06-30, 2025-06 or 2025"
            self.fail(f"{str(value)!r} is not a date; {hint}", param, ctx)


EDTF = _Date()
COUNT = click.IntRange(min=1)
PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))


def stop_on_errors(issues: Iterable[Issue]) -> None:
    """End the command with exit code 1 where one of the issues is an error."""
    if has_errors(issues):
        raise click.exceptions.Exit(1)


def tell_errors(issues: Iterable[Issue]) -> None:
    """Print the errors among the issues on stderr, and end the command with exit code 1 where there are any."""
    errors = [issue for issue in issues if issue.level is Level.ERROR]
    for issue in errors:
        click.echo(str(issue), err=True)
    stop_on_errors(errors)


def refuse_errors(issues: Iterable[Issue]) -> None:
    """Do the same for a file that would have had these errors, and say that there is none."""
    errors = [issue for issue in issues if issue.level is Level.ERROR]
    if errors:
        click.echo("nothing was written; it would have had these errors:", err=True)
    tell_errors(errors)


def tell_imported(imported: Imported | None, issues: Iterable[Issue]) -> None:
    """Say what an import wrote and what comes next, or what was wrong."""
    refuse_errors(issues)
    assert imported is not None
    for note in imported.notes:
        click.echo(note, err=True)
    click.echo(relative(imported.article))
    kept = " and ".join(relative(file) for file in (imported.original, imported.capture) if file)
    click.echo(f"kept {kept}; now look at the front matter and the headings, then: archive check", err=True)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 page`, `1,200 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def relative(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)
