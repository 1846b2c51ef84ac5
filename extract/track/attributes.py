"""What of a report is compared with a known incident? Names, ages, roads and words, and who, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from extract.kinds import Kind
from extract.track.rules import all_kinds, rules
from extract.track.signature import AFTERMATH, MARKS_OF_TIME, UPDATE, fold, parted, rarity, words_of_name
from extract.track.summary import country
from extract.types import ArticleRef, Effect, News, Perpetrator, Precision, Quote, Report, Victim, Weapon

NO_WORDS: frozenset[str] = frozenset()
NO_HOURS: frozenset[int] = frozenset()
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
    """What of a report is compared, be it one article's or all that is known of an incident, and of its ``articles``:
    the days it is of; names, ages, roads, sorts of targets, other words, and marks of the text as a whole; the hurt by
    name, and whoever is named in full; where.
    """

    report: Report
    articles: Sequence[ArticleRef]
    kind: Kind
    first_day: date | None
    last_day: date | None
    names: frozenset[str]
    ages: frozenset[str]
    roads: frozenset[str]
    targets: frozenset[str]
    words: frozenset[str]
    wholes: frozenset[str]
    victims: People
    people: tuple[frozenset[str], ...]
    means: frozenset[str]
    place_name: frozenset[str]
    province: frozenset[str]
    place_words: frozenset[str]

    @property
    def is_sequel(self) -> bool:
        """Does it tell of what came after?"""
        return self.report.news is News.FOLLOW_UP or AFTERMATH in self.wholes

    @property
    def is_vague(self) -> bool:
        """Does it say only that many people are dead, neither of what nor by whom?"""
        report, rule = self.report, rules("match")
        if report.kind not in rule["vague_kinds"] or report.weapons or report.perpetrators:
            return False
        return self.is_update or (report.killed.low or 0) >= rule["vague_toll"]

    @property
    def is_update(self) -> bool:
        """Is its news that more people have died of an act?"""
        return UPDATE in self.wholes

    @property
    def hours(self) -> frozenset[int]:
        """The hours of the day at which its act can have been; empty where it gives none."""
        when = self.report.when
        return NO_HOURS if when is None else _hours(when.start, self.report.evidence.get("when", ()))

    def tells_place(self, other: Traits) -> bool:
        """Does the text hold the name of the place that the other is taken to be about?"""
        place = other.place_name
        return bool(place) and (place <= self.names or all(word in self.names or word in self.words for word in place))

    def tells_province(self) -> bool:
        """Does the text name the province of its place?"""
        return bool(self.province) and self.province <= self.names

    def names_somebody_of(self, other: Traits) -> bool:
        """Is somebody whom the other text names in full named here, too, who isn't called like its place?"""
        return any(name <= self.names and not name <= other.place_words for name in other.people)

    def has_rare_name(self) -> bool:
        """Does it hold a name, besides those of its place, that could be found in another text of its incident?"""
        return any(name not in self.place_words and rarity(name) > 0 for name in self.names)


def traits_of(report: Report, articles: Sequence[ArticleRef]) -> Traits:
    """What is compared of a report that rests on these articles."""
    held, place, when = parted(report.words), report.place, report.when
    names_place = place is not None and place.precision is not Precision.COUNTRY
    victims, culprits = _hurt(report.victims), _culprits(report.perpetrators)
    return Traits(
        report,
        articles,
        all_kinds()[report.kind],
        when.first_day if when is not None else None,
        when.last_day if when is not None else None,
        *held,
        victims,
        (*victims.names, *culprits.names),
        _kinds_of_means(report.weapons),
        words_of_name(place.name) if place is not None and names_place else NO_WORDS,
        words_of_name(place.admin1) if place is not None and place.admin1 else NO_WORDS,
        _place_words(place.name, place.admin1, place.country) if place is not None else NO_WORDS,
    )


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
def _hours(start: str, told: tuple[Quote, ...]) -> frozenset[int]:
    """The hours of the day at which an act can have been, by a time of the clock or by the part of the day; empty
    where a text gives neither.
    """
    if len(start) > len("2026-03-04"):
        hour = datetime.fromisoformat(start).hour
        return frozenset((near % 24) for near in range(hour - 1, hour + 2))
    text = " ".join(quote.quote.lower() for quote in told)
    for part, (first, last) in rules("match")["parts_of_day"].items():
        if part in text:
            return frozenset(hour % 24 for hour in range(first, last))
    return NO_HOURS


@lru_cache(maxsize=20_000)
def _place_words(name: str, admin1: str | None, code: str | None) -> frozenset[str]:
    """The words of a place's own name: two reports from one city share them whatever they tell."""
    return words_of_name(name) | words_of_name(admin1 or "") | words_of_name(country(code))
