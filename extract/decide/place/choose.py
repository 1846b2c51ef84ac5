"""Where did it happen, of all the places the text names: not the speaker's, the hospital's or a victim's home?

Mentions of one place are one candidate. Its score is the sum of two that were learned from articles with known
incidents: the best mention's by a conditional logit (``scripts/train_where.py``), and the candidate's by a forest.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.models.context_words import words_around
from extract.decide.models.gradient_boosting import forest
from extract.decide.models.logistic import score
from extract.decide.place.cues import FINENESS, is_off_scene, is_said_there, is_vicinity, same_place
from extract.decide.place.dateline import not_the_dateline, where_it_hit
from extract.decide.place.refine import nearer, spread_over, town_of
from extract.nlp.mentions import Talk
from extract.places import Gazetteer, NameRole
from extract.types import Place, Precision

_OWN = 0.001  # of a place's mentions, the one that fits best by itself is quoted
_NEAR = 60
_FAR = 400
_AREAS = (Precision.COUNTRY, Precision.PROVINCE)


def choose_place(found: Findings, choice: KindChoice | None, gazetteer: Gazetteer) -> tuple[Place, PlaceFound] | None:
    """The likeliest place of the act with the words that name it; None when no name could be resolved.

    A country or province gives way to the finer place inside it that fits best; a quarter is a district of its town.
    """
    options = candidates(found)
    if not options:
        return None
    ranked = _ranked(found, options, choice)
    best = ranked[0]
    if best.resolved.place.precision in _AREAS:
        finer = [
            p
            for p in ranked
            if _is_finer(p, best)
            and gazetteer.contains(best.resolved.place, p.resolved.place)
            and not all(is_off_scene(found, o) for o in options if same_place(o, p))
        ]
        best = finer[0] if finer else best
    area = spread_over(found, options, best)
    if area is not None:
        return area.resolved.place, area
    best = not_the_dateline(found, best, ranked, choice)
    best = where_it_hit(found, best, ranked, choice)
    best = nearer(found, best, ranked, choice, gazetteer)
    place = best.resolved.place
    return (replace(place, precision=Precision.DISTRICT) if town_of(best, options, gazetteer) else place), best


def _ranked(found: Findings, options: list[PlaceFound], choice: KindChoice | None) -> list[PlaceFound]:
    """The mentions by how well their place fits, and by a little how well the mention itself does; the best first, of
    equal ones the first of the text."""
    places = grouped(options)
    own = [[signs(found, p, choice) for p in mentions] for mentions in places]
    trees = forest(found.lexicon, "where")
    fits = trees.scores(traits(found, places, own)) if trees is not None else [0.0] * len(places)
    scored: list[tuple[float, PlaceFound]] = []
    for mentions, each, fit in zip(places, own, fits, strict=True):
        sums = [score(s, "where", found.lexicon) for s in each]
        scored += [(fit + max(sums) + _OWN * s, p) for p, s in zip(mentions, sums, strict=True)]
    return [p for _, p in sorted(scored, key=lambda pair: (-pair[0], pair[1].start))]


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
            "finer": sum(FINENESS[p.precision] > FINENESS[here.precision] for p in same),
        }
        for mention in mentions:
            row |= dict.fromkeys(words_around(found.layout, mention.start, mention.end), 1.0)
        out.append(row)
    return out


def candidates(found: Findings) -> list[PlaceFound]:
    """The places the text names that are somewhere: no demonyms, no roads of an unknown town, no continents."""
    return [p for p in found.places if p.resolved.role is not NameRole.DEMONYM and p.resolved.place.country]


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
        "said_there": float(is_said_there(found, place)),
        "court_nearer": float(_nearest(place, list(found.court)) < min(gap, _FAR)),
        "confidence": resolved.confidence,
        "support": min(3, len(twins)) / 3,
        "company": _company(found, place),
        "also_dateline": float(any(p.resolved.role is NameRole.DATELINE for p in twins)),
        "also_office": float(any(p.resolved.role is NameRole.ORGANISATION for p in twins)),
        "also_locative": float(any(p.resolved.role is NameRole.LOCATIVE for p in twins)),
    }


def _nearest(place: PlaceFound, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; far where there is none."""
    return min(_FAR, min((min(abs(o - place.start), abs(o - place.end)) for o in offsets), default=_FAR))


def _is_finer(place: PlaceFound, than: PlaceFound) -> bool:
    return FINENESS[place.resolved.place.precision] > FINENESS[than.resolved.place.precision]


def _company(found: Findings, place: PlaceFound) -> float:
    """0 to 1: the share of the surely resolved other names that lie in the same division."""
    own = place.resolved.name.lower()
    others = [division for name, division in found.divisions.items() if name != own]
    here = (place.resolved.place.country, place.resolved.place.admin1)
    return sum(division == here for division in others) / len(others) if others else 0.0
