"""Notes: what an article page tells of the entities that it mentions, and why each of them was linked."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from generator.link.reasons import evidence_in_words, reason
from generator.model import Kind
from generator.render.listed import EntryName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.model import Mention
    from generator.render.listed import Card

_ORDER = {kind: place for place, kind in enumerate(Kind)}


class Mentioned(NamedTuple):
    """An entity as one article mentions it."""

    card: Card
    mentions: int
    first_anchor: str


class Reason(NamedTuple):
    """Why the same words mean the same entity in one article, and where they do."""

    surface: str
    anchors: tuple[str, ...]
    """Of the mentions, in the order of the text."""
    words: str
    """The rule, and the evidence where there was something to settle."""
    denotes: EntryName | None
    """What the name of a place stands for there."""


class Note(NamedTuple):
    """What the archive has to say about an entity of one article: the text of its card."""

    card: Card
    reasons: tuple[Reason, ...]


def mentioned_by_kind(
    mentions: Iterable[Mention], cards: Sequence[Card]
) -> list[tuple[Kind, list[Mentioned]]]:
    """Return the entities of an article by kind, those mentioned most first."""
    anchors: dict[str, list[str]] = {card.id: [] for card in cards}
    for mention in mentions:
        if mention.entity_id in anchors:
            anchors[mention.entity_id].append(mention.anchor)
    found = [Mentioned(card, len(anchors[card.id]), anchors[card.id][0]) for card in cards]
    found.sort(key=lambda m: (_ORDER[m.card.kind], -m.mentions, m.card.name))
    return [(kind, list(group)) for kind, group in groupby(found, key=lambda m: m.card.kind)]


def notes_of(mentions: Iterable[Mention], cards: Sequence[Card], names: Mapping[str, str]) -> list[Note]:
    """Return a note for each card, with the reasons for its mentions.

    Args:
        mentions: all of an article, in the order of the text.
        cards: of the entities that it mentions.
        names: of the other entities that the reasons speak of, by id.
    """
    names = {**names, **{card.id: card.name for card in cards}}
    found: dict[str, dict[tuple[str, str, str | None], list[str]]] = {card.id: {} for card in cards}
    for mention in mentions:
        if mention.entity_id in found:
            words = reason(mention)
            if evidence := evidence_in_words(mention, names):
                words = f"{words}; {evidence}"
            key = (" ".join(mention.surface.split()), words, mention.denotes)
            found[mention.entity_id].setdefault(key, []).append(mention.anchor)
    return [
        Note(
            card,
            tuple(
                Reason(
                    surface,
                    tuple(anchors),
                    words,
                    EntryName(denotes, names[denotes]) if denotes in names else None,
                )
                for (surface, words, denotes), anchors in found[card.id].items()
            ),
        )
        for card in cards
    ]


def numbers_of(notes: Iterable[Note]) -> dict[str, int]:
    """Return the number of each note, from 1, by the id of its entity."""
    return {note.card.id: number for number, note in enumerate(notes, 1)}
