"""Does an area hold a place? The one function that every filter, search, question, chart and notice asks.

An area is a country, a division, a district, a town, or one of ``areas``; a place is that of a record, which may be any
of these as well. A place that is not known to lie in an area does not.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from extract.geo import distance_km
from extract.places.areas import Area, Areas, Box
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.places.towns import Division
from extract.places.types import Candidate, Entry
from extract.text.normalise import fold
from extract.types import Place, Precision

# a site or district this near to a city's centre lies in it; a place of the city's own name may be twice as far away
CITY_KM = 25.0
# a point this near to the middle of a quarter lies in it
QUARTER_KM = 5.0
# an area holds another one probably if it holds this share of its parts
MOST_PARTS = 0.5
_LEVELS = {
    Precision.COUNTRY: COUNTRY, Precision.PROVINCE: PROVINCE, Precision.DISTRICT: DISTRICT, Precision.CITY: CITY,
    Precision.SITE: CITY,
}  # fmt: skip
_INSIDE_CITY = frozenset({Precision.SITE, Precision.DISTRICT})


class Held(IntEnum):
    """How surely an area holds a place; only ``NO`` is false."""

    NO = 0
    PROBABLY = 1
    SURELY = 2


Contains = Callable[[Place, Place], Held]
"""(area, place) -> how surely the area holds the place."""


class Located(NamedTuple):
    """Where a place is: its row and those of its divisions (-1: none), its country ("": none), and its middle.

    ``level`` is the kind of a row, COUNTRY to CITY: nothing is known to have happened in the middle of a country.
    """

    level: int
    row: int
    country: str
    admin1: int
    admin2: int
    lat: float | None
    lon: float | None


class Extent(NamedTuple):
    """Where the places of an area can be: ``whole`` countries, countries that it has a part of, and the box of those
    parts of them that are no divisions (None: all are divisions)."""

    whole: tuple[str, ...]
    partial: tuple[str, ...]
    box: Box | None


ExtentOf = Callable[[Place], Extent | None]
"""Area -> its extent; None for a country, a division, or a town without boroughs of its own."""


def no_extent(_area: Place) -> Extent | None:
    """An ``ExtentOf`` without a gazetteer, which knows no areas."""
    return None


class Index(Protocol):
    """The methods of a gazetteer that containment needs."""

    @property
    def areas(self) -> Areas:
        """The areas that are no country, division or town."""

    @property
    def candidates(self) -> Callable[[str], tuple[Candidate, ...]]:
        """Folded name -> the places that it can mean, best known first."""

    def find(self, geonameid: int) -> Entry | None:
        """The place with a geonameid, None where there is none."""

    def division_at(self, country: str, lat: float, lon: float) -> Division:
        """The divisions of a country that a point lies in, by its nearest town."""


class Containment:
    """``held`` with a gazetteer."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._areas = index.areas
        self._area_of = lru_cache(maxsize=50_000)(index.areas.of)
        self._located = lru_cache(maxsize=50_000)(self._locate)
        self._share = lru_cache(maxsize=5_000)(self._share_of)

    def held(self, area: Place, place: Place) -> Held:
        """How surely the area holds the place; a place holds itself."""
        if area.geonameid and area.geonameid == place.geonameid:
            return Held.SURELY
        wide = self._area_of(area)
        if wide is None:
            return self._in_place(area, place)
        found = self._in_area(wide, place)
        return found if found is Held.SURELY or area.precision.is_area else max(found, self._in_place(area, place))

    def located(self, place: Place) -> Located:
        """Where a place is, as far as the gazetteer knows."""
        return self._located(place)

    def extent(self, area: Place) -> Extent | None:
        """Where the places of an area can be; None for a country, a division, or a town without boroughs of its own."""
        wide = self._area_of(area)
        if wide is None:
            return None
        return Extent(tuple(sorted(wide.countries)), tuple(sorted(wide.partial)), self._areas.box(wide))

    # -------------------------------------------------------------- in an area

    def _in_area(self, area: Area, place: Place) -> Held:
        inner = self._area_of(place) if place.precision.is_area else None
        if inner is not None:
            return Held.SURELY if inner.name in (area.name, *area.seas) else _by_share(self._share(area, inner))
        return Held.SURELY if holds(area, self._located(place)) else Held.NO

    def _share_of(self, area: Area, inner: Area) -> float:
        """The share of an area's parts that another one holds; where it has none, of its polygons' points."""
        parts = self._areas.parts(inner)
        if parts:
            return sum(holds(area, of_entry(part)) for part in parts) / len(parts)
        points = [point for one in inner.polygons for point in one.points]
        return sum(area.in_polygon(*point) for point in points) / max(1, len(points))

    # -------------------------------------------------------------- in a country, division, district or town

    def _in_place(self, area: Place, place: Place) -> Held:
        inner = self._area_of(place) if place.precision.is_area else None
        if inner is not None and area.precision.is_area:
            whole = self._located(area)
            share = self._share(_as_area(area, whole), inner)
            return max(_by_share(share), by_names(area, place))
        found = by_names(area, place)
        if found is Held.SURELY or not place.country or place.country != area.country:
            return found
        outer = self._located(area)
        at = self._located(place)
        if area.precision is Precision.PROVINCE or not place.precision.is_area:
            is_inside = outer.row >= 0 and outer.row in (at.admin1, at.admin2)
            return Held.SURELY if is_inside else found
        return found

    # -------------------------------------------------------------- where a place is

    def _locate(self, place: Place) -> Located:
        entry = self._index.find(place.geonameid) if place.geonameid else None
        if entry is not None:
            at = of_entry(entry)
            if at.level == CITY and at.admin1 < 0 and at.lat is not None and at.lon is not None:
                near = self._index.division_at(at.country, at.lat, at.lon)
                at = at._replace(admin1=near.admin1, admin2=near.admin2)
            point = (place.lat, place.lon) if place.lat is not None else (at.lat, at.lon)
            return at._replace(country=place.country or at.country, lat=point[0], lon=point[1])
        country = place.country or ""
        admin1, admin2 = self._division_named(place.admin1, country), -1
        if country and place.lat is not None and place.lon is not None and not place.precision.is_area:
            near = self._index.division_at(country, place.lat, place.lon)
            admin1, admin2 = near if admin1 < 0 or admin1 == near.admin1 else (admin1, -1)
        return Located(_LEVELS[place.precision], -1, country, admin1, admin2, place.lat, place.lon)

    def _division_named(self, name: str | None, country: str) -> int:
        if not name or not country:
            return -1
        found = (c.entry for c in self._index.candidates(fold(name)))
        return next((one.row for one in found if one.kind == PROVINCE and one.country == country), -1)


def of_entry(entry: Entry) -> Located:
    """Where a place of the gazetteer is."""
    admin1 = entry.row if entry.kind == PROVINCE else entry.admin1
    admin2 = entry.row if entry.kind == DISTRICT else entry.admin2
    return Located(entry.kind, entry.row, entry.country, admin1, admin2, entry.lat, entry.lon)


def holds(area: Area, at: Located) -> bool:
    """Does an area hold what lies there?"""
    if area.within_division >= 0 and at.admin1 != area.within_division:
        return False
    if at.country in area.countries or at.admin1 in area.divisions or at.admin2 in area.districts:
        return True
    if at.row >= 0 and at.row in area.districts:
        return True
    if area.within and at.country != area.within:
        return False
    least = PROVINCE if area.is_compass_part else DISTRICT  # a compass part holds the provinces whose middle it holds
    return at.level >= least and area.in_polygon(at.lat, at.lon)


def by_names(area: Place, place: Place) -> Held:
    """How surely the area holds the place by what the two say themselves: country, name of the division, distance."""
    if area.geonameid is not None and area.geonameid == place.geonameid:
        return Held.SURELY
    if place.country is None or place.country != area.country:
        return Held.NO
    if is_quarter(area):
        return Held.PROBABLY if _is_in_quarter(area, place) else Held.NO
    if area.precision is Precision.COUNTRY:
        return Held.SURELY
    if area.precision is Precision.PROVINCE:
        return Held.SURELY if _same(place.admin1, area.admin1 or area.name) else Held.NO
    if place.precision.is_area:
        return Held.NO
    km = _distance(place, area)
    is_named_so = _same(place.name, area.name) and (km is None or km <= 2 * CITY_KM)
    if not is_named_so and not (place.precision in _INSIDE_CITY and km is not None and km <= CITY_KM):
        return Held.NO
    is_other_side = place.admin1 and area.admin1 and place.admin1 != area.admin1
    is_beside = place.precision is Precision.DISTRICT and not is_named_so
    return Held.PROBABLY if is_beside or is_other_side else Held.SURELY


def is_quarter(area: Place) -> bool:
    """Is it a quarter of a town that the gazetteer does not list? Its ``admin1`` is then the town."""
    return area.precision is Precision.DISTRICT and area.geonameid is None


def _is_in_quarter(quarter: Place, place: Place) -> bool:
    """Is it of that name, a point near it, or told as the town, whose quarter was not told or not read?"""
    if place.precision.is_area:
        return False
    km = _distance(place, quarter)
    if _same(place.name, quarter.admin1) or _same(place.name, quarter.name):
        return km is None or km <= 2 * CITY_KM
    return km is not None and km <= QUARTER_KM


def _as_area(place: Place, at: Located) -> Area:
    """A country or division as an area."""
    if place.precision is Precision.COUNTRY:
        return Area(name=place.name, countries=frozenset((at.country,)))
    return Area(name=place.name, divisions=frozenset((at.row,)))


def _by_share(share: float) -> Held:
    if share == 1:
        return Held.SURELY
    return Held.PROBABLY if share >= MOST_PARTS else Held.NO


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and (one == other or _key(one) == _key(other))


_key = lru_cache(maxsize=20_000)(fold)


def _distance(place: Place, other: Place) -> float | None:
    if place.lat is None or place.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_km(place.lat, place.lon, other.lat, other.lon)
