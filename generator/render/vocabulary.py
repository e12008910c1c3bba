"""Vocabulary: what page templates may use besides their views: functions and filters."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from generator.render import addresses, grouping
from generator.render.charts import chart_over_time
from generator.render.citations import bibtex, citation, csl_json
from generator.render.dates import date_in_words, period_in_words
from generator.render.definitions import definition_html
from generator.render.maps import draw
from generator.render.notes import mentioned_by_kind, notes_of, numbers_of
from generator.render.sentences import pieces_of
from generator.render.splice import splice

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model import AnnotatedArticle, BlockKind, Edtf, FrontMatter
    from generator.render.listed import ListedArticle
    from generator.render.splice import SplicedBlock


def text_direction(language: str) -> str:
    """Return `rtl` or `ltr` for a language tag.

    >>> text_direction("ar-SY"), text_direction("en"), text_direction("tlh")
    ('rtl', 'ltr', 'ltr')
    """
    return _direction(language.split("-", maxsplit=1)[0].lower())


def _address(url: str) -> str:
    """Return a checked http or https address, percent-encoded."""
    return quote(url, safe="%/:=&?~#+!$,;@[]-._")


def _definition(definition: str) -> Markup:
    return Markup(definition_html(definition))  # noqa: S704 - neutralise took the markup out of it


def _runs(annotated: AnnotatedArticle) -> list[tuple[BlockKind, list[SplicedBlock]]]:
    """Return the blocks of an article by their kinds: those that stand one after another make one list or quotation."""
    blocks = splice(annotated)
    return [(kind, list(run)) for kind, run in groupby(blocks, lambda spliced: spliced.block.kind)]


def _shown_title(article: FrontMatter | ListedArticle) -> str:
    """Return a title, in square brackets where the archive supplied it."""
    return f"[{article.title}]" if "title" in article.supplied else article.title


def _published(article: FrontMatter | ListedArticle) -> Markup:
    """Return the date of an article as HTML, in square brackets where the archive supplied it."""
    words = _time(article.date)
    return Markup("[{}]").format(words) if "date" in article.supplied else words


@lru_cache(20_000)
def _time(day: Edtf) -> Markup:
    """Return a date in words, marked up where it is one day."""
    words = date_in_words(day)
    if day.earliest != day.latest:
        return escape(words)
    return Markup('<time datetime="{}">{}</time>').format(day.earliest, words)


@lru_cache(1000)
def _direction(language: str) -> str:
    try:
        order = Locale.parse(language).character_order
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


GLOBALS: dict[str, Any] = {
    "addresses": addresses,
    "bibtex": bibtex,
    "citation": citation,
    "csl_json": csl_json,
    "mentioned_by_kind": mentioned_by_kind,
    "notes_of": notes_of,
}
"""What a template calls by its name."""

FILTERS: dict[str, Callable[..., object]] = {
    "address": _address,
    "article_address": addresses.article_address,
    "by_kind": grouping.by_kind,
    "by_language": grouping.by_language,
    "by_letter": grouping.by_letter,
    "by_month": grouping.by_month,
    "by_year": grouping.by_year,
    "chart": chart_over_time,
    "count": _count,
    "definition": _definition,
    "direction": text_direction,
    "draw": draw,
    "entry_address": addresses.entry_address,
    "latitude": _latitude,
    "longitude": _longitude,
    "numbers": numbers_of,
    "outlet_address": addresses.outlet_address,
    "period": period_in_words,
    "pieces": pieces_of,
    "plural": grouping.plural,
    "published": _published,
    "runs": _runs,
    "shown_title": _shown_title,
    "sightings_by_year": grouping.sightings_by_year,
    "time": _time,
    "topic_address": addresses.topic_address,
}
"""What a template puts behind a value."""
