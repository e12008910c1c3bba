"""GitHub: issues as annotations of a pull request, and as a table in the summary of a job.

The machine that runs a job reads what is printed: `::name …::…` at a line's start is a command, and so is `##[name]`
anywhere. Which commands are printed is decided here, and that no word of a contributor becomes one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.check.formats import closing_line, mended_lines
from generator.issues import Level, inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.check.formats import Report
    from generator.issues import Issue

MOST_COMMANDS = 10
"""GitHub shows ten annotations of a kind for each step and drops the rest without a word."""
MOST_BYTES = 1_000_000
"""A summary may have 1 MiB; a longer one is dropped as a whole."""
_LEVELS = tuple(Level)


def as_commands(report: Report, prefix: str, *, summarised: bool) -> str:
    """Return the most useful issues as annotations; the others in plain lines, unless a summary has them.

    Args:
        report: what was found.
        prefix: the archive's folder in its repository, with a slash at its end, or nothing.
        summarised: whether the summary of the job holds all issues.
    """
    first = choose(report.issues)
    shown = set(first)
    rest = [issue for issue in report.issues if issue not in shown]
    lines = [_plain(line) for line in mended_lines(report)]
    lines += [_command(issue, prefix) for issue in first]
    if rest and not summarised:
        lines += [_plain(str(issue)) for issue in rest]
    closing = closing_line(report)
    if rest:
        where = "the rest in the summary of the job" if summarised else "the rest above"
        closing = f"{closing}; {len(first)} shown as annotations, {where}"
    return "\n".join([*lines, _plain(closing)])


def choose(issues: Iterable[Issue]) -> list[Issue]:
    """Return the most useful issues: errors first; of one level, other files and other kinds before the same again."""
    waiting = sorted(issues, key=lambda issue: (_LEVELS.index(issue.level), issue.sort_key))
    chosen: list[Issue] = []
    seen: Counter[str] = Counter()
    while waiting and len(chosen) < MOST_COMMANDS:
        level = waiting[0].level
        equal = [issue for issue in waiting if issue.level is level]
        best = min(equal, key=lambda issue: seen[f"file {issue.path}"] + seen[f"kind {issue.kind}"])
        seen.update((f"file {best.path}", f"kind {best.kind}"))
        waiting.remove(best)
        chosen.append(best)
    return chosen


def _command(issue: Issue, prefix: str) -> str:
    """Return an issue as `::error file=…,line=…,col=…,title=…::message`."""
    properties = {"file": prefix + issue.path, "line": issue.line, "col": issue.column, "title": issue.kind}
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    message = f"{issue.message}\nhelp: {issue.hint}" if issue.hint else issue.message
    return f"::{issue.level.value} {said}::{_data(message)}"


def _data(text: str) -> str:
    return _visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """Return lines that are none of GitHub's commands: the sign before them keeps `::` from a line's start."""
    return "\n".join(f"- {_visible(part)}" for part in line.split("\n"))


def _visible(text: str) -> str:
    """Return a text with what nobody sees spelt out, line feeds left, and without `##[`."""
    shown = (c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    return inert("".join(shown))


def as_summary(report: Report, prefix: str, room: int = MOST_BYTES) -> str:
    """Return all issues as a table in Markdown, as many as there is room for, the worst first."""
    head = f"## archive check\n\n{_words(closing_line(report))}\n\n"
    if not report.issues:
        return head
    head += "| Place | Level | Kind | What is wrong | What to do |\n| --- | --- | --- | --- | --- |\n"
    left = room - len(head.encode()) - 200
    rows: list[str] = []
    ranked = sorted(report.issues, key=lambda issue: (_LEVELS.index(issue.level), issue.sort_key))
    for row in _rows(ranked, prefix):
        left -= len(row.encode())
        if left < 0:
            break
        rows.append(row)
    missing = len(ranked) - len(rows)
    tail = f"\n{missing:,} more have no room here: run `archive check`.\n" if missing else ""
    return "".join([head, *rows, tail, "\n"])


def _rows(issues: Iterable[Issue], prefix: str) -> Iterator[str]:
    for issue in issues:
        cells = (prefix + issue.place, issue.level.value, issue.kind, issue.message, issue.hint)
        yield f"| {' | '.join(_words(cell) for cell in cells)} |\n"


def _words(text: str) -> str:
    """Return words as code, in which GitHub makes no links, mentions or pictures, every sign as a number.

    A sign that is written as a number is never markup, and inside of `code` no name becomes a mention. An address of
    electronic mail would become a link even there, so nothing invisible but a joiner stands behind its sign.
    """
    shown = _visible(text).replace("\n", " ")
    if not shown:
        return ""
    parts = (c if c.isalnum() or c in " -" or not c.isascii() else f"&#{ord(c)};" for c in shown)
    return f"<code>{''.join(parts).replace('&#64;', '&#64;&#8288;')}</code>"
