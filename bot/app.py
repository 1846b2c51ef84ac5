"""The service put together: every part made once, run on one loop, ended in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from rich.console import Console

from bot.alerts import digests, service_notices
from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.alerts.outcome import Sender
from bot.alerts.rate_limits import Limiter
from bot.alerts.routing import Contains
from bot.chat.connect import Line
from bot.commands import Services, maps
from bot.config import Config, load
from bot.errors import ConfigError, StoreError, TocsinError
from bot.extraction import executor
from bot.incidents import ingest
from bot.operations import backup, integrity_sweep, leader, log_setup, metrics, reload
from bot.operations.scheduler import Clock, Loop
from bot.picture.atlas import GazetteerAtlas
from bot.render.words import Names
from bot.sources import poll
from bot.store import Store, Tx, chats, counters, deferred, inbox, lease, outbox, sources, subscriptions
from bot.terminal import talk
from bot.terminal.show import TerminalSender
from bot.types import Source
from extract.ask import Asker
from extract.kinds import Kinds, load_kinds
from extract.places.gazetteer import Gazetteer, fold
from extract.types import Place

log = logging.getLogger(__name__)

# so many chats are told of a change in one transaction: about a tenth of a second where they number 10,000
PART = 150
POLL_SECONDS = 0.5
INGEST_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 3600.0
ROUND_SECONDS = 20.0
# what is being sent may take this long to end; the operator's limit is 10 s
END_SECONDS = 6.0


class Reader(Protocol):
    """Reads sources: ``bot.sources.poll``."""

    async def read_due(self) -> bool:
        """Read what is due; whether new articles came."""

    async def check(self, url: str) -> Source:
        """Look at an address that a person gave; raises ChatError where it can't be a source."""

    async def close(self) -> None:
        """Close connections."""


ReaderFor = Callable[[Config, Store, Callable[[], datetime]], Reader]
# runs beside the stages: gets the store, "the service ends" and "end the service"
Companion = Callable[[Store, asyncio.Event, asyncio.Event], Coroutine[Any, Any, None]]
Stage = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(kw_only=True)
class _Plan:
    """What is to run. ``path`` is where the configuration is read again, ``anew`` that it has changed."""

    config: Config
    path: Path | None = None
    anew: asyncio.Event = field(default_factory=asyncio.Event)
    reader_for: ReaderFor
    companions: Sequence[Companion]
    typed: asyncio.Queue[str] | None = None


def run(
    config: Config,
    reader: ReaderFor | None = None,
    *,
    companions: Sequence[Companion] = (),
    path: Path | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT. The exit code: 0 ended as asked, 1 something broke.

    At SIGHUP the configuration is read again from ``path``.
    """
    log_setup.configure(config.log.level, *config.telegram.secrets())
    try:
        return asyncio.run(_run(_Plan(config=config, path=path, reader_for=reader or _reader, companions=companions)))
    except TocsinError as error:
        log.error("can't run", extra={"why": str(error)})
        return 1


def check(config: Config) -> list[str]:
    """What an operator should know about a valid configuration before running it."""
    notes = [f"{len(config.sources)} sources, database {config.store.path}"]
    if not config.telegram.token.get_secret_value():
        notes.append("no [telegram] token: alerts are printed and commands typed in the terminal")
    elif not config.telegram.admins:
        notes.append("no [telegram] admins: nobody can use /addsource and /rmsource")
    return notes


def now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


async def _run(plan: _Plan) -> int:
    stop, asked = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    holder = leader.new_holder()
    store = await leader.open_when_free(plan.config.store.path, holder, stop)
    if store is None:
        return 0
    reloading = asyncio.create_task(_reload_when_asked(plan, store, asked))
    code = 0
    try:
        while not code and await leader.take_over(store, holder, now, stop):
            plan.anew.clear()
            try:
                await _make_ready(plan, store)
            except StoreError as error:  # another program holds it for long, say: what serves must not end of it
                log.error("not serving yet", extra={"why": str(error)})
                await leader.wait(stop)
                continue
            code = await _serve(plan, store, holder, stop)
            if stop.is_set() or not plan.anew.is_set():
                with contextlib.suppress(StoreError):  # the next one takes it over when its time is up
                    await store.write(lease.give_back, holder)
            if stop.is_set():
                break
    finally:
        reloading.cancel()
        await asyncio.to_thread(store.close)
    return code


async def _reload_when_asked(plan: _Plan, store: Store, asked: asyncio.Event) -> None:
    """Read the configuration again whenever asked; one that can't be used changes nothing."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            await _reload(plan)
        except ConfigError as error:
            log.error("the configuration stays as it was", extra={"why": str(error)})
            with contextlib.suppress(StoreError):
                await store.write(counters.problem, "configuration", "configuration", str(error), now())


async def _reload(plan: _Plan) -> None:
    if plan.path is None:
        raise ConfigError("there is no configuration file to read again")
    new, kept = reload.merged(plan.config, await asyncio.to_thread(load, plan.path))
    if kept:
        log.warning("changed, but only after a restart", extra={"keys": ", ".join(kept)})
    keys = reload.changed(plan.config, new)
    log.info("configuration read again", extra={"changed": ", ".join(keys) or "nothing"})
    if keys:
        plan.config = new
        log_setup.configure(new.log.level, *new.telegram.secrets())
        plan.anew.set()


async def _make_ready(plan: _Plan, store: Store) -> None:
    gazetteer = Gazetteer.open()
    await store.write(_prepare, plan.config, Names(load_kinds(), gazetteer.country_name), gazetteer.contains)


async def _serve(plan: _Plan, store: Store, holder: str, stop: asyncio.Event) -> int:
    """Run every stage until the stop, another configuration, the loss of the lease, or the death of a stage."""
    service = _build(plan, store, holder)
    log.info("started", extra={"sources": len(plan.config.sources), "people": service.people})
    ended = asyncio.Event()
    stages = [asyncio.create_task(stage(ended)) for stage in service.stages]
    stages += [asyncio.create_task(companion(store, ended, stop)) for companion in plan.companions]
    watch = [
        asyncio.create_task(stop.wait()),
        asyncio.create_task(plan.anew.wait()),
        asyncio.create_task(leader.keep_lease(store, holder, now, ended)),
    ]
    await asyncio.wait((*stages, *watch), return_when=asyncio.FIRST_COMPLETED)
    broken = [task for task in stages if task.done() and not stop.is_set()]
    ended.set()
    service.wake_all()
    await service.close(stages)
    for task in watch:
        task.cancel()
    for task in broken:
        log.error("a stage ended", exc_info=task.exception() if not task.cancelled() else None)
    return 1 if broken else 0


@dataclass(kw_only=True)
class _Service:
    """Everything that runs, and how it ends."""

    people: str
    stages: list[Stage]
    wakes: list[asyncio.Event]
    workers: executor.Workers
    clock: Clock
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def wake_all(self) -> None:
        for wake in self.wakes:
            wake.set()

    async def close(self, stages: list[asyncio.Task[None]]) -> None:
        """What is under way ends within the limit; the rest is cut off, and known as unfinished to the store."""
        self.clock.stop()
        _, late = await asyncio.wait(stages, timeout=END_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        self.workers.close()
        for close in self.closing:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(close(), 1.0)


def _build(plan: _Plan, store: Store, holder: str) -> _Service:
    config = plan.config
    kinds, gazetteer = load_kinds(), Gazetteer.open()
    names = Names(kinds, gazetteer.country_name)
    limiter = Limiter(per_second=config.alerts.per_second, group_per_minute=config.alerts.group_per_minute)
    line = Line(config.telegram, limiter) if config.telegram.token.get_secret_value() else None
    sender: Sender = line.sender if line else TerminalSender(Console())
    deliverer = Deliverer(
        store=store,
        sender=sender,
        limiter=limiter,
        names=names,
        holder=holder,
        clock=now,
        slots=config.alerts.senders,
        loud=config.alerts.loud,
    )
    reader, pool = plan.reader_for(config, store, now), _pool(config)
    rules = _rules(config, gazetteer)
    loops = _loops(config, store, reader=reader, pool=pool, rules=rules, deliverer=deliverer)
    loops.append(_rounds(store, config, names, deliverer, gazetteer.contains))
    loops.append(_backups(store, config))
    services = _services(store, kinds, gazetteer, names=names, reader=reader, reading=loops[0].wake, rules=rules)
    deliverer.draw = maps.automatic_map(services)
    clock = Clock()
    for loop, seconds in zip(
        loops,
        (POLL_SECONDS, INGEST_SECONDS, HOUSEKEEPING_SECONDS, ROUND_SECONDS, config.store.backup_every),
        strict=True,
    ):
        clock.every(seconds, loop.wake)
    clock.start()
    pool.warm_up()
    people = line.updates(services, holder) if line else _at_terminal(services, plan)
    return _Service(
        people="telegram" if line else "terminal",
        stages=[*(loop.run for loop in loops), deliverer.run, people, *_metrics(store, config)],
        wakes=[*(loop.wake for loop in loops), deliverer.wake],
        workers=pool,
        clock=clock,
        # the line carries alerts to the very end: the updates' end must not close it
        closing=[reader.close, *([line.close] if line else [])],
    )


def _loops(
    config: Config, store: Store, *, reader: Reader, pool: executor.Workers, rules: Rules, deliverer: Deliverer
) -> list[Loop]:
    """Reading wakes extracting, extracting wakes delivering; the clock wakes each of them too."""
    waiting = asyncio.Event()

    async def read() -> bool:
        if await reader.read_due():
            waiting.set()
        return False

    async def extract() -> bool:
        worked = await ingest.work_off(store, pool, rules, limit=config.extract.batch, clock=now)
        deliverer.wake.set()
        return worked > 0

    async def keep_house() -> bool:
        while await store.write(ingest.grow_old, now()):
            pass
        await store.write(_housekeeping)
        return False

    return [
        Loop(name="read", work=read),
        Loop(name="extract", work=extract, wake=waiting),
        Loop(name="housekeeping", work=keep_house),
    ]


def _rounds(store: Store, config: Config, names: Names, deliverer: Deliverer, contains: Contains) -> Loop:
    """Digests and what came in quiet hours, when they are due; what the service can't see; a sign of life."""

    sweep = integrity_sweep.Sweep(store=store, admins=lambda: config.telegram.admins, clock=now)

    async def go_round() -> bool:
        await store.write(service_notices.record_heartbeat, now())
        await store.write(service_notices.notify_of_unseen, names, now())
        await sweep.go_on()
        made = await store.write(digests.make_due, names, now(), contains)
        made += await store.write(digests.gather_backlog, names, now(), contains)
        if made:
            deliverer.wake.set()
        return made > 0

    return Loop(name="rounds", work=go_round)


def _metrics(store: Store, config: Config) -> list[Stage]:
    """Monitoring, where it is wished for; a port that is taken is told of, and ends nothing."""
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


def _backups(store: Store, config: Config) -> Loop:
    """A checked copy of the database, when its time has come; a folder that can't be written is told of, no more."""
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


def _pool(config: Config) -> executor.Workers:
    settings = config.extract
    return executor.local(
        model=settings.model, workers=settings.workers, timeout=settings.timeout, batch=settings.batch
    )


def _rules(config: Config, gazetteer: Gazetteer) -> Rules:
    return Rules(
        batch=PART,
        fresh=timedelta(seconds=config.alerts.fresh),
        act_within=timedelta(seconds=config.alerts.act_within),
        loud=config.alerts.loud,
        families=_families(config),
        contains=gazetteer.contains,
    )


def _at_terminal(services: Services, plan: _Plan) -> Stage:
    async def stage(stop: asyncio.Event) -> None:
        await talk.begin(services)
        plan.typed = plan.typed or talk.listen(sys.stdin)
        await talk.talk(services, Console(), stop, plan.typed)

    return stage


def _services(
    store: Store,
    kinds: Kinds,
    gazetteer: Gazetteer,
    *,
    names: Names,
    reader: Reader,
    reading: asyncio.Event,
    rules: Rules,
) -> Services:
    async def add_source(url: str) -> Source:
        source = await reader.check(url)
        await store.write(sources.upsert, source, "chat", now())
        reading.set()
        return source

    return Services(
        store=store,
        kinds=kinds,
        places=gazetteer,
        weight=_weight(gazetteer),
        contains=gazetteer.contains,
        names=names,
        clock=now,
        rules=rules,
        zone_at=gazetteer.timezone,
        atlas=GazetteerAtlas(gazetteer),
        asker=Asker(kinds, gazetteer),
        add_source=add_source,
    )


def _weight(gazetteer: Gazetteer) -> Callable[[Place], int]:
    """How many people live in a place: what tells the well-known one of a name from the others."""

    def weight(place: Place) -> int:
        found = [one.entry for one in gazetteer.candidates(fold(place.name)) if one.entry.geonameid == place.geonameid]
        return found[0].population if found else 0

    return weight


def _prepare(tx: Tx, config: Config, names: Names, contains: Contains) -> None:
    """What a process does when it begins to serve."""
    sources.sync(tx, config.source_list(), now())
    service_notices.notify_of_downtime(tx, config.telegram.admins, now())
    digests.gather_backlog(tx, names, now(), contains)
    unanswered = outbox.recover(tx)
    if unanswered:
        log.warning("alerts had no answer when the last process ended", extra={"alerts": unanswered})


def _housekeeping(tx: Tx) -> None:
    inbox.prune(tx, now())
    chats.prune(tx, now())
    counters.prune(tx, now())
    deferred.prune(tx, now())
    subscriptions.prune(tx, now())


def _reader(config: Config, store: Store, clock: Callable[[], datetime]) -> Reader:
    return poll.Reader(store, config.fetch, clock)


def _families(config: Config) -> dict[str, str]:
    """Who owns a source, by its name and its host: what an article calls its publisher."""
    families: dict[str, str] = {}
    for source in config.sources:
        if source.family:
            host = (urlsplit(source.url).hostname or "").removeprefix("www.")
            named = (name for name in (source.name, source.name.lower(), host) if name)
            families |= dict.fromkeys(named, source.family)
    return families
