"""Dates of seeds: EDTF texts become the days that they may mean."""

from __future__ import annotations

import io
import math
import re
from contextlib import redirect_stdout
from datetime import date
from functools import lru_cache
from typing import Any

from edtf import parse_edtf
from edtf.parser import EDTFParseException

from generator.model import Edtf

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
        # edtf builds a grammar and takes 4 ms a date; nearly every article has a plain day
        day = date.fromisoformat(text)
        return Edtf(text, day, day)
    if len(text) > MAX_LENGTH or not _ALLOWED.fullmatch(text):
        raise ValueError(text)
    if re.fullmatch(r"X{4}(-XX(-XX)?)?", text):
        return Edtf(text, date.min, date.max)
    try:
        parsed = _parse_quietly(re.sub(r"^/|/$", _open_end, text))
        earliest = _as_date(parsed.lower_strict, date.min)
        latest = _as_date(parsed.upper_strict, date.max)
    except (EDTFParseException, AttributeError, TypeError) as error:
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
    """Return a hint for a date written day first or with slashes, where it can only be one day, or back to front."""
    first_day, slash, last_day = text.partition("/")
    if slash and _is_date(first_day) and _is_date(last_day):
        return f"exchange the two: {last_day}/{first_day}"
    found = re.fullmatch(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})", text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), found[3]
    for day, month in ((first, second), (second, first)):
        other_way = first <= 12 and second <= 12 and first != second  # noqa: PLR2004 - months in a year
        if 1 <= month <= 12 and 1 <= day <= 31 and not other_way:  # noqa: PLR2004
            return f"write it as {year}-{month:02}-{day:02}"
    return None


def _open_end(slash: re.Match[str]) -> str:
    """Return `..` at an end that is left empty: edtf would take an empty one for ten years."""
    return "../" if slash.start() == 0 else "/.."


def _parse_quietly(text: str) -> Any:  # noqa: ANN401 - edtf is not typed
    """Return edtf's object. edtf prints before it fails, and standard output is for results."""
    with redirect_stdout(io.StringIO()):
        return parse_edtf(text)


def _as_date(bound: Any, open_end: date) -> date:  # noqa: ANN401 - edtf is not typed
    """Return edtf's struct_time as a date; an open end comes as an infinite float, or fails as one."""
    try:
        moment = bound()
    except TypeError:  # an open interval: 'float' object is not subscriptable
        return open_end
    if isinstance(moment, float) and math.isinf(moment):
        return open_end
    return date(*moment[:3])
