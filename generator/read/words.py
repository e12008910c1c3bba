"""Words: what must hold of an article's text: that it is there, can be shown, and is its capture's.

What a text may be is decided here and nowhere else; nothing of it is changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.issues import Issue, Level, quote
from generator.read.blocks import mark_spans, words_without_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Block
    from generator.read.front_matter import Document

MAX_BLOCK = 100_000
"""Characters of a paragraph. What is inserted into one costs Python-Markdown a copy of it: time is quadratic."""
MAX_PUNCTUATION = 10_000
"""ASCII signs and controls of a paragraph: 20,000 asterisks cost 0.4 s, a million a quarter of an hour."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~\x01-\x08\x0b\x0c\x0e-\x1f]")
_LINE_END = re.compile(r"\r\n|\n|\r")


def check_text(path: str, document: Document, *, withdrawn: bool) -> list[Issue]:
    """Report a text that is empty, or that is there although the article was withdrawn."""
    empty = not document.body.strip()
    if empty and not withdrawn:
        message = "the article has no text"
        return [
            Issue(
                path,
                document.first_line,
                0,
                "empty-text",
                Level.ERROR,
                message,
                "write the text below the closing '---'",
            )
        ]
    if withdrawn and not empty:
        message = "the article is withdrawn and still has its text"
        return [
            Issue(
                path,
                document.first_line,
                0,
                "withdrawn-text",
                Level.ERROR,
                message,
                "remove the text, or the key 'withdrawn'",
            )
        ]
    return []


def check_blocks(path: str, document: Document, blocks: Iterable[Block]) -> list[Issue]:
    """Report each block that would keep Python-Markdown busy for minutes."""
    issues = []
    for block in blocks:
        words = block.span.of(document.body)
        if len(words) <= MAX_PUNCTUATION:
            continue
        marks = len(_PUNCTUATION.findall(words))
        if len(words) > MAX_BLOCK:
            message = f"this paragraph has {len(words):,} characters; {MAX_BLOCK:,} are allowed"
            line, _ = _place(document, block.span.start)
            issues.append(
                Issue(path, line, 0, "too-long", Level.ERROR, message, "put blank lines between paragraphs")
            )
        elif marks > MAX_PUNCTUATION:
            message = f"this paragraph has {marks:,} punctuation marks; {MAX_PUNCTUATION:,} are allowed"
            line, _ = _place(document, block.span.start)
            issues.append(Issue(path, line, 0, "too-long", Level.ERROR, message, "leave out what is no text"))
    return issues


def compare_words(path: str, document: Document, captured: list[str]) -> list[Issue]:
    """Report the first word in which the text differs from its capture; block marks may be added to it."""
    if words_without_marks(document.body) == captured:
        return []
    at = 0
    marks = {span.start for span in mark_spans(document.body)}
    place = 0
    for word in document.body.split():
        start = document.body.index(word, place)
        place = start + len(word)
        wanted = captured[at] if at < len(captured) else None
        if word == wanted:
            at += 1
        elif start not in marks:
            line, column = _place(document, start)
            there = f"the capture has {quote(wanted)}" if wanted is not None else "the capture has ended"
            return [_differs(path, line, column, f"{quote(word)} stands where {there}")]
    if at < len(captured):
        line, _ = _place(document, len(document.body.rstrip()))
        return [
            _differs(path, line, 0, f"the text ends where the capture goes on with {quote(captured[at])}")
        ]
    return []


def _place(document: Document, offset: int) -> tuple[int, int]:
    """Return the file's line and column of a place in the body."""
    ends = [found.end() for found in _LINE_END.finditer(document.body, 0, offset)]
    return document.first_line + len(ends), offset - (ends[-1] if ends else 0) + 1


def _differs(path: str, line: int, column: int, message: str) -> Issue:
    hint = "restore the capture's words; a known error is noted under 'corrections', never mended in the text"
    return Issue(path, line, column, "capture-differs", Level.ERROR, message, hint)
