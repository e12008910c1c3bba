"""A synthetic archive: as many articles and entries as asked, the same bytes for the same numbers.

Word frequencies follow Zipf's law, as those of texts do; an article has about 4.4 kB and 30 mentions. Places lie
somewhere, events have a date, and every article has an outlet and a topic.
"""

from __future__ import annotations

import random
import string
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("person", "place", "organisation", "outlet", "event", "agreement", "negotiation", "term")


def write_archive(root: Path, articles: int, entries: int = 500) -> None:
    """Write an archive of synthetic seeds into `root`, which must not exist."""
    chance = random.Random(f"{articles}-{entries}")
    words = vocabulary(random.Random("words"), 5000)
    names = names_of_entities(entries)
    weights = [1 / (rank + 1) for rank in range(len(words))]
    name_weights = [1 / (rank + 1) for rank in range(len(names))]
    (root / "seeds" / "glossary").mkdir(parents=True)
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(
        "site_name: Synthetic\ntheme: {name: material}\nplugins: [news-archive]\n"
    )
    for number, name in enumerate(names):
        kind = KINDS[number % len(KINDS)]
        more = {
            "place": f"location: {{lat: {chance.uniform(-50, 65):.3f}, lon: {chance.uniform(-170, 175):.3f}}}\n",
            "event": f"date: {chance.randrange(1950, 2025)}-0{chance.randrange(1, 10)}\n",
        }.get(kind, "")
        (root / "seeds" / "glossary" / f"e{number}.md").write_text(
            f"---\nname: {name}\nkind: {kind}\n{more}description: Entry {number}, which is called {name}.\n---\n"
            "Made up.\n"
        )
    outlets = [f"e{number}" for number in range(len(names)) if KINDS[number % len(KINDS)] == "outlet"][:40]
    for number in range(articles):
        day = date(2000, 1, 1) + timedelta(days=chance.randrange(9000))
        folder = root / "seeds" / "articles" / f"{day.year}" / f"{day.month:02}"
        folder.mkdir(parents=True, exist_ok=True)
        title = " ".join(chance.choices(words, weights, k=7)).capitalize()
        text = "\n\n".join(_paragraph(chance, words, weights, names, name_weights) for _ in range(8))
        (folder / f"a{number}.md").write_text(
            f"---\ntitle: {title}\ndate: {day}\nlanguage: en\noutlet: {chance.choice(outlets)}\n"
            f"topics: [topic {chance.randrange(60)}]\n---\n{text}\n"
        )


def articles_of_text(names: list[str], length: int) -> Iterator[str]:
    """Yield texts of about 4.4 kB that name these entities, until they are this long together."""
    chance = random.Random(length)
    words = vocabulary(random.Random("words"), 5000)
    weights = [1 / (rank + 1) for rank in range(len(words))]
    name_weights = [1 / (rank + 1) for rank in range(len(names))]
    while length > 0:
        text = "\n\n".join(_paragraph(chance, words, weights, names, name_weights) for _ in range(8))
        length -= len(text)
        yield text


def names_of_entities(size: int) -> list[str]:
    """Return as many names of two words."""
    chance = random.Random("names")
    pairs = zip(vocabulary(chance, size), vocabulary(chance, size), strict=True)
    return [f"{first.capitalize()} {last.capitalize()}" for first, last in pairs]


def _paragraph(
    chance: random.Random, words: list[str], weights: list[float], names: list[str], name_weights: list[float]
) -> str:
    """Return five sentences; half of them name somebody, and half of these name two."""
    sentences = []
    for _ in range(5):
        sentence = chance.choices(words, weights, k=16)
        if chance.random() < 0.5:
            for name in chance.choices(names, name_weights, k=chance.choice((1, 2))):
                sentence[chance.randrange(1, 16)] = name
        sentences.append(" ".join(sentence) + ".")
    return " ".join(sentences)


def vocabulary(chance: random.Random, size: int) -> list[str]:
    """Return as many different made-up words."""
    found: dict[str, None] = {}
    while len(found) < size:
        found["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 10)))] = None
    return list(found)
