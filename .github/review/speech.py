"""Speech: how strangers' words are told in the log of a job and in its summary, without effect on either."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_ACTIONS = os.environ.get("GITHUB_ACTIONS") == "true"


@contextmanager
def harmless() -> Iterator[None]:
    """Let strangers' words into the log of a job, where a line may be a command to the runner that prints it."""
    token = secrets.token_hex(32)
    if IN_ACTIONS:
        print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        if IN_ACTIONS:  # the line before may have no end
            print(f"\n::{token}::", flush=True)


def fenced(text: str) -> str:
    """Return Markdown that shows a text as it is: a fence longer than any run of backticks in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"


def add_to_summary(markdown: str) -> None:
    """Add Markdown to the summary of the job, where there is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(markdown.rstrip() + "\n\n")
