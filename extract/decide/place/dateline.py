"""Is a place only the reporter's desk, a ministry or a hospital, or where the act itself was?"""

from __future__ import annotations

from collections.abc import Sequence

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.place.cues import (
    FINENESS,
    OPENING,
    act_sentences,
    is_brought,
    is_located,
    is_off_scene,
    is_vicinity,
    same_place,
    stands_before,
    stands_behind,
)
from extract.language import Cue
from extract.places import NameRole, distance_km, has_local_press
from extract.types import Place, Precision

_LIKELY = 0.75
_FAIR = 0.7
_BEAT_KM = 40.0  # where a reporter's own town ends ...
_NEAR_DESK_KM = 15.0  # ... and an agency's
_NEXT_KM = 6.0  # ... and where the title names another
_TOWNS = (Precision.CITY, Precision.DISTRICT)
_OFFICES = (NameRole.ORGANISATION, NameRole.HOSPITAL, NameRole.HOME, NameRole.DATELINE)


def not_the_dateline(
    found: Findings, best: PlaceFound, ranked: Sequence[PlaceFound], choice: KindChoice | None
) -> PlaceFound:
    """A dateline is where the report was written; what the act's own sentence says it was in beats it: a settlement,
    else a province or a part of a country that the desk isn't in.

    Within a country where towns have papers of their own only an agency's does: their reporters are rarely far from
    the act.
    """
    acts = act_sentences(found, choice)
    twins = [p for p in ranked if same_place(p, best)]
    if all(p.resolved.role is not NameRole.DATELINE for p in twins) or any(
        p.sentence in acts and p.resolved.role is not NameRole.DATELINE and not is_vicinity(found, p) for p in twins
    ):
        return best
    desk = best.resolved.place
    is_agency = any(stands_behind(found, p, Cue.AGENCY_BEHIND) for p in twins)
    reach = _NEAR_DESK_KM if is_agency else _BEAT_KM
    roams = is_agency or not has_local_press(desk)
    told = [p for p in ranked if p.sentence in acts and not same_place(p, best) and is_located(found, p)]
    towns = [
        p
        for p in told
        if p.resolved.place.precision in _TOWNS
        and (_is_abroad(p, desk) or (roams and _is_far(found, p, desk, told, reach)))
    ]
    told_of = [p for p in twins if p.resolved.role is not NameRole.DATELINE and p.sentence < found.first_body + OPENING]
    if not towns and not has_local_press(desk) and all(is_vicinity(found, p) for p in told_of):
        provinces = [p for p in told if p.resolved.place.precision is Precision.PROVINCE]
        towns = provinces or [p for p in told if _is_part_of_country(found, p)]
    return max(towns, key=_fineness, default=best)


def where_it_hit(
    found: Findings, best: PlaceFound, ranked: Sequence[PlaceFound], choice: KindChoice | None
) -> PlaceFound:
    """Where the act's sentences put it beats where the hurt were brought or somebody spoke, and another country that is
    only named: "a French air strike near Gao, Paris said"."""
    acts = act_sentences(found, choice)
    own = [p for p in ranked if same_place(p, best)]
    told = [p for p in ranked if p.sentence in acts and p not in own and is_located(found, p)]
    inner = [p for p in told if p.resolved.place.precision in _TOWNS]
    if (
        inner
        and not has_local_press(best.resolved.place)
        and all(is_brought(found, p) or (p.sentence not in acts and is_off_scene(found, p)) for p in own)
    ):
        return max(inner, key=_fineness)
    is_town = best.resolved.place.precision is not Precision.COUNTRY and has_local_press(best.resolved.place)
    if is_town or not all(_only_named(found, p, acts) for p in own):
        return best
    strong = {t.sentence for t in found.triggers if t.strong}
    sure = [p for p in told if p.sentence in strong and p.resolved.confidence >= _FAIR]
    countries = {p.resolved.place.country for p in sure if p.resolved.name != best.resolved.name}
    if len(countries) != 1 or best.resolved.place.country in countries:
        return best
    there = [p for p in ranked if p.resolved.place.country in countries and p.resolved.role not in _OFFICES]
    sure = [p for p in there if p in sure or p.resolved.confidence >= _LIKELY]
    return max(sure, key=_fineness, default=best)


def _fineness(place: PlaceFound) -> int:
    """By this the finest place is chosen, of several equally fine ones the first: the one that fits best."""
    return FINENESS[place.resolved.place.precision]


def _only_named(found: Findings, place: PlaceFound, acts: set[int]) -> bool:
    """Outside of the act's sentences, or as who does or says something: "the United States struck", "Paris said"."""
    if place.resolved.role is NameRole.DATELINE:
        return False
    if place.sentence not in acts:
        return True
    return place.resolved.role is NameRole.PLAIN and stands_behind(found, place, Cue.AGENT_BEHIND)


def _is_abroad(place: PlaceFound, desk: Place) -> bool:
    return place.resolved.confidence >= weights("place")["sure"] and place.resolved.place.country != desk.country


def _is_far(found: Findings, place: PlaceFound, desk: Place, told: list[PlaceFound], reach: float) -> bool:
    """Within the country, and out of the reach of who sits there; a town that no list has lies in the province that is
    named beside it."""
    here = place.resolved.place
    if place.resolved.confidence < _LIKELY or here.country != desk.country:
        return False
    km = distance_km(here, desk)
    if km is not None:
        in_title = any(same_place(place, p) and found.sentences[p.sentence].is_title for p in found.places)
        return km > (_NEXT_KM if in_title else reach)
    beside = {p.resolved.place.admin1 for p in told if p.sentence == place.sentence} - {None}
    return bool(beside) and desk.admin1 not in beside


def _is_part_of_country(found: Findings, place: PlaceFound) -> bool:
    """ "Western Niger" in a report from the capital."""
    here = place.resolved.place
    return here.precision is Precision.COUNTRY and stands_before(found, place, Cue.PART_OF_COUNTRY_BEFORE, 20)
