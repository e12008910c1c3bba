"""Annotated News Archive: a static site generator for annotated news archives.

The public names: `build`, `check`, `annotate`, and the nouns of `generator.model`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from generator.building import BuiltSite
    from generator.issues import ArchiveError, Issue, Level
    from generator.model import AnnotatedArticle, Archive, Article, Entity, Mention, Page, Span
    from generator.pipeline import Annotated

__all__ = [
    "AnnotatedArticle", "Archive", "ArchiveError", "Article", "BuiltSite", "Entity", "Issue", "Level", "Mention",
    "Page", "Span", "annotate", "build", "check",
]  # fmt: skip


_PLACES = {
    "issues": ("ArchiveError", "Issue", "Level"),
    "model": ("AnnotatedArticle", "Archive", "Article", "Entity", "Mention", "Page", "Span"),
    "building": ("BuiltSite",),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Return a noun, loaded when it is asked for: `archive check` can do without MkDocs, which is slow to load."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(importlib.import_module(f"generator.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def annotate(folder: Path) -> tuple[AnnotatedArticle, ...]:
    """Return the annotated articles of the archive in `folder`, sorted by id; those with errors are left out.

    Raises:
        ArchiveError: there is no seeds/ in it.
    """
    return _annotate(folder).articles


def check(folder: Path) -> tuple[Issue, ...]:
    """Return everything that is wrong with the seeds of the archive in `folder`, sorted by place.

    Raises:
        ArchiveError: there is no seeds/ in it.
    """
    return _annotate(folder).issues


def build(folder: Path, site_dir: Path | None = None) -> BuiltSite:
    """Build the site of the archive in `folder`; by default into the site_dir of its mkdocs.yml.

    Raises:
        ArchiveError: the build failed; the last good site is untouched.
    """
    from generator.building import build_site  # noqa: PLC0415
    from generator.config import find_archive  # noqa: PLC0415 - as above

    return build_site(find_archive(folder), site_dir)


def _annotate(folder: Path) -> Annotated:
    from generator import pipeline  # noqa: PLC0415 - as above
    from generator.config import find_archive  # noqa: PLC0415

    return pipeline.annotate(find_archive(folder))
