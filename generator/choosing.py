"""Choosing: which seeds a path on the command line means."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator.issues import ArchiveError, Issue, Level, SeedsError
from generator.read.files import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config import ArchiveConfig
    from generator.model import AnnotatedArticle


def parse_place(place: str) -> tuple[Path, int]:
    """Return path and line of `PATH:LINE`; a column after it, as issues have one, does no harm.

    Raises:
        ArchiveError: it is no such place.
    """
    found = re.fullmatch(r"(?P<path>.+?):(?P<line>[0-9]{1,7})(:[0-9]+)?", place)
    if found is None:
        raise ArchiveError(f"{place!r} is not PATH:LINE", "write it as seeds/articles/2025/07/a.md:12")
    return Path(found["path"]), int(found["line"])


def chosen_paths(config: ArchiveConfig, paths: Iterable[Path]) -> list[str]:
    """Return paths as seeds are named: relative to the archive.

    Raises:
        ArchiveError: there is no such file or folder in the archive.
    """
    chosen = []
    for path in paths:
        places = (path if path.is_absolute() else Path.cwd() / path, config.root / path)
        found = next((place for place in places if place.exists()), None)
        if found is None or not found.resolve().is_relative_to(config.root):
            raise ArchiveError(
                f"there is no {path} in the archive {config.root.name}", "name a file or folder of its seeds/"
            )
        chosen.append(shown_path(Path(os.path.abspath(found)).relative_to(config.root)))  # noqa: PTH100 - symlinks are kept
    return chosen


def are_seeds(config: ArchiveConfig, chosen: Iterable[str]) -> bool:
    """Tell whether each of these is one article or one entry, and no folder."""
    return all(
        path.startswith(("seeds/articles/", "seeds/glossary/"))
        and path.endswith(".md")
        and (config.root / path).is_file()
        for path in chosen
    )


def is_chosen(path: str, chosen: list[str]) -> bool:
    """Tell whether a seed is one of those chosen, or lies below one; all are where nothing was."""
    return not chosen or any(
        path == wanted or path.startswith(f"{wanted}/") or wanted == "." for wanted in chosen
    )


def find_article(
    articles: Iterable[AnnotatedArticle], path: str, issues: Iterable[Issue]
) -> AnnotatedArticle:
    """Return the article of this path.

    Raises:
        SeedsError: it has errors.
        ArchiveError: there is none.
    """
    for article in articles:
        if article.article.path == path:
            return article
    own = [issue for issue in issues if issue.path == path and issue.level is Level.ERROR]
    if own:
        raise SeedsError("\n".join(str(issue) for issue in own))
    raise ArchiveError(f"{path} is not an article", "name a file below seeds/articles")
