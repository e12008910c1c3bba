"""The nouns: frozen values that every stage takes and returns.

Offsets are Unicode code points into `Article.text`, half-open, from 0; lines and columns count from 1.
Nothing here reads, writes or decides. Values are structs, not dataclasses: one is made in an eighth of the time and is
read back from bytes in half of it, and a class of them in a fortieth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping  # noqa: TC003 - what reads nouns back from bytes asks for the types of their fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(StrEnum):
    """What sort of thing an entry describes."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    EVENT = "event"
    AGREEMENT = "agreement"
    NEGOTIATION = "negotiation"
    TERM = "term"


class Strength(StrEnum):
    """How much an alias says on its own about which entity is meant."""

    FULL = "full"
    """Names the entity wherever it stands."""
    SHORT = "short"
    """Names it after a full mention in the same article."""
    WEAK = "weak"
    """Names it only where the article's author says so."""
    DEMONYM = "demonym"
    """Points to the entity without naming it."""


class BlockKind(StrEnum):
    """What a block of an article is, by the mark at the start of its line."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    BULLET = "bullet"
    NUMBERED = "numbered"


class Span(Struct, frozen=True, gc=False, array_like=True, order=True):
    """A half-open stretch of an article's text."""

    start: int
    """First code point, from 0."""
    end: int
    """One past the last code point."""

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Tell whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """Return the words of `text` that this span covers."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start


class Block(Struct, frozen=True, gc=False, array_like=True):
    """A paragraph, heading, quotation or list item of an article."""

    kind: BlockKind
    """What it is."""
    number: int
    """Its place among the article's blocks, from 1: the `n` of the anchor `p-<n>`."""
    lines: tuple[Span, ...]
    """Its lines, without block marks and line ends."""
    level: int = 0
    """2 or 3 for a heading, the number of a numbered item, else 0."""
    section: int = 0
    """Which section it lies in; a heading opens a new one. Text before the first heading is section 0."""

    @property
    def span(self) -> Span:
        """From the first line's first word to the last line's end."""
        return Span(self.lines[0].start, self.lines[-1].end)


class Edtf(Struct, frozen=True, array_like=True):
    """A date as archives write it: EDTF (ISO 8601-2), possibly approximate, partial or an interval."""

    text: str
    """As written in the seed."""
    earliest: date
    """The first day it may mean; 0001-01-01 where that is open or unknown."""
    latest: date
    """The last day it may mean; 9999-12-31 where that is open or unknown."""

    @property
    def approximate(self) -> bool:
        """Whether the writer marked it `~` (about), `?` (uncertain) or `%` (both)."""
        return any(mark in self.text for mark in "~?%")

    @property
    def listed(self) -> date:
        """The day under which lists have it: the earliest, or the latest where only that is known."""
        return self.latest if self.earliest == date.min and not self.unknown else self.earliest

    @property
    def unknown(self) -> bool:
        """Whether not even the year is known."""
        return self.earliest == date.min and self.latest == date.max


class Override(Struct, frozen=True, array_like=True):
    """The author's word on one surface form of one article."""

    surface: str
    """The words meant, as they stand in the text."""
    entity_id: str | None
    """The entity they name; None for `skip`."""
    nth: int | None
    """Which occurrence as whole words, from 1; None for all."""
    line: int
    """Line of the front matter that says so."""
    column: int
    """Column of it."""


class Overrides(Struct, frozen=True, array_like=True):
    """All that an author settles by hand in one article."""

    prefer: tuple[Override, ...] = ()
    """This surface form, wherever found in the article, means this entity."""
    link: tuple[Override, ...] = ()
    """These words are a mention, whether the gazetteer knows them or not."""
    skip: tuple[Override, ...] = ()
    """These words are no mention."""


class Correction(Struct, frozen=True, array_like=True):
    """A change that was made to an article after it was archived, and why."""

    date: Edtf
    """When."""
    text: str
    """What was corrected and why."""


class Withdrawal(Struct, frozen=True, array_like=True):
    """Why a text is gone while its address stays."""

    date: Edtf
    """When."""
    reason: str
    """Why."""


class Capture(Struct, frozen=True, array_like=True):
    """The bytes that an article's text was taken from."""

    name: str
    """File name in seeds/captures/."""
    sha256: str
    """Digest of the bytes, in hexadecimal."""


class FrontMatter(Struct, frozen=True, array_like=True):
    """What is known of an article besides its words. Every text is plain."""

    title: str
    date: Edtf
    """Publication."""
    language: str
    """BCP 47."""
    supplied: tuple[str, ...] = ()
    """Keys whose values come from the archive, not the outlet; shown in square brackets."""
    outlet: str | None = None
    """Id of an entry of kind outlet."""
    byline: str | None = None
    url: str | None = None
    archived_url: str | None = None
    updated: Edtf | None = None
    captured: Edtf | None = None
    rights: str | None = None
    capture: Capture | None = None
    original: str | None = None
    """File name of the bytes that the capture was extracted from."""
    topics: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    replaces: tuple[str, ...] = ()
    """Earlier ids of this article; each redirects here."""
    replaces_lines: tuple[int, ...] = ()
    withdrawn: Withdrawal | None = None
    overrides: Overrides = Overrides()


class Article(Struct, frozen=True, array_like=True):
    """A source article: its words exactly as they stand in the file, and what is known about them."""

    id: str
    """Path under seeds/articles without the suffix, e.g. `2025/07/some-slug`."""
    path: str
    """Path of the seed, relative to the archive, with forward slashes."""
    front_matter: FrontMatter
    text: str
    """Everything after the closing line of the front matter; never changed."""
    first_line: int
    """The file's line on which `text` begins."""
    blocks: tuple[Block, ...]
    """The blocks of `text`, in order."""
    digest: bytes = b""
    """That of the text and its language; empty where nobody made it."""

    def line_of(self, offset: int) -> int:
        """Return the file's line, from 1, that holds this code point of the text."""
        return self.place_of(offset)[0]

    def place_of(self, offset: int) -> tuple[int, int]:
        """Return the file's line and column, from 1, that hold this code point of the text."""
        return next(self.places_of([offset]))

    def places_of(self, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the place of each of these offsets: one pass over the text serves them all."""
        starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        for offset in offsets:
            number = bisect_right(starts, offset) - 1
            yield self.first_line + number, offset - starts[number] + 1


_LINE_END = re.compile(r"\r\n|\n|\r")


class Alias(Struct, frozen=True, array_like=True):
    """A surface form under which an entity may be found."""

    text: str
    strength: Strength = Strength.FULL
    language: str | None = None
    """BCP 47; None where the form belongs to no one language."""
    exact: bool = False
    """Match only as written, also in a line of capitals."""
    since: date | None = None
    """First day on which the form means the entity."""
    until: date | None = None
    """Last day."""

    def valid_on(self, day: Edtf) -> bool:
        """Tell whether the form may mean its entity in an article of this date."""
        return (self.since is None or day.latest >= self.since) and (
            self.until is None or day.earliest <= self.until
        )


class Role(Struct, frozen=True, array_like=True):
    """An office that a person held."""

    title: str
    of: str | None = None
    """Id of the country or organisation."""
    since: date | None = None
    until: date | None = None


class Relation(Struct, frozen=True, array_like=True):
    """A stated tie between two entries."""

    kind: str
    to: str
    """Id of the other entry."""
    since: Edtf | None = None
    until: Edtf | None = None


class Source(Struct, frozen=True, array_like=True):
    """Where a claim of a definition was read; `[^n]` cites the nth."""

    title: str
    publisher: str | None = None
    url: str | None = None
    date: Edtf | None = None


class Location(Struct, frozen=True, array_like=True):
    """A point on the globe, WGS 84."""

    lat: float
    """Degrees north, -90 to 90."""
    lon: float
    """Degrees east, -180 to 180."""


class Entity(Struct, frozen=True, array_like=True):
    """A glossary entry: somebody or something that articles mention."""

    id: str
    """Stem of the file; unique and never reused."""
    path: str
    """Path of the seed, relative to the archive."""
    kind: Kind
    name: str
    description: str
    """At most 400 characters of plain text: what the card shows."""
    definition: str
    """Markdown without raw HTML; `[^n]` cites `sources[n-1]`."""
    aliases: tuple[Alias, ...] = ()
    """As listed in the entry; the name itself is not among them unless it is listed."""
    roles: tuple[Role, ...] = ()
    without: tuple[str, ...] = ()
    """Rules that derive no variants of this entry's names."""
    stop: tuple[str, ...] = ()
    """Longer names that contain one of ours and are something else."""
    metonym_for: str | None = None
    """Id of the government or body that the name of this place commonly stands for."""
    date: Edtf | None = None
    """Of an event, agreement or negotiation."""
    location: Location | None = None
    same_as: Mapping[str, str] = field(default_factory=dict)
    """Identifiers elsewhere, e.g. `{"wikidata": "Q…"}`."""
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()
    replaces: tuple[str, ...] = ()
    """Ids merged into this one; each redirects here."""
    replaces_lines: tuple[int, ...] = ()
    alias_lines: tuple[int, ...] = ()
    """Line of each alias in the seed, in the order of `aliases`."""
    name_line: int = 2
    """Line of the name in the seed."""

    @property
    def matched_name(self) -> str:
        """The name without a trailing parenthesis, which is shown and never matched."""
        return TRAILING_PARENTHESIS.sub("", self.name) or self.name

    @property
    def surface_forms(self) -> tuple[Alias, ...]:
        """The name and its aliases; an alias that repeats the name decides the name's strength."""
        name = self.matched_name
        listed = any(alias.text == name for alias in self.aliases)
        return self.aliases if listed else (Alias(name), *self.aliases)


TRAILING_PARENTHESIS = re.compile(r"\s+\([^()]*\)$")


class Seeds(Struct, frozen=True, array_like=True):
    """What the reading stage found: every article and entry that has no error of its own."""

    articles: tuple[Article, ...]
    """Sorted by id."""
    entities: tuple[Entity, ...]
    """Sorted by id."""
    count: int
    """How many files were looked at, those with errors included."""


class Candidate(Struct, frozen=True, gc=False, array_like=True):
    """An entity that a surface form may mean, and why."""

    entity_id: str
    strength: Strength
    rule: str
    """How the form comes to mean the entity; docs/linking.md has a heading for each rule."""
    derived: bool = False
    """Whether no entry lists the form: a rule made it."""


class Find(Struct, frozen=True, gc=False, array_like=True):
    """A place in a text that may be a mention; which entity is meant is not settled."""

    span: Span
    surface: str
    """The words that the span covers."""
    candidates: tuple[Candidate, ...]
    """Sorted by entity id; empty for a stop name, which only keeps others away."""


class Evidence(Struct, frozen=True, gc=False, array_like=True):
    """What spoke for one of several candidates."""

    kind: str
    """Stable name; docs/linking.md has a heading for each."""
    words: tuple[str, ...]
    """What was seen: words of the text, or ids of entities."""


class Mention(Struct, frozen=True, gc=False, array_like=True):
    """A place in a text that means an entity, or may mean several and was left alone."""

    span: Span
    surface: str
    entity_id: str | None
    """The one that is meant; None where that is ambiguous."""
    rule: str
    """Stable name of the rule that decided; docs/linking.md has a heading for each."""
    several: tuple[str, ...] = ()
    """Ids of the entities it may mean, sorted, where these are several; else nothing, as for nearly every mention."""
    evidence: Evidence | None = None
    """What settled it where several entities were possible; None where there was nothing to settle."""
    denotes: str | None = None
    """Id of the government or body that the name of a place stands for here; the link stays with the place."""
    anchor: str = ""
    """`m-<entity-id>-<n>`: the nth mention of the entity in its article; empty where ambiguous."""
    visible: bool = False
    """Whether readers see it as a link: the first mention of the entity in its section."""

    @property
    def candidates(self) -> tuple[str, ...]:
        """Ids of the entities it may mean, sorted."""
        return self.several or (() if self.entity_id is None else (self.entity_id,))


class AnnotatedArticle(Struct, frozen=True, array_like=True):
    """An article and its mentions, sorted and disjoint."""

    article: Article
    mentions: tuple[Mention, ...]
    sign: bytes = b""
    """A digest that stands for both; empty where nobody made it."""


class KwicLine(Struct, frozen=True, gc=False, array_like=True):
    """A mention in its sentence, as concordances print it (keyword in context)."""

    left: str
    keyword: str
    right: str
    sentence: int
    """Where the sentence begins in the article's text."""


class Backlink(Struct, frozen=True, gc=False, array_like=True):
    """One mention seen from its entity."""

    entity_id: str
    article_id: str
    anchor: str
    span: Span
    """Where it stands in the article's text."""
    context: KwicLine
    rule: str


class Pair(Struct, frozen=True, array_like=True):
    """Two entities that are named in one sentence."""

    entities: tuple[str, str]
    """Their ids, sorted."""
    sentences: tuple[tuple[Backlink, Backlink], ...]
    """Every such sentence, newest article first: the first mention of either."""
    articles: int
    """In how many articles."""


class Archive(Struct, frozen=True, array_like=True):
    """Everything that the pages are made of."""

    articles: tuple[AnnotatedArticle, ...]
    """Newest first; of one day, by id."""
    entities: Mapping[str, Entity]
    """By id, sorted."""
    backlinks: Mapping[str, tuple[Backlink, ...]]
    """By entity id, newest article first, then in the order of the text."""
    related: Mapping[str, tuple[str, ...]]
    """By article id, the ids of the articles that speak of the same entities, the nearest first."""
    together: Mapping[str, tuple[Pair, ...]]
    """By entity id, a bounded number of the pairs that it is part of, those of most articles first."""


class Page(Struct, frozen=True, array_like=True):
    """A page that is planned: all that it will show, not yet in words."""

    src_uri: str
    """Where it lies below docs_dir, e.g. `glossary/quneitra/index.md`."""
    title: str
    """Plain text."""
    description: str
    """Plain text; empty for none."""
    template: str
    """Name of the template that makes its HTML."""
    view: object
    """What the template sees: a frozen value of render/views.py."""
    redirect: str | None = None
    """Relative address to send the reader on to."""
    language: str | None = None
    """BCP 47, where the page is not in the site's language."""

    @property
    def url(self) -> str:
        """The page's address below the site's root, e.g. `glossary/quneitra/`."""
        return self.src_uri.removesuffix("index.md")

    @property
    def path(self) -> str:
        """Where its file lies below the site's root, e.g. `glossary/quneitra/index.html`."""
        return f"{self.url}index.html"
