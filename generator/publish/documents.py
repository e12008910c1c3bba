"""Documents: what the search index knows of an article, an entry and a hand-written page, as small HTML for Pagefind.

A built page holds much that is no text of its own: navigation, notes, citations, backlinks. Indexed whole, the words of
one article would be found on the pages of every entry that it mentions.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from generator.publish.allowed import CONTENT
from generator.render.dates import date_in_words
from generator.render.grouping import year_of
from generator.render.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import AnnotatedArticle, Archive, Entity

BUCKETS = 64
"""Filters over which the entities are spread: a reader who asks for one entity fetches one of them."""
UNDATED = "0000"
EVERY = "\ua500"
"""A word of every document and of no text, for searches that are about no word: a letter of the Vai script alone."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something that search can find."""

    url: str
    """Of its page, below the site: a folder, or a file."""
    html: str


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


def article_document(annotated: AnnotatedArticle, archive: Archive) -> Document:
    """Return the document of an article; a withdrawn one has no text any more."""
    front_matter = annotated.article.front_matter
    outlet = archive.entities.get(front_matter.outlet or "")
    mentioned = sorted({id_ for m in annotated.mentions if (id_ := m.entity_id or "") in archive.entities})
    facets = [
        ("type", "Articles"),
        ("year", year_of(front_matter.date)),
        ("language", front_matter.language),
        *([("outlet", outlet.name)] if outlet else []),
        *(("kind", kind) for kind in sorted({archive.entities[entity].kind for entity in mentioned})),
        *((bucket_of(entity), entity) for entity in mentioned),
    ]
    meta = [
        ("date", date_in_words(front_matter.date)),
        ("language", front_matter.language),
        *([("outlet", outlet.name)] if outlet else []),
    ]
    text = "" if front_matter.withdrawn else "".join(_blocks(annotated))
    return Document(
        f"articles/{annotated.article.id}/", _html(front_matter.title, _day(annotated), facets, meta, text)
    )


def entries_of(archive: Archive) -> Iterator[Document]:
    """Yield the document of each entry: its names and what it is; not its mentions, which are the articles' own.

    In the filter of its entity, it has the value `=ID`.
    """
    for entity in archive.entities.values():
        facets = [("type", "Entries"), ("kind", entity.kind), (bucket_of(entity.id), f"={entity.id}")]
        names = " · ".join(alias.text for alias in entity.aliases)
        text = (
            f"<p>{escape(entity.description)}</p>"
            f'<p data-pagefind-weight="5">{escape(names)}</p>'
            f"{_plain(entity)}"
        )
        meta = [("kind", str(entity.kind)), ("description", entity.description)]
        yield Document(f"glossary/{entity.id}/", _html(entity.name, UNDATED, facets, meta, text))


def pages_of(pages: Iterable[tuple[str, str]]) -> Iterator[Document]:
    """Yield the document of each hand-written page, given as (address below the site, its HTML)."""
    for url, html in pages:
        tree = LexborHTMLParser(html)
        content = tree.css_first(CONTENT)
        title = tree.css_first("h1")
        if content is not None and content.html:
            tree.strip_tags(["script", "style", "h1"])
            words = title.text(strip=True).removesuffix("¶") if title else url
            yield Document(url, _html(words, UNDATED, [("type", "Pages")], [], content.html))


def _blocks(annotated: AnnotatedArticle) -> Iterator[str]:
    """Yield each block of an article as HTML, with the anchors that results lead to."""
    seen: set[str] = set()
    for spliced in splice(annotated):
        words = []
        for piece in spliced.pieces:
            entity = piece.mention.entity_id if piece.mention else None
            if piece.mention is None or entity is None or entity in seen:
                words.append(escape(piece.text))
            else:
                seen.add(entity)
                words.append(f'<span id="{piece.mention.anchor}">{escape(piece.text)}</span>')
        tag = "h2" if spliced.block.kind == "heading" else "p"
        yield f'<{tag} id="p-{spliced.block.number}">{"".join(words)}</{tag}>'


def _plain(entity: Entity) -> str:
    """Return the definition of an entry as paragraphs."""
    return "".join(f"<p>{escape(part)}</p>" for part in entity.definition.split("\n\n") if part.strip())


def _html(
    title: str, day: str, facets: Iterable[tuple[str, str]], meta: Iterable[tuple[str, str]], text: str
) -> str:
    """Return a page that holds nothing but what is to be found."""
    filters = "".join(
        f'<meta data-pagefind-filter="{key}[content]" content="{escape(value)}">' for key, value in facets
    )
    metas = "".join(
        f'<meta data-pagefind-meta="{key}[content]" content="{escape(value)}">' for key, value in meta
    )
    return (
        f'<!doctype html><html lang="en"><head>{filters}{metas}'
        f'<meta data-pagefind-sort="date[content]" content="{day}"></head>'
        f"<body data-pagefind-body><h1>{escape(title)}</h1>{text}<p>{EVERY}</p></body></html>\n"
    )
