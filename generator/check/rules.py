"""Rules: warnings and notices that need all seeds at once. Errors of single seeds arise where they are read."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.annotate.fold import fold
from generator.check.lookalikes import look_alikes
from generator.issues import Issue, Level, quote
from generator.model import Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Alias, AnnotatedArticle, Article, Entity, Seeds


def check_archive(seeds: Seeds, annotated: Iterable[AnnotatedArticle]) -> list[Issue]:
    """Return the warnings and notices about an archive."""
    return [
        *_check_shared_aliases(seeds.entities),
        *look_alikes(seeds.entities),
        *_check_same_text(seeds.articles),
        *(issue for article in seeds.articles for issue in _check_text(article)),
        *(issue for article in annotated for issue in _check_ambiguous(article)),
    ]


def _forms(entity: Entity) -> Iterator[tuple[Alias, int]]:
    """Yield the surface forms of an entry with their lines."""
    lines = dict(zip(entity.aliases, entity.alias_lines, strict=True))
    for alias in entity.surface_forms:
        yield alias, lines.get(alias, entity.name_line)


def _check_shared_aliases(entities: Iterable[Entity]) -> Iterator[Issue]:
    """Two entries with one full alias, valid at the same time: neither can be linked by it."""
    owners: dict[str, list[tuple[Entity, Alias, int]]] = defaultdict(list)
    for entity in entities:
        for alias, line in _forms(entity):
            if alias.strength is Strength.FULL:
                owners[fold(unicodedata.normalize("NFC", alias.text))].append((entity, alias, line))
    for sharing in owners.values():
        for entity, alias, line in sharing:
            others = [e.id for e, a, _ in sharing if e.id != entity.id and _at_the_same_time(a, alias)]
            if others:
                message = f"{quote(alias.text)} also names {', '.join(others)} with equal strength"
                hint = "mark one 'strength: weak', or let an article choose with 'annotations: {prefer: …}'"
                yield Issue(entity.path, line, 0, "shared-alias", Level.WARNING, message, hint)


def _at_the_same_time(one: Alias, other: Alias) -> bool:
    starts_before_end = one.since is None or other.until is None or one.since <= other.until
    ends_after_start = one.until is None or other.since is None or one.until >= other.since
    return starts_before_end and ends_after_start


def _check_same_text(articles: Iterable[Article]) -> Iterator[Issue]:
    """Two articles with the same words."""
    alike: dict[tuple[str, ...], list[Article]] = defaultdict(list)
    for article in articles:
        words = article.text[:_OPENING].split(maxsplit=_FIRST_WORDS)
        if len(words) <= _FIRST_WORDS:  # the last of them may go on
            words = article.text.split(maxsplit=_FIRST_WORDS)
        first_words = tuple(words[:_FIRST_WORDS])
        if first_words:
            alike[first_words].append(article)
    for some in alike.values():
        yield from _check_same_words(some)


_FIRST_WORDS = 12
"""Only articles that begin with the same words are compared word for word."""
_OPENING = 400
"""Code points that nearly always hold them."""


def _check_same_words(articles: list[Article]) -> Iterator[Issue]:
    """Those of some articles that have the same words as one before."""
    if len(articles) == 1:
        return
    seen: dict[tuple[str, ...], Article] = {}
    for article in articles:
        first = seen.setdefault(tuple(article.text.split()), article)
        if first is not article:
            message = f"the text is the same as that of {first.path}"
            hint = (
                "keep one and give it 'replaces' with the other's id, or leave both if it was published twice"
            )
            yield Issue(article.path, article.first_line, 0, "same-text", Level.WARNING, message, hint)


_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def _check_text(article: Article) -> Iterator[Issue]:
    """What a text shows as typed although its author may have meant something else."""
    tag = "<" in article.text and _TAG.search(article.text)
    if tag:
        message = f"{quote(tag[0])} looks like a tag and is shown as typed"
        hint = "restore the words of the source if the tag is not among them; else leave it"
        yield Issue(
            article.path, *article.place_of(tag.start()), "looks-like-a-tag", Level.NOTICE, message, hint
        )
    hidden = not article.text.isascii() and _HIDDEN.search(article.text)
    if hidden:
        name = f"U+{ord(hidden[0]):04X} {unicodedata.name(hidden[0])}"
        turns = hidden[0] in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        kind, what = ("direction-mark", "direction mark") if turns else ("hidden-character", "character")
        message = f"the text holds the invisible {what} {name}"
        hint = "leave it if the source has it: the words stay as they are"
        yield Issue(article.path, *article.place_of(hidden.start()), kind, Level.NOTICE, message, hint)


# Direction controls, and zero-width characters that no script needs.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")


def _check_ambiguous(annotated: AnnotatedArticle) -> Iterator[Issue]:
    """A mention left unlinked because it may mean several entities."""
    article = annotated.article
    unlinked = [mention for mention in annotated.mentions if mention.entity_id is None]
    if not unlinked:
        return
    places = article.places_of(mention.span.start for mention in unlinked)
    for mention, (line, column) in zip(unlinked, places, strict=True):
        message = f"{quote(mention.surface)} may mean {' or '.join(mention.candidates)} and is not linked"
        choice = f"prefer: {{{' '.join(mention.surface.split())}: {mention.candidates[0]}}}"
        hint = (
            f"choose for this article with 'annotations: {{{choice}}}', leave it alone with 'skip', "
            "or mark the alias 'strength: weak' in one of the entries"
        )
        yield Issue(article.path, line, column, "ambiguous", Level.NOTICE, message, hint)
