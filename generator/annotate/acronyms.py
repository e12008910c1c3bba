"""Acronyms: `the General Security Directorate (GSD)` introduces GSD for the rest of its article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.annotate.fold import is_whole_word
from generator.annotate.overlaps import settle_overlaps
from generator.model import Candidate, Find, Kind, Span, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.model import Entity

_BRACKETED = re.compile(r" \([\"']?(?P<acronym>[A-Z][A-Za-z&.-]{1,9})[\"']?(?=[),;])")
MAX_ACRONYMS = 50
"""Of one article: each costs a search of the text."""


def with_bracketed_acronyms(
    finds: tuple[Find, ...], folded: str, entities: Mapping[str, Entity], forbidden: Callable[[Span], bool]
) -> tuple[Find, ...]:
    """Return the finds of an article with every place of an acronym that brackets introduce after a full form."""
    if " (" not in folded:
        return finds
    introduced: dict[str, tuple[Candidate, ...]] = {}
    for find in finds:
        bracketed = _BRACKETED.match(folded, find.span.end) if find.candidates else None
        if bracketed and len(introduced) < MAX_ACRONYMS and _abbreviates(bracketed["acronym"], find.surface):
            candidates = tuple(
                Candidate(c.entity_id, Strength.SHORT, "bracketed", derived=True)
                for c in find.candidates
                if c.strength is Strength.FULL
                and entities[c.entity_id].kind is not Kind.PERSON
                and "bracketed" not in entities[c.entity_id].without
            )
            introduced.setdefault(bracketed["acronym"], candidates)
    taken = {find.span for find in finds if find.candidates}
    added = [
        Find(span, folded[span.start : span.end], candidates)
        for acronym, candidates in introduced.items()
        if candidates
        for span in _places(acronym, folded)
        if span not in taken and not forbidden(span)
    ]
    return settle_overlaps([*finds, *added]) if added else finds


def _abbreviates(acronym: str, surface: str) -> bool:
    """Tell whether letters may abbreviate words: they begin alike and most letters are capitals."""
    capitals = sum(char.isupper() for char in acronym)
    return (
        acronym[0] == surface[0].upper() and capitals * 2 > len(acronym.replace(".", "")) and " " in surface
    )


def _places(acronym: str, folded: str) -> list[Span]:
    """Return where the letters stand as a whole word."""
    spans = (Span(found.start(), found.end()) for found in re.finditer(re.escape(acronym), folded))
    return [span for span in spans if is_whole_word(folded, span.start, span.end)]
