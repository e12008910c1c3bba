"""Grouping: in what order lists stand, and under which headings."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from babel import Locale

from generator.render.dates import month_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Alias, Edtf, Kind, Relation
    from generator.render.listed import ListedArticle, ListedEntry, Sightings

UNDATED = "Date unknown"
LONGEST_MONTH = 31


def year_of(day: Edtf) -> str:
    """Return the year under which a date is listed."""
    return UNDATED if day.unknown else str(day.listed.year)


def by_year(articles: Iterable[ListedArticle]) -> list[tuple[str, list[ListedArticle]]]:
    """Return (year, articles) in the order of `articles`."""
    return [(year, list(group)) for year, group in groupby(articles, lambda article: year_of(article.date))]


def by_month(articles: Iterable[ListedArticle]) -> list[tuple[str, list[ListedArticle]]]:
    """Return (month in words, articles) in the order given; no word where only the year is known."""

    def month_of(article: ListedArticle) -> str:
        day = article.date
        one_month = (day.earliest.year, day.earliest.month) == (day.latest.year, day.latest.month)
        known = one_month or (day.latest - day.earliest).days < LONGEST_MONTH
        return month_in_words(day.earliest.month) if known else ""

    return [(month, list(group)) for month, group in groupby(articles, month_of)]


def sightings_by_year(sightings: Iterable[Sightings]) -> list[tuple[str, list[Sightings]]]:
    """Return (year, the mentions in its articles) in the order given."""
    return [
        (year, list(group)) for year, group in groupby(sightings, lambda found: year_of(found.article.date))
    ]


def by_letter(entries: Iterable[ListedEntry]) -> list[tuple[str, list[ListedEntry]]]:
    """Return (letter, entries), given entries in the order of their names."""
    return [(letter, list(group)) for letter, group in groupby(entries, lambda e: letter_of(e.name))]


def by_language(aliases: Iterable[Alias]) -> list[tuple[str, str, list[Alias]]]:
    """Return (language tag, language's name, aliases) a language, those of no one language first."""
    listed = sorted(aliases, key=lambda alias: alias.language or "")
    return [
        (tag, _language_name(tag), list(group))
        for tag, group in groupby(listed, key=lambda alias: alias.language or "")
    ]


def by_kind(relations: Iterable[Relation]) -> list[tuple[str, list[Relation]]]:
    """Return (kind, relations) by the names of the kinds."""
    listed = sorted(relations, key=lambda relation: relation.kind)
    return [(kind, list(group)) for kind, group in groupby(listed, key=lambda relation: relation.kind)]


def _language_name(tag: str) -> str:
    """Return `Arabic` for `ar`; the tag itself where no name is known."""
    if not tag:
        return ""
    return str(Locale("en").languages.get(tag.split("-", maxsplit=1)[0].lower(), tag))


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
