"""Pages: all pages of a site, planned; how they become bytes, and pages again."""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from generator.model import Page
from generator.render.addresses import SEARCH
from generator.render.article import plan_articles
from generator.render.browse import plan_browse
from generator.render.entry import plan_entries
from generator.render.indexes import page, plan_indexes, plan_redirects
from generator.render.shelves import Shelves
from generator.render.views import VIEWS, ArticleView, SearchView, View

if TYPE_CHECKING:
    from generator.model import Archive

_ENCODER = msgspec.msgpack.Encoder(enc_hook=attrgetter("whole"))
_IDENTIFIER = msgspec.msgpack.Encoder(enc_hook=attrgetter("said"))
_BESIDES = attrgetter(*(name for name in ArticleView.__struct_fields__ if name != "annotated"))
_HEAD = msgspec.msgpack.Decoder(tuple[str, str, str, str, msgspec.Raw, str | None, str | None])


def plan_pages(archive: Archive, site_name: str, *, search: bool = False) -> list[Page]:
    """Return every page of the site, sorted by address; where asked, the page of search is among them."""
    shelves = Shelves(archive)
    pages = [
        *plan_articles(shelves),
        *plan_entries(shelves),
        *plan_indexes(shelves, site_name),
        *plan_browse(shelves),
        *plan_redirects(archive),
        *([page(SEARCH, "Search", SearchView())] if search else []),
    ]
    return sorted(pages, key=lambda page: page.src_uri)


def encode(page: Page) -> bytes:
    """Return a page as bytes: the same for the same page, and for no other."""
    return _ENCODER.encode(page)


def identify(page: Page) -> bytes:
    """Return bytes that stand for a page, and for no other; what stands for an article is in the place of its words."""
    view = page.view
    if isinstance(view, ArticleView) and view.annotated.sign:
        page = replace(page, view=(view.annotated.sign, *_BESIDES(view)))
    return _IDENTIFIER.encode(page)


def decode(data: bytes) -> Page:
    """Return the page that was encoded.

    Raises:
        msgspec.DecodeError: the bytes are no page.
    """
    src_uri, title, description, template, view, redirect, language = _HEAD.decode(data)
    return Page(src_uri, title, description, template, _decoder(template).decode(view), redirect, language)


@cache
def _decoder(template: str) -> msgspec.msgpack.Decoder[View]:
    return msgspec.msgpack.Decoder(VIEWS[template])
