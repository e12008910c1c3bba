"""Look-alikes: a name that is spelt with letters of another script so that it looks like an existing one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.issues import Issue, Level, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Entity

# Cyrillic and Greek letters drawn like Latin ones (Unicode's confusables.txt, those of modern alphabets).
LATIN = str.maketrans(
    "АВЕКМНОРСТХЅІЈаеорсухѕіјԁԛԝһҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρκι",
    "ABEKMHOPCTXSIJaeopcyxsijdqwhYABEZHIKMNOPTYXoavpki",
)


def look_alikes(entities: Iterable[Entity]) -> Iterator[Issue]:
    """Yield a warning for each name or alias that looks like another entry's and is spelt otherwise."""
    forms: dict[str, dict[str, list[tuple[Entity, int]]]] = defaultdict(lambda: defaultdict(list))
    for entity in entities:
        lines = dict(zip((alias.text for alias in entity.aliases), entity.alias_lines, strict=True))
        for alias in entity.surface_forms:
            skeleton = alias.text.translate(LATIN)
            forms[skeleton][alias.text].append((entity, lines.get(alias.text, entity.name_line)))
    for skeleton, spellings in forms.items():
        for text, owners in spellings.items():
            others = sorted(set(spellings) - {text})
            if text != skeleton and others:
                for entity, line in owners:
                    char = next(c for c, plain in zip(text, skeleton, strict=True) if c != plain)
                    owner = spellings[others[0]][0][0]
                    looks = f"{quote(text)} looks like {quote(others[0])} of {owner.id}"
                    message = f"{looks} and is spelt with U+{ord(char):04X}"
                    hint = "type the name anew in one script, or remove it"
                    yield Issue(entity.path, line, 0, "look-alike", Level.WARNING, message, hint)
