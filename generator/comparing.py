"""Comparing: an archive as it is against what git has of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generator.compare.integrity import changed_paths, check_attributes, check_integrity
from generator.issues import Level
from generator.read.files import shown_path
from generator.read.revisions import find_repository, read_work_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import ArchiveConfig
    from generator.issues import Issue


def since(config: ArchiveConfig, revision: str, issues: Iterable[Issue]) -> list[Issue]:
    """Return those issues that a change since a revision may have made, and each breach of what must stay.

    The change begins where the branch at hand left the revision, so that work of others since then is none of it.
    Errors are kept wherever they are: the change of one seed can break another. Looked at are the files on disk and,
    as git may put something between the two, what was committed last.

    Raises:
        ArchiveError: there is no such revision, or no repository.
    """
    repository = find_repository(config.root)
    base = repository.fork_of(revision)
    on_disk = read_work_tree(config.root, repository)
    committed = repository.commit("HEAD")
    changed = {shown_path(Path(path)) for path in changed_paths(base, on_disk)}
    kept = [issue for issue in issues if issue.path in changed or issue.level is Level.ERROR]
    return [
        *kept,
        *check_integrity(base, on_disk),
        *check_integrity(base, committed),
        *check_attributes(repository, on_disk.files),
    ]
