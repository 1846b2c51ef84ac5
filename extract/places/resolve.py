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

    people: float = 0.8
    country: float = 4.0
    province: float = 1.0
    small_province: float = -2.0
    district: float = -3.0
    alternate: float = -3.0
    capital: float = 1.5
    container: float = 12.0
    within: float = 7.0
    same_country: float = 1.6
    same_division: float = 2.4
    near: float = 3.0
    near_km: float = 80.0
    hint_country: float = 2.0
    hint_division: float = 4.0
    level: float = 6.0
    accept: float = 1.0


class _Name(msgspec.Struct):
    """One distinct name of the text: its places, with what speaks for each."""

    key: str
    mentions: list[Mention]
    candidates: list[Candidate]
    prior: list[float]
    votes: list[float]
    share: list[float]
    total: list[float]


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
    names = _names(found, gazetteer, weights, load())
    _vote(found, texts, names, gazetteer, weights)
    demonyms = _demonyms(found)
    for _ in range(ROUNDS):
        _weigh(names, demonyms, hints or Hints(), gazetteer, weights)
    return [_decide(m, names.get(_group(m)), gazetteer, weights) for m in found]


def _group(mention: Mention) -> str:
    """Mentions that mean one place: the same name with the same kind of generic word."""
    return f"{mention.key}|{_order(mention.level, load())}|{mention.row}"


def _order(level: str, words: Words) -> str:
    if level in words.first_order:
        return "1"
    return "2" if level in words.second_order else ""


def _names(found: Sequence[Mention], gazetteer: Gazetteer, weights: Weights, words: Words) -> dict[str, _Name]:
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
        names[group] = _Name(mention.key, [mention], candidates, prior, [0.0] * size, _softmax(prior), list(prior))
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
    score += {COUNTRY: weights.country, PROVINCE: weights.province, DISTRICT: weights.district, REGION: 3.0}.get(entry.kind, 0.0)
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


def _vote(found: Sequence[Mention], texts: dict[str, str], names: dict[str, _Name], gazetteer: Gazetteer, weights: Weights) -> None:
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
    kept = [w for w in gap.split() if w.lower().strip(",") not in words.generic and w.lower().strip(",") not in ("city", "town", "area", "village")]
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
            seen[mention.country] += 0.5
    return seen


def _weigh(names: dict[str, _Name], demonyms: dict[str, float], hints: Hints, gazetteer: Gazetteer, weights: Weights) -> None:
    """One round: every name's places are weighed against where the others most likely are."""
    countries: dict[str, dict[str, float]] = defaultdict(dict)
    divisions: dict[int, dict[str, float]] = defaultdict(dict)
    anchors: list[tuple[str, Entry, float]] = []
    for group, name in names.items():
        sure = min(1.0, max(0.05, _trust(name))) * min(2.0, 0.7 + 0.3 * len(name.mentions))
        for candidate, share in zip(name.candidates, name.share, strict=True):
            if share < 0.02:
                continue
            entry = candidate.entry
            countries[entry.country][group] = countries[entry.country].get(group, 0.0) + share * sure
            home = entry.row if entry.kind == PROVINCE else entry.admin1
            if home >= 0:
                divisions[home][group] = divisions[home].get(group, 0.0) + share * sure
            if share > 0.6 and entry.kind in (CITY, DISTRICT):
                anchors.append((group, entry, share * sure))
    anchors = sorted(anchors, key=lambda a: -a[2])[:12]
    total_country = {c: sum(v.values()) + demonyms.get(c, 0.0) for c, v in countries.items()}
    total_division = {d: sum(v.values()) for d, v in divisions.items()}
    for group, name in names.items():
        for i, candidate in enumerate(name.candidates):
            entry = candidate.entry
            score = name.prior[i] + name.votes[i]
            others = total_country.get(entry.country, demonyms.get(entry.country, 0.0)) - countries[entry.country].get(group, 0.0)
            score += weights.same_country * math.log1p(max(0.0, others))
            home = entry.row if entry.kind == PROVINCE else entry.admin1
            if home >= 0:
                rest = total_division.get(home, 0.0) - divisions.get(home, {}).get(group, 0.0)
                score += weights.same_division * math.log1p(max(0.0, rest))
            if entry.kind in (CITY, DISTRICT):
                score += weights.near * _closeness(group, entry, anchors, weights.near_km)
            score += _hinted(entry, hints, gazetteer, weights)
            name.total[i] = score
        name.share = _softmax(name.total)


def _trust(name: _Name) -> float:
    """How surely the name is a place at all, 0 to 1."""
    best = max((m.score for m in name.mentions), default=0.0) + (3.0 if max(name.votes, default=0.0) else 0.0)
    best += {COUNTRY: 3.0, PROVINCE: 2.0}.get(min((c.entry.kind for c in name.candidates), default=CITY), 0.0)
    return 1 / (1 + math.exp(-best))


def _closeness(group: str, entry: Entry, anchors: list[tuple[str, Entry, float]], scale: float) -> float:
    best = 0.0
    if entry.lat is None or entry.lon is None:
        return best
    for other, anchor, weight in anchors:
        if anchor.country != entry.country or weight <= best or other == group or anchor.lat is None or anchor.lon is None:
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
    if hints.lat is not None and hints.lon is not None and entry.lat is not None and entry.lon is not None and entry.kind != COUNTRY:
        score += weights.hint_division * math.exp(-distance(entry.lat, entry.lon, hints.lat, hints.lon) / 150)
    return score


# ------------------------------------------------------------------ decision


def _decide(mention: Mention, name: _Name | None, gazetteer: Gazetteer, weights: Weights) -> Resolved | None:
    if name is None or not name.candidates:
        return None
    best = max(range(len(name.candidates)), key=name.total.__getitem__)
    entry = name.candidates[best].entry
    score = mention.score + _standing(entry) + _support(name, best)
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


def _standing(entry: Entry) -> float:
    """How well known the place is: a country needs no sign, a hamlet does."""
    if entry.kind == COUNTRY:
        return 4.0
    if entry.kind == REGION:
        return 3.0
    if entry.kind == PROVINCE:
        return min(3.0, max(0.0, math.log10((entry.population + 100) / 10_000) * 1.5))
    return min(3.5, max(-2.0, 0.9 * math.log10((entry.population + 100) / 10_000)))


def _support(name: _Name, best: int) -> float:
    """What the rest of the text says for this place: a container beside it, or neighbours of its own division."""
    others = name.total[best] - name.prior[best] - name.votes[best]
    return min(2.0, 0.35 * others) + (3.0 if name.votes[best] else 0.0)


def _softmax(scores: list[float]) -> list[float]:
    if not scores:
        return []
    top = max(scores)
    raw = [math.exp(s - top) for s in scores]
    total = sum(raw)
    return [r / total for r in raw]
