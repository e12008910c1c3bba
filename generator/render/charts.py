"""Charts: the geometry of small pictures, in whole units of a picture 640 wide. Templates draw them."""

from __future__ import annotations

from collections import Counter
from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from generator.render.dates import month_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.model import Edtf, Entity, Pair

WIDTH = 640
HEIGHT = 120
"""Of the bars of a chart."""
MOST_BARS = 60
MOST_MONTHS = 24
LONGEST_MONTH = 31
"""Days."""
MOST_NODES = 24
MOST_EDGES = 80
WIDEST_EDGE = 6
ROW = 24
LONGEST_LABEL = 34
LETTER = 12
"""Units, in the larger letters of narrow screens."""


class Tally(Struct, frozen=True, array_like=True):
    """How often something happened, by month: all that a chart needs."""

    months: tuple[tuple[int, int], ...]
    """(month, count) in the order of time; a month is 12 x its year + 0 to 11."""
    monthly: bool
    """Whether each is known to the month."""
    undated: int
    """What no month could hold."""


def month_of(day: Edtf) -> tuple[int, bool] | None:
    """Return the month under which a date is counted, and whether it is known to the month; None for an unknown one."""
    if day.unknown:
        return None
    listed = day.listed
    return 12 * listed.year + listed.month - 1, (day.latest - day.earliest).days <= LONGEST_MONTH


def tally_months(months: Iterable[tuple[int, bool] | None]) -> Tally:
    """Return how often each month occurs, given what `month_of` returns."""
    counts = Counter(months)
    undated = counts.pop(None, 0)
    by_month: Counter[int] = Counter()
    monthly = True
    for found, count in counts.items():
        assert found is not None
        month, exact = found
        by_month[month] += count
        monthly = monthly and exact
    return Tally(tuple(sorted(by_month.items())), monthly, undated)


class Bar(NamedTuple):
    """What was counted in one stretch of time."""

    label: str
    count: int  # type: ignore[assignment] # what a tuple counts is not asked for
    x: int
    width: int
    height: int
    labelled: bool
    """Whether there is room for its label below it."""


class Chart(Struct, frozen=True, array_like=True):
    """Counts over time."""

    step: str
    """`Month`, `Year` or `Years`: what a bar stands for."""
    bars: tuple[Bar, ...]
    undated: int
    """What no bar could hold."""


def chart_over_time(tally: Tally) -> Chart | None:
    """Return the chart of what happened when; None where one bar would hold all of it."""
    if not tally.months:
        return None
    first, last = tally.months[0][0], tally.months[-1][0]
    by_month = tally.monthly and last - first < MOST_MONTHS
    if not by_month:
        first, last = first // 12, last // 12
    if first == last:
        return None
    step = -(-(last - first + 1) // MOST_BARS)
    first -= first % step
    counts = [0] * ((last - first) // step + 1)
    for month, count in tally.months:
        counts[((month if by_month else month // 12) - first) // step] += count
    labels = [_label(first + slot * step, step, by_month=by_month) for slot in range(len(counts))]
    return Chart(
        "Month" if by_month else "Year" if step == 1 else "Years",
        tuple(_bars(labels, counts)),
        tally.undated,
    )


def _label(time: int, step: int, *, by_month: bool) -> str:
    if by_month:
        return f"{month_in_words(time % 12 + 1)} {time // 12}"
    return str(time) if step == 1 else f"{time}–{time + step - 1}"


def _bars(labels: Sequence[str], counts: Sequence[int]) -> Iterable[Bar]:
    slot = WIDTH / len(labels)
    width = max(2, min(60, round(slot) - 2))
    peak = max(counts)
    room = LETTER * max(len(label) for label in labels) + 10
    every = max(1, -(-room // int(slot)))
    for number, (label, count) in enumerate(zip(labels, counts, strict=True)):
        height = max(2, round(HEIGHT * count / peak)) if count else 0
        yield Bar(label, count, round(number * slot), width, height, number % every == 0)


class Node(Struct, frozen=True, array_like=True):
    """An entity on the line of a graph."""

    label: str
    y: int


class Edge(Struct, frozen=True, array_like=True):
    """A pair of nodes, as an arc between them."""

    start: int
    end: int
    width: int


class Graph(Struct, frozen=True, array_like=True):
    """Who is named with whom, as an arc diagram (Wattenberg 2002): all names can be read, however long."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: int


def graph_of_pairs(pairs: Sequence[Pair], entities: Mapping[str, Entity]) -> Graph | None:
    """Return the graph of the pairs, given those of most articles first; None for fewer than three entities.

    The entities stand in the order of their kinds and names, so that the picture is the same every time.
    """
    shown: list[str] = []
    for pair in pairs:
        shown += [entity_id for entity_id in pair.entities if entity_id not in shown]
        if len(shown) >= MOST_NODES:
            break
    if len(shown) < 3:  # noqa: PLR2004 - what a line can show
        return None
    in_line = sorted((entities[i] for i in shown[:MOST_NODES]), key=lambda e: (e.kind, e.name))
    nodes = {
        entity.id: Node(shorten(entity.name, LONGEST_LABEL, placeholder="…"), ROW * number + ROW // 2)
        for number, entity in enumerate(in_line)
    }
    drawn = [pair for pair in pairs if nodes.keys() >= set(pair.entities)][:MOST_EDGES]
    most = max(WIDEST_EDGE, *(pair.articles for pair in drawn))
    edges = []
    for pair in drawn:
        start, end = sorted(nodes[entity_id].y for entity_id in pair.entities)
        edges.append(Edge(start, end, max(1, round(WIDEST_EDGE * pair.articles / most))))
    return Graph(tuple(nodes.values()), tuple(edges), ROW * len(nodes))
