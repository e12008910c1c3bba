"""Metonyms: where the name of a place stands for its government. The link stays with the place; the reader is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import Entity, Span

REACH = 60
"""Code points looked at on either side."""

# talks with Tel Aviv; relations between Damascus and Tel Aviv; Tel Aviv said; Paris's demand
_BEFORE = re.compile(
    r"(?:talks|negotiations|ties|relations|contacts|deal|agreement|dialogue|channel|understandings|cooperation"
    r"|discussions|meeting|normalisation|normalization|peace|war) (?:with|between(?: [A-Z][\w' -]{1,30} and)?) $"
    r"|(?:pressure on|pressed|urged|accused|warned|told|assured|informed|thanked|blamed) $"
)
_AFTER = re.compile(
    r" (?:has |had |have |also |later |now |then ){0,2}(?:said|says|denied|denies|insisted|insists|agreed|agrees"
    r"|refused|refuses|rejected|rejects|accused|accuses|announced|demanded|demands|wants|wanted|warned|warns|considers|fears|hopes)(?!\w)"
    r"|'s (?:demands?|position|policy|response|government|refusal|intentions?|stance)(?!\w)"
)


def denoted(folded: str, span: Span, entity: Entity | None, entities: Mapping[str, Entity]) -> str | None:
    """Return the id of what the name of a place stands for where it stands, or None where it means the place."""
    if entity is None or entity.metonym_for not in entities:
        return None
    before = folded[max(0, span.start - REACH) : span.start]
    after = folded[span.end : span.end + REACH]
    return entity.metonym_for if _BEFORE.search(before) or _AFTER.match(after) else None
