"""What people are told about the service itself, lists in the place of floods, and copies of the database."""

import asyncio
import socket
import sqlite3
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from fakes import HOLDER, NOW, PLACES
from test_notifications import due, happen, subscribe

from bot.alerts import digests, service_notices
from bot.alerts.delivery import compose
from bot.errors import StoreError, UsageError
from bot.operations import backup, health, metrics
from bot.render import text
from bot.store import Store, cards, chats, flags, incidents, lease, outbox, sources, subscriptions
from bot.types import Source, Subscription
from extract.places import Gazetteer

pytestmark = pytest.mark.usefixtures("simple_tracking")
ADMIN = 9001


def read(store, url, at, error="", country="PK"):
    store.write_sync(sources.upsert, Source(url=url, country=country), "config", at)
    store.write_sync(sources.record_check, url, now=at, next_check=at, error=error)


def notices(store, names, at=NOW):
    return [text.plain(compose(one, None, None, names).message) for one in due(store, at) if one.notice]


def look(store, names, minutes):
    return store.write_sync(service_notices.notify_of_unseen, names, NOW + timedelta(minutes=minutes))


# ------------------------------------------------------------------ blindness, downtime


def test_a_country_that_can_not_be_seen_is_told_once_and_so_is_its_return(store, names):
    subscribe(store, place=PLACES["Karachi"])
    store.write_sync(chats.touch, 2, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=2, place=PLACES["Nairobi"]), NOW)
    for url in ("https://a.example/", "https://b.example/"):
        read(store, url, NOW)
        read(store, url, NOW + timedelta(minutes=5), error="503")
    assert look(store, names, 5) == []
    assert look(store, names, 34) == []
    assert look(store, names, 36) == ["PK"]
    assert look(store, names, 45) == ["PK"]
    (said,) = notices(store, names, NOW + timedelta(minutes=46))
    assert said.startswith("I cannot see Pakistan at the moment")
    read(store, "https://b.example/", NOW + timedelta(minutes=90))
    assert look(store, names, 91) == []
    (said,) = notices(store, names, NOW + timedelta(minutes=92))
    assert said.startswith("I see Pakistan again, after 55 minutes")
    assert look(store, names, 93) == [] and notices(store, names, NOW + timedelta(minutes=93)) == []


def test_who_asks_about_an_area_is_told_that_a_country_of_it_can_not_be_seen(store, names):
    gazetteer = Gazetteer.open()
    for chat, area in ((1, "South Asia"), (2, "West Africa"), (3, "Kashmir")):
        store.write_sync(chats.touch, chat, "private", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=chat, place=gazetteer.search(area)[0]), NOW)
    read(store, "https://a.example/", NOW)
    for minutes in (5, 40):
        read(store, "https://a.example/", NOW + timedelta(minutes=minutes), error="503")
        later = NOW + timedelta(minutes=minutes)
        store.write_sync(service_notices.notify_of_unseen, names, later, gazetteer.extent)
    told = due(store, NOW + timedelta(minutes=41))
    assert sorted(one.chat for one in told if one.notice) == [1, 3]


def test_one_source_that_answers_is_enough_to_see(store, names):
    for url, error in (("https://a.example/", "503"), ("https://b.example/", "")):
        read(store, url, NOW)
        read(store, url, NOW + timedelta(minutes=40), error=error)
    assert look(store, names, 41) == []


def test_one_failed_read_after_a_long_pause_is_no_blindness(store, names):
    read(store, "https://a.example/", NOW)
    read(store, "https://a.example/", NOW + timedelta(hours=3), error="timeout")
    assert look(store, names, 181) == []
    read(store, "https://a.example/", NOW + timedelta(minutes=190))
    assert look(store, names, 230) == []


def test_a_source_that_never_answered_hides_no_blindness(store, names):
    read(store, "https://a.example/", NOW)
    for minute in (1, 40):
        read(store, "https://a.example/", NOW + timedelta(minutes=minute), error="503")
        read(store, "https://b.example/", NOW + timedelta(minutes=minute), error="404")
        look(store, names, minute)
    assert look(store, names, 41) == ["PK"]


def test_a_country_nobody_reads_any_more_is_not_seen_again(store, names):
    subscribe(store, place=PLACES["Karachi"])
    read(store, "https://a.example/", NOW)
    read(store, "https://a.example/", NOW + timedelta(minutes=1), error="503")
    assert (look(store, names, 1), look(store, names, 40)) == ([], ["PK"])
    assert len(notices(store, names, NOW + timedelta(minutes=40))) == 1
    store.write_sync(sources.remove, "https://a.example/")
    assert look(store, names, 41) == []
    assert notices(store, names, NOW + timedelta(minutes=42)) == []


def test_a_source_that_was_never_read_makes_nobody_blind(store, names):
    read(store, "https://a.example/", NOW, error="404")
    assert look(store, names, 500) == []


def test_when_no_source_answers_every_chat_is_told_once_and_health_says_so(store, names):
    subscribe(store)
    for url in ("https://a.example/", "https://b.example/"):
        read(store, url, NOW, country="")
        read(store, url, NOW + timedelta(minutes=5), error="503", country="")
    store.write_sync(service_notices.record_heartbeat, datetime.now(UTC))
    look(store, names, 20)
    assert notices(store, names, NOW + timedelta(minutes=20)) == [] and health.is_alive(store.path)[0]
    look(store, names, 31)
    look(store, names, 40)
    (said,) = notices(store, names, NOW + timedelta(minutes=41))
    assert said.startswith("I cannot see anything at the moment")
    alive, why = health.is_alive(store.path)
    assert not alive and "no source answers" in why
    read(store, "https://b.example/", NOW + timedelta(minutes=91), country="")
    look(store, names, 91)
    (said,) = notices(store, names, NOW + timedelta(minutes=92))
    assert said.startswith("Sources answer again, after 60 minutes")
    assert health.is_alive(store.path)[0]


def test_alerts_that_are_printed_to_nobody_are_no_health(store):
    store.write_sync(service_notices.record_heartbeat, datetime.now(UTC))
    store.write_sync(service_notices.record_hearing, is_heard=False, now=NOW)
    alive, why = health.is_alive(store.path)
    assert not alive and "TOCSIN_TELEGRAM_TOKEN" in why
    store.write_sync(service_notices.record_hearing, is_heard=True, now=NOW)
    assert health.is_alive(store.path)[0]


def test_operators_are_told_of_downtime_once(store, names):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    assert not store.write_sync(service_notices.notify_of_downtime, [ADMIN, 9002], NOW)
    later = NOW + timedelta(hours=3)
    assert store.write_sync(service_notices.notify_of_downtime, [ADMIN, 9002], later)
    assert not store.write_sync(service_notices.notify_of_downtime, [ADMIN, 9002], later + timedelta(minutes=1))
    (said,) = notices(store, names, later)
    assert "3 hours" in said


# ------------------------------------------------------------------ floods


def test_an_old_backlog_becomes_a_list_and_nothing_is_left_out(store, names):
    subscribe(store)
    kept = [
        happen(store, f"{kind}{n}", place, killed=n)
        for n, (kind, place) in enumerate((kind, place) for kind in ("a", "shooting", "quake") for place in PLACES)
    ]
    kept = sorted(set(kept))
    assert len(kept) >= 6
    assert store.write_sync(digests.gather_backlog, names, NOW + timedelta(minutes=59)) == 0
    later = NOW + timedelta(minutes=61)
    assert store.write_sync(digests.gather_backlog, names, later) == 1
    said = "\n".join(notices(store, names, later))
    assert all(one in said for one in kept)
    assert store.read_sync(outbox.counts).get("pending", 0) == 0


def test_a_few_late_cards_are_still_cards(store, names):
    subscribe(store)
    happen(store, "a")
    assert store.write_sync(digests.gather_backlog, names, NOW + timedelta(hours=9)) == 0
    assert len(due(store, NOW + timedelta(hours=9))) == 1


# ------------------------------------------------------------------ latency


def test_each_stage_is_measured(store):
    subscribe(store)
    happen(store, "a", at=NOW)
    (alert,) = due(store)
    store.write_sync(cards.record, alert, version=1, message_id=1, fingerprint="", now=NOW + timedelta(seconds=8))
    stages = {one.name: (one.p50, one.p95) for one in store.read_sync(health.snapshot, NOW).latency}
    assert stages["decided to sent"] == stages["published to sent"] == (8.0, 8.0)


# ------------------------------------------------------------------ metrics


async def test_monitoring_reads_figures_and_life_on_the_loopback_address(store):
    subscribe(store)
    happen(store, "a")
    stop = asyncio.Event()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = asyncio.create_task(metrics.serve(store, lambda: NOW, port, stop))
    async with aiohttp.ClientSession() as session:
        for _ in range(100):
            try:
                answer = await session.get(f"http://127.0.0.1:{port}/metrics")
                break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.02)
        said = await answer.text()
        assert 'tocsin_alerts{state="pending"} 1.0' in said and "tocsin_subscriptions 1.0" in said
        assert (await session.get(f"http://127.0.0.1:{port}/health")).status == 503
        store.write_sync(service_notices.record_heartbeat, NOW)
        assert (await session.get(f"http://127.0.0.1:{port}/health")).status == 200
    stop.set()
    await serving


# ------------------------------------------------------------------ copies


def test_a_copy_holds_everything_and_can_be_put_back(store, tmp_path):
    first = happen(store, "a")
    copy = tmp_path / "copies" / "copy.db"
    backup.copy(store, copy)
    with pytest.raises(UsageError, match="exists"):
        backup.backup(store.path, copy)
    happen(store, "b", "Lahore")
    store.write_sync(lease.release, HOLDER)
    store.close()
    said = backup.restore(store.path, copy)
    again = Store(store.path)
    assert [one.id for one in again.read_sync(incidents.everything)] == [first]
    again.close()
    assert "before-" in said


def test_a_running_service_is_not_restored_over(store, tmp_path):
    backup.copy(store, tmp_path / "copy.db")
    store.write_sync(lease.take, HOLDER, datetime.now(UTC))
    with pytest.raises(UsageError, match="stop it first"):
        backup.restore(store.path, tmp_path / "copy.db")


@pytest.mark.parametrize("body", [b"", b"SQLite format 3\x00 and then nothing", b"x" * 9000])
def test_what_is_no_whole_database_is_refused_and_changes_nothing(store, tmp_path, body):
    bad = tmp_path / "bad.db"
    bad.write_bytes(body)
    before = store.path.read_bytes()
    with pytest.raises(StoreError):
        backup.restore(store.path, bad)
    assert store.path.read_bytes() == before


def test_a_damaged_copy_is_found(store, tmp_path):
    for n in range(40):
        happen(store, f"a{n}")
    copy = tmp_path / "copy.db"
    backup.copy(store, copy)
    body = bytearray(copy.read_bytes())
    body[len(body) // 2 : len(body) // 2 + 4096] = b"\xff" * 4096
    copy.write_bytes(body)
    with pytest.raises(StoreError):
        backup.check(copy)


def test_only_the_newest_copies_are_kept(store, tmp_path):
    for hour in range(5):
        backup.copy_and_prune(store, tmp_path / "kept", NOW + timedelta(hours=hour), 2)
    assert sorted(one.name for one in (tmp_path / "kept").iterdir()) == [
        "tocsin-20260302T150000Z.db", "tocsin-20260302T160000Z.db",
    ]  # fmt: skip


def test_a_sign_of_life(store):
    assert health.is_alive(store.path)[0] is False
    store.write_sync(service_notices.record_heartbeat, datetime.now(UTC))
    assert health.is_alive(store.path)[0] is True
    store.write_sync(flags.put, "heartbeat", datetime.now(UTC) - timedelta(minutes=5))
    assert health.is_alive(store.path)[0] is False


def test_another_database_is_no_copy_of_ours(store, tmp_path):
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE x (y)")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="no database of this service"):
        backup.restore(store.path, tmp_path / "other.db")
