"""Dates of seeds: EDTF texts become the days that they may mean."""

from __future__ import annotations

import io
import math
import re
from calendar import monthrange
from contextlib import redirect_stdout
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from generator.model import Edtf

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2]))?")
MAX_LENGTH = 60
"""`2025-06-30~/2025-07-01?` has 23."""
_ALLOWED = re.compile(r"[0-9X.~?%/-]+")


@lru_cache(maxsize=65536)
def parse_date(text: str) -> Edtf:
    """Return the date that an EDTF text means (ISO 8601-2: day, month, year, interval, ~ ? %, X for unknown digits).

    Raises:
        ValueError: the text is no such date, or its interval ends before it begins.
    """
    if _DAY.fullmatch(text):
        # edtf builds a grammar and takes 4 ms a date; nearly every article has a plain day, month or year
        day = date.fromisoformat(text)
        return Edtf(text, day, day)
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2] or 1)
        last = int(found[2] or 12)  # December
        return Edtf(text, date(year, month, 1), date(year, last, monthrange(year, last)[1]))
    if len(text) > MAX_LENGTH or not _ALLOWED.fullmatch(text):
        raise ValueError(text)
    if re.fullmatch(r"X{4}(-XX(-XX)?)?", text):
        return Edtf(text, date.min, date.max)
    parsed = _parse_quietly(re.sub(r"^/|/$", _open_end, text))
    try:
        earliest = _as_date(parsed.lower_strict, date.min)
        latest = _as_date(parsed.upper_strict, date.max)
    except (AttributeError, TypeError) as error:
        raise ValueError(text) from error
    if earliest > latest:
        raise ValueError(text)
    return Edtf(text, earliest, latest)


def _is_date(text: str) -> bool:
    """Tell whether a text is a date."""
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def propose_date(text: str) -> str | None:
    """Return a hint for a date that is written otherwise and can only be one day, or back to front."""
    first_day, slash, last_day = text.partition("/")
    if slash and _is_date(first_day) and _is_date(last_day):
        return f"exchange the two: {last_day}/{first_day}"
    day = read_day(text)
    return f"write it as {day}" if day else None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = re.compile(
    "january|february|march|april|may|june|july|august|september|october|november|december|sept|"
    + "|".join(_MONTHS)
)
# "20/7/1969", "1969/7/20", "20 July 1969", "20th of July, 1969", "July 20, 1969"
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[./-])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
)
_IN_WORDS = (
    re.compile(
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (?P<name>[A-Za-z]{3,9})\.?,? (?P<year>[0-9]{4})"
    ),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"),
)


def read_day(text: str) -> str | None:
    """Return the only day that a date can mean which is not written as EDTF, as EDTF.

    >>> read_day("20/7/1969"), read_day("July 20, 1969"), read_day("5/7/2025")
    ('1969-07-20', '1969-07-20', None)
    """
    readings = {
        day for year, month, day_ in _readings(text) if _is_date(day := f"{year}-{month:02}-{day_:02}")
    }
    return readings.pop() if len(readings) == 1 else None


def _readings(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (year, month, day) for every way to read a date."""
    if found := _NUMBERS.fullmatch(text):
        yield found[4], int(found[3]), int(found[1])
        yield found[4], int(found[1]), int(found[3])
    elif found := _YEAR_FIRST.fullmatch(text):
        yield found["year"], int(found["month"]), int(found["day"])
    elif found := next((match for way in _IN_WORDS if (match := way.fullmatch(text))), None):
        name = found["name"].lower()
        if _NAMES.fullmatch(name):
            yield found["year"], _MONTHS.index(name[:3]) + 1, int(found["day"])


def _open_end(slash: re.Match[str]) -> str:
    """Return `..` at an end that is left empty: edtf would take an empty one for ten years."""
    return "../" if slash.start() == 0 else "/.."


def _parse_quietly(text: str) -> Any:  # noqa: ANN401 - edtf is not typed
    """Return edtf's object. edtf prints before it fails, and standard output is for results.

    Raises:
        ValueError: edtf knows no such date.
    """
    # a tenth of a second to load, and most archives have plain days only
    from edtf import parse_edtf  # noqa: PLC0415
    from edtf.parser import EDTFParseException  # noqa: PLC0415

    try:
        with redirect_stdout(io.StringIO()):
            return parse_edtf(text)
    except (EDTFParseException, AttributeError, TypeError) as error:
        raise ValueError(text) from error


def _as_date(bound: Any, open_end: date) -> date:  # noqa: ANN401 - edtf is not typed
    """Return edtf's struct_time as a date; an open end comes as an infinite float, or fails as one."""
    try:
        moment = bound()
    except TypeError:  # an open interval: 'float' object is not subscriptable
        return open_end
    if isinstance(moment, float) and math.isinf(moment):
        return open_end
    return date(*moment[:3])
