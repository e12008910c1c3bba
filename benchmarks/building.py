"""How long builds take, beside peers in the same run: stock Material, and Hugo with Pagefind where it is installed.

Stock builds the same articles and entries as plain Markdown, with its own search; an entry has its name and definition.
*Whole entries* have the mentions that ours shows, too; *every page* also builds each list of ours, and Hugo the same.
Each time is that of a fresh process and the median of all rounds; ours and the peers' take turns, so that all see the
same machine. Edits are undone at the end of a round, and the next begins cold. What is built cold is compared with
stock's cold build with its search, what is built again with what stock needs after one edit. All that was built stays
until the end: some GB a round at 10,000 articles.

    python benchmarks/building.py [ARTICLES …] [--entries N] [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from processes import Run, run
from projects import EVERY, HUGO, OURS, PROGRAMS, STOCK, STOCKS, WHOLE, Archive, Project, prepare

SIZES = (1000, 3000, 10_000)
COLD, NO_SEARCH, SAME = "cold", "cold, no search", "nothing changed"
EDITED, ADDED, ALIAS = "one article edited", "one article added", "one alias added"
TURNS = (
    (OURS, NO_SEARCH), (STOCK, NO_SEARCH), (HUGO, NO_SEARCH), (WHOLE, COLD), (OURS, COLD), (STOCK, COLD), (EVERY, COLD),
    (HUGO, COLD), (OURS, SAME), (OURS, EDITED), (STOCK, EDITED), (WHOLE, EDITED), (OURS, ADDED), (EVERY, EDITED),
    (OURS, ALIAS),
)  # fmt: skip
"""One round, whose build is which; edits add up until its end."""
BARS = {
    COLD: "0.6, aim 0.4", NO_SEARCH: "0.4, aim 0.25", SAME: "0.02", EDITED: "0.2", ADDED: "0.2", ALIAS: "0.15",
}  # fmt: skip
"""The most that ours may take of what stock takes, and what we aim at."""
BARS_OF_MANY = BARS | dict.fromkeys((EDITED, ADDED), "0.1, aim 0.05")
"""The same from 10,000 articles on."""
MANY = 10_000
MEMORY_BAR = 1000
"""MB of all our processes but Pagefind, at 10,000 articles."""
GROWTH_BAR = 1.1
"""How much more than in proportion a cold build may take when an archive grows."""

Times = dict[tuple[str, str], list[Run]]
"""Whose build, which build → what it took in each round."""


def main() -> None:
    """Print a table for each size, and how the time of a cold build grows from the smallest to the largest."""
    parser = argparse.ArgumentParser(description="Time builds beside those of peers.")
    parser.add_argument("sizes", nargs="*", type=int, metavar="ARTICLES", default=SIZES)
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    cold = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sorted(wanted.sizes):
            _say(f"{size:,} articles: writing the same pages for all")
            projects = prepare(Path(folder, str(size)), size, wanted.entries)
            times = _take_turns(projects, wanted.rounds)
            print(f"\n{size:,} articles, {wanted.entries:,} entries, medians of {wanted.rounds} rounds\n")
            print_times(times, BARS_OF_MANY if size >= MANY else BARS)
            _print_sites(projects)
            print(f"\nour cold build\n{times[OURS, COLD][-1].said}", flush=True)
            cold[size] = _median(times[OURS, COLD])
    _print_growth(cold)


def _take_turns(projects: dict[str, Project], rounds: int) -> Times:
    turns = [(whose, which) for whose, which in TURNS if whose in projects]
    if "--no-search" not in run([PROGRAMS / "archive", "build", "--help"], Path()).said:
        _say("archive build has no option --no-search: left out")
        turns.remove((OURS, NO_SEARCH))
    times: Times = defaultdict(list)
    for number in range(1, rounds + 1):
        for whose, which in turns:
            _say(f"round {number} of {rounds}: {whose}, {which}")
            times[whose, which].append(_build(projects[whose], which))
        for project in projects.values():
            project.undo()
    return times


def _build(project: Project, which: str) -> Run:
    """Make the change that a build is named after, and build."""
    if which == COLD:
        return project.build_cold()
    if which == NO_SEARCH:
        return project.build_cold(search=False)
    if which == EDITED:
        project.edit_article()
    if isinstance(project, Archive):
        if which == ADDED:
            project.add_article()
        elif which == ALIAS:
            project.add_alias()
    return project.build()


def print_times(times: Times, bars: dict[str, str]) -> None:
    """Print the median of each build, its ratio to each stock build, and which bars are kept beside that."""
    print(f"{'build':38} {'s':>8} {'CPU s':>8}  {'to stock':16}{'to whole entries':18}{'to every page':16}bar")
    order = [OURS, *STOCKS, HUGO]
    for (whose, which), runs in sorted(times.items(), key=lambda item: order.index(item[0][0])):
        seconds, beside = _median(runs), COLD if which in {COLD, NO_SEARCH} else EDITED
        bar = bars[which] if whose == OURS else ""
        shares = [seconds / _median(times[stock, beside]) for stock in STOCKS]
        told = [f"{share:.3f} {_verdict(share, bar)}" for share in shares]
        print(
            f"{f'{whose}: {which}':38} {seconds:>8.2f} {statistics.median(r.cpu for r in runs):>8.2f}  "
            f"{told[0]:16}{told[1]:18}{told[2]:16}{bar}".rstrip()
        )


def _verdict(share: float, bar: str) -> str:
    """Tell whether a share keeps a bar, as `0.6, aim 0.4`; nothing where there is none."""
    if not bar:
        return ""
    most, _, aim = bar.partition(", aim ")
    if aim and share <= float(aim):
        return "reached"
    return "kept" if share <= float(most) else "missed"


def _print_sites(projects: dict[str, Project]) -> None:
    print(f"\n{'cold build':38} {'pages':>8} {'files':>8} {'MB':>8} {'peak MB':>9} {'Pagefind MB':>12}")
    for name, project in projects.items():
        size, memory = project.left, project.memory
        assert size is not None
        bar = f"  {MEMORY_BAR:,} at {MANY:,} articles" if name == OURS else ""
        print(
            f"{name:38} {size.pages:>8,} {size.files:>8,} {size.bytes / 1e6:>8.1f} {memory.peak / 1e6:>9,.0f} "
            f"{memory.pagefind / 1e6:>12,.0f}{bar}"
        )


def _print_growth(cold: dict[int, float]) -> None:
    smallest, *_, largest = [*cold, max(cold)]
    if smallest != largest:
        times, grown = largest / smallest, cold[largest] / cold[smallest]
        print(f"{times:.1f} times the articles take {grown:.1f} times as long; bar {GROWTH_BAR * times:.1f}")


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
