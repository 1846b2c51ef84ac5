"""Does a polygon on the map contain a point?"""

from __future__ import annotations

import math

import msgspec

from extract.geo import KM_PER_DEGREE

Point = tuple[float, float]


class Polygon(msgspec.Struct, frozen=True):
    """A ring of (latitude, longitude) in degrees; the last point is joined to the first. It doesn't cross 180° east."""

    points: tuple[Point, ...]
    south: float
    west: float
    north: float
    east: float

    @classmethod
    def of(cls, points: tuple[Point, ...]) -> Polygon:
        """The polygon of a ring, with its bounding box."""
        lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
        return cls(points, min(lats), min(lons), max(lats), max(lons))

    def contains(self, lat: float, lon: float) -> bool:
        """Is the point inside (even-odd rule)?"""
        if not (self.south <= lat <= self.north and self.west <= lon <= self.east):
            return False
        inside = False
        before_lat, before_lon = self.points[-1]
        for at_lat, at_lon in self.points:
            if (at_lat > lat) != (before_lat > lat):
                cut = (before_lon - at_lon) * (lat - at_lat) / (before_lat - at_lat) + at_lon
                inside ^= lon < cut
            before_lat, before_lon = at_lat, at_lon
        return inside


def circle(lat: float, lon: float, km: float) -> tuple[Point, ...]:
    """A ring of 24 points at this distance from a point."""
    turns = [2 * math.pi * n / 24 for n in range(24)]
    high = km / KM_PER_DEGREE
    wide = high / max(0.01, math.cos(math.radians(lat)))
    return tuple((lat + high * math.sin(turn), lon + wide * math.cos(turn)) for turn in turns)
