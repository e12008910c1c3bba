"""Revisions: the seeds of an archive as git has them, or as they lie on disk, file by file, without a checkout.

Objects are read as they are stored: no attribute, filter, hook or line-end setting of a repository takes effect, and
neither the work tree nor the index is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from msgspec import Struct

from generator.issues import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SEEDS = "seeds"
FILE, EXECUTABLE, SYMLINK, SUBMODULE = "100644", "100755", "120000", "160000"
"""Modes of git: what a path may be."""
UNREADABLE = "000000"
"""Our own: a file on disk whose bytes the system does not give us."""
_NOWHERE = "refused"
"""Where a symbolic link of a revision leads when it is laid out: it is refused, never followed."""


class Stored(Struct, frozen=True):
    """What a path of a snapshot holds."""

    mode: str
    """One of git's modes."""
    oid: str
    """Git's name of the bytes; empty for a submodule."""

    @property
    def is_regular(self) -> bool:
        """Whether it is a file, executable or not."""
        return self.mode in {FILE, EXECUTABLE}


class Snapshot(Protocol):
    """The seeds at one moment."""

    @property
    def name(self) -> str:
        """How people call it: a revision as they wrote it, or `the files on disk`."""

    @property
    def files(self) -> Mapping[str, Stored]:
        """Every path below seeds/, relative to the archive, sorted."""

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the bytes of these regular files, in this order."""


class Repository(Struct, frozen=True):
    """A git repository and the archive in it."""

    top: Path
    """The folder that holds .git."""
    prefix: str
    """Where in it the archive lies, with a slash at the end; empty where it is the whole."""

    def git(self, *words: str, given: bytes | None = None) -> bytes:
        """Return what a git command prints.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        return subprocess.run(  # noqa: S603 - no shell; what a user wrote is never an option
            _command(self.top, *words), input=given, env=_environment(), check=True, capture_output=True
        ).stdout

    def commit(self, revision: str) -> Commit:
        """Return a revision's seeds.

        Raises:
            ArchiveError: there is no such revision.
        """
        try:
            wanted = f"{revision}^{{commit}}"
            found = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        except subprocess.CalledProcessError as error:
            raise ArchiveError(
                f"there is no revision {revision!r} in the repository of this archive",
                "name a branch, a tag or a commit that git log shows; a shallow clone may need: git fetch --unshallow",
            ) from error
        oid = found.decode().strip()
        return Commit(revision, self, oid, _list_commit(self, oid))

    def fork_of(self, revision: str) -> Commit:
        """Return the seeds of the commit at which the branch at hand left a revision, or of that itself.

        Raises:
            ArchiveError: there is no such revision.
        """
        commit = self.commit(revision)
        try:
            oid = self.git("merge-base", commit.oid, "HEAD").decode().strip()
        except subprocess.CalledProcessError as error:
            if self.git("rev-parse", "--is-shallow-repository").strip() == b"true":
                raise ArchiveError(
                    f"where this branch left {revision!r} is not known: the clone is shallow",
                    "get the rest: git fetch --unshallow",
                ) from error
            return commit
        return commit if oid == commit.oid else Commit(revision, self, oid, _list_commit(self, oid))

    def knows_modes(self) -> bool:
        """Tell whether the rights of files on this disk mean anything."""
        try:
            return self.git("config", "--bool", "core.fileMode").strip() != b"false"
        except subprocess.CalledProcessError:  # it is not set
            return True

    def attributes(self, names: Iterable[str], paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield (path, attribute, value) for each attribute that git applies to files of the archive."""
        given = b"".join(os.fsencode(f"{self.prefix}{path}") + b"\0" for path in paths)
        printed = self.git("check-attr", "--stdin", "-z", *names, given=given).split(b"\0")
        for path, name, value in zip(printed[0::3], printed[1::3], printed[2::3], strict=False):
            if value != b"unspecified":
                said = value.decode(errors="backslashreplace")
                yield os.fsdecode(path).removeprefix(self.prefix), name.decode(), said


def find_repository(root: Path) -> Repository:
    """Return the repository in which an archive lies.

    Raises:
        ArchiveError: it lies in none, or there is no git.
    """
    if shutil.which("git") is None:
        raise ArchiveError("git is not installed", "install git: revisions are read with it")
    try:
        found = subprocess.run(  # noqa: S603 - as above
            _command(root, "rev-parse", "--show-toplevel", "--show-prefix"),
            env=_environment(), check=True, capture_output=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise ArchiveError(
            f"the archive lies in no git repository: {said}", "run this in a clone, or: git init"
        ) from error
    top, prefix = os.fsdecode(found.stdout).split("\n")[:2]
    return Repository(Path(top), prefix)


def find_prefix(root: Path) -> str:
    """Return the archive's folder in its repository, with a slash at its end; nothing at the top or without git."""
    try:
        return find_repository(root).prefix
    except ArchiveError:
        return ""


def _command(folder: Path, *words: str) -> list[str]:
    """Return a command of git that sees objects as they are and never fetches what a partial clone lacks."""
    settings = ("-c", "core.quotePath=false", "-c", "protocol.allow=never", "--no-replace-objects")
    return ["git", "-C", str(folder), *settings, *words]


def _environment() -> dict[str, str]:
    """Return an environment in which git asks nothing and speaks English, also where a hook of git calls us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _list_commit(repository: Repository, oid: str) -> dict[str, Stored]:
    """Return the files below seeds/ of a commit."""
    printed = repository.git("ls-tree", "-r", "-z", "--full-tree", oid, "--", f"{repository.prefix}{SEEDS}")
    files = {}
    for line in printed.split(b"\0"):
        if line:
            head, _, path = line.partition(b"\t")
            mode, kind, name = head.decode().split()
            files[os.fsdecode(path).removeprefix(repository.prefix)] = Stored(
                mode, "" if kind == "commit" else name
            )
    return files


class Commit(Struct, frozen=True):
    """The seeds of a commit."""

    name: str
    repository: Repository
    oid: str
    files: Mapping[str, Stored]

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the bytes of these files, in this order."""
        wanted = list(paths)
        # git stops reading while we do not: names go in from a file, not from a pipe that could fill up
        names = "".join(f"{self.files[path].oid}\n" for path in wanted).encode()
        with _batch(self.repository, names) as stream:
            for path in wanted:
                # 2c26b46b68ffc68ff99b453c1d3041340f3f4b2d blob 1234
                head = stream.readline().split()
                if len(head) < 3:  # noqa: PLR2004 - "… missing", or nothing where git may not fetch it
                    raise ArchiveError(
                        f"{path} of {self.name} is not in this clone", "get it: git fetch --refetch"
                    )
                yield path, stream.read(int(head[2]))
                stream.read(1)

    def lay_out(self, folder: Path) -> None:
        """Write the seeds into an empty folder, so that they can be read like those of an archive.

        Raises:
            ArchiveError: a path of the revision leads out of the folder.
        """
        (folder / SEEDS).mkdir()
        for path, stored in self.files.items():
            target = folder / path
            if any(part in {"", ".", ".."} for part in path.split("/")) or path == SEEDS:
                raise ArchiveError(f"{self.name} holds the path {path!r}, which no archive can have")
            target.parent.mkdir(parents=True, exist_ok=True)
            if stored.mode == SYMLINK:
                target.symlink_to(_NOWHERE)
        regular = [path for path, stored in self.files.items() if stored.is_regular]
        for path, data in self.read(regular):
            (folder / path).write_bytes(data)


@contextmanager
def _batch(repository: Repository, names: bytes) -> Iterator[IO[bytes]]:
    """Open what `git cat-file --batch` prints of these objects."""
    with tempfile.TemporaryFile() as given:
        given.write(names)
        given.seek(0)
        command = _command(repository.top, "cat-file", "--batch", "--buffer")
        with subprocess.Popen(  # noqa: S603 - as above
            command, stdin=given, stdout=subprocess.PIPE, env=_environment()
        ) as process:
            assert process.stdout is not None
            yield process.stdout
            process.terminate()
