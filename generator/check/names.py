"""Names: where an article has words with capitals that look like a name, known to the glossary or not.

No language model: a capital inside a sentence is the evidence. A word that begins a sentence is a name only
if the rest of the archive says so, which `suggestions` decides; here it is marked. Scripts without capitals
give nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.common_words import (
    ABBREVIATIONS,
    AFTER_SECRETARY_OF,
    ARTICLES_BEFORE_NAMES,
    BEFORE_TITLES,
    BODIES,
    CALENDAR,
    CAPITALISED_LANGUAGES,
    JOINING,
    SMALL_WORDS,
    TITLES,
)
from generator.model import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.model import Article, Block

MAX_WORDS = 8
"""A longer run is a headline or a list; `Organisation for the Prohibition of Chemical Weapons` has 4."""
MAX_HEADLINE = 15
"""Words of a paragraph that may be a headline in title case without a heading's mark."""
LONG = 4
"""Letters from which a word has a capital in title case."""


def _upper_class() -> str:
    """Return the capital letters of all living scripts that have them, to stand in a regular expression."""
    return "".join(char for char in map(chr, range(0x3000)) if char.isupper() or char.istitle())


_U = _upper_class()
_L = r"\w\u0300-\u036f"
# U.S.   J.   al-Assad   Jean-Luc   O’Neill   AT&T   COVID-19   iPhone   pro-Brexit (pro- is cut off)
_WORD = re.compile(
    rf"(?<![{_L}@#/])(?:(?:[{_U}]\.){{2,10}}[{_U}]?(?![{_L}])|[{_U}]\.(?=\s)"
    rf"|(?P<prefix>[^\W\d_{_U}]{{1,8}}[-‐‑’'])?[a-z]?[{_U}][{_L}]*(?:[-‐‑’'&][{_L}]+)*)"
)
_SMALL = re.compile(rf"(?<![{_L}'’-])[^\W\d_{_U}]+(?![{_L}-])")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_GAP = re.compile(r"(?:[ \t\u00a0]+|[ \t]*(?:\r\n|\n|\r)(?:> )?)")
_WORDS = re.compile(rf"[{_L}][{_L}'’-]*")
_OPENING = "\"'“‘«„‹"
_CLOSING = "\"'”’»‹›)]"
_ENDS = ".!?…:"


class Word(Struct, frozen=True):
    """A word with a capital, of a run of them."""

    span: Span
    text: str
    """Without a possessive ending."""
    gap: str
    """The small words between the one before it and this one, e.g. `of the`; empty for none."""

    @property
    def small(self) -> str:
        """The word in small letters, without a final full stop."""
        return self.text.lower().rstrip(".")

    @property
    def is_acronym(self) -> bool:
        """Whether it is all in capitals: `WHO` is not `who`."""
        return len(self.text) > 1 and self.text.isupper()


class Name(Struct, frozen=True):
    """Some words that look like a name."""

    words: tuple[Word, ...]
    opens: bool
    """Whether the first word begins a sentence, so that its capital says nothing."""

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(
            f"{word.gap} {word.text}".strip() if n else word.text for n, word in enumerate(self.words)
        )

    def without_first(self) -> Name | None:
        """The name without its first word, or None where that is all."""
        return Name(self.words[1:], opens=False) if self.words[1:] else None


def small_words(text: str) -> Iterator[str]:
    """Yield the words of a text that are in small letters."""
    return (found[0] for found in _SMALL.finditer(text))


def has_capitals(article: Article) -> bool:
    """Tell whether the article is in a language in which a capital tells names from other words."""
    return article.front_matter.language.split("-")[0].lower() not in CAPITALISED_LANGUAGES


def find_names(article: Article, masks: Iterable[Span], vocabulary: Collection[str]) -> Iterator[Name]:
    """Yield the names of an article in the order of the text.

    Args:
        article: the article.
        masks: where nothing is a name.
        vocabulary: all words that the archive has in small letters.
    """
    english = article.front_matter.language.split("-")[0].lower() == "en"
    masked = bytearray(len(article.text))
    for span in masks:
        masked[span.start : span.end] = b"\x01" * len(span)
    for block in article.blocks if has_capitals(article) else ():
        if not _in_title_case(article.text, block):
            for run in _runs(article.text, block.span, masked, vocabulary):
                parts = _split(run, vocabulary) if english else [run]
                yield from (
                    Name(part, opens=_opens(article.text, block.span.start, part[0].span.start))
                    for part in parts
                    if len(part) <= MAX_WORDS
                )


def _in_title_case(text: str, block: Block) -> bool:
    """Tell whether a block is a headline in which every longer word has a capital, or all in capitals."""
    words = block.span.of(text)
    if words.isupper():
        return True
    if block.kind is not BlockKind.HEADING and (
        block.kind is not BlockKind.PARAGRAPH or words.rstrip().endswith(tuple(_ENDS + _CLOSING))
    ):
        return False
    if block.kind is BlockKind.PARAGRAPH and len(words) > MAX_HEADLINE * 20:
        return False
    found = _WORDS.findall(words)
    later = [word for word in found[1:] if len(word) >= LONG]
    least, most = (1, len(found)) if block.kind is BlockKind.HEADING else (LONG, MAX_HEADLINE)
    capitals = all(not word[0].islower() for word in later)
    return capitals and least <= len(later) and len(found) <= most


def _runs(
    text: str, span: Span, masked: bytearray, vocabulary: Collection[str]
) -> Iterator[tuple[Word, ...]]:
    """Yield the runs of words with capitals that belong together by what stands between them."""
    run: list[Word] = []
    for found in _WORD.finditer(text, span.start, span.end):
        word, ended = _word(found, vocabulary)
        if masked.find(1, word.span.start, word.span.end) >= 0:
            continue
        gap = _gap(text, run, word, vocabulary) if run else None
        if gap is None:
            if run:
                yield tuple(run)
            run = [word]
        else:
            run.append(Word(word.span, word.text, gap))
        if ended:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _word(found: re.Match[str], vocabulary: Collection[str]) -> tuple[Word, bool]:
    """Return a word without prefix, possessive and a small second half, and whether the name ends with it."""
    start, text = found.start(), found[0]
    prefix = found["prefix"]
    if prefix and not (prefix[-1] in "-‐‑" and prefix[:-1] in ARTICLES_BEFORE_NAMES):
        start, text = start + len(prefix), text[len(prefix) :]
    bare = _POSSESSIVE.sub("", text)
    head, _, tail = bare.replace("‐", "-").replace("‑", "-").rpartition("-")
    if head and len(tail) > 2 and tail in vocabulary:  # noqa: PLR2004 - `US-backed`, but `Kim Jong-un` and `Moon Jae-in`
        bare = bare[: len(head)]
    return Word(Span(start, start + len(bare)), bare, ""), bare != text


def _gap(text: str, run: list[Word], word: Word, vocabulary: Collection[str]) -> str | None:
    """Return the small words between a run and its next word, or None where that begins another name."""
    before = run[-1]
    between = text[before.span.end : word.span.start]
    if len(between) > 16:  # noqa: PLR2004 - ` van der ` and ` for the ` fit
        return None
    if between.startswith(".") and before.small in ABBREVIATIONS:
        between = between[1:]
    if _GAP.fullmatch(between):
        return ""
    small = " ".join(between.split())
    if _GAP.sub(" ", between) != f" {small} ":
        return None
    parts = small.split()
    if small == "&" or all(part in JOINING or (part == "the" and n) for n, part in enumerate(parts)):
        return small
    if parts[0] in {"for", "on"} and parts[1:] in ([], ["the"]) and before.small in BODIES:
        return small
    of_a_body = any(w.gap and one.small in BODIES for one, w in pairwise(run))
    common = before.small in vocabulary and word.small in vocabulary and len(run) == 1
    return small if small == "and" and (of_a_body or common) else None


def _split(run: tuple[Word, ...], vocabulary: Collection[str]) -> list[tuple[Word, ...]]:
    """Return the parts of an English run that lie between titles, days and small words."""
    parts: list[list[Word]] = [[]]
    after_title = False
    for word in run:
        part, small = parts[-1], word.small
        if small in TITLES or (small == "executive" and part and part[-1].small == "chief"):
            while part and part[-1].small in BEFORE_TITLES:
                part.pop()
            parts.append([])
        elif small == "justice" and part and part[-1].small in {"court", "chief", "associate"}:
            parts.append([])
        elif (
            small in CALENDAR
            and len(part) == 1
            and part[0].small in vocabulary
            and part[0].small not in SMALL_WORDS
        ):
            part.append(word)  # Black Friday, Super Tuesday
            parts.append([])
        elif _is_no_name(word, after_title=after_title):
            parts.append([])
        else:
            part.append(word)
        after_title = small in TITLES
    return [tuple(part) for part in parts if part]


def _is_no_name(word: Word, *, after_title: bool) -> bool:
    """Tell whether an English word belongs to no name: `who`, `Monday`, the `State` of a secretary."""
    of_an_office = after_title and bool(word.gap) and word.small in AFTER_SECRETARY_OF
    return (word.small in SMALL_WORDS and not word.is_acronym) or word.small in CALENDAR or of_an_office


def _opens(text: str, first: int, start: int) -> bool:
    """Tell whether the word at `start` begins a sentence, a quotation or the block that begins at `first`."""
    at = start
    while at > first and text[at - 1] in "([—–-*":
        at -= 1
    if at > first and text[at - 1] in _OPENING:
        return True
    adjacent = at
    while at > first and text[at - 1].isspace():
        at -= 1
    wide, closing = adjacent - at > 1, at
    while at > first and text[at - 1] in _CLOSING:
        at -= 1
    if at <= first or wide or closing - at > 1:  # `((A speaker)) Yes`
        return True
    if text[at - 1] not in _ENDS:
        return False
    word = re.search(rf"[{_L}.]+$", text[max(first, at - 12) : at - 1])
    return not (
        text[at - 1] == "."
        and word is not None
        and (len(word[0]) == 1 or "." in word[0] or word[0].lower() in ABBREVIATIONS)
    )
