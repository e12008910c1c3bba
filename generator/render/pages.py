"""Pages: all pages of a site, and what is said of a template that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateError, TemplateSyntaxError

from generator.issues import ArchiveError
from generator.render.addresses import SEARCH
from generator.render.article import render_articles
from generator.render.browse import render_browse
from generator.render.entry import render_entries
from generator.render.indexes import Shelves, render_indexes, render_redirects
from generator.render.templates import page_templates

if TYPE_CHECKING:
    from generator.config import ArchiveConfig
    from generator.model import Archive, Page


def render_pages(
    config: ArchiveConfig, archive: Archive, site_name: str, *, search: bool = False
) -> list[Page]:
    """Return every page of the site, sorted by address; where asked, the page of search is among them.

    Raises:
        ArchiveError: a page template of the archive cannot be used.
    """
    templates = page_templates(config)
    shelves = Shelves(archive, templates)
    try:
        pages = [
            *render_articles(archive, templates),
            *render_entries(shelves),
            *render_indexes(shelves, site_name),
            *render_browse(shelves),
            *render_redirects(archive, templates),
            *([shelves.page(SEARCH, "Search", "search.md.j2")] if search else []),
        ]
    except TemplateError as error:
        where = f"{error.filename}:{error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
        raise ArchiveError(
            f"{where}a page template is wrong: {error.message}", "mend it in templates/pages"
        ) from error
    return sorted(pages, key=lambda page: page.src_uri)
