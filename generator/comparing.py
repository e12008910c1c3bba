"""Comparing: an archive against what git has of it. Revisions are laid out aside; the work tree is not touched."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.compare.changes import Moment
from generator.compare.integrity import check_attributes, check_integrity
from generator.compare.seeds import changed_paths
from generator.config import ArchiveConfig
from generator.issues import Level
from generator.read.files import shown_path
from generator.read.revisions import find_repository
from generator.read.work_tree import read_work_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.issues import Issue
    from generator.model import AnnotatedArticle, Seeds
    from generator.read.revisions import Snapshot


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
    kept += check_integrity(base, on_disk)
    if committed.files != on_disk.files:
        kept += check_integrity(base, committed)
    return [*kept, *check_attributes(repository, on_disk.files)]


@contextmanager
def laid_out(
    config: ArchiveConfig, base: str, head: str | None
) -> Iterator[tuple[tuple[Snapshot, ArchiveConfig], tuple[Snapshot, ArchiveConfig]]]:
    """Open two moments of an archive: each with the folder in which its seeds can be read, until this is closed.

    Args:
        config: the archive.
        base: a revision.
        head: another one; None for the files on disk, and then the base is where the branch at hand left `base`.

    Raises:
        ArchiveError: there is no such revision, or no repository.
    """
    repository = find_repository(config.root)
    with TemporaryDirectory(prefix="archive-diff-") as folder:
        places: list[tuple[Snapshot, ArchiveConfig]] = []
        for name, commit in (
            ("base", repository.commit(base) if head else repository.fork_of(base)),
            ("head", repository.commit(head) if head else None),
        ):
            if commit is None:
                places.append((read_work_tree(config.root, repository), config))
                continue
            place = Path(folder, name)
            place.mkdir()
            commit.lay_out(place)
            places.append((commit, ArchiveConfig(place)))
        yield places[0], places[1]


def moment(
    snapshot: Snapshot, seeds: Seeds, articles: Iterable[AnnotatedArticle], issues: Iterable[Issue]
) -> Moment:
    """Return a moment of an archive, given what was read and annotated of it."""
    return Moment(
        snapshot,
        {article.article.path: article for article in articles},
        {entity.id: entity for entity in seeds.entities},
        sum(issue.level is Level.ERROR for issue in issues),
    )
