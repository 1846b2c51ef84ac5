"""What a chat asks to be told: from the words of /subscribe to a stored subscription, and back.

``/subscribe Karachi 50km bombing severe +police -cricket``: a place first, then in any order a radius, kinds or
groups of kinds, the least severity or certainty, how many sources at least, how many a day at most, words that must (+)
and must not (-) occur, and sources that don't count (-source:name). What stands behind the word ``called`` is its name.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.text import clean, units
from bot.store import Store, Tx, button_payloads, subscriptions
from bot.types import Subscription
from extract.kinds import Kinds
from extract.types import Certainty, Frozen, Place, Precision, Severity

MAX_KM = 2000.0
MAX_PLACES = 8
MOST_OPTION_WORDS = 5
MAX_NAME_UNITS = 40
EVERYWHERE = frozenset({"everywhere", "anywhere", "world", "worldwide", "all", "the world", "*"})
CERTAINTIES = {value.value: value for value in (Certainty.OBSERVED, Certainty.LIKELY, Certainty.POSSIBLE)}
SEVERITIES = {value.value: value for value in Severity if value is not Severity.UNKNOWN}
JOINING = frozenset({"in", "near", "around", "at", "within", "of", "and", "or", "about", "from", "for"})
EXAMPLE = "/subscribe Karachi 50km bombing severe +police -cricket"
CALLED = "called"
ALL = frozenset({"all", "everything"})
# names of what stands in their place: a number of /subs, all of them, no name
NO_NAMES = EVERYWHERE | ALL | {"off"}
NO_NAME = mark("A name is up to {n} characters long, and neither a number nor a word like “all”.")
NONE_FOR = mark("There is no subscription for “{text}” here. /subs lists what there is.")
TAKEN = mark("Another subscription of this chat is called “{name}”.")
_KM = re.compile(r"(\d+(?:\.\d+)?)km")
_SOURCES = re.compile(r"([1-9])\+? ?sources?")
_BUDGET = re.compile(r"(?:(?:max|most|at most) )?([1-9]\d?) ?(?:/ ?day|a day|per day)")
_WORD = re.compile(r'[+-]"[^"]+"|\S+')


class Places(Protocol):
    """Finds what a person means by a place's name."""

    def search(self, name: str, limit: int = MAX_PLACES) -> list[Place]:
        """The places of that name, best first."""


class Wish(Frozen, frozen=True, kw_only=True):
    """The words of /subscribe, understood: a place's name (empty: everywhere), the filter and what it is called."""

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
    """Where a subscription belongs: a chat, or one topic of it."""

    chat: int
    thread: int = 0


def understand(text: str, kinds: Kinds) -> Wish:
    """What a person asks for.

    Raises:
        ChatError: a radius is out of bounds, there is a radius and no place, or what it is called is no name.
    """
    text, called = _apart_from_name(text)
    tokens = _WORD.findall(re.sub(r"(\d)\s+km\b", r"\1km", text.replace(",", " , "), flags=re.IGNORECASE))
    wish, start, end = Wish(), 0, len(tokens)
    while start < end and (taken := _option_from_right(tokens[start:end], kinds)):
        wish, end = _add(wish, taken[0]), end - taken[1]
    while start < end and (count := _options_before_in(tokens[start:end], kinds)):
        wish = _add(wish, _option(" ".join(tokens[start : start + count]), kinds) or Wish())
        start += count
    name = " ".join(word for word in tokens[start:end]).replace(" ,", ",").strip(" ,")
    while name.partition(" ")[0].casefold() in JOINING and " " in name:
        name = name.partition(" ")[2]
    if name.casefold() in EVERYWHERE:
        name = ""
    if wish.km is not None and not name:
        raise ChatError(t("A radius needs a place to measure from, as in {example}", example=EXAMPLE))
    return msgspec.structs.replace(wish, name=name, called=called)


def find_places(name: str, places: Places) -> list[Place]:
    """The places a name can mean, best first.

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


def make(wish: Wish, place: Place | None, address: Address) -> Subscription:
    """The subscription that a wish and a place come to."""
    return Subscription(
        chat=address.chat,
        thread=address.thread,
        place=place,
        km=wish.km,
        kinds=wish.kinds,
        min_severity=wish.min_severity,
        words=wish.words,
        without=wish.without,
        min_certainty=wish.min_certainty,
        min_origins=wish.min_origins,
        without_sources=wish.without_sources,
        most_a_day=wish.most_a_day,
        name=wish.called,
    )


def named(text: str) -> str:
    """What a person calls a subscription, as it is kept: one line, nothing in it that can't be seen.

    Raises:
        ChatError: it is empty, too long, or means something else.
    """
    kept = "".join(char for char in clean(text.strip().strip('"“”')) if unicodedata.category(char) != "Cf").strip()
    if not kept or units(kept) > MAX_NAME_UNITS or kept.isnumeric() or kept.casefold() in NO_NAMES:
        raise ChatError(t(NO_NAME, n=MAX_NAME_UNITS))
    return kept


async def rename(store: Store, text: str, address: Address) -> Subscription:
    """Give a subscription another name: its number or its name first, then the new one, or "off" for none.

    Raises:
        ChatError: there is no such subscription, or the new name is none.
    """
    return await store.write(_rename, text, address)


async def subscribe(store: Store, subscription: Subscription, now: datetime) -> Subscription:
    """Keep a subscription.

    Raises:
        ChatError: the chat has as many as it may, or another of them has that name.
    """
    return await store.write(_subscribe, subscription, now)


async def offer(
    store: Store, options: Sequence[Subscription], address: Address, now: datetime, *, shared: bool = False
) -> str:
    """Keep subscriptions to choose from; the token that the buttons carry. What is ``shared`` anybody may take."""
    token = (button_payloads.SHARED if shared else "") + secrets.token_urlsafe(9)
    await store.write(button_payloads.put, token, address.chat, tuple(options), now)
    return token


async def taken(store: Store, token: str) -> Subscription:
    """The filter behind a shared link.

    Raises:
        ChatError: the link has expired, or never was one.
    """
    options = await store.read(button_payloads.get_shared, token)
    if not options:
        raise ChatError(t("That link has expired. Subscribe with: /subscribe Karachi"))
    return options[0]


async def pick(store: Store, token: str, number: int, chat: int, now: datetime) -> Subscription:
    """Subscribe to one of the offered.

    Raises:
        ChatError: the offer is gone.
    """
    options = await store.read(button_payloads.get, token, chat)
    if not 0 <= number < len(options):
        raise ChatError(t("That choice has expired. Send /subscribe again."))
    return await subscribe(store, options[number], now)


async def unsubscribe(store: Store, text: str, address: Address, places: Places) -> list[Subscription]:
    """End the subscriptions that a person means: a number of /subs, a name, a place, or "all". Those that ended.

    Raises:
        ChatError: none matches.
    """
    mine = await store.read(subscriptions.of_chat, address.chat, address.thread)
    ended = meant(mine, text, places)
    for one in ended:
        await store.write(subscriptions.remove, address.chat, one.id)
    return ended


def _subscribe(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    if len(subscriptions.of_chat(tx, subscription.chat)) >= subscriptions.MAX_PER_CHAT:
        raise ChatError(t("A chat can have {n} subscriptions. End one first: /subs", n=subscriptions.MAX_PER_CHAT))
    there = subscriptions.of_chat(tx, subscription.chat, subscription.thread)
    _check_free(tx, subscription, subscriptions.replaced_by(there, subscription))
    return subscriptions.add(tx, subscription, now)


def _check_free(tx: Tx, wanted: Subscription, ending: Sequence[Subscription]) -> None:
    """Raises ChatError where the name is that of another subscription of the chat, in whichever topic."""
    for one in subscriptions.of_chat(tx, wanted.chat) if wanted.name else ():
        if one.id != wanted.id and one not in ending and alike(one.name) == alike(wanted.name):
            raise ChatError(t(TAKEN, name=one.name))


def _rename(tx: Tx, text: str, address: Address) -> Subscription:
    mine = subscriptions.of_chat(tx, address.chat, address.thread)
    known, rest = _first_meant(mine, text)
    renamed = msgspec.structs.replace(known, name="" if rest.casefold() == "off" else named(rest))
    _check_free(tx, renamed, ())
    subscriptions.change(tx, renamed)
    return renamed


def _first_meant(mine: Sequence[Subscription], text: str) -> tuple[Subscription, str]:
    """The subscription that a text begins with, by its number or its name, and what follows."""
    first, _, rest = text.strip().partition(" ")
    if first.isdecimal() and 0 < int(first) <= len(mine):
        return mine[int(first) - 1], rest.strip()
    spoken = text.strip()
    for one in sorted(mine, key=lambda one: -len(one.name)):
        begins = one.name and alike(spoken[: len(one.name)]) == alike(one.name)
        if begins and spoken[len(one.name) : len(one.name) + 1] in ("", " "):
            return one, spoken[len(one.name) :].strip()
    raise ChatError(t(NONE_FOR, text=cut_short(text)))


def alike(name: str) -> str:
    """What is the same in two names that a person would take for one."""
    return unicodedata.normalize("NFKC", name).casefold()


def cut_short(text: str) -> str:
    """A person's words as they are said back."""
    return clean(text, MAX_NAME_UNITS * 2)


def meant(mine: Sequence[Subscription], text: str, places: Places) -> list[Subscription]:
    """The subscriptions of a list that a person means: by number, name or place, or all of them.

    Raises:
        ChatError: none.
    """
    found = _meant(mine, text, places)
    if not found:
        raise ChatError(t(NONE_FOR, text=cut_short(text)))
    return found


def _meant(mine: Sequence[Subscription], text: str, places: Places) -> list[Subscription]:
    word = text.strip().casefold()
    if word in ALL:
        return list(mine)
    if word.isdecimal():
        return list(mine[int(word) - 1 : int(word)]) if int(word) else []
    if word in EVERYWHERE:
        return [one for one in mine if one.place is None]
    if called := [one for one in mine if one.name and alike(one.name) == alike(text.strip().strip('"“”'))]:
        return called
    by_name = [one for one in mine if one.place and one.place.name.casefold() == word.partition(",")[0].strip()]
    if by_name:
        return by_name
    ids = {place.geonameid for place in places.search(text, MAX_PLACES)} - {None}
    return [one for one in mine if one.place and one.place.geonameid in ids]


def _apart_from_name(text: str) -> tuple[str, str]:
    """The words before "called", and the name behind it; empty where there is none."""
    for found in _WORD.finditer(text):
        if found[0].casefold() == CALLED:
            return text[: found.start()].rstrip(), named(text[found.end() :])
    return text, ""


def _option_from_right(tokens: Sequence[str], kinds: Kinds) -> tuple[Wish, int] | None:
    """The option that the last words are, and how many words it takes; the longest wins."""
    for count in range(MOST_OPTION_WORDS, 0, -1):
        if count <= len(tokens):
            found = _option(" ".join(tokens[-count:]), kinds)
            if found is not None:
                return found, count
    return None


def _options_before_in(tokens: Sequence[str], kinds: Kinds) -> int:
    """How many leading words are an option followed by "in" and a place: "bombings in Karachi"."""
    for count in (3, 2, 1):
        follows = tokens[count].casefold() if count < len(tokens) - 1 else ""
        if follows in JOINING and _option(" ".join(tokens[:count]), kinds) is not None:
            return count
    return 0


def _option(text: str, kinds: Kinds) -> Wish | None:
    """What one option asks for; None where the text is none."""
    word = text.casefold()
    radius = _KM.fullmatch(word)
    if radius:
        return Wish(km=_kilometres(float(radius[1])))
    if word.startswith("-source:") and len(word) > len("-source:"):
        return Wish(without_sources=(word.removeprefix("-source:").strip('"'),))
    if len(text) > 1 and text[0] in "+-":
        term = text[1:].strip('"')
        plain = " " not in text or text[1] == '"'
        return (Wish(words=(term,)) if text[0] == "+" else Wish(without=(term,))) if plain and term else None
    if word in SEVERITIES:
        return Wish(min_severity=SEVERITIES[word])
    if word in CERTAINTIES:
        return Wish(min_certainty=CERTAINTIES[word])
    if many := _SOURCES.fullmatch(word):
        return Wish(min_origins=int(many[1]))
    if budget := _BUDGET.fullmatch(word):
        return Wish(most_a_day=int(budget[1]))
    if word in (*JOINING, ","):
        return Wish()
    found = kinds.find(text)
    return Wish(kinds=found) if found else None


def _kilometres(km: float) -> float:
    if not 0 < km <= MAX_KM:
        raise ChatError(t("A radius lies between 1 and {km} km.", km=MAX_KM))
    return km


def _add(wish: Wish, more: Wish) -> Wish:
    return Wish(
        name=wish.name,
        called=wish.called,
        km=more.km if more.km is not None else wish.km,
        kinds=tuple(dict.fromkeys((*more.kinds, *wish.kinds))),
        min_severity=more.min_severity if more.min_severity is not Severity.UNKNOWN else wish.min_severity,
        words=(*more.words, *wish.words),
        without=(*more.without, *wish.without),
        min_certainty=max(more.min_certainty, wish.min_certainty, key=lambda one: one.rank),
        min_origins=max(more.min_origins, wish.min_origins),
        without_sources=(*more.without_sources, *wish.without_sources),
        most_a_day=more.most_a_day if more.most_a_day is not None else wish.most_a_day,
    )


def is_plain(options: Sequence[Place], weight: Callable[[Place], int]) -> bool:
    """Is the first place clearly meant? It is where the next ones are far smaller or of another name."""
    first, *others = options
    if first.precision in (Precision.COUNTRY, Precision.PROVINCE):
        return True
    rivals = [place for place in others if place.name.casefold() == first.name.casefold()]
    return all(weight(first) >= 4 * weight(place) for place in rivals)
