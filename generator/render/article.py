"""Article pages: the source's words with their mentions, and beside them what the archive knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from generator.model import Kind, Page
from generator.render.addresses import article_uri
from generator.render.splice import splice

if TYPE_CHECKING:
    from jinja2 import Environment

    from generator.model import AnnotatedArticle, Archive, Entity


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An entity as one article mentions it."""

    entity: Entity
    count: int
    first_anchor: str


def render_articles(archive: Archive, templates: Environment) -> list[Page]:
    """Return the pages of all articles, and those that redirect from earlier ids."""
    template = templates.get_template("article.md.j2")
    newest_first = archive.articles
    pages = []
    for number, annotated in enumerate(newest_first):
        article = annotated.article
        here = article_uri(article.id)
        markdown = template.render(
            here=here,
            article=article,
            front_matter=article.front_matter,
            outlet=archive.entities.get(article.front_matter.outlet or ""),
            blocks=splice(annotated),
            mentioned=_mentioned(annotated, archive),
            newer=newest_first[number - 1].article if number else None,
            older=newest_first[number + 1].article if number + 1 < len(newest_first) else None,
        )
        pages.append(Page(here, article.front_matter.title, _description(annotated), markdown))
    return pages


def _mentioned(annotated: AnnotatedArticle, archive: Archive) -> list[tuple[Kind, list[Mentioned]]]:
    """Return the entities of an article by kind, those mentioned most first."""
    linked = [m for m in annotated.mentions if m.entity_id in archive.entities]
    counts = Counter(m.entity_id for m in linked)
    first = {m.entity_id: m.anchor for m in reversed(linked)}
    found = [
        Mentioned(archive.entities[entity_id], count, first[entity_id])
        for entity_id, count in counts.items()
        if entity_id is not None
    ]
    kinds = list(Kind)
    found.sort(key=lambda m: (kinds.index(m.entity.kind), -m.count, m.entity.name))
    return [(kind, list(group)) for kind, group in groupby(found, key=lambda m: m.entity.kind)]


def _description(annotated: AnnotatedArticle) -> str:
    """Return the beginning of the text, as search engines show it."""
    article = annotated.article
    if not article.blocks:
        return ""
    words = " ".join(article.blocks[0].span.of(article.text).split())
    return words if len(words) <= 160 else words[:160].rpartition(" ")[0] + "…"  # noqa: PLR2004 - about two lines
