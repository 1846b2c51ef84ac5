"""Where did the event happen, of all the places that the text names?

Not where somebody spoke, where the injured were treated, or where a victim lived. Mentions of one place are one
candidate. Its score is the sum of two, both learned from articles about known incidents (``scripts/train_where.py``):
that of its best mention by a conditional logit, and that of the place by a forest.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice
from extract.decide.models.context_words import words_around
from extract.decide.models.gradient_boosting import forest
from extract.decide.models.logistic import score
from extract.decide.place.at_sea import at_sea
from extract.decide.place.by_reading import of_demonym, of_tag, plausible, support
from extract.decide.place.cues import GRANULARITY, is_away_from_event, is_same_place, is_statement_place, is_vicinity
from extract.decide.place.dateline import override_dateline, override_statement_place
from extract.decide.place.elsewhere import first_of_pair, without_elsewhere
from extract.decide.place.inner_of_pair import inner_of_pair
from extract.decide.place.landmarks import at_landmark
from extract.decide.place.refine import (
    city_of_district,
    continent,
    finer_place,
    of_named_event,
    suburb,
    target,
    wide_area,
)
from extract.decide.place.unlisted import of_unlisted
from extract.nlp.mentions import Talk
from extract.places import Gazetteer, NameRole
from extract.types import Place, Precision

# characters between a mention and a trigger; the weights are learned for these distances
_NEAR = 60
_FAR = 400


def choose_place(found: Findings, choice: KindChoice | None, gazetteer: Gazetteer) -> tuple[Place, PlaceFound] | None:
    """The most probable place of the event and the mention that names it; None if no name could be resolved.

    A country or province is replaced by the finer place inside it that has the highest score. A district of a town that
    the text names has the precision "district".
    """
    named = without_elsewhere(found, candidates(found), gazetteer)
    ranked = plausible(found, _ranked(found, named, choice), gazetteer) if named else []
    landmark = at_landmark(found, ranked[0] if ranked else None, gazetteer)
    if landmark is not None:
        return landmark.resolved.place, landmark
    region = continent(found, ranked, choice) if found.reading is not None else None
    if region is not None:
        return region.resolved.place, region
    if not ranked:
        only = at_sea(found, choice, None, gazetteer) or of_tag(found, gazetteer) or of_demonym(found, gazetteer)
        only = only or of_unlisted(found, gazetteer)
        return None if only is None else (only.resolved.place, only)
    best = ranked[0]
    sea = at_sea(found, choice, best, gazetteer)
    if sea is not None:
        return sea.resolved.place, sea
    if best.resolved.place.precision.is_area:
        finer = [
            p
            for p in ranked
            if _is_finer(p, best)
            and gazetteer.contains(best.resolved.place, p.resolved.place)
            and not all(is_away_from_event(found, o) for o in named if is_same_place(o, p))
        ]
        best = finer[0] if finer else best
    area = wide_area(found, named, best)
    if area is not None:
        return area.resolved.place, area
    best = inner_of_pair(found, first_of_pair(found, best, named), named)
    best = override_dateline(found, best, ranked, choice)
    best = override_statement_place(found, best, ranked, choice)
    best = finer_place(found, best, ranked, choice, gazetteer)
    best = of_named_event(found, suburb(found, best, ranked, gazetteer), ranked, choice)
    best = target(found, best, ranked, choice)
    place = best.resolved.place
    return (replace(place, precision=Precision.DISTRICT) if city_of_district(best, named, gazetteer) else place), best


def _ranked(found: Findings, named: list[PlaceFound], choice: KindChoice | None) -> list[PlaceFound]:
    """The mentions by the score of their place, best first, of equal ones the first in the text.

    A small part of a mention's own score orders the mentions of one place.
    """
    places = by_place(named)
    own_share = weights("place")["mention_share"]
    features = [[mention_features(found, p, choice) for p in mentions] for mentions in places]
    trees = forest(found.lexicon, "where")
    fits = trees.scores(place_features(found, places, features)) if trees is not None else [0.0] * len(places)
    if found.reading is not None:
        fits = [fit + support(found, found.reading, mentions) for fit, mentions in zip(fits, places, strict=True)]
    scored: list[tuple[float, PlaceFound]] = []
    for mentions, each, fit in zip(places, features, fits, strict=True):
        sums = [score(s, "where", found.lexicon) for s in each]
        scored += [(fit + max(sums) + own_share * s, p) for p, s in zip(mentions, sums, strict=True)]
    return [p for _, p in sorted(scored, key=lambda pair: (-pair[0], pair[1].start))]


def by_place(mentions: list[PlaceFound]) -> list[list[PlaceFound]]:
    """The mentions of each place, in the order of the text."""
    places: dict[tuple[object, ...], list[PlaceFound]] = defaultdict(list)
    for mention in mentions:
        place = mention.resolved.place
        key = (place.geonameid,) if place.geonameid else (mention.resolved.name.lower(), place.admin1, place.country)
        places[key].append(mention)
    return list(places.values())


def place_features(
    found: Findings, places: list[list[PlaceFound]], features: list[list[dict[str, float]]]
) -> list[dict[str, float]]:
    """The features of each place: those of its first mention, the largest and smallest of all its mentions, its
    position among the places, and the words around it. ``features`` are those of the mentions of each place."""
    everywhere = [p.resolved.place for mentions in places for p in mentions]
    out = []
    for order, (mentions, each) in enumerate(zip(places, features, strict=True)):
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
            "finer": sum(GRANULARITY[p.precision] > GRANULARITY[here.precision] for p in same),
        }
        for mention in mentions:
            row |= dict.fromkeys(words_around(found.layout, mention.start, mention.end), 1.0)
        out.append(row)
    return out


def candidates(found: Findings) -> list[PlaceFound]:
    """The mentions of places that lie in a country: no demonyms, no roads of an unknown town, no continents."""
    return [p for p in found.places if p.resolved.role is not NameRole.DEMONYM and p.resolved.place.country]


def mention_features(found: Findings, place: PlaceFound, choice: KindChoice | None) -> dict[str, float]:
    """The features of a mention, each 0 to about 1."""
    resolved, sentence = place.resolved, found.sentences[place.sentence]
    strong = [t for t in found.triggers if t.strong and (choice is None or t.kind in (choice.kind, *choice.also))]
    same = [t for t in strong if t.sentence == place.sentence]
    gap = min((min(abs(place.start - t.end), abs(t.start - place.end)) for t in same), default=10_000)
    index = place.sentence - found.first_body
    same_place = [p for p in found.places if p is not place and p.resolved.place.geonameid == resolved.place.geonameid]
    return {
        f"role_{resolved.role.value}": 1.0,
        f"is_{resolved.place.precision.value}": 1.0,
        "district_office": float(
            resolved.role is NameRole.ORGANISATION and resolved.place.precision is Precision.DISTRICT
        ),
        "title": float(sentence.is_title),
        "first": float(index == 0),
        "second": float(index == 1),
        "depth": min(1.0, max(0, index) / 12),
        "untold": float(not found.is_foreground(place.sentence)),
        "court_story": float(Talk.COURT in sentence.flags),
        "trigger": float(bool(same)),
        "beside_trigger": float(gap < _NEAR),
        "count": float(any(c.sentence == place.sentence for c in found.counts)),
        "time": float(any(t.sentence == place.sentence for t in found.times)),
        "unlisted": float(resolved.place.precision is Precision.CITY and resolved.place.lat is None),
        "vicinity": float(is_vicinity(found, place)),
        "said_there": float(is_statement_place(found, place)),
        "court_nearer": float(_nearest(place, list(found.court)) < min(gap, _FAR)),
        "confidence": resolved.confidence,
        "support": min(3, len(same_place)) / 3,
        "company": _division_share(found, place),
        "also_dateline": float(any(p.resolved.role is NameRole.DATELINE for p in same_place)),
        "also_office": float(any(p.resolved.role is NameRole.ORGANISATION for p in same_place)),
        "also_locative": float(any(p.resolved.role is NameRole.LOCATIVE for p in same_place)),
    }


def _nearest(place: PlaceFound, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets, at most ``_FAR``."""
    return min(_FAR, min((min(abs(o - place.start), abs(o - place.end)) for o in offsets), default=_FAR))


def _is_finer(place: PlaceFound, than: PlaceFound) -> bool:
    return GRANULARITY[place.resolved.place.precision] > GRANULARITY[than.resolved.place.precision]


def _division_share(found: Findings, place: PlaceFound) -> float:
    """0 to 1: the share of the other surely resolved names that lie in the same province."""
    this_name = place.resolved.name.lower()
    others = [division for name, division in found.divisions.items() if name != this_name]
    here = (place.resolved.place.country, place.resolved.place.admin1)
    return sum(division == here for division in others) / len(others) if others else 0.0
