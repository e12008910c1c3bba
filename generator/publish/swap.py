"""Swap: a finished folder takes the place of the published one, whole, whatever happens in between.

Where the system can exchange two directories in one step (Linux: renameat2, RENAME_EXCHANGE), it does. Elsewhere
the published folder is moved aside first, and `recover` puts it back when a kill comes between the two renames.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from generator.issues import ArchiveError
from generator.store import remove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def staging_folder(published: Path) -> Path:
    """Return where the next site is built: beside the published one, so that a rename puts it in place."""
    return published.with_name(f".{published.name}.next")


def _previous_folder(published: Path) -> Path:
    return published.with_name(f".{published.name}.previous")


@contextmanager
def lock(published: Path) -> Iterator[None]:
    """Hold the right to replace a published folder; the system frees it when the process ends, however it ends.

    Raises:
        ArchiveError: another build holds it.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(published.with_name(f".{published.name}.lock"))
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveError(
            f"another build of {published} is running", "wait until it ends, or build with another --site-dir"
        ) from error
    try:
        yield
    finally:
        held.release()


def check_target(published: Path, sources: Iterable[Path]) -> None:
    """Make sure that what a build is going to replace is a site.

    Args:
        published: where the site is to go.
        sources: folders that hold what somebody wrote.

    Raises:
        ArchiveError: the folder holds, lies in or is one of the sources; or it holds something that is no site.
    """
    target = published.resolve()
    for source in (folder.resolve() for folder in sources):
        if target == source or target.is_relative_to(source) or source.is_relative_to(target):
            raise ArchiveError(
                f"a site in {published} would replace {source.name}/",
                "name another folder with --site-dir or site_dir",
            )
    if published.exists() and not published.is_dir():
        raise ArchiveError(
            f"{published} is a file, not a folder", "name another folder with --site-dir or site_dir"
        )
    if published.is_dir() and any(published.iterdir()) and not (published / "sitemap.xml").is_file():
        raise ArchiveError(
            f"{published} holds files that are no site, and a build would remove them",
            "name another folder with --site-dir or site_dir, or empty this one",
        )


def recover(published: Path) -> None:
    """Finish what a killed build left: the published folder is back, whole, and nothing lies beside it.

    Call it with the lock held.
    """
    previous = _previous_folder(published)
    if previous.is_dir() and not published.exists():
        previous.rename(published)
    for leftover in (staging_folder(published), previous):
        if leftover.is_dir():
            remove(leftover)


def put_in_place(
    staged: Path, published: Path, retire: Callable[[Path], object] = shutil.rmtree
) -> None:
    """Replace the published folder by the staged one. At every moment one of the two is there, whole.

    Call it with the lock held. `retire` moves or removes what was published before, and now lies where it was staged.
    """
    if not published.exists():
        staged.rename(published)
        return
    if not _exchange(staged, published):
        previous = _previous_folder(published)
        published.rename(previous)
        staged.rename(published)
        previous.rename(staged)  # a folder named `previous` is always whole: recover may put it back
    retire(staged)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two directories in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(code, os.strerror(code), str(other))
