"""Outlines: the countries of the world as polygons, and how a polygon is cut and drawn.

They are Natural Earth's at 1:50 million, as the TopoJSON of world-atlas (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class Point(NamedTuple):
    """Units from the left and the top."""

    x: float
    y: float


class Ring:
    """A polygon of degrees."""

    def __init__(self, points: Sequence[Pair], box: Box) -> None:
        """Take its points and the box that holds them."""
        self.points = points
        self.box = box

    def near(self, box: Box) -> list[Pair]:
        """Return its points without most of those far from a box; what `clip` makes of that is the same.

        Of points that lie beyond one and the same side of it, those between the first and the last change nothing.
        Beyond its top or bottom that holds for those that are surely between its other sides: `clip` cuts there first.
        """
        west, south, east, north = box
        near: list[Pair] = []
        for points, (left, low, right, high) in self._stretches:
            beside = right < west - _EXACT or left > east + _EXACT
            between = left > west + _EXACT and right < east - _EXACT
            if beside or (between and (high < south - _EXACT or low > north + _EXACT)):
                near += (points[0], points[-1])
            else:
                near += points
        return near

    @cached_property
    def _stretches(self) -> list[tuple[Sequence[Pair], Box]]:
        """Some points at a time, with their box; made when first asked for, as maps show few of the rings."""
        stretches = [self.points[start : start + _STRETCH] for start in range(0, len(self.points), _STRETCH)]
        return [(points, _box(points)) for points in stretches]


@dataclass(frozen=True, slots=True)
class Country:
    """What the atlas calls a country."""

    name: str
    rings: tuple[Ring, ...]


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


def path(ring: list[Point]) -> str:
    """Return a polygon in whole units as data of an SVG path."""
    steps = " ".join([f"{bx - ax:.0f} {by - ay:.0f}" for (ax, ay), (bx, by) in pairwise(ring)])
    return f"M{ring[0].x:.0f} {ring[0].y:.0f}l{steps}z".replace(" -", "-")


def area(ring: Sequence[Pair]) -> float:
    """Return the area of a polygon, negative where it runs the other way round."""
    return sum([ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([ring[-1], *ring])]) / 2


def middle(ring: Sequence[Point]) -> Point:
    """Return the centroid of a polygon."""
    around = list(pairwise([ring[-1], *ring]))
    whole = 6 * area(ring) or 1
    return Point(
        sum((a.x + b.x) * (a.x * b.y - b.x * a.y) for a, b in around) / whole,
        sum((a.y + b.y) * (a.x * b.y - b.x * a.y) for a, b in around) / whole,
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


class _Properties(msgspec.Struct):
    name: str


class _Shape(msgspec.Struct):
    properties: _Properties


class _Shapes(msgspec.Struct):
    geometries: list[_Shape]


class _Objects(msgspec.Struct):
    countries: _Shapes


class _Atlas(msgspec.Struct):
    """As much of the atlas as tells the names of countries: to put outlines together takes a hundred times as long."""

    objects: _Objects


@lru_cache(maxsize=1)
def names_of_countries() -> frozenset[str]:
    """Return the names of all countries of the atlas."""
    atlas = msgspec.json.decode(_ATLAS.read_bytes(), type=_Atlas)
    return frozenset(shape.properties.name for shape in atlas.objects.countries.geometries)


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """Return the countries of the atlas: TopoJSON keeps each border once, as an arc of small steps."""
    atlas = msgspec.json.decode(_ATLAS.read_bytes())
    (scale_x, scale_y), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for steps in atlas["arcs"]:
        xs, ys = map(accumulate, zip(*steps, strict=True))
        arcs.append([(west + scale_x * x, south + scale_y * y) for x, y in zip(xs, ys, strict=True)])
    boxes = [_box(arc) for arc in arcs]

    def rings(shape: dict[str, Any]) -> tuple[Ring, ...]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        return tuple(_ring(indices, arcs, boxes) for polygon in polygons for indices in polygon)

    shapes = atlas["objects"]["countries"]["geometries"]
    return tuple(Country(shape["properties"]["name"], rings(shape)) for shape in shapes)


def _ring(indices: Sequence[int], arcs: Sequence[list[Pair]], boxes: Sequence[Box]) -> Ring:
    """Return the ring of some arcs; the index of one that runs backwards has all its bits turned over."""
    points = list(chain.from_iterable(arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices))
    wests, souths, easts, norths = zip(*(boxes[max(index, ~index)] for index in indices), strict=True)
    if max(easts) - min(wests) <= _HALF_TURN:
        return Ring(points, (min(wests), min(souths), max(easts), max(norths)))
    points = _unwrap(points)
    return Ring(points, _box(points))
