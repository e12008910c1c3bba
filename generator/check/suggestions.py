"""Suggestions: the names of an archive that its glossary lacks, most frequent first.

What counts as a name is decided here for the whole archive at once: a capital at a sentence's start counts
only if the same name stands elsewhere inside a sentence, a single word only if it has a capital more often than
not.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from generator.annotate.common_words import SMALL_WORDS
from generator.annotate.masks import find_masks
from generator.check.names import Name, find_names, has_capitals, small_words
from generator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.model import AnnotatedArticle

    Known = Callable[[AnnotatedArticle], Iterable[Span]]

MAX_ID = 80
_ASCII = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_ACRONYM_AFTER = re.compile(r" \((?:the |or )?[\"“]?([A-Z][A-Za-z&-]{0,8}[A-Zs])[\"”]?[);,]")


class Place(Struct, frozen=True):
    """Where a name stands."""

    article: AnnotatedArticle
    span: Span
    surface: str
    """The name as it is spelt there, in single spaces."""
    opens: bool = False
    """Whether it begins a sentence."""
    short: bool = False
    """Whether it is a short form of the name, which stands in full in the same article."""


class Suggestion(Struct):
    """A name that no entry has, with every place where it stands, in the order of the articles' ids."""

    id: str
    """A slug of the name: it depends on nothing else."""
    places: list[Place] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The most frequent full spelling; of several, the first in the alphabet."""
        return self.spellings[0]

    @property
    def spellings(self) -> list[str]:
        """Every full spelling, most frequent first; an acronym comes after what it stands for."""
        found = Counter(place.surface for place in self.places if not place.short)
        return sorted(found, key=lambda spelling: (slug(spelling) != self.id, -found[spelling], spelling))

    @property
    def short_forms(self) -> Counter[str]:
        """Short forms, with how often each stands for the name."""
        return Counter(place.surface for place in self.places if place.short)

    @property
    def articles(self) -> int:
        """In how many articles it stands."""
        return len({place.article.article.id for place in self.places})


def slug(name: str) -> str:
    """Return the id of a suggestion: ASCII letters and digits of the name, or a digest where it has others.

    >>> slug("Recep Tayyip Erdoğan"), slug("U.S. Senate"), slug("Al-Shara’s")
    ('recep-tayyip-erdogan', 'us-senate', 'al-sharas')
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"[.'’]", "", name)).casefold().translate(_ASCII)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = "-".join(re.findall(r"[^\W_]+", plain))
    if words.isascii() and 0 < len(words) <= MAX_ID:
        return words
    return f"name-{hashlib.sha256(plain.encode()).hexdigest()[:12]}"


def suggest(articles: Sequence[AnnotatedArticle], known: Known, rejected: Iterable[str]) -> list[Suggestion]:
    """Return a suggestion for each name that is not known, most articles first, then most places, then by id.

    Args:
        articles: the archive, sorted by id.
        known: gives the spans of an article whose words the glossary knows, linked or not.
        rejected: names that are never suggested.
    """
    vocabulary = Counter(
        word for a in articles if has_capitals(a.article) for word in small_words(a.article.text)
    )
    covered: set[str] = set()
    found = [(article, _unknown_names(article, known, vocabulary, covered)) for article in articles]
    known_slugs = {slug(text) for text in covered}
    inside = {slug(name.text) for _, names in found for name in names if not name.opens}
    suggestions: dict[str, Suggestion] = {}
    for article, names in found:
        for name in names:
            settled = _settle_start(name, inside, vocabulary)
            key = slug(settled.text) if settled is not None else ""
            if settled is not None and (settled is name or key not in known_slugs):
                place = Place(article, settled.span, settled.text, settled.opens)
                suggestions.setdefault(key, Suggestion(key)).places.append(place)
    _cut_off_first_names(suggestions, known_slugs)
    _merge_acronyms(suggestions)
    _merge_short_forms(suggestions)
    for suggestion in suggestions.values():
        suggestion.places.sort(key=lambda place: (place.article.article.id, place.span))
    no_names = {slug(name) for name in rejected}
    kept = [s for s in suggestions.values() if s.id not in no_names and s.places and _is_name(s, vocabulary)]
    return sorted(kept, key=lambda s: (-s.articles, -len(s.places), s.id))


def _unknown_names(
    article: AnnotatedArticle, known: Known, vocabulary: Mapping[str, int], covered: set[str]
) -> list[Name]:
    """Return the names of which the glossary does not know every word; `covered` gathers what it knows."""
    text = article.article.text
    flags = bytearray(len(text))
    for span in known(article):
        flags[span.start : span.end] = b"\x01" * len(span)
        covered.add(span.of(text))
    names = find_names(article.article, find_masks(text), vocabulary)
    return [name for name in names if not all(flags[word.span.start] for word in name.words)]


def _settle_start(name: Name, inside: set[str], vocabulary: Mapping[str, int]) -> Name | None:
    """Return what of a name counts: its first word may have its capital from the sentence that it begins."""
    if not name.opens or slug(name.text) in inside:
        return name
    first = name.words[0].small
    is_common = first in vocabulary or first in SMALL_WORDS
    return name.without_first() if is_common or not name.words[1:] else name


def _is_name(suggestion: Suggestion, vocabulary: Mapping[str, int]) -> bool:
    """Tell whether a single word has its capital more often than not; several words are a name."""
    name = suggestion.name
    inside = sum(not place.opens for place in suggestion.places)
    common = 0 if name.isupper() else vocabulary.get(name.lower(), 0)
    return " " in name or (
        len(suggestion.id) > 1 and common <= inside and len(suggestion.places) <= 3 * inside
    )


def _cut_off_first_names(suggestions: dict[str, Suggestion], known: set[str]) -> None:
    """Give the places of `Vermont Bernie Sanders` (a senator from there) to `Bernie Sanders`."""
    counts = {key: len(suggestion.places) for key, suggestion in suggestions.items()}
    for key in sorted(suggestions):
        words = suggestions[key].name.split()
        for cut in range(1, len(words) - 1):
            first, rest = slug(" ".join(words[:cut])), slug(" ".join(words[cut:]))
            if (first in known or first in counts) and counts.get(rest, 0) > counts[key]:
                for place in suggestions.pop(key).places:
                    surface = " ".join(place.surface.split()[cut:])
                    start = _start_of(place, surface)
                    suggestions[rest].places.append(
                        Place(place.article, Span(start, place.span.end), surface)
                    )
                break


def _start_of(place: Place, rest: str) -> int:
    """Return where the last words of a name begin: spaces in the text may be wider than those of the name."""
    text, at = place.article.article.text, place.span.end
    for word in reversed(rest.split()):
        at = text.rindex(word, place.span.start, at)
    return at


def _merge_acronyms(suggestions: dict[str, Suggestion]) -> None:
    """Give the places of `WHO` to the name that an article has as `World Health Organization (WHO)`."""
    introduced: dict[str, Counter[str]] = defaultdict(Counter)
    for suggestion in suggestions.values():
        for place in suggestion.places:
            after = _ACRONYM_AFTER.match(place.article.article.text, place.span.end)
            if after and " " in place.surface and _may_stand_for(after[1], place.surface):
                introduced[slug(after[1])][suggestion.id] += 1
    for acronym, names in introduced.items():
        if acronym in suggestions:
            chosen = _most_frequent(names)
            if chosen != acronym:
                suggestions[chosen].places += suggestions.pop(acronym).places


def _may_stand_for(acronym: str, name: str) -> bool:
    """Tell whether the letters of an acronym stand in a name in this order, the first at its beginning."""
    letters = iter(name.lower())
    return name[0].lower() == acronym[0].lower() and all(
        char in letters for char in acronym.removesuffix("s").lower() if char.isalpha()
    )


def _merge_short_forms(suggestions: dict[str, Suggestion]) -> None:
    """Give the places of `Johnson` to `Boris Johnson` in one article, if most of its articles have him."""
    by_last: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for suggestion in suggestions.values():
        for place in suggestion.places:
            words = re.split(r"\s+", place.surface)
            if len(words) > 1 and not words[-2].islower():
                by_last[slug(words[-1])][place.article.article.id][suggestion.id] += 1
    for short, longer in by_last.items():
        if short not in suggestions:
            continue
        places = suggestions[short].places
        articles = {place.article.article.id for place in places}
        if len(articles & set(longer)) * 2 < len(articles):
            continue
        full = {article: _most_frequent(longer[article]) for article in articles & set(longer)}
        suggestions[short].places = [place for place in places if place.article.article.id not in full]
        for place in places:
            if chosen := full.get(place.article.article.id):
                suggestions[chosen].places.append(replace(place, short=True))


def _most_frequent(counts: Counter[str]) -> str:
    """Return the key with the highest count; of several, the first in the alphabet."""
    return min(counts, key=lambda key: (-counts[key], key))
