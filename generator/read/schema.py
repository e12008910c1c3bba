"""Schema: front-matter nodes become typed values, or issues with a place and a mend.

What a key may hold is decided here; which keys there are is decided by `articles` and `glossary`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from generator.issues import Issue, Level, near_miss, quote
from generator.read.dates import parse_date, propose_date
from generator.read.files import ID_HINT, ID_RULE
from generator.read.front_matter import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from generator.model import Edtf

T = TypeVar("T")

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that show nothing, though Unicode does not class them as format characters."""
MAX_ITEMS = 1000
"""In one list: the most aliases of one person in Wikidata are some hundreds."""
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiner: part of correct spelling in Persian, Kurdish and Indic scripts."""


class Fields:
    """The keys of one mapping, read one by one; what is wrong with them gathers in `issues`.

    Args:
        path: the seed.
        mapping: its nodes.
        issues: where to gather.
        keys: all keys that may stand here; `x-…` keys are the archive's own and always may.
        ids: the ids of all entries, for references.
    """

    def __init__(
        self,
        path: str,
        mapping: MappingNode,
        issues: list[Issue],
        keys: Collection[str],
        ids: Collection[str],
    ) -> None:
        self.path = path
        self.issues = issues
        self._ids = ids
        self._mapping = mapping
        self._nodes = {key.value: node for key, node in mapping.pairs}
        for key, _ in mapping.pairs:
            if key.value not in keys and not key.value.startswith("x-"):
                guess = near_miss(key.value, keys)
                hint = f"write '{guess}'" if guess else f"known keys: {', '.join(keys)}"
                self.add(key, "unknown-key", f"{quote(key.value)} is not a key here", hint)

    def add(self, node: Node, kind: str, message: str, hint: str) -> None:
        """Report an error at a node."""
        self.issues.append(Issue(self.path, node.line, node.column, kind, Level.ERROR, message, hint))

    def node(self, key: str) -> Node | None:
        """Return a key's node, or None where the key is absent."""
        return self._nodes.get(key)

    def line(self, key: str) -> int:
        """Return the line of a key's value, or of the mapping where the key is absent."""
        return (self._nodes.get(key) or self._mapping).line

    def lines(self, key: str) -> tuple[int, ...]:
        """Return the line of each item of a key that holds a list."""
        node = self._nodes.get(key)
        return tuple(item.line for item in node.items) if isinstance(node, SequenceNode) else ()

    def require(self, *keys: str) -> None:
        """Report each of these keys that is absent."""
        for key in keys:
            if key not in self._nodes:
                self.add(self._mapping, "missing-key", f"the key '{key}' is missing", f"add '{key}: …'")

    def one(self, key: str, parse: Callable[[Node], T | None]) -> T | None:
        """Return the parsed value of a key, or None where it is absent or wrong."""
        node = self._nodes.get(key)
        return None if node is None else parse(node)

    def many(self, key: str, parse: Callable[[Node], T | None]) -> tuple[T, ...]:
        """Return the parsed items of a key that holds a list; items that are wrong are left out."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            message = f"'{key}' holds one value where a list belongs"
            self.add(node, "wrong-shape", message, f"write '{key}: [first, second]'")
            return ()
        if len(node.items) > MAX_ITEMS:
            message = f"'{key}' holds {len(node.items):,} values; {MAX_ITEMS:,} are allowed"
            self.add(node, "too-long", message, "shorten it")
            return ()
        return tuple(value for item in node.items if (value := parse(item)) is not None)

    def inner(self, node: Node, keys: Collection[str], example: str) -> Fields | None:
        """Return the fields of a nested mapping, or None with an issue where the node is none."""
        if not isinstance(node, MappingNode):
            self.add(node, "wrong-shape", "a mapping belongs here", f"write it as {example}")
            return None
        return Fields(self.path, node, self.issues, keys, self._ids)

    # What a single node may hold. Each returns None, having reported why, where the node holds something else.

    def text(self, node: Node) -> str | None:
        """A text of one line without invisible characters."""
        if not isinstance(node, ScalarNode):
            message = "a list or mapping stands where a text belongs"
            self.add(node, "wrong-shape", message, "put quotation marks around the text")
            return None
        if not node.value.strip():
            self.add(node, "empty-value", "the value is empty", "write a value, or remove the key")
            return None
        return node.value if self._is_plain(node) else None

    def _is_plain(self, node: ScalarNode) -> bool:
        for place, char in enumerate(node.value):
            name = f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
            if char in _LINE_BREAKS:
                message = f"{quote(node.value)} holds a line break ({name})"
                self.add(node, "line-break", message, "write it in one line")
                return False
            joins = char in _JOINERS and place > 0 and ord(node.value[place - 1]) > 0x500  # noqa: PLR2004 - past Cyrillic
            if (unicodedata.category(char) in {"Cc", "Cf", "Cs"} and not joins) or char in _BLANKS:
                message = f"{quote(node.value)} holds the invisible character {name}"
                self.add(node, "hidden-character", message, "remove it")
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
            self.add(node, "unknown-value", f"{quote(text)} is not known here", hint)
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
            self.add(node, "bad-date", f"{quote(text)} is not a date", propose_date(text) or hint)
            return None

    def language(self, node: Node) -> str | None:
        """A language tag, BCP 47."""
        text = self.text(node)
        if text is None or _LANGUAGE.fullmatch(text):
            return text
        message = f"{quote(text)} is not a language tag"
        self.add(node, "bad-language", message, "write a BCP 47 tag such as en, ar or pt-BR")
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
        self.add(node, "unknown-id", f"{quote(text)} is the id of no entry", hint)
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

    def file_name(self, node: Node) -> str | None:
        """A bare file name."""
        text = self.text(node)
        if text is None or ("/" not in text and "\\" not in text and not text.startswith(".")):
            return text
        self.add(
            node,
            "bad-file-name",
            f"{quote(text)} is not a file name",
            "write the name of a file in seeds/captures/, without a path",
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
