"""Is the settlement a quarter of a town that the text names too: Logan Square of Chicago, Gulshan of Karachi?

The gazetteer lists quarters as it lists towns. One that lies well within a far larger town of the same division, which
the text names, is a part of it; one with a police or a mayor of its own, or a state named behind it, is a town.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.decide.findings import PlaceFound, weights
from extract.places import Gazetteer, NameRole, distance_km
from extract.types import Place, Precision

_HELD = 4  # characters between a name and the one that holds it: "Evanston, Illinois"


def town_of(place: PlaceFound, named: Sequence[PlaceFound], gazetteer: Gazetteer) -> Place | None:
    """The town among those named that the place is a quarter of; None where it is a town itself, or no settlement."""
    own = place.resolved.place
    people = _people(own, gazetteer)
    if own.precision is not Precision.CITY or not people or _stands_alone(place, named):
        return None
    rules = weights("quarter")
    for other in named:
        town = other.resolved.place
        if (
            town.precision is Precision.CITY
            and (town.country, town.admin1) == (own.country, own.admin1)
            and other.resolved.confidence >= rules["sure"]
            and _people(town, gazetteer) >= max(rules["least"], rules["times"] * people)
            and (distance_km(own, town) or math.inf) <= _reach(_people(town, gazetteer))
        ):
            return town
    return None


def _people(place: Place, gazetteer: Gazetteer) -> int:
    entry = gazetteer.find(place.geonameid) if place.geonameid else None
    return entry.population if entry else 0


def _reach(people: int) -> float:
    """Kilometres from its middle that a town of so many people reaches, where they live about as close together."""
    rules = weights("quarter")
    return float(min(rules["most_km"], math.sqrt(people / rules["people_per_km2"] / math.pi)))


def _stands_alone(place: PlaceFound, named: Sequence[PlaceFound]) -> bool:
    """Does the text speak of its police, or say which state it lies in?"""
    same = [p for p in named if p.resolved.place.geonameid == place.resolved.place.geonameid]
    holders = [p.start for p in named if p.resolved.place.precision in (Precision.PROVINCE, Precision.COUNTRY)]
    return any(p.resolved.role is NameRole.ORGANISATION for p in same) or any(
        0 < start - p.end <= _HELD for p in same for start in holders
    )
