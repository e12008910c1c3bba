"""Addresses: where each kind of page lies below docs_dir."""

from __future__ import annotations

HOME = "index.md"
ARTICLES = "articles/index.md"
GLOSSARY = "glossary/index.md"

# A folder and index.md for every page: `a.md` and `a/index.md` would be one address, and MkDocs takes README.md for
# an index, so an id such as `readme` would collide.


def article_uri(article_id: str) -> str:
    """Return the page of an article."""
    return f"articles/{article_id}/index.md"


def entry_uri(entity_id: str) -> str:
    """Return the page of an entry."""
    return f"glossary/{entity_id}/index.md"


def kind_uri(kind: str) -> str:
    """Return the index of a kind of entry."""
    return f"browse/{kind}/index.md"
