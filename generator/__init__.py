"""Annotated News Archive: a static site generator for annotated news archives.

The public names: `build`, `check`, `annotate`, and the nouns of `generator.model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import pipeline
from generator.config import find_archive
from generator.issues import ArchiveError, Issue, Level
from generator.model import AnnotatedArticle, Archive, Article, Entity, Mention, Page, Span
from generator.publish.site import BuiltSite, build_site

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "AnnotatedArticle", "Archive", "ArchiveError", "Article", "BuiltSite", "Entity", "Issue", "Level", "Mention",
    "Page", "Span", "annotate", "build", "check",
]  # fmt: skip


def annotate(folder: Path) -> tuple[AnnotatedArticle, ...]:
    """Return the annotated articles of the archive in `folder`, sorted by id; those with errors are left out.

    Raises:
        ArchiveError: there is no seeds/ in it.
    """
    return pipeline.annotate(find_archive(folder)).articles


def check(folder: Path) -> tuple[Issue, ...]:
    """Return everything that is wrong with the seeds of the archive in `folder`, sorted by place.

    Raises:
        ArchiveError: there is no seeds/ in it.
    """
    return pipeline.annotate(find_archive(folder)).issues


def build(folder: Path, site_dir: Path | None = None) -> BuiltSite:
    """Build the site of the archive in `folder`; by default into the site_dir of its mkdocs.yml.

    Raises:
        ArchiveError: the build failed; the last good site is untouched.
    """
    return build_site(find_archive(folder), site_dir)
