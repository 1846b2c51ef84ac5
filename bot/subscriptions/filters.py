"""Which filter do the words of /subscribe mean? From text to a subscription.

``/subscribe Karachi 50km bombing severe +police -cricket``: a place first, then in any order a radius, kinds or
groups of kinds, the least severity or certainty, how many sources at least, how many a day at most, words that must (+)
and must not (-) occur, and sources that don't count (-source:name). After the word ``called`` comes its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.text import clean, units
from bot.types import Subscription
from extract.kinds import Kinds
from extract.places.containment import ExtentOf
from extract.types import Certainty, Frozen, Place, Precision, Severity

MAX_KM = 2000.0
MAX_PLACES = 8
MOST_OPTION_WORDS = 5
MAX_NAME_UNITS = 40
EVERYWHERE = frozenset({"everywhere", "anywhere", "world", "worldwide", "all", "the world", "*"})
CERTAINTIES = {value.value: value for value in (Certainty.OBSERVED, Certainty.LIKELY, Certainty.POSSIBLE)}
SEVERITIES = {value.value: value for value in Severity if value is not Severity.UNKNOWN}
CONNECTING_WORDS = frozenset({"in", "near", "around", "at", "within", "of", "and", "or", "about", "from", "for"})
EXAMPLE = "/subscribe Karachi 50km bombing severe +police -cricket"
CALLED = "called"
ALL = frozenset({"all", "everything"})
# words that mean something else where a name can be given: all subscriptions, no name
RESERVED_NAMES = EVERYWHERE | ALL | {"off"}
NO_NAME = mark("A name is up to {n} characters long, and neither a number nor a word like “all”.")
_KM = re.compile(r"(\d+(?:\.\d+)?)km")
_SOURCES = re.compile(r"([1-9])\+? ?sources?")
_BUDGET = re.compile(r"(?:(?:max|most|at most) )?([1-9]\d?) ?(?:/ ?day|a day|per day)")
_WORD = re.compile(r'[+-]"[^"]+"|\S+')


class Places(Protocol):
    """Finds the places that a name can mean."""

    def search(self, name: str, limit: int = MAX_PLACES) -> list[Place]:
        """The places of that name, the likeliest first."""


class ParsedFilter(Frozen, frozen=True, kw_only=True):
    """The parsed words of /subscribe: a place's name (empty: everywhere), the filter, and its name (``called``)."""

    name: str = ""
    called: str = ""
    km: float | None = None
    kinds: tuple[str, ...] = ()
    min_severity: Severity = Severity.UNKNOWN
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    min_certainty: Certainty = Certainty.UNKNOWN
    min_origins: int = 1
    without_sources: tuple[str, ...] = ()
    most_a_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class Address:
    """The chat and topic that a subscription belongs to; ``thread`` is 0 outside of topics."""

    chat: int
    thread: int = 0


def parse_filter(text: str, kinds: Kinds) -> ParsedFilter:
    """The filter that a person's words mean.

    Raises:
        ChatError: a radius is out of bounds or has no place, or the name is not allowed.
    """
    text, called = _apart_from_name(text)
    tokens = _WORD.findall(re.sub(r"(\d)\s+km\b", r"\1km", text.replace(",", " , "), flags=re.IGNORECASE))
    parsed, start, end = ParsedFilter(), 0, len(tokens)
    while start < end and (taken := _option_from_right(tokens[start:end], kinds)):
        parsed, end = _add(parsed, taken[0]), end - taken[1]
    while start < end and (count := _options_before_in(tokens[start:end], kinds)):
        parsed = _add(parsed, _option(" ".join(tokens[start : start + count]), kinds) or ParsedFilter())
        start += count
    name = " ".join(word for word in tokens[start:end]).replace(" ,", ",").strip(" ,")
    while name.partition(" ")[0].casefold() in CONNECTING_WORDS and " " in name:
        name = name.partition(" ")[2]
    if name.casefold() in EVERYWHERE:
        name = ""
    if parsed.km is not None and not name:
        raise ChatError(t("A radius needs a place to measure from, as in {example}", example=EXAMPLE))
    return msgspec.structs.replace(parsed, name=name, called=called)


def find_places(name: str, places: Places) -> list[Place]:
    """The places that a name can mean, the likeliest first.

    Raises:
        ChatError: there is none.
    """
    found = places.search(name, MAX_PLACES)
    if not found:
        raise ChatError(
            t(
                "I know no place called “{place}”. Try a bigger place nearby, or add the country: “{place}, Italy”.",
                place=name,
            )
        )
    return found


def subscription_of(parsed: ParsedFilter, place: Place | None, address: Address) -> Subscription:
    """The subscription of a parsed filter and the place that its name means."""
    return Subscription(
        chat=address.chat,
        thread=address.thread,
        place=place,
        km=parsed.km,
        kinds=parsed.kinds,
        min_severity=parsed.min_severity,
        words=parsed.words,
        without=parsed.without,
        min_certainty=parsed.min_certainty,
        min_origins=parsed.min_origins,
        without_sources=parsed.without_sources,
        most_a_day=parsed.most_a_day,
        name=parsed.called,
    )


def checked_name(text: str) -> str:
    """A subscription's name as it is stored: one line without invisible characters.

    Raises:
        ChatError: it is empty, too long, or a reserved word or number.
    """
    kept = "".join(char for char in clean(text.strip().strip('"“”')) if unicodedata.category(char) != "Cf").strip()
    if not kept or units(kept) > MAX_NAME_UNITS or kept.isnumeric() or kept.casefold() in RESERVED_NAMES:
        raise ChatError(t(NO_NAME, n=MAX_NAME_UNITS))
    return kept


def _apart_from_name(text: str) -> tuple[str, str]:
    """The text before the word "called", and the name after it; empty if there is none."""
    for found in _WORD.finditer(text):
        if found[0].casefold() == CALLED:
            return text[: found.start()].rstrip(), checked_name(text[found.end() :])
    return text, ""


def _option_from_right(tokens: Sequence[str], kinds: Kinds) -> tuple[ParsedFilter, int] | None:
    """The longest option that the last words form, and its number of words; None if they form none."""
    for count in range(MOST_OPTION_WORDS, 0, -1):
        if count <= len(tokens):
            found = _option(" ".join(tokens[-count:]), kinds)
            if found is not None:
                return found, count
    return None


def _options_before_in(tokens: Sequence[str], kinds: Kinds) -> int:
    """How many first words form an option before "in" and a place: 1 in "bombings in Karachi"; 0 if none do."""
    for count in (3, 2, 1):
        follows = tokens[count].casefold() if count < len(tokens) - 1 else ""
        if follows in CONNECTING_WORDS and _option(" ".join(tokens[:count]), kinds) is not None:
            return count
    return 0


def _option(text: str, kinds: Kinds) -> ParsedFilter | None:
    """The filter of one option; None if the text is none."""
    word = text.casefold()
    radius = _KM.fullmatch(word)
    if radius:
        return ParsedFilter(km=_kilometres(float(radius[1])))
    if word.startswith("-source:") and len(word) > len("-source:"):
        return ParsedFilter(without_sources=(word.removeprefix("-source:").strip('"'),))
    if len(text) > 1 and text[0] in "+-":
        term = text[1:].strip('"')
        plain = " " not in text or text[1] == '"'
        return (
            (ParsedFilter(words=(term,)) if text[0] == "+" else ParsedFilter(without=(term,)))
            if plain and term
            else None
        )
    if word in SEVERITIES:
        return ParsedFilter(min_severity=SEVERITIES[word])
    if word in CERTAINTIES:
        return ParsedFilter(min_certainty=CERTAINTIES[word])
    if many := _SOURCES.fullmatch(word):
        return ParsedFilter(min_origins=int(many[1]))
    if budget := _BUDGET.fullmatch(word):
        return ParsedFilter(most_a_day=int(budget[1]))
    if word in (*CONNECTING_WORDS, ","):
        return ParsedFilter()
    found = kinds.find(text)
    return ParsedFilter(kinds=found) if found else None


def _kilometres(km: float) -> float:
    if not 0 < km <= MAX_KM:
        raise ChatError(t("A radius lies between 1 and {km} km.", km=MAX_KM))
    return km


def _add(parsed: ParsedFilter, more: ParsedFilter) -> ParsedFilter:
    return ParsedFilter(
        name=parsed.name,
        called=parsed.called,
        km=more.km if more.km is not None else parsed.km,
        kinds=tuple(dict.fromkeys((*more.kinds, *parsed.kinds))),
        min_severity=more.min_severity if more.min_severity is not Severity.UNKNOWN else parsed.min_severity,
        words=(*more.words, *parsed.words),
        without=(*more.without, *parsed.without),
        min_certainty=max(more.min_certainty, parsed.min_certainty, key=lambda one: one.rank),
        min_origins=max(more.min_origins, parsed.min_origins),
        without_sources=(*more.without_sources, *parsed.without_sources),
        most_a_day=more.most_a_day if more.most_a_day is not None else parsed.most_a_day,
    )


def is_wide(place: Place, extent: ExtentOf) -> bool:
    """Is the place a country or an area of its own, which has no middle to measure from?"""
    return place.precision is Precision.COUNTRY or (place.precision.is_area and extent(place) is not None)


def is_unambiguous(options: Sequence[Place], weight: Callable[[Place], int]) -> bool:
    """Is the first place clearly the one that is meant? If the others are far smaller, or have another name."""
    first, *others = options
    if first.precision.is_area:
        return True
    rivals = [place for place in others if place.name.casefold() == first.name.casefold()]
    return all(weight(first) >= 4 * weight(place) for place in rivals)
