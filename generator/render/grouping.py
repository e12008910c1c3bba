"""Grouping: in what order lists stand, and under which headings."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from generator.render.dates import month_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Article, Edtf, Entity, Kind

UNDATED = "Date unknown"
LONGEST_MONTH = 31


def year_of(day: Edtf) -> str:
    """Return the year under which a date is listed."""
    return UNDATED if day.unknown else str(day.listed.year)


def by_year(articles: Iterable[Article]) -> list[tuple[str, list[Article]]]:
    """Return (year, articles) in the order of `articles`."""
    return [(year, list(group)) for year, group in groupby(articles, lambda a: year_of(a.front_matter.date))]


def by_month(articles: Iterable[Article]) -> list[tuple[str, list[Article]]]:
    """Return (month in words, articles) in the order given; no word where only the year is known."""

    def month_of(article: Article) -> str:
        day = article.front_matter.date
        one_month = (day.earliest.year, day.earliest.month) == (day.latest.year, day.latest.month)
        known = one_month or (day.latest - day.earliest).days < LONGEST_MONTH
        return month_in_words(day.earliest.month) if known else ""

    return [(month, list(group)) for month, group in groupby(articles, month_of)]


def by_letter(entities: Iterable[Entity]) -> list[tuple[str, list[Entity]]]:
    """Return (letter, entries), given entries in the order of their names."""
    return [(letter, list(group)) for letter, group in groupby(entities, lambda e: letter_of(e.name))]


def alphabetical(name: str) -> tuple[bool, str]:
    """Sort as a reader expects: accents and capitals do not count, what begins with no letter comes first."""
    return letter_of(name) != "#", _plain(name)


def letter_of(name: str) -> str:
    """Return the letter under which a name is listed; `#` where it begins with none."""
    first = _plain(name)[0].upper()
    return first if first.isalpha() else "#"


def plural(kind: Kind) -> str:
    """Return `People` for person."""
    return "People" if kind == "person" else f"{kind.capitalize()}s"


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold() + "\0" + name
