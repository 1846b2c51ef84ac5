"""Which name says where another place is: "Gainesville, Florida", "Swat in Pakistan"?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from extract.lang.en.places.cue_words import load
from extract.places.candidates import NameCandidates, Weights, group_of
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import DISTRICT
from extract.places.types import Mention

_COMMA = re.compile(r",?[ \t\n]{0,2}\(?\Z|,[ \t\n]*\Z")
_LEVEL = re.compile(r"\A (?:city|town|village|area|neighbou?rhood|suburb|municipality)(?=,)")
_WITHIN = re.compile(
    r"[ \t\n]*,?[ \t\n]*(?:(?:a |the )?[a-z]+[ \t\n]+)?(?:in|of)[ \t\n]+(?:the[ \t\n]+)?"
    r"(?:[a-z]+(?:ern)?[ \t\n]+){0,2}(?:province of[ \t\n]+|state of[ \t\n]+)?\Z",
    re.IGNORECASE,
)


def vote(
    found: Sequence[Mention],
    texts: Mapping[str, str],
    names: Mapping[str, NameCandidates],
    gazetteer: Gazetteer,
    weights: Weights,
) -> set[int]:
    """Adds votes to the candidates of both names of "Gainesville, Florida" that contain one another.

    Returns the start offsets of the names that contain the one before them.
    """
    containers: set[int] = set()
    for inner, outer in pairwise(found):
        one, two = names.get(group_of(inner)), names.get(group_of(outer))
        if one is None or two is None or inner.where != outer.where or one is two:
            continue
        gap = _LEVEL.sub("", texts[inner.where][inner.end : outer.start])
        if _COMMA.match(gap) and ("," in gap or outer.row >= 0 or "(" in gap):
            if _vote_for_containment(one, two, weights.container, gazetteer) and outer.where == "text":
                containers.add(outer.start)
        elif len(gap) < 60 and _WITHIN.match(_without_generics(gap)):
            _vote_for_containment(one, two, weights.within, gazetteer)
    return containers


def _without_generics(gap: str) -> str:
    skipped = load().generic | {"city", "town", "area", "village"}
    kept = [w for w in gap.split() if w.lower().strip(",") not in skipped]
    return " " + " ".join(kept) + " " if kept else gap


def _vote_for_containment(one: NameCandidates, two: NameCandidates, weight: float, gazetteer: Gazetteer) -> bool:
    best = max(two.score, default=0.0)
    hits = [(i, j) for i, a in enumerate(one.candidates) for j, b in enumerate(two.candidates)
            if b.entry.kind <= DISTRICT and b.entry.kind < a.entry.kind and gazetteer.holds(b.entry, a.entry)
            and two.prior[j] > best - 14]  # fmt: skip
    for i in {i for i, _ in hits}:
        one.container_votes[i] = max(one.container_votes[i], weight)
    for j in {j for _, j in hits}:
        two.container_votes[j] = max(two.container_votes[j], weight / 2)
    return bool(hits)
