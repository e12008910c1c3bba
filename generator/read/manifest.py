"""The manifest: which captures there are and the SHA-256 of each, in seeds/captures.sha256.

It has the form of sha256sum, so that anyone can compare the files without us:
`cd seeds/captures && sha256sum --check ../captures.sha256`. What a line may be is decided here.
"""

from __future__ import annotations

import hashlib
import re
import stat
from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct, field

from generator.issues import ArchiveError, Edit, Issue, Level, quote
from generator.read.files import MAX_CAPTURE_BYTES, SeedFile, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "seeds/captures.sha256"
MOST_FAULTS = 20
"""Bad lines that are reported one by one: a file of another kind has nothing else."""
# "2dc7ca04…  page.txt"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_ALMOST = re.compile(r"\\?([0-9A-Fa-f]{64})[ \t]+[*]?(.+)")


class Manifest(Struct, frozen=True):
    """What stands in seeds/captures.sha256."""

    digests: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each capture by its name below seeds/captures."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each."""
    text: str = ""
    """The whole file."""


def read_manifest(root: Path) -> tuple[Manifest, list[Issue]]:
    """Return the manifest of an archive, an empty one where there is no file, and what is wrong with the file."""
    file = SeedFile(FILE, root / FILE)
    try:
        mode = file.absolute.lstat().st_mode
    except FileNotFoundError:
        return Manifest(), []
    if not stat.S_ISREG(mode):
        message = "this is neither a file nor a folder" if not stat.S_ISDIR(mode) else "this is a folder"
        # a symbolic link is reported with those of the other seeds
        issue = Issue(FILE, 0, 0, "not-a-file", Level.ERROR, message, "put a file in its place, or remove it")
        return Manifest(), [] if stat.S_ISLNK(mode) else [issue]
    text, issues = read_text(file, MAX_CAPTURE_BYTES)
    return parse_manifest(text) if text is not None else (Manifest(), issues)


def parse_manifest(text: str) -> tuple[Manifest, list[Issue]]:
    """Return what the text of a manifest lists, and an issue for each line that is none."""
    digests: dict[str, str] = {}
    lines: dict[str, int] = {}
    issues: list[Issue] = []
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], start=1):
        found = _LINE.fullmatch(line)
        fault = _fault(line) if found is None or name_fault(found[2]) else None
        if found and fault is None and found[2] in digests:
            fault = (
                f"{quote(found[2])} is listed twice, first in line {lines[found[2]]}",
                "keep one of the two",
            )
        if fault is not None:
            issues.append(Issue(FILE, number, 0, "bad-manifest-line", Level.ERROR, *fault))
            if len(issues) == MOST_FAULTS:
                break
        elif found:
            digests[found[2]], lines[found[2]] = found[1], number
    return Manifest(digests, lines, text), issues


def _fault(line: str) -> tuple[str, str]:
    """Return what is wrong with a line, and the mend."""
    almost = _ALMOST.fullmatch(line.rstrip("\r"))
    if not line.strip():
        return "the line is empty", "remove it"
    if almost and (wrong := name_fault(almost[2])):
        return f"{quote(almost[2])} {wrong}", "list files of seeds/captures/ by their names"
    if line.endswith("\r"):
        return "the line ends in a carriage return", "save the file with line ends of Unix (LF)"
    if almost:
        hint = f"write it as sha256sum does: {quote(f'{almost[1].lower()}  {almost[2]}', 200)}"
        return f"{quote(line, 100)} is not in the form of sha256sum", hint
    return f"{quote(line)} is no digest and name", "write 64 of 0-9 and a-f, two spaces and the file's name"


def name_fault(name: str) -> str | None:
    """Return why a file of seeds/captures cannot be listed under a name, or None."""
    if any(not char.isprintable() for char in name):
        return "holds an invisible character"
    if "\\" in name:
        return "holds a backslash"
    if any(part in {"", ".", ".."} for part in name.split("/")):
        return "is not the name of a file in seeds/captures/"
    return None


class Places:
    """Where in the text of a manifest new lines go: before the first one with a later name, or at the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: list[str] = []
        """The names that are later than all before them, so that they are sorted whatever the file is."""
        self._starts: list[int] = []
        start = 0
        for line in text.split("\n"):
            found = _LINE.fullmatch(line)
            if found and (not self._names or found[2] > self._names[-1]):
                self._names.append(found[2])
                self._starts.append(start)
            start += len(line) + 1

    def edits(self, name: str, digest: str) -> tuple[Edit, ...]:
        """Return the edits that list a capture; every other byte stays, but that a last line gets its end."""
        following = bisect_right(self._names, name)
        at_end = following == len(self._names)
        at = len(self._text) if at_end else self._starts[following]
        line = Edit(FILE, at, at, "", f"{digest}  {name}\n")
        is_open = at_end and self._text and not self._text.endswith("\n")
        return (Edit(FILE, at, at, "", "\n"), line) if is_open else (line,)


def add_line(text: str, name: str, digest: str) -> str:
    """Return the text of a manifest with one line more, in its place by name."""
    edits = Places(text).edits(name, digest)
    return text[: edits[0].start] + "".join(edit.replacement for edit in edits) + text[edits[0].end :]


def list_capture(root: Path, name: str, data: bytes) -> None:
    """Add a capture to the manifest, which is made where there is none; nothing is done where it is listed so.

    Raises:
        ArchiveError: the manifest is wrong, lists the name with another digest, or cannot list such a name.
    """
    manifest, issues = read_manifest(root)
    digest = hashlib.sha256(data).hexdigest()
    if issues or (root / FILE).is_symlink():
        raise ArchiveError(f"{FILE} is wrong, and nothing was added to it", "see: archive check")
    if wrong := name_fault(name):
        raise ArchiveError(f"{quote(name)} {wrong}", "rename the file")
    if name not in manifest.digests:
        new = add_line(manifest.text, name, digest)
        (root / FILE).parent.mkdir(parents=True, exist_ok=True)
        (root / FILE).write_bytes(new.encode())
    elif manifest.digests[name] != digest:
        raise ArchiveError(
            f"{FILE}:{manifest.lines[name]} lists {quote(name)} with another digest",
            "captures are never changed: add the file under another name",
        )
