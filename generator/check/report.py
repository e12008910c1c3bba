"""Report: annotations as other programs read them, and as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.issues import quote
from generator.link.reasons import evidence_in_words, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import AnnotatedArticle, Article, Entity, Mention, Span


def annotations_as_json(annotated: AnnotatedArticle) -> dict[str, Any]:
    """Return what `archive annotate` prints of an article; offsets are code points into its text."""
    return {
        "id": annotated.article.id,
        "mentions": [mention_as_json(mention) for mention in annotated.mentions],
        "timexes": [],
        "attributions": [],
    }


def mention_as_json(mention: Mention) -> dict[str, Any]:
    """Return a mention as `archive annotate` prints it."""
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "surface": mention.surface,
        "entity": mention.entity_id,
        "rule": mention.rule,
        "candidates": list(mention.candidates),
        "evidence": {"kind": mention.evidence.kind, "words": list(mention.evidence.words)}
        if mention.evidence
        else None,
        "denotes": mention.denotes,
    }


def mentions_of_line(annotated: AnnotatedArticle, line: int) -> list[Mention]:
    """Return the mentions that begin in a line of the article's file."""
    return [m for m in annotated.mentions if annotated.article.line_of(m.span.start) == line]


def explain(annotated: AnnotatedArticle, mention: Mention, entities: Mapping[str, Entity]) -> str:
    """Return in words what a mention means, why, and what else was considered."""
    if mention.entity_id is None:
        meaning = "is not linked"
    else:
        meaning = f"means {named(mention.entity_id, entities)}"
    lines = [
        f"{shown_place(annotated.article, mention.span)}: {quote(mention.surface)} {meaning}",
        f"  rule: {mention.rule}: {reason(mention)}",
    ]
    if len(mention.candidates) > 1:
        lines.append(f"  candidates: {', '.join(named(c, entities) for c in mention.candidates)}")
    if mention.evidence is not None:
        names = {entity_id: entity.name for entity_id, entity in entities.items()}
        lines.append(f"  decided by: {mention.evidence.kind}: {evidence_in_words(mention, names)}")
    if mention.denotes is not None:
        lines.append(f"  stands for: {named(mention.denotes, entities)}: the place's name stands for it here")
    if mention.anchor:
        shown = (
            "a visible link, the first of its section"
            if mention.visible
            else "an anchor without a visible link"
        )
        lines.append(f"  on the page: {shown}, #{mention.anchor}")
    return "\n".join(lines)


def shown_place(article: Article, span: Span) -> str:
    """Return where a span begins, as `path:line:column`."""
    line, column = article.place_of(span.start)
    return f"{article.path}:{line}:{column}"


def named(entity_id: str, entities: Mapping[str, Entity]) -> str:
    """Return an entry's id with its name and kind."""
    entity = entities.get(entity_id)
    return f"{entity_id} ({entity.name}, {entity.kind})" if entity else entity_id
