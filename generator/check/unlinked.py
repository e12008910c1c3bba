"""Unlinked: why words that the glossary knows are no link. The question that a writer asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.annotate.context import LEFT_ALONE
from generator.annotate.fold import fold
from generator.annotate.gazetteer import Gazetteer
from generator.annotate.mentions import Lines, Search
from generator.check.coverage import known_spans
from generator.check.report import named, shown_place
from generator.issues import quote
from generator.model import Strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model import Alias, AnnotatedArticle, Article, Entity

_REASONS = {
    Strength.SHORT: "a short form, which needs a full one before it in the article",
    Strength.WEAK: "a weak form, which needs the article's word: 'link' or 'prefer'",
}


def explain_unlinked(annotated: AnnotatedArticle, line: int, entities: Mapping[str, Entity]) -> Iterator[str]:
    """Yield in words, for each known form that begins in a line and is no mention, why it is none."""
    article = annotated.article
    gazetteer = Gazetteer(entities.values())
    search = Search(article, gazetteer, fold(article.text), Lines(article))
    search.find(lambda _: False)
    for span in sorted(set(known_spans(annotated, gazetteer))):
        linked = any(mention.span.overlaps(span) for mention in annotated.mentions)
        if linked or article.line_of(span.start) != line:
            continue
        surface = span.of(article.text)
        owners = [(e, a) for e in entities.values() for a in e.surface_forms if fold(a.text) == fold(surface)]
        rule = search.left_alone.get(span)
        beside = f"{LEFT_ALONE[rule]} (rule {rule})" if rule else None
        lines = [f"{shown_place(article, span)}: {quote(surface)} is not linked"]
        lines += [
            f"  {named(entity.id, entities)}: {beside or _reason(alias, article)}" for entity, alias in owners
        ]
        if beside and not owners:
            lines.append(f"  {beside}")
        yield "\n".join(lines)


def _reason(alias: Alias, article: Article) -> str:
    if any(fold(skip.surface) == fold(alias.text) for skip in article.front_matter.overrides.skip):
        return "the article's front matter skips it"
    if not alias.valid_on(article.front_matter.date):
        return "a form that means it at another time than the article's"
    return _REASONS.get(
        alias.strength, "left alone, since a longer name or an address covers it, or it is a common word"
    )
