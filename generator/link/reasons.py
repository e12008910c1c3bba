"""Reasons: why a mention was linked, in words that a reader understands: on the card and in `archive explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.model import Mention

_REASONS = {
    "name": "the words are the entry's name",
    "alias": "the words are a full alias of the entry",
    "short": "the words are a short form, and the entry was named in full before in this article",
    "demonym": "the words point to the entry without naming it",
    "prefer": "the article's front matter prefers this entry for these words",
    "link": "the article's front matter links these words",
    "ambiguous": "the words may mean several entries, so they are not linked",
}


def reason(mention: Mention) -> str:
    """Return in words, without a capital or full stop, the rule that made a mention."""
    return _REASONS[mention.rule]
