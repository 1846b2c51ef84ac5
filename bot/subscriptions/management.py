"""How does a chat change its subscriptions? Add, offer and pick, rename, end; which of them a person means."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.text import clean
from bot.store import Store, Tx, button_payloads, subscriptions
from bot.subscriptions.filters import ALL, EVERYWHERE, MAX_NAME_UNITS, Address, Places, checked_name
from bot.subscriptions.parsing import plain_name
from bot.subscriptions.places import names_of
from bot.types import Subscription
from extract.text.normalise import fold
from extract.types import Place

NONE_FOR = mark("There is no subscription for “{text}” here. /subs lists what there is.")
TAKEN = mark("Another subscription of this chat is called “{name}”.")


async def rename(store: Store, text: str, address: Address) -> Subscription:
    """Rename a subscription: the text is its number or name, then the new name, or "off" for none.

    Raises:
        ChatError: there is no such subscription, or the new name is not allowed.
    """
    return await store.write(_rename, text, address)


async def subscribe(store: Store, subscription: Subscription, now: datetime) -> Subscription:
    """Store a subscription; returns it with its number.

    Raises:
        ChatError: the chat has the maximum number already, or another one has that name.
    """
    return await store.write(_subscribe, subscription, now)


async def subscribe_all(store: Store, wanted: Sequence[Subscription], now: datetime) -> list[Subscription]:
    """Store several subscriptions, or none of them; returns them with their numbers.

    Raises:
        ChatError: the chat would have too many, or another one has that name.
    """
    return await store.write(lambda tx: [_subscribe(tx, one, now) for one in wanted])


async def offer(
    store: Store, options: Sequence[Subscription], address: Address, now: datetime, *, shared: bool = False
) -> str:
    """Store subscriptions to choose from; returns the token for the buttons. Anybody may take ``shared`` ones."""
    token = (button_payloads.SHARED if shared else "") + secrets.token_urlsafe(9)
    await store.write(button_payloads.put, token, address.chat, tuple(options), now)
    return token


async def take_shared(store: Store, token: str) -> Subscription:
    """The filter behind a shared link.

    Raises:
        ChatError: the link has expired, or is wrong.
    """
    options = await store.read(button_payloads.get_shared, token)
    if not options:
        raise ChatError(t("That link has expired. Subscribe with: /subscribe Karachi"))
    return options[0]


async def pick(store: Store, token: str, number: int, chat: int, now: datetime) -> Subscription:
    """Subscribe to one of the offered subscriptions.

    Raises:
        ChatError: the offer has expired.
    """
    options = await store.read(button_payloads.get, token, chat)
    if not 0 <= number < len(options):
        raise ChatError(t("That choice has expired. Send /subscribe again."))
    return await subscribe(store, options[number], now)


async def unsubscribe(store: Store, text: str, address: Address, places: Places) -> list[Subscription]:
    """End the subscriptions that a text means: a number of /subs, a name, a place, or "all"; returns them.

    Raises:
        ChatError: none matches.
    """
    mine = await store.read(subscriptions.of_chat, address.chat, address.thread)
    ended = select(mine, text, places)
    for one in ended:
        await store.write(subscriptions.remove, address.chat, one.id)
    return ended


def select(mine: Sequence[Subscription], text: str, places: Places) -> list[Subscription]:
    """The subscriptions of a list that a text means: by number, name or place, or all of them.

    Raises:
        ChatError: none.
    """
    found = _matching(mine, text, places)
    if not found:
        raise ChatError(t(NONE_FOR, text=quoted(text)))
    return found


def _subscribe(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    if len(subscriptions.of_chat(tx, subscription.chat)) >= subscriptions.MAX_PER_CHAT:
        raise ChatError(t("A chat can have {n} subscriptions. End one first: /subs", n=subscriptions.MAX_PER_CHAT))
    there = subscriptions.of_chat(tx, subscription.chat, subscription.thread)
    _check_free(tx, subscription, subscriptions.replaced_by(there, subscription))
    return subscriptions.add(tx, subscription, now)


def _check_free(tx: Tx, wanted: Subscription, ending: Sequence[Subscription]) -> None:
    """Raise ChatError if another subscription of the chat, in any topic, has that name."""
    for one in subscriptions.of_chat(tx, wanted.chat) if wanted.name else ():
        if one.id != wanted.id and one not in ending and name_key(one.name) == name_key(wanted.name):
            raise ChatError(t(TAKEN, name=one.name))


def _rename(tx: Tx, text: str, address: Address) -> Subscription:
    mine = subscriptions.of_chat(tx, address.chat, address.thread)
    known, rest = _leading_subscription(mine, text)
    renamed = msgspec.structs.replace(known, name="" if rest.casefold() == "off" else checked_name(rest))
    _check_free(tx, renamed, ())
    subscriptions.change(tx, renamed)
    return renamed


def _leading_subscription(mine: Sequence[Subscription], text: str) -> tuple[Subscription, str]:
    """The subscription whose number or name a text begins with, and the rest of the text."""
    first, _, rest = text.strip().partition(" ")
    if first.isdecimal() and 0 < int(first) <= len(mine):
        return mine[int(first) - 1], rest.strip()
    spoken = text.strip()
    for one in sorted(mine, key=lambda one: -len(one.name)):
        begins = one.name and name_key(spoken[: len(one.name)]) == name_key(one.name)
        if begins and spoken[len(one.name) : len(one.name) + 1] in ("", " "):
            return one, spoken[len(one.name) :].strip()
    raise ChatError(t(NONE_FOR, text=quoted(text)))


def _matching(mine: Sequence[Subscription], text: str, places: Places) -> list[Subscription]:
    word = text.strip().casefold()
    if word in ALL:
        return list(mine)
    if word.isdecimal():
        return list(mine[int(word) - 1 : int(word)]) if int(word) else []
    if word in EVERYWHERE:
        return [one for one in mine if one.place is None]
    if called := [one for one in mine if one.name and name_key(one.name) == name_key(text.strip().strip('"“”'))]:
        return called
    found: list[Subscription] = []
    for name in names_of(plain_name(text), places):
        by_name = [one for one in mine if one.place and fold(one.place.name) == fold(name.partition(",")[0])]
        found += by_name or [one for one in mine if one.place and _is_one_of(one.place, places.meant(name).options)]
    return [one for one in mine if one in found]


def _is_one_of(place: Place, options: Sequence[Place]) -> bool:
    return any(
        one.geonameid == place.geonameid
        if place.geonameid
        else (one.name, one.lat, one.lon) == (place.name, place.lat, place.lon)
        for one in options
    )


def name_key(name: str) -> str:
    """Equal for names that a person would consider the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def quoted(text: str) -> str:
    """A person's words, as quoted in an answer: cleaned and shortened."""
    return clean(text, MAX_NAME_UNITS * 2)
