"""Maps: where places lie, on outlines that ship with the generator.

The projection is equirectangular with its standard parallel in the middle of the map: north is up, and distances are
true near there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import cos, inf, radians
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from generator.model import Location  # noqa: TC001 - a region is written as bytes and read back by its types
from generator.render.outlines import area, boxes_of_countries, clip, countries, is_within, middle, path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.model import Entity
    from generator.render.outlines import Box, Country, Pair

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


class Dot(Struct, frozen=True, array_like=True):
    """A place on a map, in units."""

    name: str
    x: int
    y: int
    own: bool
    """Whether the map is about this place."""
    text_x: int
    anchor: str
    """`start` or `end`: on which side its name runs; empty where there is no room for it."""


class Map(Struct, frozen=True, array_like=True):
    """A piece of the world with places on it."""

    land: str
    """The outlines, as data of an SVG path."""
    countries: tuple[tuple[str, int, int], ...]
    """(name, x, y) where there is room for it."""
    dots: tuple[Dot, ...]


class Window(Struct, frozen=True, array_like=True):
    """The piece of the world that a map shows."""

    lat: float
    lon: float
    scale: float
    """Units a degree of latitude."""

    def place(self, points: Iterable[Pair], turn: int = 0) -> list[Pair]:
        """Return where on the map points of the globe, east and north, lie, `turn` turns around it."""
        narrower, turned = cos(radians(self.lat)), 360 * turn
        lat, lon, scale = self.lat, self.lon, self.scale
        return [
            (WIDTH / 2 + (east + turned - lon) * narrower * scale, HEIGHT / 2 - (north - lat) * scale)
            for east, north in points
        ]

    def box(self, margin: float = 0, turn: int = 0) -> Box:
        """Return the degrees that it shows, with a margin in units, `turn` turns around the globe before it."""
        height = (HEIGHT / 2 + margin) / self.scale
        width = (WIDTH / 2 + margin) / self.scale / cos(radians(self.lat))
        lon = self.lon - 360 * turn
        return lon - width, self.lat - height, lon + width, self.lat + height


class Place(Struct, frozen=True, array_like=True):
    """A name and where it lies."""

    name: str
    location: Location


class Region(Struct, frozen=True, array_like=True):
    """What a map shows, not yet drawn."""

    window: Window
    places: tuple[Place, ...]
    """Those mentioned most first; at most `MOST_DOTS`."""
    own: bool
    """Whether the map is about the first of them."""


class Places:
    """All places of an archive, by where they lie: to look through all of them for each map would take too long."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        """Take the entries with a location, those mentioned most first."""
        found = [(e.location.lat, rank, e.location, e) for rank, e in enumerate(entities) if e.location]
        self._by_latitude = sorted(found, key=lambda place: place[:2])
        self._near: dict[Window, list[Entity]] = {}

    def around(self, entity: Entity) -> Region:
        """Return the region of a place, with its neighbours; a country fills its map."""
        assert entity.location is not None
        names = boxes_of_countries().keys() & {form.text for form in entity.surface_forms}
        if names:
            window = _around(_mainland(next(country for name, country in countries().items() if name in names)))
        else:
            lat, lon = (float(SNAP * round(degrees / SNAP)) for degrees in (entity.location.lat, entity.location.lon))
            window = Window(lat, lon, HEIGHT / (2 * REGION))
        if window not in self._near:
            self._near[window] = self._inside(window)
        near = [place for place in self._near[window] if place.id != entity.id]
        own = [entity] if _on_map(window, entity.location) else []
        return Region(window, _named([*own, *near]), own=bool(own))

    def _inside(self, window: Window) -> list[Entity]:
        """Return the places that lie in a window, one more than fit on a map, those mentioned most first."""
        half = HEIGHT / 2 / window.scale
        start = bisect_left(self._by_latitude, window.lat - half, key=lambda place: place[0])
        end = bisect_right(self._by_latitude, window.lat + half, key=lambda place: place[0])
        inside = [
            (rank, entity)
            for _, rank, location, entity in self._by_latitude[start:end]
            if _on_map(window, location)
        ]
        return [entity for _, entity in sorted(inside, key=lambda found: found[0])[: MOST_DOTS + 1]]


def region_of_all(entities: Sequence[Entity]) -> Region:
    """Return the region of all these places, those mentioned most first."""
    points = [entity.location for entity in entities if entity.location]
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    return Region(
        _around((min(lons), min(lats), max(lons), max(lats))), _named(entities), own=False
    )


def _named(entities: Iterable[Entity]) -> tuple[Place, ...]:
    return tuple(Place(e.name, e.location) for e in entities if e.location)[:MOST_DOTS]


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
    return max(country.rings, key=lambda ring: abs(area(ring.points))).box


def draw(region: Region) -> Map:
    """Return the map of a region."""
    land, names = _outlines(region.window)
    taken: list[tuple[float, float, float]] = []
    dots = []
    for place in region.places:
        point = _on_map(region.window, place.location)
        if point:
            dots.append(_dot(place.name, point, taken, own=region.own and place is region.places[0]))
    named = {dot.name for dot in dots}
    shown = [
        (name, x, y)
        for name, x, y in names
        if name not in named and _room(taken, x - LETTER / 2 * len(name), x + LETTER / 2 * len(name), y)
    ]
    return Map(land, tuple(shown), tuple(dots))


def _on_map(window: Window, location: Location) -> Pair | None:
    for turn in (0, -1, 1):
        ((x, y),) = window.place([(location.lon, location.lat)], turn)
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            return x, y
    return None


def _dot(name: str, point: Pair, taken: list[tuple[float, float, float]], *, own: bool) -> Dot:
    """Return a dot, named on the side where its name covers no other."""
    x, y = round(point[0]), round(point[1])
    length = LETTER * len(name)
    anchor, text_x = "", x
    for side, start in (("start", x + 9.0), ("end", x - 9 - length)):
        if start >= 0 and start + length <= WIDTH and _room(taken, start, start + length, y):
            anchor, text_x = side, x + (9 if side == "start" else -9)
            break
    return Dot(name, x, y, own, text_x, anchor)


def _room(taken: list[tuple[float, float, float]], start: float, end: float, y: float) -> bool:
    """Take the place of a line of words, if no other has it."""
    if any(start < right and left < end and abs(y - line) < LINE for left, right, line in taken):
        return False
    taken.append((start, end, y))
    return True


@lru_cache(maxsize=256)
def _outlines(window: Window) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """Return the outlines in a window as an SVG path, and where countries' names can stand."""
    turned = [(turn, window.box(turn=turn), window.box(MARGIN, turn)) for turn in (-1, 0, 1)]
    paths, names = [], []
    for country in countries().values():
        visible = [*_visible(country, window, turned)]
        paths += [path(ring) for ring, _ in visible]
        ring, largest = max(visible, key=itemgetter(1), default=([], 0))
        if largest > WIDTH * HEIGHT / 60:
            (x, y), half = middle(ring), LETTER / 2 * len(country.name)
            if half < x < WIDTH - half and LINE < y < HEIGHT - LINE:
                names.append((largest, country.name, round(x), round(y)))
    names.sort(reverse=True)
    return "".join(paths), tuple((name, x, y) for _, name, x, y in names[:12])


def _visible(
    country: Country, window: Window, turned: Sequence[tuple[int, Box, Box]]
) -> Iterator[tuple[list[Pair], float]]:
    """Yield the rings of a country in a window, cut at its frame, in whole units, each with its area.

    Args:
        country: the country.
        window: the window.
        turned: turns around the globe, each with the box of the window then, and the same with a margin.
    """
    near = [turn for turn in turned if _touch(country.box, turn[1])]
    for ring in country.rings if near else ():
        for turn, inner, box in near:
            if _touch(ring.box, inner):
                placed = window.place(ring.near(box), turn)
                coarse = _coarse(placed if is_within(ring.box, box) else clip(placed, _FRAME))
                if len(coarse) > 2 and (size := abs(area(coarse))) >= FINEST:  # noqa: PLR2004 - a triangle
                    yield coarse, size


def _touch(one: Box, other: Box) -> bool:
    """Tell whether two boxes of degrees have a point in common."""
    (left, low, right, high), (west, south, east, north) = one, other
    return left <= east and west <= right and low <= north and south <= high


def _coarse(ring: Sequence[Pair]) -> list[Pair]:
    """Return a ring in whole units, without points that can hardly be told from the ones before."""
    coarse: list[Pair] = []
    last_x = last_y = inf
    for x, y in ring:
        if abs(x - last_x) + abs(y - last_y) >= FINEST:
            last_x, last_y = round(x), round(y)
            coarse.append((last_x, last_y))
    return coarse
