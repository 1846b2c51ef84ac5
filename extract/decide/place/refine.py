"""Does the text locate the event more precisely, or less so, than the place with the best score?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.other_events import is_part_of_longer_name
from extract.decide.place.by_reading import tag_of
from extract.decide.place.cues import (
    GRANULARITY,
    OPENING_SENTENCES,
    event_sentences,
    has_cue_before,
    is_away_from_event,
    is_event_location,
    is_same_place,
)
from extract.decide.place.elsewhere import first_of_pair, is_beyond_border
from extract.language import Cue
from extract.nlp.mentions import HARM
from extract.places import Gazetteer, NameRole, distance_km, has_local_press
from extract.types import Place, Precision

_CONTAINER_GAP = 4  # characters at most between a name and the one that contains it: "Evanston, Illinois"
_CUE_REACH = 40  # characters searched for "across" before an area
_HERE = (NameRole.LOCATIVE, NameRole.HOME)
_TOWNS = (Precision.CITY, Precision.DISTRICT)


def finer_place(
    found: Findings,
    best: PlaceFound,
    ranked: Sequence[PlaceFound],
    choice: KindChoice | None,
    gazetteer: Gazetteer,
) -> PlaceFound:
    """The town inside ``best`` in which the event was by the words of the text; ``best`` where it names none.

    Always ``best`` in countries where towns have local press: there the town itself is named.
    """
    if has_local_press(best.resolved.place):
        return best
    last = found.first_body + OPENING_SENTENCES
    towns = [
        p for p in ranked if p.sentence < last and p.resolved.place.precision in _TOWNS and not is_same_place(p, best)
    ]
    chosen = [p for p in towns if has_cue_before(found, p, Cue.TOOK_PLACE_BEFORE) and _is_inside(p, best)]
    if not chosen:
        area = _province_of_same_name(found, best, sorted(ranked, key=lambda p: p.start), choice)
        if area is None:
            return best
        events = event_sentences(found, choice)
        chosen = [
            p
            for p in towns
            if p.sentence in events
            and is_event_location(found, p)
            and gazetteer.contains(area.resolved.place, p.resolved.place)
        ]
    return chosen[0] if chosen else best


def _is_inside(place: PlaceFound, best: PlaceFound) -> bool:
    """Is it a finer place in the same province or country?"""
    inner, outer = place.resolved.place, best.resolved.place
    same = inner.country == outer.country and outer.admin1 in (None, inner.admin1)
    return same and GRANULARITY[inner.precision] > GRANULARITY[outer.precision]


def _province_of_same_name(
    found: Findings, best: PlaceFound, candidates: list[PlaceFound], choice: KindChoice | None
) -> PlaceFound | None:
    """A province of the same name in the sentences of the event, if ``best`` is a town that only the title names.

    "Kaduna" in the title then means "Kaduna State".
    """
    same_place = [p for p in candidates if is_same_place(p, best)]
    if best.resolved.place.precision not in _TOWNS or not all(found.sentences[p.sentence].is_title for p in same_place):
        return None
    events = event_sentences(found, choice)
    name = best.resolved.name.casefold()
    return next(
        (
            p
            for p in candidates
            if p.sentence in events
            and p.resolved.place.precision is Precision.PROVINCE
            and p.resolved.place.country == best.resolved.place.country
            and name in (p.resolved.place.name.casefold(), p.resolved.name.casefold().split()[0])
        ),
        None,
    )


# ------------------------------------------------------------------ several places in one area


def wide_area(found: Findings, candidates: list[PlaceFound], best: PlaceFound) -> PlaceFound | None:
    """The country or province across which people were harmed by the title or first sentence.

    None where these name ``best``, or no such area.
    """
    if any(p.sentence <= found.first_body for p in candidates if p.resolved.name == best.resolved.name):
        return None
    harm = {m.sentence for m in found.counts if m.field in HARM and m.sentence <= found.first_body}
    areas = [
        p
        for p in candidates
        if p.sentence in harm
        and p.resolved.place.precision.is_area
        and has_cue_before(found, p, Cue.ALL_OVER_BEFORE, _CUE_REACH)
    ]
    return areas[0] if areas else None


def of_named_event(
    found: Findings, best: PlaceFound, ranked: list[PlaceFound], choice: KindChoice | None
) -> PlaceFound:
    """The country or town by which the opening calls the event, if ``best`` lies in another country; else ``best``.

    "Families in Australia wait for news after Turkey earthquake". Only of a short item, and of kinds that no country
    does to another.
    """
    if found.reading is None or choice is None or choice.kind not in weights("place")["named_by_place"]:
        return best
    starts = {t.start for t in found.triggers if t.strong and t.kind == choice.kind}
    naming = [
        p
        for p in ranked
        if p.sentence <= found.first_body
        and starts & {p.end, p.end + 1, p.end + 3}
        and not has_cue_before(found, p, Cue.AWAY_BEFORE, _CUE_REACH)
    ]
    if not naming or any(p.resolved.place.country == best.resolved.place.country for p in naming):
        return best
    return first_of_pair(found, naming[0], ranked)


def target(found: Findings, best: PlaceFound, ranked: list[PlaceFound], choice: KindChoice | None) -> PlaceFound:
    """The place that a title or first sentence says was attacked, if ``best`` lies in another country and is not named
    as a place; else ``best``: "Peru strikes Chile after raid". Only of a short item, and of attacks.
    """
    if (
        found.reading is None
        or choice is None
        or choice.kind not in weights("place")["attacks"]
        or best.resolved.role in _HERE
    ):
        return best
    attacked = [
        p for p in ranked if p.sentence <= found.first_body and has_cue_before(found, p, Cue.TARGET_BEFORE, _CUE_REACH)
    ]
    return attacked[0] if attacked and attacked[0].resolved.place.country != best.resolved.place.country else best


def continent(found: Findings, ranked: Sequence[PlaceFound], choice: KindChoice | None) -> PlaceFound | None:
    """The continent or region all over which the event was by the title or first sentence: "raids across Europe".

    None where these name none, or where the text says of a place in it that the event was there ("in Poland").
    """
    if any(p.resolved.role in _HERE or not p.resolved.place.precision.is_area for p in ranked):
        return None
    regions = [
        p
        for p in found.places
        if not p.resolved.place.country
        and p.sentence <= found.first_body
        and has_cue_before(found, p, Cue.ALL_OVER_BEFORE, _CUE_REACH)
        and not is_beyond_border(found, p)
    ]
    events = event_sentences(found, choice) if regions else set()
    return next((p for p in regions if p.sentence in events), None)


# ------------------------------------------------------------------ districts of towns


def suburb(found: Findings, best: PlaceFound, ranked: Sequence[PlaceFound], gazetteer: Gazetteer) -> PlaceFound:
    """The town or district inside or beside the town ``best`` that a short item names as the place; else ``best``.

    "Fire at Keysborough in Melbourne's south-east": the reading has to tag its name as that of the place.
    """
    town = best.resolved.place
    if found.reading is None or town.precision is not Precision.CITY:
        return best
    people = _population(town, gazetteer)
    for place in ranked:
        part = place.resolved.place
        if (
            part.precision in _TOWNS
            and (part.country, part.admin1) == (town.country, town.admin1)
            and _population(part, gazetteer) < people
            and (distance_km(part, town) or math.inf) <= _radius_km(people)
            and tag_of(found.reading, place) >= weights("item")["tag_from"]
            and not is_away_from_event(found, place)
            and not is_part_of_longer_name(found, place)
        ):
            return place
    return best


def city_of_district(place: PlaceFound, mentions: Sequence[PlaceFound], gazetteer: Gazetteer) -> Place | None:
    """The town among those named of which the place is a district; None if it is a town of its own or no settlement."""
    district = place.resolved.place
    population = _population(district, gazetteer)
    if district.precision is not Precision.CITY or not population or _is_settlement_of_its_own(place, mentions):
        return None
    rules = weights("city_district")
    for other in mentions:
        town = other.resolved.place
        if (
            town.precision is Precision.CITY
            and (town.country, town.admin1) == (district.country, district.admin1)
            and other.resolved.confidence >= rules["min_confidence"]
            and _population(town, gazetteer) >= max(rules["min_population"], rules["min_ratio"] * population)
            and (distance_km(district, town) or math.inf) <= _radius_km(_population(town, gazetteer))
        ):
            return town
    return None


def _population(place: Place, gazetteer: Gazetteer) -> int:
    entry = gazetteer.find(place.geonameid) if place.geonameid else None
    return entry.population if entry else 0


def _radius_km(population: int) -> float:
    """The radius of a town, if it is a circle of the usual density of population."""
    rules = weights("city_district")
    return float(min(rules["max_km"], math.sqrt(population / rules["people_per_km2"] / math.pi)))


def _is_settlement_of_its_own(place: PlaceFound, mentions: Sequence[PlaceFound]) -> bool:
    """Does the text name the place's own police, or its state directly behind it?"""
    same = [p for p in mentions if p.resolved.place.geonameid == place.resolved.place.geonameid]
    areas = [p.start for p in mentions if p.resolved.place.precision.is_area]
    return any(p.resolved.role is NameRole.ORGANISATION for p in same) or any(
        0 < start - p.end <= _CONTAINER_GAP for p in same for start in areas
    )
