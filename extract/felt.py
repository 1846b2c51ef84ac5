"""How far away was an earthquake probably felt? By its magnitude and depth, and a published attenuation of intensity.

The relation is that of Allen, Wald and Worden (2012, Journal of Seismology 16, 409-433) for active crust, with its
coefficients and the intensity that counts as felt in ``extract/data/felt.toml``. It gives the median: on soft ground it
is felt further away, in old and stable crust much further, so that who is told lives where most people felt it.
"""

from __future__ import annotations

import math
from functools import lru_cache

from extract.lexicon import shared_table
from extract.types import Frozen, Report

_STEPS = 24


class FeltArea(Frozen, frozen=True):
    """A circle in which an earthquake was probably felt: its epicentre (WGS 84) and the radius in kilometres."""

    lat: float
    lon: float
    km: float


def felt_area(facts: Report) -> FeltArea | None:
    """Where the earthquake of a record was probably felt.

    None for other kinds, where no authority gives its point, magnitude and depth, and where it was hardly felt.
    """
    official = facts.official
    if official is None or official.point is None or official.depth is None or facts.magnitude is None:
        return None
    if facts.kind not in shared_table("felt")["area"]["kinds"]:
        return None
    km = felt_km(facts.magnitude, official.depth)
    return FeltArea(*official.point, km) if km is not None else None


@lru_cache(maxsize=1_000)
def felt_km(magnitude: float, depth: float) -> float | None:
    """How far from the epicentre the median intensity reaches the least one that counts, in kilometres.

    ``depth`` is in kilometres. None where it does not reach it even at the epicentre.
    """
    area = shared_table("felt")["area"]
    if magnitude < area["least_magnitude"] or intensity(magnitude, depth) < area["intensity"]:
        return None
    near, far = 0.0, float(area["most_km"])
    if intensity(magnitude, math.hypot(far, depth)) >= area["intensity"]:
        return far
    for _ in range(_STEPS):  # intensity falls with distance
        middle = (near + far) / 2
        is_felt = intensity(magnitude, math.hypot(middle, depth)) >= area["intensity"]
        near, far = (middle, far) if is_felt else (near, middle)
    return near


def intensity(magnitude: float, km: float) -> float:
    """The median Modified Mercalli intensity at ``km`` kilometres from the hypocentre; at most XII."""
    c = shared_table("felt")["relation"]
    radius = c["m1"] + c["m2"] * math.exp(magnitude - 5)
    spread = c["c2"] * math.log(max(1e-3, math.hypot(km, radius)))
    beyond = c["c4"] * math.log(km / c["km_far"]) if km > c["km_far"] else 0.0
    return float(min(12.0, c["c0"] + c["c1"] * magnitude + spread + beyond))
