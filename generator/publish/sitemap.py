"""Sitemap: the addresses of all pages for search engines (sitemaps.org), an index of sitemaps where they are many."""

from __future__ import annotations

import gzip
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 50_000
"""Addresses of a sitemap, by the protocol."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemaps(site_url: str | None, urls: Iterable[str], most: int = MOST) -> dict[str, bytes]:
    """Return the files of the sitemap of a site by their paths.

    Args:
        site_url: where the site is published; without it nobody can name an address, and the sitemap is empty.
        urls: the pages below the site's root, each quoted.
        most: addresses of one file.
    """
    root = f"{site_url.rstrip('/')}/" if site_url else ""
    places = sorted(root + url for url in urls) if root else []
    if len(places) <= most:
        return _both("sitemap.xml", _listed("urlset", "url", places))
    parts = [places[start : start + most] for start in range(0, len(places), most)]
    files: dict[str, bytes] = {}
    for number, part in enumerate(parts, start=1):
        files |= _both(f"sitemaps/{number}.xml", _listed("urlset", "url", part))
    named = [f"{root}sitemaps/{number}.xml" for number in range(1, len(parts) + 1)]
    return files | _both("sitemap.xml", _listed("sitemapindex", "sitemap", named))


def _listed(outer: str, inner: str, places: Iterable[str]) -> bytes:
    lines = "".join(f"<{inner}><loc>{escape(place)}</loc></{inner}>\n" for place in places)
    return f'{_HEAD}<{outer} xmlns="{_NAMESPACE}">\n{lines}</{outer}>\n'.encode()


def _both(path: str, content: bytes) -> dict[str, bytes]:
    """Return a file, and the same compressed, as MkDocs has both."""
    return {path: content, f"{path}.gz": gzip.compress(content, mtime=0)}
