"""What do monitoring systems read? Prometheus metrics and a health check, on the loopback address only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

from aiohttp import web
from prometheus_client.core import CollectorRegistry, CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.alerts.service_notices import ALIVE_WITHIN
from bot.operations import health as service_health
from bot.operations.health import Health
from bot.store import Store

HOST = "127.0.0.1"


async def serve(store: Store, clock: Callable[[], datetime], port: int, stop: asyncio.Event) -> None:
    """Answer /metrics and /health on the loopback address until ``stop`` is set.

    Raises:
        OSError: the port is taken.
    """

    async def metrics(_: web.Request) -> web.Response:
        state = await store.read(service_health.snapshot, clock())
        return web.Response(body=exposition(state), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(_: web.Request) -> web.Response:
        state = await store.read(service_health.snapshot, clock())
        alive = state.heartbeat is not None and clock() - state.heartbeat <= ALIVE_WITHIN
        return web.Response(text="alive\n" if alive else "no sign of life\n", status=200 if alive else 503)

    app = web.Application()
    app.add_routes([web.get("/metrics", metrics), web.get("/health", health)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        await stop.wait()
    finally:
        await runner.cleanup()


def exposition(state: Health) -> bytes:
    """The service's state in Prometheus' text exposition format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(state))
    made: bytes = generate_latest(registry)
    return made


class _Collector:
    def __init__(self, state: Health) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        state = self._state
        yield _labelled("tocsin_articles", "Articles by state", "state", state.totals)
        yield _labelled("tocsin_alerts", "Alerts in the outbox by state", "state", state.alerts)
        yield _labelled("tocsin_chats", "Chats by state", "state", state.chats)
        yield GaugeMetricFamily("tocsin_subscriptions", "Subscriptions", value=state.subscriptions)
        yield GaugeMetricFamily("tocsin_sources", "Sources that are read", value=len(state.sources))
        yield GaugeMetricFamily("tocsin_sources_failing", "Sources whose last read failed", value=len(state.failing))
        yield GaugeMetricFamily("tocsin_countries_unseen", "Countries that can't be seen", value=len(state.unseen))
        yield GaugeMetricFamily("tocsin_rows_damaged", "Rows whose payload is damaged", value=len(state.damaged))
        paused = sum(one.paused is not None for one in state.webhooks)
        yield GaugeMetricFamily("tocsin_webhooks_paused", "Webhooks that keep failing", value=paused)
        waiting = sum(one.waiting for one in state.webhooks)
        yield GaugeMetricFamily("tocsin_webhook_messages_waiting", "Messages to webhooks", value=waiting)
        if state.heartbeat is not None:
            at = state.heartbeat.timestamp()
            yield GaugeMetricFamily("tocsin_heartbeat_timestamp_seconds", "The last sign of life", value=at)
        counters = CounterMetricFamily("tocsin_events", "Things that happened, by name", labels=["name"])
        for name, count in state.counters.items():
            counters.add_metric([name], count)
        yield counters
        latency = GaugeMetricFamily(
            "tocsin_latency_seconds", "First cards of the last day, by stage", labels=["stage", "quantile"]
        )
        for stage in state.latency:
            latency.add_metric([stage.name, "0.5"], stage.p50)
            latency.add_metric([stage.name, "0.95"], stage.p95)
        yield latency


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
