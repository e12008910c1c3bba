"""Captures: the files of seeds/captures, each hashed once and compared with the manifest.

Whether a capture may be there, or be gone, is decided here; whether an article has its words is `words`' business.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.issues import Fix, Issue, Level, quote
from generator.read.files import MAX_CAPTURE_BYTES, list_files, read_bytes
from generator.read.manifest import FILE, Places, name_fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.read.files import SeedFile
    from generator.read.manifest import Manifest

FOLDER = "seeds/captures"


class Captures:
    """The captures of an archive; the digest of one that was read for its article is kept.

    Args:
        root: the archive.
    """

    def __init__(self, root: Path) -> None:
        files, self.issues = list_files(root, FOLDER)
        self.files = {file.absolute.relative_to(root / FOLDER).as_posix(): file for file in files}
        self._digests: dict[str, str | None] = {}
        self._withdrawn: set[str] = set()
        self._unreadable: list[Issue] = []

    def read(self, name: str) -> tuple[bytes | None, list[Issue]]:
        """Return the bytes of a capture, or None and why they cannot be read."""
        data, issues = read_bytes(self.files[name], MAX_CAPTURE_BYTES)
        self._digests[name] = hashlib.sha256(data).hexdigest() if data is not None else None
        return data, issues

    def withdraw(self, name: str) -> None:
        """Note that a withdrawn article names a capture: its file may be gone."""
        self._withdrawn.add(name)

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of a capture, None where it cannot be read."""
        if name not in self._digests:
            # the original of a capture may be larger than what is read as text
            try:
                with self.files[name].absolute.open("rb") as stream:
                    self._digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as error:
                self._digests[name] = None
                message = f"this file cannot be read: {error.strerror or error}"
                path = self.files[name].path
                issue = Issue(path, 0, 0, "unreadable", Level.ERROR, message, "check its permissions")
                self._unreadable.append(issue)
        return self._digests[name]

    def check(self, manifest: Manifest, *, whole: bool) -> Iterator[Issue]:
        """Yield where captures and manifest differ; `whole` tells that every line of the manifest could be read."""
        places = Places(manifest.text)
        for name, file in self.files.items():
            digest, listed = self.digest(name), manifest.digests.get(name)
            if listed is None and whole:
                yield _unlisted(name, file, digest, places)
            elif listed is not None and digest is not None and digest != listed:
                message = f"the bytes are not those that {FILE} lists in line {manifest.lines[name]}"
                hint = "restore the file as it was received; git log --follow tells when it changed"
                yield Issue(file.path, 0, 0, "capture-changed", Level.ERROR, message, hint)
        for name, line in manifest.lines.items():
            if name not in self.files and name not in self._withdrawn:
                message = f"{quote(name)} is listed and is not in {FOLDER}/"
                hint = "restore the file, or withdraw the article that names it"
                yield Issue(FILE, line, 0, "listed-capture-gone", Level.ERROR, message, hint)
        yield from self._unreadable


def _unlisted(name: str, file: SeedFile, digest: str | None, places: Places) -> Issue:
    message, fix = f"{FILE} does not list this capture", None
    hint = "add it with: archive check --fix"
    if wrong := name_fault(name):
        message, hint = f"{message}, and cannot: the name {wrong}", "rename the file"
    elif digest is not None:
        fix = Fix(places.edits(name, digest))
    return Issue(file.path, 0, 0, "unlisted-capture", Level.WARNING, message, hint, fix)
