"""Policy: the Content-Security-Policy of every page, the last layer should all escaping fail.

Its hashes are taken from the theme's own partials, rendered without a page: what the words of a seed could put into
a page is never among what the policy lets run.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

_INLINE_SCRIPTS = "partials/javascripts/"
"""Where Material keeps the scripts that it writes into pages."""
_SOURCES = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)
_META = 'meta[http-equiv="Content-Security-Policy"]'


def page_policy(environment: Environment, config: MkDocsConfig) -> Callable[[str], str]:
    """Return a function that gives the policy of a page from its `base_url`: some inline scripts hold that."""
    partials = environment.list_templates(filter_func=lambda name: name.startswith(_INLINE_SCRIPTS))
    known: dict[str, str] = {}

    def policy(base_url: str) -> str:
        if base_url not in known:
            context = {"config": config, "features": config.theme["features"], "base_url": base_url}
            rendered = "".join(environment.get_template(name).render(context) for name in partials)
            hashes = dict.fromkeys(_hashes(LexborHTMLParser(rendered)))
            known[base_url] = "; ".join([*_SOURCES, f"script-src 'self' {' '.join(hashes)}"])
        return known[base_url]

    return policy


def breaches(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield each inline script and style of a page that its own policy keeps from working."""
    for meta in tree.css(_META):
        policy = meta.attributes.get("content") or ""
        for script, digest in zip(_scripts(tree), _hashes(tree), strict=True):
            if digest not in policy:
                yield f"the page's policy does not let this script run: {script[:80]!r}"
        for node in tree.css("style, [style]"):
            yield f"the page's policy does not let the style of this <{node.tag}> apply"


def _hashes(tree: LexborHTMLParser) -> Iterator[str]:
    for script in _scripts(tree):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _scripts(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield the inline scripts that a browser would run."""
    for node in tree.css("script:not([src])"):
        if node.attributes.get("type") in {None, "", "module", "text/javascript"}:
            yield node.text()
