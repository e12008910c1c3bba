"""Seeds: everything under seeds/, read in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from generator.issues import Issue, Level
from generator.model import Seeds
from generator.read.articles import article_id, read_articles
from generator.read.decisions import read_decisions
from generator.read.files import check_folders
from generator.read.glossary import entry_id, read_glossary
from generator.read.references import check_collisions, check_redirects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.config import ArchiveConfig
    from generator.model import Article, Entity, Kind


class Glossary(Struct, frozen=True):
    """What the articles of an archive are read and annotated with."""

    entities: tuple[Entity, ...]
    """Entries without an error of their own, sorted by id."""
    kinds: Mapping[str, Kind | None]
    """The kind of every entry by id; None for one with errors."""
    count: int
    """How many files were looked at."""


def read_entries(config: ArchiveConfig) -> tuple[Glossary, list[Issue]]:
    """Return the glossary, and every issue of what is in seeds/ besides the articles and their captures."""
    entities, paths, issues = read_glossary(config.root)
    issues += check_folders(config.root)
    issues += read_decisions(config.root)[1]
    ids = [entry_id(path) for path in paths if path.endswith(".md")]
    kinds: dict[str, Kind | None] = dict.fromkeys(ids)
    kinds |= {entity.id: entity.kind for entity in entities}
    collisions = check_collisions((), paths) + check_redirects((), entities, set(map(entry_id, paths)))
    collided = {issue.path for issue in collisions}
    alone = sorted((entity for entity in entities if entity.path not in collided), key=lambda e: e.id)
    return Glossary(tuple(alone), kinds, len(paths)), [*issues, *collisions]


def join_seeds(
    glossary: Glossary, articles: Iterable[Article], paths: Collection[str]
) -> tuple[Seeds, list[Issue]]:
    """Return a glossary and articles as the seeds of an archive, and what is wrong where articles collide.

    Args:
        glossary: the entries.
        articles: the articles without an error of their own, in any order.
        paths: the paths of all files of articles.
    """
    read = list(articles)
    issues = check_collisions(paths, ())
    issues += check_redirects(read, (), {f"/{article_id(path)}" for path in paths})
    collided = {issue.path for issue in issues}
    if not paths and not glossary.count:
        message, hint = "there are no articles and no entries in seeds/", "add a text with: archive import FILE"
        issues.append(Issue("seeds", 0, 0, "no-seeds", Level.ERROR, message, hint))
    alone = sorted((article for article in read if article.path not in collided), key=lambda a: a.id)
    return Seeds(tuple(alone), glossary.entities, glossary.count + len(paths)), issues


def read_seeds(config: ArchiveConfig, named: Collection[str] | None = None) -> tuple[Seeds, list[Issue]]:
    """Return the articles and entries without an error of their own, and every issue found on the way.

    Where paths are named, only these articles are read; the whole glossary is, since any entry may be meant.
    """
    glossary, issues = read_entries(config)
    articles, paths, found = read_articles(config.root, glossary.kinds, named)
    seeds, collisions = join_seeds(glossary, articles, paths)
    return seeds, [*issues, *found, *collisions]
