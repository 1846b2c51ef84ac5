"""A database of any earlier schema becomes one of today's, also when the upgrade is cut off at any statement."""

import asyncio
import contextlib
import sqlite3

import msgspec
import pytest
from fakes import NOW
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from test_store import incident, save

from bot.errors import StillServed, StoreError, UsageError
from bot.operations import backup, health, leader
from bot.store import Store, blocking, integrity, lease, schema
from bot.store.codec import checksum
from extract.types import SearchWindow

STEPS = [migration.name for migration in schema.MIGRATIONS._migrations]


def at_step(path, count):
    """A database as it was when only the first ``count`` migrations had been released, with what was in it then."""
    database = Database(path)
    earlier = Migrations("tocsin")
    earlier._migrations = schema.MIGRATIONS._migrations[:count]
    earlier.apply(database)
    database["incidents"].insert(
        {
            "id": "old1", "version": 1, "kind": "bombing", "lifecycle": "new", "severity": 3, "country": "PK",
            "precision": "city", "lat": 24.86, "lon": 67.01, "first_day": "2026-03-01", "last_day": "2026-03-01",
            "first_seen": "2026-03-01T10:00:00.000000+00:00", "last_seen": "2026-03-01T10:00:00.000000+00:00",
            "announced": 1, "record": RECORD,
        }
    )  # fmt: skip
    database.conn.commit()
    database.close()


@pytest.fixture(autouse=True)
def record(tmp_path):
    """A record as the store writes it."""
    global RECORD
    made = Store(tmp_path / "made.db")
    made.write_sync(save, incident("old1"))
    made.close()
    with sqlite3.connect(tmp_path / "made.db") as conn:
        (RECORD,) = conn.execute("SELECT record FROM incidents").fetchone()


RECORD = ""


def found(store):
    day = NOW.date()
    window = SearchWindow(
        kinds=("bombing",), since=day.replace(day=1), until=day, lat=24.9, lon=67.0, km=50, country="PK"
    )
    return [one.id for one in store.read_sync(blocking.candidates, window)]


@pytest.mark.parametrize("count", range(1, len(STEPS) + 1))
def test_every_earlier_schema_is_brought_up_to_date(tmp_path, count):
    path = tmp_path / "old.db"
    if count < len(STEPS):
        at_step(path, count)
    store = Store(path)
    tables = {row["name"] for row in store.read_sync(lambda tx: tx.rows("SELECT name FROM sqlite_master"))}
    assert tables >= schema.TABLES
    if count < len(STEPS):
        assert found(store) == ["old1"]
    store.close()


def test_an_upgrade_tells_whose_day_may_be_late(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "RECORD", RECORD.replace('"words":[]', '"words":["*aftermath"]'))
    at_step(tmp_path / "old.db", STEPS.index("late"))
    store = Store(tmp_path / "old.db")
    late, names = "SELECT late FROM incident_facts", "SELECT name FROM incident_names WHERE name LIKE '*%'"
    assert store.read_sync(lambda tx: (tx.value(late), tx.value(names))) == (1, None)
    store.close()


def test_an_upgrade_counts_history_by_the_day_it_was_told(tmp_path, monkeypatch):
    undated = msgspec.json.decode(RECORD)
    undated["articles"][0]["published"] = "2026-02-10T08:00:00Z"
    monkeypatch.setitem(globals(), "RECORD", msgspec.json.encode(undated).decode())
    at_step(tmp_path / "old.db", STEPS.index("told"))
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as conn, conn:
        conn.execute("UPDATE incident_facts SET first_day = NULL, last_day = NULL")
    store = Store(tmp_path / "old.db")
    assert store.read_sync(lambda tx: tx.value("SELECT day FROM incident_facts")) == "2026-02-10"
    store.close()


def test_an_upgrade_gives_every_row_its_digest(tmp_path):
    path = tmp_path / "old.db"
    at_step(path, STEPS.index("digests"))
    store = Store(path)
    assert store.read_sync(lambda tx: tx.value("SELECT digest FROM incidents")) == checksum(RECORD)
    assert store.read_sync(integrity.damaged_rows) == []
    facts = store.read_sync(lambda tx: tx.rows("SELECT id, day FROM incident_facts"))
    assert facts == [{"id": "old1", "day": "2026-03-01"}]
    store.write_sync(save, incident("old1", version=2, day="2026-03-02"))
    assert store.read_sync(lambda tx: tx.value("SELECT day FROM incident_facts")) == "2026-03-02"
    store.close()


# every statement of every step but the first: where the upgrade is cut off
STATEMENTS = sum(
    sql.count(";\n")
    for sql in (schema._AMENDMENTS, schema._PREFERENCES, schema._MARKS, schema._SPANS, schema._ASKED, schema._LOOKUPS,
                schema._DIGESTS, schema._TELLINGS, schema._ACKNOWLEDGEMENTS, schema._DAYS)
)  # fmt: skip


@pytest.mark.parametrize("cut", range(STATEMENTS))
def test_an_upgrade_that_is_cut_off_changes_nothing_and_is_done_at_the_next_start(tmp_path, monkeypatch, cut):
    path = tmp_path / "old.db"
    at_step(path, 1)
    left = [cut]
    run = Database.execute

    def execute(self, sql, *args):
        if (
            sql.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP"))
            and "_sqlite_migrations" not in sql
        ):
            if left[0] == 0:
                raise OSError("cut off")
            left[0] -= 1
        return run(self, sql, *args)

    before = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall()
    with monkeypatch.context() as patched:
        patched.setattr(Database, "execute", execute)
        with pytest.raises(OSError, match="cut off"):
            Store(path)
    assert sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall() == before
    store = Store(path)
    assert found(store) == ["old1"]
    store.close()


def served(path, count, holder, until="9999"):
    """A database of an earlier version, and who serves it."""
    at_step(path, count)
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("INSERT INTO leases VALUES ('service', ?, ?)", (holder, until))


def steps_of(path):
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return [name for (name,) in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]


EARLIER = len(STEPS) - 3


def test_a_database_that_an_earlier_version_serves_is_left_as_it_is(tmp_path):
    path = tmp_path / "old.db"
    served(path, EARLIER, "elsewhere/1/1/x")
    for reads in (Store, health.is_alive, health.damaged_rows):
        with pytest.raises(StillServed, match=r"earlier version of tocsin: stop that"):
            reads(path)
    assert steps_of(path) == STEPS[:EARLIER]


@pytest.mark.parametrize("until", ["2000", "9999"])
def test_a_database_whose_server_has_ended_is_brought_up_to_date(tmp_path, until):
    path = tmp_path / "old.db"
    served(path, EARLIER, "elsewhere/1/1/x", until)
    Store(path, is_gone=lambda holder: holder == "elsewhere/1/1/x").close()
    assert steps_of(path) == STEPS


async def test_a_new_version_stands_by_and_then_serves_before_an_earlier_one_can(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    served(path, EARLIER, "elsewhere/1/1/x")
    waits = []

    async def wait(_stop):
        waits.append(steps_of(path))
        if len(waits) == 2:
            with contextlib.closing(sqlite3.connect(path)) as conn, conn:
                conn.execute("DELETE FROM leases")

    monkeypatch.setattr(leader, "wait", wait)
    store = await asyncio.wait_for(leader.open_when_free(path, "mine", asyncio.Event()), 30)
    assert waits == [STEPS[:EARLIER]] * 2
    assert steps_of(path) == STEPS
    assert store.read_sync(lease.holder) == "mine"
    store.close()


async def test_a_new_version_that_stands_by_can_be_stopped(tmp_path):
    path = tmp_path / "old.db"
    served(path, EARLIER, "elsewhere/1/1/x")
    stop = asyncio.Event()
    opening = asyncio.create_task(leader.open_when_free(path, "mine", stop))
    stop.set()
    assert await asyncio.wait_for(opening, 30) is None


def test_a_database_that_an_earlier_version_serves_is_copied_and_not_replaced(tmp_path):
    path, copy = tmp_path / "old.db", tmp_path / "copy.db"
    served(path, EARLIER, "elsewhere/1/1/x")
    backup.backup(path, copy)
    assert steps_of(copy) == steps_of(path) == STEPS[:EARLIER]
    with pytest.raises(UsageError, match="the service runs"):
        backup.restore(path, copy)


def newer(path, until="2000"):
    """A database that a version after this one has migrated, and until when that serves it."""
    Store(path).close()
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tocsin', 'to_come', '')"
        )
        conn.execute("INSERT INTO leases VALUES ('service', 'elsewhere/1/1/x', ?)", (until,))


async def test_a_database_that_a_newer_version_migrated_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "new.db"
    newer(path)
    before = path.read_bytes()
    for reads in (Store, health.is_alive, health.damaged_rows):
        with pytest.raises(StoreError, match=r"newer version of tocsin: install that, or tocsin restore"):
            reads(path)
    with pytest.raises(StoreError, match="newer version"):
        await leader.open_when_free(path, "mine", asyncio.Event())
    assert path.read_bytes() == before


def test_an_earlier_version_copies_and_replaces_the_database_of_a_newer_one(tmp_path):
    path, copy, before = tmp_path / "new.db", tmp_path / "copy.db", tmp_path / "before.db"
    Store(before).close()
    newer(path)
    backup.backup(path, copy)
    assert steps_of(copy) == [*STEPS, "to_come"]
    assert "what was there is" in backup.restore(path, before)
    assert steps_of(path) == STEPS


def test_an_earlier_version_does_not_replace_what_a_newer_one_serves(tmp_path):
    path, before = tmp_path / "new.db", tmp_path / "before.db"
    Store(before).close()
    newer(path, until="9999")
    with pytest.raises(UsageError, match="the service runs"):
        backup.restore(path, before)
