"""Did it happen at sea, by the name of a sea in the opening: "shipwreck in the central Mediterranean"?"""

from __future__ import annotations

import re
from functools import cache

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.place.mention import mention_of
from extract.language import Cue
from extract.places import Gazetteer, NameRole
from extract.places.areas import packaged
from extract.types import Place, Precision

_REACH = 28  # characters searched before and behind a sea's name
_OPENING = 2  # sentences of the body that say where the event was
_TOWNS = (Precision.CITY, Precision.DISTRICT, Precision.SITE)


def at_sea(
    found: Findings, choice: KindChoice | None, best: PlaceFound | None, gazetteer: Gazetteer
) -> PlaceFound | None:
    """The sea of the event, whose country is unknown; None where it was on land.

    ``best`` is the place on land, None where the text names none. A sea that the opening names as a place wins over it
    for kinds that happen at sea, unless ``best`` is a town or island off which it was.
    """
    kinds = {choice.kind, *choice.also} if choice is not None else set()
    if best is not None and kinds.isdisjoint(weights("place")["at_sea"]):
        return None
    for at, sentence in enumerate(found.opening(_OPENING)):
        for match in _seas().finditer(found.layout.plain, sentence.start, sentence.end):
            if _is_named_as_place(found, match):
                is_nearer = best is not None and best.sentence <= at and _is_off_coast(found, best, match)
                return None if is_nearer else _mention(found, match, gazetteer)
    return None


def _is_named_as_place(found: Findings, match: re.Match[str]) -> bool:
    """Does the name stand behind "in the" or before a word of the event, not in "a Black Sea resort"?"""
    plain, end = found.layout.plain, match.end()
    if any(0 < t.start - end <= 1 for t in found.triggers):
        return True
    before = found.language.cue(Cue.SEA_BEFORE).search(plain, max(0, match.start() - _REACH), match.start())
    return before is not None and not found.language.cue(Cue.SEA_BEHIND).match(plain, end)


def _is_off_coast(found: Findings, best: PlaceFound, sea: re.Match[str]) -> bool:
    """Is it a town or island that is named as the place, and no part of the sea's name?"""
    if best.resolved.place.precision not in _TOWNS or sea.start() <= best.start < sea.end():
        return False
    before = found.language.cue(Cue.VICINITY_BEFORE).search(found.layout.plain, max(0, best.start - _REACH), best.start)
    return best.resolved.role is NameRole.LOCATIVE or before is not None


def _mention(found: Findings, match: re.Match[str], gazetteer: Gazetteer) -> PlaceFound:
    name = _names()[match["sea"].lower()]
    entry = gazetteer.areas.entry(gazetteer.areas.area(name))
    place = Place(
        name=name, admin1=None, country=None, lat=entry.lat, lon=entry.lon, precision=Precision.PROVINCE, geonameid=None
    )
    start, end = match.span("sea")
    return mention_of(found, place, start, end, confidence=1.0, role=NameRole.LOCATIVE)


@cache
def _names() -> dict[str, str]:
    """The names of all seas in lower case -> the usual one."""
    seas, alone = [spec for spec in packaged() if spec.is_sea], weights("place")["seas_alone"]
    names = ((name, spec.name) for spec in seas for name in (*spec.names, spec.name))
    return {name.lower(): usual for name, usual in names if " " in name or name in alone}


@cache
def _seas() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _names()), key=len, reverse=True))
    return re.compile(rf"\b(?P<sea>{names})\b", re.IGNORECASE)
