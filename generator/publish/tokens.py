"""Tokens: what stands between two spaces of a document, and where anchors lie among it.

Documents are cut as Pagefind cuts pages: a browser finds by their numbers the words that it shows.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct, field

from generator.publish.documents import in_one_line

if TYPE_CHECKING:
    from generator.publish.documents import Document, Passage

_OPEN = frozenset({"Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "Pc"})
"""Categories of letters, marks and digits."""
_UNSEEN = "\u200b"
"""A space without width; Pagefind takes it out of texts."""


class Tokens(Struct):
    """The text of a document in tokens."""

    document: Document
    fields: tuple[tuple[str, list[str]], ...]
    """(name, tokens) of each field."""
    tokens: list[str] = field(default_factory=list)
    """All, in order."""
    runs: list[tuple[int, int]] = field(default_factory=list)
    """(weight, end) of passages of one weight: that of their tokens, and the number of the first one behind them."""
    anchors: list[dict[str, object]] = field(default_factory=list)
    """As a fragment has them: where one lies, the number of the token behind it."""

    def add(self, passage: Passage) -> None:
        """Cut a passage at its spaces and anchors."""
        if passage.anchor:
            self._anchor(passage.tag, passage.anchor, "".join(words for _, words in passage.pieces))
        text = ""
        for anchor, words in passage.pieces:
            if anchor:
                self.tokens += split(text)
                self._anchor("span", anchor, words)
                text = words
            else:
                text += words
        self.tokens += split(f"{text}." if _ends_open(text) else text)
        if self.runs and self.runs[-1][0] == passage.weight:
            self.runs.pop()
        self.runs.append((passage.weight, len(self.tokens)))

    def _anchor(self, element: str, name: str, words: str) -> None:
        anchor = {"element": element, "id": name, "text": in_one_line(words), "location": len(self.tokens)}
        self.anchors.append(anchor)


def cut(document: Document) -> Tokens:
    """Return a document in tokens."""
    text = Tokens(document, tuple((name, split(value)) for name, value in document.fields))
    for passage in document.passages:
        text.add(passage)
    return text


def split(text: str) -> list[str]:
    """Return the tokens of a stretch of text."""
    return text.replace(_UNSEEN, "").split()


def _ends_open(text: str) -> bool:
    """Tell whether Pagefind sets a full stop behind a passage, so that it does not run into the next one."""
    last = text[-1:]
    return bool(last) and (last in ")$*" or unicodedata.category(last) in _OPEN)
