"""How fast mentions are found: megabytes of text a second on one core, beside the peers in the same run; and growth.

The peers are spaCy's PhraseMatcher and FlashText, where they are installed (`pip install spacy flashtext`), and a
bare automaton, which knows no words, no case and no offsets of the original text: the floor.
"""

from __future__ import annotations

import gc
import importlib
import random
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from ahocorasick_rs import AhoCorasick
from synthetic import KINDS, articles_of_text, names_of_entities

from generator.annotate.fold import fold
from generator.annotate.gazetteer import Gazetteer
from generator.annotate.mentions import find_mentions
from generator.link.entities import link_entities
from generator.link.usage import Usage
from generator.model import Alias, Article, Entity, FrontMatter, Kind
from generator.read.blocks import parse_blocks
from generator.read.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENTRIES = 10_000
MEGABYTES = 10
DOUBLINGS = 4
FRONT_MATTER = FrontMatter("Title", parse_date("2025-07-01"), "en")


def main() -> None:
    """Print the table of speeds and the table of growth."""
    names = names_of_entities(ENTRIES)
    texts = list(articles_of_text(names, MEGABYTES * 1_000_000))
    size = sum(len(text) for text in texts) / 1e6
    print(f"{size:.1f} MB in {len(texts):,} articles, {ENTRIES:,} entries")
    print(f"{'':34} {'MB/s':>8} {'found':>9} {'of ours':>8}")
    ours = None
    for name, matcher in matchers(names):
        start = time.perf_counter()
        found = sum(matcher(text) for text in texts)
        speed = size / (time.perf_counter() - start)
        ours = ours or speed
        print(f"{name:34} {speed:>8.1f} {found:>9,} {speed / ours:>8.2f}")
    print_growth()


def matchers(names: list[str]) -> Iterable[tuple[str, Callable[[str], int]]]:
    """Yield each matcher by its name, ready to be asked how many mentions a text has; ours comes first."""
    gazetteer = Gazetteer(entities_of(names))
    yield "matcher alone: whole words", lambda text: sum(1 for _ in whole_words(gazetteer, text))
    yield "the whole linker", lambda text: link(gazetteer, text)
    automaton = AhoCorasick(names)
    yield "bare automaton", lambda text: len(automaton.find_matches_as_indexes(text, overlapping=True))
    yield from spacy_matcher(names)
    yield from flashtext_matcher(names)


def spacy_matcher(names: list[str]) -> Iterable[tuple[str, Callable[[str], int]]]:
    """Yield spaCy's PhraseMatcher, if it is installed."""
    try:
        spacy = importlib.import_module("spacy")
        matching = importlib.import_module("spacy.matcher")
    except ImportError:
        print("spaCy is not installed: pip install spacy", file=sys.stderr)
        return
    pipeline = spacy.blank("en")
    matcher = matching.PhraseMatcher(pipeline.vocab)
    matcher.add("ENTRY", list(pipeline.pipe(names)))
    yield "spaCy PhraseMatcher", lambda text: len(matcher(pipeline.make_doc(text)))


def flashtext_matcher(names: list[str]) -> Iterable[tuple[str, Callable[[str], int]]]:
    """Yield FlashText, if it is installed."""
    try:
        flashtext = importlib.import_module("flashtext")
    except ImportError:
        print("FlashText is not installed: pip install flashtext", file=sys.stderr)
        return
    processor = flashtext.KeywordProcessor(case_sensitive=True)
    for name in names:
        processor.add_keyword(name)
    yield "FlashText", lambda text: len(processor.extract_keywords(text, span_info=True))


def entities_of(names: Iterable[str]) -> list[Entity]:
    """Return an entry for each name, their kinds in turn."""
    return [
        Entity(f"e{n}", "", Kind(KINDS[n % len(KINDS)]), name, "", "", (Alias(name),))
        for n, name in enumerate(names)
    ]


def whole_words(gazetteer: Gazetteer, text: str) -> Iterable[tuple[int, int]]:
    """Yield where forms stand as whole words, as offsets into the text."""
    return ((start, end) for _, start, end in gazetteer.find(fold(text)))


def link(gazetteer: Gazetteer, text: str) -> int:
    """Return how many mentions the linker makes of a text, from its blocks to the chosen entities."""
    article = Article("a", "a.md", FRONT_MATTER, text, 1, parse_blocks(text))
    finds, _ = find_mentions(article, gazetteer)
    return len(link_entities(article, finds, gazetteer.entities, Usage()))


def print_growth() -> None:
    """Print how the time of hostile glossaries and texts grows when they double: about 2 is linear."""
    print(f"\n{'growth when size doubles':34} {'largest':>12} {'s':>7}  factors")
    chance = random.Random("growth")
    prefixed = [f"Prefix Shared by All {chance.randrange(10**9)}" for _ in range(100_000)]
    whole = Gazetteer(entities_of(prefixed))
    report("100,000 aliases, one prefix: text", 8_000, lambda n: link(whole, "Prefix Shared by All 1 " * n))
    report("aliases, one prefix: glossary", 6_000, lambda n: Gazetteer(entities_of(prefixed[:n])))
    one = Gazetteer(entities_of(["Syria"]))
    report("text of one alias", 4_000, lambda n: link(one, "Syria " * n))
    nested = Gazetteer(entities_of(" ".join("a" * depth) for depth in range(1, 51)))
    report("50 aliases, one inside the other", 500, lambda n: link(nested, "a " * n))


def report(name: str, smallest: int, work: Callable[[int], object]) -> None:
    """Print the time at the largest size and the factor of each doubling."""
    spent = []
    gc.collect()
    gc.freeze()  # else each collection goes through the 100,000 entries of the glossary again
    for doubling in range(DOUBLINGS + 1):
        start = time.perf_counter()
        work(smallest << doubling)
        spent.append(time.perf_counter() - start)
    gc.unfreeze()
    factors = ", ".join(f"{later / earlier:.2f}" for earlier, later in pairwise(spent))
    print(f"{name:34} {smallest << DOUBLINGS:>12,} {spent[-1]:>7.2f}  {factors}")


if __name__ == "__main__":
    main()
