"""Indexes: the home page, lists of articles and of entries, and redirects. Long lists are cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Page
from generator.render import addresses
from generator.render.addresses import article_address, entry_address, kind_address, src_uri
from generator.render.grouping import UNDATED, letter_of, plural
from generator.render.paging import paginate, paginate_newest_first
from generator.render.views import ArticlesView, EntriesView, HomeView, ListView, MovedView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.model import Archive
    from generator.render.listed import ListedArticle, ListedEntry
    from generator.render.shelves import Shelves
    from generator.render.views import View

LATEST = 10
"""Articles on the home page."""
NEWEST = 50
"""Articles on the page of articles."""
MOST_MENTIONED = 12
"""Entries on the home page."""


def page(address: str, title: str, view: View) -> Page:
    """Return a page of which nothing is said but its title."""
    return Page(src_uri(address), title, "", view.template, view)


def plan_indexes(shelves: Shelves, site_name: str) -> Iterator[Page]:
    """Yield the home page and the lists of articles and entries."""
    yield page(addresses.HOME, site_name, _home(shelves))
    years = tuple(shelf for shelf, _ in shelves.years)
    newest = tuple(shelves.articles.values())[:NEWEST]
    yield page(addresses.ARTICLES, "Articles", ArticlesView(len(shelves.articles), newest, years))
    for shelf, articles in shelves.years:
        title = "Articles without a date" if shelf.name == UNDATED else f"Articles of {shelf.name}"
        yield from _list(articles, title, shelf.address, monthly=True)
    for shelf, articles in shelves.outlets:
        yield from _list(articles, f"Published by {shelf.name}", shelf.address)
    for shelf, articles in shelves.topics:
        yield from _list(articles, f"Topic: {shelf.name}", shelf.address)
    every = list(shelves.entries.values())
    yield from _entries(every, "Glossary", addresses.GLOSSARY, addresses.GLOSSARY_REST)
    for kind, entries in shelves.kinds:
        yield from _entries(entries, plural(kind), kind_address(kind))


def _home(shelves: Shelves) -> HomeView:
    return HomeView(
        articles=len(shelves.articles),
        mentioned=len(shelves.mentioned),
        entries=len(shelves.archive.entities),
        latest=tuple(shelves.articles.values())[:LATEST],
        most=tuple(shelves.entries[entity.id] for entity in shelves.most_mentioned[:MOST_MENTIONED]),
        kinds=shelves.kind_shelves,
    )


def _list(
    articles: Sequence[ListedArticle], title: str, address: str, *, monthly: bool = False
) -> Iterator[Page]:
    """Yield the pages of a list of articles, newest first."""
    for leaf in paginate_newest_first(articles, address):
        total = None if leaf.name else len(articles)
        yield page(
            leaf.address, leaf.titled(title), ListView(total, monthly, tuple(leaf.items), leaf.pager)
        )


def _entries(entries: Sequence[ListedEntry], title: str, first: str, rest: str = "") -> Iterator[Page]:
    """Yield the pages of a list of entries, every letter of which is one step away."""
    leaves = list(paginate(entries, first, rest))
    letters: dict[str, str] = {}
    for leaf in leaves:
        for entry in leaf.items:
            letters.setdefault(letter_of(entry.name), leaf.address)
    for leaf in leaves:
        view = EntriesView(len(entries), tuple(letters.items()), tuple(leaf.items), leaf.pager)
        yield page(leaf.address, leaf.titled(title), view)


def plan_redirects(archive: Archive) -> Iterator[Page]:
    """Yield a page for each id that another one replaces."""
    moved = [
        (article_address(old), article_address(a.article.id), a.article.front_matter.title)
        for a in archive.articles
        for old in a.article.front_matter.replaces
    ] + [
        (entry_address(old), entry_address(entity.id), entity.name)
        for entity in archive.entities.values()
        for old in entity.replaces
    ]
    for address, target, title in moved:
        view = MovedView(target)
        yield Page(
            src_uri(address), title, "", view.template, view, redirect="../" * address.count("/") + target
        )
