"""Overrides: where the author of an article settles a surface form by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.annotate.fold import fold, is_whole_word, squeeze
from generator.issues import Issue, Level, quote
from generator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.model import Article, Override


class Occurrences:
    """Where the words of an article's overrides stand; what matches nothing gathers in `issues`.

    Args:
        article: the article.
        folded: its folded text.
        in_one_block: tells whether a span lies inside one block.
    """

    def __init__(self, article: Article, folded: str, in_one_block: Callable[[Span], bool]) -> None:
        self.issues: list[Issue] = []
        self._article = article
        self._folded = folded
        self._found: dict[str, list[Span]] = {}
        self._in_one_block = in_one_block

    def of(self, override: Override) -> list[Span]:
        """Return the spans that an override means; `nth` counts occurrences as whole words, from 1."""
        spans = self._find(override.surface)
        if override.nth is None and spans:
            return spans
        if override.nth is not None and override.nth <= len(spans):
            return [spans[override.nth - 1]]
        self.issues.append(self._without_match(override, len(spans)))
        return []

    def _find(self, surface: str) -> list[Span]:
        wanted = " ".join(fold(surface).split())
        if wanted not in self._found:
            self._found[wanted] = list(self._whole_words(wanted))
        return self._found[wanted]

    def _whole_words(self, wanted: str) -> Iterator[Span]:
        at = 0
        squeezed, places = squeeze(self._folded)
        while (start := squeezed.find(wanted, at)) >= 0:
            span = Span(places[start], places[start + len(wanted) - 1] + 1)
            if is_whole_word(self._folded, span.start, span.end) and self._in_one_block(span):
                yield span
                at = start + len(wanted)
            else:
                at = start + 1

    def _without_match(self, override: Override, count: int) -> Issue:
        if count:
            times = f"{count} time{'' if count == 1 else 's'}"
            message = f"{quote(override.surface)} stands {times} in the text, not {override.nth}"
            which = "'nth: 1'" if count == 1 else f"an 'nth' from 1 to {count}"
            hint = f"write {which}, or leave it out to mean all"
        elif override.surface.casefold() in self._article.text.casefold():
            message = f"{quote(override.surface)} is nowhere in the text as a whole word with these capitals"
            hint = "copy the words from the text as they stand there"
        else:
            message = f"{quote(override.surface)} is nowhere in the text"
            hint = "copy the words from the text, or remove this line"
        return Issue(
            self._article.path,
            override.line,
            override.column,
            "override-without-match",
            Level.ERROR,
            message,
            hint,
        )
