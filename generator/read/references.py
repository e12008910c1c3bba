"""References: what only shows when all seeds are read: ids that collide."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.issues import Issue, Level, quote
from generator.read.articles import FOLDER as ARTICLES
from generator.read.glossary import entry_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Article, Entity


def check_collisions(article_paths: Iterable[str], entry_paths: Iterable[str]) -> list[Issue]:
    """Report seeds that would share an address, also under case folding and NFKC."""
    issues: list[Issue] = []
    for paths, id_of in (
        (article_paths, lambda path: path.removeprefix(f"{ARTICLES}/").removesuffix(".md")),
        (entry_paths, entry_id),
    ):
        by_id: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            if path.endswith(".md"):
                by_id[unicodedata.normalize("NFKC", id_of(path)).casefold()].append(path)
        for same in by_id.values():
            for path in same[1:]:
                message = f"the id {quote(id_of(path))} is taken by {same[0]}"
                issues.append(
                    Issue(path, 0, 0, "duplicate-id", Level.ERROR, message, "rename one of the two files")
                )
    return issues


def check_redirects(articles: Iterable[Article], entities: Iterable[Entity], taken: set[str]) -> list[Issue]:
    """Report a `replaces` that names an id which is in use, or which another seed replaces as well.

    Args:
        articles: all articles.
        entities: all entries.
        taken: ids in use: those of articles with a slash before them, those of entries without.
    """
    issues: list[Issue] = []
    claimed: dict[str, str] = {}
    claims = [
        (a.path, line, f"/{old}", old)
        for a in articles
        for old, line in zip(a.front_matter.replaces, a.front_matter.replaces_lines, strict=True)
    ]
    claims += [
        (e.path, line, old, old)
        for e in entities
        for old, line in zip(e.replaces, e.replaces_lines, strict=True)
    ]
    for path, line, key, old in sorted(claims):
        owner = "a seed of its own" if key in taken else claimed.get(key)
        if owner:
            message = f"'replaces: {old}' names an id that belongs to {owner}"
            issues.append(
                Issue(
                    path, line, 0, "replaced-id-in-use", Level.ERROR, message, "remove it, or the other seed"
                )
            )
        claimed.setdefault(key, path)
    return issues
