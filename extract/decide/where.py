"""Where did it happen, of all the places the text names: not the speaker's, the hospital's or a victim's home?

Mentions of one place are one candidate. Its score is the sum of two that were learned from articles with known
incidents: the best mention's by a conditional logit (``scripts/train_where.py``), and the candidate's by a forest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from msgspec.structs import replace

from extract.decide.context import words_around
from extract.decide.findings import SURE_PLACE, Findings, PlaceFound
from extract.decide.forest import forest
from extract.decide.kind import KindChoice
from extract.decide.own import goes_on, says
from extract.decide.quarter import town_of
from extract.decide.rank import score
from extract.decide.spread import spread_over
from extract.nlp.lexicons import table
from extract.places import Gazetteer, Role, distance_km
from extract.types import Place, Precision

_OWN = 0.001  # of a place's mentions, the one that fits best by itself is quoted
_NEAR = 60
_FAR = 400
_LIKELY = 0.75
_FAIR = 0.7
_OPENING = 4  # sentences of the body that are asked where the act was
_BEAT_KM = 40.0  # where a reporter's own town ends ...
_NEAR_DESK_KM = 15.0  # ... and an agency's
_NEXT_KM = 6.0  # ... and where the title names another
_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_TOWNS = (Precision.CITY, Precision.DISTRICT)
_OFFICES = (Role.ORGANISATION, Role.HOSPITAL, Role.HOME, Role.DATELINE)
_FINENESS = {Precision.COUNTRY: 0, Precision.PROVINCE: 1, Precision.DISTRICT: 2, Precision.CITY: 3, Precision.SITE: 4}


def choose_place(found: Findings, choice: KindChoice | None, gazetteer: Gazetteer) -> tuple[Place, PlaceFound] | None:
    """The likeliest place of the act with the words that name it; None when no name could be resolved.

    A country or province gives way to the finer place inside it that fits best; a quarter is a district of its town.
    """
    options = candidates(found)
    if not options:
        return None
    scores = _scores(found, options, choice)
    best = max(options, key=lambda p: (scores[id(p)], -p.start))
    if best.resolved.place.precision in _AREAS:
        finer = [
            p
            for p in options
            if _is_finer(p, best)
            and gazetteer.contains(best.resolved.place, p.resolved.place)
            and not all(_is_off_scene(found, o) for o in options if _is_same(o, p))
        ]
        best = max(finer, key=lambda p: (scores[id(p)], -p.start), default=best)
    area = spread_over(found, options, best)
    if area is not None:
        return area.resolved.place, area
    best = _not_the_desk(found, best, options, scores, choice)
    best = _where_it_hit(found, best, options, scores, choice)
    place = best.resolved.place
    return (replace(place, precision=Precision.DISTRICT) if town_of(best, options, gazetteer) else place), best


def _scores(found: Findings, options: list[PlaceFound], choice: KindChoice | None) -> dict[int, float]:
    """By the identity of a mention: how well its place fits, and by a little how well the mention itself does."""
    places = grouped(options)
    own = [[signs(found, p, choice) for p in mentions] for mentions in places]
    trees = forest("where").scores(traits(found, places, own))
    out: dict[int, float] = {}
    for mentions, each, fit in zip(places, own, trees, strict=True):
        sums = [score(s, "where") for s in each]
        out |= {id(p): fit + max(sums) + _OWN * s for p, s in zip(mentions, sums, strict=True)}
    return out


def grouped(options: list[PlaceFound]) -> list[list[PlaceFound]]:
    """The mentions of each place, in the order of the text."""
    places: dict[tuple[object, ...], list[PlaceFound]] = defaultdict(list)
    for mention in options:
        place = mention.resolved.place
        key = (place.geonameid,) if place.geonameid else (mention.resolved.name.lower(), place.admin1, place.country)
        places[key].append(mention)
    return list(places.values())


def traits(
    found: Findings, places: list[list[PlaceFound]], own: list[list[dict[str, float]]]
) -> list[dict[str, float]]:
    """What is known of each place: of its first mention, of its most and least telling ones, and among the rest."""
    everywhere = [p.resolved.place for mentions in places for p in mentions]
    out = []
    for order, (mentions, each) in enumerate(zip(places, own, strict=True)):
        row: dict[str, float] = {}
        for name in {name for s in each for name in s}:
            values = [s.get(name, 0.0) for s in each]
            row[f"first_{name}"], row[f"most_{name}"], row[f"least_{name}"] = values[0], max(values), min(values)
        here = mentions[0].resolved.place
        same = [p for p in everywhere if (p.country, p.admin1) == (here.country, here.admin1)]
        row |= {
            "mentions": len(mentions),
            "rivals": len(places),
            "share": len(mentions) / len(everywhere),
            "order": order,
            "first_at": min(p.sentence for p in mentions) - found.first_body,
            "same_division": len(same) / len(everywhere),
            "same_country": sum(p.country == here.country for p in everywhere) / len(everywhere),
            "finer": sum(_FINENESS[p.precision] > _FINENESS[here.precision] for p in same),
        }
        for mention in mentions:
            row |= dict.fromkeys(words_around(found.layout, mention.start, mention.end), 1.0)
        out.append(row)
    return out


def _not_the_desk(
    found: Findings, best: PlaceFound, options: list[PlaceFound], scores: dict[int, float], choice: KindChoice | None
) -> PlaceFound:
    """A dateline is where the report was written; what the act's own sentence says it was in beats it: a settlement,
    else a province or a part of a country that the desk isn't in.

    Within a country where towns have papers of their own only an agency's does: their reporters are rarely far from
    the act.
    """
    acts = _act_sentences(found, choice)
    twins = [p for p in options if _is_same(p, best)]
    if all(p.resolved.role is not Role.DATELINE for p in twins) or any(
        p.sentence in acts and p.resolved.role is not Role.DATELINE and not _is_vicinity(found, p) for p in twins
    ):
        return best
    desk = best.resolved.place
    is_agency = any(_agency().match(found.layout.plain, p.end) for p in twins)
    reach = _NEAR_DESK_KM if is_agency else _BEAT_KM
    roams = is_agency or not _has_papers(desk)
    told = [p for p in options if p.sentence in acts and not _is_same(p, best) and _is_located(found, p)]
    towns = [
        p
        for p in told
        if p.resolved.place.precision in _TOWNS
        and (_is_abroad(p, desk) or (roams and _is_far(found, p, desk, told, reach)))
    ]
    told_of = [p for p in twins if p.resolved.role is not Role.DATELINE and p.sentence < found.first_body + _OPENING]
    if not towns and not _has_papers(desk) and all(_is_vicinity(found, p) for p in told_of):
        provinces = [p for p in told if p.resolved.place.precision is Precision.PROVINCE]
        towns = provinces or [p for p in told if _is_part_of_country(found, p)]
    return max(towns, key=lambda p: (_FINENESS[p.resolved.place.precision], scores[id(p)], -p.start), default=best)


def _where_it_hit(
    found: Findings, best: PlaceFound, options: list[PlaceFound], scores: dict[int, float], choice: KindChoice | None
) -> PlaceFound:
    """Where the act's sentences put it beats where the hurt were brought or somebody spoke, and another country that is
    only named: "a French air strike near Gao, Paris said"."""
    acts = _act_sentences(found, choice)
    own = [p for p in options if _is_same(p, best)]
    told = [p for p in options if p.sentence in acts and p not in own and _is_located(found, p)]
    inner = [p for p in told if p.resolved.place.precision in _TOWNS]
    if (
        inner
        and not _has_papers(best.resolved.place)
        and all(_is_brought(found, p) or (p.sentence not in acts and _is_off_scene(found, p)) for p in own)
    ):
        return max(inner, key=lambda p: (_FINENESS[p.resolved.place.precision], scores[id(p)], -p.start))
    is_town = best.resolved.place.precision is not Precision.COUNTRY and _has_papers(best.resolved.place)
    if is_town or not all(_only_named(found, p, acts) for p in own):
        return best
    strong = {t.sentence for t in found.triggers if t.strong}
    sure = [p for p in told if p.sentence in strong and p.resolved.confidence >= _FAIR]
    countries = {p.resolved.place.country for p in sure if p.resolved.name != best.resolved.name}
    if len(countries) != 1 or best.resolved.place.country in countries:
        return best
    there = [p for p in options if p.resolved.place.country in countries and p.resolved.role not in _OFFICES]
    sure = [p for p in there if p in sure or p.resolved.confidence >= _LIKELY]
    return max(sure, key=lambda p: (_FINENESS[p.resolved.place.precision], scores[id(p)], -p.start), default=best)


def _is_off_scene(found: Findings, place: PlaceFound) -> bool:
    """Where the hurt were brought, and where somebody spoke."""
    plain, before = found.layout.plain, max(0, place.start - 60)
    spoke = _office("spoke").search(plain, before, place.start) or _said().search(plain, before, place.start)
    return bool(spoke) or _is_brought(found, place)


def _is_brought(found: Findings, place: PlaceFound) -> bool:
    plain, before = found.layout.plain, max(0, place.start - 60)
    return place.resolved.role is Role.HOSPITAL or bool(_office("brought").search(plain, before, place.start))


def _only_named(found: Findings, place: PlaceFound, acts: set[int]) -> bool:
    """Outside of the act's sentences, or as who does or says something: "the United States struck", "Paris said"."""
    if place.resolved.role is Role.DATELINE:
        return False
    if place.sentence not in acts:
        return True
    return place.resolved.role is Role.PLAIN and bool(_doer().match(found.layout.plain, place.end))


@cache
def _doer() -> re.Pattern[str]:
    words = "|".join(table("places")["before"]["container"])
    return re.compile(rf"(?:'s|-led|-backed)?\s+(?!(?:{words})\b)[a-z]")


def _act_sentences(found: Findings, choice: KindChoice | None) -> set[int]:
    """The sentences of the opening that name the act, by its own words or as "the attack"."""
    last = found.first_body + _OPENING
    kinds = (choice.kind, *choice.also) if choice is not None else ()
    named = {t.sentence for t in found.triggers if t.kind in kinds and (t.strong or t.sentence <= found.first_body)}
    return {at for at in range(min(last, len(found.sentences))) if at in named or says(found, at, "back")}


def _is_same(place: PlaceFound, other: PlaceFound) -> bool:
    here, there = place.resolved.place, other.resolved.place
    if here.geonameid is None or there.geonameid is None:
        return place.resolved.name == other.resolved.name
    return here.geonameid == there.geonameid


def _is_located(found: Findings, place: PlaceFound) -> bool:
    """ "In X", "the town of X", "X district", "off X"; not where somebody spoke."""
    plain, role = found.layout.plain, place.resolved.role
    if _is_off_scene(found, place) or goes_on(found, place):
        return False
    if _AWAY.search(plain, max(0, place.start - 10), place.start):
        return False
    if role is Role.LOCATIVE:
        return True
    if role is Role.ORGANISATION:
        return bool(_DISTRICT.match(plain, place.end))
    if role is not Role.PLAIN:
        return False
    if _is_vicinity(found, place):
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


@cache
def _office(what: str) -> re.Pattern[str]:
    """ "Turkey's defence ministry in Ankara", "taken to a hospital in X": no act's place."""
    words = "|".join(table("cues")["offices"][what])
    return re.compile(rf"\b(?:{words})\b(?:\s+\w+){{0,2}}?\s+(?:in|to|at)\s+$", re.IGNORECASE)


@cache
def _agency() -> re.Pattern[str]:
    """An agency's name in brackets behind a dateline: ", Kenya (AP) -"."""
    return re.compile(rf"[^\n(]{{0,40}}\((?:{'|'.join(table('cues')['dateline']['agencies'])})\b", re.IGNORECASE)


def _has_papers(place: Place) -> bool:
    """Does it lie where towns have papers of their own?"""
    return place.country in table("places")["unlisted"]["full"]


def _is_abroad(place: PlaceFound, desk: Place) -> bool:
    return place.resolved.confidence >= SURE_PLACE and place.resolved.place.country != desk.country


def _is_far(found: Findings, place: PlaceFound, desk: Place, told: list[PlaceFound], reach: float) -> bool:
    """Within the country, and out of the reach of who sits there; a town that no list has lies in the province that is
    named beside it."""
    here = place.resolved.place
    if place.resolved.confidence < _LIKELY or here.country != desk.country:
        return False
    km = distance_km(here, desk)
    if km is not None:
        in_title = any(_is_same(place, p) and found.sentences[p.sentence].is_title for p in found.places)
        return km > (_NEXT_KM if in_title else reach)
    beside = {p.resolved.place.admin1 for p in told if p.sentence == place.sentence} - {None}
    return bool(beside) and desk.admin1 not in beside


def _is_part_of_country(found: Findings, place: PlaceFound) -> bool:
    """ "Western Niger" in a report from the capital."""
    here = place.resolved.place
    return here.precision is Precision.COUNTRY and bool(
        _PART.search(found.layout.plain, max(0, place.start - 20), place.start)
    )


_PART = re.compile(r"\b(?:north|south|east|west)\w*(?:[- ]\w+ern)?\s+$", re.IGNORECASE)


def candidates(found: Findings) -> list[PlaceFound]:
    """The places the text names that are somewhere: no demonyms, no roads of an unknown town, no continents."""
    return [p for p in found.places if p.resolved.role is not Role.DEMONYM and p.resolved.place.country]


def signs(found: Findings, place: PlaceFound, choice: KindChoice | None) -> dict[str, float]:
    """What speaks for and against a place being the act's; each 0 to about 1."""
    resolved, sentence = place.resolved, found.sentences[place.sentence]
    strong = [t for t in found.triggers if t.strong and (choice is None or t.kind in (choice.kind, *choice.also))]
    same = [t for t in strong if t.sentence == place.sentence]
    gap = min((min(abs(place.start - t.end), abs(t.start - place.end)) for t in same), default=10_000)
    index = place.sentence - found.first_body
    twins = [p for p in found.places if p is not place and p.resolved.place.geonameid == resolved.place.geonameid]
    return {
        f"role_{resolved.role.value}": 1.0,
        f"is_{resolved.place.precision.value}": 1.0,
        "district_office": float(resolved.role is Role.ORGANISATION and resolved.place.precision is Precision.DISTRICT),
        "title": float(sentence.is_title),
        "first": float(index == 0),
        "second": float(index == 1),
        "depth": min(1.0, max(0, index) / 12),
        "untold": float(not found.told(place.sentence)),
        "court_story": float("court" in sentence.flags),
        "trigger": float(bool(same)),
        "beside_trigger": float(gap < _NEAR),
        "count": float(any(c.sentence == place.sentence for c in found.counts)),
        "time": float(any(t.sentence == place.sentence for t in found.times)),
        "unlisted": float(resolved.place.precision is Precision.CITY and resolved.place.lat is None),
        "vicinity": float(_is_vicinity(found, place)),
        "said_there": float(bool(_said().search(found.layout.plain, max(0, place.start - 60), place.start))),
        "court_nearer": float(_nearest(place, list(found.court)) < min(gap, _FAR)),
        "confidence": resolved.confidence,
        "support": min(3, len(twins)) / 3,
        "company": _company(found, place),
        "also_dateline": float(any(p.resolved.role is Role.DATELINE for p in twins)),
        "also_office": float(any(p.resolved.role is Role.ORGANISATION for p in twins)),
        "also_locative": float(any(p.resolved.role is Role.LOCATIVE for p in twins)),
    }


def _is_vicinity(found: Findings, place: PlaceFound) -> bool:
    return bool(_vicinity().search(found.layout.plain, max(0, place.start - 30), place.start))


@cache
def _vicinity() -> re.Pattern[str]:
    """ "Outside X", "east of X", "40 km from X": the act is somewhere near, not there."""
    return re.compile(rf"\b(?:{'|'.join(table('cues')['vicinity']['before'])})\s+$", re.IGNORECASE)


@cache
def _said() -> re.Pattern[str]:
    """ "Told reporters in X", "arrested on Monday in X", "a court in X": what came after the act was there."""
    said = table("times")["saying"]
    return re.compile(rf"\b(?:{'|'.join(said['words'])})\b(?:\W+\w+){{0,{said['gap']}}}?\W+in\s+$", re.IGNORECASE)


def _nearest(place: PlaceFound, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; far where there is none."""
    return min(_FAR, min((min(abs(o - place.start), abs(o - place.end)) for o in offsets), default=_FAR))


def _is_finer(place: PlaceFound, than: PlaceFound) -> bool:
    return _FINENESS[place.resolved.place.precision] > _FINENESS[than.resolved.place.precision]


def _company(found: Findings, place: PlaceFound) -> float:
    """0 to 1: the share of the surely resolved other names that lie in the same division."""
    own = place.resolved.name.lower()
    others = [division for name, division in found.divisions.items() if name != own]
    here = (place.resolved.place.country, place.resolved.place.admin1)
    return sum(division == here for division in others) / len(others) if others else 0.0
