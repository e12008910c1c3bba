"""Tree: a folder made to hold exactly the files that a site has; what it holds already of them stays.

A site is known by the digest of each of its files. Where the system can do that, a file in the folder is the kept
object itself under a second name, and so told from all others by its inode, without being read.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from stat import S_IMODE
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.store import usual_mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.objects import Objects


_AT_ONCE = 100
"""Files that one thread places."""


def lay_out(site: Mapping[str, str], folder: Path, objects: Objects) -> None:
    """Make a folder hold exactly the files of a site.

    Args:
        site: the digest of each file by its path, with forward slashes.
        folder: may be there and hold anything, or not be there.
        objects: where these files are kept, whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = sorted(site.keys() - clear_out(site, folder, objects))

    def place(some: Iterable[str]) -> None:
        for below, paths in groupby(some, key=lambda path: path.rpartition("/")[0]):
            os.makedirs(f"{folder}/{below}", exist_ok=True)  # noqa: PTH103 - see below
            for path in paths:
                objects.place(site[path], f"{folder}/{path}")

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the system does not let others wait meanwhile
        some = (missing[start : start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE))
        list(threads.map(place, some))


def clear_out(site: Mapping[str, str], folder: Path, objects: Objects) -> set[str]:
    """Remove from a folder whatever is not a file of the site, and return the paths of those that are."""
    there: set[str] = set()
    mode = usual_mode(0o777)
    folder.chmod(mode)
    wanted = site if folder.stat().st_dev == objects.folder.stat().st_dev else {}
    _clear(str(folder), "", _Wanted(wanted, objects, there, mode))
    return there


class _Wanted(Struct, frozen=True):
    """What a folder is cleared out for."""

    site: Mapping[str, str]
    objects: Objects
    there: set[str]
    """Files of it that were found."""
    mode: int
    """Of folders."""

    def takes(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Tell whether a file is the very object that belongs there."""
        name = self.site.get(path)
        return name is not None and self.objects.inode(name) == entry.inode() and not entry.is_symlink()


def _clear(folder: str, below: str, wanted: _Wanted) -> bool:
    """Do that below a folder, and tell whether anything is left in it."""
    left = False
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        path = below + entry.name
        if entry.is_dir(follow_symlinks=False):
            if S_IMODE(entry.stat().st_mode) != wanted.mode:
                os.chmod(entry.path, wanted.mode)  # noqa: PTH101 - see below
            if _clear(entry.path, f"{path}/", wanted):
                left = True
            else:
                os.rmdir(entry.path)  # noqa: PTH106 - thousands of them; pathlib takes as long again
        elif wanted.takes(path, entry):
            wanted.there.add(path)
            left = True
        else:
            os.unlink(entry.path)  # noqa: PTH108 - see above
    return left
