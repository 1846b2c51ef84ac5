"""Which towns lie in a part of the world, how is an area called, and how large is a place?"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.picture.projection import Box
from extract.geo import KM_PER_DEGREE
from extract.places import Entry, Gazetteer
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.types import Place, Precision

Degrees = NDArray[np.floating[Any]]
# people on a square kilometre of a town: the radius from it covers most towns' built-up land
PER_KM2 = 4000.0
# the same of a part of a larger town, which is more densely built: Brooklyn has 14,500, Kadıköy 16,000, Harlem 19,000
PER_KM2_IN_CITY = 12000.0
CITY_KM = (2.0, 30.0)
# a town with fewer people has the smallest radius at either density
LARGE = 50_000
SITE_KM = 1.0
# radius in km where nothing is known about a place's size
USUAL_KM = {Precision.DISTRICT: 10.0, Precision.PROVINCE: 100.0, Precision.COUNTRY: 300.0}
# the share of an area's towns within its radius
SHARE = 0.9


class NamedPlace(msgspec.Struct, frozen=True):
    """A town whose name can be written on a map; ``people``: its population; ``capital``: it is that of a country."""

    name: str
    lat: float
    lon: float
    people: int
    capital: bool = False
    geonameid: int = 0


class Atlas(Protocol):
    """The queries that a map makes to a gazetteer."""

    def towns(self, box: Box, limit: int) -> list[NamedPlace]:
        """The towns in a box, the largest first."""

    def area_name(self, country: str, province: int) -> str:
        """The name of a province by its geonameid, or of a country (alpha-2) with ``province`` 0; empty if unknown."""

    def radius(self, place: Place) -> float:
        """The radius in km around a place's point within which an event "there" lies."""

    def province(self, place: Place) -> int:
        """The geonameid of the province that a place is or lies in, 0 where that isn't known."""


class Blank:
    """An atlas without any places."""

    def towns(self, _box: Box, _limit: int) -> list[NamedPlace]:
        """No towns."""
        return []

    def area_name(self, _country: str, _province: int) -> str:
        """No name."""
        return ""

    def radius(self, place: Place) -> float:
        """The usual radius in km for the place's precision."""
        return SITE_KM if place.precision is Precision.SITE else USUAL_KM.get(place.precision, sum(CITY_KM) / 2)

    def province(self, place: Place) -> int:
        """The geonameid of a place that is a province, else 0."""
        return place.geonameid or 0 if place.precision is Precision.PROVINCE else 0


class GazetteerAtlas:
    """An atlas of all places in the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def towns(self, box: Box, limit: int) -> list[NamedPlace]:
        """The towns in a box, the largest first."""
        rows = self._gazetteer.table
        lat, lon = rows["lat"], rows["lon"]
        high = (lat >= box.south) & (lat <= box.north)
        near = np.flatnonzero(high & _between(lon, box.west, box.east) & (rows["kind"] & 7 == CITY))
        near = near[np.argsort(-rows["population"][near].astype(np.int64), kind="stable")][:limit]
        return [_known(self._gazetteer.entry(int(row))) for row in near]

    def area_name(self, country: str, province: int) -> str:
        """The name of a province by its geonameid, or of a country (alpha-2) with ``province`` 0; empty if unknown."""
        if not province:
            return self._gazetteer.country_name(country) or ""
        entry = self._gazetteer.find(province)
        return entry.name if entry else ""

    def radius(self, place: Place) -> float:
        """The radius in km around a place's point within which an event "there" lies."""
        if place.precision is Precision.SITE:
            return SITE_KM
        entry = self._gazetteer.find(place.geonameid) if place.geonameid else None
        if entry is None:
            return CITY_KM[0] if place.precision is Precision.CITY else USUAL_KM[place.precision]
        # a part of a city is a district by its precision and a town in the gazetteer, without towns of its own
        if entry.kind == CITY:
            return self._built_up(entry)
        reach = self._reach(entry)
        if reach is None and entry.kind == DISTRICT and entry.population:
            return min(USUAL_KM[Precision.DISTRICT], self._built_up(entry))
        return reach or USUAL_KM.get(place.precision, CITY_KM[0])

    def province(self, place: Place) -> int:
        """The geonameid of the province that a place is or lies in, 0 where that isn't known."""
        entry = self._gazetteer.find(place.geonameid) if place.geonameid else None
        if entry is None:
            return 0
        if entry.kind == PROVINCE:
            return entry.geonameid
        return self._gazetteer.entry(entry.admin1).geonameid if entry.admin1 >= 0 else 0

    def _built_up(self, entry: Entry) -> float:
        """The radius in km of a town, or of a part of one, from its population."""
        per_km2 = PER_KM2_IN_CITY if self._lies_in_larger(entry) else PER_KM2
        return min(CITY_KM[1], max(CITY_KM[0], math.sqrt(entry.population / per_km2 / math.pi)))

    def _lies_in_larger(self, entry: Entry) -> bool:
        """Is the point of a place within the built-up land of a town with more people?"""
        if entry.lat is None or entry.lon is None or entry.population < LARGE:
            return False
        near = self._large[self._large["population"] > entry.population]
        km = np.hypot(*_offsets(near, entry.lat, entry.lon)) * KM_PER_DEGREE
        return bool((km < np.minimum(CITY_KM[1], np.sqrt(near["population"] / PER_KM2 / math.pi))).any())

    @cached_property
    def _large(self) -> NDArray[np.void]:
        """The rows of the towns with at least ``LARGE`` people."""
        rows = self._gazetteer.table
        large: NDArray[np.void] = rows[(rows["kind"] & 7 == CITY) & (rows["population"] >= LARGE)]
        return large

    def _reach(self, entry: Entry) -> float | None:
        """The radius in km that covers ``SHARE`` of an area's towns; None if it has fewer than three or isn't one."""
        if entry.kind not in (COUNTRY, PROVINCE, DISTRICT):
            return None
        rows = self._gazetteer.table
        column = {PROVINCE: "admin1", DISTRICT: "admin2"}.get(entry.kind)
        mine = rows[column] == entry.row if column else rows["country"] == entry.country.encode()
        inside = rows[np.flatnonzero(mine & (rows["kind"] & 7 == CITY))]
        if len(inside) < 3 or entry.lat is None or entry.lon is None:
            return None
        far = np.hypot(*_offsets(inside, entry.lat, entry.lon))
        return max(3.0, float(np.quantile(far, SHARE)) * KM_PER_DEGREE)


def _offsets(rows: NDArray[np.void], lat: float, lon: float) -> tuple[Degrees, Degrees]:
    """How far north and east of a point places are, in degrees of latitude."""
    return rows["lat"] - lat, ((rows["lon"] - lon + 540) % 360 - 180) * math.cos(math.radians(lat))


def _between(lon: NDArray[np.float32], west: float, east: float) -> NDArray[np.bool_]:
    """Which longitudes lie in a span that may cross the date line."""
    if east - west >= 360:
        return np.ones(len(lon), bool)
    turned: NDArray[np.bool_] = (lon - west) % 360 <= east - west
    return turned


def _known(entry: Entry) -> NamedPlace:
    return NamedPlace(
        entry.name, entry.lat or 0.0, entry.lon or 0.0, entry.population, entry.capital, geonameid=entry.geonameid
    )
