"""Seeds: everything under seeds/, read in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.issues import Issue, Level
from generator.model import Seeds
from generator.read.articles import article_id, read_articles
from generator.read.decisions import read_decisions
from generator.read.files import check_folders
from generator.read.glossary import entry_id, read_glossary
from generator.read.references import check_collisions, check_redirects

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.config import ArchiveConfig
    from generator.model import Kind


def read_seeds(config: ArchiveConfig, named: Collection[str] | None = None) -> tuple[Seeds, list[Issue]]:
    """Return the articles and entries without an error of their own, and every issue found on the way.

    Where paths are named, only these articles are read; the whole glossary is, since any entry may be meant.
    """
    entities, entry_paths, issues = read_glossary(config.root)
    issues += check_folders(config.root)
    issues += read_decisions(config.root)[1]
    kinds: dict[str, Kind | None] = dict.fromkeys(
        entry_id(path) for path in entry_paths if path.endswith(".md")
    )
    kinds |= {entity.id: entity.kind for entity in entities}
    articles, article_paths, found = read_articles(config.root, kinds, named)
    issues += found
    taken = {entry_id(path) for path in entry_paths} | {f"/{article_id(path)}" for path in article_paths}
    collisions = check_collisions(article_paths, entry_paths) + check_redirects(articles, entities, taken)
    issues += collisions
    if not article_paths and not entry_paths:
        issues.append(
            Issue(
                "seeds",
                0,
                0,
                "no-seeds",
                Level.ERROR,
                "there are no articles and no entries in seeds/",
                "add a text with: archive import FILE",
            )
        )
    collided = {issue.path for issue in collisions}
    seeds = Seeds(
        articles=tuple(sorted((a for a in articles if a.path not in collided), key=lambda a: a.id)),
        entities=tuple(sorted((e for e in entities if e.path not in collided), key=lambda e: e.id)),
        count=len(entry_paths) + len(article_paths),
    )
    return seeds, issues
