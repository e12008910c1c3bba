"""Commands that write new seeds: they ask on a terminal for what no option says."""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import ARCHIVE, EDTF, refuse_errors, relative, tell_errors, tell_imported
from generator.config import find_archive
from generator.entries import NewEntry, write_entry
from generator.importing import Received, import_received, read_file
from generator.issues import ArchiveError, quote
from generator.model import Kind
from generator.proposing import Proposal, slug_of
from generator.read.glossary import MAX_DESCRIPTION, read_glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config import ArchiveConfig
    from generator.model import Edtf

KIND = click.Choice([kind.value for kind in Kind])
SOURCE_KEYS = ("title", "publisher", "url", "date")


class _Description(click.ParamType[str]):
    """A text that lists can show."""

    name = "TEXT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, or fail where it is too long."""
        text = str(value)
        if len(text) > MAX_DESCRIPTION:
            self.fail(f"it has {len(text)} characters; {MAX_DESCRIPTION} are allowed", param, ctx)
        return text


DESCRIPTION = _Description()


@click.group()
def new() -> None:
    """Write a new article or a new entry."""


def _ask(given: dict[str, str | None], questions: dict[str, click.ParamType[str] | None]) -> dict[str, str]:
    """Return the values, asking for those that are missing; without a terminal, name their options and exit with 2."""
    missing = [key for key in questions if not given[key]]
    if missing and not sys.stdin.isatty():
        raise click.UsageError(
            f"give {', '.join(f'--{key}' for key in missing)}: there is no terminal to ask on"
        )
    asked = {key: click.prompt(key.capitalize(), type=questions[key], err=True) for key in missing}
    return {key: asked.get(key) or given[key] or "" for key in questions}


def _offer(question: str, default: str = "") -> str:
    """Ask for something that may be left out: Enter takes the default."""
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answer.strip()


def _offer_aliases() -> tuple[str, ...]:
    return tuple(
        filter(None, map(str.strip, _offer("Other forms of the name, with commas between").split(",")))
    )


def _offer_source() -> tuple[dict[str, str], ...]:
    title = _offer("Title of what you read it in")
    return ({"title": title} | {key: _offer(key.capitalize()) for key in SOURCE_KEYS[1:]},) if title else ()


def _parse_source(text: str) -> dict[str, str]:
    """Return the parts of a source by their keys; raise where there are more than keys."""
    parts = text.split("|")
    if len(parts) > len(SOURCE_KEYS):
        raise click.UsageError(
            f"--source {quote(text)} has {len(parts)} parts; TITLE|PUBLISHER|URL|DATE are allowed. "
            "Write a | that belongs to an address as %7C"
        )
    return dict(zip(SOURCE_KEYS, parts, strict=False))


def _outlets(config: ArchiveConfig) -> list[str]:
    return [entity.id for entity in read_glossary(config.root)[0] if entity.kind is Kind.OUTLET]


def _offer_outlet(config: ArchiveConfig) -> str | None:
    """Ask for an outlet, having said which there are."""
    known = _outlets(config)
    while known:
        outlet = _offer(f"Outlet, one of {', '.join(known)}")
        if not outlet or outlet in known:
            return outlet or None
        click.echo(f"Error: {outlet!r} is none of them; Enter leaves it out.", err=True)
    return None


@new.command()
@ARCHIVE
@click.option("--name", help="Its name, as articles write it.")
@click.option("--kind", type=KIND, help="What it is.")
@click.option(
    "--description", type=DESCRIPTION, metavar="TEXT", help="What lists show, at most 400 characters."
)
@click.option(
    "--alias", "aliases", multiple=True, metavar="NAME", help="Another form of the name; repeatable."
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="TITLE|PUBLISHER|URL|DATE",
    help="Where its claims were read; parts may be left out at the end; repeatable.",
)
@click.option("--id", "entry_id", metavar="ID", help="Its id (default: made of an ASCII name).")
@click.option("--definition", metavar="MARKDOWN", help="Its definition (default: the description).")
@click.option("--force", is_flag=True, help="Write it although another entry has one of its names.")
def entry(
    *, folder: Path, name: str | None, kind: str | None, description: str | None, aliases: tuple[str, ...],
    sources: tuple[str, ...], entry_id: str | None, definition: str | None, force: bool,
) -> None:  # fmt: skip
    """Write an entry of the glossary."""
    config = find_archive(folder)
    given = {"name": name, "kind": kind, "description": description}
    said = _ask(given, {"name": None, "kind": KIND, "description": DESCRIPTION})
    asking = None in given.values()
    # a name that is not ASCII gives no id: a transliteration would be a guess
    found = entry_id or (
        slug_of(said["name"], b"")
        if re.search("[A-Za-z0-9]", said["name"]) and said["name"].isascii()
        else None
    )
    found = found or _ask({"id": None}, {"id": None})["id"]
    parts = tuple(map(_parse_source, sources))
    if asking:
        aliases = aliases or _offer_aliases()
        parts = parts or _offer_source()
    written, issues = write_entry(
        config,
        NewEntry(found, Kind(said["kind"]), said["name"], said["description"], aliases, parts, definition),
        force=force,
    )
    refuse_errors(issues)
    assert written is not None
    click.echo(relative(written))
    click.echo("now read it over, then: archive check", err=True)


@new.command()
@ARCHIVE
@click.option("--title", help="Its title; marked as supplied by the archive.")
@click.option("--date", "day", type=EDTF, help="Its date of publication, as 2025-06-30.")
@click.option("--language", metavar="TAG", help="Its language, as en or ar (default: by its script).")
@click.option("--outlet", metavar="ID", help="The glossary entry of its outlet.")
@click.option("--byline", help="Its author, as printed.")
@click.option("--url", help="Where it was published.")
@click.option("--topic", "topics", multiple=True, metavar="WORD", help="A topic; repeatable.")
@click.option("--text", metavar="FILE", help="Its text; - for standard input.")
def article(
    *, folder: Path, title: str | None, day: Edtf | None, language: str | None, outlet: str | None,
    byline: str | None, url: str | None, topics: tuple[str, ...], text: str | None,
) -> None:  # fmt: skip
    """Write an article, and keep its text as a capture."""
    config = find_archive(folder)
    asking = title is None
    title = _ask({"title": title}, {"title": None})["title"]
    if day is None:
        if not sys.stdin.isatty():
            raise click.UsageError(
                "give --date: there is no terminal to ask on; XXXX says that it is not known"
            )
        day = click.prompt("Date", type=EDTF, err=True)
    if asking:
        outlet = outlet or _offer_outlet(config)
        url = url or _offer("Address where it was published") or None
    if outlet and outlet not in _outlets(config):
        raise click.BadParameter(f"there is no entry {outlet!r} of kind outlet", param_hint="--outlet")
    if text and text != "-":
        received, issues = read_file(Path(text))
        tell_errors(issues)
        assert received is not None
    else:
        if sys.stdin.isatty():
            click.echo("The text: paste it into the editor that opens now, save, and close it.", err=True)
        words = click.edit("") if sys.stdin.isatty() else None
        data = sys.stdin.buffer.read() if not sys.stdin.isatty() else (words or "").encode()
        received = Received(f"{slug_of(title, data)}.txt", data)
    known = Proposal(title, day, language, outlet, url, byline, topics=topics)
    with nullcontext() if text and text != "-" else _kept_where_it_fails(received):
        tell_imported(*import_received(config, received, known, None))


@contextmanager
def _kept_where_it_fails(received: Received) -> Iterator[None]:
    """Keep what somebody wrote in an editor, or piped, where no article comes of it, and say where it is."""
    try:
        yield
    except (ArchiveError, click.exceptions.Exit):
        if received.data.strip():
            with tempfile.NamedTemporaryFile(prefix="text-", suffix=".txt", delete=False) as kept:
                kept.write(received.data)
            click.echo(f"the text is kept in {kept.name}; give it with --text", err=True)
        raise
