"""Which country or province do the authorities of a text belong to, so that its towns lie there?

"Shot dead in Moscow, Idaho State Police said", "Humberside Police said", "the Lebanese city of Tripoli".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from extract.lang.en.lexicon import table
from extract.places.candidates import NameCandidates, Weights, group_of
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import COUNTRY, PROVINCE
from extract.places.types import Entry, Mention


def vote(
    found: Sequence[Mention],
    texts: Mapping[str, str],
    names: Mapping[str, NameCandidates],
    gazetteer: Gazetteer,
    weights: Weights,
) -> None:
    """Adds votes to the candidates that lie where the text's authorities are, for names of several countries."""
    for country, weight in _countries(found, texts, weights):
        _vote_for_country(names.values(), country, weight)
    for outer in found:
        name = names.get(group_of(outer))
        if name is not None and _behind(outer, texts, _state_force()):
            for province in (c.entry for c in name.candidates if c.entry.kind == PROVINCE):
                _vote_for_province([n for n in names.values() if n is not name], province, gazetteer, weights.container)
    for demonym, inner in pairwise(found):
        name = names.get(group_of(inner))
        gap = texts[inner.where][demonym.end : inner.start] if demonym.where == inner.where else ""
        if demonym.country and name is not None and _city_of().fullmatch(gap):
            _vote_for_country([name], demonym.country, weights.container)


def _countries(found: Sequence[Mention], texts: Mapping[str, str], weights: Weights) -> Iterator[tuple[str, float]]:
    """Country codes of forces ("Humberside Police") and of people's police ("French police"), with their weight."""
    for country, force in _forces().items():
        if any(force.search(text) for text in texts.values()):
            yield country, weights.within
    for mention in found:
        if mention.country and _behind(mention, texts, _national_force()):
            yield mention.country, weights.within / 2


def _behind(mention: Mention, texts: Mapping[str, str], words: re.Pattern[str]) -> bool:
    return words.match(texts[mention.where], mention.end) is not None


def _vote_for_country(names: Iterable[NameCandidates], country: str, weight: float) -> None:
    """Votes for the candidates in the country, unless the name's most probable one lies there anyway."""
    for name in names:
        best = max(range(len(name.candidates)), key=name.prior.__getitem__, default=None)
        if best is not None and name.candidates[best].entry.country != country:
            for i, candidate in enumerate(name.candidates):
                if candidate.entry.country == country and candidate.entry.kind != COUNTRY:
                    name.container_votes[i] = max(name.container_votes[i], weight)


def _vote_for_province(names: Sequence[NameCandidates], province: Entry, gazetteer: Gazetteer, weight: float) -> None:
    for name in names:
        for i, candidate in enumerate(name.candidates):
            if candidate.entry.kind > PROVINCE and gazetteer.holds(province, candidate.entry):
                name.container_votes[i] = max(name.container_votes[i], weight)


@cache
def _forces() -> dict[str, re.Pattern[str]]:
    """Country code -> the expression for its forces and counties, which no other country has."""
    rows = table("places")["forces"]
    return {code: re.compile(rf"(?:{'|'.join(words)})\b") for code, words in rows.items() if code.isupper()}


@cache
def _state_force() -> re.Pattern[str]:
    return re.compile(rf"(?:'s|’s)? (?:{'|'.join(table('places')['forces']['of_state'])})\b", re.IGNORECASE)


@cache
def _national_force() -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(table('places')['forces']['national'])})\b")


@cache
def _city_of() -> re.Pattern[str]:
    words = "|".join(table("places")["before"]["container"])
    return re.compile(rf"\s+(?:[a-z]+\s+){{0,2}}?(?:{words}|resort)\s+of\s+", re.IGNORECASE)
