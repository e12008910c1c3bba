"""Addresses: where each kind of page lies below docs_dir."""

from __future__ import annotations

import hashlib
import re

HOME = "index.md"
ARTICLES = "articles/index.md"
GLOSSARY = "glossary/index.md"
GLOSSARY_REST = "browse/a-z"
BROWSE = "browse/index.md"
OUTLETS = "browse/published-by/index.md"
OUTLETS_REST = "browse/outlets"
TOPICS = "browse/topic/index.md"
TOPICS_REST = "browse/topics"
TIMELINE = "browse/timeline/index.md"
TOGETHER = "browse/together/index.md"
MAP = "browse/map/index.md"
SEARCH = "search/index.md"

# A folder and index.md for every page: `a.md` and `a/index.md` would be one address, and MkDocs takes README.md for
# an index, so an id such as `readme` would collide. Where ids or topics name the pages below a list, its further pages
# (…_REST) lie elsewhere: an id may be a number.


def article_uri(article_id: str) -> str:
    """Return the page of an article."""
    return f"articles/{article_id}/index.md"


def entry_uri(entity_id: str) -> str:
    """Return the page of an entry."""
    return f"glossary/{entity_id}/index.md"


def mentions_uri(entity_id: str) -> str:
    """Return the folder of the further mentions of an entry."""
    return f"browse/mentions/{entity_id}"


def kind_uri(kind: str) -> str:
    """Return the index of a kind of entry."""
    return f"browse/{kind}/index.md"


def year_uri(year: str) -> str:
    """Return the index of a year's articles; `unknown` is one, too."""
    return f"browse/date/{year}/index.md"


def outlet_uri(entity_id: str) -> str:
    """Return the index of what an outlet published."""
    return f"browse/published-by/{entity_id}/index.md"


def topic_uri(topic: str) -> str:
    """Return the index of a topic. What a slug would lose of it, a digest keeps apart.

    >>> topic_uri("security"), topic_uri("Security talks")
    ('browse/topic/security/index.md', 'browse/topic/security-talks-ecc37e81/index.md')
    """
    slug = "-".join(re.findall("[a-z0-9]+", topic.lower()))
    if slug != topic:
        slug = f"{slug[:60]}-{hashlib.sha256(topic.encode()).hexdigest()[:8]}".lstrip("-")
    return f"browse/topic/{slug}/index.md"


def pair_uri(first: str, second: str) -> str:
    """Return the page of two entities that are named together, given their ids in order."""
    return f"browse/together/{first}/{second}/index.md"
