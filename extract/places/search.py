"""Which places does a person mean by a name typed in a search, possibly with a typing error?"""

from __future__ import annotations

import re
from functools import cache

import msgspec
from rapidfuzz import fuzz, process

from extract.lexicon import shared_table
from extract.places.row_layout import COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.types import Candidate, Entry, PlaceIndex
from extract.text.normalise import fold
from extract.types import Place

_MAX_PARTS = 4  # parts of a name between commas; further ones are ignored


class _SearchWeights(msgspec.Struct, frozen=True, kw_only=True):
    """How places of a name are ranked (``data/places.toml``, ``search``)."""

    least_similarity: float
    similarity_power: int
    country: float
    province: float
    district: float
    area: float
    alternate: float
    capital: float


@cache
def _search_weights() -> _SearchWeights:
    return msgspec.convert(shared_table("places")["search"], _SearchWeights)


def search(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """Places by the name a person typed ("Karachi", "Gainesville, Florida", "springfield il"), best first.

    A misspelt name finds the most similar names, only if no place has the name itself.
    """
    ranked = _exact(gazetteer, name) or _exact(gazetteer, _lead_in().sub("", name.strip())) or _similar(gazetteer, name)
    return _places(gazetteer, ranked, limit)


def exact(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """``search`` without similar names: the name must be spelt as in the gazetteer."""
    return _places(gazetteer, _exact(gazetteer, name), limit)


def _places(gazetteer: PlaceIndex, ranked: list[Candidate], limit: int) -> list[Place]:
    """The public values of the candidates without duplicates, at most ``limit``."""
    seen: set[tuple[str, int, str | None]] = set()
    out: list[Place] = []
    for candidate in ranked:
        place = gazetteer.place(candidate.entry)
        key = (fold(place.name), candidate.entry.admin1, place.country)
        if key not in seen:
            seen.add(key)
            out.append(place)
    return out[:limit]


def _exact(gazetteer: PlaceIndex, name: str) -> list[Candidate]:
    parts = [p.strip() for p in name.split(",") if p.strip()]
    if len(parts) > 1:
        return _inside(gazetteer, parts[0], parts[1:_MAX_PARTS])
    whole = _ranked(gazetteer.candidates(fold(name)))
    if whole:
        return whole
    words = name.split()
    for at in range(len(words) - 1, 0, -1):
        found = _inside(gazetteer, " ".join(words[:at]), [" ".join(words[at:])])
        if found:
            return found
    return []


def _inside(gazetteer: PlaceIndex, name: str, areas: list[str]) -> list[Candidate]:
    """The places of a name that lie in every area named after it, best first."""
    kept = list(gazetteer.candidates(fold(name)))
    for area in areas:
        outer = _areas(gazetteer, area)
        kept = [
            c
            for c in kept
            if any(gazetteer.holds(o, c.entry) and (o.kind == REGION or o.kind < c.entry.kind) for o in outer)
        ]
    return _ranked(kept)


def _areas(gazetteer: PlaceIndex, name: str) -> list[Entry]:
    """The countries, provinces and districts of a name, an abbreviation or a country code."""
    found = [c.entry for c in gazetteer.candidates(fold(name)) if c.entry.kind <= DISTRICT or c.entry.kind == REGION]
    short = name.replace(".", "").strip()
    for spelling in {short, short.upper(), short.capitalize()}:
        if spelling in gazetteer.abbreviations:
            found.append(gazetteer.entry(gazetteer.abbreviations[spelling]))
    row = gazetteer.country_row(short.upper())
    return [*found, gazetteer.entry(row)] if row >= 0 else found


def _similar(gazetteer: PlaceIndex, name: str) -> list[Candidate]:
    """The places with a similar name, best first; its first letter must be right."""
    weights = _search_weights()
    first, *areas = [p.strip() for p in name.split(",") if p.strip()] or [""]
    key = fold(first)
    if len(key) < 4:
        return []
    keys = [k for k in gazetteer.keys(key[0]) if abs(len(k) - len(key)) <= 2]
    near = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=weights.least_similarity, limit=40)
    ranked = sorted(
        (
            (_weight(c) * (score / 100) ** weights.similarity_power, c)
            for k, score, _ in near
            for c in gazetteer.candidates(k)
        ),
        key=lambda pair: -pair[0],
    )
    kept = [c for _, c in ranked]
    for area in areas:
        outer = _areas(gazetteer, area)
        kept = [c for c in kept if any(gazetteer.holds(o, c.entry) for o in outer)] or kept
    return kept


def _ranked(candidates: tuple[Candidate, ...] | list[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=_weight, reverse=True)


@cache
def _lead_in() -> re.Pattern[str]:
    """What people type before a name: "the city of"."""
    return re.compile(rf"^(?:{'|'.join(shared_table('places')['typed']['lead_ins'])}) ", re.IGNORECASE)


def _weight(candidate: Candidate) -> float:
    """The population, times factors for kinds of place, alternate names and capitals."""
    entry, weights = candidate.entry, _search_weights()
    kind = {COUNTRY: weights.country, PROVINCE: weights.province, DISTRICT: weights.district, REGION: weights.area}.get(
        entry.kind, 1.0
    )
    alternate, capital = (
        (weights.alternate if candidate.alternate else 1.0),
        (weights.capital if entry.capital else 1.0),
    )
    return (entry.population + 100) * kind * alternate * capital
