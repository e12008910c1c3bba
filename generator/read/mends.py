"""Mends: what of a front matter can be set right without asking, as edits of the file's text.

Each function returns a fix, or None where the mend would be a guess or could touch more than it should. Nothing
is written here.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from typing import TYPE_CHECKING

import yaml
from msgspec import Struct

from generator.issues import Edit, Fix
from generator.read.nodes import MappingNode, Node, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LINE_START = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*\Z")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
_SEVERAL = re.compile(r"[,;|\n]|\band\b")
_LIKE_A_SPACE = frozenset("\t\u2800\u3164\uffa0")
"""Invisible, and as wide as a space: taken away, they would join two words."""
_ALIKE = 0.7
"""As `near_miss` has it: `langauge` and `language` are alike by 0.88, `titel` and `title` by 0.8."""


class Mends(Struct, frozen=True):
    """The text of one file, as offsets of its nodes count it."""

    path: str
    text: str

    def replace(self, start: int, end: int, replacement: str, found: str | None = None) -> Fix:
        """Put other words into a stretch of the file, of which a caller may know what it says.

        Raises:
            RuntimeError: it says something else: the offsets are wrong, and nothing may be written by them.
        """
        stretch = self.text[start:end]
        if found not in {None, stretch}:
            raise RuntimeError(f"{self.path} does not have {found!a} at {start}")
        return Fix((Edit(self.path, start, end, stretch, replacement),))

    def write(self, node: Node, value: str | None) -> Fix | None:
        """Give a value other words, written as before where these can be."""
        if value is None or not isinstance(node, ScalarNode) or not self._has(node):
            return None
        written = write_value(value, node.style)
        if written is None:
            return None
        stretch = self.text[node.start : node.end]
        ended = stretch[len(stretch.rstrip("\r\n")) :] if node.style in {"|", ">"} else ""
        return self.replace(node.start, node.end, written + ended)

    def without_hidden(self, node: ScalarNode, hidden: Collection[int]) -> Fix | None:
        """Take the characters at these places out of a value; what is as wide as a space becomes one."""
        kept = "".join(
            char if at not in hidden else " " if char in _LIKE_A_SPACE else ""
            for at, char in enumerate(node.value)
        ).strip()
        return self.write(node, kept) if kept else None

    def in_one_line(self, node: ScalarNode) -> Fix | None:
        """Write a value of one line, which `|` or `>` opens, behind its key."""
        return self.write(node, node.value.strip()) if len(node.value.strip().splitlines()) == 1 else None

    def rename(self, key: ScalarNode, keys: Iterable[str], present: Iterable[str]) -> Fix | None:
        """Spell a key as the only known one that it can be meant for, unless that is there already."""
        guess = only_near_miss(key.value, keys)
        return self.write(key, guess) if guess is not None and guess not in set(present) else None

    def remove(self, key: ScalarNode, value: Node) -> Fix | None:
        """Take a key and its value away, if they have lines of their own."""
        rest = _REST_OF_LINE.match(self.text, max(key.end, value.end))
        if _is_empty(value):
            rest = _REST_OF_LINE.match(self.text, self.text.find(":", key.end) + 1)
        elif isinstance(value, ScalarNode) and value.style in {"|", ">"}:
            rest = re.compile("").match(self.text, value.end)
        start = _LINE_START.search(self.text, 0, key.start)
        return self.replace(start.start(), rest.end(), "") if rest and start and self._has(key) else None

    def into_list(self, node: Node) -> Fix | None:
        """Put the brackets of a list around one value that is plainly one."""
        if isinstance(node, ScalarNode):
            plain = node.style in {"", "'", '"'} and not _SEVERAL.search(node.value)
            written = write_value(node.value, node.style) if plain and node.value.strip() else None
        else:
            in_braces = isinstance(node, MappingNode) and node.in_flow
            written = self.text[node.start : node.end] if in_braces else None
        return self.replace(node.start, node.end, f"[{written}]") if written is not None else None

    def _has(self, node: ScalarNode) -> bool:
        """Tell whether a value stands where it is said to stand, as far as that shows without reading YAML again."""
        stretch = self.text[node.start : node.end]
        if not node.style:
            return stretch.split() == node.value.split()
        return stretch.startswith(node.style) and (node.style in {"|", ">"} or stretch.endswith(node.style))


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.start == node.end


def write_value(value: str, style: str) -> str | None:
    """Return a value as YAML, plain or in quotation marks, that reads back as that value in lines and in brackets.

    >>> write_value("Moon: the landing", "")
    "'Moon: the landing'"
    """
    single = "'" + value.replace("'", "''") + "'"
    double = json.dumps(value, ensure_ascii=False)
    ways = {"'": (single, double), '"': (double,)}.get(style, (value, single, double))
    return next((way for way in ways if _reads_back(way, value)), None)


def _reads_back(written: str, value: str) -> bool:
    try:
        read = yaml.load(f"k: {written}\nl: [{written}, {written}]\n", Loader=yaml.CBaseLoader)  # noqa: S506 - texts only
    except yaml.YAMLError:
        return False
    return bool(read == {"k": value, "l": [value, value]})


def bare(word: str) -> str:
    """Return a word without what people vary: capitals, spaces, hyphens, underscores.

    >>> bare("Located In") == bare("located-in")
    True
    """
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", word).casefold())


def only_spelling(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that differs from this one in capitals, spaces, hyphens and underscores only."""
    same = [candidate for candidate in known if bare(candidate) == bare(word)]
    return same[0] if len(same) == 1 and bare(word) else None


def only_near_miss(word: str, known: Iterable[str]) -> str | None:
    """Return the only known word that is alike.

    >>> only_near_miss("langauge", ["title", "language"]), only_near_miss("captur", ["capture", "captured"])
    ('language', None)
    """
    known = list(known)
    alike = difflib.get_close_matches(word.casefold(), known, n=2, cutoff=_ALIKE)
    return only_spelling(word, known) or (alike[0] if len(alike) == 1 else None)


def tidy_language(tag: str) -> str | None:
    """Return the language tag that is written with an underscore or a space, or None.

    >>> tidy_language("en_US"), tidy_language("Old English")
    ('en-US', None)
    """
    tidy = re.sub(r"[\s_]+", "-", tag.strip())
    is_tag = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?", tidy)
    return tidy if is_tag else None


def wikidata_id(address: str) -> str | None:
    """Return the id in an address of Wikidata, or one that is written with a small letter.

    >>> wikidata_id("https://www.wikidata.org/wiki/Q308#sitelinks"), wikidata_id("308")
    ('Q308', None)
    """
    found = re.fullmatch(
        r"(?:(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wd:|wikidata:)?([Qq][1-9][0-9]{0,11})"
        r"(?:[#?][^\s]*)?",
        address.strip(),
    )
    return found[1].upper() if found else None


def bare_name(path: str, names: Iterable[str]) -> str | None:
    """Return the only one of these file names that a path leads to, or that differs from it in capitals only."""
    last = re.split(r"[/\\]", path.strip())[-1]
    if not last:
        return None
    known = list(names)
    same = [name for name in known if name == last] or [n for n in known if n.casefold() == last.casefold()]
    return same[0] if len(same) == 1 else None
