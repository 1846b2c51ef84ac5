"""Which attributes of a report are compared with a known incident? Names, ages, roads, words; people, place, time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from extract.kinds import Kind
from extract.lang import LANGUAGES
from extract.track.rules import all_kinds, rules
from extract.track.signature import AFTERMATH, MARKS_OF_TIME, UPDATE, rarity, signature_parts, word_key, words_of_name
from extract.track.summary import country
from extract.types import ArticleRef, Effect, News, Perpetrator, Precision, Quote, Report, Victim, Weapon

NO_WORDS: frozenset[str] = frozenset()
_NO_HOURS: frozenset[int] = frozenset()
_MARKS_OF_TIME = frozenset(MARKS_OF_TIME)


def is_about_aftermath(report: Report) -> bool:
    """Is a text about what came after an event, by its news or by the words it begins with?"""
    return report.news is News.FOLLOW_UP or AFTERMATH in report.words


def may_postdate_event(report: Report) -> bool:
    """May the date that a text gives be later than the event: the date of a hearing, a count or a statement?"""
    return report.news is News.FOLLOW_UP or not _MARKS_OF_TIME.isdisjoint(report.words)


class Attributes(NamedTuple):
    """What is compared of one article's report, or of all that is known of an incident.

    ``facts`` and ``articles`` are what it was read from. ``first_day`` and ``last_day`` bound the day of the event,
    None where not known. ``names`` to ``text_marks`` are the parts of the signature: names, ages, roads, types of
    target, other words, and the marks of the text as a whole. ``victims`` are the named killed and injured,
    ``full_names`` the words of each name of a person named in full, perpetrators included. ``place_name`` and
    ``province`` are the words of the place's own name and of its province's, ``place_words`` both and the country's.
    ``story`` is the vector of a short item's story, empty where there is none.
    """

    facts: Report
    articles: Sequence[ArticleRef]
    kind: Kind
    first_day: date | None
    last_day: date | None
    names: frozenset[str]
    ages: frozenset[str]
    roads: frozenset[str]
    targets: frozenset[str]
    words: frozenset[str]
    text_marks: frozenset[str]
    victims: People
    full_names: tuple[frozenset[str], ...]
    weapon_types: frozenset[str]
    place_name: frozenset[str]
    province: frozenset[str]
    place_words: frozenset[str]
    story: bytes

    @property
    def is_about_aftermath(self) -> bool:
        """Is it about what came after the event?"""
        return self.facts.news is News.FOLLOW_UP or AFTERMATH in self.text_marks

    @property
    def is_toll_update(self) -> bool:
        """Is its news that more people have died?"""
        return UPDATE in self.text_marks

    @property
    def is_vague(self) -> bool:
        """Does it say only that many people are dead, neither how nor by whom?"""
        facts, rule = self.facts, rules("match")
        if facts.kind not in rule["vague_kinds"] or facts.weapons or facts.perpetrators:
            return False
        return self.is_toll_update or (facts.killed.low or 0) >= rule["vague_toll"]

    @property
    def hours(self) -> frozenset[int]:
        """The hours of the day, 0 to 23, at which the event can have been; empty where the text gives none."""
        when = self.facts.when
        return _NO_HOURS if when is None else _hours(when.start, self.facts.evidence.get("when", ()))

    def names_place_of(self, other: Attributes) -> bool:
        """Does this text contain the name of the other's place?"""
        place = other.place_name
        return bool(place) and (place <= self.names or all(word in self.names or word in self.words for word in place))

    def names_own_province(self) -> bool:
        """Does the text name the province of its place?"""
        return bool(self.province) and self.province <= self.names

    def names_person_of(self, other: Attributes) -> bool:
        """Does this text name somebody whom the other names in full, and whose name is not that of its place?"""
        return any(name <= self.names and not name <= other.place_words for name in other.full_names)

    def has_rare_name(self) -> bool:
        """Does it contain a name, besides those of its place, that another text on its incident could share?"""
        return any(name not in self.place_words and rarity(name) > 0 for name in self.names)


def attributes_of(facts: Report, articles: Sequence[ArticleRef]) -> Attributes:
    """The attributes of a report, or of an incident's facts, that rest on these articles."""
    place, when = facts.place, facts.when
    names_place = place is not None and place.precision is not Precision.COUNTRY
    victims, perpetrators = _named_victims(facts.victims), _named_perpetrators(facts.perpetrators)
    return Attributes(
        facts,
        articles,
        all_kinds()[facts.kind],
        when.first_day if when is not None else None,
        when.last_day if when is not None else None,
        *signature_parts(facts.words),
        victims,
        (*victims.full_names, *perpetrators.full_names),
        _weapon_types(facts.weapons),
        words_of_name(place.name) if place is not None and names_place else NO_WORDS,
        words_of_name(place.admin1) if place is not None and place.admin1 else NO_WORDS,
        _place_words(place.name, place.admin1, place.country) if place is not None else NO_WORDS,
        facts.story,
    )


class People(NamedTuple):
    """People named in full: how many, their last names in lower case, and the folded words of each name."""

    number: int
    surnames: frozenset[str]
    full_names: tuple[frozenset[str], ...]


def _people(names: set[str]) -> People:
    full = (frozenset(word_key(word) for word in name.split() if len(word) > 2) for name in sorted(names))
    return People(len(names), frozenset(name.split()[-1] for name in names), tuple(name for name in full if name))


def _is_full(name: str) -> bool:
    """Is it somebody's first and last name, not "gang members"?"""
    words = name.split()
    return len(words) > 1 and all(word[:1].isupper() for word in words)


@lru_cache(maxsize=20_000)
def _named_victims(victims: tuple[Victim, ...]) -> People:
    return _people(
        {v.name.lower() for v in victims if v.effect in (Effect.KILLED, Effect.INJURED) and _is_full(v.name)}
    )


@lru_cache(maxsize=20_000)
def _named_perpetrators(perpetrators: tuple[Perpetrator, ...]) -> People:
    return _people({p.name.lower() for p in perpetrators if p.type == "person" and _is_full(p.name)})


@lru_cache(maxsize=20_000)
def _weapon_types(weapons: tuple[Weapon, ...]) -> frozenset[str]:
    return frozenset(weapon.type for weapon in weapons if weapon.type is not None)


@lru_cache(maxsize=20_000)
def _hours(start: str, quotes: tuple[Quote, ...]) -> frozenset[int]:
    """The hours of the day at which an event can have been: one either side of a time of the clock, or the hours of
    the part of the day that the text's words for the time name; empty where it gives neither.
    """
    if len(start) > len("2026-03-04"):
        hour = datetime.fromisoformat(start).hour
        return frozenset((near % 24) for near in range(hour - 1, hour + 2))
    text = " ".join(quote.quote.lower() for quote in quotes)
    for part, (first, last) in _parts_of_day():
        if part in text:
            return frozenset(hour % 24 for hour in range(first, last))
    return _NO_HOURS


@cache
def _parts_of_day() -> list[tuple[str, tuple[int, int]]]:
    """The words for a part of the day in every language, with its first hour and the hour after its last."""
    return [
        (part, (first, last))
        for language in LANGUAGES.values()
        for part, (first, last) in language.lexicon.section("tracking", "parts_of_day").items()
    ]


@lru_cache(maxsize=20_000)
def _place_words(name: str, admin1: str | None, code: str | None) -> frozenset[str]:
    """The words of a place's own name, its province's and its country's: any two reports from one city share them."""
    return words_of_name(name) | words_of_name(admin1 or "") | words_of_name(country(code))
