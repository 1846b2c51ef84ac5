"""What of a report is compared with another's? Its names, ages, roads and words, and who and where it tells of."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from extract.text.signature import AFTERMATH, MARKS_OF_TIME, UPDATE, fold, parted, words_of_name
from extract.track.summary import country
from extract.types import Effect, News, Perpetrator, Precision, Report, Victim, Weapon

NO_WORDS: frozenset[str] = frozenset()
_LATER = frozenset(MARKS_OF_TIME)


def is_sequel(report: Report) -> bool:
    """Does a text tell of what came after, by its news or by the words it opens with?"""
    return report.news is News.FOLLOW_UP or AFTERMATH in report.words


def may_date_late(report: Report) -> bool:
    """May the day that a text gives be a later one than the act's: of a court, of a count, of what somebody said?"""
    return report.news is News.FOLLOW_UP or not _LATER.isdisjoint(report.words)


def is_update(report: Report) -> bool:
    """Is the news of a text that more people have died of an act?"""
    return UPDATE in report.words


class Traits(NamedTuple):
    """What of a report is compared: its names, ages, roads, sorts of targets and other words; who is named in full, and
    how; where."""

    report: Report
    names: frozenset[str]
    ages: frozenset[str]
    roads: frozenset[str]
    targets: frozenset[str]
    words: frozenset[str]
    victims: People
    people: People
    means: frozenset[str]
    place_name: frozenset[str]
    place_words: frozenset[str]


def traits_of(report: Report) -> Traits:
    held, place = parted(report.words), report.place
    names_place = place is not None and place.precision is not Precision.COUNTRY
    return Traits(
        report,
        held.names,
        held.ages,
        held.roads,
        held.targets,
        held.words,
        _hurt(report.victims),
        _culprits(report.perpetrators),
        _kinds_of_means(report.weapons),
        words_of_name(place.name) if place is not None and names_place else NO_WORDS,
        _place_words(place.name, place.admin1, place.country) if place is not None else NO_WORDS,
    )


def tells_place(one: Traits, two: Traits) -> bool:
    """Does one text hold the name of the place that the other is taken to be about?"""
    return bool(two.place_name) and all(word in one.names or word in one.words for word in two.place_name)


def names_somebody_of(one: Traits, two: Traits) -> bool:
    """Is somebody whom a text names in full among the names of the other, and isn't called like the place?"""
    return any(name <= two.names and not name <= one.place_words for name in (*one.victims.names, *one.people.names))


class People(NamedTuple):
    """People named in full: how many, their last names, and the words of each name."""

    number: int
    surnames: frozenset[str]
    names: tuple[frozenset[str], ...]


def _people(names: set[str]) -> People:
    full = (frozenset(fold(word) for word in name.split() if len(word) > 2) for name in sorted(names))
    return People(len(names), frozenset(name.split()[-1] for name in names), tuple(name for name in full if name))


def _is_full(name: str) -> bool:
    """Somebody's first and last name, not "gang members"."""
    words = name.split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


@lru_cache(maxsize=20_000)
def _hurt(victims: tuple[Victim, ...]) -> People:
    return _people(
        {v.name.lower() for v in victims if v.effect in (Effect.KILLED, Effect.INJURED) and _is_full(v.name)}
    )


@lru_cache(maxsize=20_000)
def _culprits(perpetrators: tuple[Perpetrator, ...]) -> People:
    return _people({p.name.lower() for p in perpetrators if p.type == "person" and _is_full(p.name)})


@lru_cache(maxsize=20_000)
def _kinds_of_means(weapons: tuple[Weapon, ...]) -> frozenset[str]:
    return frozenset(weapon.type for weapon in weapons if weapon.type is not None)


@lru_cache(maxsize=20_000)
def _place_words(name: str, admin1: str | None, code: str | None) -> frozenset[str]:
    """The words of a place's own name: two reports from one city share them whatever they tell."""
    return words_of_name(name) | words_of_name(admin1 or "") | words_of_name(country(code))
