"""Templates: Jinja2 for the Markdown of pages; every value that a template inserts is escaped."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup

from generator.render import addresses
from generator.render.dates import date_in_words, month_in_words, period_in_words
from generator.render.escape import escape_markdown
from generator.render.grouping import plural

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from generator.config import ArchiveConfig


def page_templates(config: ArchiveConfig) -> Environment:
    """Return the environment of templates/pages; a template of the archive takes the place of ours of the same name."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in config.page_templates]),
        autoescape=True,
        finalize=escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "to": _relative_link,
        "article_uri": addresses.article_uri,
        "entry_uri": addresses.entry_uri,
        "kind_uri": addresses.kind_uri,
        "topic_uri": addresses.topic_uri,
        "outlet_uri": addresses.outlet_uri,
        "pair_uri": addresses.pair_uri,
        "addresses": addresses,
    }
    environment.filters |= {
        "date": date_in_words,
        "month": month_in_words,
        "period": period_in_words,
        "address": _address,
        "direction": text_direction,
        "count": _count,
        "plural": plural,
        "latitude": _latitude,
        "longitude": _longitude,
    }
    return environment


@pass_context
def _relative_link(context: Context, src_uri: str) -> str:
    """Return the path from the page being rendered to another, as Markdown links want it."""
    return posixpath.relpath(src_uri, posixpath.dirname(context["here"]))


def _address(url: str) -> Markup:
    """Return a checked http or https address for use between the brackets of a Markdown link."""
    return Markup(quote(url, safe="%/:=&?~#+!$,;@[]-._").replace("&", "&amp;"))  # noqa: S704 - percent-encoded


def text_direction(language: str) -> str:
    """Return `rtl` or `ltr` for a language tag.

    >>> text_direction("ar-SY"), text_direction("en"), text_direction("tlh")
    ('rtl', 'ltr', 'ltr')
    """
    try:
        order = Locale.parse(language.split("-", maxsplit=1)[0].lower()).character_order
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if order == "right-to-left" else "ltr"


def _count(number: int, noun: str) -> str:
    """Return `1 mention`, `2 mentions`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _latitude(degrees: float) -> str:
    """Return `33.5130° N`, unbroken."""
    return f"{abs(degrees):.4f}°\N{NO-BREAK SPACE}{'N' if degrees >= 0 else 'S'}"


def _longitude(degrees: float) -> str:
    """Return `36.2920° E`, unbroken."""
    return f"{abs(degrees):.4f}°\N{NO-BREAK SPACE}{'E' if degrees >= 0 else 'W'}"
