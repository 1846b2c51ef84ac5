"""Which towns and areas lie in a part of the world, and how large is a place?"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.picture.projection import Box
from extract.geo import KM_PER_DEGREE
from extract.places import Entry, Gazetteer
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.types import Place, Precision

# people on a square kilometre of a town: the radius from it covers most towns' built-up land
PER_KM2 = 4000.0
CITY_KM = (2.0, 30.0)
SITE_KM = 1.0
# radius in km where nothing is known about a place's size
USUAL_KM = {Precision.DISTRICT: 10.0, Precision.PROVINCE: 100.0, Precision.COUNTRY: 300.0}
# the share of an area's towns within its radius
SHARE = 0.9


class Level(StrEnum):
    """The kind of place that a name on a map belongs to."""

    TOWN = "town"
    PROVINCE = "province"
    COUNTRY = "country"


class NamedPlace(msgspec.Struct, frozen=True):
    """A place whose name can be written on a map; ``people``: its population; ``capital``: it is that of a country."""

    name: str
    lat: float
    lon: float
    people: int
    level: Level
    country: str = ""
    capital: bool = False


class Atlas(Protocol):
    """The queries that a map makes to a gazetteer."""

    def towns(self, box: Box, limit: int) -> list[NamedPlace]:
        """The towns in a box, the largest first."""

    def areas(self, box: Box, level: Level) -> list[NamedPlace]:
        """The countries or provinces whose middle is in a box, the most populous first."""

    def radius(self, place: Place) -> float:
        """The radius in km around a place's point within which an event "there" lies."""

    def province(self, place: Place) -> int:
        """The geonameid of the province that a place is or lies in, 0 where that isn't known."""


class Blank:
    """An atlas without any places."""

    def towns(self, _box: Box, _limit: int) -> list[NamedPlace]:
        """No towns."""
        return []

    def areas(self, _box: Box, _level: Level) -> list[NamedPlace]:
        """No areas."""
        return []

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
        return self._largest(box, CITY, limit, Level.TOWN)

    def areas(self, box: Box, level: Level) -> list[NamedPlace]:
        """The countries or provinces whose middle is in a box, the most populous first."""
        return self._largest(box, COUNTRY if level is Level.COUNTRY else PROVINCE, 60, level)

    def radius(self, place: Place) -> float:
        """The radius in km around a place's point within which an event "there" lies."""
        if place.precision is Precision.SITE:
            return SITE_KM
        entry = self._gazetteer.find(place.geonameid) if place.geonameid else None
        if place.precision is Precision.CITY:
            people = entry.population if entry else 0
            return min(CITY_KM[1], max(CITY_KM[0], math.sqrt(people / PER_KM2 / math.pi)))
        return (self._reach(entry) if entry else None) or USUAL_KM[place.precision]

    def province(self, place: Place) -> int:
        """The geonameid of the province that a place is or lies in, 0 where that isn't known."""
        entry = self._gazetteer.find(place.geonameid) if place.geonameid else None
        if entry is None:
            return 0
        if entry.kind == PROVINCE:
            return entry.geonameid
        return self._gazetteer.entry(entry.admin1).geonameid if entry.admin1 >= 0 else 0

    def _largest(self, box: Box, kind: int, limit: int, level: Level) -> list[NamedPlace]:
        rows = self._gazetteer.table
        lat, lon = rows["lat"], rows["lon"]
        high = (lat >= box.south) & (lat <= box.north)
        near = np.flatnonzero(high & _between(lon, box.west, box.east) & (rows["kind"] & 7 == kind))
        near = near[np.argsort(-rows["population"][near].astype(np.int64), kind="stable")][:limit]
        return [_known(self._gazetteer.entry(int(row)), level) for row in near]

    def _reach(self, entry: Entry) -> float | None:
        """The radius in km that covers ``SHARE`` of an area's towns; None where it has fewer than three."""
        rows = self._gazetteer.table
        column = {PROVINCE: "admin1", DISTRICT: "admin2"}.get(entry.kind)
        mine = rows[column] == entry.row if column else rows["country"] == entry.country.encode()
        inside = rows[np.flatnonzero(mine & (rows["kind"] & 7 == CITY))]
        if len(inside) < 3 or entry.lat is None or entry.lon is None:
            return None
        north = inside["lat"] - entry.lat
        east = ((inside["lon"] - entry.lon + 540) % 360 - 180) * math.cos(math.radians(entry.lat))
        return max(3.0, float(np.quantile(np.hypot(north, east), SHARE)) * KM_PER_DEGREE)


def _between(lon: NDArray[np.float32], west: float, east: float) -> NDArray[np.bool_]:
    """Which longitudes lie in a span that may cross the date line."""
    if east - west >= 360:
        return np.ones(len(lon), bool)
    turned: NDArray[np.bool_] = (lon - west) % 360 <= east - west
    return turned


def _known(entry: Entry, level: Level) -> NamedPlace:
    return NamedPlace(
        entry.name, entry.lat or 0.0, entry.lon or 0.0, entry.population, level, entry.country, entry.capital
    )
