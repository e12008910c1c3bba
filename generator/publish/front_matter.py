"""Front matter of pages: what MkDocs and its themes are told of a page besides its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render.escape import escape_attribute

if TYPE_CHECKING:
    from generator.model import Page


def page_meta(page: Page) -> dict[str, str | list[str]]:
    """Return what MkDocs is told of a page, every text escaped for HTML: themes insert it as it is."""
    meta: dict[str, str | list[str]] = {"title": escape_attribute(page.title)}
    if page.description:
        meta["description"] = escape_attribute(page.description)
    if page.language:
        meta["language"] = escape_attribute(page.language)
    if page.redirect:
        meta["redirect"] = page.redirect
    return meta | {"hide": ["navigation"]}
