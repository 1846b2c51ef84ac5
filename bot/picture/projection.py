"""Where in a picture is a point of the earth? Azimuthal equidistant around a point, or Equal Earth for the world."""

from __future__ import annotations

import math
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from extract.geo import EARTH_KM

KM_PER_DEGREE = math.pi * EARTH_KM / 180
# Equal Earth (Šavrič, Patterson, Jenny 2018, https://doi.org/10.1080/13658816.2018.1504949)
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2

Points = NDArray[np.float64]


class GeoPoint(msgspec.Struct, frozen=True):
    """A point, in degrees."""

    lat: float
    lon: float


class Box(msgspec.Struct, frozen=True):
    """A part of the earth in degrees; across the date line ``west`` is below -180, or ``east`` above 180."""

    west: float
    south: float
    east: float
    north: float


class Projection(Protocol):
    """A map projection from degrees to pixels, x to the right and y down."""

    @property
    def km_per_px(self) -> float:
        """The kilometres in a pixel, in the middle of the map."""

    @property
    def window(self) -> Box:
        """A box that contains the visible part of the earth, around the centre's longitude."""

    def project(self, points: Points) -> Points:
        """The (x, y) rows of (longitude, latitude) rows."""


class Local(msgspec.Struct, frozen=True):
    """Azimuthal equidistant projection: distances and directions from the centre are true, also across a pole."""

    centre: GeoPoint
    km_per_px: float
    width: int
    height: int

    @property
    def window(self) -> Box:
        """A box that contains the visible part of the earth."""
        far = min(180.0, math.hypot(self.width, self.height) / 2 * self.km_per_px / KM_PER_DEGREE * 1.02)
        south, north = max(-90.0, self.centre.lat - far), min(90.0, self.centre.lat + far)
        wide = 180.0
        if abs(self.centre.lat) + far < 90:
            wide = math.degrees(
                math.asin(min(1.0, math.sin(math.radians(far)) / math.cos(math.radians(self.centre.lat))))
            )
        return Box(self.centre.lon - wide, south, self.centre.lon + wide, north)

    def project(self, points: Points) -> Points:
        """The (x, y) rows of (longitude, latitude) rows."""
        lon = np.radians(points[:, 0] - self.centre.lon)
        lat, lat0 = np.radians(points[:, 1]), math.radians(self.centre.lat)
        sin, cos = np.sin(lat), np.cos(lat)
        up = math.cos(lat0) * sin - math.sin(lat0) * cos * np.cos(lon)
        right = cos * np.sin(lon)
        arc = np.arctan2(np.hypot(up, right), math.sin(lat0) * sin + math.cos(lat0) * cos * np.cos(lon))
        scale = EARTH_KM / self.km_per_px / np.sinc(arc / np.pi).clip(1e-6)
        return np.column_stack((self.width / 2 + scale * right, self.height / 2 - scale * up))

    def spot(self, x: float, y: float) -> GeoPoint:
        """The point of the earth at a pixel."""
        east, north = (x - self.width / 2) * self.km_per_px, (self.height / 2 - y) * self.km_per_px
        return destination(self.centre, math.hypot(east, north), math.degrees(math.atan2(east, north)))


class World(msgspec.Struct, frozen=True):
    """Equal Earth projection of the whole world around a longitude: areas are true."""

    lon: float
    width: int
    height: int

    @property
    def km_per_px(self) -> float:
        """The kilometres in a pixel, at the equator."""
        return EARTH_KM * _M * _A1 / self._scale

    @property
    def window(self) -> Box:
        """The whole earth."""
        return Box(self.lon - 180, -90, self.lon + 180, 90)

    def project(self, points: Points) -> Points:
        """The (x, y) rows of (longitude, latitude) rows."""
        lon = np.radians(points[:, 0] - self.lon)
        theta = np.arcsin(_M * np.sin(np.radians(points[:, 1])))
        square = theta * theta
        six = square**3
        x = lon * np.cos(theta) / (_M * (_A1 + 3 * _A2 * square + six * (7 * _A3 + 9 * _A4 * square)))
        y = theta * (_A1 + _A2 * square + six * (_A3 + _A4 * square))
        return np.column_stack((self.width / 2 + self._scale * x, self.height / 2 - self._scale * y))

    @property
    def _scale(self) -> float:
        """The pixels in a unit of the formula."""
        return min(self.width / (2 * _widest()), self.height / (2 * _highest()))


def destination(start: GeoPoint, km: float, bearing: float) -> GeoPoint:
    """The point at a distance in km and a bearing in degrees clockwise from north."""
    lat, arc, turn = math.radians(start.lat), km / EARTH_KM, math.radians(bearing)
    up = math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(turn)
    lat2 = math.asin(max(-1.0, min(1.0, up)))
    lon = math.atan2(math.sin(turn) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(lat2))
    return GeoPoint(math.degrees(lat2), (start.lon + math.degrees(lon) + 540) % 360 - 180)


def circle(centre: GeoPoint, km: float, corners: int = 180) -> Points:
    """A circle on the ground as closed (longitude, latitude) rows; longitudes are within 180° of the centre's."""
    spots = [destination(centre, km, 360 * n / corners) for n in range(corners + 1)]
    return np.array([(wrap_longitude(spot.lon, centre.lon), spot.lat) for spot in spots])


def wrap_longitude(lon: float, centre: float) -> float:
    """A longitude plus or minus full turns, within 180 degrees of another one."""
    return centre + (lon - centre + 540) % 360 - 180


def centroid(points: Points) -> GeoPoint:
    """The mean of (longitude, latitude) rows on the sphere."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    x, y, z = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean(), np.sin(lat).mean()
    return GeoPoint(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def fit(points: Points, width: int, height: int, *, least: float, margin: float = 1.15) -> Local:
    """The projection that shows all (longitude, latitude) rows, with a height of at least ``least`` kilometres."""
    view = Local(centroid(points), 1.0, width, height)
    for _ in range(4):
        shown = view.project(points)
        low, high = shown.min(axis=0), shown.max(axis=0)
        centre = view.spot(*((low + high) / 2).tolist())
        wide, tall = ((high - low) * view.km_per_px).tolist()
        scale = max(wide * margin / width, tall * margin / height, least / height)
        view = Local(centre, scale, width, height)
    return view


def _widest() -> float:
    return math.pi / (_M * _A1)


def _highest() -> float:
    theta = math.asin(_M)
    square = theta * theta
    return theta * (_A1 + _A2 * square + square**3 * (_A3 + _A4 * square))
