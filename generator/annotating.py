"""Annotating: what an article tells on its own: read, searched, and settled as far as it needs no other article.

It depends on the bytes of a seed, on the captures that it names and on the glossary as `outline` and `profile` show
it, and on nothing else: other processes may make it, and it may be kept.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, msgpack
from msgspec.structs import replace

from generator.annotate.gazetteer import Gazetteer
from generator.annotate.mentions import find_mentions
from generator.link.concordance import kwic_lines
from generator.link.entities import link_entities
from generator.link.evidence import words_in_question
from generator.link.permalinks import link_article
from generator.link.usage import Usage
from generator.model import Article, Entity, Find, Kind, KwicLine, Mention
from generator.read.articles import parse_article
from generator.read.captures import Captures
from generator.read.files import read_bytes
from generator.store import digest
from generator.unchanged import lasting_state

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from generator.issues import Issue
    from generator.objects import State
    from generator.read.files import SeedFile
    from generator.read.seeds import Glossary


class Draft(Struct, frozen=True):
    """What an article tells on its own. It has no issue, and it is not withdrawn."""

    article: Article
    mentions: tuple[Mention, ...]
    """As they are where the rest of the archive has no say in them."""
    lines: tuple[KwicLine, ...]
    """The sentence of each linked mention."""
    weighed: tuple[str, ...]
    """Ids of the entities whose profiles may have decided something."""
    asked: tuple[str, ...]
    """Words of which the rest of the archive tells whether they are common."""
    finds: bytes
    """What was found, encoded, where the rest of the archive may have a say in it; else empty."""

    @property
    def is_open(self) -> bool:
        """Whether a mention is left alone that the rest of the archive may settle."""
        return bool(self.finds) and any(mention.entity_id is None for mention in self.mentions)


class Made(Struct, frozen=True):
    """A draft on its way between processes."""

    state: State | None
    """Of the seed's file, before it was read."""
    key: bytes
    """What stands for the seed."""
    draft: bytes
    """A `Draft`, encoded."""


class Named(NamedTuple):
    """A draft and the digest under which it is kept."""

    draft: Draft
    name: bytes


decode_draft = msgpack.Decoder(Draft).decode
decode_finds = msgpack.Decoder(tuple[Find, ...]).decode


def outline(entity: Entity, ids: Collection[str]) -> Entity:
    """Return what is seen of an entry, besides its forms, wherever one of them stands; `ids` are those of all entries.

    The names of people tell a surname from that of somebody else.
    """
    is_person = entity.kind is Kind.PERSON
    return Entity(
        entity.id,
        path="",
        kind=entity.kind,
        name=entity.name if is_person else "",
        description="",
        definition="",
        aliases=entity.aliases if is_person else (),
        roles=entity.roles,
        without=entity.without,
        metonym_for=entity.metonym_for if entity.metonym_for in ids else None,
    )


def profile(entity: Entity, ids: Collection[str]) -> Entity:
    """Return what is seen of an entry where evidence has to choose among several."""
    return replace(
        outline(entity, ids),
        description=entity.description,
        location=entity.location,
        relations=entity.relations,
    )


def named(encoded: bytes) -> Named:
    """Return a draft that was encoded, and the digest of that."""
    return Named(decode_draft(encoded), digest(b"draft", encoded))


def seed_key(path: str, data: bytes) -> bytes:
    """Return what stands for a seed: its path and its bytes."""
    return digest(b"seed", path.encode(), data)


class Annotator:
    """Makes drafts of articles, of which each sees the glossary alike.

    Args:
        glossary: the entries of the archive.
        captures: its captures.
    """

    def __init__(self, glossary: Glossary, captures: Captures) -> None:
        self.glossary, self.captures = glossary, captures
        ids = {entity.id for entity in glossary.entities}
        self.outlines = {entity.id: outline(entity, ids) for entity in glossary.entities}
        """What is seen of each entry wherever one of its forms stands, by id."""
        self.profiles = {entity.id: profile(entity, ids) for entity in glossary.entities}
        """And where evidence has to choose among several."""

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """What texts are searched for, put together for the first of them."""
        return Gazetteer(self.glossary.entities, self.outlines)

    def __call__(self, file: SeedFile) -> Made | None:
        """Return the draft of an article; None where it cannot be read, has issues or is withdrawn."""
        try:
            state = lasting_state(file.absolute)
            data, _ = read_bytes(file)
            if data is None:
                return None
            article, _ = parse_article(file.path, data, self.captures, self.glossary.kinds)
            if article is None or article.front_matter.withdrawn is not None:
                return None
            draft, _ = self.annotate(article)
            return Made(state, seed_key(file.path, data), draft) if draft is not None else None
        except Exception as error:
            error.add_note(f"it came up in {file.path}")
            raise

    def annotate(self, article: Article) -> tuple[bytes | None, list[Issue]]:
        """Return the draft of an article, encoded, or None and what is wrong with its overrides."""
        is_withdrawn = article.front_matter.withdrawn is not None  # it has no words, and is looked at by every build
        finds, issues = find_mentions(article, Gazetteer(()) if is_withdrawn else self.gazetteer)
        if issues:
            return None, issues
        several = any(len(find.candidates) > 1 for find in finds)
        entities = self.profiles if several else self.outlines
        annotated = link_article(article, link_entities(article, finds, entities, Usage()))
        asked = words_in_question(finds, entities)
        is_open = any(mention.entity_id is None for mention in annotated.mentions)
        draft = Draft(
            article,
            annotated.mentions,
            lines=tuple(line for _, line in kwic_lines(annotated)),
            weighed=tuple(sorted({c.entity_id for find in finds for c in find.candidates}))
            if several
            else (),
            asked=tuple(sorted(asked)),
            finds=msgpack.encode(finds) if asked or is_open else b"",
        )
        return msgpack.encode(draft), []


def make_annotator(root: Path, glossary: Glossary) -> Annotator:
    """Return what makes drafts of the articles of an archive, in any process."""
    return Annotator(glossary, Captures(root))
