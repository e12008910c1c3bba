"""A change: two revisions, told apart by git's objects alone.

No attribute, filter, hook or submodule of the head takes effect, and its work tree is not looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = "seeds"
PLAIN, EXECUTABLE, LINK = "100644", "100755", "120000"
"""Modes of git's entries that may stand in seeds/; the generator itself refuses the links, by name and with a hint."""
GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")
"""Hooks could change what is compared; names with odd characters come quoted, one a line."""


class ReviewError(Exception):
    """The review cannot begin: the reason."""


class SeedsError(Exception):
    """What stands in seeds/ cannot be written as files: the reason."""


@dataclass(frozen=True)
class Change:
    """Two revisions, and the repository they stand in."""

    root: Path
    """The work tree's topmost folder: read for its environment only."""
    base: str
    """The commit that is compared with, and whose generator judges."""
    head: str
    """The commit that is judged."""

    def git(self, *words: str) -> str:
        """Return what git prints."""
        return git(self.root, *words)

    def read(self, revision: str, path: str) -> bytes:
        """Return the bytes of a file in a revision; none where it is not there."""
        words = [*GIT, "cat-file", "blob", f"{revision}:{path}"]
        return subprocess.run(words, cwd=self.root, capture_output=True, check=False).stdout


def git(folder: Path, *words: str) -> str:
    """Return what git prints.

    Raises:
        ReviewError: git says that it cannot.
    """
    done = subprocess.run(
        # Locks are not optional for git where it would refresh the index; the user's index is not ours to touch.
        [*GIT, "--no-optional-locks", *words], cwd=folder, capture_output=True, check=False, start_new_session=True,
    )  # fmt: skip
    if done.returncode:
        raise ReviewError(done.stderr.decode(errors="replace").strip() or f"git {words[0]} failed")
    return done.stdout.decode(errors="surrogateescape")


def find_change(folder: Path, base: str, head: str) -> Change:
    """Return the two revisions; the base is where the head left it, as what came later is none of the change.

    Raises:
        ReviewError: one of them is not there, or they have nothing in common.
    """
    root = Path(git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
    commits = []
    for name in (base, head):
        try:
            found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except ReviewError as error:
            raise ReviewError(f"there is no revision {name}; name another with BASE=…") from error
        commits.append(found.strip())
    try:
        common = git(root, "merge-base", *commits).strip()
    except ReviewError as error:
        raise ReviewError(f"{base} and {head} have no commit in common") from error
    return Change(root, common, commits[1])


@contextmanager
def workplace(change: Change, beside: Path) -> Iterator[Path]:
    """Give an empty folder for checkouts; take it and them away afterwards, whatever happens."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="review-", dir=beside))
    try:
        yield folder
    finally:
        for place in (folder / "base", folder / "head"):
            shutil.rmtree(place, ignore_errors=True)
            with suppress(ReviewError):  # git never heard of a checkout that was not made
                change.git("worktree", "remove", "--force", str(place))
        shutil.rmtree(folder, ignore_errors=True)


def write_seeds(change: Change, folder: Path) -> None:
    """Write the seeds of the head below a folder that has none, byte for byte as git keeps them.

    Raises:
        SeedsError: one of them is neither a file nor a link, or no system would take its name or its target.
    """
    listed = change.git("ls-tree", "-r", "-z", "--full-tree", change.head, "--", SEEDS)
    entries = [entry.split("\t", 1) for entry in listed.split("\0") if entry]
    links: list[tuple[str, str]] = []
    with subprocess.Popen(
        [*GIT, "cat-file", "--batch"], cwd=change.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as objects:
        for described, path in entries:
            mode, _, name = described.split(" ")
            file = folder / allowed_path(mode, path)
            content = read_object(objects, name)
            with refused(path):
                file.parent.mkdir(parents=True, exist_ok=True)
                if mode == LINK:
                    links.append((path, os.fsdecode(content)))
                    continue
                with file.open("xb") as new:
                    new.write(content)
                if mode == EXECUTABLE:  # which the check reports
                    file.chmod(0o755)
    for path, target in links:  # last, and all folders are there, so that nothing is written through one
        with refused(path):
            (folder / path).symlink_to(target)


@contextmanager
def refused(path: str) -> Iterator[None]:
    """Tell of a seed that cannot be written by its name, spelt out; what the system says of it would hold it raw.

    Raises:
        SeedsError: it could not be written.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        raise SeedsError(f"{path!a} cannot be written") from error


def allowed_path(mode: str, path: str) -> PurePosixPath:
    """Return the path of an entry that may be written.

    Raises:
        SeedsError: it is no file or link below seeds/.
    """
    parts = PurePosixPath(path).parts
    kind = {"160000": "a submodule"}.get(mode, "no file")
    if mode not in {PLAIN, EXECUTABLE, LINK} or len(parts) < 2:  # noqa: PLR2004 - seeds itself is a folder
        raise SeedsError(f"{path!a} is {kind}; in {SEEDS}/ only files and folders are read")
    if {".", "..", ".git"} & {part.lower() for part in parts}:
        raise SeedsError(f"{path!a} has a part that no seed may have")
    return PurePosixPath(path)


def read_object(objects: subprocess.Popen[bytes], name: str) -> bytes:
    """Return the bytes of one of git's objects."""
    assert objects.stdin is not None
    assert objects.stdout is not None
    objects.stdin.write(f"{name}\n".encode())
    objects.stdin.flush()
    size = int(objects.stdout.readline().split()[2])
    return objects.stdout.read(size + 1)[:-1]
