"""Does the text put the act nearer than the place that fits best: in a town of the province that its title names?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.place.cues import FINENESS, OPENING, act_sentences, is_located, same_place, stands_before
from extract.language import Cue
from extract.nlp.mentions import HARM
from extract.places import Gazetteer, NameRole, distance_km, has_local_press
from extract.types import Place, Precision

_HELD = 4  # characters between a name and the one that holds it: "Evanston, Illinois"
_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_BEHIND = 40
_TOWNS = (Precision.CITY, Precision.DISTRICT)


def nearer(
    found: Findings,
    best: PlaceFound,
    ranked: Sequence[PlaceFound],
    choice: KindChoice | None,
    gazetteer: Gazetteer,
) -> PlaceFound:
    """The town inside that the text says it was in; ``best`` where it says nothing of the sort.

    Towns that have papers of their own are named plainly.
    """
    if has_local_press(best.resolved.place):
        return best
    last = found.first_body + OPENING
    told = [p for p in ranked if p.sentence < last and p.resolved.place.precision in _TOWNS and not same_place(p, best)]
    said = [p for p in told if stands_before(found, p, Cue.TOOK_PLACE_BEFORE) and _is_inside(p, best)]
    if not said:
        area = _namesake(found, best, sorted(ranked, key=lambda p: p.start), choice)
        if area is None:
            return best
        acts = act_sentences(found, choice)
        said = [
            p
            for p in told
            if p.sentence in acts and is_located(found, p) and gazetteer.contains(area.resolved.place, p.resolved.place)
        ]
    return said[0] if said else best


def _is_inside(place: PlaceFound, best: PlaceFound) -> bool:
    """Is it a finer place of the same division?"""
    inner, outer = place.resolved.place, best.resolved.place
    same = inner.country == outer.country and outer.admin1 in (None, inner.admin1)
    return same and FINENESS[inner.precision] > FINENESS[outer.precision]


def _namesake(
    found: Findings, best: PlaceFound, options: list[PlaceFound], choice: KindChoice | None
) -> PlaceFound | None:
    """ "Kaduna State" of the act's sentences, where "Kaduna" is only named by the title and means that state."""
    own = [p for p in options if same_place(p, best)]
    if best.resolved.place.precision not in _TOWNS or not all(found.sentences[p.sentence].is_title for p in own):
        return None
    acts = act_sentences(found, choice)
    name = best.resolved.name.casefold()
    return next(
        (
            p
            for p in options
            if p.sentence in acts
            and p.resolved.place.precision is Precision.PROVINCE
            and p.resolved.place.country == best.resolved.place.country
            and name in (p.resolved.place.name.casefold(), p.resolved.name.casefold().split()[0])
        ),
        None,
    )


# ------------------------------------------------------------------ all over an area


def spread_over(found: Findings, options: list[PlaceFound], best: PlaceFound) -> PlaceFound | None:
    """The country or province that title or first sentence say the dead and hurt were all over, where ``best`` is one
    of several towns that only the text behind names."""
    if any(p.sentence <= found.first_body for p in options if p.resolved.name == best.resolved.name):
        return None
    harm = {m.sentence for m in found.counts if m.field in HARM and m.sentence <= found.first_body}
    areas = [
        p
        for p in options
        if p.sentence in harm
        and p.resolved.place.precision in _AREAS
        and stands_before(found, p, Cue.ALL_OVER_BEFORE, _BEHIND)
    ]
    return areas[0] if areas else None


# ------------------------------------------------------------------ quarters of towns


def town_of(place: PlaceFound, named: Sequence[PlaceFound], gazetteer: Gazetteer) -> Place | None:
    """The town among those named that the place is a quarter of; None where it is a town itself, or no settlement."""
    own = place.resolved.place
    people = _people(own, gazetteer)
    if own.precision is not Precision.CITY or not people or _stands_alone(place, named):
        return None
    rules = weights("quarter")
    for other in named:
        town = other.resolved.place
        if (
            town.precision is Precision.CITY
            and (town.country, town.admin1) == (own.country, own.admin1)
            and other.resolved.confidence >= rules["sure"]
            and _people(town, gazetteer) >= max(rules["least"], rules["times"] * people)
            and (distance_km(own, town) or math.inf) <= _reach(_people(town, gazetteer))
        ):
            return town
    return None


def _people(place: Place, gazetteer: Gazetteer) -> int:
    entry = gazetteer.find(place.geonameid) if place.geonameid else None
    return entry.population if entry else 0


def _reach(people: int) -> float:
    """Kilometres from its middle that a town of so many people reaches, where they live about as close together."""
    rules = weights("quarter")
    return float(min(rules["most_km"], math.sqrt(people / rules["people_per_km2"] / math.pi)))


def _stands_alone(place: PlaceFound, named: Sequence[PlaceFound]) -> bool:
    """Does the text speak of its police, or say which state it lies in?"""
    same = [p for p in named if p.resolved.place.geonameid == place.resolved.place.geonameid]
    holders = [p.start for p in named if p.resolved.place.precision in (Precision.PROVINCE, Precision.COUNTRY)]
    return any(p.resolved.role is NameRole.ORGANISATION for p in same) or any(
        0 < start - p.end <= _HELD for p in same for start in holders
    )
