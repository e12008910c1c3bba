"""Outlines: the countries of the world as polygons, and how a polygon is cut and drawn.

They are Natural Earth's at 1:50 million, as the TopoJSON of world-atlas (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Pair = tuple[float, float]
"""Degrees east and north, or units from the left and the top."""
Box = tuple[float, float, float, float]
"""West, south, east and north; or left, top, right and bottom."""
HALF_TURN = 180
STRETCH = 32
"""Points of a ring that are looked at together."""
EXACT = 0.001
"""Degrees, more than any error of rounding."""
_ATLAS = Path(__file__).parents[1] / "data" / "countries-50m.json"


class Point(NamedTuple):
    """Units from the left and the top."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Country:
    """What the atlas calls a country, as rings of degrees."""

    name: str
    rings: tuple[tuple[Pair, ...], ...]
    boxes: tuple[Box, ...]
    """Of the rings."""
    stretches: tuple[tuple[Box, ...], ...]
    """Of each ring the boxes of so many points at a time as `STRETCH` says."""


def thin(ring: Sequence[Pair], stretches: Iterable[Box], box: Box) -> list[Pair]:
    """Return a ring without most of the points far from a box; what `clip` makes of that is the same.

    Of points that lie beyond one and the same side of it, those between the first and the last change nothing. Beyond
    its top or bottom that holds for those that are surely between its other sides: `clip` cuts there first.
    """
    west, south, east, north = box
    near: list[Pair] = []
    for number, (left, low, right, high) in enumerate(stretches):
        points = ring[number * STRETCH : (number + 1) * STRETCH]
        beside = right < west - EXACT or left > east + EXACT
        between = left > west + EXACT and right < east - EXACT
        if beside or (between and (high < south - EXACT or low > north + EXACT)):
            points = (points[0], points[-1])
        near += points
    return near


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


def _stretches(ring: Sequence[Pair]) -> tuple[Box, ...]:
    return tuple(_box(ring[start : start + STRETCH]) for start in range(0, len(ring), STRETCH))


def _unwrap(ring: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Return a ring that crosses 180 degrees without its jump there; one around a pole is closed over that."""
    west, _, east, _ = _box(ring)
    if east - west <= HALF_TURN:
        return ring
    turns = 0
    unwrapped = [ring[0]]
    for (before, _), (east, north) in pairwise(ring):
        turns += (before - east > HALF_TURN) - (east - before > HALF_TURN)
        unwrapped.append((east + 360 * turns, north))
    if turns:
        pole = 90 if ring[0][1] > 0 else -90
        unwrapped += [(unwrapped[-1][0], pole), (unwrapped[0][0], pole)]
    return tuple(unwrapped)


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
    found = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        rings = tuple(
            tuple(chain.from_iterable(arcs[index] if index >= 0 else arcs[~index][::-1] for index in ring))
            for polygon in polygons
            for ring in polygon
        )
        rings = tuple(_unwrap(ring) for ring in rings)
        found.append(
            Country(shape["properties"]["name"], rings, tuple(map(_box, rings)), tuple(map(_stretches, rings)))
        )
    return tuple(found)
