"""The command that checks: what is wrong with the seeds, in the form that is asked for, and what of it is mended."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import pipeline
from generator.check.formats import FORMATS, Report, as_json, as_text, closing_line, mended_lines
from generator.check.github import MOST_BYTES, as_commands, as_summary
from generator.choosing import are_seeds, chosen_paths, is_chosen
from generator.cli.options import ARCHIVE, PATHS, stop_on_errors
from generator.config import find_archive
from generator.fixing import fix_seeds
from generator.issues import sort_issues
from generator.read.revisions import find_prefix

if TYPE_CHECKING:
    from generator.config import ArchiveConfig


@click.command()
@PATHS
@ARCHIVE
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How results are printed.")
@click.option("--glossary", is_flag=True, help="Say also which entries and aliases the articles do not use.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend; the words of a text never are.")
@click.option(
    "--base", metavar="REV", help="Compare with a revision of git: what changed, and what must not."
)
def check(
    paths: tuple[Path, ...], folder: Path, form: str, *, glossary: bool, fix: bool, base: str | None
) -> None:  # fmt: skip
    """Say what is wrong with the seeds: all of it, or that of some files or folders."""
    config = find_archive(folder)
    look = partial(_look, config, chosen_paths(config, paths), glossary=glossary, base=base)
    report = fix_seeds(config, look) if fix else look()
    _say(config, report, form)
    stop_on_errors(report.issues)


def _look(config: ArchiveConfig, chosen: list[str], *, glossary: bool, base: str | None) -> Report:
    """Return what is wrong with the chosen seeds; where these are single files, no other article is read."""
    if chosen and are_seeds(config, chosen) and not glossary:
        count, issues = pipeline.check_seeds(config, chosen)
    else:
        annotated = pipeline.annotate_known(config)
        count, issues = annotated.seeds.count, annotated.issues
        if glossary:
            issues = sort_issues([*issues, *pipeline.check_usage(annotated)])
    if base is not None:
        from generator.comparing import since  # noqa: PLC0415 - splits sentences, which no other check does

        issues = sort_issues(since(config, base, issues))
    return Report(count, tuple(issue for issue in issues if is_chosen(issue.path, chosen)))


def _say(config: ArchiveConfig, report: Report, form: str) -> None:
    """Print a report; what was mended is told on stderr where stdout is for programs."""
    if form == "text":
        click.echo(as_text(report))
    elif form == "github":
        _say_to_github(report, find_prefix(config.root))
    else:
        for line in [*mended_lines(report), *([closing_line(report)] if report.mended else [])]:
            click.echo(line, err=True)
        click.echo(as_json(report) if form == "json" else _sarif(config, report))


def _sarif(config: ArchiveConfig, report: Report) -> str:
    from generator.check.sarif import as_sarif  # noqa: PLC0415 - urllib and a page of documentation: only here

    return as_sarif(report, find_prefix(config.root))


def _say_to_github(report: Report, prefix: str) -> None:
    """Print annotations, and write all issues to the summary of the job where there is one."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("ab") as stream:
            stream.write(as_summary(report, prefix, MOST_BYTES - stream.tell()).encode())
    click.echo(as_commands(report, prefix, summarised=bool(summary)))
