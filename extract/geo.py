"""How far apart are two points on the Earth, and how large is a box around a circle? The Earth as a sphere."""

from __future__ import annotations

import math

# the mean radius R1 of the WGS 84 ellipsoid (IUGG)
EARTH_KM = 6371.0088
# length of a degree of latitude, rounded
KM_PER_DEGREE = 111.2


def distance_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """The great-circle distance in kilometres between two points given in degrees, by the haversine formula."""
    a, b = math.radians(lat), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def half_extent(lat: float, km: float) -> tuple[float, float]:
    """Half the height and half the width, in degrees, of a box around a circle of ``km`` at a latitude."""
    high = km / KM_PER_DEGREE
    shrink = math.cos(math.radians(min(89.0, abs(lat) + high)))
    return high, min(180.0, high / max(shrink, 0.01))
