"""A build that stops at a chosen file-system call, as a kill finds it. A script; the product runs in it.

    stopped_build.py site ARCHIVE ACTION FROM NUMBER [OPTION…]
    stopped_build.py swap STAGED PUBLISHED ACTION FROM NUMBER [OPTION…]

ACTION: `kill` (SIGKILL), `wait` (until a line comes on stdin), `go` (to the end).
FROM and NUMBER: at the nth call that changes files, counted from the start of the build (`build`) or from the
moment before the folders change places (`swap`).
OPTION: `no-exchange`: a system without renameat2. `reversed`: folders list their files in reverse.
`full`: a disk with no room for a file of more than 20,000 bytes.

Prints the calls as they come; Python tells of each through its audit hooks before it happens.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from generator.building import build_site
from generator.config import find_archive
from generator.publish.swap import lock, put_in_place, recover

CHANGES = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.rmtree",
}


class Stop:
    """Counts the calls that change files, and stops the process at one of them."""

    def __init__(self, action: str, count_from: str, number: str, options: list[str]) -> None:
        self.action, self.number, self.options = action, int(number), options
        self.counting = count_from == "build"
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        exchange = event == "ctypes.dlsym" and arguments[1] == "renameat2"
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        self.counting |= exchange
        if self.counting and (exchange or writes or event in CHANGES):
            self.seen += 1
            print(f"{self.seen}: {event}", flush=True)  # noqa: T201
            if self.seen == self.number:
                self.stop()
        if exchange and "no-exchange" in self.options:
            raise AttributeError("renameat2")

    def stop(self) -> None:
        if self.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.action == "wait":
            print("waiting", flush=True)  # noqa: T201
            sys.stdin.readline()


class Reversed:
    """What os.scandir returns, in reverse."""

    def __init__(self, path: object = ".") -> None:
        with SCANDIR(path) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __iter__(self):
        return self.entries

    def __next__(self):
        return next(self.entries)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        pass


SCANDIR = os.scandir


def main(what: str, *arguments: str) -> None:
    folders, rest = (arguments[:1], arguments[1:]) if what == "site" else (arguments[:2], arguments[2:])
    action, count_from, number, *options = rest
    if "reversed" in options:
        listdir = os.listdir
        os.scandir, os.listdir = Reversed, lambda path=".": sorted(listdir(path), reverse=True)
    if "full" in options:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    sys.addaudithook(Stop(action, count_from, number, options))
    if what == "site":
        build_site(find_archive(Path(folders[0])))
        return
    staged, published = map(Path, folders)
    with lock(published):
        if count_from == "build":
            recover(published)
        put_in_place(staged, published)


if __name__ == "__main__":
    main(*sys.argv[1:])
