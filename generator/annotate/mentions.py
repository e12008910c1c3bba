"""Mentions: every place in an article that may mean an entity of the glossary.

What is found is settled in space (no two finds overlap) but not in meaning: `link.entities` chooses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.acronyms import with_bracketed_acronyms
from generator.annotate.context import (
    find_titles_of_works,
    follows_unknown_name,
    has_unit_beside,
    is_among_small_words,
    is_at_sentence_start,
    is_joined,
    kinds_asked_for,
    why_no_mention,
)
from generator.annotate.fold import fold
from generator.annotate.masks import find_masks
from generator.annotate.overlaps import settle_overlaps
from generator.annotate.overrides import Occurrences
from generator.annotate.readings import Reading
from generator.annotate.roles import has_title_before
from generator.model import BlockKind, Candidate, Find, Span, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Set

    from generator.annotate.gazetteer import Gazetteer
    from generator.issues import Issue
    from generator.model import Article, Block, Override


def find_mentions(article: Article, gazetteer: Gazetteer) -> tuple[tuple[Find, ...], list[Issue]]:
    """Return the finds of an article, disjoint and sorted, and an issue for each override that matches nothing."""
    folded = fold(article.text)
    lines = Lines(article)
    occurrences = Occurrences(article, folded, lines.in_one_block)
    overrides = article.front_matter.overrides
    masked = _Mask(find_masks(article.text))
    skipped = _Mask(span for override in overrides.skip for span in occurrences.of(override))

    def forbidden(span: Span) -> bool:
        return masked.touches(span) or skipped.forbids(span)

    found = Search(article, gazetteer, folded, lines).find(forbidden)
    found |= _chosen(overrides.prefer, "prefer", occurrences, forbidden, gazetteer.entities)
    found |= _chosen(overrides.link, "link", occurrences, lambda _: False, gazetteer.entities)
    finds = settle_overlaps(
        Find(span, span.of(article.text), candidates) for span, candidates in found.items()
    )
    finds = with_bracketed_acronyms(
        tuple(finds), folded, gazetteer.entities, lambda s: forbidden(s) or not lines.in_one_block(s)
    )
    return tuple(find for find in finds if find.candidates), occurrences.issues


class _Place(Struct, frozen=True, gc=False):
    """Where a form stands."""

    reading: Reading
    block: Block
    around: Span
    """From where to where the block goes."""


class Search:
    """The search of one article for the forms of a gazetteer."""

    def __init__(self, article: Article, gazetteer: Gazetteer, folded: str, lines: Lines) -> None:
        self._article = article
        self._gazetteer = gazetteer
        self._folded = folded
        self._lines = lines
        self._known: dict[tuple[int, str, bool], Reading] = {}
        self.left_alone: dict[Span, str] = {}
        """Where a form stands and the words beside it say that it is no mention: the rule."""

    def find(self, forbidden: Callable[[Span], bool]) -> dict[Span, tuple[Candidate, ...]]:
        """Return what may be meant at each place; nothing, where the words only keep others away."""
        found: dict[Span, _Place] = {}
        for block, around in self._lines.blocks:
            for pattern, start, end in self._gazetteer.find(self._folded, around.start, around.end):
                span = Span(start, end)
                if not forbidden(span):
                    reading = self._reading(pattern, span)
                    if reading.candidates or self._gazetteer.is_stop(pattern):
                        found[span] = _Place(reading, block, around)
        joints = _Joints(self._folded, found)
        titles = _Mask(Span(*ends) for ends in find_titles_of_works(self._article.text))
        kept: dict[Span, tuple[Candidate, ...]] = {}
        for span, place in self._without_unnamed(found):
            if not place.reading.candidates:
                kept[span] = ()
                continue
            usable = self._in_context(span, place, joints, titles)
            if usable or self.left_alone.get(span) in _TAKES_ALL:
                kept[span] = usable
        return kept

    def _without_unnamed(self, found: dict[Span, _Place]) -> Iterator[tuple[Span, _Place]]:
        """Yield the places without short forms of entities that the article nowhere names in full or by a title.

        Thousands of people may share a surname: each reading is gone through once, not at each place.
        """
        readings = dict.fromkeys(place.reading for place in found.values())
        full = {c.entity_id for one in readings for c in one.candidates if c.strength is Strength.FULL}
        overrides = self._article.front_matter.overrides
        full |= {
            override.entity_id for override in (*overrides.prefer, *overrides.link) if override.entity_id
        }
        narrowed = {one: self._narrowed(one, full) for one in readings if Strength.SHORT in one.strengths}
        for span, place in found.items():
            reading = narrowed.get(place.reading, place.reading)
            if reading is place.reading:
                yield span, place
            elif reading.candidates:
                yield span, _Place(reading, place.block, place.around)

    def _narrowed(self, reading: Reading, full: Set[str]) -> Reading:
        """Return a reading without short forms of entities that are not among those named in full."""
        entities = self._gazetteer.entities
        left = tuple(
            c for c in reading.candidates
            if c.strength is not Strength.SHORT or c.entity_id in full or entities[c.entity_id].roles
            or c.rule == "place-without-type"
        )  # fmt: skip
        return reading if left == reading.candidates else Reading(left, entities)

    def _reading(self, pattern: int, span: Span) -> Reading:
        """Return what a form may mean in this article."""
        always = self._gazetteer.always(pattern)
        if always is not None:
            return always
        surface, capitals = span.of(self._article.text), self._lines.in_capitals(span)
        key = (pattern, surface, capitals)
        if key not in self._known:
            day = self._article.front_matter.date
            self._known[key] = self._gazetteer.reading(pattern, surface, day, capitals=capitals)
        return self._known[key]

    def _in_context(
        self, span: Span, place: _Place, joints: _Joints, titles: _Mask
    ) -> tuple[Candidate, ...]:
        """Return the candidates that the words beside a form leave; none, if a rule speaks against it."""
        alone = is_among_small_words(self._folded, span, place.around)
        rule = None if alone else joints.rule_against(span, place)
        if rule is None and titles.forbids(span):
            rule = "title-of-work"
        reading = self._weighed(span, place) if place.reading.needs_weighing else place.reading
        if rule is None and reading.candidates and (not alone or "role" in reading.rules):
            rule = why_no_mention(self._folded, span, place.around, reading, self._gazetteer.entities)
        if rule is not None:
            self.left_alone[span] = rule
            return ()
        return reading.candidates

    def _weighed(self, span: Span, place: _Place) -> Reading:
        """Return a reading as the words beside its form make it."""
        candidates = place.reading.candidates
        usable = tuple(c for one in candidates if (c := self._weigh(one, span, place)) is not None)
        usable = tuple(c for c in usable if c.rule == "titled") or usable
        return place.reading if usable == candidates else Reading(usable, self._gazetteer.entities)

    def _weigh(self, candidate: Candidate, span: Span, place: _Place) -> Candidate | None:
        """Return a candidate as strong as the words beside its form make it, or None where it needs other words."""
        if candidate.rule == "capitalised" and place.block.kind is not BlockKind.HEADING:
            return candidate if is_at_sentence_start(self._folded, span.start, place.around) else None
        if candidate.strength is Strength.WEAK:
            asked = kinds_asked_for(self._folded, span, place.around)
            return candidate if self._gazetteer.entities[candidate.entity_id].kind in asked else None
        if candidate.strength is Strength.SHORT and self._titled(candidate, span):
            return Candidate(candidate.entity_id, Strength.FULL, "titled", candidate.derived)
        if candidate.rule == "place-without-type" and has_unit_beside(self._folded, span):
            return Candidate(candidate.entity_id, Strength.FULL, candidate.rule, candidate.derived)
        return candidate

    def _titled(self, candidate: Candidate, span: Span) -> bool:
        """Tell whether a surname follows a title that the person held on the article's date."""
        entity, day = self._gazetteer.entities[candidate.entity_id], self._article.front_matter.date
        return has_title_before(self._folded, span.start, entity, day)


class _Joints:
    """Where a find is joined to a word that is none: `Guinea-Bissau`, `Captain America`, not `Israel-Syria`."""

    def __init__(self, folded: str, found: Collection[Span]) -> None:
        self._folded = folded
        self._starts = {span.start for span in found}
        self._ends = {span.end for span in found}

    def rule_against(self, span: Span, place: _Place) -> str | None:
        """Return the rule by which a form is a part of what it is joined to, or None where it stands for itself."""
        left, right = is_joined(self._folded, span)
        if (left and span.start - 1 not in self._ends) or (right and span.end + 1 not in self._starts):
            return "hyphen"
        is_heading = place.block.kind is BlockKind.HEADING
        if is_heading or place.reading.follows_any_word or span.start - 1 in self._ends:
            return None
        return "longer-name" if follows_unknown_name(self._folded, span, place.around) else None


_TAKES_ALL = frozenset({"longer-name", "hyphen", "title-of-work", "price"})
"""Rules by which no shorter name inside the words is a mention either."""


# DAMASCUS (Reuters) — or TEL AVIV, July 1 -
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-z][^\d_a-z(\u2014]{2,50}?)(?:,[^-\u2013\u2014(]{0,30})? ?(?:\([^()]{2,40}\) ?)?[-\u2013\u2014]"
)


def _chosen(
    overrides: Iterable[Override],
    rule: str,
    occurrences: Occurrences,
    forbidden: Callable[[Span], bool],
    entities: Collection[str],
) -> dict[Span, tuple[Candidate, ...]]:
    """Return what the author's word makes of each span that it names; nothing, where the entry has errors."""
    return {
        span: (Candidate(override.entity_id, Strength.FULL, rule),)
        for override in overrides
        if override.entity_id is not None
        for span in occurrences.of(override)
        if override.entity_id in entities and not forbidden(span)
    }


class _Mask:
    """Stretches of a text in which nothing is found."""

    def __init__(self, spans: Iterable[Span]) -> None:
        stretches = list(spans)
        self._flags = bytearray(max((span.end for span in stretches), default=0) + 1)
        """Of each code point up to one past the last stretch."""
        for span in stretches:
            self._flags[span.start : span.end] = b"\x01" * len(span)

    def touches(self, span: Span) -> bool:
        return self._flags.find(1, span.start, span.end) >= 0

    def forbids(self, span: Span) -> bool:
        """Tell whether a stretch reaches into a span; one that is only a part of it does no harm."""
        flags = self._flags
        if flags.find(1, span.start, span.end) < 0:
            return False
        runs_in = span.start > 0 and bool(flags[span.start - 1] and flags[span.start])
        runs_out = span.end < len(flags) and bool(flags[span.end - 1] and flags[span.end])
        return runs_in or runs_out or flags.find(0, span.start, span.end) < 0


class Lines:
    """Where blocks and lines lie in a text, and which of them hold a span."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._spans = [block.span for block in article.blocks]
        self.blocks = list(zip(article.blocks, self._spans, strict=True))
        """Each block, and from where to where it goes."""
        self._starts = [span.start for span in self._spans]
        self._lines = [line for block in article.blocks for line in block.lines]
        self._line_starts = [line.start for line in self._lines]
        self._capitals: dict[int, bool] = {}
        self._dateline = Span(0, 0)
        if self._lines and (found := _DATELINE.match(self._text, self._lines[0].start, self._lines[0].end)):
            self._dateline = Span(*found.span("place"))

    def in_one_block(self, span: Span) -> bool:
        """Tell whether a span lies inside one block."""
        at = bisect_right(self._starts, span.start) - 1
        return at >= 0 and self._spans[at].covers(span)

    def in_capitals(self, span: Span) -> bool:
        """Tell whether a span stands in a line of capitals, or in a dateline: `DAMASCUS, July 1 (Reuters) -`."""
        if self._dateline.covers(span):
            return True
        at = bisect_right(self._line_starts, span.start) - 1
        if at not in self._capitals:
            self._capitals[at] = self._lines[at].of(self._text).isupper()
        return self._capitals[at]
