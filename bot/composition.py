"""Which parts is the service made of? Builds each from the configuration; the only module that knows them all.

``build`` makes what runs while this process serves the database; ``bot.app`` starts and ends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.alerts import digests, latency, service_notices, source_notices
from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.alerts.outcome import Sender
from bot.alerts.webhooks import notices as webhook_notices
from bot.alerts.webhooks import signing
from bot.alerts.webhooks.delivery import HookSender
from bot.chat.connect import Connection, turns_of
from bot.commands import Services, maps
from bot.config import Config, WebhookSettings
from bot.due import ClockWatch
from bot.errors import ClusterUnavailable, ConfigError, StoreError, UsageError
from bot.extraction.executor import BatchExtractor
from bot.extraction.local_executor import local_extractor
from bot.incidents import ingest, intake
from bot.operations import backup, integrity_sweep, metrics, push
from bot.operations.scheduler import Clock, Loop
from bot.picture.atlas import GazetteerAtlas
from bot.render.words import Names
from bot.sources import poll
from bot.sources.finder import SourceFinder
from bot.sources.post import Poster
from bot.store import (
    Store,
    Tx,
    audit,
    chats,
    counters,
    deferred,
    inbox,
    outbox,
    pruning,
    sources,
    subscriptions,
    webhooks,
)
from bot.terminal import talk
from bot.terminal.screen import Screen, StandardScreen
from bot.terminal.show import TerminalSender, show
from bot.types import Candidate, Hook, ListPlan, Source
from bot.web import feed_filter
from bot.web import server as web_server
from extract.ask import Asker
from extract.kinds import Kinds, load_kinds
from extract.places.containment import Contains
from extract.places.gazetteer import Gazetteer

log = logging.getLogger(__name__)

# chats that are told of a change in one transaction, which takes some 60 ms
FAN_OUT_BATCH = 500
NO_CLUSTER = "extract.cluster: the package distributed is not installed; install it with pip install tocsin[cluster]"
POLL_SECONDS = 0.5
INGEST_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 3600.0
ROUND_SECONDS = 20.0
# housekeeping waits for so long after the clock was moved
STEADY_SECONDS = 600.0
# how long what is under way may take to end; the operator's limit is 10 s
END_SECONDS = 6.0


class SourceReader(Protocol):
    """Reads sources: ``bot.sources.poll``."""

    async def read_due(self) -> bool:
        """Start to read what is due. True if new articles came."""

    async def find(self, url: str) -> tuple[Candidate, ...]:
        """The sources that an address leads to; raises ChatError where there is nothing to read."""

    async def look(self, candidate: Candidate) -> Candidate:
        """The candidate with what it shows now; raises ChatError where it can't be read."""

    async def plan(self, body: bytes) -> ListPlan:
        """What to do with the feeds of an OPML document; raises ChatError where it can't be read."""

    async def close(self) -> None:
        """Close connections."""


ReaderFor = Callable[[Config, Store, Callable[[], datetime]], SourceReader]
# runs until the event that it gets is set
Stage = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(kw_only=True)
class Terminal:
    """Where people without a bot read and type. One thread reads for as long as the process lives, also after a reload.

    ``at_end`` is called where somebody ends the input with Ctrl-D. ``greets``: it begins with what to type first.
    ``before_alert`` is waited for before each alert is shown. ``farewell`` is its last line.
    """

    at_end: Callable[[], None] = lambda: None
    greets: bool = True
    farewell: str = "Ended. What had not been told waits for the next start."
    before_alert: Callable[[], Awaitable[None]] | None = None

    @cached_property
    def screen(self) -> Screen:
        """Where alerts and answers are shown."""
        return StandardScreen()

    @cached_property
    def queue(self) -> asyncio.Queue[str]:
        """The lines as they come; needs a running loop. Where nobody sits, the end of the input ends nothing."""
        if self.screen.has_prompt:
            return talk.listen(talk.typed_at(self.screen), self.at_end)
        return talk.listen(sys.stdin)


@dataclass(kw_only=True)
class Service:
    """Everything that runs while this process serves, and how it ends.

    ``channel`` is where alerts go and commands come from: "telegram" or "terminal".
    """

    channel: str
    stages: list[Stage]
    wakes: list[asyncio.Event]
    extractor: BatchExtractor
    clock: Clock
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def wake_all(self) -> None:
        """Let every stage look at once whether it is to end."""
        for wake in self.wakes:
            wake.set()

    async def close(self, stages: list[asyncio.Task[None]]) -> None:
        """Wait for the stages until the time limit, and cancel the rest: the store knows it as unfinished."""
        self.clock.stop()
        _, late = await asyncio.wait(stages, timeout=END_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        self.extractor.close()
        for close in self.closing:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(close(), 1.0)


def now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def source_reader(config: Config, store: Store, clock: Callable[[], datetime]) -> SourceReader:
    """What reads the configured sources."""
    return poll.SourceReader(store, config.fetch, clock)


async def make_ready(config: Config, store: Store) -> None:
    """What a process does once, before it serves: sources as configured, notices of downtime, unanswered alerts."""
    gazetteer = Gazetteer.open()
    await store.write(_prepare, config, Names(load_kinds(), gazetteer.country_name), gazetteer.contains)


def build(config: Config, store: Store, *, holder: str, reader: SourceReader, terminal: Terminal) -> Service:
    """Every part, ready to run; the clock runs already and the extractor's workers start.

    ``holder`` is this process's name in the lease. Without a bot token people use the ``terminal``.
    """
    kinds, gazetteer = load_kinds(), Gazetteer.open()
    names = Names(kinds, gazetteer.country_name)
    turns = turns_of(config, store, now)
    line = Connection(config.telegram, turns) if config.telegram.token.get_secret_value() else None
    sender: Sender = line.sender if line else TerminalSender(terminal.screen, terminal.before_alert)
    deliverer = Deliverer(
        store=store,
        sender=sender,
        turns=turns,
        names=names,
        holder=holder,
        clock=now,
        slots=config.alerts.senders,
        loud=config.alerts.loud,
        contains=gazetteer.contains,
        reached=gazetteer.reached,
    )
    extractor, rules = _extractor(config), alert_rules(config, gazetteer)
    reading = _reading(store, reader=reader, extractor=extractor, rules=rules, deliverer=deliverer)
    watch = ClockWatch(now)
    loops = [
        *reading,
        (HOUSEKEEPING_SECONDS, _housekeeping(store, config, names, watch)),
        (ROUND_SECONDS, _rounds(store, config, names, deliverer, gazetteer, watch)),
        (config.store.backup_every, _backups(store, config)),
    ]
    finder = SourceFinder(reader=reader, extractor=extractor, clock=now, wake=reading[0][1].wake.set)
    services = _services(store, kinds, gazetteer, names=names, finder=finder, rules=rules)
    trial = timedelta(seconds=config.fetch.trial)
    services = dataclasses.replace(services, admins=tuple(config.telegram.admins), trial=trial, pages=_pages(config))
    hooks = _hook_senders(config, store, rules.hooks, holder)
    deliverer.draw = maps.automatic_map(services)
    clock = Clock(watch)
    for seconds, loop in loops:
        clock.every(seconds, loop.wake)
    clock.start()
    extractor.warm_up()
    commands = line.updates(services, holder) if line else _at_terminal(services, terminal)
    return Service(
        channel="telegram" if line else "terminal",
        stages=[
            *(loop.run for _, loop in loops),
            deliverer.run,
            commands,
            *_metrics(store, config),
            *_push(store, config, reading[1][1].wake),
            *_web(services, config),
            *(hook.run for hook, _ in hooks),
        ],
        wakes=[*(loop.wake for _, loop in loops), deliverer.wake],
        extractor=extractor,
        clock=clock,
        # alerts are sent until the very end, so the connection to Telegram is closed last
        closing=[reader.close, *(close for _, close in hooks), *([line.close] if line else [])],
    )


def _reading(
    store: Store, *, reader: SourceReader, extractor: BatchExtractor, rules: Rules, deliverer: Deliverer
) -> list[tuple[float, Loop]]:
    """Reading wakes extracting, extracting wakes delivering; the clock wakes each of them too, at these intervals."""
    waiting = asyncio.Event()

    async def read() -> bool:
        if await reader.read_due():
            waiting.set()
        return False

    trouble = ""

    async def extract() -> bool:
        nonlocal trouble
        try:
            worked = await intake.work_off(
                store, extractor, rules, limit=extractor.articles_at_once, clock=now, committed=deliverer.wake.set
            )
        except ClusterUnavailable as error:
            if str(error) != trouble:
                log.error("articles wait", extra={"why": str(error)})
                await store.write(counters.problem, "cluster", "extract", str(error), now())
            trouble = str(error)
            return False
        trouble = trouble if not worked else ""
        deliverer.wake.set()
        return worked > 0

    return [
        (POLL_SECONDS, Loop(name="read", work=read)),
        (INGEST_SECONDS, Loop(name="extract", work=extract, wake=waiting)),
    ]


def _housekeeping(store: Store, config: Config, names: Names, watch: ClockWatch) -> Loop:
    """Incidents without news become stable or closed, and what is no longer needed is deleted.

    Not shortly after the clock was moved: it may be wrong, and this can't be undone.
    """

    async def housekeep() -> bool:
        if watch.steady_for() < STEADY_SECONDS:
            return False
        while await store.write(ingest.grow_old, now()):
            pass
        while await store.write(ingest.refresh_aged, now()) == ingest.REFRESHED_AT_ONCE:
            pass
        await store.write(service_notices.notify_of_ending, names, now())
        await store.write(_prune)
        if config.store.keep_texts:
            while (
                await store.write(pruning.prune, now() - timedelta(seconds=config.store.keep_texts)) == pruning.AT_ONCE
            ):
                pass
        return False

    return Loop(name="housekeeping", work=housekeep)


def _rounds(
    store: Store, config: Config, names: Names, deliverer: Deliverer, gazetteer: Gazetteer, watch: ClockWatch
) -> Loop:
    """Digests and what quiet hours deferred, when they are due; notices about the service; the heartbeat."""
    sweep = integrity_sweep.Sweep(store=store, admins=lambda: config.telegram.admins, clock=now)
    planned_at = -1

    async def go_round() -> bool:
        nonlocal planned_at
        watch.look()
        if watch.moves != planned_at:
            await store.write(digests.plan_again, now())
            planned_at = watch.moves
        await store.write(service_notices.record_heartbeat, now())
        await store.write(service_notices.notify_of_unseen, names, now(), gazetteer.extent)
        await store.write(latency.notify_of_objective, config.telegram.admins, config.alerts.objective, now())
        admins, fetch = config.telegram.admins, config.fetch
        await store.write(
            source_notices.notify_of_troubles, admins, now(), pause_after=timedelta(seconds=fetch.pause_after)
        )
        await store.write(source_notices.notify_of_ended_trials, admins, now(), timedelta(seconds=fetch.trial))
        if config.webhooks:
            called = {one.url: one.called for one in config.webhooks}
            await store.write(webhook_notices.notify_of_pauses, admins, called, now())
        await sweep.go_on()
        made = await store.write(digests.make_due, names, now(), gazetteer.contains)
        made += await store.write(digests.gather_backlog, names, now(), gazetteer.contains)
        if made:
            deliverer.wake.set()
        return made > 0

    return Loop(name="rounds", work=go_round)


def _push(store: Store, config: Config, wake: asyncio.Event) -> list[Stage]:
    """The server that articles are handed in at, if a port is configured; a port that is in use ends nothing."""
    port, token = config.push.port, config.push.token.get_secret_value()
    if not port:
        return []

    async def stage(stop: asyncio.Event) -> None:
        try:
            await push.serve(store, now, port, token, wake=wake, stop=stop)
        except OSError as error:
            log.error("no articles can be handed in", extra={"port": port, "why": error.strerror or str(error)})
            await stop.wait()

    return [stage]


def _metrics(store: Store, config: Config) -> list[Stage]:
    """The metrics' server, if a port is configured. A port that is in use is logged, and ends nothing."""
    port = config.metrics.port
    if not port:
        return []

    async def stage(stop: asyncio.Event) -> None:
        try:
            await metrics.serve(store, now, port, stop)
        except OSError as error:
            log.error("no metrics", extra={"port": port, "why": error.strerror or str(error)})
            await stop.wait()

    return [stage]


def _web(services: Services, config: Config) -> list[Stage]:
    """The server of feeds and pages, if a port is configured; a port that is in use ends nothing."""
    port = config.web.port
    if not port:
        return []

    async def stage(stop: asyncio.Event) -> None:
        try:
            await web_server.serve(services, port, config.web.url, stop)
        except OSError as error:
            log.error("no feeds and pages", extra={"port": port, "why": error.strerror or str(error)})
            await stop.wait()

    return [stage]


def _backups(store: Store, config: Config) -> Loop:
    """A checked copy of the database at intervals. A folder that can't be written is a problem in /status, no more."""
    folder = config.store.backups

    async def copy() -> bool:
        if folder.name:
            try:
                await asyncio.to_thread(backup.copy_and_prune, store, folder, now(), config.store.backup_keep)
            except StoreError as error:
                log.error("no backup", extra={"why": str(error)})
                await store.write(counters.problem, "backup", "backup", str(error), now())
        return False

    return Loop(name="backup", work=copy)


def _extractor(config: Config) -> BatchExtractor:
    settings = config.extract
    if settings.cluster:
        try:
            from bot.extraction.cluster_executor import cluster_extractor  # noqa: PLC0415  an optional dependency
        except ImportError as error:
            raise ConfigError(NO_CLUSTER) from error
        return cluster_extractor(settings.cluster, model=settings.model, timeout=settings.timeout, batch=settings.batch)
    return local_extractor(
        model=settings.model, workers=settings.workers, timeout=settings.timeout, batch=settings.batch
    )


def hooks_of(config: Config) -> tuple[Hook, ...]:
    """The configured webhooks, their filters read as the words of /subscribe.

    Raises:
        ConfigError: a filter is unclear or can match nothing; all such are listed.
    """
    if not config.webhooks:
        return ()
    gazetteer = Gazetteer.open()
    reader = feed_filter.Reader(
        kinds=load_kinds(), places=gazetteer, contains=gazetteer.contains, extent=gazetteer.extent
    )
    found: list[Hook] = []
    amiss: list[str] = []
    for number, one in enumerate(config.webhooks):
        try:
            wanted = feed_filter.read([("q", one.filter)], reader, now())
        except UsageError as error:
            amiss.append(f"webhooks[{number}].filter: {error}")
            continue
        found.append(Hook(url=one.url, name=one.called, filters=wanted.filters, pages=_pages(config)))
    if amiss:
        raise ConfigError("\n".join(amiss))
    return tuple(found)


def private_hosts(hook: WebhookSettings) -> tuple[str, ...]:
    """The hosts that the address guard lets a webhook post to although they are private: its own, if it says so."""
    host = urlsplit(hook.url).hostname
    return (host,) if hook.allow_private and host else ()


def _pages(config: Config) -> str:
    """The beginning of the addresses of incidents' pages, up to the id; empty where others can't open them."""
    return f"{config.web.url.rstrip('/')}/incident/" if config.web.port and config.web.url else ""


def _hook_senders(
    config: Config, store: Store, hooks: tuple[Hook, ...], holder: str
) -> list[tuple[HookSender, Callable[[], Awaitable[None]]]]:
    """What sends each webhook its messages, and what closes its connections."""
    made: list[tuple[HookSender, Callable[[], Awaitable[None]]]] = []
    for hook, settings in zip(hooks, config.webhooks, strict=True):
        poster = Poster(config.fetch.user_agent, private_hosts(settings))
        keys = tuple(signing.key_of(secret) for secret in settings.secret.get_secret_value().split())
        sender = HookSender(store=store, hook=hook, keys=keys, post=poster.post, holder=holder, clock=now)
        made.append((sender, poster.close))
    return made


def alert_rules(config: Config, gazetteer: Gazetteer) -> Rules:
    """What decides which changes are told, and how."""
    return Rules(
        batch=FAN_OUT_BATCH,
        fresh=timedelta(seconds=config.alerts.fresh),
        act_within=timedelta(seconds=config.alerts.act_within),
        loud=config.alerts.loud,
        families=_families(config),
        tiers={name: source.tier for source in config.source_list() for name in _names(source)},
        contains=gazetteer.contains,
        hooks=hooks_of(config),
        reached=gazetteer.reached,
    )


def _at_terminal(services: Services, terminal: Terminal) -> Stage:
    async def stage(stop: asyncio.Event) -> None:
        greeting = await talk.register(services)
        if terminal.greets:
            terminal.screen.print(show(greeting), style="dim")
        await talk.talk(services, terminal.screen, stop, terminal.queue)

    return stage


def _services(
    store: Store,
    kinds: Kinds,
    gazetteer: Gazetteer,
    *,
    names: Names,
    finder: SourceFinder,
    rules: Rules,
) -> Services:
    return Services(
        store=store,
        kinds=kinds,
        places=gazetteer,
        contains=gazetteer.contains,
        extent=gazetteer.extent,
        names=names,
        clock=now,
        rules=rules,
        zone_at=gazetteer.timezone,
        atlas=GazetteerAtlas(gazetteer),
        asker=Asker(kinds, gazetteer),
        finder=finder,
    )


def _prepare(tx: Tx, config: Config, names: Names, contains: Contains) -> None:
    sources.sync(tx, config.source_list(), now())
    is_heard = bool(config.telegram.token.get_secret_value()) or sys.stdout.isatty()
    service_notices.record_hearing(tx, is_heard=is_heard, now=now())
    if not is_heard:
        log.warning("alerts reach nobody", extra={"why": "no [telegram] token, and no terminal that shows them"})
    service_notices.notify_of_downtime(tx, config.telegram.admins, now())
    digests.gather_backlog(tx, names, now(), contains)
    webhooks.sync(tx, [one.url for one in config.webhooks], now())
    webhooks.recover(tx)
    unanswered = outbox.recover(tx)
    if unanswered:
        log.warning("alerts had no answer when the last process ended", extra={"alerts": unanswered})
    log.info("audit log", extra={"head": str(audit.head(tx))})


def _prune(tx: Tx) -> None:
    inbox.prune(tx, now())
    chats.prune(tx, now())
    counters.prune(tx, now())
    deferred.prune(tx, now())
    subscriptions.prune(tx, now())
    if dropped := webhooks.prune(tx, now()):
        counters.problem(tx, "webhooks", "webhook", f"{dropped} messages were dropped: nobody took them", now())


def _families(config: Config) -> dict[str, str]:
    """Source's name or host, as an article may name its publisher -> the family that owns the source."""
    families: dict[str, str] = {}
    for source in config.source_list():
        if source.family:
            families |= dict.fromkeys(_names(source), source.family)
    return families


def _names(source: Source) -> tuple[str, ...]:
    """The names that an article may call a source by."""
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    return tuple(name for name in (source.name, source.name.lower(), host) if name)
