"""Outlines: the countries of the world as polygons, and how a polygon is cut and drawn.

They are Natural Earth's at 1:50 million, as the TopoJSON of world-atlas (docs/decisions/0006).
"""

from __future__ import annotations

from functools import cache, cached_property, lru_cache, partial
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Pair = tuple[float, float]
"""Degrees east and north, or units from the left and the top."""
Box = tuple[float, float, float, float]
"""West, south, east and north; or left, top, right and bottom."""
_HALF_TURN = 180
_STRETCH = 32
"""Points of a ring that are looked at together."""
_EXACT = 0.001
"""Degrees, more than any error of rounding."""
_ATLAS = Path(__file__).parents[1] / "data" / "countries-50m.json"
_BOXES = _ATLAS.with_name("countries-50m-boxes.json")
"""What holds each country, by name: a map reads of the atlas what lies near it."""


class _Grid(Struct):
    """How steps of the atlas become degrees."""

    scale: Pair
    translate: Pair

    def degrees(self, xs: Iterable[float], ys: Iterable[float]) -> list[Pair]:
        (scale_x, scale_y), (west, south) = self.scale, self.translate
        return [(west + scale_x * x, south + scale_y * y) for x, y in zip(xs, ys, strict=True)]


_DEGREES = _Grid((1, 1), (0, 0))


class _Arc:
    """A piece of a border. Its points become degrees when they are first asked for, as maps show few of all arcs."""

    def __init__(self, grid: _Grid, xs: Sequence[float], ys: Sequence[float]) -> None:
        self._xs, self._ys, self._grid = xs, ys, grid
        (west, south), (east, north), *self.ends = grid.degrees(
            (min(xs), max(xs), xs[0], xs[-1]), (min(ys), max(ys), ys[0], ys[-1])
        )
        self.box = west, south, east, north

    @cached_property
    def points(self) -> list[Pair]:
        return self._grid.degrees(self._xs, self._ys)

    @cached_property
    def stretches(self) -> list[tuple[list[Pair], Box]]:
        """Some points at a time, with their box."""
        stretches = [self.points[start : start + _STRETCH] for start in range(0, len(self.points), _STRETCH)]
        return [(points, _box(points)) for points in stretches]


class Ring:
    """A polygon of degrees."""

    def __init__(self, arcs: Sequence[tuple[_Arc, bool]]) -> None:
        """Take the arcs that follow each other, each with whether it runs backwards."""
        self._arcs = arcs
        self.box = self._box_of_arcs()
        """What holds its points."""
        if self.box[2] - self.box[0] > _HALF_TURN:
            self._arcs = [(_Arc(_DEGREES, *zip(*_unwrap(self.points), strict=True)), False)]
            self.box = self._box_of_arcs()

    def _box_of_arcs(self) -> Box:
        wests, souths, easts, norths = zip(*(arc.box for arc, _ in self._arcs), strict=True)
        return min(wests), min(souths), max(easts), max(norths)

    @property
    def points(self) -> list[Pair]:
        """Degrees east, beyond 180 where it crosses that, and north."""
        return [*chain.from_iterable(arc.points[::-1] if turned else arc.points for arc, turned in self._arcs)]

    def near(self, box: Box) -> list[Pair]:
        """Return its points without most of those far from a box; what `clip` makes of that is the same.

        Of points that lie beyond one and the same side of it, those between the first and the last change nothing.
        Beyond its top or bottom that holds for those that are surely between its other sides: `clip` cuts there first.
        """
        west, south, east, north = box

        def is_far(left: float, low: float, right: float, high: float) -> bool:
            beside = right < west - _EXACT or left > east + _EXACT
            between = left > west + _EXACT and right < east - _EXACT
            return beside or (between and (high < south - _EXACT or low > north + _EXACT))

        near: list[Pair] = []
        for arc, turned in self._arcs:
            if is_within(arc.box, box):
                near += arc.points[::-1] if turned else arc.points
                continue
            if is_far(*arc.box):
                near += arc.ends[::-1] if turned else arc.ends
                continue
            found: list[Pair] = []
            for points, its_box in arc.stretches:
                found += (points[0], points[-1]) if is_far(*its_box) else points
            near += found[::-1] if turned else found
        return near


class Country:
    """What the atlas calls a country. It is read there when its rings are first asked for: maps show few of all."""

    def __init__(self, name: str, box: Box, read: Callable[[], tuple[Ring, ...]]) -> None:
        self.name, self.box, self._read = name, box, read

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        """Its polygons."""
        return self._read()


def is_within(one: Box, other: Box) -> bool:
    """Tell whether a box lies in another."""
    (left, low, right, high), (west, south, east, north) = one, other
    return west <= left and right <= east and south <= low and high <= north


def clip(ring: Sequence[Pair], box: Box) -> Sequence[Pair]:
    """Return the part of a polygon that lies in a box of left, top, right, bottom (Sutherland and Hodgman 1974)."""
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        inside = [sign * (point[axis] - limit) >= 0 for point in ring]
        if all(inside):
            continue
        kept: list[Pair] = []
        a, was_inside = ring[-1], inside[-1]
        for b, is_inside in zip(ring, inside, strict=True):
            if is_inside != was_inside:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            if is_inside:
                kept.append(b)
            a, was_inside = b, is_inside
        ring = kept
    return ring


def path(ring: Sequence[Pair]) -> str:
    """Return a polygon in whole units as data of an SVG path."""
    steps = " ".join([f"{bx - ax:.0f} {by - ay:.0f}" for (ax, ay), (bx, by) in pairwise(ring)])
    x, y = ring[0]
    return f"M{x:.0f} {y:.0f}l{steps}z".replace(" -", "-")


def area(ring: Sequence[Pair]) -> float:
    """Return the area of a polygon, negative where it runs the other way round."""
    return sum([ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([ring[-1], *ring])]) / 2


def middle(ring: Sequence[Pair]) -> Pair:
    """Return the centroid of a polygon."""
    around = list(pairwise([ring[-1], *ring]))
    whole = 6 * area(ring) or 1
    return (
        sum((ax + bx) * (ax * by - bx * ay) for (ax, ay), (bx, by) in around) / whole,
        sum((ay + by) * (ax * by - bx * ay) for (ax, ay), (bx, by) in around) / whole,
    )


def _box(ring: Sequence[Pair]) -> Box:
    """Return the west, south, east and north of a ring."""
    xs, ys = zip(*ring, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _unwrap(ring: Sequence[Pair]) -> list[Pair]:
    """Return a ring that crosses 180 degrees without its jump there; one around a pole is closed over that."""
    turns = 0
    unwrapped = [ring[0]]
    for (before, _), (east, north) in pairwise(ring):
        turns += (before - east > _HALF_TURN) - (east - before > _HALF_TURN)
        unwrapped.append((east + 360 * turns, north))
    if turns:
        pole = 90 if ring[0][1] > 0 else -90
        unwrapped += [(unwrapped[-1][0], pole), (unwrapped[0][0], pole)]
    return unwrapped


class _Properties(Struct):
    name: str


class _Shape(Struct):
    properties: _Properties
    type: str
    arcs: msgspec.Raw
    """The indices of arcs, by ring, and by polygon where there are several of these."""


class _Shapes(Struct):
    geometries: list[_Shape]


class _Objects(Struct):
    countries: _Shapes


class _Atlas(Struct):
    objects: _Objects
    arcs: list[msgspec.Raw]
    """Steps, the first one from the corner of the world."""
    transform: _Grid


_to_steps = msgspec.json.Decoder(list[tuple[int, int]]).decode


@lru_cache(maxsize=1)
def boxes_of_countries() -> dict[str, Box]:
    """Return the box that holds all rings of each country of the atlas, by name.

    That of a country on both sides of 180 degrees goes nearly round the globe: it is read more often than it is drawn.
    """
    return msgspec.json.decode(_BOXES.read_bytes(), type=dict[str, Box])


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Return the countries of the atlas by name: TopoJSON keeps each border once, as an arc of small steps.

    The index of an arc that runs backwards has all its bits turned over.
    """
    atlas, boxes = msgspec.json.decode(_ATLAS.read_bytes(), type=_Atlas), boxes_of_countries()

    @cache
    def arc(index: int) -> _Arc:
        along = zip(*_to_steps(atlas.arcs[index]), strict=True)
        return _Arc(atlas.transform, *(list(accumulate(steps)) for steps in along))

    def rings(shape: _Shape) -> tuple[Ring, ...]:
        indices = msgspec.json.decode(shape.arcs)
        polygons = [indices] if shape.type == "Polygon" else indices
        every = chain.from_iterable(polygons)
        return tuple(Ring([(arc(max(index, ~index)), index < 0) for index in ring]) for ring in every)

    shapes = {shape.properties.name: shape for shape in atlas.objects.countries.geometries}
    return {name: Country(name, boxes[name], partial(rings, shape)) for name, shape in shapes.items()}
