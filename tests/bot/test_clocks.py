"""The wall clock is moved, or the machine suspended: every source is read in time, every alert arrives once.

``bot.due`` lists every stored moment and what becomes of it.
"""

import asyncio
import itertools
from datetime import timedelta
from email.utils import format_datetime

import fakes
import pytest
from fakes import HOLDER, NOW, Clock
from loopback import answer, serving
from talking import NAMES
from test_delivery import FakeSender, due, save
from test_notifications import happen
from test_poll import item, rss

from bot.alerts import digests, service_notices
from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.alerts.outcome import Wait
from bot.config import Fetch
from bot.due import ClockWatch, remaining
from bot.incidents import ingest
from bot.operations import health, leader, scheduler
from bot.operations.leader import LeaseWatch
from bot.render import text
from bot.sources.poll import SourceReader
from bot.store import chats, lease, outbox, preferences, sources, subscriptions
from bot.types import Preferences, Rhythm, Source, Subscription

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOVES = [-HOUR, -DAY, HOUR, DAY]
EVERY, STEP = 60.0, 10.0
CHATS = (1, 2)


class Machine:
    """A machine with two clocks, which reads one source and alerts two chats, one step after the other."""

    def __init__(self, store, web):
        self.store, self.web = store, web
        self.clock, self.ticks, self.elapsed = Clock(NOW), 0.0, 0.0
        self.items, self.read_at, self.sender = [], [], FakeSender()
        store.write_sync(sources.upsert, Source(url=f"{web.root}/f", every=EVERY), "config", NOW)
        for chat in CHATS:
            store.write_sync(chats.touch, chat, "private", NOW)
            store.write_sync(subscriptions.add, Subscription(chat=chat), NOW)
        self.start()

    def start(self):
        """A new process: nothing is known but what is stored."""
        settings = Fetch(allow_hosts=("127.0.0.1",), timeout=5.0)
        self.reader = SourceReader(self.store, settings, self.clock, chance=lambda: 0.5, ticks=lambda: self.ticks)
        self.deliverer = Deliverer(store=self.store, sender=self.sender, names=NAMES, holder=HOLDER, clock=self.clock)

    def publish(self, title):
        """The source shows another article, dated by the right time."""
        self.items.insert(0, item(title, date=format_datetime(NOW + timedelta(seconds=self.elapsed))))
        self.web.pages["/f"] = answer(rss(*self.items))

    async def step(self, seconds=STEP, *, deliver=True):
        self.clock.tick(seconds)
        self.ticks += seconds
        self.elapsed += seconds
        await self.store.write(lease.take, HOLDER, self.clock())
        before = self.web.count("/f")
        await self.reader.read_due()
        await self.reader.settle()
        self.read_at += [self.elapsed] * (self.web.count("/f") - before)
        for stored in self.store.read_sync(ingest.articles.waiting, 10):
            found = fakes.extract(stored.article)
            ids = ingest.seeded_ids(stored.article.id)
            self.store.write_sync(ingest.commit, stored, found, now=self.clock(), new_id=ids, rules=Rules())
        if deliver:
            async with asyncio.TaskGroup() as group:
                await self.deliverer.start_due(group)

    async def run(self, seconds):
        for _ in range(round(seconds / STEP)):
            await self.step()

    def cards(self):
        """The chat and first words of each card that was sent."""
        return sorted((one.chat, text.visible(one.message).split("\n")[0].split(",")[0]) for one in self.sender.got)


@pytest.fixture
async def machine(store, simple_tracking):
    async with serving() as web:
        web.pages["/f"] = answer(rss(item("A quiet day")))
        made = Machine(store, web)
        yield made
        await made.reader.close()


async def live_through(machine, move, *, restarts):
    await machine.run(120)
    machine.publish("Bomb kills 4 in Karachi")
    for _ in range(7):  # it is read, and nothing is sent before the clock is moved
        await machine.step(deliver=False)
    move()
    if restarts:
        await machine.reader.close()
        machine.start()
    moved = machine.elapsed
    await machine.run(60)
    machine.publish("Bomb kills 5 in Lahore")
    await machine.run(120)
    machine.publish("Gunmen kill 6 in Nairobi")
    await machine.run(200)
    gaps = [later - sooner for sooner, later in itertools.pairwise([*machine.read_at, machine.elapsed])]
    assert max(gaps) <= EVERY + STEP
    assert any(moved < at <= moved + EVERY for at in machine.read_at)
    where = [town for _, town in machine.cards()]
    assert sorted(machine.cards()) == sorted({*machine.cards()})
    assert len(where) == 6


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("by", MOVES)
async def test_a_clock_that_is_moved_silences_and_repeats_nothing(machine, by, restarts):
    def move():
        machine.clock.at += by

    await live_through(machine, move, restarts=restarts)


@pytest.mark.parametrize("by", MOVES)
async def test_nor_does_a_clock_that_is_moved_and_put_right_again(machine, by):
    def move():
        machine.clock.at += by

    await live_through(machine, move, restarts=False)
    machine.clock.at -= by
    before = len(machine.cards()), machine.elapsed
    await machine.run(180)
    assert len(machine.cards()) == before[0]
    assert len([at for at in machine.read_at if at > before[1]]) >= 2


@pytest.mark.parametrize("monotonic", [0.0, 8 * 3600.0])
async def test_a_suspended_machine_goes_on_where_it_was(machine, monotonic):
    def suspend():
        machine.clock.tick(8 * 3600)
        machine.ticks += monotonic

    await live_through(machine, suspend, restarts=False)


async def test_a_long_interval_is_kept_by_the_monotonic_clock(machine, store):
    store.write_sync(sources.upsert, Source(url=f"{machine.web.root}/f", every=10_800.0), "config", NOW)
    await machine.step()
    await machine.step(10_000.0)
    machine.clock.at -= HOUR
    await machine.step(700.0)
    await machine.step(200.0)
    assert machine.read_at[1:] == [machine.read_at[0] + 10_900.0]


# ------------------------------------------------------------------ what waits


@pytest.mark.parametrize("by", [-HOUR, -DAY])
def test_a_chats_wait_ends_when_the_clock_is_set_back(store, by):
    store.write_sync(save)
    store.write_sync(due)
    store.write_sync(chats.wait_until, 1, NOW + timedelta(seconds=60), NOW)
    assert claimed(store, NOW + timedelta(seconds=30)) == 0
    assert claimed(store, NOW + by) == 1


def claimed(store, now):
    store.write_sync(lease.take, HOLDER, now)
    return len(store.write_sync(outbox.claim, holder=HOLDER, now=now, limit=9, busy=()))


async def test_a_retry_is_put_off_by_minutes_at_most(store, clock):
    store.write_sync(save)
    store.write_sync(due)
    one = Deliverer(store=store, sender=FakeSender(Wait(3600)), names=NAMES, holder=HOLDER, clock=clock)
    async with asyncio.TaskGroup() as group:
        await one.start_due(group)
    assert store.read_sync(chats.waiting_until, 1) == NOW + HOUR
    assert claimed(store, NOW + timedelta(minutes=59)) == 0
    assert claimed(store, NOW + HOUR) == 1


def test_what_is_left_of_a_wait_is_never_more_than_all_of_it():
    until = NOW + timedelta(seconds=60)
    after = [remaining(NOW, until, NOW + by).total_seconds() for by in (-DAY, -HOUR, timedelta(seconds=20), HOUR)]
    assert after == [60, 60, 40, 0]


@pytest.mark.parametrize(("digest", "within"), [(Rhythm.HOURLY, HOUR), (Rhythm.DAILY, DAY), (Rhythm.WEEKLY, 7 * DAY)])
@pytest.mark.parametrize("by", [-HOUR, -DAY])
def test_a_digest_is_planned_again_when_the_clock_is_set_back(store, digest, within, by):
    chosen = Preferences(digest=digest, digest_at="12:00", zone="UTC")
    store.write_sync(preferences.put, 1, 0, chosen, NOW + within)
    store.write_sync(digests.plan_again, NOW + by)
    ((_, _, _, planned),) = store.read_sync(preferences.planned)
    assert NOW + by < planned <= NOW + by + within


def test_the_end_of_quiet_hours_is_planned_again_when_the_clock_is_set_back(store):
    chosen = Preferences(quiet=("22:00", "07:00"), zone="UTC")
    store.write_sync(preferences.put, 1, 0, chosen, NOW + timedelta(hours=19))
    store.write_sync(digests.plan_again, NOW - DAY)
    ((_, _, _, planned),) = store.read_sync(preferences.planned)
    assert planned == NOW - DAY + timedelta(hours=19)


def test_cards_from_a_later_time_do_not_use_up_the_limit_a_day(store, simple_tracking):
    store.write_sync(chats.touch, 501, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=501, most_a_day=1), NOW)
    happen(store, "dock")
    happen(store, "market", place="Lahore", at=NOW - HOUR)
    assert store.read_sync(outbox.counts) == {"pending": 2}


# ------------------------------------------------------------------ leases, heartbeat, jobs


class Ticks:
    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.mark.parametrize("by", MOVES)
def test_a_standby_takes_no_lease_that_is_renewed(by):
    ticks, now = Ticks(), NOW
    watch = LeaseWatch(ticks)
    for n in range(30):
        now += timedelta(seconds=2)
        ticks.at += 2.0
        if n == 15:  # the clock is moved between two renewals
            assert not watch.is_unrenewed(held(now - timedelta(seconds=2)), now + by)
            now += by
        assert not watch.is_unrenewed(held(now), now)


@pytest.mark.parametrize("by", MOVES)
def test_a_lease_that_nobody_renews_is_taken_in_time(by):
    ticks = Ticks()
    watch = LeaseWatch(ticks)
    assert not watch.is_unrenewed(held(NOW), NOW)
    ticks.at += lease.SECONDS
    assert watch.is_unrenewed(held(NOW), NOW + by)


async def test_a_process_that_starts_takes_an_expired_lease_at_once(store, clock):
    clock.tick(lease.SECONDS + 1)
    assert await leader.take_over(store, "another", clock, asyncio.Event())


def held(at):
    return lease.Lease("other/1/1/x", outbox.stamp(at + timedelta(seconds=lease.SECONDS)))


@pytest.mark.parametrize(("seconds", "alive"), [(-3600, False), (-30, True), (30, True), (3600, False)])
def test_a_heartbeat_from_the_future_is_no_sign_of_life(store, monkeypatch, seconds, alive):
    store.write_sync(service_notices.record_heartbeat, NOW)
    monkeypatch.setattr(health, "datetime", Frozen(NOW + timedelta(seconds=seconds)))
    assert health.is_alive(store.path)[0] is alive


class Frozen:
    def __init__(self, at):
        self._at = at

    def now(self, _zone):
        return self._at


def test_a_country_that_does_not_answer_is_told_in_time_though_the_clock_is_set_back(store):
    def since(tx, now):
        return service_notices._unanswering_for_long(tx, {"PK"}, now)

    assert store.write_sync(since, NOW) == set()
    assert store.write_sync(since, NOW - DAY) == set()
    assert store.write_sync(since, NOW - DAY + service_notices.UNSEEN_AFTER) == {"PK"}


async def test_jobs_run_at_once_when_the_clock_is_moved(monkeypatch):
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.01)
    clock, wake = Clock(NOW), asyncio.Event()
    watch = ClockWatch(clock, lambda: 0.0)
    ticking = scheduler.Clock(watch)
    ticking.every(3600.0, wake)
    ticking.start()
    try:
        await asyncio.sleep(0.1)
        assert not wake.is_set()
        clock.tick(-3600)
        watch.steady_for()  # another part has looked before
        await asyncio.wait_for(wake.wait(), 5)
    finally:
        ticking.stop()


@pytest.mark.parametrize("by", [*MOVES, timedelta(hours=8)])
def test_a_move_of_the_clock_is_noticed_once(by):
    clock, ticks = Clock(NOW), Ticks()
    watch = ClockWatch(clock, ticks)
    ticks.at += 100.0
    clock.tick(100.2)
    assert not watch.look()
    clock.at += by
    assert watch.look() and not watch.look()
    ticks.at += 30.0
    clock.tick(30.0)
    assert watch.steady_for() == 30.0
