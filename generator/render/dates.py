"""Dates in words: months are spelt out, what is approximate is said to be."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale

from generator.read.dates import parse_date

if TYPE_CHECKING:
    from generator.model import Edtf

_LOCALE = "en_GB"
"""The language of the pages' own words, with the day before the month."""
_MANY = 20_000
"""Dates whose words are remembered: more than the days of fifty years."""


@lru_cache(_MANY)
def date_in_words(day: Edtf) -> str:
    """Return a date as a reader says it.

    >>> date_in_words(parse_date("2025-06-30/2025-07-01"))
    '30 June – 1 July 2025'
    >>> date_in_words(parse_date("2025-06~"))
    'about June 2025'
    >>> date_in_words(parse_date("2024-12/.."))
    'since December 2024'
    """
    if day.unknown:
        return "date unknown"
    since, slash, until = day.text.partition("/")
    if slash and day.latest == date.max:  # known to the month, say, and not to the day
        return f"since {date_in_words(parse_date(since))}"
    if slash and day.earliest == date.min:
        return f"until {date_in_words(parse_date(until))}"
    words = _range_in_words(day.earliest, day.latest)
    if "~" in day.text or "%" in day.text:
        words = f"about {words}"
    return f"{words} (uncertain)" if "?" in day.text or "%" in day.text else words


@lru_cache(_MANY)
def period_in_words(since: date | None, until: date | None) -> str:
    """Return a period, e.g. `since 29 January 2025`; empty where both ends are open."""
    if since is None and until is None:
        return ""
    return _range_in_words(since or date.min, until or date.max)


def _range_in_words(start: date, end: date) -> str:
    if start == date.min or end == date.max:
        return f"until {_day(end)}" if start == date.min else f"since {_day(start)}"
    if start == end:
        return _day(start)
    last_of_month = calendar.monthrange(end.year, end.month)[1]
    if start.day == 1 and end.day == last_of_month:
        if (start.year, start.month) == (end.year, end.month):
            return f"{month_in_words(start.month)} {start.year}"
        if (start.month, end.month) == (1, 12):
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    first = _day(start) if start.year != end.year else f"{start.day} {month_in_words(start.month)}"
    return f"{first} – {_day(end)}"


def _day(day: date) -> str:
    return f"{day.day} {month_in_words(day.month)} {day.year}"


@lru_cache(12)
def month_in_words(month: int) -> str:
    """Return the name of a month, from 1."""
    return str(Locale.parse(_LOCALE).months["format"]["wide"][month])
