"""Schema: front-matter nodes become typed values, or issues with a place and a mend.

What a key may hold is decided here; which keys there are is decided by `articles` and `glossary`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.issues import near_miss, quote
from generator.read.dates import parse_date, propose_date, read_day
from generator.read.files import ID_HINT, ID_RULE
from generator.read.keys import Keys
from generator.read.mends import bare_name, only_spelling, tidy_language
from generator.read.nodes import Node, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.issues import Fix
    from generator.model import Edtf

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that show nothing, though Unicode does not class them as format characters."""
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiner: part of correct spelling in Persian, Kurdish and Indic scripts."""


class Fields(Keys):
    """The keys of one mapping, and what their values may be."""

    def rewrite(self, node: Node, value: str | None) -> Fix | None:
        """Return the fix that gives a value other words, or None where there are none."""
        return self.mends.write(node, value) if self.mends else None

    # What a single node may hold. Each returns None, having reported why, where the node holds something else.

    def text(self, node: Node) -> str | None:
        """A text of one line without invisible characters."""
        if not isinstance(node, ScalarNode):
            message = "a list or mapping stands where a text belongs"
            self.add(node, "wrong-shape", message, "put quotation marks around the text")
            return None
        if not node.value.strip():
            hint = "write a value, or remove the key"
            self.add(node, "empty-value", "the value is empty", hint, self.removal(node))
            return None
        return node.value if self._is_plain(node) else None

    def _is_plain(self, node: ScalarNode) -> bool:
        if node.value.isprintable() and _BLANKS.isdisjoint(node.value):
            return True  # as nearly all are
        for place, char in enumerate(node.value):
            name = f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
            if char in _LINE_BREAKS:
                message = f"{quote(node.value)} holds a line break ({name})"
                fix = self.mends.in_one_line(node) if self.mends else None
                self.add(node, "line-break", message, "write it in one line", fix)
                return False
            if is_hidden(char, node.value[place - 1] if place else ""):
                message = f"{quote(node.value)} holds the invisible character {name}"
                fix = self.mends.without_hidden(node, _hidden_places(node.value)) if self.mends else None
                self.add(node, "hidden-character", message, "remove it", fix)
                return False
        return True

    def text_of_at_most(self, limit: int) -> Callable[[Node], str | None]:
        """A text of at most `limit` characters."""

        def parse(node: Node) -> str | None:
            text = self.text(node)
            if text is not None and len(text) > limit:
                message = f"the text has {len(text)} characters; {limit} are allowed"
                self.add(node, "too-long", message, "shorten it")
                return None
            return text

        return parse

    def choice(self, *allowed: str) -> Callable[[Node], str | None]:
        """One of these words."""

        def parse(node: Node) -> str | None:
            text = self.text(node)
            if text is None or text in allowed:
                return text
            guess = near_miss(text, allowed)
            hint = f"write '{guess}'" if guess else f"write one of: {', '.join(allowed)}"
            fix = self.rewrite(node, only_spelling(text, allowed))
            self.add(node, "unknown-value", f"{quote(text)} is not known here", hint, fix)
            return None

        return parse

    def date(self, node: Node) -> Edtf | None:
        """An EDTF date."""
        text = self.text(node)
        if text is None:
            return None
        try:
            return parse_date(text)
        except ValueError:
            hint = "write it as 1969-07-20, 1969-07, 1969, 1969-07-20/1969-07-21, with ~ for about, ? for uncertain"
            fix = self.rewrite(node, read_day(text))
            self.add(node, "bad-date", f"{quote(text)} is not a date", propose_date(text) or hint, fix)
            return None

    def language(self, node: Node) -> str | None:
        """A language tag, BCP 47."""
        text = self.text(node)
        if text is None or LANGUAGE.fullmatch(text):
            return text
        message = f"{quote(text)} is not a language tag"
        fix = self.rewrite(node, tidy_language(text))
        self.add(node, "bad-language", message, "write a BCP 47 tag such as en, ar or pt-BR", fix)
        return None

    def url(self, node: Node) -> str | None:
        """An http or https address."""
        text = self.text(node)
        if text is None:
            return None
        wrong = url_fault(text)
        if wrong:
            self.add(
                node,
                "bad-url",
                f"{quote(text)} {wrong}",
                "write a whole address that begins with https:// or http://",
            )
            return None
        return text

    def new_id(self, node: Node) -> str | None:
        """A text that may be the id of an entry."""
        text = self.text(node)
        if text is None or ID_RULE.fullmatch(text):
            return text
        self.add(node, "bad-id", f"{quote(text)} is not an id", ID_HINT)
        return None

    def entity_id(self, node: Node) -> str | None:
        """The id of an entry that exists."""
        text = self.text(node)
        if text is None or text in self._ids:
            return text
        guess = near_miss(text, self._ids)
        hint = (
            f"write '{guess}'" if guess else "write the id of an entry, which is its file's name without .md"
        )
        fix = self.rewrite(node, only_spelling(text, self._ids))
        self.add(node, "unknown-id", f"{quote(text)} is the id of no entry", hint, fix)
        return None

    def article_id(self, node: Node) -> str | None:
        """An id of an article: segments joined with slashes."""
        text = self.text(node)
        if text is None or all(ID_RULE.fullmatch(segment) for segment in text.split("/")):
            return text
        self.add(
            node, "bad-id", f"{quote(text)} is not an article's id", f"in each part between slashes {ID_HINT}"
        )
        return None

    def file_name(self, node: Node, names: Iterable[str] = ()) -> str | None:
        """A bare file name; `names` are those of the files that there are."""
        text = self.text(node)
        if text is None or ("/" not in text and "\\" not in text and not text.startswith(".")):
            return text
        self.add(
            node,
            "bad-file-name",
            f"{quote(text)} is not a file name",
            "write the name of a file in seeds/captures/, without a path",
            self.rewrite(node, bare_name(text, names)),
        )
        return None

    def count(self, node: Node) -> int | None:
        """A whole number from 1."""
        text = self.text(node)
        if text is None or re.fullmatch(r"[1-9][0-9]{0,5}", text):
            return None if text is None else int(text)
        self.add(node, "bad-number", f"{quote(text)} is not a whole number from 1", "write 1 for the first")
        return None

    def degrees(self, limit: int) -> Callable[[Node], float | None]:
        """A decimal number between -limit and limit."""

        def parse(node: Node) -> float | None:
            text = self.text(node)
            if text is None:
                return None
            if re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?", text) and abs(float(text)) <= limit:
                return float(text)
            self.add(
                node,
                "bad-number",
                f"{quote(text)} is not a number between -{limit} and {limit}",
                "write decimal degrees, as in 33.03",
            )
            return None

        return parse


def is_hidden(char: str, before: str) -> bool:
    """Tell whether nobody sees a character; joiners count as seen behind a letter of a script that needs them."""
    joins = char in _JOINERS and before > "\u0500"  # past Cyrillic
    return (unicodedata.category(char) in {"Cc", "Cf", "Cs"} and not joins) or char in _BLANKS


def _hidden_places(text: str) -> set[int]:
    """Return where the characters stand that nobody sees."""
    return {at for at, char in enumerate(text) if is_hidden(char, text[at - 1 : at] if at else "")}


def url_fault(text: str) -> str | None:
    """Return what is wrong with an address, or None.

    >>> url_fault("javascript:alert(1)")
    'is not an http or https address'
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return "is malformed"
    if parts.scheme not in {"http", "https"}:
        return "is not an http or https address"
    if not host or parts.username is not None:
        return "names no host" if not host else "holds a user name"
    if any(char.isspace() or char in '<>"\\^`{|}' for char in text):
        return "holds a character that must be percent-encoded"
    return None
