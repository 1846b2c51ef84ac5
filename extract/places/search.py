"""What a person typed, as places: best first, small typos forgiven."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from extract.lexicon import table
from extract.places.row_layout import COUNTRY, DISTRICT, PROVINCE
from extract.places.types import Candidate, Entry, PlaceIndex
from extract.text.normalise import fold
from extract.types import Place

LEAST_LIKE = 84.0
MOST_PARTS = 4


def search(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """Places by the name a person typed ("Karachi", "Gainesville, Florida", "springfield il"), best first.

    A misspelt name finds the nearest spellings, only where nothing has the name itself.
    """
    ranked = _exact(gazetteer, name) or _exact(gazetteer, _lead_in().sub("", name.strip())) or _like(gazetteer, name)
    return _places(gazetteer, ranked, limit)


def exact(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """The same for names that are spelt as the gazetteer has them."""
    return _places(gazetteer, _exact(gazetteer, name), limit)


def _places(gazetteer: PlaceIndex, ranked: list[Candidate], limit: int) -> list[Place]:
    """The public value of each, once."""
    seen: set[tuple[str, int, str | None]] = set()
    out: list[Place] = []
    for candidate in ranked:
        place = gazetteer.place(candidate.entry)
        mark = (fold(place.name), candidate.entry.admin1, place.country)
        if mark not in seen:
            seen.add(mark)
            out.append(place)
    return out[:limit]


def _exact(gazetteer: PlaceIndex, name: str) -> list[Candidate]:
    parts = [p.strip() for p in name.split(",") if p.strip()]
    if len(parts) > 1:
        return _inside(gazetteer, parts[0], parts[1:MOST_PARTS])
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
    """Places of a name that lie in every area named after it."""
    held = list(gazetteer.candidates(fold(name)))
    for area in areas:
        outer = _areas(gazetteer, area)
        held = [c for c in held if any(gazetteer.holds(o, c.entry) and o.kind < c.entry.kind for o in outer)]
    return _ranked(held)


def _areas(gazetteer: PlaceIndex, name: str) -> list[Entry]:
    found = [c.entry for c in gazetteer.candidates(fold(name)) if c.entry.kind <= DISTRICT]
    short = name.replace(".", "").strip()
    for spelling in {short, short.upper(), short.capitalize()}:
        if spelling in gazetteer.abbreviations:
            found.append(gazetteer.entry(gazetteer.abbreviations[spelling]))
    row = gazetteer.country_row(short.upper())
    return [*found, gazetteer.entry(row)] if row >= 0 else found


def _like(gazetteer: PlaceIndex, name: str) -> list[Candidate]:
    """Places whose name is spelt nearly so; the first letter must be right."""
    first, *areas = [p.strip() for p in name.split(",") if p.strip()] or [""]
    key = fold(first)
    if len(key) < 4:
        return []
    keys = [k for k in gazetteer.keys(key[0]) if abs(len(k) - len(key)) <= 2]
    near = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE, limit=40)
    ranked = sorted(
        ((_weight(c) * (score / 100) ** 6, c) for k, score, _ in near for c in gazetteer.candidates(k)),
        key=lambda pair: -pair[0],
    )
    held = [c for _, c in ranked]
    for area in areas:
        outer = _areas(gazetteer, area)
        held = [c for c in held if any(gazetteer.holds(o, c.entry) for o in outer)] or held
    return held


def _ranked(candidates: tuple[Candidate, ...] | list[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=_weight, reverse=True)


@cache
def _lead_in() -> re.Pattern[str]:
    """What people type in front of a name: "the city of"."""
    return re.compile(rf"^(?:{'|'.join(table('places')['typed']['lead_ins'])}) ", re.IGNORECASE)


def _weight(candidate: Candidate) -> float:
    """People who live there; countries and provinces count for more, alternate names for less."""
    entry = candidate.entry
    scale = {COUNTRY: 30.0, PROVINCE: 0.8, DISTRICT: 0.1}.get(entry.kind, 1.0)
    return (entry.population + 100) * scale * (0.05 if candidate.alternate else 1.0) * (2.0 if entry.capital else 1.0)
