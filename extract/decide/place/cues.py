"""Does the text put a name where the act was, where somebody spoke, or where the injured were taken?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.other_events import EventCue, has_event_cue, is_part_of_longer_name
from extract.language import Cue
from extract.nlp.mentions import HARM, CountGroup
from extract.places import NameRole
from extract.types import Precision

_REACH = 60
OPENING = 4  # sentences of the body that are asked where the act was
FINENESS = {Precision.COUNTRY: 0, Precision.PROVINCE: 1, Precision.DISTRICT: 2, Precision.CITY: 3, Precision.SITE: 4}


def act_sentences(found: Findings, choice: KindChoice | None) -> set[int]:
    """The sentences of the opening that name the act, by its own words or as "the attack", and the first that counts
    the dead or hurt."""
    last = found.first_body + OPENING
    kinds = (choice.kind, *choice.also) if choice is not None else ()
    named = {t.sentence for t in found.triggers if t.kind in kinds and (t.strong or t.sentence <= found.first_body)}
    counted = {m.sentence for m in found.counts if m.field in HARM and m.group is not CountGroup.DEFINITE}
    lead = min((at for at in counted if at >= found.first_body), default=last)
    return {
        at
        for at in range(min(last, len(found.sentences)))
        if at in named or at == lead or has_event_cue(found, at, EventCue.SAME_EVENT)
    }


def same_place(place: PlaceFound, other: PlaceFound) -> bool:
    """Are both mentions of one place?"""
    here, there = place.resolved.place, other.resolved.place
    if here.geonameid is None or there.geonameid is None:
        return place.resolved.name == other.resolved.name
    return here.geonameid == there.geonameid


def is_located(found: Findings, place: PlaceFound) -> bool:
    """ "In X", "the town of X", "X district", "off X"; not where somebody spoke."""
    role = place.resolved.role
    if is_off_scene(found, place) or is_part_of_longer_name(found, place):
        return False
    if stands_before(found, place, Cue.AWAY_BEFORE, 10):
        return False
    if role is NameRole.LOCATIVE:
        return True
    if role is NameRole.ORGANISATION:
        return stands_behind(found, place, Cue.DISTRICT_BEHIND)
    if role is not NameRole.PLAIN:
        return False
    if is_vicinity(found, place):
        return False
    area = place.resolved.place.precision is Precision.PROVINCE and stands_behind(found, place, Cue.DIVISION_BEHIND)
    return area or stands_before(found, place, Cue.SETTLEMENT_BEFORE, 30)


def is_off_scene(found: Findings, place: PlaceFound) -> bool:
    """Where the injured were taken, and where somebody spoke."""
    spoke = stands_before(found, place, Cue.SPOKE_BEFORE) or is_said_there(found, place)
    return spoke or is_brought(found, place)


def is_brought(found: Findings, place: PlaceFound) -> bool:
    """ "Taken to a hospital in X"."""
    return place.resolved.role is NameRole.HOSPITAL or stands_before(found, place, Cue.BROUGHT_BEFORE)


def is_said_there(found: Findings, place: PlaceFound) -> bool:
    """ "Told reporters in X", "arrested on Monday in X", "a court in X": what came after the act was there."""
    return stands_before(found, place, Cue.SAID_IN_BEFORE)


def is_vicinity(found: Findings, place: PlaceFound) -> bool:
    """ "Outside X", "40 km from X", "the X-area bus stop": the act is somewhere near, not there."""
    return stands_behind(found, place, Cue.VICINITY_BEHIND) or stands_before(found, place, Cue.VICINITY_BEFORE, 30)


def stands_before(found: Findings, place: PlaceFound, cue: Cue, reach: int = _REACH) -> bool:
    """Does an expression stand in front of the name, within ``reach`` characters?"""
    expression = found.language.cue(cue)
    return expression.search(found.layout.plain, max(0, place.start - reach), place.start) is not None


def stands_behind(found: Findings, place: PlaceFound, cue: Cue) -> bool:
    """Does an expression stand right behind the name?"""
    return found.language.cue(cue).match(found.layout.plain, place.end) is not None
