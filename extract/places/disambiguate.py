"""Which place does each name mean, if all names of a text are resolved together?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from extract.places.candidates import (
    Hints,
    NameCandidates,
    Prominence,
    Weights,
    group_of,
    names_of,
    standard_weights,
)
from extract.places.coherence import demonyms_of, influence_of, update
from extract.places.gazetteer import Gazetteer
from extract.places.reading import PlaceReader
from extract.places.row_layout import COUNTRY, PROVINCE, REGION
from extract.places.types import Entry, Mention, NameRole, Resolved

# prominence is log10((population + _HAMLET) / _TOWN): 0 for a town, below 0 for a smaller place
_HAMLET = 100
_TOWN = 10_000


def resolve(
    found: Sequence[Mention],
    texts: Mapping[str, str],
    gazetteer: Gazetteer,
    reader: PlaceReader,
    *,
    hints: Hints | None = None,
    weights: Weights | None = None,
) -> list[Resolved | None]:
    """The place of each mention, in the same order; None where it is no place, or the text does not say which one.

    ``texts`` are the ``title`` and the ``text`` in which the mentions were found.
    """
    weights = weights or standard_weights()
    names = names_of(found, gazetteer, hints or Hints(), weights)
    containers = reader.containers(found, texts, names, gazetteer, weights)
    demonyms = demonyms_of(found, weights)
    for name in names.values():
        name.influence = influence_of(name, weights.influence)
    for last in (*[False] * (weights.rounds - 1), True):
        update(names, demonyms, weights, last)
    return [_decide(m, names.get(group_of(m)), _contains(m, containers), gazetteer, weights) for m in found]


def _contains(mention: Mention, containers: set[int]) -> bool:
    """Does the name only say where the one before it lies: "Florida" in "Gainesville, Florida"?"""
    return mention.where == "text" and mention.start in containers


def _decide(
    mention: Mention, name: NameCandidates | None, is_container: bool, gazetteer: Gazetteer, weights: Weights
) -> Resolved | None:
    """The candidate with the highest score; None where the evidence for a place is too weak (``weights.accept``).

    A country or province that is also a city is resolved to the city, unless it only contains another name.
    """
    if name is None or not name.candidates:
        return None
    best = max(range(len(name.candidates)), key=name.score.__getitem__)
    entry = name.candidates[best].entry
    city = gazetteer.city_states.get(entry.row)
    if city is not None and not is_container:
        entry = gazetteer.entry(city)
    score = mention.score + _prominence(entry, weights.prominence) + _context(name, best, weights)
    if score < weights.accept:
        return None
    is_plain = mention.role in (NameRole.PLAIN, NameRole.LOCATIVE)
    return Resolved(
        where=mention.where,
        start=mention.start,
        end=mention.end,
        name=mention.name,
        place=gazetteer.place(entry),
        confidence=round(name.probability[best] / (1 + math.exp(-score)), 4),
        role=NameRole.CONTAINER if is_container and is_plain else mention.role,
    )


def _prominence(entry: Entry, rule: Prominence) -> float:
    """How well known the place is: a country needs no other evidence, a hamlet does."""
    if entry.kind == COUNTRY:
        return rule.country
    if entry.kind == REGION:
        return rule.region
    size = math.log10((entry.population + _HAMLET) / _TOWN)
    if entry.kind == PROVINCE:
        return min(rule.most_province, max(0.0, size * rule.province))
    return min(rule.most_settlement, max(rule.least_settlement, rule.settlement * size))


def _context(name: NameCandidates, best: int, weights: Weights) -> float:
    """The evidence of the other names for this place: one that contains it, or others of its province or nearby."""
    others = name.score[best] - name.prior[best] - name.container_votes[best]
    contained = weights.contained if name.container_votes[best] else 0.0
    return min(weights.most_context, weights.context * others) + contained
