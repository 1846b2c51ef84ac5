"""Which place does a person mean by the words they typed, with which radius, and is that certain?"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from rapidfuzz import fuzz

from extract import geo
from extract.lexicon import shared_table
from extract.places import coordinates, names
from extract.places.names import Hit, similar
from extract.places.row_layout import COUNTRY, PROVINCE, REGION
from extract.places.search import spelt
from extract.places.types import Entry, PlaceIndex
from extract.text.normalise import fold
from extract.types import Frozen, Place, Precision

_SHOWN_DECIMALS = 4


class Certainty(msgspec.Struct, frozen=True, kw_only=True):
    """How many times more prominent than others the first place must be (``data/places_typed.toml``, ``certain``)."""

    settlement: float
    province: float
    country: float
    similar: float
    doubt: float
    doubt_unusual: float
    doubted_people: int
    letters: int
    replaced_letters: int


class Circles(msgspec.Struct, frozen=True, kw_only=True):
    """The usual radii in km (``circles``)."""

    coordinates_km: float
    near_km: float
    direction_km: float
    least_km: float


class Meant(Frozen, frozen=True, kw_only=True):
    """The places that typed words can mean, the likeliest first; empty if there is none.

    ``certain``: the first is meant, no question is needed. ``km``: the radius around its point that the words ask for,
    None for the place itself. ``misspelt``: no place has the name as it was typed. ``is_here``: the place where the
    person is, which only they can tell.
    """

    options: tuple[Place, ...] = ()
    certain: bool = False
    km: float | None = None
    misspelt: bool = False
    is_here: bool = False


def meant(
    gazetteer: PlaceIndex,
    text: str,
    *,
    home: frozenset[str] = frozenset(),
    km: float | None = None,
    near: bool = False,
    limit: int = 8,
) -> Meant:
    """The places that a person means by some words: a name, coordinates, "north of Baghdad", "near me".

    ``home`` are the countries (ISO 3166-1 alpha-2) that the person's other places lie in. ``km`` is a radius that was
    typed beside the words; ``near``: a word such as "near" was, without one.
    """
    text = " ".join(text.split())
    if text.casefold() in here_phrases():
        return Meant(is_here=True)
    if (point := coordinates.read(text)) is not None:
        return Meant(options=(_point(gazetteer, point),), certain=True, km=km or _circles().coordinates_km)
    direction = _direction().fullmatch(text)
    if direction is not None:
        found = meant(gazetteer, direction["place"], home=home, limit=limit)
        if found.options and not found.options[0].precision.is_area:
            return _beside(found, _degrees()[direction["word"].casefold()], direction["word"], km)
    found = _by_name(gazetteer, text, home, limit)
    first = found.options[0] if found.options else None
    if km is None and near and first is not None and not first.precision.is_area:
        km = _circles().near_km
    return msgspec.structs.replace(found, km=km)


def namesakes(found: Meant, text: str) -> tuple[Place, ...]:
    """The other places that have the name as it was typed, or one like it; the first of them is the likeliest."""
    typed, least = fold(text.partition(",")[0]), names.weights().variant_similarity
    wanted = (typed, fold(found.options[0].name)) if found.options else ()
    return tuple(
        place for place in found.options[1:] if any(fuzz.ratio(fold(place.name), one) >= least for one in wanted)
    )


# ------------------------------------------------------------------ names


def _by_name(gazetteer: PlaceIndex, text: str, home: frozenset[str], limit: int) -> Meant:
    known = spelt(gazetteer, text, home)
    if known and not _is_doubtful(known[0]):
        return Meant(options=_places(known, limit), certain=_is_certain(gazetteer, known))
    near = similar(gazetteer, text, home, most_edits=1 if known else 2)
    near = [hit for hit in near if not known or hit.label != known[0].label]
    if not known:
        shown = min(limit, names.misspelt_rules().shown)
        return Meant(options=_places(near, shown), certain=_is_sure_of_misspelt(gazetteer, text, near), misspelt=True)
    doubt = _certainty().doubt if known[0].usual else _certainty().doubt_unusual
    if near and near[0].score >= doubt * known[0].score:
        return Meant(options=_places(names.ranked([*near[:2], *known]), limit))
    return Meant(options=_places(known, limit), certain=_is_certain(gazetteer, known))


def _places(hits: Sequence[Hit], limit: int) -> tuple[Place, ...]:
    return tuple(hit.place for hit in hits[:limit])


def _is_doubtful(hit: Hit) -> bool:
    """Is a place so small, or the name so unusual for it, that another may be meant and misspelt?"""
    entry = hit.entry
    if entry is None or (hit.usual and entry.kind in (COUNTRY, PROVINCE, REGION)):
        return False
    return not hit.usual or entry.population < _certainty().doubted_people


def _is_certain(gazetteer: PlaceIndex, hits: Sequence[Hit]) -> bool:
    """Is the first place so much more prominent than each other one that it is meant?"""
    first, by = hits[0], _certainty()
    others = [hit for hit in hits[1:] if not _is_nested(gazetteer, first, hit)]
    if first.place.precision is Precision.COUNTRY:
        least = by.country if first.usual else by.province
        if any(hit.place.precision is Precision.COUNTRY and hit.usual for hit in others) and first.usual:
            return False
    else:
        least = by.province if first.place.precision is Precision.PROVINCE else by.settlement
    return all(first.score >= least * hit.score for hit in others)


def _is_sure_of_misspelt(gazetteer: PlaceIndex, text: str, hits: Sequence[Hit]) -> bool:
    if not hits or not hits[0].usual or len(text) < _certainty().letters:
        return False
    first = hits[0]
    if len(text) < _certainty().replaced_letters and (first.replaces or first.edits > 1):
        return False
    others = [hit for hit in hits[1:] if not _is_nested(gazetteer, first, hit)]
    return all(first.score >= _certainty().similar * hit.score for hit in others)


def _is_nested(gazetteer: PlaceIndex, one: Hit, other: Hit) -> bool:
    """Does one of the two lie in the other, as a town in the province of its name?"""
    if one.entry is None or other.entry is None:
        return False
    return _holds(gazetteer, one.entry, other.entry) or _holds(gazetteer, other.entry, one.entry)


def _holds(gazetteer: PlaceIndex, area: Entry, entry: Entry) -> bool:
    is_wider = area.kind == REGION or area.kind < entry.kind
    return is_wider and area.row != entry.row and gazetteer.holds(area, entry)


# ------------------------------------------------------------------ points


def _point(gazetteer: PlaceIndex, point: coordinates.Point) -> Place:
    """The place of typed coordinates; its country is that of the nearest town."""
    shown = f"{round(point.lat, _SHOWN_DECIMALS):g}, {round(point.lon, _SHOWN_DECIMALS):g}"
    town = gazetteer.nearest(point.lat, point.lon)
    country = town.country if town is not None else None
    return Place(name=shown, country=country, lat=point.lat, lon=point.lon, precision=Precision.SITE)


def _beside(found: Meant, degrees: float, word: str, km: float | None) -> Meant:
    """The points in a direction from some towns."""
    away = km or _circles().direction_km
    moved = (_moved(place, degrees, word, away) for place in found.options)
    around = max(away / 2, _circles().least_km) if km else away
    return msgspec.structs.replace(found, options=tuple(one for one in moved if one is not None), km=around)


def _moved(place: Place, degrees: float, word: str, km: float) -> Place | None:
    if place.lat is None or place.lon is None or place.precision.is_area:
        return None
    north, east = math.cos(math.radians(degrees)) * km, math.sin(math.radians(degrees)) * km
    lat = place.lat + north / geo.KM_PER_DEGREE
    lon = place.lon + east / (geo.KM_PER_DEGREE * math.cos(math.radians(place.lat)))
    name = f"{word.casefold()} of {place.name}"
    return msgspec.structs.replace(
        place, name=name, lat=round(lat, 4), lon=round(lon, 4), precision=Precision.SITE, geonameid=None
    )


# ------------------------------------------------------------------ data


def _table() -> dict[str, Any]:
    return shared_table("places_typed")


@cache
def _certainty() -> Certainty:
    return msgspec.convert(_table()["certain"], Certainty)


@cache
def _circles() -> Circles:
    return msgspec.convert(_table()["circles"], Circles)


@cache
def here_phrases() -> frozenset[str]:
    """What people type for the place where they are, in small letters."""
    return frozenset(_table()["here"]["phrases"])


@cache
def _degrees() -> dict[str, float]:
    return {word: row["degrees"] for row in _table()["directions"].values() for word in row["words"]}


@cache
def _direction() -> re.Pattern[str]:
    """ "north of Baghdad"."""
    words = "|".join(map(re.escape, sorted(_degrees(), key=len, reverse=True)))
    around = _table()["around_directions"]
    before, behind = "|".join(around["before"]), "|".join(around["behind"])
    return re.compile(rf"(?:(?:{before}) )?(?P<word>{words}) (?:{behind}) (?P<place>.+)", re.IGNORECASE)
