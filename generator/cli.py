"""Door one: the command line. Parses, calls, prints, exits; decides nothing about archives.

Results go to stdout, talk to stderr. Exit codes: 0; 1 errors in the seeds; 2 usage or set-up; 3 our fault;
130 interrupted.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import pipeline
from generator.check.coverage import check_coverage
from generator.check.gaps import suggestion_as_json, suggestion_as_text
from generator.check.report import annotations_as_json, explain, mention_as_json, mentions_of_line
from generator.check.unlinked import explain_unlinked
from generator.choosing import chosen_paths, find_article, is_chosen, parse_place
from generator.config import find_archive
from generator.importing import Proposal, import_text
from generator.issues import ArchiveError, Issue, Level, as_dict, has_errors, sort_issues, summary
from generator.model import Kind
from generator.publish.export import export_markdown, site_name_of
from generator.publish.site import BuildFailedError, build_site, serve_site
from generator.read.dates import parse_date
from generator.suggesting import accept_as_alias, accept_as_entry, reject_name, suggest_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.suggesting import Suggested

    Command = Callable[..., Any]

ARCHIVE = click.option(
    "--archive", "folder", type=click.Path(path_type=Path), default=Path(), metavar="DIR",
    help="The folder that holds seeds/ (default: the current one).",
)  # fmt: skip
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How results are printed."
)
COUNT = click.IntRange(min=1)
PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))


WIDTH = min(shutil.get_terminal_size().columns, 100)
"""Click itself goes no lower than 50 columns."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "terminal_width": WIDTH})
@click.version_option(package_name="annotated-news-archive", prog_name="archive")
def archive() -> None:
    """Build and check an annotated news archive."""


@archive.command()
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
    click.echo(f"built {_counted(built.pages, 'page')} in {_relative(built.site)}", err=True)


@archive.command()
@ARCHIVE
@click.option("--address", metavar="HOST:PORT", help="Where to serve (default: 127.0.0.1:8000).")
def serve(folder: Path, address: str | None) -> None:
    """Serve the site with live reload."""
    serve_site(find_archive(folder), address)


@archive.command()
@PATHS
@ARCHIVE
@FORMAT
@click.option("--glossary", is_flag=True, help="Say also which entries and aliases the articles do not use.")
def check(paths: tuple[Path, ...], folder: Path, form: str, *, glossary: bool) -> None:
    """Say what is wrong with the seeds: all of it, or that of some files or folders."""
    config = find_archive(folder)
    annotated = pipeline.annotate(config)
    chosen = chosen_paths(config, paths)
    unused = check_coverage(annotated.seeds, annotated.articles) if glossary else []
    issues = [issue for issue in sort_issues([*annotated.issues, *unused]) if is_chosen(issue.path, chosen)]
    if form == "json":
        click.echo(json.dumps([as_dict(issue) for issue in issues], ensure_ascii=False, indent=2))
    else:
        for issue in issues:
            click.echo(str(issue))
        click.echo(summary(annotated.seeds.count, issues))
    _stop_on_errors(issues)


@archive.command()
@PATHS
@ARCHIVE
def annotate(paths: tuple[Path, ...], folder: Path) -> None:
    """Print the annotations as JSON Lines, one article a line, sorted by id."""
    config = find_archive(folder)
    annotated = pipeline.annotate(config)
    chosen = chosen_paths(config, paths)
    for article in annotated.articles:
        if is_chosen(article.article.path, chosen):
            click.echo(json.dumps(annotations_as_json(article), ensure_ascii=False))
    errors = [issue for issue in annotated.issues if issue.level is Level.ERROR]
    for issue in errors:
        click.echo(str(issue), err=True)
    _stop_on_errors(errors)


@archive.command(name="explain")
@click.argument("place", metavar="PATH:LINE")
@ARCHIVE
@FORMAT
def explain_line(place: str, folder: Path, form: str) -> None:
    """Say of each annotation of a line what it means and why."""
    config = find_archive(folder)
    path, line = parse_place(place)
    annotated = pipeline.annotate(config)
    (wanted,) = chosen_paths(config, (path,))
    article = find_article(annotated.articles, wanted, annotated.issues)
    last = article.article.line_of(len(article.article.text.rstrip()))
    if not 1 <= line <= last:
        raise click.BadParameter(f"{wanted} has {last} lines, not {line}", param_hint="PATH:LINE")
    mentions = mentions_of_line(article, line)
    entities = {entity.id: entity for entity in annotated.seeds.entities}
    if form == "json":
        click.echo(json.dumps([mention_as_json(m) for m in mentions], ensure_ascii=False, indent=2))
        return
    said = [explain(article, mention, entities) for mention in mentions]
    said += explain_unlinked(article, line, entities)
    click.echo("\n".join(said), nl=bool(said))
    if not said:
        click.echo(f"no annotation begins in line {line} of {wanted}", err=True)


@archive.command(name="import")
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
    _stop_on_errors(issues)
    assert imported is not None
    click.echo(_relative(imported.article))
    kept = _relative(imported.capture)
    click.echo(f"kept {kept}; now look at the front matter and the headings, then: archive check", err=True)


@archive.command()
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
        errors = [issue for issue in annotated.issues if issue.level is Level.ERROR]
        for issue in errors:
            click.echo(str(issue), err=True)
        _stop_on_errors(errors)


def _list(suggested: Suggested, least: int, limit: int, form: str) -> None:
    """Print the most frequent suggestions."""
    frequent = [suggestion for suggestion in suggested.suggestions if len(suggestion.places) >= least]
    rows = [(suggestion, suggested.near.of(suggestion.name)) for suggestion in frequent[:limit]]
    if form == "json":
        click.echo(json.dumps([suggestion_as_json(*row) for row in rows], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(suggestion_as_text(*row) for row in rows), nl=bool(rows))
    found = _counted(len(frequent), "name")
    click.echo(f"{len(rows):,} of {found} that the glossary lacks and that stand {least}× or more", err=True)


@archive.group()
def export() -> None:
    """Write the archive in another form."""


@export.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@ARCHIVE
def markdown(target: Path, folder: Path) -> None:
    """Write DIR/mkdocs.yml and DIR/docs/, which stock MkDocs builds without our plugin."""
    config = find_archive(folder)
    annotated = pipeline.annotate(config)
    errors = [issue for issue in annotated.issues if issue.level is Level.ERROR]
    for issue in errors:
        click.echo(str(issue), err=True)
    _stop_on_errors(errors)
    site_name = site_name_of(config)
    pages = pipeline.render(config, pipeline.link(annotated), site_name)
    count = export_markdown(config, pages, site_name, target)
    click.echo(f"wrote {_counted(count, 'page')} to {_relative(target)}", err=True)


def _stop_on_errors(issues: Iterable[Issue]) -> None:
    if has_errors(issues):
        raise click.exceptions.Exit(1)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _relative(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)


def main() -> None:
    """Run the command line and exit with its code."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        code = archive(standalone_mode=False) or 0
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BuildFailedError as error:
        code = error.exit_code
    except ArchiveError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        code = 130
    except OSError as error:
        click.echo(f"error: {error.filename or 'the system'}: {error.strerror or error}", err=True)
        click.echo("  help: check that the folder exists, may be written to and has room", err=True)
        code = 2
    except Exception as error:  # noqa: BLE001 - a door: whatever arrives here is our fault
        if os.environ.get("ARCHIVE_TRACEBACK"):
            traceback.print_exc()
        click.echo(f"error: {type(error).__name__}: {error}", err=True)
        mend = "run it again with ARCHIVE_TRACEBACK=1 and report what it prints"
        click.echo(f"  help: this is a fault of the program; {mend}", err=True)
        code = 3
    sys.exit(code)
