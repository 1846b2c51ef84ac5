"""Where did an event happen that a document places by coordinates, by names of an area, or by codes?

A single point is where it was. Several are corners of an area: its place is the finest division that holds the towns
near them. An area without corners is placed by its names, else by the codes of its division or country.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from extract.geo import distance_km
from extract.lexicon import shared_table
from extract.places import Gazetteer
from extract.places.containment import of_entry
from extract.places.search import exact
from extract.places.towns import Towns
from extract.places.types import Entry
from extract.types import Place, Precision, StatedFacts

Point = tuple[float, float]


class StatedPlace(NamedTuple):
    """A place, None where nothing is known of it, and its time zone (IANA), None where that is not known."""

    place: Place | None
    zone: str | None


def place_of(stated: StatedFacts, gazetteer: Gazetteer) -> StatedPlace:
    """The place that the facts state."""
    points = [point for point in stated.points if _is_on_earth(point)]
    if len(points) == 1:
        return _at_point(points[0], stated, gazetteer)
    place = _of_corners(points, stated, gazetteer) if points else None
    place = place or _of_names(stated, gazetteer) or _of_codes(stated, gazetteer)
    return StatedPlace(place, gazetteer.timezone(place) if place is not None else None)


def _is_on_earth(point: Point) -> bool:
    return -90 <= point[0] <= 90 and -180 <= point[1] <= 180


# ------------------------------------------------------------------ a point


def _at_point(point: Point, stated: StatedFacts, gazetteer: Gazetteer) -> StatedPlace:
    """The point, with the name that the document gives it and the divisions that it lies in."""
    lat, lon = point
    near = gazetteer.nearest(lat, lon)
    named = _named_near(point, stated, gazetteer)
    country = (named and named.country) or stated.country or (near.country if near else "")
    zone = gazetteer.timezone(gazetteer.place(near)) if near is not None else None
    written = stated.places[0].split(",")[0].strip() if stated.places else ""
    is_vague = not written or (named is not None and named.precision is Precision.COUNTRY)
    name = near.name if near is not None and is_vague else written
    if not name:
        return StatedPlace(None, zone)
    km = _km(point, named) if named is not None and not named.precision.is_area else None
    is_town = km is not None and km <= shared_table("authorities")["report"]["city_km"]
    place = Place(
        name=name,
        admin1=_division_at(country, point, gazetteer),
        country=country or None,
        lat=round(lat, 4),
        lon=round(lon, 4),
        precision=Precision.CITY if is_town else Precision.DISTRICT,
        geonameid=named.geonameid if is_town and named is not None else None,
    )
    return StatedPlace(place, zone)


def _named_near(point: Point, stated: StatedFacts, gazetteer: Gazetteer) -> Place | None:
    """The first place that the document names and that is near the point, or an area that it names."""
    most = shared_table("authorities")["report"]["search_km"]
    for name in stated.places[:2]:
        for place in exact(gazetteer.typed, name):
            km = _km(point, place)
            if place.country and (place.precision.is_area or (km is not None and km <= most)):
                return place
    return None


def _division_at(country: str, point: Point, gazetteer: Gazetteer) -> str | None:
    row = gazetteer.division_at(country, *point).admin1 if country else -1
    return gazetteer.entry(row).name if row >= 0 else None


def _km(point: Point, place: Place) -> float | None:
    if place.lat is None or place.lon is None:
        return None
    return distance_km(*point, place.lat, place.lon)


# ------------------------------------------------------------------ an area


def _of_corners(points: Sequence[Point], stated: StatedFacts, gazetteer: Gazetteer) -> Place | None:
    """The finest division that holds the towns near the corners; None where no town is near any.

    A small area that no district holds is its middle, with the name of the nearest town.
    """
    rule = shared_table("authorities")["report"]
    lat, lon = Towns.middle(points)
    if lat is None or lon is None:
        return None
    sample = [*points[:: max(1, -(-len(points) // rule["samples"]))], (lat, lon)]
    towns = [town for point in sample if (town := gazetteer.nearest(*point)) is not None]
    countries = _countries(stated, gazetteer)
    if countries:
        towns = [town for town in towns if town.country in countries]
    place = _common(towns, gazetteer)
    if place is None or place.precision is Precision.COUNTRY or not towns:
        return place
    if max(distance_km(lat, lon, *point) for point in points) <= rule["small_km"]:
        name = place.name if place.precision is Precision.DISTRICT else towns[-1].name
        place = replace(place, name=name, precision=Precision.DISTRICT, lat=lat, lon=lon, geonameid=None)
    return place


def _countries(stated: StatedFacts, gazetteer: Gazetteer) -> set[str]:
    """The countries that the document gives by code or by name; an area at a border reaches over it on the map only."""
    if stated.country:
        return {stated.country}
    most = shared_table("authorities")["report"]["names"]
    named = (exact(gazetteer.typed, name, 1) for name in stated.places[:most])
    return {p.country for found in named for p in found if p.country and p.precision is Precision.COUNTRY}


def _common(towns: Sequence[Entry], gazetteer: Gazetteer) -> Place | None:
    """The finest place that holds the towns: the district of all, else the province or country of most of them; None
    for towns of several countries."""
    found = [of_entry(town) for town in towns]
    district, province = _most_frequent([one.admin2 for one in found]), _most_frequent([one.admin1 for one in found])
    most = shared_table("authorities")["report"]["most_of_area"]
    if district is not None and district.share == 1:
        return _as_place(district.row, gazetteer)
    if province is not None and province.share >= most:
        return _as_place(province.row, gazetteer)
    country = _most_frequent([gazetteer.country_row(one.country) for one in found])
    return _as_place(country.row, gazetteer) if country is not None and country.share >= most else None


class _Share(NamedTuple):
    row: int
    share: float


def _most_frequent(rows: Sequence[int]) -> _Share | None:
    """The area that most towns are in, and the share of them; None where they are in none."""
    known = Counter(row for row in rows if row >= 0)
    if not known:
        return None
    [(row, number)] = known.most_common(1)
    return _Share(row, number / len(rows))


def _as_place(row: int, gazetteer: Gazetteer) -> Place:
    return gazetteer.place(gazetteer.entry(row))


def _of_country(code: str, gazetteer: Gazetteer) -> Place | None:
    row = gazetteer.country_row(code)
    return _as_place(row, gazetteer) if row >= 0 else None


def _of_names(stated: StatedFacts, gazetteer: Gazetteer) -> Place | None:
    """The place of the only name, or the finest division or country that holds the places of all; None where most
    names are not known.

    The area that has a town's name is larger than the town.
    """
    names = stated.places[: shared_table("authorities")["report"]["names"]]
    division = _division_name(stated, gazetteer)
    found = [place for name in names if (place := _best(name, stated, division, gazetteer)) is not None]
    if 2 * len(found) < len(names) or not found:
        return None
    if len({place.geonameid for place in found}) == 1:
        is_town = found[0].precision is Precision.CITY
        return replace(found[0], precision=Precision.DISTRICT) if is_town else found[0]
    entries = [entry for place in found if place.geonameid and (entry := gazetteer.find(place.geonameid)) is not None]
    return _common(entries, gazetteer)


def _best(name: str, stated: StatedFacts, division: str | None, gazetteer: Gazetteer) -> Place | None:
    """The likeliest place of a name within the stated country and division; without either only a name of a whole
    country, since a district's name alone can be anywhere."""
    if not stated.country and not division and "," not in name:
        return next((p for p in exact(gazetteer.typed, name, 1) if p.precision is Precision.COUNTRY), None)
    return next((place for place in exact(gazetteer.typed, name) if _is_inside(place, stated, division)), None)


def _is_inside(place: Place, stated: StatedFacts, division: str | None) -> bool:
    if stated.country and place.country != stated.country:
        return False
    return division is None or place.admin1 == division


def _of_codes(stated: StatedFacts, gazetteer: Gazetteer) -> Place | None:
    row = gazetteer.division(stated.division) if stated.division else -1
    if row >= 0:
        return _as_place(row, gazetteer)
    return _of_country(stated.country, gazetteer) if stated.country else None


def _division_name(stated: StatedFacts, gazetteer: Gazetteer) -> str | None:
    row = gazetteer.division(stated.division) if stated.division else -1
    return gazetteer.entry(row).name if row >= 0 else None
