"""Gaps: suggestions as other programs read them, and as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.check.near_matches import LIKELY_ALIAS, LIKELY_SPELLING, Reason
from generator.issues import quote
from generator.link.concordance import kwic_lines
from generator.model import AnnotatedArticle, Mention

if TYPE_CHECKING:
    from generator.check.near_matches import NearMatch
    from generator.check.suggestions import Place, Suggestion

SENTENCES = 2
"""Shown of each suggestion, of different articles where there are several."""
LOOKED_AT = 8
"""Places that are looked at to find as many: a name may stand several times in a sentence."""
MAX_SIDE = 100
"""Characters shown on either side of the name."""
_REASONS = {
    Reason.SPELLING: "spelt otherwise",
    Reason.MISSPELLING: "a letter or two differ",
    Reason.INITIALS: "one is the initials of the other",
    Reason.SHORT: "a part of it",
    Reason.DEMONYM: "perhaps its adjective",
    Reason.LONGER: "a part of this name",
    Reason.SHARED: "they share a word",
}


def advice(near: tuple[NearMatch, ...]) -> str:
    """Return what to make of a name: `spelling`, `alias` or `entry`."""
    reason = near[0].reason if near else None
    return "spelling" if reason in LIKELY_SPELLING else "alias" if reason in LIKELY_ALIAS else "entry"


def suggestion_as_json(suggestion: Suggestion, near: tuple[NearMatch, ...]) -> dict[str, Any]:
    """Return a suggestion as `archive suggest --format json` prints it."""
    return {
        "id": suggestion.id,
        "name": suggestion.name,
        "spellings": suggestion.spellings,
        "short_forms": dict(sorted(suggestion.short_forms.items())),
        "articles": suggestion.articles,
        "occurrences": len(suggestion.places),
        "advice": advice(near),
        "near": [{"entry": m.entity_id, "alias": m.alias, "reason": m.reason.value} for m in near],
        "sentences": [
            {"path": place.article.article.path, "line": line, "column": column, "text": sentence}
            for place, (line, column), sentence in _sentences(suggestion)
        ],
    }


def suggestion_as_text(suggestion: Suggestion, near: tuple[NearMatch, ...]) -> str:
    """Return a suggestion in words: how often, where, what it is near to, and what to type."""
    places, articles = len(suggestion.places), suggestion.articles
    count = "once" if places == 1 else f"{places:,} times"
    ways = [f"{number:,} as {quote(form)}" for form, number in sorted(suggestion.short_forms.items())]
    ways += [f"also {quote(spelling)}" for spelling in suggestion.spellings[1:]]
    lines = [
        f"{suggestion.id}: {quote(suggestion.name)} {count} in {articles:,} "
        + ("article" if articles == 1 else "articles")
        + (f" ({', '.join(ways)})" if ways else "")
    ]
    for place, (line, column), sentence in _sentences(suggestion):
        lines.append(f"  {place.article.article.path}:{line}:{column}: {sentence}")
    lines += [f"  near {m.entity_id}: {quote(m.alias)}, {_REASONS[m.reason]}" for m in near]
    kind = advice(near)
    target = f" --as {near[0].entity_id}" if kind != "entry" else ""
    what = {"spelling": "another spelling of an alias", "alias": "a new alias", "entry": "a new entry"}[kind]
    return "\n".join([*lines, f"  perhaps {what}: archive suggest --accept {suggestion.id}{target}"])


def _sentences(suggestion: Suggestion) -> list[tuple[Place, tuple[int, int], str]]:
    """Return some places with line, column and sentence, each sentence once; full names go before short forms."""
    ordered = sorted(suggestion.places, key=lambda place: place.short)
    first = {place.article.article.id: place for place in reversed(ordered)}
    chosen = [place for place in ordered if place is first[place.article.article.id]]
    chosen += [place for place in ordered if place is not first[place.article.article.id]]
    shown: dict[tuple[str, str], tuple[Place, tuple[int, int], str]] = {}
    for place in chosen[:LOOKED_AT]:
        article = place.article.article
        # the concordance prints mentions; this one stands in for a name that has no entry yet
        stand_in = Mention(place.span, place.surface, suggestion.id, "name")
        ((_, line),) = kwic_lines(AnnotatedArticle(article, (stand_in,)))
        whole = f"{line.left}{line.keyword}{line.right}"
        sentence = f"{_cut(line.left, keep_end=True)}{line.keyword}{_cut(line.right, keep_end=False)}"
        shown.setdefault((article.id, whole), (place, article.place_of(place.span.start), sentence))
        if len(shown) == SENTENCES:
            break
    return list(shown.values())


def _cut(text: str, *, keep_end: bool) -> str:
    """Return one side of a name, shortened at a space where it is long."""
    if len(text) <= MAX_SIDE:
        return text
    return "…" + text[-MAX_SIDE:].partition(" ")[2] if keep_end else text[:MAX_SIDE].rpartition(" ")[0] + "…"
