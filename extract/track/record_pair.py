"""What do a report and a known incident share, and how closely do names link them?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from extract.geo import KM_PER_DEGREE
from extract.track.attributes import Attributes, attributes_of
from extract.track.feature_names import Feature
from extract.track.letters import are_spelt, keys_of, spelt_alike
from extract.track.rules import rules
from extract.track.signature import rarity
from extract.types import Incident


class RecordPair(NamedTuple):
    """A report beside a known incident.

    ``first_seen`` is when the incident was first known. ``shared``: the names that both contain. ``names_place``: one
    of them contains the name of the place that the other is about. ``in_two_languages``: no language is that of both,
    so that names are compared by their letters, and what only words of one language tell is not known of the other.
    ``in_another_language``: the report is not in English, so that it has no story and few of its words are compared.
    """

    report: Attributes
    incident: Attributes
    incident_id: str
    first_seen: datetime
    shared: frozenset[str]
    names_place: bool
    in_two_languages: bool
    in_another_language: bool


class VictimLink(StrEnum):
    """Do the named victims link the two texts? The values are names of features, empty where there is none."""

    SAME = Feature.VICTIM
    OTHER = Feature.OTHER_VICTIM
    UNKNOWN = ""


class NameLinks(NamedTuple):
    """How closely names link two texts.

    ``rare_names`` is how many rare names both contain, common ones counted less; ``shares_full_name``: somebody named
    in full in one is named in the other. The last three are levels of evidence: ``is_linked``: the place or the time of
    one text may be an error. ``is_strongly_linked``: a difference of a few days is an error in any text.
    ``is_one_event``: enough names, and somebody's name or age besides, so that another day, kind or town is an error.
    """

    rare_names: float
    victims: VictimLink
    shares_full_name: bool
    shares_age: bool
    is_linked: bool
    is_strongly_linked: bool
    is_one_event: bool

    @property
    def shares_person(self) -> bool:
        """Do both texts give a name or an age in common of somebody?"""
        return self.victims is VictimLink.SAME or self.shares_full_name or self.shares_age


def pair_of(report: Attributes, incident: Incident) -> RecordPair:
    """A report's attributes beside those of a known incident."""
    known = attributes_of(incident.facts, incident.articles)
    shared = report.names & known.names
    names_place = report.names_place_of(known) or known.names_place_of(report)
    in_two_languages = {a.lang for a in report.articles}.isdisjoint(a.lang for a in known.articles)
    if in_two_languages:
        shared |= _names_spelt_alike(report, known)
        names_place = names_place or _spells_place_of(report, known) or _spells_place_of(known, report)
    return RecordPair(
        report,
        known,
        incident.id,
        incident.first_seen,
        shared,
        names_place=names_place,
        in_two_languages=in_two_languages,
        in_another_language=any(article.lang for article in report.articles),
    )


def _names_spelt_alike(report: Attributes, known: Attributes) -> frozenset[str]:
    """The report's names that the other text, in another language, has in its own letters; none of their places."""
    least = rules("match")["least_letters"]
    places = report.place_words | known.place_words
    here = spelt_alike(_possible_names(report), keys_of(_possible_names(known)), least)
    return here - spelt_alike(here, keys_of(places), least)


def _spells_place_of(one: Attributes, two: Attributes) -> bool:
    """Does this text contain the name of the other's place in its own letters?"""
    place = two.place_name
    return bool(place) and are_spelt(place, keys_of(_possible_names(one)), rules("match")["least_letters"])


def _possible_names(one: Attributes) -> frozenset[str]:
    """The words that can be names: those with a capital letter, all where the script has none."""
    return one.names or one.words


def is_within_reach(pair: RecordPair) -> bool:
    """Are the places near enough to compare the two at all?

    Anywhere in the country where one text names the other's place, or where many names are shared; anywhere at all
    where authorities give both one id.
    """
    one, two = pair.report.facts.official, pair.incident.facts.official
    if one is not None and two is not None and not set(one.ids).isdisjoint(two.ids):
        return True
    a, b = pair.report.facts.place, pair.incident.facts.place
    if a is None or b is None or pair.names_place or a.country != b.country:
        return True
    if a.lat is None or b.lat is None or a.precision.is_area or b.precision.is_area:
        return True
    rule = rules("match")
    near: bool = abs(a.lat - b.lat) * KM_PER_DEGREE <= rule["province_km"]
    return near or len(pair.shared) >= rule["one_event_names"]


def name_links(pair: RecordPair, incidents_with: Mapping[str, int]) -> NameLinks:
    """How closely names link the two. ``incidents_with``: name -> how many of the compared incidents contain it."""
    report, incident, rule = pair.report, pair.incident, rules("match")
    rare_names, victims = _rare_names(pair, incidents_with), _victim_link(report, incident)
    shares_full_name = report.names_person_of(incident) or incident.names_person_of(report)
    shares_age = not report.ages.isdisjoint(incident.ages)
    has_same_victim = victims is VictimLink.SAME
    return NameLinks(
        rare_names,
        victims,
        shares_full_name,
        shares_age,
        is_linked=has_same_victim or rare_names >= rule["linked_names"],
        is_strongly_linked=rare_names >= rule["strongly_linked_names"],
        is_one_event=(has_same_victim or shares_full_name or shares_age) and rare_names >= rule["one_event_names"],
    )


def _victim_link(report: Attributes, incident: Attributes) -> VictimLink:
    """A named victim in common links the two; two single victims with different names speak against it."""
    one, two = report.victims, incident.victims
    if not one.surnames or not two.surnames:
        return VictimLink.UNKNOWN
    if not one.surnames.isdisjoint(two.surnames):
        return VictimLink.SAME
    killed = report.facts.killed, incident.facts.killed
    single = one.number == two.number == 1 and all(count.high in (1, None) for count in killed)
    return VictimLink.OTHER if single else VictimLink.UNKNOWN


def _rare_names(pair: RecordPair, incidents_with: Mapping[str, int]) -> float:
    """How many rare names both texts contain, besides those of the places; one that many incidents contain counts
    less.
    """
    few: int = rules("match")["few_incidents_with_name"]
    here, there = pair.report.place_words, pair.incident.place_words
    rare = (name for name in pair.shared if name not in here and name not in there)
    return sum((rarity(name) * min(1.0, few / incidents_with[name]) for name in rare), 0.0)
