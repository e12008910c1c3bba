"""Unchanged: whether a build would give what lies there already, told from the files themselves and quickly.

A file is taken for the same while its size, its times and its inode are. One that was written so shortly before it was
looked at that a second change could have left no trace in these is told by its bytes (as git does, racy-git.txt).
Where a symbolic link leads to a folder, or something is there that cannot be looked at, a build is never skipped. What
a program writes to a file that it holds mapped in memory is not seen before it changes a time of that.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from generator.objects import state_of
from generator.store import digest, edition, remove

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config import ArchiveConfig
    from generator.objects import State

_COARSE, _FINE = 2_050_000_000, 50_000_000
"""Nanoseconds between two times that can be told apart, at most: where a file system counts seconds, and elsewhere. A
tick of the system's clock takes 16 ms or less, exFAT counts 10 ms, and a tick or a server's clock may be late."""
_MANY = 200
"""New files from which on it is better to wait until their times tell than to let every later build read them."""
_SECOND = 1_000_000_000


class Seen(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it was seen."""

    size: int
    modified: int
    """Nanoseconds since 1970, 0 where the times do not tell."""
    changed: int
    inode: int
    digest: bytes
    """SHA-256, empty where it was not needed."""


class Built(msgspec.Struct, frozen=True):
    """A build that succeeded."""

    edition: bytes
    """Stands for the program."""
    options: tuple[str, ...]
    """All else that decides what is built: where to, what is left out, what the environment says."""
    roots: tuple[str, ...]
    """The files and folders that it read."""
    inputs: dict[str, Seen]
    """Everything in them, by path."""
    site: str
    """Its folder."""
    named: str
    """The same, as it was named: part of it may be a link that leads elsewhere by now."""
    outputs: dict[str, Seen]
    """Everything in the site, by path below it."""
    warnings: tuple[str, ...]
    """What was said of the seeds, and is as true now."""
    frame: bytes = b""
    """What another site can be built beside, where nothing but seeds has changed; empty for none."""


class Compared(NamedTuple):
    """What has become of the files that a build read."""

    inputs: dict[str, Seen]
    """All of them, as they are now, by path."""
    changed: frozenset[str]
    """The paths of what is another, new or gone."""


_NO_STATE: State = (-1, 0, 0, 0)
UNKNOWN = Seen(*_NO_STATE, b"")
"""What nothing is like when it is looked at again."""


def look_at(roots: Iterable[Path]) -> dict[str, Seen]:
    """Return every file in these places, read only where its times are too new to tell it from a later one."""
    now = time.time_ns()
    return {path: _seen(path, state, now) for root in roots for path, state in _files(str(root))}


def look_again(seen: Mapping[str, Seen]) -> dict[str, Seen]:
    """Return files that were seen before they were read, as they are known after that.

    One that was told by its bytes may have had others when it was read: it is `UNKNOWN` unless nobody wrote it since.
    """
    now = time.time_ns()
    return {path: _again(path, before, now) if before.digest else before for path, before in seen.items()}


def lasting_state(path: str | Path) -> State | None:
    """Return by what a file is told from all that it may become; None where its times are too new, or there is none.

    Ask before the file is read: as long as the answer is the same, so are the bytes.
    """
    now = time.time_ns()
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return None if not stat.S_ISREG(found.st_mode) or _is_fresh(found, now) else state_of(found)


def last_build(file: Path, options: tuple[str, ...]) -> Built | None:
    """Return the last build, where it was one by this program with these options.

    Args:
        file: where `remember` wrote it.
        options: as they were given to that.
    """
    try:
        kept = file.read_bytes()
        if digest(kept[32:]) != kept[:32]:
            return None
        built = msgspec.msgpack.decode(kept[32:], type=Built)
    except (OSError, msgspec.MsgspecError):
        return None
    return built if (built.edition, built.options) == (edition(), options) else None


def compare(built: Built) -> Compared:
    """Look what has become of the files that a build read."""
    now = time.time_ns()
    states = {path: state for root in built.roots for path, state in _files(root)}
    same = {path for path, state in states.items() if _is(path, state, built.inputs.get(path, UNKNOWN))}
    inputs = {
        path: built.inputs[path] if path in same else _seen(path, state, now) for path, state in states.items()
    }
    changed = frozenset((states.keys() | built.inputs.keys()) - same)
    return Compared(inputs, changed)


def only_seeds(config: ArchiveConfig, last: Built, changed: Iterable[str]) -> bool:
    """Tell whether nothing has changed but seeds that MkDocs reads neither from their folder nor through a link.

    Args:
        config: the archive.
        last: its last build.
        changed: paths of what has changed since.
    """
    seeds = f"{config.seeds}{os.sep}"
    others = [root for root in map(Path, last.roots) if root != config.seeds]
    linked = {os.path.realpath(path) for path in last.inputs if not path.startswith(seeds) and os.path.islink(path)}  # noqa: PTH114 - there may be many
    return all(
        path.startswith(seeds)
        and path not in linked
        and not any(Path(path).is_relative_to(root) for root in others)
        for path in changed
    )


def site_is_whole(built: Built) -> bool:
    """Tell whether every file of the site is as the build left it, and there is no other."""
    prefix = f"{built.site}/"
    there = {path.removeprefix(prefix): (path, state) for path, state in _files(built.site)}
    return there.keys() == built.outputs.keys() and all(
        _is(path, state, built.outputs[key]) for key, (path, state) in there.items()
    )


def remember(file: Path, built: Built) -> None:
    """Keep a build for `last_build`."""
    content = msgspec.msgpack.encode(built)
    remove(file)
    file.write_bytes(digest(content) + content)


def look_at_site(site: Path, files: Mapping[str, str], known: Mapping[str, State]) -> dict[str, Seen]:
    """Return every file of a site that was just put in place; `UNKNOWN` for one that is not what was put there.

    Args:
        site: its folder.
        files: the digest of each in hexadecimal, by path.
        known: the states of files by their digests, as `Objects.states` has them; all others are read.
    """
    states = {path: known.get(name, _NO_STATE) for path, name in files.items()}
    found = {path: Seen(*state, bytes.fromhex(files[path])) for path, state in states.items() if state[2]}
    new = states.keys() - found.keys()
    if len(new) >= _MANY:
        time.sleep(_FINE / _SECOND)  # now their times tell, except where seconds are counted
    now = time.time_ns()
    for path in new:
        found[path] = _placed(f"{site}/{path}", bytes.fromhex(files[path]), states[path], now)
    return found


def states_of(built: Built) -> dict[str, State]:
    """Return the states in which the files of a site were when a build left it, by their digests in hexadecimal."""
    seen = built.outputs.values()
    return {one.digest.hex(): (one.size, one.modified, one.changed, one.inode) for one in seen}


def _is(path: str, state: os.stat_result | None, seen: Seen) -> bool:
    if state is None:
        return False
    if state_of(state) == (seen.size, seen.modified, seen.changed, seen.inode):
        return True
    return bool(seen.digest) and state.st_size == seen.size and _read(path) == seen.digest


def _is_fresh(state: os.stat_result, now: int) -> bool:
    """Tell whether a file was written so shortly before it was looked at that its times may not show a later change."""
    newest = max(state.st_mtime_ns, state.st_ctime_ns)
    return newest > now - (_FINE if newest % _SECOND else _COARSE)


def _seen(path: str, state: os.stat_result | None, now: int, known: bytes = b"") -> Seen:
    if state is None:
        return UNKNOWN
    fresh = _is_fresh(state, now)
    modified = 0 if fresh else state.st_mtime_ns
    told = known or (_read(path) if fresh else b"")
    return Seen(state.st_size, modified, state.st_ctime_ns, state.st_ino, told)


def _placed(path: str, wanted: bytes, before: State, now: int) -> Seen:
    state = _state(path)  # before it is read: what is written after that changes it
    is_same = state is not None and (state.st_size, state.st_mtime_ns, 0, state.st_ino) == before
    return _seen(path, state, now, wanted) if is_same or _read(path) == wanted else UNKNOWN


def _again(path: str, before: Seen, now: int) -> Seen:
    state = _state(path)
    same = state and (state.st_size, state.st_ctime_ns, state.st_ino) == (before.size, before.changed, before.inode)
    if not (state and same and _read(path) == before.digest):
        return UNKNOWN
    return before if _is_fresh(state, now) else replace(before, modified=state.st_mtime_ns, digest=b"")


def _read(path: str) -> bytes:
    """Return the digest of a file, or of where a symbolic link leads; nothing where it cannot be read."""
    try:
        if os.path.islink(path):  # noqa: PTH114 - as below
            return hashlib.sha256(os.fsencode(os.readlink(path))).digest()  # noqa: PTH115
        with open(path, "rb") as file:  # noqa: PTH123 - thousands of them
            return hashlib.sha256(file.read()).digest()
    except OSError:
        return b""


def _files(root: str) -> list[tuple[str, os.stat_result | None]]:
    """Return (path, state) of every file in a folder, or of the file itself; nothing where nothing is there.

    The state is None where it does not tell whether a later build would read the same. A root may be a symbolic link to
    a folder; below it, none is followed.
    """
    found: list[tuple[str, os.stat_result | None]] = []
    if os.path.isdir(root):  # noqa: PTH112 - thousands of them, here and below
        if os.path.islink(root):  # noqa: PTH114
            found.append((root, _state(root)))
        _look_inside(root, found)
    elif os.path.lexists(root):
        found += _file(root)
    return found


def _look_inside(folder: str, found: list[tuple[str, os.stat_result | None]]) -> None:
    """Add what is in a folder to what was found."""
    try:
        with os.scandir(folder) as entries:
            there = list(entries)
    except OSError:
        found.append((folder, None))
        return
    for entry in there:
        path = f"{folder}/{entry.name}"  # a slash on every system: a site knows its files by such paths
        if entry.is_dir(follow_symlinks=False):
            _look_inside(path, found)
        elif entry.is_symlink():
            found += _file(path)
        else:
            found.append((path, _state(path)))


def _file(path: str) -> list[tuple[str, os.stat_result | None]]:
    """Return the state of a file, and of that to which it leads as a symbolic link: None where that is a folder."""
    target = os.path.realpath(path)
    state = _state(target) if os.path.isfile(target) else None  # noqa: PTH113 - as above
    return [(path, state and _state(path)), (target, state)]


def _state(path: str) -> os.stat_result | None:
    """Return the state of a file, or of a symbolic link as such; None of anything else."""
    try:
        state = os.lstat(path)
    except OSError:
        return None
    return state if stat.S_ISREG(state.st_mode) or stat.S_ISLNK(state.st_mode) else None
