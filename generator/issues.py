"""Issues: what is wrong with a seed, said so that a person can mend it.

A wrong seed gives an `Issue` and the work goes on; a wrong program or set-up raises `ArchiveError` and it stops.
How an issue is worded for a terminal is decided here and nowhere else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, to_builtins

if TYPE_CHECKING:
    from collections.abc import Iterable


class ArchiveError(Exception):
    """The program or its set-up is wrong: nothing that a seed could say would mend it.

    Args:
        message: what is wrong.
        hint: what to do about it.
    """

    exit_code = 2
    """What a command ends with."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  help: {self.hint}" if self.hint else self.message


class SeedsError(ArchiveError):
    """The seeds have errors, which were reported one by one."""

    exit_code = 1


class BuildFailedError(ArchiveError):
    """A build stopped, and said on stderr why. The last good site is untouched."""

    def __init__(self, exit_code: int) -> None:
        super().__init__("the build failed")
        self.exit_code = exit_code


class SiteError(ArchiveError):
    """The built site is not what it must be: our fault, not the seeds'."""

    exit_code = 3


class UnwantedError(Exception):
    """Nobody needs what is being made any more."""


class Level(StrEnum):
    """How bad an issue is."""

    ERROR = "error"
    """Stops a build before anything is touched."""
    WARNING = "warning"
    """Counts under `mkdocs build --strict`."""
    NOTICE = "notice"
    """Never counts."""


class Edit(Struct, frozen=True):
    """One stretch of one file, and what is to stand there instead."""

    path: str
    """Path of the file, relative to the archive, with forward slashes; it need not be the issue's own."""
    start: int
    """In code points of the file's text; where there is no file, 0 stands for one that is made."""
    end: int
    """As `start`; the stretch is half-open."""
    found: str
    """What stands there. Where the file has something else by now, nothing is done."""
    replacement: str


class Fix(Struct, frozen=True):
    """How an issue is mended without asking: edits that belong together. Only who finds an issue knows its fix."""

    edits: tuple[Edit, ...]

    def __str__(self) -> str:
        # the end that a last line is given is not worth a word
        return ", ".join(_change(edit) for edit in self.edits if edit.found or edit.replacement.strip())


def _change(edit: Edit) -> str:
    """Return in words what an edit does."""
    if not edit.found:
        return f"{quote(edit.replacement.strip())} is added"
    shown = quote(edit.found.strip() or edit.found)
    return f"{shown} becomes {quote(edit.replacement)}" if edit.replacement else f"{shown} is removed"


class Issue(Struct, frozen=True):
    """One thing that is wrong with one seed."""

    path: str
    """Path of the seed, relative to the archive, with forward slashes."""
    line: int
    """From 1; 0 where the whole file is meant."""
    column: int
    """From 1; 0 where the whole line is meant."""
    kind: str
    """Stable name; docs/issues.md has a heading for each."""
    level: Level
    message: str
    """The offending text in quotes and what is wrong, in the present tense."""
    hint: str = ""
    """What to write instead."""
    fix: Fix | None = None
    """What `archive check --fix` does about it, where that is safe."""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str, str]:
        """By place, then by kind; those of one key are one issue."""
        return (self.path, self.line, self.column, self.kind, self.message, self.hint, self.level)

    @property
    def place(self) -> str:
        """`path`, `path:line` or `path:line:column`, as editors open it."""
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])

    def __str__(self) -> str:
        head = f"{self.place}: {self.level}[{self.kind}] {self.message}"
        return inert(f"{head}\n  help: {self.hint}" if self.hint else head)


def inert(line: str) -> str:
    """Return a line that starts nothing in a job of GitHub Actions: `##[…]` is a command wherever it stands.

    Commands of the other form, `::…::`, stand at a line's start only, where an issue has its place.
    """
    return line.replace("##[", "##\\x5b")


def quote(text: str, limit: int = 80) -> str:
    r"""Return `text` in single quotes, invisible characters spelt out, cut at `limit` characters.

    >>> quote("a\u202eb")
    "'a\\u202eb'"
    """
    return f"'{visible(text if len(text) <= limit else text[: limit - 1] + '…')}'"


def visible(text: str) -> str:
    """Return `text` with everything spelt out that does not show or that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def near_miss(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None: in other capitals, alike, or cut short.

    >>> near_miss("langauge", ["title", "language"])
    'language'
    """
    import difflib  # noqa: PLC0415 - only what is misspelt needs it

    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.7)
    longer = [candidate for candidate in by_folded if len(word) > 2 and candidate.startswith(word.casefold())]  # noqa: PLR2004 - two letters begin too much
    if not matches and len(longer) == 1:
        matches = longer
    return by_folded[matches[0]] if matches else None


def sort_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return the issues by place, each once."""
    found: dict[tuple[str | int, ...], Issue] = {}
    for issue in issues:
        found.setdefault(issue.sort_key, issue)
    return tuple(found[key] for key in sorted(found))


def has_errors(issues: Iterable[Issue]) -> bool:
    """Tell whether any of them stops a build."""
    return any(issue.level is Level.ERROR for issue in issues)


def as_dict(issue: Issue) -> dict[str, Any]:
    """Return the issue as JSON can hold it."""
    found: dict[str, Any] = to_builtins(issue)
    return found


def summary(seeds: int, issues: Iterable[Issue]) -> str:
    """Return the closing line of a check, e.g. `4 seeds checked, 1 error, 1 warning`."""
    levels = [issue.level for issue in issues]
    counts = [(levels.count(level), level.value) for level in Level]
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n]
    return ", ".join([f"{seeds} seed{'' if seeds == 1 else 's'} checked", *(parts or ["no issues"])])
