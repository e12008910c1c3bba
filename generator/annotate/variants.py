"""Variants: the forms of a name that nobody lists because everybody writes them. An entry comes in, forms go out.

Every variant is made by a rule that has a name, a heading in docs/linking.md, and can be switched off in an entry
with `without`. Nothing derived is ever stored.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from generator.annotate.common_words import GENERIC
from generator.annotate.countries import OTHER_NAMES
from generator.annotate.fold import unify
from generator.model import Alias, Kind, Strength

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.model import Entity

_BODIES = frozenset({Kind.ORGANISATION, Kind.OUTLET})


def derive(entity: Entity) -> Iterator[tuple[str, Alias]]:
    """Yield the rule and the form of every variant of an entry's name and aliases, as often as rules make it."""
    forms = list(entity.surface_forms)
    if "country-name" not in entity.without:
        others = [variant for alias in forms for variant in _country_names(entity, alias)]
        yield from (("country-name", variant) for variant in others)
        forms += others
    for rule, variants in _RULES.items():
        if rule not in entity.without:
            derived = [variant for alias in forms for variant in variants(entity, alias)]
            yield from ((rule, variant) for variant in derived)
            forms += derived if rule == "plural" else []


def _full(alias: Alias) -> bool:
    return alias.strength is Strength.FULL


def _country_names(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """Yield the other names of `United States`: `US`, `U.S.`, `USA`."""
    if entity.kind in (Kind.PLACE, Kind.ORGANISATION) and _full(alias):
        for name in _other_names().get(unify(alias.text), ()):
            yield replace(alias, text=name, language=None, exact=name.isupper())


@cache
def _other_names() -> dict[str, tuple[str, ...]]:
    return {name: tuple(other for other in row if other != name) for row in OTHER_NAMES for name in row}


def _dotted_initials(_: Entity, alias: Alias) -> Iterator[Alias]:
    """`U.N.` for `UN`, and the other way round."""
    if re.fullmatch(r"[A-Z]{2,5}", alias.text):
        yield replace(alias, text=".".join(alias.text) + ".", exact=True)
    elif re.fullmatch(r"(?:[A-Z]\.){2,5}", alias.text):
        yield replace(alias, text=alias.text.replace(".", ""), exact=True)


def _without_article(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`New York Times` for `The New York Times`, `Gambia` for `The Gambia`; never `Sun` for `The Sun`."""
    words = alias.text.split()
    if _full(alias) and words[0] == "The" and (len(words) > 2 or entity.kind is Kind.PLACE):  # noqa: PLR2004
        yield replace(alias, text=" ".join(words[1:]))


_COMPANY_FORM = re.compile(
    r",? (?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|L\.L\.C|PLC|plc|AG|S\.?A|SE|GmbH|N\.V|SpA|AB|ASA|Co"
    r"|Company)\.?$"
)


def _company_form(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Boeing` for `Boeing Inc.`."""
    if entity.kind in _BODIES and _full(alias):
        short = _COMPANY_FORM.sub("", alias.text)
        if short not in ("", alias.text):
            yield replace(alias, text=short)


_LARGE_UNITS = "Province|Governorate|Prefecture|Oblast|Regency"
_SMALL_UNITS = "County|District|State|Department|Region|Municipality|Raion|Krai"
_PLACE_TYPE = re.compile(rf"(?P<name>.+) (?:(?P<large>{_LARGE_UNITS})|{_SMALL_UNITS})")
_NO_NAMES = frozenset(
    (
        "Northern",
        "Southern",
        "Eastern",
        "Western",
        "Central",
        "North",
        "South",
        "East",
        "West",
        "Federal",
        "National",
    )
)


def _place_without_type(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Nyanza` for `Nyanza Province`, never `Northern` for `Northern Province`; `Orange` only as a short form."""
    found = _PLACE_TYPE.fullmatch(alias.text)
    if entity.kind is Kind.PLACE and _full(alias) and found:
        name = found["name"]
        if not _NO_NAMES.intersection(re.split(r"[ -]", name)[:1]) or " " in name:
            yield replace(alias, text=name, strength=Strength.FULL if found["large"] else Strength.SHORT)


def _plural(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Syrians` for the demonym `Syrian`, `ceasefires` for the term `ceasefire`."""
    term = entity.kind is Kind.TERM and _full(alias) and alias.text.islower()
    if (term or alias.strength is Strength.DEMONYM) and re.search(r"[a-z]$", alias.text):
        if re.search(r"(?:s|x|z|ch|sh|ese|ss)$", alias.text):
            return
        yield replace(alias, text=re.sub("([^aeiou])y$", r"\1ie", alias.text) + "s")


_GENERATION = re.compile(r"(?:Jr|Sr|II|III|IV|VI{0,3})\.?,?")
_BEFORE_GIVEN_NAMES = frozenset(
    ["Pope", "King", "Queen", "Prince", "Princess", "Saint", "St", "St.", "Emperor", "Patriarch", "Sultan"]
)
_SHORTEST_SURNAME = 3


def _surname(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Al-Shara` for `Ahmad Al-Shara`, `von der Leyen` and `Leyen` for `Ursula von der Leyen`: short forms."""
    words = [word for word in alias.text.replace(",", "").split() if not _GENERATION.fullmatch(word)]
    if (
        entity.kind is not Kind.PERSON
        or not _full(alias)
        or len(words) < 2  # noqa: PLR2004 - a given name and a surname
        or words[0] in _BEFORE_GIVEN_NAMES
    ):
        return
    first = len(words) - 1
    while first > 1 and (words[first - 1].islower() or words[first - 1] in ("Al", "El")):
        first -= 1
    for surname in dict.fromkeys((words[-1], " ".join(words[first:]))):
        if (
            len(surname) >= _SHORTEST_SURNAME
            and not surname[0].isdigit()
            and not (words[-1].islower() and words[-1].isascii())
        ):
            yield replace(alias, text=surname, strength=Strength.SHORT)


_SHORTEST_WORD = 4


def _first_word(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Lockheed` for `Lockheed Martin`: a short form."""
    words = alias.text.split()
    if entity.kind in _BODIES and _full(alias) and len(words) > 1:
        first = words[0]
        if len(first) >= _SHORTEST_WORD and first.isalpha() and first[0].isupper() and first not in GENERIC:
            yield replace(alias, text=first, strength=Strength.SHORT)


_LEFT_OUT = frozenset(
    ["a", "an", "and", "at", "de", "des", "du", "for", "in", "of", "on", "the", "to", "und"]
)


def _initials(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`WHO` for `World Health Organization`: a short form, in capitals as written."""
    words = [word for word in re.split(r"[ -]", alias.text) if word and word.lower() not in _LEFT_OUT]
    if entity.kind in (Kind.PERSON, Kind.TERM) or not _full(alias) or not 2 <= len(words) <= 6:  # noqa: PLR2004
        return
    if all(word[0].isascii() and word[0].isupper() for word in words):
        yield replace(alias, text="".join(word[0] for word in words), strength=Strength.SHORT, exact=True)


def _arabic_article(_: Entity, alias: Alias) -> Iterator[Alias]:
    """`lil-Qunaytira` for `al-Qunaytira`, in Arabic letters: after `li-`, the article loses its alef."""
    if alias.text.startswith("\u0627\u0644"):
        yield replace(alias, text="\u0644" + alias.text[1:])


_ARTICLE = re.compile(r"\b(?:[aA]l|[eE]l|[aA]s|[aA]sh|[aA]n|[aA]r|[aA]d|[aA]z|[aA]t)[- ](?=[A-Z'])")
_ARTICLES = ("al-", "Al-", "Al ", "al ", "el-", "El-", "El ", "Al", "El")
_ALTERNATIONS = (("ou", "u"), ("q", "k"), ("Q", "K"), ("ee", "i"), ("aa", "a"), ("dh", "d"), ("kh", "ch"))
_TRANSLITERATED = frozenset({"ar", "he", "fa", "ckb", "ku"})
_MAX_SPELLINGS = 96
_SHORTEST_TRANSLITERATED = 5


def _transliteration(entity: Entity, alias: Alias) -> Iterator[Alias]:
    """`Qunaitra`, `al-Quneitra`: the usual ways to write an Arabic or Hebrew name in Latin letters."""
    languages = {(other.language or "").split("-")[0] for other in entity.aliases}
    if (
        not languages & _TRANSLITERATED
        or len(alias.text) < _SHORTEST_TRANSLITERATED
        or not alias.text.isascii()
    ):
        return
    if alias.strength not in (Strength.FULL, Strength.SHORT) or alias.exact or entity.kind is Kind.TERM:
        return
    spellings = dict.fromkeys([alias.text])
    for rule in (_other_articles, _other_vowels, _other_doublings, _without_apostrophes):
        spellings.update((new, None) for old in list(spellings) for new in rule(old))
        if len(spellings) > _MAX_SPELLINGS:
            break
    for spelling in list(spellings)[1:_MAX_SPELLINGS]:
        yield replace(alias, text=spelling)


def _other_articles(text: str) -> Iterator[str]:
    if _ARTICLE.search(text):
        for article in _ARTICLES:
            yield _ARTICLE.sub(article, text)


def _other_vowels(text: str) -> Iterator[str]:
    for one, other in _ALTERNATIONS:
        if one in text:
            yield text.replace(one, other)
        if other in text and one not in text and other not in ("a", "i"):
            yield text.replace(other, one)


def _other_doublings(text: str) -> Iterator[str]:
    for letter in dict.fromkeys(re.findall(r"([b-df-hj-np-tv-z])\1", text)):
        yield text.replace(letter * 2, letter)
    single = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", text)
    if single != text:
        yield single
    for letter in dict.fromkeys(re.findall(r"(?<=[aeiou])[dhmnrsty](?=[aeiou])", text)):
        yield re.sub(rf"(?<=[aeiou]){letter}(?=[aeiou])", letter * 2, text)


def _without_apostrophes(text: str) -> Iterator[str]:
    plain = unify(text).replace("'", "").replace("`", "")
    if plain != text:
        yield plain


def _capitalised(_: Entity, alias: Alias) -> Iterator[Alias]:
    """`Ceasefire` for `ceasefire`: only at a sentence's start; `Indirect Talks` in a heading."""
    if alias.text[0].islower() and not alias.exact and alias.text[0].isascii():
        yield replace(alias, text=alias.text[0].upper() + alias.text[1:])
        title = " ".join(
            word[0].upper() + word[1:] if word not in _LEFT_OUT else word for word in alias.text.split()
        )
        if " " in title:
            yield replace(alias, text=title)


_RULES: dict[str, Callable[[Entity, Alias], Iterator[Alias]]] = {
    "plural": _plural,
    "arabic-article": _arabic_article,
    "capitalised": _capitalised,
    "company-form": _company_form,
    "dotted-initials": _dotted_initials,
    "first-word": _first_word,
    "initials": _initials,
    "place-without-type": _place_without_type,
    "surname": _surname,
    "transliteration": _transliteration,
    "without-article": _without_article,
}
