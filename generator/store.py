"""Store: what stands for things that a cache keeps, and the places where it keeps them, whatever lies there."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock

_PACKAGE = Path(__file__).resolve().parent


def digest(*parts: bytes) -> bytes:
    """Return 32 bytes that stand for these parts in this order.

    >>> digest(b"a", b"bc") == digest(b"ab", b"c")
    False
    """
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.digest()


@cache
def packages() -> tuple[str, ...]:
    """Return the packages beside this program, as `click-8.3.1`, sorted."""
    found = {
        entry.name.removesuffix(".dist-info")
        for folder in sys.path
        if folder and Path(folder).is_dir()
        for entry in os.scandir(folder)
        if entry.name.endswith(".dist-info")
    }
    return tuple(sorted(found))


@cache
def edition() -> bytes:
    """Return what stands for this program, its Python and the packages beside it: what others made is made anew."""
    files = [*sorted(_PACKAGE.rglob("*.py")), *sorted((_PACKAGE / "data").rglob("*.*"))]
    return digest(sys.version.encode(), *map(str.encode, packages()), *(file.read_bytes() for file in files))


def remove(place: Path) -> None:
    """Remove what lies in a place of a cache, whatever it is; it may be nothing."""
    if not place.is_dir() or place.is_symlink():
        place.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(place)
    except PermissionError:  # ours, but somebody took our rights to its folders away
        place.chmod(0o700)
        for folder, inner, _ in os.walk(place):
            for name in inner:
                Path(folder, name).chmod(0o700)
        shutil.rmtree(place)


def usual_mode(most: int) -> int:
    """Return the mode that a new file (most 0o666) or folder (0o777) gets."""
    masked = os.umask(0)
    os.umask(masked)
    return most & ~masked


def make_folder(place: Path) -> None:
    """Make a folder of a cache, and those above it, where something else may lie; it may be there already."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        remove(next(path for path in (place, *place.parents) if os.path.lexists(path) and not path.is_dir()))
        make_folder(place)


def lock_of(file: Path) -> FileLock:
    """Return a lock, to be acquired, that stands in a file of a cache."""
    from filelock import FileLock  # noqa: PLC0415 - where nothing has changed, nothing is locked

    make_folder(file.parent)
    if file.is_dir() or file.is_symlink():
        remove(file)
    return FileLock(file, thread_local=False)
