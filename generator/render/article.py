"""Article pages: the source's words with their mentions, and beside them what the archive knows."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from generator.link.reasons import evidence_in_words, reason
from generator.model import Kind, Page, Strength
from generator.render.addresses import article_uri
from generator.render.citations import bibtex, citation, csl_json
from generator.render.splice import splice

if TYPE_CHECKING:
    from jinja2 import Environment

    from generator.model import Alias, AnnotatedArticle, Archive, Entity


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An entity as one article mentions it."""

    entity: Entity
    count: int
    first_anchor: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the same words mean the same entity in one article, and where they do."""

    surface: str
    anchors: tuple[str, ...]
    """Of the mentions, in the order of the text."""
    words: str
    """The rule, and the evidence where there was something to settle."""
    denotes: Entity | None
    """What the name of a place stands for there."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the archive has to say about an entity of one article: the text of its card."""

    entity: Entity
    native: Alias | None
    """Its name in the script of its own language, where that is not Latin."""
    reasons: tuple[Reason, ...]


def render_articles(archive: Archive, templates: Environment) -> list[Page]:
    """Return the pages of all articles, and those that redirect from earlier ids."""
    template = templates.get_template("article.md.j2")
    newest_first = archive.articles
    by_id = {annotated.article.id: annotated.article for annotated in newest_first}
    pages = []
    for number, annotated in enumerate(newest_first):
        article = annotated.article
        here = article_uri(article.id)
        outlet = archive.entities.get(article.front_matter.outlet or "")
        notes = _notes(annotated, archive)
        markdown = template.render(
            here=here,
            article=article,
            front_matter=article.front_matter,
            outlet=outlet,
            citation=citation(article, outlet),
            citations={"BibTeX": bibtex(article, outlet), "CSL JSON": csl_json(article, outlet)},
            blocks=splice(annotated),
            mentioned=_mentioned(annotated, archive),
            notes=notes,
            numbers={note.entity.id: number for number, note in enumerate(notes, start=1)},
            related=[by_id[article_id] for article_id in archive.related[article.id]],
            outlets=archive.entities,
            newer=newest_first[number - 1].article if number else None,
            older=newest_first[number + 1].article if number + 1 < len(newest_first) else None,
        )
        pages.append(
            Page(
                here,
                article.front_matter.title,
                _description(annotated),
                markdown,
                language=article.front_matter.language,
            )
        )
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


def _notes(annotated: AnnotatedArticle, archive: Archive) -> list[Note]:
    """Return a note for each entity of an article, in the order of their first mentions."""
    found: dict[str, dict[tuple[str, str, str | None], list[str]]] = {}
    for mention in annotated.mentions:
        if mention.entity_id is not None and mention.entity_id in archive.entities:
            words = "; ".join(filter(None, [reason(mention), evidence_in_words(mention, archive.entities)]))
            key = (" ".join(mention.surface.split()), words, mention.denotes)
            found.setdefault(mention.entity_id, {}).setdefault(key, []).append(mention.anchor)
    return [
        Note(
            archive.entities[entity_id],
            _native_name(archive.entities[entity_id]),
            tuple(
                Reason(surface, tuple(anchors), words, archive.entities.get(denotes or ""))
                for (surface, words, denotes), anchors in by_words.items()
            ),
        )
        for entity_id, by_words in found.items()
    ]


def _native_name(entity: Entity) -> Alias | None:
    """Return the first full alias that has a language and is not written in Latin letters."""
    return next(
        (
            alias
            for alias in entity.aliases
            if alias.language
            and alias.strength is Strength.FULL
            and not any("LATIN" in unicodedata.name(char, "") for char in alias.text)
        ),
        None,
    )


def _description(annotated: AnnotatedArticle) -> str:
    """Return the beginning of the text, as search engines show it."""
    article = annotated.article
    if not article.blocks:
        return ""
    words = " ".join(article.blocks[0].span.of(article.text).split())
    return words if len(words) <= 160 else words[:160].rpartition(" ")[0] + "…"  # noqa: PLR2004 - about two lines
