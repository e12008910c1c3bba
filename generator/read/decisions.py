"""Decisions: what editors have decided once and for all, in seeds/decisions.yml.

So far these are names that are not to be suggested again. One is added without touching what stands there.
"""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from generator.issues import Issue, Level
from generator.read.files import SeedFile, read_text
from generator.read.front_matter import parse_seed
from generator.read.nodes import Node, SequenceNode
from generator.read.schema import Fields

if TYPE_CHECKING:
    from pathlib import Path

FILE = "seeds/decisions.yml"
HEADER = (
    "# What editors have decided. Names under 'rejected' are no entries: `archive suggest` leaves them out.\n"
)
_BEFORE = "---\n"
_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()’-]*[\w.)])?")


class Decisions(Struct, frozen=True):
    """What stands in seeds/decisions.yml."""

    rejected: tuple[str, ...] = ()
    """Names that are not to be suggested, in the order of the file."""
    lines: tuple[int, ...] = ()
    """The line of each."""


def read_decisions(root: Path) -> tuple[Decisions, list[Issue]]:
    """Return the decisions of an archive, none where there is no file, and what is wrong with the file."""
    file = SeedFile(FILE, root / FILE)
    try:
        mode = file.absolute.lstat().st_mode
    except FileNotFoundError:
        return Decisions(), []
    if not stat.S_ISREG(mode):
        message = "this is neither a file nor a folder" if not stat.S_ISDIR(mode) else "this is a folder"
        # a symbolic link is reported with those of the other seeds
        issue = Issue(FILE, 0, 0, "not-a-file", Level.ERROR, message, "put a file in its place, or remove it")
        return Decisions(), [] if stat.S_ISLNK(mode) else [issue]
    text, issues = read_text(file)
    return parse_decisions(text) if text is not None else (Decisions(), issues)


def parse_decisions(text: str) -> tuple[Decisions, list[Issue]]:
    """Return the decisions in the text of the file, and what is wrong with it."""
    newline = "" if text.endswith(("\n", "\r")) else "\n"
    document, issues = parse_seed(FILE, f"{_BEFORE}{text}{newline}{_BEFORE}")
    if document is None:
        return Decisions(), [_in_file(issue) for issue in issues]
    if document.body:
        message = "this line ends the YAML, and more follows"
        hint = "remove the line '---'"
        return Decisions(), [
            Issue(FILE, document.first_line - 2, 1, "broken-yaml", Level.ERROR, message, hint)
        ]
    fields = Fields(FILE, document.mapping, issues, ("rejected",), ())
    node = fields.node("rejected")
    if node is not None and not isinstance(node, SequenceNode):
        hint = "write a line '  - Name' below it for each name, or remove it"
        fields.add(node, "wrong-shape", "'rejected' holds one value where a list belongs", hint)
    rejected = [(name, item.line - 1) for item in _items(node) if (name := fields.text(item)) is not None]
    decisions = Decisions(tuple(name for name, _ in rejected), tuple(line for _, line in rejected))
    return decisions, [_in_file(issue) for issue in issues]


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, SequenceNode) else ()


def _in_file(issue: Issue) -> Issue:
    """Return an issue of a front matter as one of the file: that has no opening line."""
    message = issue.message.replace("the front matter", "the file")
    return replace(issue, line=max(issue.line - 1, 1), message=message, fix=None)


def add_rejected(text: str, name: str) -> str | None:
    """Return the text of the file with one name more, in its place in the alphabet; every other byte stays.

    None where that cannot be done: where the names do not stand each in a line of its own.
    """
    before, _ = parse_decisions(text)
    item = f"  - {write_scalar(name)}\n"
    if not before.rejected:
        stub = text if not text or text.endswith("\n") else f"{text}\n"
        new = f"{stub or HEADER}rejected:\n{item}"
    else:
        lines = text.splitlines(keepends=True)
        following = [
            line
            for known, line in zip(before.rejected, before.lines, strict=True)
            if _order(known) > _order(name)
        ]
        example = lines[before.lines[0] - 1]
        at = following[0] - 1 if following else before.lines[-1]
        indent, end = re.match(r"[ ]*", example), re.search(r"[\r\n]*$", example)
        assert indent is not None
        assert end is not None
        if not lines[at - 1].endswith(("\n", "\r")):
            lines[at - 1] += "\n"
        new = "".join([*lines[:at], f"{indent[0]}{item.strip()}{end[0] or chr(10)}", *lines[at:]])
    after, issues = parse_decisions(new)
    return new if not issues and sorted(after.rejected) == sorted([*before.rejected, name]) else None


def _order(name: str) -> tuple[str, str]:
    return name.casefold(), name


def write_scalar(text: str) -> str:
    """Return a text as YAML that reads back as that text; quoted where a plain word might not do.

    >>> write_scalar("Black Friday"), write_scalar("Moon: the landing")
    ('Black Friday', '"Moon: the landing"')
    """
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
