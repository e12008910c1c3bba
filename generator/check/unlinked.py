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
    from collections.abc import Iterable, Iterator, Mapping

    from generator.model import Alias, AnnotatedArticle, Article, Entity, Span

_REASONS = {
    Strength.SHORT: "a short form, which needs a full one before it in the article",
    Strength.WEAK: "a weak form, which needs a full one before it and words beside it that ask for its kind, "
    "or the article's word: 'link' or 'prefer'",
}


def explain_unlinked(annotated: AnnotatedArticle, line: int, entities: Mapping[str, Entity]) -> Iterator[str]:
    """Yield in words, for each known form that begins in a line and is no mention, why it is none."""
    article = annotated.article
    gazetteer = Gazetteer(entities.values())
    search = Search(article, gazetteer, fold(article.text), Lines(article))
    found = search.find(lambda _: False)
    stops = [span for span, candidates in found.items() if not candidates and span not in search.left_alone]
    for span in sorted(set(known_spans(annotated, gazetteer))):
        linked = any(mention.span.overlaps(span) for mention in annotated.mentions)
        if linked or article.line_of(span.start) != line:
            continue
        surface = span.of(article.text)
        beside = _why_left_alone(span, search.left_alone, stops)
        owners = [(e, a) for e in entities.values() for a in e.surface_forms if fold(a.text) == fold(surface)]
        lines = [f"{shown_place(article, span)}: {quote(surface)} is not linked"]
        lines += [f"  {named(e.id, entities)}: {_reason(alias, article, beside)}" for e, alias in owners]
        if beside and not owners:
            lines.append(f"  {beside}")
        yield "\n".join(lines)


def _why_left_alone(span: Span, left_alone: Mapping[Span, str], stops: Iterable[Span]) -> str | None:
    """Return in words what spoke against a form where it stands, or None where nothing beside it did."""
    for place, rule in left_alone.items():
        if place.covers(span):
            return f"{LEFT_ALONE[rule]} (rule {rule})"
    return "a stop name covers it" if any(stop.covers(span) for stop in stops) else None


def _reason(alias: Alias, article: Article, beside: str | None) -> str:
    if any(fold(skip.surface) == fold(alias.text) for skip in article.front_matter.overrides.skip):
        return "the article's front matter skips it"
    if not alias.valid_on(article.front_matter.date):
        return "a form that means it at another time than the article's"
    common = f"{LEFT_ALONE['common-word']} (rule common-word)"
    return beside or _REASONS.get(alias.strength, common)
