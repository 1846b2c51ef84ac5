"""Do the words around a place name say that the event was there, that somebody spoke there, or that the injured were
treated there?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.other_events import EventCue, has_event_cue, is_part_of_longer_name
from extract.language import Cue
from extract.nlp.mentions import HARM, CountGroup
from extract.places import NameRole
from extract.types import Precision

_CUE_REACH = 60  # characters searched for an expression before a name
OPENING_SENTENCES = 4  # sentences of the body whose words can say where the event was
# the larger, the smaller the area
GRANULARITY = {Precision.COUNTRY: 0, Precision.PROVINCE: 1, Precision.DISTRICT: 2, Precision.CITY: 3, Precision.SITE: 4}


def event_sentences(found: Findings, choice: KindChoice | None) -> set[int]:
    """The sentences of the opening that are about the event.

    They have a trigger of its kind, refer to it ("the attack"), or are the first one that counts harmed people.
    """
    last = found.first_body + OPENING_SENTENCES
    kinds = (choice.kind, *choice.also) if choice is not None else ()
    named = {t.sentence for t in found.triggers if t.kind in kinds and (t.strong or t.sentence <= found.first_body)}
    counted = {m.sentence for m in found.counts if m.field in HARM and m.group is not CountGroup.DEFINITE}
    lead = min((at for at in counted if at >= found.first_body), default=last)
    return {
        at
        for at in range(min(last, len(found.sentences)))
        if at in named or at == lead or has_event_cue(found, at, EventCue.SAME_EVENT)
    }


def is_same_place(place: PlaceFound, other: PlaceFound) -> bool:
    """Are both mentions of one place?"""
    here, there = place.resolved.place, other.resolved.place
    if here.geonameid is None or there.geonameid is None:
        return place.resolved.name == other.resolved.name
    return here.geonameid == there.geonameid


def is_event_location(found: Findings, place: PlaceFound) -> bool:
    """Do the words around a name say that something happened there: "in X", "the town of X", "X district", "off X"?

    Not where somebody spoke or was treated.
    """
    role = place.resolved.role
    if is_away_from_event(found, place) or is_part_of_longer_name(found, place):
        return False
    if has_cue_before(found, place, Cue.AWAY_BEFORE, 10):
        return False
    if role is NameRole.LOCATIVE:
        return True
    if role is NameRole.ORGANISATION:
        return has_cue_behind(found, place, Cue.DISTRICT_BEHIND)
    if role is not NameRole.PLAIN:
        return False
    if is_vicinity(found, place):
        return False
    area = place.resolved.place.precision is Precision.PROVINCE and has_cue_behind(found, place, Cue.DIVISION_BEHIND)
    return area or has_cue_before(found, place, Cue.SETTLEMENT_BEFORE, 30)


def is_away_from_event(found: Findings, place: PlaceFound) -> bool:
    """Is it a place where the injured were treated or where somebody spoke?"""
    is_statement = has_cue_before(found, place, Cue.SPOKE_BEFORE) or is_statement_place(found, place)
    return is_statement or is_treatment_place(found, place)


def is_treatment_place(found: Findings, place: PlaceFound) -> bool:
    """Is it a place where the injured were treated: "taken to a hospital in X"?"""
    return place.resolved.role is NameRole.HOSPITAL or has_cue_before(found, place, Cue.BROUGHT_BEFORE)


def is_statement_place(found: Findings, place: PlaceFound) -> bool:
    """Was a statement, an arrest or a trial there: "told reporters in X", "arrested on Monday in X", "a court in X"?"""
    return has_cue_before(found, place, Cue.SAID_IN_BEFORE)


def is_vicinity(found: Findings, place: PlaceFound) -> bool:
    """Was the event near the place and not there: "outside X", "40 km from X", "the X-area bus stop"?"""
    return has_cue_behind(found, place, Cue.VICINITY_BEHIND) or has_cue_before(found, place, Cue.VICINITY_BEFORE, 30)


def has_cue_before(found: Findings, place: PlaceFound, cue: Cue, reach: int = _CUE_REACH) -> bool:
    """Does the text have the expression before the name, within ``reach`` characters?"""
    expression = found.language.cue(cue)
    return expression.search(found.layout.plain, max(0, place.start - reach), place.start) is not None


def has_cue_behind(found: Findings, place: PlaceFound, cue: Cue) -> bool:
    """Does the text have the expression directly behind the name?"""
    return found.language.cue(cue).match(found.layout.plain, place.end) is not None
