"""Which incidents does a person ask for, by words, place, kind or distance?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from bot.alerts.routing import Match, Reached, Texts, matches, reaches_nothing
from bot.store import Store, Tx, articles, incidents, subscriptions
from bot.subscriptions import places as named_places
from bot.subscriptions.filters import Address, ParsedFilter, Places, subscription_of
from bot.subscriptions.parsing import parse_filter
from bot.subscriptions.places import Named
from bot.types import Subscription
from extract.geo import distance_km
from extract.kinds import Kinds, packaged_kinds
from extract.places.containment import Contains
from extract.types import Frozen, Incident, Place

MOST = 50
LOOKED_AT = 2000
MOST_ARTICLES = 20_000  # with a word, that are looked at
NOBODY = Address(chat=0)


class Wanted(Frozen, frozen=True, kw_only=True):
    """The filters that a person's words mean, one for each place, and the places as they were named."""

    filters: tuple[Subscription, ...]
    named: tuple[Named, ...] = ()

    @property
    def first_place(self) -> Place | None:
        """The place that was named first, if any was."""
        return self.named[0].first if self.named else None


def wanted(text: str, kinds: Kinds, places: Places, home: frozenset[str] = frozenset()) -> Wanted:
    """What a person's words mean; those that name no place are words that must occur, or must not.

    Raises:
        ChatError: a radius is out of bounds or has no place, or what is left out can be several places.
    """
    parsed = parse_filter(text, kinds, places)
    named, words = _named(parsed, places, home)
    areas = [name for name in parsed.without_names if places.meant(name).options]
    without = [name for name in parsed.without_names if name not in areas]
    parsed = msgspec.structs.replace(
        parsed, words=(*parsed.words, *words), without=(*parsed.without, *without), without_names=tuple(areas)
    )
    left_out = named_places.left_out(parsed, places, home | countries_of(named))
    if not named:
        return Wanted(filters=(subscription_of(parsed, None, NOBODY, without_places=left_out),))
    made = (subscription_of(parsed, one.first, NOBODY, km=one.meant.km, without_places=left_out) for one in named)
    return Wanted(filters=tuple(made), named=tuple(named))


async def wanted_here(store: Store, text: str, kinds: Kinds, places: Places, address: Address) -> Wanted:
    """``wanted``, with the countries of the chat's subscriptions likelier than others."""
    mine = await store.read(subscriptions.of_chat, address.chat, address.thread)
    return wanted(text, kinds, places, named_places.home_of(mine))


def countries_of(named: Iterable[Named]) -> frozenset[str]:
    """The countries of some places."""
    return frozenset(one.first.country for one in named if one.meant.options and one.first.country)


def matching(
    tx: Tx,
    filters: Sequence[Subscription],
    *,
    contains: Contains,
    now: datetime,
    since: datetime | None = None,
    limit: int = LOOKED_AT,
) -> list[Incident]:
    """The incidents that match one of the filters, among the ``limit`` newest; newest first."""
    kinds = _kinds_of_all(filters)
    return among(tx, incidents.latest(tx, kinds=kinds, since=since, limit=limit), filters, contains=contains, now=now)


def among(
    tx: Tx, found: Iterable[Incident], filters: Sequence[Subscription], *, contains: Contains, now: datetime
) -> list[Incident]:
    """Those of some incidents that match one of the filters."""
    texts = _texts(tx, filters)
    asks = partial(matches, contains=contains, now=now, texts=texts)
    return [one for one in found if any(asks(one, wanted).yes for wanted in filters)]


def verdicts(
    tx: Tx,
    incident: Incident,
    filters: Iterable[Subscription],
    *,
    contains: Contains,
    now: datetime,
    reached: Reached = reaches_nothing,
) -> list[Match]:
    """Whether each filter asks for an incident, and why."""
    texts = partial(articles.bodies, tx)
    asks = partial(matches, contains=contains, now=now, texts=texts, reached=reached)
    return [asks(incident, one) for one in filters]


async def search(
    store: Store,
    text: str,
    *,
    kinds: Kinds,
    places: Places,
    contains: Contains,
    now: datetime,
    address: Address = NOBODY,
) -> list[Incident]:
    """The incidents that a person's words mean: by words in the record or its articles, and by place and kind."""
    by_words = await store.read(incidents.search, text, MOST)
    filters = (await wanted_here(store, text, kinds, places, address)).filters
    is_more_than_words = any(one.place is not None or one.kinds or one.without_places for one in filters)
    by_facts = await store.read(matching, filters, contains=contains, now=now) if is_more_than_words else []
    return newest_first((*by_words, *by_facts))


async def near(store: Store, lat: float, lon: float, km: float) -> list[Incident]:
    """The incidents within a circle, newest first."""
    square = await store.read(incidents.near, lat, lon, km, LOOKED_AT)
    return [one for one in square if _kilometres(one.facts.place, lat, lon) <= km]


def newest_first(found: Iterable[Incident]) -> list[Incident]:
    """Each incident once, the last updated first."""
    once = {incident.id: incident for incident in found}
    return sorted(once.values(), key=lambda incident: incident.last_seen, reverse=True)


def _texts(tx: Tx, filters: Iterable[Subscription]) -> Texts:
    """The texts of an incident's articles, of those only that hold a word of the filters, by the full-text index."""
    words = {word for one in filters for word in one.words}
    ids = {name for word in words for name in incidents.ids_with_word(tx, word, MOST_ARTICLES)}
    return lambda incident: articles.bodies(tx, incident) if incident.id in ids else ()


def _named(parsed: ParsedFilter, places: Places, home: frozenset[str]) -> tuple[list[Named], list[str]]:
    """The places of a filter, and those of its names that are no place, or only by a guess."""
    found: list[Named] = []
    words: list[str] = []
    for name in named_places.names_of(parsed.name, places):
        meant = places.meant(name, home=home, km=parsed.km, near=parsed.near)
        if meant.options and (meant.certain or not meant.misspelt):
            found.append(Named(name, meant))
        else:
            words.append(name)
    return found, words


def _kinds_of_all(filters: Iterable[Subscription]) -> tuple[str, ...]:
    """The kinds that one of the filters can match; () for any kind."""
    asked = [one.kinds for one in filters]
    if not all(asked):
        return ()
    every = tuple(dict.fromkeys(slug for kinds in asked for slug in kinds))
    return (*every, *packaged_kinds().armed(every).kinds)


def _kilometres(place: Place | None, lat: float, lon: float) -> float:
    if place is None or place.lat is None or place.lon is None:
        return float("inf")
    return distance_km(place.lat, place.lon, lat, lon)
