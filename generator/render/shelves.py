"""Shelves: an archive as its pages look at it: what lists show of each article and entry, and in which order."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct, msgpack

from generator.model import Kind
from generator.render.addresses import kind_address, outlet_address, pair_address, topic_address, year_address
from generator.render.charts import month_of
from generator.render.grouping import UNDATED, alphabetical, plural, year_of
from generator.render.listed import EntryName, ListedArticle, ListedEntry, Shelf
from generator.store import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.model import Archive, Article, Entity, Pair

_ARTICLE = attrgetter("article_id")
PAGE_FROM = 3
"""Articles that name two entities together, from which on the pair has a page."""
RARELY = 10
"""A pair of which less than one article in so many names the other of the two is chance."""


class Shelves(Struct, frozen=True, dict=True):
    """An archive as its pages look at it."""

    archive: Archive

    @cached_property
    def articles(self) -> dict[str, ListedArticle]:
        """The articles by id, newest first."""
        return {a.article.id: self._listed(a.article) for a in self.archive.articles}

    @cached_property
    def signs(self) -> dict[str, bytes]:
        """What stands for each article as lists show it and for its text, by id; empty where nobody made a digest."""
        return {a.article.id: self._sign(a.article) for a in self.archive.articles}

    def _sign(self, article: Article) -> bytes:
        return digest(msgpack.encode(self.articles[article.id]), article.digest) if article.digest else b""

    @cached_property
    def months(self) -> dict[str, tuple[int, bool] | None]:
        """The month of each article, by its id, as tallies count it."""
        return {article.id: month_of(article.date) for article in self.articles.values()}

    @cached_property
    def names(self) -> dict[str, EntryName]:
        """The entries by id, as links show them."""
        return {entity.id: EntryName(entity.id, entity.name) for entity in self.archive.entities.values()}

    @cached_property
    def counts(self) -> Counter[str]:
        """Mentions of each entity."""
        return Counter({entity_id: len(links) for entity_id, links in self.archive.backlinks.items()})

    @cached_property
    def mentioned(self) -> list[Entity]:
        """The entries that an article mentions, by name. No index lists the others."""
        named = (entity for entity in self.archive.entities.values() if self.counts[entity.id])
        return sorted(named, key=lambda entity: alphabetical(entity.name))

    @cached_property
    def most_mentioned(self) -> list[Entity]:
        """The same, those mentioned most first."""
        return sorted(self.mentioned, key=lambda entity: -self.counts[entity.id])

    @cached_property
    def prominent(self) -> list[Entity]:
        """The same by doublings of their mentions, so that one mention more changes nothing on the maps around."""
        return sorted(self.mentioned, key=lambda entity: -self.counts[entity.id].bit_length())

    @cached_property
    def entries(self) -> dict[str, ListedEntry]:
        """The same by id and name, as lists show them."""
        return {
            e.id: ListedEntry(e.id, e.name, e.kind, e.description, self.counts[e.id]) for e in self.mentioned
        }

    @cached_property
    def kinds(self) -> list[tuple[Kind, list[ListedEntry]]]:
        """The kinds of which there is a mentioned entry, with these."""
        found: dict[Kind, list[ListedEntry]] = {kind: [] for kind in Kind}
        for entry in self.entries.values():
            found[entry.kind].append(entry)
        return [(kind, entries) for kind, entries in found.items() if entries]

    @cached_property
    def kind_shelves(self) -> tuple[Shelf, ...]:
        """The same, as pages lead to them."""
        return tuple(Shelf(plural(kind), kind_address(kind), len(entries)) for kind, entries in self.kinds)

    @cached_property
    def years(self) -> list[tuple[Shelf, list[ListedArticle]]]:
        """The years with their articles, newest first; at last those without a date."""
        found: dict[str, list[ListedArticle]] = {}
        for article in self.articles.values():
            found.setdefault(year_of(article.date), []).append(article)
        newest_first = sorted(found, key=lambda year: (year != UNDATED, year.zfill(4)), reverse=True)
        return [
            _shelf(year, year_address("unknown" if year == UNDATED else year), found[year])
            for year in newest_first
        ]

    @cached_property
    def outlets(self) -> list[tuple[Shelf, list[ListedArticle]]]:
        """The outlets with what they published, by name."""
        found: dict[str, list[ListedArticle]] = {}
        for annotated in self.archive.articles:
            if (outlet := annotated.article.front_matter.outlet or "") in self.names:
                found.setdefault(outlet, []).append(self.articles[annotated.article.id])
        named = sorted((self.names[outlet] for outlet in found), key=lambda entry: alphabetical(entry.name))
        return [_shelf(outlet.name, outlet_address(outlet.id), found[outlet.id]) for outlet in named]

    @cached_property
    def topics(self) -> list[tuple[Shelf, list[ListedArticle]]]:
        """The topics with their articles, by name."""
        found: dict[str, list[ListedArticle]] = {}
        for annotated in self.archive.articles:
            for topic in annotated.article.front_matter.topics:
                found.setdefault(topic, []).append(self.articles[annotated.article.id])
        return [_shelf(topic, topic_address(topic), found[topic]) for topic in sorted(found, key=alphabetical)]

    def page_of(self, pair: Pair) -> str:
        """Return the address of the page of a pair; empty where it has none.

        It has one where several articles name the two together, and these are no mere handful of those that mention
        the rarer of them: in a large archive, nearly any two are named together by chance a few times.
        """
        first, second = pair.entities
        rarer = min(self._articles_of[first], self._articles_of[second])
        if pair.articles < PAGE_FROM or pair.articles * RARELY < rarer:
            return ""
        return pair_address(first, second)

    @cached_property
    def _articles_of(self) -> dict[str, int]:
        """How many articles mention each entity, by its id."""
        return {entity_id: len({*map(_ARTICLE, links)}) for entity_id, links in self.archive.backlinks.items()}

    def _listed(self, article: Article) -> ListedArticle:
        matter = article.front_matter
        outlet = self.names.get(matter.outlet or "")
        return ListedArticle(
            id=article.id,
            title=matter.title,
            supplied=matter.supplied,
            date=matter.date,
            language=matter.language,
            outlet=outlet.name if outlet else None,
        )


def _shelf(name: str, address: str, articles: Sequence[ListedArticle]) -> tuple[Shelf, list[ListedArticle]]:
    return Shelf(name, address, len(articles)), list(articles)
