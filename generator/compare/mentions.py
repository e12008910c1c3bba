"""Mentions: what became of each mention of an article, given the article before and after a change."""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from generator.compare.alignment import align
from generator.link.concordance import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from generator.model import AnnotatedArticle, KwicLine, Mention, Span


class Became(StrEnum):
    """What became of a mention, the doubtful first."""

    RETARGETED = "retargeted"
    """It links to another entry."""
    AMBIGUOUS = "newly ambiguous"
    """It may mean several entries, and is not linked; before it was linked or nothing was found."""
    LOST = "lost"
    """It is no mention any more."""
    REWORDED = "reworded"
    """It links to the same entry, with more or fewer words."""
    GAINED = "gained"
    """It is a mention now."""


T = TypeVar("T")
_ORDER = list(Became)


class MentionChange(Struct, frozen=True):
    """A mention that is not what it was."""

    became: Became
    path: str
    """The article as it is named now; as it was named, where it is gone."""
    line: int
    """Of the file in which the mention stands: that of now, or, for one that was lost, that of before."""
    column: int
    surface: str
    """Its words now; those of before where it was lost."""
    old: str | None
    """The entity that it linked to."""
    new: str | None
    """The entity that it links to."""
    candidates: tuple[str, ...]
    """What it may mean now."""
    rule: str
    """By which rule it is a mention; where it was lost, by which it was one."""
    context: KwicLine | None
    """Its sentence; None where the text was taken down and is not to be repeated."""
    merged: bool = False
    """Whether the new entity took over the old one's id."""

    @property
    def sort_key(self) -> tuple[int, str, str, tuple[str, ...], str, int, int]:
        """By what became of it, what it means, then place; a total order."""
        meaning = (self.old or "", self.new or "", self.candidates if self.new is None else ())
        return (_ORDER.index(self.became), *meaning, self.path, self.line, self.column)


def compare_mentions(
    old: AnnotatedArticle | None, new: AnnotatedArticle | None, merged: Mapping[str, str]
) -> Iterator[MentionChange]:
    """Yield each change of a mention of one article.

    Args:
        old: the article before; None where it is new.
        new: the article after; None where it is gone.
        merged: ids of entries that were taken over, and of those that did so.
    """
    if old and new and old.article.text == new.article.text and old.mentions == new.mentions:
        return
    followed = _Followed(old, new)
    found = [(mention, followed.take(mention.span)) for mention in (new.mentions if new else ())]
    if new is not None:
        changed = [(mention, before) for mention, before in found if _became(before, mention)]
        yield from _changes(new, changed, merged)
    if old is not None:
        yield from _losses(old, new, followed.left())


class _Followed:
    """The mentions of an article before the change, each where its words stand now, to be taken one by one."""

    def __init__(self, old: AnnotatedArticle | None, new: AnnotatedArticle | None) -> None:
        alignment = align(old.article.text, new.article.text) if old and new else None
        self._placed: list[tuple[Span, Mention]] = []
        self._left: dict[Span, Mention] = {}
        for mention in old.mentions if old else ():
            span = alignment.new_span(mention.span) if alignment else None
            self._left[mention.span] = mention
            if span is not None:
                self._placed.append((span, mention))

    def take(self, span: Span) -> Mention | None:
        """Return the first mention that shares words with a span of the new text and was not taken yet."""
        at = bisect_right(self._placed, span.start, key=lambda placed: placed[0].end)
        for n in range(at, len(self._placed)):
            place, mention = self._placed[n]
            if place.start >= span.end:
                break
            if mention.span in self._left:
                return self._left.pop(mention.span)
        return None

    def left(self) -> list[Mention]:
        """Return the links that nobody took."""
        return [mention for mention in self._left.values() if mention.entity_id is not None]


def _became(before: Mention | None, mention: Mention) -> Became | None:
    """Return what became of a mention, None for nothing that a reader would see."""
    if mention.entity_id is None:
        return None if before is not None and before.entity_id is None else Became.AMBIGUOUS
    if before is None or before.entity_id is None:
        return Became.GAINED
    if before.entity_id != mention.entity_id:
        return Became.RETARGETED
    return Became.REWORDED if before.surface != mention.surface else None


def _changes(
    article: AnnotatedArticle, changed: list[tuple[Mention, Mention | None]], merged: Mapping[str, str]
) -> Iterator[MentionChange]:
    """Yield what became of these mentions, each with what it was."""
    for (mention, before), (line, column), context in _placed(article, changed, lambda pair: pair[0].span):
        was = before.entity_id if before else None
        became = _became(before, mention)
        assert became is not None
        yield MentionChange(
            became=became,
            path=article.article.path,
            line=line,
            column=column,
            surface=mention.surface,
            old=was,
            new=mention.entity_id,
            candidates=mention.candidates,
            rule=mention.rule,
            context=context,
            merged=was is not None and merged.get(was) == mention.entity_id,
        )


def _losses(
    old: AnnotatedArticle, new: AnnotatedArticle | None, lost: list[Mention]
) -> Iterator[MentionChange]:
    """Yield the mentions that are none any more; of a text that was taken down, without its words."""
    withdrawn = new is not None and new.article.front_matter.withdrawn is not None
    for mention, (line, column), context in _placed(old, lost, lambda mention: mention.span):
        yield MentionChange(
            became=Became.LOST,
            path=(new or old).article.path,
            line=line,
            column=column,
            surface="" if withdrawn else mention.surface,
            old=mention.entity_id,
            new=None,
            candidates=(),
            rule=mention.rule,
            context=None if withdrawn else context,
        )


def _placed(
    annotated: AnnotatedArticle, found: list[T], span_of: Callable[[T], Span]
) -> Iterator[tuple[T, tuple[int, int], KwicLine]]:
    """Yield each of these with its line and column and its sentence: one pass over the text serves them all."""
    spans = [span_of(one) for one in found]
    places = annotated.article.places_of(span.start for span in spans)
    return zip(found, places, lines_of(annotated.article, spans), strict=True)
