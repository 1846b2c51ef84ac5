"""What is known: the incidents a person asks for, how one came about, and how the service is doing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.alerts.routing import Holds, matches
from bot.alerts.service_notices import BLIND, HEARTBEAT
from bot.operations import integrity_sweep
from bot.store import Store, Tx, amendments, articles, chats, flags, incidents, outbox, sources, subscriptions
from bot.store import counters as counted
from bot.subscriptions.filters import Address as Nowhere
from bot.subscriptions.filters import Places, Wish, make, understand
from bot.types import Amendment, DecisionRecord, Problem, SourceState, StoredArticle, Subscription, Version
from extract.geo import distance_km
from extract.kinds import Kinds
from extract.types import Extraction, Frozen, Incident, Place

MOST = 50
LOOKED_AT = 2000
STALE_HOURS = 24


class Explanation(Frozen, frozen=True, kw_only=True):
    """Why an article or an incident became what it is; what isn't there is None or empty."""

    article: StoredArticle | None = None
    extraction: Extraction | None = None
    decisions: tuple[DecisionRecord, ...] = ()
    incident: Incident | None = None
    versions: tuple[Version, ...] = ()
    amendments: tuple[Amendment, ...] = ()


class Stage(Frozen, frozen=True, kw_only=True):
    """How long one stage of the last day's first cards took, in seconds, at the 50th and 95th percentile."""

    name: str
    p50: float
    p95: float
    cards: int


class Health(Frozen, frozen=True, kw_only=True):
    """How the service is doing: counts by name, sources, and the last problems."""

    totals: dict[str, int]
    alerts: dict[str, int]
    chats: dict[str, int]
    counters: dict[str, int]
    subscriptions: int
    sources: tuple[SourceState, ...]
    problems: tuple[Problem, ...]
    latency: tuple[Stage, ...] = ()
    unseen: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    heartbeat: datetime | None = None

    @property
    def failing(self) -> tuple[SourceState, ...]:
        """The sources whose last read failed."""
        return tuple(state for state in self.sources if state.failures)


def health(tx: Tx, now: datetime) -> Health:
    """The state of everything, from the store alone."""
    return Health(
        totals=counted.totals(tx),
        alerts=outbox.counts(tx),
        chats=chats.counts(tx),
        counters=counted.counters(tx),
        subscriptions=subscriptions.count(tx),
        sources=tuple(sources.listing(tx)),
        problems=tuple(counted.problems(tx)),
        latency=tuple(_stages(counted.latencies(tx, now - timedelta(days=1)))),
        unseen=tuple(sorted(flags.beginning(tx, BLIND))),
        damaged=integrity_sweep.known(tx),
        heartbeat=flags.get(tx, HEARTBEAT),
    )


def _stages(taken: Sequence[tuple[float | None, float, float]]) -> Iterator[Stage]:
    """Each stage's percentiles, and those of the whole way from publication."""
    whole = [wait + read + sent for wait, read, sent in taken if wait is not None]
    columns = {
        "published to read": [wait for wait, _, _ in taken if wait is not None],
        "read to decided": [read for _, read, _ in taken],
        "decided to sent": [sent for _, _, sent in taken],
        "published to sent": whole,
    }
    for name, values in columns.items():
        if values:
            yield Stage(name=name, p50=_percentile(values, 0.5), p95=_percentile(values, 0.95), cards=len(values))


def _percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, max(0, math.ceil(share * len(ranked)) - 1))], 3)


def explain(tx: Tx, name: str) -> Explanation:
    """Why the article or incident of this id became what it is."""
    incident = incidents.get(tx, name)
    if incident is not None:
        return Explanation(
            incident=incident,
            versions=tuple(incidents.versions(tx, name)),
            decisions=tuple(incidents.decisions(tx, incident=name)),
            amendments=tuple(amendments.of(tx, name)),
        )
    stored = articles.get(tx, name)
    if stored is None:
        return Explanation()
    ref = stored.article.id
    return Explanation(
        article=stored,
        extraction=articles.extraction(tx, ref),
        decisions=tuple(incidents.decisions(tx, article=ref)),
    )


def wanted(text: str, kinds: Kinds, places: Places) -> Subscription:
    """The filter that a person's words come to; words that are no place are looked for as words."""
    wish = understand(text, kinds)
    found = places.search(wish.name, 1) if wish.name else []
    if wish.name and not found:
        wish = Wish(
            kinds=wish.kinds, min_severity=wish.min_severity, words=(*wish.words, wish.name), without=wish.without
        )
    return make(wish, found[0] if found else None, Nowhere(chat=0))


def matching(
    tx: Tx, filters: Subscription, *, holds: Holds, now: datetime, since: datetime | None = None, limit: int = LOOKED_AT
) -> list[Incident]:
    """The incidents a filter asks for, newest first."""
    found = incidents.latest(tx, kinds=filters.kinds, since=since, limit=limit)
    return [one for one in found if matches(one, filters, holds=holds, now=now).yes]


async def search(
    store: Store, text: str, *, kinds: Kinds, places: Places, holds: Holds, now: datetime
) -> list[Incident]:
    """The incidents that a person's words mean: by words in the record or its articles, and by place and kind."""
    by_words = await store.read(incidents.search, text, MOST)
    filters = wanted(text, kinds, places)
    is_more_than_words = filters.place is not None or filters.kinds
    by_facts = await store.read(matching, filters, holds=holds, now=now) if is_more_than_words else []
    return newest_first((*by_words, *by_facts))


async def near(store: Store, lat: float, lon: float, km: float) -> list[Incident]:
    """The incidents within a circle, newest first."""
    square = await store.read(incidents.near, lat, lon, km, LOOKED_AT)
    return [one for one in square if _kilometres(one.facts.place, lat, lon) <= km]


def newest_first(found: Iterable[Incident]) -> list[Incident]:
    """Each incident once, the one last heard of first."""
    once = {incident.id: incident for incident in found}
    return sorted(once.values(), key=lambda incident: incident.last_seen, reverse=True)


def silent(known: Sequence[SourceState], now: datetime) -> list[SourceState]:
    """The sources that have brought nothing for a day: what they cover can't be seen."""
    oldest = now - timedelta(hours=STALE_HOURS)
    return [state for state in known if state.failures and (state.last_ok is None or state.last_ok < oldest)]


def _kilometres(place: Place | None, lat: float, lon: float) -> float:
    if place is None or place.lat is None or place.lon is None:
        return float("inf")
    return distance_km(place.lat, place.lon, lat, lon)
