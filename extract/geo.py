"""How far apart are two points on the Earth? The haversine formula on a sphere."""

from __future__ import annotations

import math

# the mean radius R1 of the WGS 84 ellipsoid (IUGG)
EARTH_KM = 6371.0088
# length of a degree of latitude, rounded
KM_PER_DEGREE = 111.2


def distance_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """The great-circle distance in kilometres between two points given in degrees."""
    a, b = math.radians(lat), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
