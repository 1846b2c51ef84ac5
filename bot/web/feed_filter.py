"""Which incidents does an address ask for? The words of /subscribe in its query, and since when, and with which toll.

``?q=Karachi 50km bombing severe -cricket&since=7d&toll=5``, or one by one: ``?place=Karachi 50km&kind=bombing&
severity=severe``. Nobody can be asked what they mean, so a name that is not clear is refused, and so is what no
incident can match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from bot.errors import ChatError, UsageError
from bot.questions import moments
from bot.render import lists
from bot.render.text import clean
from bot.render.words import Names
from bot.subscriptions import places as named_places
from bot.subscriptions.filters import Address, ParsedFilter, Places, is_wide, subscription_of
from bot.subscriptions.parsing import CERTAINTIES, SEVERITIES, parse_filter
from bot.subscriptions.places import Named
from bot.types import Subscription
from extract.kinds import Kinds
from extract.places.containment import Contains, ExtentOf, Held
from extract.types import Certainty, CountState, Frozen, Incident, Severity

NAMES = ("q", "place", "kind", "severity", "certainty", "since", "toll", "killed")
# characters of a value; to look for the places in more would take a core too long
LONGEST = 200
MOST_PEOPLE = 100_000_000
MOST_OFFERED = 4
NOBODY = Address(chat=0)
_Level = TypeVar("_Level", Severity, Certainty)
_AGE = re.compile(r"(\d{1,4}) ?(m|h|d|w)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# the fields of an incident that count as its toll
_TOLL = ("killed", "injured", "kidnapped")


class FeedFilter(Frozen, frozen=True, kw_only=True):
    """What an address asks for: incidents that match one of ``filters``, changed ``since`` then, of at least that toll.

    ``toll`` is the least number of people killed, injured or kidnapped together, ``killed`` of those killed; 0: any,
    also where none is known. ``asked`` is the query in one spelling, by which the feed is known.
    """

    filters: tuple[Subscription, ...]
    since: datetime | None = None
    toll: int = 0
    killed: int = 0
    asked: str = ""


class Reader(Frozen, frozen=True, kw_only=True):
    """What words are read with: kinds, places, how far areas reach and what they hold."""

    kinds: Kinds
    places: Places
    contains: Contains
    extent: ExtentOf


def read(query: Iterable[tuple[str, str]], reader: Reader, now: datetime) -> FeedFilter:
    """The filter of an address's query, as names and values.

    Raises:
        UsageError: something in it is unknown, unclear or contradicts the rest, so that it could match nothing.
    """
    given = _given(query)
    try:
        parsed = _parsed(given, reader)
        filters = _filters(parsed, reader)
    except ChatError as error:
        raise UsageError(" ".join(str(error).split())) from error
    return FeedFilter(
        filters=filters,
        since=_since(given["since"], now) if "since" in given else None,
        toll=_people("toll", given),
        killed=_people("killed", given),
        asked=urlencode({name: given[name] for name in NAMES if name in given}, quote_via=quote),
    )


def has_toll(incident: Incident, wanted: FeedFilter) -> bool:
    """Is the toll surely as high as is asked for? What isn't known counts nobody."""
    return _least(incident, ("killed",)) >= wanted.killed and _least(incident, _TOLL) >= wanted.toll


def in_words(wanted: FeedFilter, names: Names) -> str:
    """The filter as it was understood: "Karachi, Pakistan · bombing · severe or worse · 5 or more killed"."""
    parts = [" / ".join(lists.subscription(one, names) for one in wanted.filters)]
    parts += [f"{wanted.killed} or more killed"] if wanted.killed else []
    parts += [f"{wanted.toll} or more killed, injured or kidnapped"] if wanted.toll else []
    return " · ".join(parts)


def _given(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in query:
        if name not in NAMES:
            raise UsageError(f"there is no filter {clean(name, 40)!r}; there are: {', '.join(NAMES)}")
        if name in given:
            raise UsageError(f"{name} is given twice")
        if len(value) > LONGEST:
            raise UsageError(f"{name} is longer than {LONGEST} characters")
        if value.strip():
            given[name] = " ".join(value.split())
    return given


def _parsed(given: Mapping[str, str], reader: Reader) -> ParsedFilter:
    """The words of ``q``, with what the other names give."""
    parsed = parse_filter(given["q"], reader.kinds, reader.places) if "q" in given else ParsedFilter()
    if parsed.called or parsed.most_a_day is not None:
        raise UsageError("a name and a limit a day belong to a subscription of a chat, not to a feed")
    if "place" in given:
        parsed = _with_place(parsed, given["place"], reader)
    if "kind" in given:
        kinds = _kinds(given["kind"], reader.kinds)
        if parsed.kinds:
            raise UsageError("kinds are given in q and in kind")
        parsed = msgspec.structs.replace(parsed, kinds=kinds)
    if "severity" in given:
        parsed = msgspec.structs.replace(parsed, min_severity=_word("severity", given, SEVERITIES))
    if "certainty" in given:
        parsed = msgspec.structs.replace(parsed, min_certainty=_word("certainty", given, CERTAINTIES))
    return parsed


def _with_place(parsed: ParsedFilter, text: str, reader: Reader) -> ParsedFilter:
    place = parse_filter(text, reader.kinds, reader.places)
    plain = ParsedFilter(name=place.name, km=place.km, near=place.near, is_everywhere=place.is_everywhere)
    if place != plain or not (place.name or place.is_everywhere):
        raise UsageError(f"“{clean(text, 60)}” is not only a place; other words go into q")
    if parsed.name:
        raise UsageError("a place is given in q and in place")
    return msgspec.structs.replace(parsed, name=place.name, km=place.km, near=place.near)


def _kinds(text: str, kinds: Kinds) -> tuple[str, ...]:
    found: list[str] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        slugs = kinds.find(word)
        if not slugs:
            raise UsageError(f"there is no kind of incident “{clean(word, 60)}”")
        found += slugs
    return tuple(dict.fromkeys(found))


def _word(name: str, given: Mapping[str, str], words: Mapping[str, _Level]) -> _Level:
    found = words.get(given[name].casefold())
    if found is None:
        raise UsageError(f"{name} is one of: {', '.join(words)}")
    return found


def _filters(parsed: ParsedFilter, reader: Reader) -> tuple[Subscription, ...]:
    named = named_places.of_filter(parsed, reader.places)
    for one in named:
        _check_clear(one, reader)
    home = frozenset(one.first.country for one in named if one.first.country)
    left_out = named_places.left_out(parsed, reader.places, home)
    made = [subscription_of(parsed, one.first, NOBODY, km=one.meant.km, without_places=left_out) for one in named]
    made = made or [subscription_of(parsed, None, NOBODY, without_places=left_out)]
    possible = [one for one in made if not _why_nothing(one, reader.contains)]
    if not possible:
        raise UsageError(f"nothing can match: {_why_nothing(made[0], reader.contains)}")
    return tuple(possible)


def _check_clear(named: Named, reader: Reader) -> None:
    if named.meant.is_here:
        raise UsageError("an address can't say where you are: give the name of a place")
    if not named.meant.certain:
        options = "; ".join(
            ", ".join(dict.fromkeys(part for part in (one.name, one.admin1, one.country) if part))
            for one in named.meant.options[:MOST_OFFERED]
        )
        raise UsageError(f"“{clean(named.name, 60)}” can be several places, say which one: {options}")
    if named.meant.km is not None and is_wide(named.first, reader.extent):
        raise UsageError(f"{named.first.name} is an area, with no middle to measure from: leave the radius out")
    if named.meant.km is not None and None in (named.first.lat, named.first.lon):
        raise UsageError(f"where {named.first.name} lies is not known: leave the radius out")


def _why_nothing(wanted: Subscription, contains: Contains) -> str:
    """Why no incident can match a filter; empty if one can."""
    if wanted.kinds and set(wanted.kinds) <= set(wanted.without_kinds):
        return "every kind that is asked for is left out"
    if wanted.place is not None and wanted.km is None:
        for area in wanted.without_places:
            if contains(area, wanted.place) is Held.SURELY:
                return f"{wanted.place.name} lies in {area.name}, which is left out"
    lost = [word for word in wanted.words if any(_begins(word, other) for other in wanted.without)]
    if wanted.words and len(lost) == len(wanted.words):
        return f"the word “{clean(lost[0], 40)}” has to occur and must not"
    return ""


def _begins(word: str, other: str) -> bool:
    """Does a text with the one word always have the other, since words are compared by their beginnings?"""
    return any(part.startswith(other.casefold()) for part in word.casefold().split())


def _since(text: str, now: datetime) -> datetime:
    if age := _AGE.fullmatch(text):
        return now - int(age[1]) * _UNITS[age[2].lower()]
    if _DAY.fullmatch(text):  # from its beginning on; as a moment it would mean its end
        at, rest = moments.read(f"{text} 00:00", now)
    else:
        at, rest = moments.read(text.replace("+", " "), now)
    if at is None or rest:
        raise UsageError("since is an age or a time in UTC, as in: since=7d, since=2026-03-01, since=2026-03-01T18:30")
    if at > now:
        raise UsageError(f"nothing can match: {clean(text, 40)} has not come yet")
    return at


def _people(name: str, given: Mapping[str, str]) -> int:
    if name not in given:
        return 0
    text = given[name]
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 0 < int(text) <= MOST_PEOPLE:
        raise UsageError(f"{name} is a number of people, from 1 on")
    return int(text)


def _least(incident: Incident, fields: Sequence[str]) -> int:
    counts = (getattr(incident.facts, field) for field in fields)
    return sum(one.low or 0 for one in counts if one.state is CountState.COUNTED)
