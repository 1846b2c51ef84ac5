"""Which quarters, landmarks and airports of large towns have a name? Those listed in ``data/places_quarters.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import msgspec

from extract import geo
from extract.lexicon import shared_table
from extract.places.row_layout import CITY, DISTRICT
from extract.places.types import Entry, PlaceIndex
from extract.text.normalise import fold
from extract.types import Place, Precision

_SAME_KM = 15.0  # an entry of the gazetteer of the same name this near is the same quarter


class Quarter(NamedTuple):
    """A listed quarter; ``town`` is the geonameid of its town."""

    name: str
    town: int
    lat: float
    lon: float


class Found(NamedTuple):
    """A quarter of a name, its entry in the gazetteer if it has one, and its town."""

    entry: Entry | None
    place: Place
    town: Entry


def of(gazetteer: PlaceIndex, key: str) -> Iterator[Found]:
    """The quarters of a folded name. A place without a geonameid has its town as ``admin1``."""
    for quarter in _listed().get(key, ()):
        town = gazetteer.find(quarter.town)
        if town is None:
            continue
        entry = _in_gazetteer(gazetteer, key, quarter, town)
        place = gazetteer.place(entry) if entry is not None else _place(quarter, gazetteer.place(town))
        if place.lat is None:  # the gazetteer has no points of districts without towns of their own
            place = msgspec.structs.replace(place, lat=quarter.lat, lon=quarter.lon)
        yield Found(entry, place, town)


def town_of(gazetteer: PlaceIndex, place: Place) -> Entry | None:
    """The town of a listed quarter; None for another place."""
    for quarter in _listed().get(fold(place.name), ()):
        if quarter.lat == place.lat and quarter.lon == place.lon:
            return gazetteer.find(quarter.town)
    return None


def _place(quarter: Quarter, town: Place) -> Place:
    return Place(
        name=quarter.name,
        admin1=town.name if town.name != quarter.name else town.admin1,
        country=town.country,
        lat=quarter.lat,
        lon=quarter.lon,
        precision=Precision.DISTRICT,
    )


def _in_gazetteer(gazetteer: PlaceIndex, key: str, quarter: Quarter, town: Entry) -> Entry | None:
    """The gazetteer's own entry of a quarter, by which the places of reports are known again."""
    known = [candidate.entry for candidate in gazetteer.candidates(key)]
    near = (entry for entry in known if entry.kind == CITY and _is_near(entry, quarter))
    districts = (entry for entry in known if entry.kind == DISTRICT and entry.admin1 == town.admin1 >= 0)
    return next(near, None) or next(districts, None)


def _is_near(entry: Entry, quarter: Quarter) -> bool:
    if entry.lat is None or entry.lon is None:
        return False
    return geo.distance_km(quarter.lat, quarter.lon, entry.lat, entry.lon) <= _SAME_KM


@cache
def _listed() -> Mapping[str, tuple[Quarter, ...]]:
    """The quarters by the folded form of each of their spellings.

    "Kensington, Philadelphia" is called Kensington, and found by either.
    """
    out: dict[str, list[Quarter]] = {}
    for town, rows in shared_table("places_quarters").items():
        for spellings, (lat, lon) in rows.items():
            first, *others = spellings.split("|")
            name = first.partition(",")[0]
            for key in dict.fromkeys((fold(name), *map(fold, others))):
                out.setdefault(key, []).append(Quarter(name, int(town), lat, lon))
    return {key: tuple(found) for key, found in out.items()}
