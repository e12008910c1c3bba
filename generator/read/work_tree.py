"""The work tree: the seeds as they lie on disk, committed or not, in the terms of git."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.read.revisions import EXECUTABLE, FILE, SEEDS, SUBMODULE, SYMLINK, UNREADABLE, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.read.revisions import Repository


class WorkTree(Struct, frozen=True):
    """The seeds as they lie on disk, committed or not."""

    name: str
    root: Path
    """The archive."""
    files: Mapping[str, Stored]

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the bytes of these files, in this order."""
        for path in paths:
            yield path, (self.root / path).read_bytes()


def read_work_tree(root: Path, repository: Repository) -> WorkTree:
    """Return the seeds of an archive as they lie on disk, their bytes untranslated."""
    algorithm = repository.git("rev-parse", "--show-object-format").decode().strip()
    # where the file system knows no such right (core.fileMode), what was committed last says it
    knows_modes = repository.knows_modes()
    committed = {} if knows_modes else repository.commit("HEAD").files
    files: dict[str, Stored] = {}
    for place in _walk(root / SEEDS):
        path = place.relative_to(root).as_posix()
        mode = place.lstat().st_mode
        if stat.S_ISLNK(mode):
            files[path] = Stored(SYMLINK, _blob(algorithm, os.fsencode(place.readlink())))
        elif stat.S_ISDIR(mode):
            files[path] = Stored(SUBMODULE, "")
        elif stat.S_ISREG(mode):
            right = EXECUTABLE if mode & stat.S_IXUSR else FILE
            if not knows_modes:
                right = committed[path].mode if path in committed and committed[path].is_regular else FILE
            try:
                files[path] = Stored(right, _blob(algorithm, place.read_bytes()))
            except OSError:
                files[path] = Stored(UNREADABLE, "")
    return WorkTree("the files on disk", root, dict(sorted(files.items())))


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder: files, links, and folders that are repositories of their own."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        if place.is_dir() and not place.is_symlink() and not (place / ".git").exists():
            waiting += place.iterdir()
        else:
            yield place


def _blob(algorithm: str, data: bytes) -> str:
    """Return git's name of these bytes."""
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
