"""How does a text put a name: is the place where the act was, where somebody spoke, or where the hurt were brought?"""

from __future__ import annotations

import re
from functools import cache

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.other_events import goes_on, says
from extract.lexicon import table
from extract.nlp.mentions import HARM
from extract.places import Role
from extract.types import Precision

OPENING = 4  # sentences of the body that are asked where the act was
FINENESS = {Precision.COUNTRY: 0, Precision.PROVINCE: 1, Precision.DISTRICT: 2, Precision.CITY: 3, Precision.SITE: 4}


def act_sentences(found: Findings, choice: KindChoice | None) -> set[int]:
    """The sentences of the opening that name the act, by its own words or as "the attack", and the first that counts
    the dead or hurt."""
    last = found.first_body + OPENING
    kinds = (choice.kind, *choice.also) if choice is not None else ()
    named = {t.sentence for t in found.triggers if t.kind in kinds and (t.strong or t.sentence <= found.first_body)}
    counted = {m.sentence for m in found.counts if m.field in HARM and m.group != "definite"}
    lead = min((at for at in counted if at >= found.first_body), default=last)
    return {at for at in range(min(last, len(found.sentences))) if at in named or at == lead or says(found, at, "back")}


def same_place(place: PlaceFound, other: PlaceFound) -> bool:
    """Are both mentions of one place?"""
    here, there = place.resolved.place, other.resolved.place
    if here.geonameid is None or there.geonameid is None:
        return place.resolved.name == other.resolved.name
    return here.geonameid == there.geonameid


def is_located(found: Findings, place: PlaceFound) -> bool:
    """ "In X", "the town of X", "X district", "off X"; not where somebody spoke."""
    plain, role = found.layout.plain, place.resolved.role
    if is_off_scene(found, place) or goes_on(found, place):
        return False
    if _AWAY.search(plain, max(0, place.start - 10), place.start):
        return False
    if role is Role.LOCATIVE:
        return True
    if role is Role.ORGANISATION:
        return bool(_DISTRICT.match(plain, place.end))
    if role is not Role.PLAIN:
        return False
    if is_vicinity(found, place):
        return False
    area = place.resolved.place.precision is Precision.PROVINCE and _area().match(plain, place.end)
    return bool(area or _settlement_of().search(plain, max(0, place.start - 30), place.start))


_AWAY = re.compile(r"\b(?:from|to|towards?|through)\s+$", re.IGNORECASE)


_DISTRICT = re.compile(
    r"\s+district\b(?!\s+(?:court|attorney|police|judge|council|headquarters|hospital|official))", re.IGNORECASE
)


@cache
def _area() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(table('places')['first_order']['words'])})\b", re.IGNORECASE)


@cache
def _settlement_of() -> re.Pattern[str]:
    words = "|".join(table("places")["before"]["container"])
    return re.compile(rf"(?:\b(?:{words})\s+of|\boff(?:\s+the\s+coast\s+of)?)\s+$", re.IGNORECASE)


def is_off_scene(found: Findings, place: PlaceFound) -> bool:
    """Where the hurt were brought, and where somebody spoke."""
    plain, before = found.layout.plain, max(0, place.start - 60)
    spoke = _office("spoke").search(plain, before, place.start) or said_in().search(plain, before, place.start)
    return bool(spoke) or is_brought(found, place)


def is_brought(found: Findings, place: PlaceFound) -> bool:
    """ "Taken to a hospital in X"."""
    plain, before = found.layout.plain, max(0, place.start - 60)
    return place.resolved.role is Role.HOSPITAL or bool(_office("brought").search(plain, before, place.start))


@cache
def _office(what: str) -> re.Pattern[str]:
    """ "Turkey's defence ministry in Ankara", "taken to a hospital in X": no act's place."""
    words = "|".join(table("cues")["offices"][what])
    return re.compile(rf"\b(?:{words})\b(?:\s+\w+){{0,2}}?\s+(?:in|to|at)\s+$", re.IGNORECASE)


@cache
def said_in() -> re.Pattern[str]:
    """ "Told reporters in X", "arrested on Monday in X", "a court in X": what came after the act was there."""
    said = table("times")["saying"]
    return re.compile(rf"\b(?:{'|'.join(said['words'])})\b(?:\W+\w+){{0,{said['gap']}}}?\W+in\s+$", re.IGNORECASE)


def is_vicinity(found: Findings, place: PlaceFound) -> bool:
    """ "Outside X", "the X-area bus stop"."""
    return found.layout.plain.startswith("-area", place.end) or bool(
        _vicinity().search(found.layout.plain, max(0, place.start - 30), place.start)
    )


@cache
def _vicinity() -> re.Pattern[str]:
    """ "Outside X", "east of X", "40 km from X": the act is somewhere near, not there."""
    return re.compile(rf"\b(?:{'|'.join(table('cues')['vicinity']['before'])})\s+$", re.IGNORECASE)
