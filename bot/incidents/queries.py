"""Which incidents does a person ask for, by words, place, kind or distance?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.alerts.routing import matches
from bot.store import Store, Tx, incidents
from bot.subscriptions.filters import Address, ParsedFilter, Places, parse_filter, subscription_of
from bot.types import Subscription
from extract.geo import distance_km
from extract.kinds import Kinds
from extract.places.containment import Contains
from extract.types import Incident, Place

MOST = 50
LOOKED_AT = 2000


def wanted(text: str, kinds: Kinds, places: Places) -> Subscription:
    """The filter that a person's words mean; words that name no place are searched for as words."""
    parsed = parse_filter(text, kinds)
    found = places.search(parsed.name, 1) if parsed.name else []
    if parsed.name and not found:
        parsed = ParsedFilter(
            kinds=parsed.kinds,
            min_severity=parsed.min_severity,
            words=(*parsed.words, parsed.name),
            without=parsed.without,
        )
    return subscription_of(parsed, found[0] if found else None, Address(chat=0))


def matching(
    tx: Tx,
    filters: Subscription,
    *,
    contains: Contains,
    now: datetime,
    since: datetime | None = None,
    limit: int = LOOKED_AT,
) -> list[Incident]:
    """The incidents that match a filter, among the ``limit`` newest; newest first."""
    found = incidents.latest(tx, kinds=filters.kinds, since=since, limit=limit)
    return [one for one in found if matches(one, filters, contains=contains, now=now).yes]


async def search(
    store: Store, text: str, *, kinds: Kinds, places: Places, contains: Contains, now: datetime
) -> list[Incident]:
    """The incidents that a person's words mean: by words in the record or its articles, and by place and kind."""
    by_words = await store.read(incidents.search, text, MOST)
    filters = wanted(text, kinds, places)
    is_more_than_words = filters.place is not None or filters.kinds
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


def _kilometres(place: Place | None, lat: float, lon: float) -> float:
    if place is None or place.lat is None or place.lon is None:
        return float("inf")
    return distance_km(place.lat, place.lon, lat, lon)
