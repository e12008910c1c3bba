"""Records: what a build knows already, kept from process to process. It can be thrown away at any time.

Nothing in it is believed: every value is read together with its digest, and one that does not have it any more is as
if it had never been kept.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from generator.store import digest, edition, lock_of, remove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from filelock import FileLock

_AT_ONCE = 500
"""Keys of one question: SQLite takes a bounded number of them."""
_DIGEST = 32


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
