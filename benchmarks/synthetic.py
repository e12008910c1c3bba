"""A synthetic archive: as many articles and entries as asked, the same bytes for the same numbers.

Frequencies of words and of names follow Zipf's law, as those of texts do; an article has about 4.4 kB and 20 mentions.
Places lie somewhere, events have a date, and every article has a date of 25 years, an outlet and a topic. Seeds are
written as they are made, so that memory does not grow with their number: 100,000 articles are a matter of a minute.

    python benchmarks/synthetic.py DIR --articles N [--entries N]
"""

from __future__ import annotations

import argparse
import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

PARAGRAPHS, SENTENCES = 8, 5
"""Paragraphs of a text, sentences of a paragraph."""
VOCABULARY = 5000
"""How many words there are besides names."""
KINDS = ("person", "place", "organisation", "outlet", "event", "agreement", "negotiation", "term")


def main() -> None:
    """Write the archive that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a synthetic archive.")
    parser.add_argument("root", type=Path, metavar="DIR", help="where to; it must not exist")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=500)
    wanted = parser.parse_args()
    write_archive(wanted.root, wanted.articles, wanted.entries)


def write_archive(root: Path, articles: int, entries: int = 500) -> None:
    """Write an archive of synthetic seeds into `root`, which must not exist; it has an outlet from 4 entries on."""
    chance = random.Random(f"{articles}-{entries}")
    names = names_of_entities(entries)
    prose = Prose(chance, Drawn(vocabulary(random.Random("words"), VOCABULARY)), Drawn(names))
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
        title = " ".join(prose.words.draw(chance, 7)).capitalize()
        text = prose.text()
        (folder / f"a{number}.md").write_text(
            f"---\ntitle: {title}\ndate: {day}\nlanguage: en\noutlet: {chance.choice(outlets)}\n"
            f"topics: [topic {chance.randrange(60)}]\n---\n{text}\n"
        )


def articles_of_text(names: list[str], length: int) -> Iterator[str]:
    """Yield texts that name these entities, denser than articles are, until they are this long together.

    A text has about 5.1 kB and 30 mentions: figures in docs/linking.md are of these.
    """
    words = Drawn(vocabulary(random.Random("words"), VOCABULARY))
    prose = Prose(random.Random(length), words, Drawn(names), length=16, naming=1 / 2)
    while length > 0:
        text = prose.text()
        length -= len(text)
        yield text


class Drawn:
    """Words that are drawn as Zipf's law has it: the nth half as often as the one in half the place."""

    def __init__(self, words: Sequence[str]) -> None:
        self.all = words
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return so many of them."""
        return chance.choices(self.all, cum_weights=self._weights, k=count)


@dataclass(frozen=True)
class Prose:
    """A writer of texts that name entities among other words."""

    chance: random.Random
    words: Drawn
    names: Drawn
    length: int = 14
    """Words of a sentence: 40 such sentences are about 4.4 kB."""
    naming: float = 1 / 3
    """How many sentences name somebody; half of these name two. Of 40 sentences, 20 mentions."""

    def text(self) -> str:
        """Return the next text."""
        return "\n\n".join(self._paragraph() for _ in range(PARAGRAPHS))

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(SENTENCES))

    def _sentence(self) -> str:
        sentence = self.words.draw(self.chance, self.length)
        if self.chance.random() < self.naming:
            for name in self.names.draw(self.chance, self.chance.choice((1, 2))):
                sentence[self.chance.randrange(1, self.length)] = name
        return " ".join(sentence) + "."


def names_of_entities(size: int) -> list[str]:
    """Return as many names of two words."""
    chance = random.Random("names")
    pairs = zip(vocabulary(chance, size), vocabulary(chance, size), strict=True)
    return [f"{first.capitalize()} {last.capitalize()}" for first, last in pairs]


def vocabulary(chance: random.Random, size: int) -> list[str]:
    """Return as many different made-up words."""
    found: dict[str, None] = {}
    while len(found) < size:
        found["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 10)))] = None
    return list(found)


if __name__ == "__main__":
    main()
