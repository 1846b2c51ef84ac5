"""Which of the places that a text names are surely not where the event was?"""

from __future__ import annotations

from extract.decide.captions import is_in_caption
from extract.decide.findings import Findings, PlaceFound
from extract.decide.place.cues import has_cue_before, has_cue_behind, is_away_from_event, is_same_place
from extract.language import Cue
from extract.places import Gazetteer, NameRole
from extract.types import Precision

_AGENT_REACH = 24  # characters searched for "by" before a country that acts


def without_elsewhere(found: Findings, named: list[PlaceFound], gazetteer: Gazetteer) -> list[PlaceFound]:
    """The mentions without those of places that only speak, act, lie across a border or are in a picture's caption.

    A place is left out if all its mentions are such and another place remains that does not just contain it: an office
    in "Lanciano, Chieti province" is in Lanciano. All mentions are kept if none would remain.
    """
    surely = [p for p in named if _is_elsewhere(found, p, gazetteer) or _is_area_of_namesake(found, p, named)]
    offices = [p for p in named if p not in surely and _is_office(found, p)]
    others = [p for p in named if p not in surely and p not in offices]
    away = surely + [p for p in offices if any(not _can_contain(o, p) for o in others)]
    kept = [p for p in named if any(is_same_place(p, o) for o in named if o not in away)]
    return kept or named


def _can_contain(area: PlaceFound, place: PlaceFound) -> bool:
    """Is it the country or the province of the place?"""
    outer, inner = area.resolved.place, place.resolved.place
    if not outer.precision.is_area or outer.country != inner.country:
        return False
    return outer.precision is Precision.COUNTRY or outer.admin1 == inner.admin1


def _is_elsewhere(found: Findings, place: PlaceFound, gazetteer: Gazetteer) -> bool:
    if place.resolved.role is NameRole.DATELINE:
        return False
    return is_in_caption(found, place.sentence) or only_acts(found, place, gazetteer)


def is_beyond_border(found: Findings, place: PlaceFound) -> bool:
    """Is it across a border, a destination, or where it was felt, also as the second of a list: "borders X and Y"?"""
    if has_cue_before(found, place, Cue.BORDER_BEFORE, _AGENT_REACH):
        return True
    before = max((p for p in found.places if p.end < place.start), key=lambda p: p.end, default=None)
    return before is not None and _joins(found, before, place) and is_beyond_border(found, before)


def only_acts(found: Findings, place: PlaceFound, gazetteer: Gazetteer) -> bool:
    """Do the words around the name say that it acts or speaks, lies across a border, or is where somebody comes from or
    goes to?"""
    if place.resolved.role is NameRole.DATELINE:
        return False
    if is_beyond_border(found, place):
        return True
    if has_cue_behind(found, place, Cue.ORIGIN_BEHIND):
        return True
    if place.resolved.place.precision is not Precision.COUNTRY:
        speaks = has_cue_behind(found, place, Cue.SPEAKER_BEHIND) or _is_source_of_title(found, place)
        return speaks and _is_capital(place, gazetteer)
    near = has_cue_before(found, place, Cue.NEAR_BEFORE, _AGENT_REACH)
    return near or _acts(found, place) or _is_of_traveller(found, place)


def _is_source_of_title(found: Findings, place: PlaceFound) -> bool:
    """Does the title end with it behind a colon: "Shelling kills six in border town: Moscow"?"""
    sentence = found.sentences[place.sentence]
    ends = sentence.is_title and not found.layout.plain[place.end : sentence.end].strip(" .\n")
    return ends and found.layout.plain[max(0, place.start - 2) : place.start] == ": "


def _is_capital(place: PlaceFound, gazetteer: Gazetteer) -> bool:
    """Is it the capital of a country, whose name can stand for its government?"""
    entry = gazetteer.find(place.resolved.place.geonameid) if place.resolved.place.geonameid else None
    return entry is not None and entry.capital


def _is_of_traveller(found: Findings, place: PlaceFound) -> bool:
    """Does the short name of a country say where somebody is from: "UK tourist"?"""
    name = place.resolved.name.replace(".", "")
    return name.isupper() and has_cue_behind(found, place, Cue.TRAVELLER_BEHIND)


def _is_area_of_namesake(found: Findings, place: PlaceFound, named: list[PlaceFound]) -> bool:
    """Is it the area behind a town's name, but in another country: "Berkshire" in "Reading, Berkshire" of the US?"""
    return any(
        found.layout.plain[town.end : place.start] == ", "
        and town.resolved.place.precision is Precision.CITY
        and place.resolved.place.precision is not Precision.CITY
        and town.resolved.place.country != place.resolved.place.country
        for town in named
    )


def _is_office(found: Findings, place: PlaceFound) -> bool:
    """Is it the place of an office, a hospital or a statement rather than a country's?"""
    is_country = place.resolved.place.precision is Precision.COUNTRY
    return not is_country and place.resolved.role is not NameRole.DATELINE and is_away_from_event(found, place)


def _acts(found: Findings, place: PlaceFound) -> bool:
    """Does the country act or speak: "drones launched by X", "X accuses", "X's navy"?"""
    return has_cue_before(found, place, Cue.ACTOR_BEFORE, _AGENT_REACH) or has_cue_behind(
        found, place, Cue.ACTOR_BEHIND
    )


def first_of_pair(found: Findings, best: PlaceFound, named: list[PlaceFound]) -> PlaceFound:
    """The first country of "Turkey and Syria" if the second is ``best``: the first is where it began or was worst."""
    if best.resolved.place.precision is not Precision.COUNTRY:
        return best
    if any(
        found.sentences[p.sentence].is_title and is_same_place(p, best) and not _is_in_pair(found, p, named)
        for p in named
    ):
        return best  # "baby rescued in Syria", though "Turkey and Syria" were hit
    for mention in named:
        before = next((p for p in named if _joins(found, p, mention) and is_same_place(mention, best)), None)
        if before is not None and not is_same_place(before, best):
            return before
    return best


def _is_in_pair(found: Findings, place: PlaceFound, named: list[PlaceFound]) -> bool:
    return any(_joins(found, p, place) or _joins(found, place, p) for p in named)


def _joins(found: Findings, first: PlaceFound, second: PlaceFound) -> bool:
    """Do the names of two countries stand beside each other with "and" between them?"""
    gap = found.layout.plain[first.end : second.start] if first.end < second.start else ""
    is_pair = first.resolved.place.precision is Precision.COUNTRY
    return is_pair and found.language.cue(Cue.AND_BETWEEN).fullmatch(gap) is not None
