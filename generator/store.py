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

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
def edition() -> bytes:
    """Return what stands for this program, its Python and the packages beside it: what others made is made anew."""
    files = [*sorted(_PACKAGE.rglob("*.py")), *sorted((_PACKAGE / "data").rglob("*.*"))]
    packages = sorted(
        entry.name
        for folder in sys.path
        if folder and Path(folder).is_dir()
        for entry in os.scandir(folder)
        if entry.name.endswith(".dist-info")
    )
    return digest(sys.version.encode(), *map(str.encode, packages), *(file.read_bytes() for file in files))


class Records:
    """Values by their keys, in one file of SQLite.

    Where another process holds it, nothing is known and nothing is kept.
    """

    def __init__(self, file: Path) -> None:
        """Open the file, or begin it anew where it is damaged or of another edition."""
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(file.with_suffix(".lock"))
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._connection = _open(":memory:")
            return
        try:
            self._connection = _open(str(file))
        except sqlite3.DatabaseError:
            self._connection = self._anew()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._lock.release()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the values that are kept, whole, under these keys."""
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        with self._mending():
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                question = f"SELECT key, value FROM kept WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - marks
                for key, kept in self._connection.execute(question, some):
                    if isinstance(kept, bytes) and digest(key, kept[_DIGEST:]) == kept[:_DIGEST]:
                        found[key] = kept[_DIGEST:]
        return found

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values under their keys."""
        rows = ((key, digest(key, value) + value) for key, value in values.items())
        with self._mending(), _transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)

    def keep_only(self, keys: Iterable[bytes]) -> None:
        """Forget every value but those of these keys."""
        with self._mending(), _transaction(self._connection):
            known = {key for (key,) in self._connection.execute("SELECT key FROM kept")}
            unused = [(key,) for key in known.difference(keys)]
            self._connection.executemany("DELETE FROM kept WHERE key = ?", unused)

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Begin the file anew where it turns out to be damaged."""
        try:
            yield
        except sqlite3.DatabaseError:
            self._connection.close()
            self._connection = self._anew()

    def _anew(self) -> sqlite3.Connection:
        for file in (self._file, self._file.with_name(f"{self._file.name}-journal")):
            file.unlink(missing_ok=True)
        return _open(str(self._file))


def _open(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(
            "PRAGMA synchronous = OFF"
        )  # what a crash leaves half written is noticed when it is read
        connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB)")
        ours = int.from_bytes(edition()[:3], "little")
        if connection.execute("PRAGMA user_version").fetchone()[0] != ours:
            connection.execute("DELETE FROM kept")
            connection.execute(f"PRAGMA user_version = {ours}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.DatabaseError):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class Objects:
    """Files by the digests of their bytes. A published file is the very file that is kept, where that can be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Return where the object of a digest, in hexadecimal, lies."""
        return self._folder / name[:2] / name[2:]

    def add(self, content: bytes) -> str:
        """Keep bytes and return their digest."""
        name = hashlib.sha256(content).hexdigest()
        file = self.path(name)
        try:
            with file.open("xb") as new:
                new.write(content)
        except FileExistsError:
            if not self.is_whole(name):
                file.unlink()
                return self.add(content)
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            return self.add(content)
        return name

    def is_whole(self, name: str) -> bool:
        """Tell whether an object is there, byte for byte."""
        try:
            return hashlib.sha256(self.path(name).read_bytes()).hexdigest() == name
        except OSError:
            return False

    def place(self, name: str, target: Path) -> None:
        """Let an object appear at `target`, whose folder exists, as a second name of it or as a copy."""
        try:
            os.link(self.path(name), target)
        except OSError:
            shutil.copyfile(self.path(name), target)

    def keep_only(self, names: Iterable[str]) -> None:
        """Throw away every object but these."""
        wanted = set(names)
        for folder in self._folder.glob("??"):
            for file in folder.iterdir():
                if folder.name + file.name not in wanted:
                    file.unlink()
