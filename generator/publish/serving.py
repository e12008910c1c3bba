"""Serving: how `mkdocs serve` shows an archive: from a folder of ours, without policy, and cheaply watched."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from watchdog.events import (
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mkdocs.livereload import LiveReloadServer
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

_POLICY = re.compile(rb'\s*<meta http-equiv="Content-Security-Policy"[^>]*>')
_PATIENCE = 1.0
"""Seconds in which the system tells of a change, if it does at all."""
_ARENA_MAX, _ARENAS = -8, 2
"""What glibc calls the number of places from which threads take memory, and ours: there may be eight for each core."""


def _observer() -> BaseObserver:
    """Return an observer that hears of changes alone: the system also tells of files that are read, as by a build."""
    observer = Observer()
    schedule = observer.schedule
    changes = [FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]

    def schedule_changes(handler: FileSystemEventHandler, path: str, *, recursive: bool = False) -> ObservedWatch:
        return schedule(_Visible(handler, path), path, recursive=recursive, event_filter=changes)

    observer.schedule = schedule_changes  # type: ignore[method-assign,assignment]
    return observer


class _Visible(FileSystemEventHandler):
    """Hears of files whose names do not begin with a dot: the others are an editor's own, and nobody reads them.

    Args:
        handler: is told of the others.
        folder: that is watched.
    """

    def __init__(self, handler: FileSystemEventHandler, folder: str) -> None:
        self._handler, self._folder = handler, folder

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on what happened."""
        paths = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if not all(f"{os.sep}." in path.removeprefix(self._folder) for path in paths):
            self._handler.dispatch(event)


class Browsers:
    """What shows the pages of a server, and is told when there are others."""

    def __init__(self, server: LiveReloadServer) -> None:
        self._server = server
        self._is_ahead = False

    def show(self) -> None:
        """Let them show what a build has put in place while it goes on."""
        server = self._server
        with server._epoch_cond:  # noqa: SLF001 - no other way, here and below; MkDocs is frozen
            server._visible_epoch = server._wanted_epoch  # noqa: SLF001
            server._epoch_cond.notify_all()  # noqa: SLF001
        self._is_ahead = True

    def end(self) -> None:
        """Let them show, as soon as the server tells them of the end of a build, what was put in place after that."""
        if self._is_ahead:
            self._server._wanted_epoch += 1  # noqa: SLF001
        self._is_ahead = False

    def has_change_waiting(self) -> bool:
        """Tell whether something has changed since the build began."""
        return self._server._want_rebuild  # noqa: SLF001


def serve_from(server: LiveReloadServer, site: Path) -> None:
    """Let a server take its pages from a folder; without their policy: MkDocs writes a script into what it serves."""
    server.root = str(site)
    inject: Any = server._inject_js_into_html  # noqa: SLF001 - the only place where served pages pass; MkDocs is frozen

    def inject_without_policy(content: bytes, epoch: int) -> bytes:
        return bytes(inject(_POLICY.sub(b"", content, count=1), epoch))

    server._inject_js_into_html = inject_without_policy  # type: ignore[method-assign]  # noqa: SLF001
    server.error_handler = lambda code: _read(site / f"{code}.html")


def _read(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def keep_memory_together() -> None:
    """Let threads that come and go take their memory from the same places, where the system can do that (mallopt(3)).

    Each would keep some of it else: with every edit of a large archive, a server grew.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # glibc's alone
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def watch(server: LiveReloadServer, folders: Iterable[Path], scratch: Path) -> None:
    """Let a server watch more folders, and be told of changes by the system where it tells of them.

    MkDocs itself looks at every file twice a second, which at 20,000 files takes half a core. Network and some virtual
    file systems tell of nothing: there it goes on looking.

    Args:
        server: which has not begun to watch.
        folders: to be watched besides those that it knows.
        scratch: a folder on the same file system, to try that.
    """
    if _tells_of_changes(scratch):
        watched = list(server._watched_paths)  # noqa: SLF001 - no other way to ask; MkDocs is frozen
        for path in watched:
            server.unwatch(path)
        server.observer = _observer()  # type: ignore[assignment]
        for path in watched:
            server.watch(path)
    for folder in folders:
        if folder.is_dir():
            server.watch(str(folder))


def _tells_of_changes(scratch: Path) -> bool:
    """Tell whether a change to a file is heard of."""
    heard = threading.Event()

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            del event
            heard.set()

    observer = _observer()
    try:
        observer.schedule(Handler(), str(scratch))
        observer.start()
    except OSError:  # the system watches no more folders
        return False
    try:
        (scratch / "watched").touch()
        return heard.wait(_PATIENCE)
    finally:
        observer.stop()
        observer.join()
        (scratch / "watched").unlink(missing_ok=True)
