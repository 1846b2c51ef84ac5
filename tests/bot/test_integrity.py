"""A payload that has changed on the disk is found, mended where a copy is left, told once, and stops nothing else."""

import re
import sqlite3
from datetime import timedelta

import pytest
from fakes import EVERYWHERE, HOLDER, NOW
from test_store import incident, save
from typer.testing import CliRunner

from bot.cli import app
from bot.operations import health, integrity_sweep
from bot.operations.integrity_sweep import Sweep
from bot.operations.metrics import exposition
from bot.store import Store, chats, counters, flags, incidents, integrity, lease, outbox, subscriptions
from bot.store.codec import checksum
from bot.store.integrity import Damage
from bot.types import Alert, Reason, Subscription
from extract.types import Action

ADMIN = 9001


@pytest.fixture
def path(tmp_path):
    """A database with two incidents, two alerts of two chats, and two subscriptions."""
    path = tmp_path / "rows.db"
    store = Store(path)
    for name in ("aaaa1111", "bbbb2222"):
        store.write_sync(save, incident(name))
    for chat, said in ((1, "ONE-NOTICE"), (2, "TWO-NOTICE")):
        store.write_sync(chats.touch, chat, "private", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=chat, words=(f"word-{chat}",)), NOW)
        alert = Alert(
            id=0, chat=chat, thread=0, incident=f"n{chat}", version=0, action=Action.NEW, notice=f'["{said}"]'
        )
        store.write_sync(outbox.enqueue, alert, severity=1, why=Reason(""), now=NOW)
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    store.close()
    return path


def flip(path, text, *, bit=7, times=1):
    """Change one bit of the first places in the file that hold this text, as a disk might. How many there were."""
    data = bytearray(path.read_bytes())
    found = [one.start() for one in re.finditer(re.escape(text.encode()), data)]
    for at in found[:times]:
        data[at + 2] ^= 1 << bit
    path.write_bytes(data)
    return len(found)


def lose_the_copies(path):
    """Without its versions an incident has no copy."""
    with sqlite3.connect(path) as conn:
        conn.execute("DELETE FROM incident_versions")


@pytest.fixture
def opened(path):
    stores = []

    def again():
        stores.append(Store(path))
        stores[-1].write_sync(lease.take, HOLDER, NOW)
        return stores[-1]

    yield again
    for store in stores:
        store.close()


async def swept(store):
    """What one pass over everything finds."""
    sweep = Sweep(store=store, admins=lambda: (ADMIN,), clock=lambda: NOW)
    found = []
    for _ in range(2 * len(integrity_sweep.TABLES)):
        found += await sweep.go_on()
    return found


def change_record(path, where, bit):
    """Change one bit of an incident's own record: the raw bytes of the row, not of its version's copy."""
    conn = sqlite3.connect(path)
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    (raw,) = conn.execute("SELECT CAST(record AS BLOB) FROM incidents WHERE id = ?", (where,)).fetchone()
    changed = bytearray(raw)
    changed[len(raw) // 2] ^= 1 << bit
    conn.execute("UPDATE incidents SET record = CAST(? AS TEXT) WHERE id = ?", (bytes(changed), where))
    conn.commit()
    conn.close()


# ------------------------------------------------------------------ found


def test_a_digest_is_short_and_tells_its_parts():
    assert checksum("a") == checksum(b"a") != checksum("b")
    assert checksum("a", "b") != checksum("ab")
    assert checksum(None, "") == checksum("", "")
    assert -(2**63) <= checksum("x") < 2**63


def test_whole_rows_are_whole(opened):
    assert opened().read_sync(integrity.damaged_rows) == []


@pytest.mark.parametrize("bit", range(8))
async def test_any_flipped_bit_of_an_incident_is_found_and_mended_from_its_copy(path, opened, bit):
    change_record(path, "aaaa1111", bit)
    store = opened()
    assert store.read_sync(integrity.damaged_rows) == [Damage(table="incidents", row="aaaa1111")]
    assert store.read_sync(incidents.get, "aaaa1111") == incident("aaaa1111")
    assert await swept(store) == [Damage(table="incidents", row="aaaa1111")]
    assert store.read_sync(integrity.damaged_rows) == []
    assert store.read_sync(health.snapshot, NOW).damaged == ()


@pytest.mark.parametrize("bit", [0, 7])
async def test_an_incident_beyond_mending_is_left_out_and_the_others_stay(path, opened, bit):
    lose_the_copies(path)
    change_record(path, "aaaa1111", bit)
    store = opened()
    assert store.read_sync(incidents.get, "aaaa1111") is None
    assert [one.id for one in store.read_sync(incidents.everything)] == ["bbbb2222"]
    assert [one.id for one in store.read_sync(incidents.latest)] == ["bbbb2222"]
    await swept(store)
    assert store.read_sync(health.snapshot, NOW).damaged == ("incidents aaaa1111",)


@pytest.mark.parametrize("bit", [0, 7])
async def test_a_damaged_alert_is_given_up_and_the_next_goes_out(path, opened, bit):
    assert flip(path, "ONE-NOTICE", bit=bit) == 1
    store = opened()
    claimed = store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=5, busy=())
    assert [one.chat for one in claimed] == [2]
    assert store.read_sync(outbox.counts) == {"failed": 1, "sending": 1}
    assert [one.table for one in await swept(store)] == ["alerts"]


@pytest.mark.parametrize("bit", [0, 7])
async def test_a_damaged_subscription_asks_for_nothing_and_the_others_stay(path, opened, bit):
    assert flip(path, "word-1", bit=bit) == 1
    store = opened()
    assert [one.chat for one in store.read_sync(subscriptions.possible, EVERYWHERE)] == [2]
    store.write_sync(subscriptions.prune, NOW)
    assert [one.table for one in await swept(store)] == ["subscriptions"]


# ------------------------------------------------------------------ told


async def test_admins_are_told_once_and_it_is_counted(path, opened):
    flip(path, "word-1")
    store = opened()
    for _ in range(3):
        await swept(store)
    told = [one for one in store.read_sync(outbox.everything) if one.chat == ADMIN]
    assert len(told) == 1
    assert "subscriptions 1" in told[0].notice
    assert store.read_sync(counters.counters)["damaged_rows"] == 1
    assert [one.what for one in store.read_sync(counters.problems)] == ["damaged: left out from now on"]
    assert b"tocsin_rows_damaged 1.0" in exposition(store.read_sync(health.snapshot, NOW))


async def test_many_damaged_rows_are_one_message(path, opened):
    store = opened()
    rows = [Damage(table="subscriptions", row=str(n)) for n in range(25)]
    store.write_sync(integrity_sweep.record_damage, rows, [ADMIN], NOW)
    (told,) = [one for one in store.read_sync(outbox.everything) if one.chat == ADMIN]
    assert "and 15 more" in told.notice
    assert store.read_sync(counters.counters)["damaged_rows"] == 25


async def test_what_is_whole_again_is_forgotten(path, opened):
    flip(path, "word-1")
    store = opened()
    await swept(store)
    store.write_sync(subscriptions.change, Subscription(id=1, chat=1, words=("new",)))
    await swept(store)
    assert store.read_sync(flags.with_prefix, integrity_sweep.DAMAGED) == {}
    assert len(store.read_sync(subscriptions.possible, EVERYWHERE)) == 2


def test_health_checks_every_row_on_demand(path, opened):
    flip(path, "word-2")
    said = CliRunner().invoke(app, ["health", "--db", str(path), "--rows"])
    assert said.exit_code == 1
    assert "damaged: subscriptions 2" in said.output
    assert "damaged:" not in CliRunner().invoke(app, ["health", "--db", str(path)]).output


# ------------------------------------------------------------------ written with every change


def test_every_way_of_writing_keeps_the_digest(opened):
    store = opened()
    store.write_sync(save, incident("aaaa1111", version=2))
    store.write_sync(subscriptions.change, Subscription(id=1, chat=1, words=("x",)))
    store.write_sync(chats.move, 1, -100, NOW)
    assert store.read_sync(integrity.damaged_rows) == []
    empty = store.read_sync(
        lambda tx: [tx.value(f"SELECT COUNT(*) FROM {t} WHERE digest IS NULL") for t in integrity.GUARDED]
    )
    assert not any(empty)


# ------------------------------------------------------------------ damage that is not in the record


def test_a_damaged_digest_hides_no_incident_and_is_written_anew(store):
    store.write_sync(save, incident("aaaa1111"))
    store.write_sync(lambda tx: tx.execute("UPDATE incidents SET digest = digest + 1"))
    assert store.read_sync(incidents.get, "aaaa1111") == incident("aaaa1111")
    (found,) = store.read_sync(integrity.damaged_rows)
    assert store.write_sync(integrity.repair, found)
    assert store.read_sync(integrity.damaged_rows) == []


def spoil(tx):
    """What a disk might do to a record, past the triggers."""
    triggers = tx.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'incident_%_change'")
    for trigger in triggers:
        tx.execute(f"DROP TRIGGER {trigger['name']}")
    tx.execute("UPDATE incidents SET record = '{' || substr(record, 3)")
    for trigger in triggers:
        tx.execute(trigger["sql"])


def test_an_incident_whose_record_is_damaged_can_still_be_announced(store):
    store.write_sync(save, incident("aaaa1111"))
    store.write_sync(spoil)
    store.write_sync(incidents.mark_announced, "aaaa1111")
    assert store.read_sync(incidents.is_announced, "aaaa1111")


def test_what_is_kept_about_a_chat_can_be_exported_though_it_is_damaged(store):
    store.write_sync(chats.touch, 5, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=5), NOW)
    store.write_sync(lambda tx: tx.execute("UPDATE subscriptions SET record = CAST(x'7bff22' AS TEXT)"))
    (row,) = store.read_sync(chats.everything, 5)["subscriptions"]
    assert row["chat"] == 5 and row["record"] == '{�"'


def test_damage_of_the_same_row_is_told_each_time(store):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    store.write_sync(save, incident("aaaa1111"))
    for day in range(2):
        store.write_sync(spoil)
        found = store.read_sync(integrity.damaged_rows)
        store.write_sync(integrity_sweep.record_damage, found, [ADMIN], NOW + timedelta(days=day))
        store.write_sync(lambda tx: tx.execute("UPDATE alerts SET state = 'sent'"))
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM alerts WHERE chat = :chat", chat=ADMIN)) == 2
