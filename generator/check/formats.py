"""Formats: how what a check found is printed, for people and for programs.

`github` and `sarif` have modules of their own. Nothing that a contributor wrote, a file name or a value, may become
a command of the machine that reads what is printed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct

from generator.issues import Issue, as_dict, inert, summary

FORMATS = ("text", "json", "github", "sarif")
DOCS = "docs/issues.md"
"""Where every kind has a heading."""


class Report(Struct, frozen=True):
    """What a check found."""

    seeds: int
    """How many seeds were checked."""
    issues: tuple[Issue, ...]
    """Sorted by place."""
    mended: tuple[Issue, ...] = ()
    """What `--fix` did away with, in the order in which it did."""


def as_text(report: Report) -> str:
    """Return a check for people: what was mended, what is left, and how much that is."""
    lines = [*mended_lines(report), *(str(issue) for issue in report.issues)]
    return "\n".join([*lines, closing_line(report)])


def as_json(report: Report) -> str:
    """Return the issues that are left as one JSON list."""
    return write_json([as_dict(issue) | {"docs": f"{DOCS}#{issue.kind}"} for issue in report.issues])


def mended_lines(report: Report) -> list[str]:
    """Return a line for each issue that was mended: place, kind, what became what."""
    return [inert(f"{issue.place}: mended[{issue.kind}] {issue.fix}") for issue in report.mended]


def closing_line(report: Report) -> str:
    """Return how much was checked, found and mended."""
    line = summary(report.seeds, report.issues)
    return f"{line}, {len(report.mended):,} mended" if report.mended else line


def write_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    r"""Return JSON in which nothing is invisible and nothing starts a command, whatever its texts hold.

    >>> write_json(["\u202e", "##[error]x"])
    '[\n  "\\u202e",\n  "##\\u005berror]x"\n]'
    """
    text = json.dumps(value, ensure_ascii=False, indent=2).replace("##[", "##\\u005b")
    return re.sub(r"[^\n -~]", _spelt_out, text)


def _spelt_out(found: re.Match[str]) -> str:
    """Return a character as JSON spells it, where nobody would see it."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]
