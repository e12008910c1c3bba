"""Coverage: what of a glossary the archive uses, and where the texts have words that the glossary knows.

The gazetteer is asked once more for everything that it finds, which is compared with what came of it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.fold import fold
from generator.annotate.gazetteer import Gazetteer
from generator.annotate.masks import find_masks
from generator.annotate.overrides import Occurrences
from generator.issues import Issue, Level, quote
from generator.model import Span, Strength

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Alias, AnnotatedArticle, Entity, Mention, Seeds


def known_spans(annotated: AnnotatedArticle, gazetteer: Gazetteer) -> Iterator[Span]:
    """Yield the spans of an article that need no entry: mentions, known words not linked, skipped words."""
    yield from (mention.span for mention in annotated.mentions)
    yield from _hits(annotated, gazetteer)
    article = annotated.article
    occurrences = Occurrences(article, fold(article.text), lambda _: True)
    for override in article.front_matter.overrides.skip:
        yield from occurrences.of(override)


def _hits(annotated: AnnotatedArticle, gazetteer: Gazetteer) -> Iterator[Span]:
    """Yield the spans outside masks at which a form that an entry lists, or a stop name, stands."""
    text = annotated.article.text
    folded = fold(text)
    masked = bytearray(len(text))
    for mask in find_masks(text):
        masked[mask.start : mask.end] = b"\x01" * len(mask)
    for pattern, start, end in gazetteer.find(folded):
        if gazetteer.is_listed(pattern) and masked.find(1, start, end) < 0:
            yield Span(start, end)


class _Form(Struct, frozen=True):
    """A name or alias and the line of its seed."""

    entity: Entity
    alias: Alias
    line: int


def check_coverage(seeds: Seeds, annotated: Iterable[AnnotatedArticle]) -> list[Issue]:
    """Return notices: entries never mentioned, aliases never used, forms that only ever lose."""
    gazetteer = Gazetteer(seeds.entities)
    forms = _forms(seeds.entities)
    fates: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    mentioned: set[str] = set()
    for article in annotated:
        mentioned |= {mention.entity_id for mention in article.mentions if mention.entity_id is not None}
        for span, mention in _pair(list(dict.fromkeys(_hits(article, gazetteer))), article.mentions):
            for form in _owners(span.of(article.article.text), forms):
                fates[form.entity.id, form.alias.text][_fate(form.entity, span, mention)] += 1
    mentioned |= {a.front_matter.outlet for a in seeds.articles if a.front_matter.outlet is not None}
    return [issue for entity in seeds.entities for issue in _check_entity(entity, fates, mentioned)]


def _forms(entities: Iterable[Entity]) -> dict[str, list[_Form]]:
    """Return the forms of all entries by their spelling, and by that in capitals."""
    forms: dict[str, list[_Form]] = defaultdict(list)
    for entity in entities:
        for form in _lines(entity):
            spelling = _spelling(form.alias.text)
            forms[spelling].append(form)
            if not form.alias.exact and spelling.upper() != spelling:
                forms[spelling.upper()].append(form)
    return forms


def _lines(entity: Entity) -> Iterator[_Form]:
    """Yield the name and the aliases of an entry with their lines."""
    lines = dict(zip(entity.aliases, entity.alias_lines, strict=True))
    for alias in entity.surface_forms:
        yield _Form(entity, alias, lines.get(alias, entity.name_line))


def _spelling(text: str) -> str:
    return fold(unicodedata.normalize("NFC", " ".join(text.split())))


def _owners(surface: str, forms: dict[str, list[_Form]]) -> list[_Form]:
    return forms.get(_spelling(surface), [])


def _pair(spans: list[Span], mentions: tuple[Mention, ...]) -> Iterator[tuple[Span, Mention | None]]:
    """Yield each span with the mention that overlaps it, in one pass: mentions are sorted and disjoint."""
    at = 0
    for span in sorted(spans):
        while at < len(mentions) and mentions[at].span.end <= span.start:
            at += 1
        near = mentions[at] if at < len(mentions) else None
        yield span, near if near is not None and near.span.overlaps(span) else None


_LINKED = "linked"
_OWN = "inside a longer form of its own entry"
_INSIDE, _AMBIGUOUS, _OTHER, _ALONE = (
    "inside a longer name",
    "ambiguous",
    "taken by another entry",
    "left alone",
)


def _fate(entity: Entity, span: Span, mention: Mention | None) -> str:
    """Return what became of a form where it was found."""
    if mention is None:
        return _ALONE
    if mention.span != span:
        return _OWN if mention.entity_id == entity.id else _INSIDE
    if mention.entity_id is None:
        return _AMBIGUOUS
    return _LINKED if mention.entity_id == entity.id else _OTHER


def _check_entity(
    entity: Entity, fates: dict[tuple[str, str], Counter[str]], mentioned: set[str]
) -> Iterator[Issue]:
    """Yield what is to be said of one entry."""
    if entity.id not in mentioned:
        message = f"no article mentions {quote(entity.name)}"
        hint = "add the forms under which articles name it, or leave it for the articles to come"
        yield Issue(entity.path, entity.name_line, 0, "entry-never-mentioned", Level.NOTICE, message, hint)
    for form in _lines(entity):
        fate = fates.get((entity.id, form.alias.text), Counter())
        if set(fate) <= {_OWN}:
            if entity.id in mentioned and form.line != entity.name_line:
                where = "only inside longer forms of this entry" if fate else "in no article"
                message = f"{quote(form.alias.text)} stands {where}"
                hint = "leave it for the articles to come, or remove it if nobody writes it so"
                yield Issue(entity.path, form.line, 0, "alias-never-used", Level.NOTICE, message, hint)
        elif not fate[_LINKED]:
            yield _never_wins(form, fate)


def _never_wins(form: _Form, fate: Counter[str]) -> Issue:
    """Return the notice about a form that stands in articles and is never linked."""
    ordered = sorted(fate, key=lambda what: (-fate[what], what))
    ways = ", ".join(f"{fate[what]} times {what}" if fate[what] > 1 else f"once {what}" for what in ordered)
    message = f"{quote(form.alias.text)} stands in articles and is never linked: {ways}"
    hints = {
        _INSIDE: "leave it for the articles to come, or remove it if it only ever stands in the longer name",
        _AMBIGUOUS: "settle it with 'prefer' in an article, or mark it 'strength: weak' in the other entry",
        _OTHER: "remove it from one of the two entries, or let an article choose with 'prefer'",
        _ALONE: "give the article a full form, a period that fits, or its own word with 'prefer' or 'link'",
    }
    hint = hints[next(what for what in ordered if what != _OWN)]
    if form.alias.strength is Strength.WEAK:
        hint = "leave it: a weak form waits for an article's word; or make it stronger"
    return Issue(form.entity.path, form.line, 0, "alias-never-wins", Level.NOTICE, message, hint)
