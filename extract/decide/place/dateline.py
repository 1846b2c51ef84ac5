"""Is the best place only a dateline, a ministry or a hospital, and which place of the event replaces it?"""

from __future__ import annotations

from collections.abc import Sequence

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.place.cues import (
    GRANULARITY,
    OPENING_SENTENCES,
    event_sentences,
    has_cue_before,
    has_cue_behind,
    is_away_from_event,
    is_event_location,
    is_same_place,
    is_treatment_place,
    is_vicinity,
)
from extract.language import Cue
from extract.places import NameRole, distance_km, has_local_press
from extract.types import Place, Precision

_TOWNS = (Precision.CITY, Precision.DISTRICT)
_OFFICES = (NameRole.ORGANISATION, NameRole.HOSPITAL, NameRole.HOME, NameRole.DATELINE)


def override_dateline(
    found: Findings, best: PlaceFound, ranked: Sequence[PlaceFound], choice: KindChoice | None
) -> PlaceFound:
    """The place that the sentences of the event name, if ``best`` is a dateline, which is where the report was written.

    It is a settlement abroad or far from the dateline, else a province or a part of a country. In countries where towns
    have local press, only an agency's dateline is replaced by a place of the same country: local reporters are rarely
    far from the event.
    """
    rules = weights("dateline")
    events = event_sentences(found, choice)
    same_place = [p for p in ranked if is_same_place(p, best)]
    if all(p.resolved.role is not NameRole.DATELINE for p in same_place) or any(
        p.sentence in events and p.resolved.role is not NameRole.DATELINE and not is_vicinity(found, p)
        for p in same_place
    ):
        return best
    dateline = best.resolved.place
    is_agency = any(has_cue_behind(found, p, Cue.AGENCY_BEHIND) for p in same_place)
    near_km = rules["agency_km"] if is_agency else rules["local_km"]
    may_be_far = is_agency or not has_local_press(dateline)
    located = [p for p in ranked if p.sentence in events and not is_same_place(p, best) and is_event_location(found, p)]
    towns = [
        p
        for p in located
        if p.resolved.place.precision in _TOWNS
        and (_is_abroad(p, dateline) or (may_be_far and _is_far(found, p, dateline, located, near_km)))
    ]
    other_mentions = [
        p
        for p in same_place
        if p.resolved.role is not NameRole.DATELINE and p.sentence < found.first_body + OPENING_SENTENCES
    ]
    if not towns and not has_local_press(dateline) and all(is_vicinity(found, p) for p in other_mentions):
        provinces = [p for p in located if p.resolved.place.precision is Precision.PROVINCE]
        towns = provinces or [p for p in located if _is_part_of_country(found, p)]
    return max(towns, key=_granularity, default=best)


def override_statement_place(
    found: Findings, best: PlaceFound, ranked: Sequence[PlaceFound], choice: KindChoice | None
) -> PlaceFound:
    """The place that the sentences of the event name, if ``best`` is one of treatment or of a statement, or a country
    that is only mentioned: "a French air strike near Gao, Paris said"."""
    rules = weights("dateline")
    events = event_sentences(found, choice)
    same_place = [p for p in ranked if is_same_place(p, best)]
    located = [p for p in ranked if p.sentence in events and p not in same_place and is_event_location(found, p)]
    inside = [p for p in located if p.resolved.place.precision in _TOWNS]
    if (
        inside
        and not has_local_press(best.resolved.place)
        and all(
            is_treatment_place(found, p) or (p.sentence not in events and is_away_from_event(found, p))
            for p in same_place
        )
    ):
        return max(inside, key=_granularity)
    is_town = best.resolved.place.precision is not Precision.COUNTRY and has_local_press(best.resolved.place)
    if is_town or not all(_is_only_mentioned(found, p, events) for p in same_place):
        return best
    strong = {t.sentence for t in found.triggers if t.strong}
    sure = [p for p in located if p.sentence in strong and p.resolved.confidence >= rules["event_confidence"]]
    countries = {p.resolved.place.country for p in sure if p.resolved.name != best.resolved.name}
    if len(countries) != 1 or best.resolved.place.country in countries:
        return best
    there = [p for p in ranked if p.resolved.place.country in countries and p.resolved.role not in _OFFICES]
    sure = [p for p in there if p in sure or p.resolved.confidence >= rules["confidence"]]
    return max(sure, key=_granularity, default=best)


def _granularity(place: PlaceFound) -> int:
    """How small the area is: ``max`` by it gives the finest place, of several the first, which has the best score."""
    return GRANULARITY[place.resolved.place.precision]


def _is_only_mentioned(found: Findings, place: PlaceFound, events: set[int]) -> bool:
    """Is a name outside the sentences of the event, or that of an actor: "the United States struck", "Paris said"?"""
    if place.resolved.role is NameRole.DATELINE:
        return False
    if place.sentence not in events:
        return True
    return place.resolved.role is NameRole.PLAIN and has_cue_behind(found, place, Cue.AGENT_BEHIND)


def _is_abroad(place: PlaceFound, dateline: Place) -> bool:
    return place.resolved.confidence >= weights("place")["sure"] and place.resolved.place.country != dateline.country


def _is_far(found: Findings, place: PlaceFound, dateline: Place, located: list[PlaceFound], near_km: float) -> bool:
    """Is a place in the dateline's country more than ``near_km`` away from it?

    A place without coordinates is far if the provinces named in its sentence are not the dateline's.
    """
    rules = weights("dateline")
    here = place.resolved.place
    if place.resolved.confidence < rules["confidence"] or here.country != dateline.country:
        return False
    km = distance_km(here, dateline)
    if km is not None:
        in_title = any(is_same_place(place, p) and found.sentences[p.sentence].is_title for p in found.places)
        return bool(km > (rules["title_km"] if in_title else near_km))
    beside = {p.resolved.place.admin1 for p in located if p.sentence == place.sentence} - {None}
    return bool(beside) and dateline.admin1 not in beside


def _is_part_of_country(found: Findings, place: PlaceFound) -> bool:
    """Is it a part of a country: "western Niger", in a report from the capital?"""
    here = place.resolved.place
    return here.precision is Precision.COUNTRY and has_cue_before(found, place, Cue.PART_OF_COUNTRY_BEFORE, 20)
