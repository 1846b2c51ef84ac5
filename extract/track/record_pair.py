"""What do a report and a known incident share, and how closely do names tie them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from extract.track.attributes import Traits, traits_of
from extract.track.rules import rules
from extract.track.signature import rarity
from extract.types import Incident, Precision

AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_KM_PER_DEGREE = 111.2


class Pair(NamedTuple):
    """A report beside a known incident. ``shared``: the names that both hold; ``told``: one of them holds the name of
    the place that the other is taken to be about.
    """

    own: Traits
    other: Traits
    incident: Incident
    shared: frozenset[str]
    told: bool


class Ties(NamedTuple):
    """How closely names tie two texts. ``names``: how many rare ones both hold. ``bound``: so that one text's place or
    time may be a slip; ``sure``: so that a few days' difference is one in any text; ``one_act``: with somebody's name
    or age besides, so that another day, kind or town is one.
    """

    names: float
    victims: str
    is_person: bool
    is_age: bool
    bound: bool
    sure: bool
    one_act: bool

    @property
    def is_tied(self) -> bool:
        """Do both texts name or age somebody alike?"""
        return self.victims == "victim" or self.is_person or self.is_age


def pair_of(own: Traits, incident: Incident) -> Pair:
    """A report's traits beside those of a known incident."""
    other = traits_of(incident.facts, incident.articles)
    return Pair(own, other, incident, own.names & other.names, own.tells_place(other) or other.tells_place(own))


def is_within_reach(pair: Pair) -> bool:
    """Near enough; or, anywhere in the country, one text names the place that the other is taken to be about."""
    a, b = pair.own.report.place, pair.other.report.place
    if a is None or b is None or pair.told or a.country != b.country:
        return True
    if a.lat is None or b.lat is None or a.precision in AREAS or b.precision in AREAS:
        return True
    rule = rules("match")
    near: bool = abs(a.lat - b.lat) * _KM_PER_DEGREE <= rule["province_km"]
    return near or len(pair.shared) >= rule["one_act_names"]


def ties_of(pair: Pair, holders: Mapping[str, int]) -> Ties:
    """How closely names tie the two; ``holders``: in how many of the incidents looked at a name stands."""
    own, other, rule = pair.own, pair.other, rules("match")
    names, victims = _names(pair, holders), _victims(own, other)
    is_person = own.names_somebody_of(other) or other.names_somebody_of(own)
    is_age = not own.ages.isdisjoint(other.ages)
    return Ties(
        names,
        victims,
        is_person,
        is_age,
        bound=victims == "victim" or names >= rule["binding_names"],
        sure=names >= rule["sure_names"],
        one_act=(victims == "victim" or is_person or is_age) and names >= rule["one_act_names"],
    )


def _victims(own: Traits, other: Traits) -> str:
    """Named people: one in common binds, two single victims with other names part; empty where nothing follows."""
    one, two = own.victims, other.victims
    if not one.surnames or not two.surnames:
        return ""
    if not one.surnames.isdisjoint(two.surnames):
        return "victim"
    killed = own.report.killed, other.report.killed
    single = one.number == two.number == 1 and all(count.high in (1, None) for count in killed)
    return "other_victim" if single else ""


def _names(pair: Pair, holders: Mapping[str, int]) -> float:
    """How many rare names both texts hold, besides those of the places; one that many incidents hold counts less."""
    few: int = rules("match")["few_holders"]
    here, there = pair.own.place_words, pair.other.place_words
    rare = (name for name in pair.shared if name not in here and name not in there)
    return sum((rarity(name) * min(1.0, few / holders[name]) for name in rare), 0.0)
