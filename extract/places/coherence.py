"""Where a text plays: every name weighed against where the others most likely are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from extract.places.candidates import Name, Weights, softmax
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE
from extract.places.types import Entry, Mention

MOST_ANCHORS = 10
LOCAL = frozenset({CITY, DISTRICT})


def demonyms_of(found: Sequence[Mention]) -> dict[str, float]:
    seen: dict[str, float] = defaultdict(float)
    for mention in found:
        if mention.country:
            seen[mention.country] = min(3.0, seen[mention.country] + 1.0)
    return seen


def weigh(names: dict[str, Name], demonyms: dict[str, float], weights: Weights, last: bool) -> None:
    """One round: every name's places are weighed against where the others most likely are."""
    owns = {group: _own(name) for group, name in names.items()}
    scene = _scene(names, owns, demonyms)
    for group, name in names.items():
        if len(name.candidates) == 1 and not last:
            continue
        own_countries, own_homes = owns[group]
        codes = {candidate.entry.country for candidate in name.candidates}
        countries = {code: weights.same_country * _company(scene.countries, own_countries, code) for code in codes}
        homes = {home: weights.same_division * _company(scene.homes, own_homes, home) for home in set(name.homes)}
        anchors = {code: [a for a in scene.anchors.get(code, ()) if a[0] != group] for code in codes}
        for i, candidate in enumerate(name.candidates):
            entry = candidate.entry
            score = name.prior[i] + name.votes[i] + name.hinted[i] + countries[entry.country] + homes[name.homes[i]]
            if anchors[entry.country] and entry.kind in LOCAL:
                score += weights.near * _closeness(entry, anchors[entry.country], weights.near_km)
            name.total[i] = score
        name.share = softmax(name.total)


_Anchor = tuple[str, float, float, float, float]
_Own = tuple[dict[str, float], dict[int, float]]


class _Scene(msgspec.Struct):
    """Where the text plays, as far as one round knows: weight by country, by division, and the surest places first."""

    countries: dict[str, float]
    homes: dict[int, float]
    anchors: dict[str, list[_Anchor]]


def _scene(names: dict[str, Name], owns: dict[str, _Own], demonyms: dict[str, float]) -> _Scene:
    scene = _Scene(dict(demonyms), {}, {})
    anchors: list[tuple[float, str, Entry]] = []
    for group, name in names.items():
        countries, homes = owns[group]
        for country, weight in countries.items():
            scene.countries[country] = scene.countries.get(country, 0.0) + weight
        for home, weight in homes.items():
            scene.homes[home] = scene.homes.get(home, 0.0) + weight
        if name.share:
            best = max(range(len(name.share)), key=name.share.__getitem__)
            entry = name.candidates[best].entry
            if name.share[best] > 0.6 and entry.kind in LOCAL:
                anchors.append((name.share[best] * name.sure, group, entry))
    for weight, group, entry in sorted(anchors, key=lambda a: -a[0])[:MOST_ANCHORS]:
        if entry.lat is not None and entry.lon is not None:
            narrow = math.cos(math.radians(entry.lat))
            scene.anchors.setdefault(entry.country, []).append((group, entry.lat, entry.lon, weight, narrow))
    return scene


def _company(scene: Mapping[Any, float], own: Mapping[Any, float], area: object) -> float:
    """How much the other names speak for a country or division."""
    others = scene.get(area, 0.0) - own.get(area, 0.0)
    return math.log1p(others) if others > 0 else 0.0


def _own(name: Name) -> _Own:
    """What one name adds to the scene."""
    sure = name.sure
    countries: dict[str, float] = {}
    homes: dict[int, float] = {}
    for i, share in enumerate(name.share):
        if share < 0.02:
            continue
        country, home = name.candidates[i].entry.country, name.homes[i]
        countries[country] = countries.get(country, 0.0) + share * sure
        if home >= 0:
            homes[home] = homes.get(home, 0.0) + share * sure
    return countries, homes


def sure_of(name: Name, weights: Weights) -> float:
    """How much a name counts for the others: surely a place, and named often."""
    return max(weights.least_trust, _trust(name, weights.trust)) * min(2.0, 0.7 + 0.3 * len(name.mentions))


def _trust(name: Name, shift: float) -> float:
    """How surely the name is a place at all, 0 to 1."""
    best = shift + max((m.score for m in name.mentions), default=0.0) + (3.0 if max(name.votes, default=0.0) else 0.0)
    best += {COUNTRY: 3.0, PROVINCE: 2.0}.get(min((c.entry.kind for c in name.candidates), default=CITY), 0.0)
    return 1 / (1 + math.exp(-best))


def _closeness(entry: Entry, anchors: Sequence[_Anchor], scale: float) -> float:
    """How near the surest other place of the same country lies, 0 to the weight of that place."""
    best = 0.0
    if entry.lat is None or entry.lon is None:
        return best
    for _, lat, lon, weight, narrow in anchors:
        if weight <= best:
            break
        north = lat - entry.lat
        if -4 < north < 4:
            best = max(best, weight * math.exp(-111.2 * math.hypot(north, (lon - entry.lon) * narrow) / scale))
    return best
