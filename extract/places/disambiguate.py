"""Which place each name means: all names of a text decided together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from extract.places.candidates import Hints, Name, Weights, group_of, names_of, standard_weights
from extract.places.coherence import demonyms_of, sure_of, weigh
from extract.places.gazetteer import Gazetteer
from extract.places.reading import PlaceReader
from extract.places.row_layout import COUNTRY, PROVINCE, REGION
from extract.places.types import Entry, Mention, NameRole, Resolved

ROUNDS = 3


def resolve(
    found: Sequence[Mention],
    texts: Mapping[str, str],
    gazetteer: Gazetteer,
    reader: PlaceReader,
    *,
    hints: Hints | None = None,
    weights: Weights | None = None,
) -> list[Resolved | None]:
    """The place of each mention, in the same order; None where it is no place, or nothing says which one.

    ``texts`` holds the ``title`` and the ``text`` that the mentions were found in.
    """
    weights = weights or standard_weights()
    names = names_of(found, gazetteer, hints or Hints(), weights)
    holders = reader.containers(found, texts, names, gazetteer, weights)
    demonyms = demonyms_of(found)
    for name in names.values():
        name.sure = sure_of(name, weights)
    for last in (*[False] * (ROUNDS - 1), True):
        weigh(names, demonyms, weights, last)
    return [_decide(m, names.get(group_of(m)), _holds(m, holders), gazetteer, weights) for m in found]


def _holds(mention: Mention, holders: set[int]) -> bool:
    """Does the name only say where the one before it lies?"""
    return mention.where == "text" and mention.start in holders


def _decide(
    mention: Mention, name: Name | None, holder: bool, gazetteer: Gazetteer, weights: Weights
) -> Resolved | None:
    if name is None or not name.candidates:
        return None
    best = max(range(len(name.candidates)), key=name.total.__getitem__)
    entry = name.candidates[best].entry
    city = gazetteer.city_states.get(entry.row)
    if city is not None and not holder:
        entry = gazetteer.entry(city)
    score = mention.score + _standing(entry, weights) + _support(name, best, weights)
    if score < weights.accept:
        return None
    return Resolved(
        where=mention.where,
        start=mention.start,
        end=mention.end,
        name=mention.name,
        place=gazetteer.place(entry),
        confidence=round(name.share[best] / (1 + math.exp(-score)), 4),
        role=NameRole.CONTAINER if holder and mention.role in (NameRole.PLAIN, NameRole.LOCATIVE) else mention.role,
    )


def _standing(entry: Entry, weights: Weights) -> float:
    """How well known the place is: a country needs no sign, a hamlet does."""
    if entry.kind == COUNTRY:
        return 4.0
    if entry.kind == REGION:
        return 3.0
    if entry.kind == PROVINCE:
        return min(3.0, max(0.0, math.log10((entry.population + 100) / 10_000) * 1.5))
    return min(3.5, max(-2.0, weights.standing * math.log10((entry.population + 100) / 10_000)))


def _support(name: Name, best: int, weights: Weights) -> float:
    """What the rest of the text says for this place: a container beside it, or neighbours of its own division."""
    others = name.total[best] - name.prior[best] - name.votes[best]
    return min(weights.most_support, weights.support * others) + (weights.contained if name.votes[best] else 0.0)
