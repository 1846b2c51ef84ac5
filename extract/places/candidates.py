"""What each distinct name of a text can mean, and how likely that is before the text is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import msgspec

from extract.geo import distance_km
from extract.lexicon import table
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.types import Candidate, Entry, Mention, NameRole

TWIN_PEOPLE = 20_000
TWIN_SHARE = 0.05


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an article beside its words: the publisher's home."""

    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each feature counts, in log odds between two places of one name (``data/places.toml``, ``weights``)."""

    people: float
    country: float
    province: float
    twin: float
    small_province: float
    district: float
    alternate: float
    capital: float
    container: float
    within: float
    same_country: float
    same_division: float
    near: float
    near_km: float
    hint_country: float
    hint_division: float
    level: float
    trust: float
    least_trust: float
    standing: float
    support: float
    most_support: float
    contained: float
    accept: float


@cache
def standard_weights() -> Weights:
    """The weights of ``data/places.toml``."""
    return msgspec.convert(table("places")["weights"], Weights)


class Name(msgspec.Struct):
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


def group_of(mention: Mention) -> str:
    """Mentions that mean one place: the same name with the same kind of generic word."""
    return f"{mention.key}|{mention.order}|{mention.row}"


def names_of(found: Sequence[Mention], gazetteer: Gazetteer, hints: Hints, weights: Weights) -> dict[str, Name]:
    names: dict[str, Name] = {}
    for mention in found:
        if mention.role is NameRole.DEMONYM or mention.score <= -50:
            continue
        group = group_of(mention)
        if group in names:
            names[group].mentions.append(mention)
            continue
        candidates = _candidates(mention, gazetteer)
        prior = [_prior(c, mention.order, weights) for c in candidates]
        for i in [] if mention.order else _twins(candidates):
            prior[i] += weights.twin
        size = len(candidates)
        homes = [c.entry.row if c.entry.kind == PROVINCE else c.entry.admin1 for c in candidates]
        hinted = [_hinted(c.entry, hints, gazetteer, weights) for c in candidates]
        names[group] = Name(
            mention.key, [mention], candidates, homes, prior, [0.0] * size, hinted, softmax(prior), list(prior)
        )
    return names


def _candidates(mention: Mention, gazetteer: Gazetteer) -> list[Candidate]:
    if mention.row >= 0:
        return [Candidate(gazetteer.entry(mention.row), False)]
    more: tuple[Candidate, ...] = ()
    if mention.full_key:
        more = gazetteer.candidates(mention.full_key)
    rows = {c.entry.row: c for c in (*more, *gazetteer.candidates(mention.key))}
    return list(rows.values())


def _twins(candidates: list[Candidate]) -> list[int]:
    """Provinces that hold a large city of the same name, which news means by it ("San Salvador")."""
    cities: dict[int, int] = {}
    for c in candidates:
        if c.entry.kind == CITY and not c.alternate:
            cities[c.entry.admin1] = max(cities.get(c.entry.admin1, 0), c.entry.population)
    return [
        i
        for i, c in enumerate(candidates)
        if c.entry.kind == PROVINCE and cities.get(c.entry.row, 0) > max(TWIN_PEOPLE, c.entry.population * TWIN_SHARE)
    ]


def _prior(candidate: Candidate, order: int, weights: Weights) -> float:
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
        fits = entry.kind == (PROVINCE if order == 1 else DISTRICT) or (order == 1 and entry.kind == DISTRICT)
        score += weights.level * (1.0 if fits else -1.0)
    return score


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
        score += weights.hint_division * math.exp(-distance_km(entry.lat, entry.lon, hints.lat, hints.lon) / 150)
    return score


def softmax(scores: list[float]) -> list[float]:
    """Scores as shares that add up to 1."""
    if not scores:
        return []
    top = max(scores)
    raw = [math.exp(s - top) for s in scores]
    total = sum(raw)
    return [r / total for r in raw]
