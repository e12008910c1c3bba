"""Options: what commands of the command line share, and how they speak."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.issues import Issue, Level, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

ARCHIVE = click.option(
    "--archive", "folder", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
    help="The folder that holds seeds/ (default: the current one).",
)  # fmt: skip
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed."
)
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


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 page`, `1,200 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def relative(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)
