"""How probable is each candidate of a name, given where the other names of the text most probably are?

The names of a text tend to lie in the same country and province and near each other (spatial coherence).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from extract.geo import KM_PER_DEGREE
from extract.places.candidates import Influence, NameCandidates, Weights, softmax
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.places.types import Entry, Mention

_LOCAL = frozenset({CITY, DISTRICT})
_MAX_DEGREES = 4  # of latitude: farther places are not near, and their distance is not computed


def demonyms_of(found: Sequence[Mention], weights: Weights) -> dict[str, float]:
    """Country code -> number of its demonyms in the text ("Pakistani"), at most ``most_demonyms``."""
    seen: dict[str, float] = defaultdict(float)
    for mention in found:
        if mention.country:
            seen[mention.country] = min(weights.most_demonyms, seen[mention.country] + 1.0)
    return seen


def update(names: dict[str, NameCandidates], demonyms: dict[str, float], weights: Weights, last: bool) -> None:
    """One round: sets the score and probability of every candidate by where the other names most probably are.

    Names with only one candidate are scored in the last round alone.
    """
    parts = {group: _areas_of(name, weights) for group, name in names.items()}
    areas = _all_areas(names, parts, demonyms, weights)
    for group, name in names.items():
        if len(name.candidates) == 1 and not last:
            continue
        own_countries, own_divisions = parts[group]
        codes = {candidate.entry.country for candidate in name.candidates}
        countries = {c: weights.same_country * _log_weight(areas.countries, own_countries, c) for c in codes}
        divisions = {
            division: weights.same_division * _log_weight(areas.divisions, own_divisions, division)
            for division in set(name.divisions)
        }
        neighbours = {code: [n for n in areas.neighbours.get(code, ()) if n[0] != group] for code in codes}
        for i, candidate in enumerate(name.candidates):
            entry = candidate.entry
            score = (
                name.prior[i] + name.container_votes[i] + name.hint[i]
                + countries[entry.country] + divisions[name.divisions[i]]
            )  # fmt: skip
            if neighbours[entry.country] and entry.kind in _LOCAL:
                score += weights.near * _proximity(entry, neighbours[entry.country], weights.near_km)
            name.score[i] = score
        name.probability = softmax(name.score)


# group of the name, latitude, longitude, weight, cosine of the latitude
_Neighbour = tuple[str, float, float, float, float]
# weight by country code, weight by row of the province
_AreaWeights = tuple[dict[str, float], dict[int, float]]


class _Areas(msgspec.Struct):
    """Where the names of the text most probably are: weight by country, weight by province, and by country the most
    probable towns, highest weight first."""

    countries: dict[str, float]
    divisions: dict[int, float]
    neighbours: dict[str, list[_Neighbour]]


def _all_areas(
    names: dict[str, NameCandidates], parts: dict[str, _AreaWeights], demonyms: dict[str, float], weights: Weights
) -> _Areas:
    """The sum over all names and demonyms."""
    areas = _Areas(dict(demonyms), {}, {})
    towns: list[tuple[float, str, Entry]] = []
    for group, name in names.items():
        countries, divisions = parts[group]
        for country, weight in countries.items():
            areas.countries[country] = areas.countries.get(country, 0.0) + weight
        for division, weight in divisions.items():
            areas.divisions[division] = areas.divisions.get(division, 0.0) + weight
        if name.probability:
            best = max(range(len(name.probability)), key=name.probability.__getitem__)
            entry = name.candidates[best].entry
            if name.probability[best] > weights.near_probability and entry.kind in _LOCAL:
                towns.append((name.probability[best] * name.influence, group, entry))
    for weight, group, entry in sorted(towns, key=lambda a: -a[0])[: weights.near_places]:
        if entry.lat is not None and entry.lon is not None:
            narrow = math.cos(math.radians(entry.lat))
            areas.neighbours.setdefault(entry.country, []).append((group, entry.lat, entry.lon, weight, narrow))
    return areas


def _areas_of(name: NameCandidates, weights: Weights) -> _AreaWeights:
    """What one name adds to the weights of countries and provinces."""
    countries: dict[str, float] = {}
    divisions: dict[int, float] = {}
    for i, probability in enumerate(name.probability):
        if probability < weights.least_probability:
            continue
        country, division = name.candidates[i].entry.country, name.divisions[i]
        countries[country] = countries.get(country, 0.0) + probability * name.influence
        if division >= 0:
            divisions[division] = divisions.get(division, 0.0) + probability * name.influence
    return countries, divisions


def _log_weight(everyone: Mapping[Any, float], own: Mapping[Any, float], area: object) -> float:
    """The logarithm of one more than the weight that the other names give to a country or province."""
    others = everyone.get(area, 0.0) - own.get(area, 0.0)
    return math.log1p(others) if others > 0 else 0.0


def influence_of(name: NameCandidates, rule: Influence) -> float:
    """How much a name counts in resolving the others: more if it is surely a place, and if it is mentioned often."""
    often = min(rule.most, rule.once + rule.each_mention * len(name.mentions))
    return max(rule.least, _probability_of_place(name, rule)) * often


def _probability_of_place(name: NameCandidates, rule: Influence) -> float:
    """The probability that the name is one of a place at all."""
    odds = rule.shift + max((m.score for m in name.mentions), default=0.0)
    odds += rule.container if max(name.container_votes, default=0.0) else 0.0
    largest = min((c.entry.kind for c in name.candidates), default=CITY)
    odds += {COUNTRY: rule.country, PROVINCE: rule.province}.get(largest, 0.0)
    return 1 / (1 + math.exp(-odds))


def _proximity(entry: Entry, neighbours: Sequence[_Neighbour], scale: float) -> float:
    """How near the nearest neighbours are: each one's weight times exp(-km / scale), the largest of these."""
    best = 0.0
    if entry.lat is None or entry.lon is None:
        return best
    for _, lat, lon, weight, narrow in neighbours:
        if weight <= best:
            break
        north = lat - entry.lat
        if -_MAX_DEGREES < north < _MAX_DEGREES:
            degrees = math.hypot(north, (lon - entry.lon) * narrow)
            best = max(best, weight * math.exp(-KM_PER_DEGREE * degrees / scale))
    return best
