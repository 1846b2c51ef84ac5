"""Which places can each distinct name of a text mean, and how probable is each before the context is considered?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import msgspec

from extract.geo import distance_km
from extract.lexicon import shared_table
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.types import Candidate, Entry, Mention, NameRole

_NO_PLACE = -50  # a mention with this score or a lower one is certainly no place


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """Where the publisher is at home: ISO 3166-1 country code, name of the province, coordinates; as far as known."""

    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None


class Influence(msgspec.Struct, frozen=True, kw_only=True):
    """How much a name counts in resolving the others (``data/places.toml``, ``weights.influence``)."""

    shift: float
    container: float
    country: float
    province: float
    least: float
    once: float
    each_mention: float
    most: float


class Prominence(msgspec.Struct, frozen=True, kw_only=True):
    """How well known a place is, by its population (``data/places.toml``, ``weights.prominence``)."""

    country: float
    region: float
    province: float
    most_province: float
    settlement: float
    least_settlement: float
    most_settlement: float


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How much each feature of a place counts, in log odds, and thresholds (``data/places.toml``, ``weights``)."""

    population: float
    country: float
    province: float
    district: float
    region: float
    small_province: float
    small_province_people: int
    namesake_city: float
    namesake_city_people: int
    namesake_city_share: float
    alternate: float
    capital: float
    generic_word: float
    container: float
    within: float
    same_country: float
    same_division: float
    near: float
    near_km: float
    near_probability: float
    near_places: int
    most_demonyms: float
    least_probability: float
    hint_country: float
    hint_division: float
    hint_km: float
    context: float
    most_context: float
    contained: float
    accept: float
    rounds: int
    road_confidence: float
    several_words: float
    behind_cue: float
    caseless: float
    surname: float
    influence: Influence
    prominence: Prominence


@cache
def standard_weights() -> Weights:
    """The weights of ``data/places.toml``, read once."""
    return msgspec.convert(shared_table("places")["weights"], Weights)


class NameCandidates(msgspec.Struct):
    """One distinct name of the text, and the places that it can mean.

    The lists have one entry per candidate: ``divisions`` is the row of its province (-1 for none), ``prior`` its log
    odds without context, ``container_votes`` what names beside it add, ``hint`` what the publisher's home adds,
    ``probability`` and ``score`` what the last round gave. ``influence`` is how much the name counts in resolving the
    others.
    """

    mentions: list[Mention]
    candidates: list[Candidate]
    divisions: list[int]
    prior: list[float]
    container_votes: list[float]
    hint: list[float]
    probability: list[float]
    score: list[float]
    influence: float = 0.0


def group_of(mention: Mention) -> str:
    """The key of all mentions that mean one place: those of the same name with the same kind of generic word."""
    return f"{mention.key}|{mention.order}|{mention.row}"


def names_of(
    found: Sequence[Mention], gazetteer: Gazetteer, hints: Hints, weights: Weights
) -> dict[str, NameCandidates]:
    """The distinct names of the text by ``group_of``, without demonyms and names that are certainly no places."""
    names: dict[str, NameCandidates] = {}
    for mention in found:
        if mention.role is NameRole.DEMONYM or mention.score <= _NO_PLACE:
            continue
        group = group_of(mention)
        if group in names:
            names[group].mentions.append(mention)
            continue
        candidates = _candidates(mention, gazetteer)
        prior = [_prior(c, mention.order, weights) for c in candidates]
        for i in [] if mention.order else _provinces_with_namesake(candidates, weights):
            prior[i] += weights.namesake_city
        size = len(candidates)
        names[group] = NameCandidates(
            mentions=[mention],
            candidates=candidates,
            divisions=[c.entry.row if c.entry.kind == PROVINCE else c.entry.admin1 for c in candidates],
            prior=prior,
            container_votes=[0.0] * size,
            hint=[_hint(c.entry, hints, gazetteer, weights) for c in candidates],
            probability=softmax(prior),
            score=list(prior),
        )
    return names


def _candidates(mention: Mention, gazetteer: Gazetteer) -> list[Candidate]:
    """The places of the name with and without its generic word, each once."""
    if mention.row >= 0:
        return [Candidate(gazetteer.entry(mention.row), False)]
    more: tuple[Candidate, ...] = ()
    if mention.full_key:
        more = gazetteer.candidates(mention.full_key)
    rows = {c.entry.row: c for c in (*more, *gazetteer.candidates(mention.key))}
    return list(rows.values())


def _provinces_with_namesake(candidates: list[Candidate], weights: Weights) -> list[int]:
    """The indices of provinces that contain a large city of the same name, which news means by it ("San Salvador")."""
    cities: dict[int, int] = {}
    for c in candidates:
        if c.entry.kind == CITY and not c.alternate:
            cities[c.entry.admin1] = max(cities.get(c.entry.admin1, 0), c.entry.population)
    return [
        i
        for i, c in enumerate(candidates)
        if c.entry.kind == PROVINCE
        and cities.get(c.entry.row, 0)
        > max(weights.namesake_city_people, c.entry.population * weights.namesake_city_share)
    ]


def _prior(candidate: Candidate, order: int, weights: Weights) -> float:
    """The log odds that news means this place by its name, without context; ``order`` as in ``Mention``."""
    entry = candidate.entry
    score = weights.population * math.log(entry.population + 300)
    score += {
        COUNTRY: weights.country, PROVINCE: weights.province, DISTRICT: weights.district, REGION: weights.region,
    }.get(entry.kind, 0.0)  # fmt: skip
    if entry.kind == PROVINCE and entry.population < weights.small_province_people:
        score += weights.small_province
    if candidate.alternate:
        score += weights.alternate
    if entry.capital:
        score += weights.capital
    if order:
        fits = entry.kind == (PROVINCE if order == 1 else DISTRICT) or (order == 1 and entry.kind == DISTRICT)
        score += weights.generic_word * (1.0 if fits else -1.0)
    return score


def _hint(entry: Entry, hints: Hints, gazetteer: Gazetteer, weights: Weights) -> float:
    """What the publisher's home adds to the log odds of a place."""
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
        km = distance_km(entry.lat, entry.lon, hints.lat, hints.lon)
        score += weights.hint_division * math.exp(-km / weights.hint_km)
    return score


def softmax(scores: list[float]) -> list[float]:
    """Log odds as probabilities that add up to 1; [] for []."""
    if not scores:
        return []
    top = max(scores)
    raw = [math.exp(s - top) for s in scores]
    total = sum(raw)
    return [r / total for r in raw]
