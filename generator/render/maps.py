"""Maps: where places lie, on outlines that ship with the generator.

The projection is equirectangular with its standard parallel in the middle of the map: north is up, and distances are
true near there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import TYPE_CHECKING

from generator.render.outlines import Point, area, clip, countries, middle, path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.model import Entity, Location
    from generator.render.outlines import Country

WIDTH = 640
HEIGHT = 400
REGION = 6.0
"""Degrees of latitude that a map shows north and south of a place."""
SNAP = 2
"""Degrees: maps of places near each other show the same outlines, which are made once."""
MOST_DOTS = 200
MARGIN = 4
"""Units beyond the frame at which outlines are cut, so that no cut is seen."""
FINEST = 2.5
"""Units: what is smaller than this on a map is left out of its outlines."""
LETTER, LINE = 12, 25
"""Units that words take, in the larger letters of narrow screens."""
_FRAME = (-MARGIN, -MARGIN, WIDTH + MARGIN, HEIGHT + MARGIN)


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on a map."""

    entity: Entity
    x: int
    y: int
    own: bool
    """Whether the map is about this place."""
    text_x: int
    anchor: str
    """`start` or `end`: on which side its name runs; empty where there is no room for it."""


@dataclass(frozen=True, slots=True)
class Map:
    """A piece of the world with places on it."""

    land: str
    """The outlines, as data of an SVG path."""
    countries: tuple[tuple[str, int, int], ...]
    """(name, x, y) where there is room for it."""
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The piece of the world that a map shows."""

    lat: float
    lon: float
    scale: float
    """Units a degree of latitude."""

    def place(self, point: Point, turn: int = 0) -> Point:
        """Return where on the map a point of the globe lies, `turn` turns around it."""
        x = (point.x + 360 * turn - self.lon) * cos(radians(self.lat)) * self.scale
        return Point(WIDTH / 2 + x, HEIGHT / 2 - (point.y - self.lat) * self.scale)


def map_of(entity: Entity, places: Iterable[Entity]) -> Map:
    """Return the map of a place among others, those mentioned most first; a country fills its map."""
    assert entity.location is not None
    names = {form.text for form in entity.surface_forms}
    box = next((_mainland(c) for c in countries() if c.name in names), None)
    if box:
        window = _around(box)
    else:
        lat, lon = (SNAP * round(degrees / SNAP) for degrees in (entity.location.lat, entity.location.lon))
        window = Window(lat, lon, HEIGHT / (2 * REGION))
    return _draw(window, [entity, *(place for place in places if place.id != entity.id)], entity.id)


def map_of_all(places: Sequence[Entity]) -> Map:
    """Return the map that shows all places, those mentioned most first."""
    points = [place.location for place in places if place.location]
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    return _draw(_around((min(lons), min(lats), max(lons), max(lats))), places, "")


def busiest_region(places: Sequence[Entity]) -> list[Entity]:
    """Return those places, in their order, that lie in the square of 20 degrees that holds most of them."""

    def near(place: Entity, other: Location) -> bool:
        assert place.location is not None
        return abs(place.location.lat - other.lat) <= 10 and abs(place.location.lon - other.lon) <= 10  # noqa: PLR2004

    centres = [place.location for place in places[:MOST_DOTS] if place.location]
    return max(([p for p in places[:MOST_DOTS] if near(p, centre)] for centre in centres), key=len)


def _around(box: tuple[float, float, float, float]) -> Window:
    """Return the window that holds a box of degrees with a margin, and is never a close-up."""
    west, south, east, north = box
    lat, lon = (south + north) / 2, (west + east) / 2
    height = max(1.3 * (north - south), 4)
    width = max(1.3 * (east - west) * cos(radians(lat)), 4)
    return Window(lat, lon, min(HEIGHT / height, WIDTH / width))


def _mainland(country: Country) -> tuple[float, float, float, float]:
    """Return the box of a country's largest ring."""
    sizes = [abs(area(ring)) for ring in country.rings]
    return country.boxes[sizes.index(max(sizes))]


def _draw(window: Window, places: Iterable[Entity], own: str) -> Map:
    land, names = _outlines(window)
    taken: list[tuple[float, float, float]] = []
    dots = []
    for entity in places:
        point = _on_map(window, entity)
        if point is None:
            continue
        dots.append(_dot(entity, point, taken, own=entity.id == own))
        if len(dots) == MOST_DOTS:
            break
    named = {dot.entity.name for dot in dots}
    shown = [
        (name, x, y)
        for name, x, y in names
        if name not in named and _room(taken, x - LETTER / 2 * len(name), x + LETTER / 2 * len(name), y)
    ]
    return Map(land, tuple(shown), tuple(dots))


def _on_map(window: Window, entity: Entity) -> Point | None:
    if entity.location is None:
        return None
    for turn in (0, -1, 1):
        point = window.place(Point(entity.location.lon, entity.location.lat), turn)
        if 0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT:
            return point
    return None


def _dot(entity: Entity, point: Point, taken: list[tuple[float, float, float]], *, own: bool) -> Dot:
    """Return a dot, named on the side where its name covers no other."""
    x, y = round(point.x), round(point.y)
    length = LETTER * len(entity.name)
    anchor, text_x = "", x
    for side, start in (("start", x + 9.0), ("end", x - 9 - length)):
        if start >= 0 and start + length <= WIDTH and _room(taken, start, start + length, y):
            anchor, text_x = side, x + (9 if side == "start" else -9)
            break
    return Dot(entity, x, y, own, text_x, anchor)


def _room(taken: list[tuple[float, float, float]], start: float, end: float, y: float) -> bool:
    """Take the place of a line of words, if no other has it."""
    if any(start < right and left < end and abs(y - line) < LINE for left, right, line in taken):
        return False
    taken.append((start, end, y))
    return True


@lru_cache(maxsize=256)
def _outlines(window: Window) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Return the outlines in a window as an SVG path, and where countries' names can stand."""
    paths, names = [], []
    for country in countries():
        largest, at = 0.0, Point(0, 0)
        for ring in _visible(country, window):
            size = abs(area(ring))
            paths.append(path(ring))
            if size > largest:
                largest, at = size, middle(ring)
        half = LETTER / 2 * len(country.name)
        if largest > WIDTH * HEIGHT / 60 and half < at.x < WIDTH - half and LINE < at.y < HEIGHT - LINE:
            names.append((largest, country.name, at))
    names.sort(reverse=True)
    return "".join(paths), tuple((name, round(at.x), round(at.y)) for _, name, at in names[:12])


def _visible(country: Country, window: Window) -> Iterator[list[Point]]:
    """Yield the rings of a country in a window, cut at its frame, in whole units."""
    for ring, (west, south, east, north) in zip(country.rings, country.boxes, strict=True):
        for turn in (-1, 0, 1):
            left, bottom = window.place(Point(west, south), turn)
            right, top = window.place(Point(east, north), turn)
            if right < 0 or left > WIDTH or bottom < 0 or top > HEIGHT:
                continue
            cut = clip([window.place(point, turn) for point in ring], _FRAME)
            coarse: list[Point] = []
            for x, y in cut:
                if not coarse or abs(x - coarse[-1].x) + abs(y - coarse[-1].y) >= FINEST:
                    coarse.append(Point(round(x), round(y)))
            if len(coarse) > 2 and abs(area(coarse)) >= FINEST:  # noqa: PLR2004 - a triangle
                yield coarse
