"""Which towns lie in a polygon, how far does an area's towns reach, which division does a point lie in?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.geo import KM_PER_DEGREE
from extract.places.polygon import Point, Polygon
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.places.types import Entry

# a point lies in the division of the nearest town, if that is not farther away than this
NEAR_KM = 60.0
# how far a nearest town is looked for: near at first, since that is quick
_CLOSE_DEGREES, _FAR_DEGREES = 0.3, 3.0


class Division(NamedTuple):
    """The rows of a first- and a second-order division, -1 where there is none."""

    admin1: int
    admin2: int


class Towns:
    """The towns of the gazetteer's table by their coordinates; answers take a few milliseconds, so keep them."""

    def __init__(self, table: NDArray[Any]) -> None:
        self._table = table

    def within(self, polygon: Polygon) -> NDArray[np.int64]:
        """The rows of the towns in a polygon, that with the most people first."""
        rows = self._in_box(polygon.south, polygon.west, polygon.north, polygon.east)
        lats, lons = self._lats[rows], self._lons[rows]
        inside = np.zeros(len(rows), bool)
        before_lat, before_lon = polygon.points[-1]
        for at_lat, at_lon in polygon.points:
            if at_lat != before_lat:
                spans = (at_lat > lats) != (before_lat > lats)
                cut = (before_lon - at_lon) * (lats - at_lat) / (before_lat - at_lat) + at_lon
                inside ^= spans & (lons < cut)
            before_lat, before_lon = at_lat, at_lon
        found = rows[inside]
        order: NDArray[np.int64] = np.argsort(self._table["population"][found], kind="stable")[::-1]
        return found[order]

    def countries(self, rows: NDArray[np.int64]) -> set[str]:
        """The codes of the countries of these rows."""
        return {code.decode() for code in np.unique(self._table["country"][rows]).tolist()}

    def people(self, rows: NDArray[np.int64]) -> int:
        """The population of these rows together."""
        return int(self._table["population"][rows].sum(dtype=np.int64))

    def bounds(self, area: Entry) -> tuple[float, float, float, float] | None:
        """South, west, north and east of the towns of a country, division or district; None where it has none."""
        column = {COUNTRY: "country", PROVINCE: "admin1", DISTRICT: "admin2"}[area.kind]
        value = area.country.encode() if area.kind == COUNTRY else area.row
        rows = np.flatnonzero((self._table[column] == value) & self._is_town)
        if not len(rows):
            return None
        lats, lons = self._lats[rows], self._lons[rows]
        return float(lats.min()), float(lons.min()), float(lats.max()), float(lons.max())

    def division_at(self, country: str, lat: float, lon: float) -> Division:
        """The divisions of the nearest town of a country that has a first-order one, within ``NEAR_KM``."""
        high = NEAR_KM / KM_PER_DEGREE
        wide = high / max(0.1, math.cos(math.radians(lat)))
        rows = self._in_box(lat - high, lon - wide, lat + high, lon + wide)
        rows = rows[(self._table["country"][rows] == country.encode()) & (self._table["admin1"][rows] >= 0)]
        if not len(rows):
            return Division(-1, -1)
        squeeze = math.cos(math.radians(lat))
        away = (self._lats[rows] - lat) ** 2 + ((self._lons[rows] - lon) * squeeze) ** 2
        nearest = self._table[rows[int(away.argmin())]]
        return Division(int(nearest["admin1"]), int(nearest["admin2"]))

    def nearest(self, lat: float, lon: float) -> int:
        """The row of the town nearest to a point; -1 if there is none within some 300 km."""
        for reach in (_CLOSE_DEGREES, _FAR_DEGREES):
            rows = self._in_band(lat - reach, lat + reach)
            if not len(rows):
                continue
            east = np.abs(self._lons[rows] - lon)
            east = np.minimum(east, 360 - east) * math.cos(math.radians(lat))
            away = np.hypot(self._lats[rows] - lat, east)
            best = int(np.argmin(away))
            if away[best] < reach:
                return int(rows[best])
        return -1

    def one_per_division(self, lat: float, lon: float, km: float) -> NDArray[np.int64]:
        """The rows of the towns within a circle that are nearest to its centre, one for each first-order division."""
        high = km / KM_PER_DEGREE
        rows = self._in_band(lat - high, lat + high)
        east = np.abs(self._lons[rows] - lon)
        east = np.minimum(east, 360 - east) * np.cos(np.radians((self._lats[rows] + lat) / 2))
        away = np.hypot(self._lats[rows] - lat, east) * KM_PER_DEGREE
        inside = away <= km
        rows, away = rows[inside], away[inside]
        rows = rows[np.argsort(away, kind="stable")]
        parts = np.rec.fromarrays([self._table["country"][rows], self._table["admin1"][rows]])
        _, first = np.unique(parts, return_index=True)
        found: NDArray[np.int64] = rows[np.sort(first)]
        return found

    @staticmethod
    def middle(points: Sequence[Point]) -> tuple[float | None, float | None]:
        """The mean latitude and the mean direction of the longitudes, rounded; None for no points."""
        if not points:
            return None, None
        angles = [math.radians(lon) for _, lon in points]
        lon = math.degrees(math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))))
        return round(sum(lat for lat, _ in points) / len(points), 2), round(lon, 2)

    def _in_box(self, south: float, west: float, north: float, east: float) -> NDArray[np.int64]:
        lats, lons = self._lats, self._lons
        return np.flatnonzero((lats >= south) & (lats <= north) & (lons >= west) & (lons <= east) & self._is_town)

    def _in_band(self, south: float, north: float) -> NDArray[np.int64]:
        """The rows of the towns between two latitudes, in their order in the table."""
        first, last = np.searchsorted(self._sorted_lats, (south, north))
        return np.sort(self._by_lat[first:last])

    @cached_property
    def _by_lat(self) -> NDArray[np.int32]:
        rows = np.flatnonzero(self._is_town & ~np.isnan(self._lats)).astype(np.int32)
        return rows[np.argsort(self._lats[rows], kind="stable")]

    @cached_property
    def _sorted_lats(self) -> NDArray[np.float32]:
        return self._lats[self._by_lat]

    @cached_property
    def _lats(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self._table["lat"])

    @cached_property
    def _lons(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self._table["lon"])

    @cached_property
    def _is_town(self) -> NDArray[np.bool_]:
        is_town: NDArray[np.bool_] = (self._table["kind"] & 7) == CITY
        return is_town
