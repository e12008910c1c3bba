"""Store: what a build knows already, kept from process to process. It can be thrown away at any time.

Nothing in it is believed: every value is read together with its digest, and one that does not have it any more is as
if it had never been kept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from filelock import FileLock

_PACKAGE = Path(__file__).resolve().parent
_AT_ONCE = 500
"""Keys of one question: SQLite takes a bounded number of them."""
_DIGEST = 32


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


class Records:
    """Values by their keys, in one file of SQLite.

    Where another process holds it, or it cannot be written, nothing is known and nothing is kept.
    """

    def __init__(self, file: Path) -> None:
        """Open the file, or begin it anew where it is damaged or of another edition."""
        self._file = file
        self._lock = _lock_now(file.with_suffix(".lock"))
        try:
            self._connection = _open(":memory:" if self._lock is None else str(file))
        except sqlite3.DatabaseError:
            self._connection = self._opened_anew()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._let_go()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the values that are kept, whole, under these keys."""
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        with self._mending():
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                question = f"SELECT key, value FROM kept WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - marks
                for key, kept in self._connection.execute(question, some):
                    if isinstance(kept, bytes) and digest(key, value := kept[_DIGEST:]) == kept[:_DIGEST]:
                        found[key] = value
        return found

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values under their keys."""
        rows = [(key, digest(key, value) + value) for key, value in values.items()]
        try:
            self._write("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        except sqlite3.DatabaseError:
            with self._mending():
                self._begin_anew()
                self._write("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)

    def keep_only(self, keys: Iterable[bytes]) -> None:
        """Forget every value but those of these keys."""
        with self._mending():
            known = {key for (key,) in self._connection.execute("SELECT key FROM kept")}
            self._write("DELETE FROM kept WHERE key = ?", [(key,) for key in known.difference(keys)])

    def _write(self, statement: str, rows: Sequence[tuple[bytes, ...]]) -> None:
        """Carry a statement out for all rows or for none."""
        self._connection.execute("BEGIN")
        try:
            self._connection.executemany(statement, rows)
        except BaseException:
            with suppress(sqlite3.DatabaseError):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Begin the file anew where it turns out to be damaged."""
        try:
            yield
        except sqlite3.DatabaseError:
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._connection.close()
        self._connection = self._opened_anew()

    def _opened_anew(self) -> sqlite3.Connection:
        """Return what is empty: the file, or what only this process sees where the file is no longer or never ours."""
        if self._lock is not None:
            with suppress(OSError, sqlite3.Error):
                return _open_anew(self._file)
            self._let_go()
        return _open(":memory:")

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _lock_now(file: Path) -> FileLock | None:
    """Return a lock that is held; None where another process holds it, or nothing can be written there."""
    try:
        lock = lock_of(file)
        lock.acquire(timeout=0)
    except (OSError, NotImplementedError):  # `Timeout` is an OSError
        return None
    return lock


def _open_anew(file: Path) -> sqlite3.Connection:
    for leftover in (file, file.with_name(f"{file.name}-journal")):
        remove(leftover)
    return _open(str(file))


def _open(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(
            "PRAGMA synchronous = OFF"
        )  # what a crash leaves half written is noticed when it is read
        connection.execute("PRAGMA secure_delete = ON")  # what was withdrawn must not stay in unused pages
        connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB)")
        ours = int.from_bytes(edition()[:3], "little")
        if connection.execute("PRAGMA user_version").fetchone()[0] != ours:
            connection.execute("DELETE FROM kept")
            connection.execute(f"PRAGMA user_version = {ours}")
    except BaseException:
        connection.close()
        raise
    return connection
