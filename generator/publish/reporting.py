"""Reporting: what a build says of an archive and of its site, through the logger that MkDocs shows."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from generator.issues import Level, SeedsError, SiteError, has_errors, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping, Sequence

    from generator.issues import Issue
    from generator.publish.verify import Fault

NAME = "news-archive"
"""Of our plugin."""
_MOST_ALIKE = 3
"""Pages that are named with one and the same fault: a wrong template gives it to thousands."""
_LEVELS = {Level.ERROR: logging.ERROR, Level.WARNING: logging.WARNING, Level.NOTICE: logging.INFO}


class _Named(logging.LoggerAdapter[logging.Logger]):
    """Says who speaks, as MkDocs lets its plugins do."""

    def process(self, msg: str, kwargs: MutableMapping[str, Any]) -> tuple[str, MutableMapping[str, Any]]:
        return f"{NAME}: {msg}", kwargs


log = _Named(logging.getLogger(f"mkdocs.plugins.{NAME}"))


def must_stop(issues: Sequence[Issue], *, strict: bool) -> bool:
    """Tell whether the issues of the seeds stop a build; `strict` says that warnings do."""
    warned = any(issue.level is Level.WARNING for issue in issues)
    return has_errors(issues) or (strict and warned)


def report_issues(issues: Sequence[Issue], seeds: int, *, strict: bool) -> None:
    """Log the issues of so many seeds.

    Raises:
        SeedsError: there is an error among them; or a warning, where these stop a build.
    """
    for issue in issues:
        log.log(_LEVELS[issue.level], "%s", issue)
    if must_stop(issues, strict=strict):
        raise SeedsError(f"{summary(seeds, issues)}; the last good site stays")


def report_faults(faults: Sequence[Fault]) -> None:
    """Log what is wrong with a site.

    Raises:
        SiteError: anything is.
    """
    for line in _lines(faults):
        log.error("%s", line)
    if faults:
        counted = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        raise SiteError(f"{counted} in the built site; the last good site stays")


def _lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield a line for each fault, and one for all pages more that have the same."""
    by_message: dict[str, list[Fault]] = {}
    for fault in dict.fromkeys(faults):
        by_message.setdefault(fault.message, []).append(fault)
    for message, alike in by_message.items():
        yield from map(str, alike[:_MOST_ALIKE])
        if (rest := len(alike) - _MOST_ALIKE) > 0:
            yield f"{rest} page{'' if rest == 1 else 's'} more: {message}"


@contextmanager
def talk_on_stderr(level: int) -> Iterator[list[str]]:
    """Let MkDocs' and our log lines of a level and above appear on stderr, as they are; yield what was said."""
    said: list[str] = []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain(said))
    handler.setLevel(level)
    logger = logging.getLogger("mkdocs")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield said
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


class _Plain(logging.Formatter):
    """An issue stands first in its line, as editors open it."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def format(self, record: logging.LogRecord) -> str:
        self._said.append(record.getMessage().removeprefix(f"{NAME}: "))
        return self._said[-1]
