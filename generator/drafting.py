"""Drafting: the articles of an archive, each on its own, and then settled with one another.

Drafts are recalled where they still hold, and made by several processes where there are many to make. What is wrong
with an article is found out here, by reading it in this process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, msgpack
from msgspec.structs import replace

from generator.annotating import Annotator, decode_finds, make_annotator, named
from generator.link.concordance import kwic_lines
from generator.link.entities import link_entities
from generator.link.permalinks import link_article
from generator.link.usage import Usage, count_meanings, find_common_words
from generator.model import AnnotatedArticle
from generator.read.articles import FOLDER, read_article
from generator.read.files import list_files
from generator.read.manifest import read_manifest
from generator.store import digest
from generator.workers import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.annotating import Draft, Named
    from generator.issues import Issue
    from generator.model import Article, Entity, KwicLine
    from generator.read.files import SeedFile
    from generator.reusing import Kept


class Drafts(Struct, frozen=True):
    """The articles of an archive, each on its own."""

    paths: tuple[str, ...]
    """Of all files of articles."""
    articles: tuple[Article, ...]
    """Those without an error of their own, in no particular order."""
    by_path: Mapping[str, Named]
    """The drafts of those whose overrides all match something."""
    unmatched: tuple[Issue, ...]
    """What is wrong with the overrides of the others."""


class Settled(NamedTuple):
    """An article as the whole archive has it."""

    article: AnnotatedArticle
    lines: tuple[KwicLine, ...]
    """The sentence of each linked mention."""


def draft_articles(
    root: Path, annotator: Annotator, kept: Kept, jobs: int | None
) -> tuple[Drafts, list[Issue]]:
    """Return the drafts of an archive's articles, and every other issue of their files and of the captures."""
    files, issues = list_files(root, FOLDER)
    captures = annotator.captures
    seeds = [file for file in files if file.path.endswith(".md")]
    drafts = {named.draft.article.path: named for named in kept.recall(seeds)}
    missing = [file for file in seeds if file.path not in drafts]
    made = share(make_annotator, (root, annotator.glossary), missing, jobs=jobs, here=annotator)
    drafts |= {named.draft.article.path: named for one in made if one is not None for named in [kept.keep(one)]}
    articles = [named.draft.article for named in drafts.values()]
    unmatched: list[Issue] = []
    rest = [file for file in files if file.path not in drafts]
    for article, own, found in _read_here(rest, annotator):
        if article is None:
            issues += found
            continue
        articles.append(article)
        unmatched += found
        if own is not None:
            drafts[article.path] = own
    manifest, found = read_manifest(root)
    issues += [*captures.issues, *found, *captures.check(manifest, whole=not found)]
    paths = tuple(file.path for file in files)
    return Drafts(paths, tuple(articles), drafts, tuple(unmatched)), issues


def _read_here(
    files: Sequence[SeedFile], annotator: Annotator
) -> Iterator[tuple[Article | None, Named | None, list[Issue]]]:
    """Yield, of files without a draft, the article and its draft where there are any, and what is wrong.

    They have errors, or are withdrawn: then the captures are told which of them may be gone.
    """
    for file in files:
        article, issues = read_article(file, annotator.captures, annotator.glossary.kinds)
        draft = None
        if article is not None:
            draft, issues = annotator.annotate(article)
        yield article, named(draft) if draft is not None else None, issues


def settle(found: Sequence[Named], entities: Mapping[str, Entity]) -> tuple[list[Settled], Usage]:
    """Return each article as the whole archive has it, and what all their texts say of forms.

    Which words are common, the texts of all articles tell; what each article settles on its own is evidence for the
    others.
    """
    drafts = [one.draft for one in found]
    common = find_common_words([draft.article for draft in drafts], entities.values())
    first = [_with_common_words(draft, entities, common) for draft in drafts]
    usage = Usage(common, count_meanings(draft.mentions for draft in first if draft.weighed))
    return [_settle(one, now, entities, usage) for one, now in zip(found, first, strict=True)], usage


def settle_alone(one: Named, entities: Mapping[str, Entity], usage: Usage) -> AnnotatedArticle:
    """Return an article as an archive has it of which it is known what its texts say of forms."""
    return _settle(one, _with_common_words(one.draft, entities, usage.common_words), entities, usage).article


def _with_common_words(draft: Draft, entities: Mapping[str, Entity], common: frozenset[str]) -> Draft:
    return draft if common.isdisjoint(draft.asked) else _settled(draft, entities, Usage(common))


def _settle(one: Named, now: Draft, entities: Mapping[str, Entity], usage: Usage) -> Settled:
    """Return an article, given its draft as common words have it."""
    last = _settled(now, entities, usage) if now.is_open else now
    same = last.mentions == one.draft.mentions
    sign = one.name if same else digest(one.name, msgpack.encode(last.mentions))
    return Settled(AnnotatedArticle(last.article, last.mentions, sign), last.lines)


def _settled(draft: Draft, entities: Mapping[str, Entity], usage: Usage) -> Draft:
    """Return the draft of an article as the rest of the archive would have it."""
    mentions = link_entities(draft.article, decode_finds(draft.finds), entities, usage)
    annotated = link_article(draft.article, mentions)
    lines = tuple(line for _, line in kwic_lines(annotated))
    return replace(draft, mentions=annotated.mentions, lines=lines)
