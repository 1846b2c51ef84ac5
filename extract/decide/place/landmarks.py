"""Which landmark, seat of government or airport does a short item name as the place: "drones over the Kremlin"?

News names these without their town. The place found has the landmark's name and point, and the town's number in
GeoNames: for every search, map and subscription it is in the town.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.models.item_encoder import ItemReading
from extract.decide.place.by_reading import country_probability, tag_of
from extract.decide.place.mention import mention_of
from extract.language import Cue
from extract.lexicon import shared_table
from extract.places import Gazetteer, NameRole, distance_km
from extract.types import Place, Precision

_REACH = 24  # characters searched before the name
_HERE = (NameRole.LOCATIVE, NameRole.HOME)
_OPENING = 2  # sentences of the body that say where the event was


class _Landmark(NamedTuple):
    """A listed landmark; ``town`` is the geonameid of its town."""

    name: str
    town: int
    lat: float
    lon: float


def at_landmark(found: Findings, best: PlaceFound | None, gazetteer: Gazetteer) -> PlaceFound | None:
    """The first landmark that the opening names as the place; None where it names none, or the item is elsewhere.

    ``best`` is the place by the names of towns and areas, None where the text has none: it stays if it is another town,
    and its name is tagged as that of the place rather than the landmark's.
    """
    reading = found.reading
    if reading is None:
        return None
    for sentence in found.opening(_OPENING):
        for match in _names().finditer(found.layout.plain, sentence.start, sentence.end):
            landmark = _mention(found, match, gazetteer)
            if landmark is not None and _is_meant(found, reading, landmark, best, gazetteer):
                return landmark
    return None


def _is_meant(
    found: Findings, reading: ItemReading, landmark: PlaceFound, best: PlaceFound | None, gazetteer: Gazetteer
) -> bool:
    rule, tag = weights("item"), tag_of(reading, landmark)
    if country_probability(reading, landmark.resolved.place.country or "") <= rule["landmark_country"]:
        return False
    plain, end = found.layout.plain, landmark.end
    if any(found.language.cue(cue).match(plain, end) for cue in (Cue.SPEAKER_BEHIND, Cue.PEOPLE_BEHIND)):
        return False
    if best is not None and best.resolved.role in _HERE and not _is_in(landmark, best, gazetteer):
        return False  # "Central Park in Davenport, Iowa"
    if best is not None and _is_another_town(landmark, best):
        return tag > tag_of(reading, best)
    return tag >= rule["tag_from"] or _is_named_as_place(found, landmark)


def _is_in(landmark: PlaceFound, best: PlaceFound, gazetteer: Gazetteer) -> bool:
    """Is it in the town or area, or near the town?"""
    if _is_of_name(landmark, best):
        return True
    here, there = landmark.resolved.place, best.resolved.place
    km = distance_km(here, there) if not there.precision.is_area else None
    return (km is not None and km <= weights("item")["landmark_km"]) or bool(gazetteer.contains(there, here))


def _is_another_town(landmark: PlaceFound, best: PlaceFound) -> bool:
    here, there = landmark.resolved.place, best.resolved.place
    return not there.precision.is_area and here.geonameid != there.geonameid and not _is_of_name(landmark, best)


def _is_of_name(landmark: PlaceFound, best: PlaceFound) -> bool:
    """Is the town's name a part of the landmark's: "Gare" of "Gare du Nord"?"""
    return landmark.start <= best.start < landmark.end


def _is_named_as_place(found: Findings, landmark: PlaceFound) -> bool:
    """Do the words around the name say that the act was there? A government's seat often stands for the government."""
    plain, start, end = found.layout.plain, landmark.start, landmark.end
    is_government = plain[start:end] in found.lexicon.words("cues", "landmark", "governments")
    before = Cue.STRUCK_BEFORE if is_government else Cue.LANDMARK_BEFORE
    cue = found.language.cue(before).search(plain, max(0, start - _REACH), start)
    return cue is not None or found.language.cue(Cue.STRUCK_BEHIND).match(plain, end) is not None


def _mention(found: Findings, match: re.Match[str], gazetteer: Gazetteer) -> PlaceFound | None:
    landmark = _listed()[match.group()]
    entry = gazetteer.find(landmark.town)
    if entry is None:
        return None
    town = gazetteer.place(entry)
    place = Place(
        name=landmark.name,
        admin1=town.admin1,
        country=town.country,
        lat=landmark.lat,
        lon=landmark.lon,
        precision=Precision.SITE,
        geonameid=town.geonameid,
    )
    return mention_of(found, place, match.start(), match.end(), confidence=1.0, role=NameRole.LOCATIVE)


@cache
def _listed() -> dict[str, _Landmark]:
    """The landmarks of ``data/places_landmarks.toml`` by each of their spellings."""
    return {
        name: _Landmark(spellings.partition("|")[0], int(town), lat, lon)
        for town, rows in shared_table("places_landmarks").items()
        for spellings, (lat, lon) in rows.items()
        for name in spellings.split("|")
    }


@cache
def _names() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _listed()), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names})(?!\w)")
