"""Objects: finished files by the digests of their bytes, kept from build to build."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import TYPE_CHECKING

from generator.store import make_folder, remove, usual_mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

State = tuple[int, int, int, int]
"""Size, time of change of bytes and of anything, both in nanoseconds, and inode: who keeps these is the same file."""


def state_of(found: os.stat_result) -> State:
    """Return the state of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


class Objects:
    """Files by the digests of their bytes. A published file is the very file that is kept, where that can be."""

    def __init__(self, folder: Path, known: Mapping[str, State] | None = None) -> None:
        """Keep objects in a folder, which is made with the first of them.

        Args:
            folder: where they lie.
            known: the states in which some of them were when they were whole, by name; absent, none is looked at.
        """
        self.folder = folder
        self._root = str(folder)
        self._whole = {} if known is None else self._survey(known)
        self._placed: set[str] = set()
        self._has_copied = False

    @property
    def states(self) -> dict[str, State]:
        """The states of the known ones; without a time of change where one got a further name since, which is a change.

        All names of one share its state. Copies share none.
        """
        if self._has_copied:
            return {}
        return {
            name: (state[0], state[1], 0, state[3]) if name in self._placed else state
            for name, state in self._whole.items()
        }

    def _survey(self, known: Mapping[str, State]) -> dict[str, State]:
        """Return the states of the objects that are in the one that is known.

        Each gets the mode of a new file: what somebody does to the mode of a published file is done to its object.
        """
        found: dict[str, State] = {}
        mode = usual_mode(0o666)
        for name, entry in self._entries():
            seen = entry.stat(follow_symlinks=False)
            state = state_of(seen)
            if S_ISREG(seen.st_mode) and S_IMODE(seen.st_mode) != mode:
                os.chmod(entry.path, mode)  # noqa: PTH101 - tens of thousands
            elif known.get(name) == state:
                found[name] = state
        return found

    def _entries(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Yield what lies where objects do, each with the name that it has as one."""
        for folder in filter(Path.is_dir, self.folder.glob("??")):
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield folder.name + entry.name, entry

    def path(self, name: str) -> str:
        """Return where the object of a digest, in hexadecimal, lies."""
        return f"{self._root}/{name[:2]}/{name[2:]}"  # tens of thousands a build; pathlib takes ten times as long

    def add(self, content: bytes) -> str:
        """Keep bytes and return their digest."""
        name = hashlib.sha256(content).hexdigest()
        try:
            with open(self.path(name), "xb") as new:  # noqa: PTH123 - see above
                new.write(content)
        except FileExistsError:
            if not self.is_whole(name):
                remove(Path(self.path(name)))
                return self.add(content)
        except (FileNotFoundError, NotADirectoryError):
            make_folder(Path(self.path(name)).parent)
            return self.add(content)
        return name

    def read(self, name: str) -> bytes | None:
        """Return the bytes of an object; None where it is not there, byte for byte."""
        try:
            with open(self.path(name), "rb") as file:  # noqa: PTH123 - see above
                content = file.read()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def is_known(self, name: str) -> bool:
        """Tell whether an object need not be read to tell that it is there, byte for byte."""
        return name in self._whole

    def is_whole(self, name: str) -> bool:
        """Tell whether an object is there, byte for byte."""
        return name in self._whole or self.read(name) is not None

    def place(self, name: str, target: str | Path) -> None:
        """Let an object appear at `target`, whose folder exists, as a second name of it or as a copy."""
        self._placed.add(name)
        try:
            os.link(self.path(name), target)
        except OSError:
            shutil.copyfile(self.path(name), target)
            self._has_copied = True

    def inode(self, name: str) -> int | None:
        """Return the number by which the file system knows an object; None where it is not there."""
        known = self._whole.get(name)
        if known is not None:
            return known[-1]
        try:
            return os.lstat(self.path(name)).st_ino
        except OSError:
            return None

    def keep_only(self, names: Iterable[str]) -> None:
        """Throw away every object but these."""
        wanted = set(names)
        for name, entry in list(self._entries()):
            if name not in wanted:
                remove(Path(entry.path))
