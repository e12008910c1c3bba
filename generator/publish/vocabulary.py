"""Vocabulary: under which words of the index a token of a text is found; Pagefind itself says.

What stands between two spaces, `Port-au-Prince,`, is found under some words, `portauprinc`, `port`, `au`, `princ`. That
depends on the token alone, so Pagefind is asked once about each, with all new ones as the text of a single document,
and no text needs to be indexed again because another one has changed.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from generator.issues import SiteError
from generator.publish.documents import EVERY
from generator.publish.pagefind import converse, files_of, read_index, weighed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.publish.tokens import Tokens

_WEIGHT = 24
"""Of a word of plain text."""
_OWN = "___"
"""How the marks begin that Pagefind puts into texts for itself; a token that does is found under nothing."""


_MANY = 500_000
"""Tokens of which more are not remembered: some 100 MB."""
_Seen = tuple[str, str | None, int]
"""A word, its form with accents, and its weight."""


class Word(NamedTuple):
    """A word under which a token is found."""

    stem: str
    form: str | None
    """The word with its accents, where it has any: `cafe` is written `café`."""
    parts: int
    """Among how many parts of a token its weight is divided; 1 for a whole."""


class Vocabulary:
    """The words of tokens, as they become known."""

    def __init__(self, language: str) -> None:
        """Know nothing yet; of the language, Pagefind knows the stems of words."""
        self.plain: dict[str, str] = {}
        """Tokens that are found under one word, whole and without accents."""
        self.others: dict[str, tuple[Word, ...]] = {}
        """Those that are found under several, or none."""
        self.runtime: dict[str, bytes] = {}
        """The files of Pagefind that depend on no document, by their paths, once anything was asked."""
        self._language = language

    def learn(self, texts: Iterable[Tokens]) -> None:
        """Ask about the tokens of some texts that are not known yet.

        Raises:
            SiteError: Pagefind is not there, failed, or sees other tokens than we do.
        """
        if len(self.plain) + len(self.others) > _MANY:
            self.plain.clear()
            self.others.clear()
        lists = ((text.tokens, *(tokens for _, tokens in text.fields)) for text in texts)
        tokens = set().union(*chain.from_iterable(lists))
        new = sorted(t for t in tokens - self.plain.keys() - self.others.keys() if not t.startswith(_OWN))
        if new or not self.runtime:
            files, words = _ask(new or [EVERY], self._language)
            self.runtime = self.runtime or {path: data for path, data in files.items() if "/" not in path}
            for token, found in words:
                if len(found) == 1 and found[0].form is None:
                    self.plain[token] = found[0].stem
                else:
                    self.others[token] = found

    def words_of(self, token: str) -> tuple[Word, ...]:
        """Return the words under which a token is found that was asked about."""
        plain = self.plain.get(token)
        return self.others.get(token, ()) if plain is None else (Word(plain, None, 1),)


def _ask(tokens: Sequence[str], language: str) -> tuple[Mapping[str, bytes], Iterator[tuple[str, tuple[Word, ...]]]]:
    """Return the files of an index of these tokens, and what it says of each."""
    record = {"type": "AddRecord", "index_id": 0, "url": "/", "content": " ".join(tokens), "language": language}
    answers = converse(
        [
            {"type": "NewIndex", "config": {"force_language": language}},
            record,
            {"type": "GetFiles", "index_id": 0},
        ]
    )
    if answers[1]["page_word_count"] != len(tokens):
        raise SiteError("the search index could not be made: Pagefind divides texts otherwise than expected")
    files = files_of(answers[-1])
    found: list[list[_Seen]] = [[] for _ in tokens]
    for stem, pages, forms in read_index(files):
        for form, postings in [(None, pages), *forms]:
            for _, locations, _ in postings:
                for weight, place in weighed(locations):
                    found[place].append((stem, form, weight))
    return files, zip(tokens, map(_words, found), strict=True)


def _words(seen: Sequence[_Seen]) -> tuple[Word, ...]:
    """Return the words of a token; the parts of a compound share its weight, and tell so how many they are."""
    parts = min(sum(weight < _WEIGHT for _, _, weight in seen), 255)
    return tuple(Word(stem, form, 1 if weight == _WEIGHT else parts) for stem, form, weight in seen)
