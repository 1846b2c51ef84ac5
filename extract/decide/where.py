"""Where did it happen, of all the places the text names: not the speaker's, the hospital's or a victim's home?"""

from __future__ import annotations

import re

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.places import Gazetteer, Role
from extract.types import Place, Precision


def choose_place(found: Findings, choice: KindChoice | None, gazetteer: Gazetteer) -> tuple[Place, PlaceFound] | None:
    """The likeliest place of the act with the words that name it; None when no name could be resolved.

    A country or province gives way to the finer place inside it that scores best.
    """
    options = [p for p in found.places if p.resolved.role is not Role.DEMONYM and p.resolved.place.country]
    if not options:
        return None
    scores = {id(p): _score(found, p, choice) for p in options}
    best = max(options, key=lambda p: (scores[id(p)], -p.start))
    finer = [
        p
        for p in options
        if _finer(p, best) and scores[id(p)] > 0 and gazetteer.contains(best.resolved.place, p.resolved.place)
    ]
    reach = weights("place")["finer_reach"]
    finer = [p for p in finer if best.resolved.place.precision in _AREAS or scores[id(p)] >= scores[id(best)] - reach]
    if finer and best.resolved.place.precision is not Precision.CITY:
        best = max(finer, key=lambda p: (scores[id(p)], -p.start))
    return best.resolved.place, best


_SURE = 0.9
_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_RANK = {Precision.COUNTRY: 0, Precision.PROVINCE: 1, Precision.DISTRICT: 2, Precision.CITY: 3, Precision.SITE: 4}


def _finer(place: PlaceFound, than: PlaceFound) -> bool:
    return _RANK[place.resolved.place.precision] > _RANK[than.resolved.place.precision]


def _company(found: Findings, place: PlaceFound) -> float:
    """0 to 1: the share of the surely resolved other names that lie in the same division."""
    names = {
        p.resolved.name.lower(): p.resolved.place
        for p in found.places
        if p.resolved.confidence >= _SURE and p.resolved.role is not Role.ROAD and p.resolved.place.admin1
    }
    others = [other for name, other in names.items() if name != place.resolved.name.lower()]
    if not others:
        return 0.0
    here = (place.resolved.place.country, place.resolved.place.admin1)
    return sum((o.country, o.admin1) == here for o in others) / len(others)


# "outside X", "east of X", "40 km from X": the act is somewhere near, not there
_VICINITY = re.compile(
    r"\b(?:outside|(?:east|west|north|south)\w* of|(?:km|kilomet\w+|miles?) (?:from|of))\s+$", re.IGNORECASE
)


def _score(found: Findings, place: PlaceFound, choice: KindChoice | None) -> float:
    rule = weights("place")
    resolved = place.resolved
    score = found.weight(place.sentence) + rule[resolved.role.value] + rule[resolved.place.precision.value]
    score += rule["confidence"] * (resolved.confidence - 0.5)
    strong = [t for t in found.triggers if t.strong and (choice is None or t.kind in (choice.kind, *choice.also))]
    same = [t for t in strong if t.sentence == place.sentence]
    if same and found.told(place.sentence):
        score += rule["trigger"]
        gap = min(min(abs(place.start - t.end), abs(t.start - place.end)) for t in same)
        score += rule["near_trigger"] if gap <= rule["near_chars"] else 0.0
    if _VICINITY.search(found.layout.plain, max(0, place.start - 30), place.start):
        score += rule["vicinity"]
    if resolved.role is Role.ORGANISATION and resolved.place.precision is Precision.DISTRICT:
        score += rule["district_office"]
    score += rule["anchor"] * _company(found, place)
    twins = sum(1 for p in found.places if p is not place and p.resolved.place.geonameid == resolved.place.geonameid)
    return float(score + rule["repeat"] * min(3, twins))
