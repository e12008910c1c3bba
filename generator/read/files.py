"""Files of seeds/, read safely: regular files only, of a bounded size, in UTF-8, untranslated.

What may be read at all is decided here and nowhere else.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from generator.issues import Edit, Fix, Issue, Level, quote, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ID_RULE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
ID_HINT = "use a-z, 0-9 and -, begin with a letter or digit, at most 80 characters"
MAX_SEED_BYTES = 1_000_000
"""A long magazine article has 100 kB; the cap keeps a hostile file from stopping a build."""
MAX_CAPTURE_BYTES = 8_000_000
KNOWN = frozenset({"articles", "glossary", "captures", "captures.sha256", "decisions.yml", "README.md"})
"""What may stand directly in seeds/."""


class SeedFile(Struct, frozen=True):
    """A regular file under seeds/."""

    path: str
    """Relative to the archive, with forward slashes, invisible characters spelt out."""
    absolute: Path


def shown_path(relative: Path) -> str:
    """Return a path as an issue can show it: forward slashes, nothing invisible."""
    return visible(relative.as_posix())


def is_link(root: Path, folder: str) -> Iterator[bool]:
    """Yield, for each part of a folder's path below `root`, whether it is a symbolic link."""
    parts = folder.split("/")
    return (root.joinpath(*parts[: n + 1]).is_symlink() for n in range(len(parts)))


def _symlink(path: str) -> Issue:
    message = "this is a symbolic link; seeds are files"
    return Issue(path, 0, 0, "symlink", Level.ERROR, message, "put a copy of the file here instead")


def check_folders(root: Path) -> list[Issue]:
    """Return an issue for each thing directly in seeds/ that is never read, symbolic links among them."""
    if (root / "seeds").is_symlink():
        return [_symlink("seeds")]
    issues = []
    for place in sorted((root / "seeds").iterdir()):
        path = shown_path(place.relative_to(root))
        if place.is_symlink():
            issues.append(_symlink(path))
        elif not (place.name.startswith(".") or place.name in KNOWN):
            message = "this is in none of the folders that are read"
            hint = "move it into seeds/articles/, seeds/glossary/ or seeds/captures/"
            issues.append(Issue(path, 0, 0, "stray-file", Level.WARNING, message, hint))
    return issues


def list_files(root: Path, folder: str) -> tuple[list[SeedFile], list[Issue]]:
    """Return the regular files below `root/folder`, sorted by path, and an issue for everything else.

    Names that begin with a dot are left alone. Symbolic links are never followed.
    """
    files: list[SeedFile] = []
    issues: list[Issue] = []
    waiting = [] if any(is_link(root, folder)) else [(root / folder, folder)]
    while waiting:
        current, shown = waiting.pop()
        if not current.is_dir():
            continue
        with os.scandir(current) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                absolute = Path(entry.path)
                path = f"{shown}/{visible(entry.name)}"
                if entry.is_symlink():
                    issues.append(_symlink(path))
                elif entry.is_dir():
                    waiting.append((absolute, path))
                elif entry.is_file():
                    files.append(SeedFile(path, absolute))
                else:
                    issues.append(
                        Issue(
                            path,
                            0,
                            0,
                            "not-a-file",
                            Level.ERROR,
                            "this is neither a file nor a folder",
                            "remove it from seeds/",
                        )
                    )
    return sorted(files, key=lambda file: file.path), issues


def read_bytes(file: SeedFile, limit: int = MAX_SEED_BYTES) -> tuple[bytes | None, list[Issue]]:
    """Return the file's bytes, or None and an issue where it is larger than `limit` or cannot be read."""
    try:
        with open(file.absolute, "rb", buffering=0) as stream:  # noqa: PTH123 - thousands of them
            state = os.fstat(stream.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise OSError("not a regular file")
            # room for a megabyte takes longer to get than most seeds to read; one that grows is read on
            data = stream.read(min(state.st_size, limit) + 1)
            while len(data) <= limit and (more := stream.read(limit + 1 - len(data))):
                data += more
    except OSError as error:
        message = f"this file cannot be read: {error.strerror or error}"
        return None, [Issue(file.path, 0, 0, "unreadable", Level.ERROR, message, "check its permissions")]
    if len(data) > limit:
        size = file.absolute.stat().st_size
        message = f"this file has {size:,} bytes; {limit:,} are allowed"
        return None, [
            Issue(file.path, 0, 0, "too-large", Level.ERROR, message, "split it, or remove what is no text")
        ]
    return data, []


def decode(path: str, data: bytes) -> tuple[str | None, list[Issue]]:
    """Return the bytes as text, newlines untouched, or None and an issue that names the bad byte."""
    if data.startswith(b"\xef\xbb\xbf"):
        return None, [
            Issue(
                path,
                1,
                1,
                "byte-order-mark",
                Level.ERROR,
                "the file starts with a byte-order mark",
                "save it as UTF-8 without BOM",
            )
        ]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        return None, [Issue(path, line, column, "not-utf-8", Level.ERROR, message, "save the file as UTF-8")]
    if "\0" in text:
        at = text.index("\0")
        line = text.count("\n", 0, at) + 1
        return None, [
            Issue(
                path,
                line,
                at - (text.rfind("\n", 0, at) + 1) + 1,
                "null-character",
                Level.ERROR,
                "the file holds a null character, which no page can show",
                "remove it",
            )
        ]
    return text, []


def read_text(file: SeedFile, limit: int = MAX_SEED_BYTES) -> tuple[str | None, list[Issue]]:
    """Return the file's text, newlines untouched, or None and what is wrong with it."""
    data, issues = read_bytes(file, limit)
    return (None, issues) if data is None else decode_seed(file.path, data)


def decode_seed(path: str, data: bytes) -> tuple[str | None, list[Issue]]:
    """Return the bytes of a seed as text, newlines untouched, or None and what is wrong with them."""
    text, issues = decode(path, data)
    if text is not None and (line := _conflict_line(text)):
        return None, [_conflict(path, line)]
    return text, [_without_mark(issue) for issue in issues]


_BEGINS = "<<<<<<< "
_CONFLICT = [re.compile(rf"^{mark}", re.MULTILINE) for mark in (_BEGINS, "=======\r?$", ">>>>>>> ")]
"""What git writes around the two sides, in this order."""


def _conflict_line(text: str) -> int | None:
    """Return the line in which a conflict begins, None where the marks of git do not follow one another."""
    if _BEGINS not in text:
        return None
    starts, end = [], 0
    for mark in _CONFLICT:
        found = mark.search(text, end)
        if found is None:
            return None
        starts.append(found.start())
        end = found.end()
    return text.count("\n", 0, starts[0]) + 1


def _conflict(path: str, line: int) -> Issue:
    message = "git could not merge two versions of this file, and both stand in it"
    hint = "keep what is right, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
    return Issue(path, line, 1, "merge-conflict", Level.ERROR, message, hint)


def _without_mark(issue: Issue) -> Issue:
    """Return the issue of a byte-order mark with its fix. Captures, which no fix may touch, do not come here."""
    fix = Fix((Edit(issue.path, 0, 1, "\ufeff", ""),)) if issue.kind == "byte-order-mark" else None
    return replace(issue, fix=fix)


def check_ids(path: str, segments: Iterable[str]) -> list[Issue]:
    """Return an issue for each of these parts of a seed's path that is not an id."""
    return [
        Issue(path, 0, 0, "bad-id", Level.ERROR, f"{quote(segment)} is not an id", f"rename it: {ID_HINT}")
        for segment in segments
        if not ID_RULE.fullmatch(segment)
    ]


def stray_file(path: str) -> Issue:
    """Return the issue for a file that is no seed."""
    message = "the file does not end in .md and is not read"
    hint = "rename it to end in .md, or move it out of seeds/"
    return Issue(path, 0, 0, "stray-file", Level.WARNING, message, hint)
