"""Documents: what the search index knows of an article, an entry and a hand-written page.

A built page holds much that is no text of its own: navigation, notes, citations, backlinks. Indexed whole, the words of
one article would be found on the pages of every entry that it mentions.
"""

from __future__ import annotations

import re
from html import escape
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from generator.model import AnnotatedArticle, Kind
from generator.publish.allowed import CONTENT
from generator.render.dates import date_in_words
from generator.render.grouping import year_of
from generator.render.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Archive, Entity, Mention

BUCKETS = 64
"""Filters over which the entities are spread: a reader who asks for one entity fetches one of them."""
UNDATED = "0000"
EVERY = "\ua500"
"""A word of every document and of no text, for searches that are about no word: a letter of the Vai script alone."""


TITLE, HEADING, NAMES, TEXT = 168, 144, 120, 24
"""How much a word weighs, in 24ths: in a title, in a heading, in the names of an entry, in plain text."""

_ENTITY = attrgetter("entity_id")
_SPACES = re.compile(r"\s{2,}|\n")


class Origin(Struct, frozen=True):
    """What the document of an article is made from, and nothing else is."""

    annotated: AnnotatedArticle
    kinds: tuple[Kind | None, ...]
    """Of the entity of each mention; None where there is no entry of it, or it is not known which one is meant."""
    outlet: str | None
    """The name of its outlet, where there is an entry of it."""


class Passage(Struct, frozen=True):
    """A block of text."""

    weight: int
    pieces: tuple[tuple[str, str], ...]
    """(anchor, words): the text in order, cut where something begins that results lead to; else the anchor is empty."""
    tag: str = "p"
    """What a page would have it in."""
    anchor: str = ""
    """Where it can be led to itself."""


class Document(Struct, frozen=True):
    """Something that search can find."""

    url: str
    """Of its page, below the site: a folder, or a file."""
    day: str
    """ISO 8601, or `0000`."""
    facets: tuple[tuple[str, str], ...]
    """(filter, value), by which searches are narrowed."""
    fields: tuple[tuple[str, str], ...]
    """(name, value), what is shown of it besides its text."""
    passages: tuple[Passage, ...]


def bucket_of(entity_id: str) -> str:
    """Return the name of the filter that knows the articles of an entity; docs/assets/search/engine.js does the same.

    >>> bucket_of("golan-heights")
    'e42'
    """
    return f"e{sum(entity_id.encode()) % BUCKETS}"


def month_of(annotated: AnnotatedArticle) -> str:
    """Return the month of an article, as `2026-11`; `0000` where not even its year is known."""
    return _day(annotated)[:7]


def _day(annotated: AnnotatedArticle) -> str:
    date = annotated.article.front_matter.date
    return str(date.earliest) if year_of(date).isdigit() else UNDATED


def in_one_line(text: str) -> str:
    """Return a text as Pagefind has titles: without line ends, without spaces around it or several in a row."""
    if text.isprintable() and "  " not in text and text.strip() == text:
        return text  # as most are, which is told in a tenth of the time
    return _SPACES.sub(" ", text.strip())


def origin_of(annotated: AnnotatedArticle, archive: Archive) -> Origin:
    """Return all that the document of an article is made from."""
    entities = archive.entities
    outlet = entities.get(annotated.article.front_matter.outlet or "")
    named = map(entities.get, map(_ENTITY, annotated.mentions))
    kinds = tuple([None if entity is None else entity.kind for entity in named])
    return Origin(annotated, kinds, outlet.name if outlet else None)


def sign_of(annotated: AnnotatedArticle, archive: Archive) -> tuple[object, ...]:
    """Return what stands for all that the document of an article is made from."""
    origin = origin_of(annotated, archive)
    return annotated.sign or annotated, origin.kinds, origin.outlet


def article_document(origin: Origin) -> Document:
    """Return the document of an article; a withdrawn one has no text any more."""
    annotated, outlet = origin.annotated, origin.outlet
    mentioned = {
        mention.entity_id: kind for mention, kind in zip(annotated.mentions, origin.kinds, strict=True) if kind
    }
    front_matter = annotated.article.front_matter
    facets = [
        ("type", "Articles"),
        ("year", year_of(front_matter.date)),
        ("language", front_matter.language),
        *([("outlet", outlet)] if outlet else []),
        *(("kind", kind) for kind in sorted(set(mentioned.values()))),
        *((bucket_of(entity), entity) for entity in sorted(filter(None, mentioned))),
    ]
    fields = [
        ("date", date_in_words(front_matter.date)),
        ("language", front_matter.language),
        *([("outlet", outlet)] if outlet else []),
        ("title", in_one_line(front_matter.title)),
    ]
    passages = () if front_matter.withdrawn else _passages(annotated)
    return Document(
        f"articles/{annotated.article.id}/",
        _day(annotated),
        tuple(facets),
        tuple(fields),
        _framed(front_matter.title, passages),
    )


def entry_document(entity: Entity) -> Document:
    """Return the document of an entry: its names and what it is; not its mentions, which are the articles' own.

    In the filter of its entity, it has the value `=ID`.
    """
    facets = (("type", "Entries"), ("kind", entity.kind), (bucket_of(entity.id), f"={entity.id}"))
    fields = (("kind", entity.kind), ("description", entity.description), ("title", in_one_line(entity.name)))
    passages = (
        _plain(TEXT, entity.description),
        _plain(NAMES, " · ".join(alias.text for alias in entity.aliases)),
        *(_plain(TEXT, part) for part in entity.definition.split("\n\n")),
    )
    return Document(f"glossary/{entity.id}/", UNDATED, facets, fields, _framed(entity.name, passages))


def page_document(url: str, html: str) -> str | None:
    """Return the document of a hand-written page, as HTML for Pagefind; none where the page has no content."""
    tree = LexborHTMLParser(html)
    content = tree.css_first(CONTENT)
    title = tree.css_first("h1")
    if content is None or not content.html:
        return None
    tree.strip_tags(["script", "style", "h1"])
    words = title.text(strip=True).removesuffix("¶") if title else url
    return (
        '<!doctype html><html lang="en"><head><meta data-pagefind-filter="type[content]" content="Pages"></head>'
        f"<body data-pagefind-body><h1>{escape(words)}</h1>{content.html}<p>{EVERY}</p></body></html>\n"
    )


def _passages(annotated: AnnotatedArticle) -> Iterator[Passage]:
    """Yield the blocks of an article, with the anchors of its first mentions."""
    first: dict[str | None, Mention] = {}
    for mention in annotated.mentions:
        first.setdefault(mention.entity_id, mention)
    for block, pieces in splice(AnnotatedArticle(annotated.article, tuple(first.values()))):
        weight, tag = (HEADING, "h2") if block.kind == "heading" else (TEXT, "p")
        cut = tuple((piece.mention.anchor if piece.mention else "", piece.text) for piece in pieces)
        yield Passage(weight, cut, tag, f"p-{block.number}")


def _plain(weight: int, text: str) -> Passage:
    return Passage(weight, (("", text),))


def _framed(title: str, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return passages between a title and the word that every document has."""
    return (Passage(TITLE, (("", title),), "h1"), *passages, _plain(TEXT, EVERY))
