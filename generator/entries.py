"""Entries: what a person says of a name becomes an entry of the glossary that passes the check, or nothing at all.

How a new file is made, so that it lands in the archive and takes no other's place, is decided here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from msgspec import Struct

from generator.check.lookalikes import LATIN
from generator.issues import ArchiveError, Issue, Level, quote
from generator.model import TRAILING_PARENTHESIS
from generator.read.decisions import write_scalar
from generator.read.files import ID_HINT, ID_RULE, is_link, list_files, shown_path
from generator.read.glossary import FOLDER, entry_id, read_glossary
from generator.read.seeds import read_seeds

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config import ArchiveConfig
    from generator.model import Entity, Kind


class NewEntry(Struct, frozen=True):
    """What a person says of a name."""

    id: str
    kind: Kind
    name: str
    description: str
    aliases: tuple[str, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    """Mappings of title, publisher, url and date."""
    definition: str | None = None
    """Its Markdown; the description where absent."""


def refuse_links(root: Path, target: Path) -> None:
    """Raise where a part of a file's path below the archive is a symbolic link: it may lead anywhere."""
    path = target.relative_to(root)
    for part, linked in zip((*reversed(path.parents[:-1]), path), is_link(root, path.as_posix()), strict=True):
        if linked:
            hint = "put a file or a folder in its place, or remove it"
            raise ArchiveError(f"{shown_path(part)} is a symbolic link, and nothing was written", hint)


def create_file(root: Path, target: Path, data: bytes) -> None:
    """Make a file of the archive, whole or not at all.

    Raises:
        ArchiveError: something is there already, or a symbolic link is on the way.
    """
    refuse_links(root, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        stream = target.open("xb")
    except FileExistsError as error:
        message = f"{shown_path(target.relative_to(root))} exists already, and nothing was written"
        raise ArchiveError(message, "look at it, and remove it or take another name") from error
    try:
        with stream:
            stream.write(data)
    except BaseException:
        target.unlink()
        raise


def owners(config: ArchiveConfig, names: tuple[str, ...]) -> list[tuple[str, Entity]]:
    """Return each of the names that belongs to an entry already, with that entry."""
    wanted = {_alike(name): name for name in names}
    return [
        (wanted[form], entity)
        for entity in read_glossary(config.root)[0]
        for form in sorted({_alike(text) for text in (entity.name, *(a.text for a in entity.aliases))})
        if form in wanted
    ]


def _alike(name: str) -> str:
    """Return what names that look alike have in common: neither parenthesis, accents, capitals nor scripts count."""
    plain = normalize("NFKD", TRAILING_PARENTHESIS.sub("", name)).translate(LATIN)
    return " ".join("".join(char for char in plain if not combining(char)).casefold().split())


def write_entry(
    config: ArchiveConfig, entry: NewEntry, *, force: bool = False
) -> tuple[Path | None, list[Issue]]:
    """Write an entry, or return what is wrong with it and leave nothing behind.

    Raises:
        ArchiveError: its id is none or taken; or one of its names is, and `force` does not allow that;
            or it would stand behind a symbolic link.
    """
    if not ID_RULE.fullmatch(entry.id):
        raise ArchiveError(f"{quote(entry.id)} is not an id", f"name one with --id: {ID_HINT}")
    taken = {entry_id(file.path): file.path for file in list_files(config.root, FOLDER)[0]}
    taken |= {old: entity.path for entity in read_glossary(config.root)[0] for old in entity.replaces}
    if entry.id in taken:
        hint = "add to that entry, or name another id with --id"
        raise ArchiveError(f"the id {quote(entry.id)} belongs to {taken[entry.id]}", hint)
    shared = owners(config, (entry.name, *entry.aliases))
    if shared and not force:
        said = ", ".join(f"{quote(name)} already names {entity.path}" for name, entity in shared)
        raise ArchiveError(
            said, "if this is somebody or something else, give it an --id of its own and --force"
        )
    target = config.root / FOLDER / entry.kind / f"{entry.id}.md"
    create_file(config.root, target, _markdown(entry).encode())
    path = shown_path(target.relative_to(config.root))
    issues: list[Issue] | None = None
    try:
        issues = [i for i in read_seeds(config)[1] if i.path == path and i.level is Level.ERROR]
    finally:
        if issues is None or issues:
            target.unlink()
    return (None, issues) if issues else (target, [])


def _markdown(entry: NewEntry) -> str:
    """Return the text of an entry."""
    lines = [
        f"name: {write_scalar(entry.name)}",
        f"kind: {entry.kind}",
        f"description: {write_scalar(entry.description)}",
    ]
    if entry.aliases:
        lines += ["aliases:", *(f"  - {write_scalar(alias)}" for alias in entry.aliases)]
    if entry.sources:
        lines += ["sources:", *(f"  - {{{_inline(source)}}}" for source in entry.sources)]
    first = entry.description if entry.description.endswith(".") else f"{entry.description}."
    note = "[^1]" if entry.sources else ""
    return "\n".join(["---", *lines, "---", entry.definition or f"{first}{note}", ""])


def _inline(source: dict[str, str]) -> str:
    """Return a source as the inside of an inline mapping."""
    return ", ".join(f"{key}: {_quoted(value)}" for key, value in source.items() if value)


def _quoted(value: str) -> str:
    written = write_scalar(value)
    return written if written.startswith('"') else f'"{written}"'
