"""Addresses: where each kind of page lies, below the site's root. Every one is a folder and ends in a slash."""

from __future__ import annotations

import hashlib
import re

HOME = ""
ARTICLES = "articles/"
GLOSSARY = "glossary/"
GLOSSARY_REST = "browse/a-z/"
BROWSE = "browse/"
OUTLETS = "browse/published-by/"
OUTLETS_REST = "browse/outlets/"
TOPICS = "browse/topic/"
TOPICS_REST = "browse/topics/"
TIMELINE = "browse/timeline/"
TOGETHER = "browse/together/"
MAP = "browse/map/"
SEARCH = "search/"

# Where ids or topics name the pages below a list, its further pages (…_REST) lie elsewhere: an id may be a number.


def src_uri(address: str) -> str:
    """Return where MkDocs has the page of an address, below docs_dir.

    A folder and index.md for every page: `a.md` and `a/index.md` would be one address, and MkDocs takes README.md for
    an index, so an id such as `readme` would collide.
    """
    return f"{address}index.md"


def article_address(article_id: str) -> str:
    """Return the page of an article."""
    return f"articles/{article_id}/"


def entry_address(entity_id: str) -> str:
    """Return the page of an entry."""
    return f"glossary/{entity_id}/"


def mentions_address(entity_id: str) -> str:
    """Return the folder of the earlier mentions of an entry."""
    return f"browse/mentions/{entity_id}/"


def kind_address(kind: str) -> str:
    """Return the index of a kind of entry."""
    return f"browse/{kind}/"


def year_address(year: str) -> str:
    """Return the index of a year's articles; `unknown` is one, too."""
    return f"browse/date/{year}/"


def outlet_address(entity_id: str) -> str:
    """Return the index of what an outlet published."""
    return f"browse/published-by/{entity_id}/"


def topic_address(topic: str) -> str:
    """Return the index of a topic. What a slug would lose of it, a digest keeps apart.

    >>> topic_address("security"), topic_address("Security talks")
    ('browse/topic/security/', 'browse/topic/security-talks-ecc37e81/')
    """
    slug = "-".join(re.findall("[a-z0-9]+", topic.lower()))
    if slug != topic:
        slug = f"{slug[:60]}-{hashlib.sha256(topic.encode()).hexdigest()[:8]}".lstrip("-")
    return f"browse/topic/{slug}/"


def pair_address(first: str, second: str) -> str:
    """Return the page of two entities that are named together, given their ids in order."""
    return f"browse/together/{first}/{second}/"
