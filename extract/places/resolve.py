"""Which place each name means: all names of a text decided together."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from extract.places.gazetteer import Candidate, Entry, Gazetteer, distance
from extract.places.rows import CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.types import Mention, Resolved, Role
from extract.places.words import Words, load

ROUNDS = 3
MOST_ANCHORS = 10
_COMMA = re.compile(r",?[ \t\n]{0,2}\(?\Z|,[ \t\n]*\Z")
_WITHIN = re.compile(
    r"[ \t\n]*,?[ \t\n]*(?:(?:a |the )?[a-z]+[ \t\n]+)?(?:in|of)[ \t\n]+(?:the[ \t\n]+)?(?:[a-z]+(?:ern)?[ \t\n]+){0,2}(?:province of[ \t\n]+|state of[ \t\n]+)?\Z",
    re.IGNORECASE,
)


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an article beside its words: the publisher's home."""

    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each sign counts, in log odds between two places of one name."""

    people: float = 0.48
    country: float = 2.4
    province: float = 0.9
    small_province: float = -2.0
    district: float = -3.0
    alternate: float = -3.0
    capital: float = 1.34
    container: float = 9.0
    within: float = 9.1
    same_country: float = 2.08
    same_division: float = 3.12
    near: float = 2.59
    near_km: float = 60.0
    hint_country: float = 3.5
    hint_division: float = 4.0
    level: float = 3.38
    trust: float = 0.0
    least_trust: float = 0.05
    standing: float = 0.9
    support: float = 0.35
    most_support: float = 2.0
    contained: float = 3.0
    accept: float = 0.75


class _Name(msgspec.Struct):
    """One distinct name of the text: its places, with what speaks for each."""

    key: str
    mentions: list[Mention]
    candidates: list[Candidate]
    homes: list[int]
    prior: list[float]
    votes: list[float]
    hinted: list[float]
    share: list[float]
    total: list[float]
    sure: float = 0.0


def resolve(
    found: Sequence[Mention],
    texts: dict[str, str],
    gazetteer: Gazetteer,
    *,
    hints: Hints | None = None,
    weights: Weights | None = None,
) -> list[Resolved | None]:
    """The place of each mention, in the same order; None where it is no place, or nothing says which one.

    ``texts`` holds the ``title`` and the ``text`` that the mentions were found in.
    """
    weights = weights or Weights()
    names = _names(found, gazetteer, hints or Hints(), weights)
    _vote(found, texts, names, gazetteer, weights)
    demonyms = _demonyms(found)
    for name in names.values():
        name.sure = _sure(name, weights)
    for last in (*[False] * (ROUNDS - 1), True):
        _weigh(names, demonyms, weights, last)
    return [_decide(m, names.get(_group(m)), gazetteer, weights) for m in found]


def _group(mention: Mention) -> str:
    """Mentions that mean one place: the same name with the same kind of generic word."""
    return f"{mention.key}|{_order(mention.level, load())}|{mention.row}"


def _order(level: str, words: Words) -> str:
    if level in words.first_order:
        return "1"
    return "2" if level in words.second_order else ""


def _names(found: Sequence[Mention], gazetteer: Gazetteer, hints: Hints, weights: Weights) -> dict[str, _Name]:
    words = load()
    names: dict[str, _Name] = {}
    for mention in found:
        if mention.role is Role.DEMONYM or mention.score <= -50:
            continue
        group = _group(mention)
        if group in names:
            names[group].mentions.append(mention)
            continue
        candidates = _candidates(mention, gazetteer)
        order = _order(mention.level, words)
        prior = [_prior(c, order, weights) for c in candidates]
        size = len(candidates)
        homes = [c.entry.row if c.entry.kind == PROVINCE else c.entry.admin1 for c in candidates]
        hinted = [_hinted(c.entry, hints, gazetteer, weights) for c in candidates]
        names[group] = _Name(
            mention.key, [mention], candidates, homes, prior, [0.0] * size, hinted, _softmax(prior), list(prior)
        )
    return names


def _candidates(mention: Mention, gazetteer: Gazetteer) -> list[Candidate]:
    if mention.row >= 0:
        return [Candidate(gazetteer.entry(mention.row), False)]
    more: tuple[Candidate, ...] = ()
    if mention.level in ("county", "parish", "province", "district", "governorate", "department", "region", "state"):
        more = gazetteer.candidates(f"{mention.key} {mention.level}")
    rows = {c.entry.row: c for c in (*more, *gazetteer.candidates(mention.key))}
    return list(rows.values())


def _prior(candidate: Candidate, order: str, weights: Weights) -> float:
    """How often news means this place by its name, before anything else is known."""
    entry = candidate.entry
    score = weights.people * math.log(entry.population + 300)
    score += {COUNTRY: weights.country, PROVINCE: weights.province, DISTRICT: weights.district, REGION: 3.0}.get(
        entry.kind, 0.0
    )
    if entry.kind == PROVINCE and entry.population < 500_000:
        score += weights.small_province
    if candidate.alternate:
        score += weights.alternate
    if entry.capital:
        score += weights.capital
    if order:
        fits = entry.kind == (PROVINCE if order == "1" else DISTRICT) or (order == "1" and entry.kind == DISTRICT)
        score += weights.level * (1.0 if fits else -1.0)
    return score


# ------------------------------------------------------------------ containers


def _vote(
    found: Sequence[Mention], texts: dict[str, str], names: dict[str, _Name], gazetteer: Gazetteer, weights: Weights
) -> None:
    """ "Gainesville, Florida": the one says which the other is."""
    for inner, outer in zip(found, found[1:], strict=False):
        one, two = names.get(_group(inner)), names.get(_group(outer))
        if one is None or two is None or inner.where != outer.where or one is two:
            continue
        gap = texts[inner.where][inner.end : outer.start]
        if _COMMA.match(gap) and ("," in gap or outer.row >= 0 or "(" in gap):
            _contain(one, two, weights.container, gazetteer)
        elif len(gap) < 60 and _WITHIN.match(_without_generics(gap)):
            _contain(one, two, weights.within, gazetteer)


def _without_generics(gap: str) -> str:
    words = load()
    kept = [
        w
        for w in gap.split()
        if w.lower().strip(",") not in words.generic and w.lower().strip(",") not in ("city", "town", "area", "village")
    ]
    return " " + " ".join(kept) + " " if kept else gap


def _contain(one: _Name, two: _Name, weight: float, gazetteer: Gazetteer) -> None:
    best = max(two.total, default=0.0)
    hits = [(i, j) for i, a in enumerate(one.candidates) for j, b in enumerate(two.candidates)
            if b.entry.kind <= DISTRICT and b.entry.kind < a.entry.kind and gazetteer.holds(b.entry, a.entry)
            and two.prior[j] > best - 14]  # fmt: skip
    for i in {i for i, _ in hits}:
        one.votes[i] = max(one.votes[i], weight)
    for j in {j for _, j in hits}:
        two.votes[j] = max(two.votes[j], weight / 2)


# ------------------------------------------------------------------ the text as a whole


def _demonyms(found: Sequence[Mention]) -> dict[str, float]:
    seen: dict[str, float] = defaultdict(float)
    for mention in found:
        if mention.country:
            seen[mention.country] = min(3.0, seen[mention.country] + 1.0)
    return seen


def _weigh(names: dict[str, _Name], demonyms: dict[str, float], weights: Weights, last: bool) -> None:
    """One round: every name's places are weighed against where the others most likely are."""
    owns = {group: _own(name) for group, name in names.items()}
    scene = _scene(names, owns, demonyms)
    for group, name in names.items():
        if len(name.candidates) == 1 and not last:
            continue
        own_countries, own_homes = owns[group]
        for i, candidate in enumerate(name.candidates):
            entry, home = candidate.entry, name.homes[i]
            others = scene.countries.get(entry.country, 0.0) - own_countries.get(entry.country, 0.0)
            score = name.prior[i] + name.votes[i] + name.hinted[i]
            if others > 0:
                score += weights.same_country * math.log1p(others)
            rest = scene.homes.get(home, 0.0) - own_homes.get(home, 0.0) if home >= 0 else 0.0
            if rest > 0:
                score += weights.same_division * math.log1p(rest)
            if others > 0 and (entry.kind == CITY or entry.kind == DISTRICT):
                score += weights.near * _closeness(group, entry, scene.anchors, weights.near_km)
            name.total[i] = score
        name.share = _softmax(name.total)


_Own = tuple[dict[str, float], dict[int, float]]


class _Scene(msgspec.Struct):
    """Where the text plays, as far as one round knows: weight by country, by division, and the surest places."""

    countries: dict[str, float]
    homes: dict[int, float]
    anchors: list[tuple[str, Entry, float]]


def _scene(names: dict[str, _Name], owns: dict[str, _Own], demonyms: dict[str, float]) -> _Scene:
    scene = _Scene(dict(demonyms), {}, [])
    for group, name in names.items():
        countries, homes = owns[group]
        for country, weight in countries.items():
            scene.countries[country] = scene.countries.get(country, 0.0) + weight
        for home, weight in homes.items():
            scene.homes[home] = scene.homes.get(home, 0.0) + weight
        if name.share:
            best = max(range(len(name.share)), key=name.share.__getitem__)
            entry = name.candidates[best].entry
            if name.share[best] > 0.6 and entry.kind in (CITY, DISTRICT):
                scene.anchors.append((group, entry, name.share[best] * name.sure))
    scene.anchors.sort(key=lambda a: -a[2])
    del scene.anchors[MOST_ANCHORS:]
    return scene


def _own(name: _Name) -> _Own:
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


def _sure(name: _Name, weights: Weights) -> float:
    """How much a name counts for the others: surely a place, and named often."""
    return max(weights.least_trust, _trust(name, weights.trust)) * min(2.0, 0.7 + 0.3 * len(name.mentions))


def _trust(name: _Name, shift: float) -> float:
    """How surely the name is a place at all, 0 to 1."""
    best = shift + max((m.score for m in name.mentions), default=0.0) + (3.0 if max(name.votes, default=0.0) else 0.0)
    best += {COUNTRY: 3.0, PROVINCE: 2.0}.get(min((c.entry.kind for c in name.candidates), default=CITY), 0.0)
    return 1 / (1 + math.exp(-best))


def _closeness(group: str, entry: Entry, anchors: list[tuple[str, Entry, float]], scale: float) -> float:
    best = 0.0
    if entry.lat is None or entry.lon is None:
        return best
    for other, anchor, weight in anchors:
        if (
            anchor.country != entry.country
            or weight <= best
            or other == group
            or anchor.lat is None
            or anchor.lon is None
        ):
            continue
        north = anchor.lat - entry.lat
        if -4 < north < 4:
            east = (anchor.lon - entry.lon) * math.cos(math.radians(entry.lat))
            best = max(best, weight * math.exp(-111.2 * math.hypot(north, east) / scale))
    return best


def _hinted(entry: Entry, hints: Hints, gazetteer: Gazetteer, weights: Weights) -> float:
    score = 0.0
    if hints.country and entry.country == hints.country:
        score += weights.hint_country
    if hints.admin1 and entry.admin1 >= 0 and gazetteer.entry(entry.admin1).name == hints.admin1:
        score += weights.hint_division
    if (
        hints.lat is not None
        and hints.lon is not None
        and entry.lat is not None
        and entry.lon is not None
        and entry.kind != COUNTRY
    ):
        score += weights.hint_division * math.exp(-distance(entry.lat, entry.lon, hints.lat, hints.lon) / 150)
    return score


# ------------------------------------------------------------------ decision


def _decide(mention: Mention, name: _Name | None, gazetteer: Gazetteer, weights: Weights) -> Resolved | None:
    if name is None or not name.candidates:
        return None
    best = max(range(len(name.candidates)), key=name.total.__getitem__)
    entry = name.candidates[best].entry
    city = gazetteer.city_states.get(entry.row)
    if city is not None and not mention.inside:
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
        role=mention.role,
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


def _support(name: _Name, best: int, weights: Weights) -> float:
    """What the rest of the text says for this place: a container beside it, or neighbours of its own division."""
    others = name.total[best] - name.prior[best] - name.votes[best]
    return min(weights.most_support, weights.support * others) + (weights.contained if name.votes[best] else 0.0)


def _softmax(scores: list[float]) -> list[float]:
    if not scores:
        return []
    top = max(scores)
    raw = [math.exp(s - top) for s in scores]
    total = sum(raw)
    return [r / total for r in raw]
