"""What was decided, recorded and delivered can be shown to be as it was written; whatever is changed is named."""

import sqlite3
from datetime import timedelta

import pytest
from fakes import NOW
from test_ingest import ingest, news, subscribe
from typer.testing import CliRunner

from bot.cli import app
from bot.operations import backup
from bot.store import Store, audit, cards, chats, hash_chain, incidents
from bot.store.audit import Head
from bot.types import Alert, DecisionRecord
from extract.types import Action, Decision

pytestmark = pytest.mark.usefixtures("simple_tracking")


def deliver(store, chat, message_id, action=Action.NEW):
    """One delivery of the newest incident to a chat."""
    known = store.read_sync(incidents.latest)[0]
    alert = Alert(id=message_id, chat=chat, thread=0, incident=known.id, version=known.version, action=action)
    store.write_sync(
        cards.record, alert, version=known.version, message_id=message_id, fingerprint=f"f{message_id}", now=NOW
    )


@pytest.fixture
def path(store):
    """A database with three articles, two incidents and four deliveries to two chats."""
    subscribe(store, 1)
    subscribe(store, 2)
    ingest(store, news())
    deliver(store, 1, 11)
    deliver(store, 2, 12)
    ingest(store, news("b", "Bomb kills 9 in Karachi"))
    deliver(store, 1, 13, Action.REPLY)
    ingest(store, news("c", "Gunmen kill 2 in Lahore"))
    deliver(store, 2, 14)
    assert not store.read_sync(audit.verify).breaches
    return store.path


def tamper(path, *statements):
    with sqlite3.connect(path) as conn:
        for statement in statements:
            assert conn.execute(statement).rowcount


def breaches(path, known=None):
    """What ``verify`` names, by row."""
    store = Store(path)
    found = store.read_sync(audit.verify, known)
    store.close()
    return {one.row: one.what for one in found.breaches}


def head(path):
    store = Store(path)
    found = store.read_sync(audit.head)
    store.close()
    return found


def name_of_first(path, table):
    rule = hash_chain.SEALED[table]
    with sqlite3.connect(path) as conn:
        conn.row_factory = sqlite3.Row
        row = conn.execute(f"SELECT * FROM {table} ORDER BY rowid LIMIT 1").fetchone()
    return f"{table} {rule.name_of(dict(row))}"


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, rule in hash_chain.SEALED.items() for column in rule.values]
)
def test_a_changed_cell_is_found_and_its_row_named(path, table, column):
    name = name_of_first(path, table)
    first = f"rowid = (SELECT MIN(rowid) FROM {table})"
    tamper(path, f"UPDATE {table} SET {column} = iif(typeof({column}) = 'integer', {column} + 1, 'x') WHERE {first}")
    assert breaches(path) == {name: "changed"}


@pytest.mark.parametrize("table", hash_chain.SEALED)
def test_a_renamed_row_is_found(path, table):
    name = name_of_first(path, table)
    column = hash_chain.SEALED[table].key[-1]
    tamper(path, f"UPDATE {table} SET {column} = 77 WHERE rowid = (SELECT MIN(rowid) FROM {table})")
    found = breaches(path)
    assert found.pop(name) == "removed"
    assert list(found.values()) == [audit._UNKNOWN]


@pytest.mark.parametrize("table", hash_chain.SEALED)
def test_a_removed_row_is_named(path, table):
    name = name_of_first(path, table)
    tamper(path, f"DELETE FROM {table} WHERE rowid = (SELECT MIN(rowid) FROM {table})")
    assert breaches(path) == {name: "removed"}


def test_a_row_and_its_entry_removed_together_leave_a_gap(path):
    tamper(path, "DELETE FROM audit_log WHERE seq = 2", "DELETE FROM decisions WHERE entry = 2")
    assert list(breaches(path).values()) == ["entries of the log are missing: 1"]


def test_a_row_slipped_in_is_named(path):
    tamper(
        path,
        """INSERT INTO deliveries (alert, chat, thread, incident, version, action, message_id, digest, at, entry)
           SELECT alert, 3, thread, incident, version, action, message_id, digest, at, entry FROM deliveries LIMIT 1""",
    )
    assert breaches(path) == {"deliveries 5": audit._UNKNOWN}


def test_a_changed_entry_is_found(path):
    tamper(path, "UPDATE audit_log SET replaces = 1 WHERE seq = 4")
    assert "entry 4" in breaches(path)


def test_a_log_written_anew_is_found_by_a_head_that_was_kept(path):
    kept = head(path)
    tamper(path, "UPDATE deliveries SET message_id = 99 WHERE id = 1", "DELETE FROM audit_log")
    with sqlite3.connect(path) as conn:
        hash_chain.seal_everything(conn)
    assert breaches(path) == {}
    assert list(breaches(path, kept).values()) == ["not the head that was kept: the log was written anew"]


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept(path):
    kept = head(path)
    entry = f"entry = {kept.seq}"
    tamper(path, f"DELETE FROM deliveries WHERE {entry}", f"DELETE FROM audit_log WHERE seq = {kept.seq}")
    assert breaches(path) == {}
    assert list(breaches(path, kept)) == [f"entry {kept.seq - 1}"]


def test_a_head_that_was_kept_stays_true_while_the_log_grows(path):
    kept = head(path)
    store = Store(path)
    ingest(store, news("d", "Bomb kills 5 in Nairobi"))
    store.close()
    assert head(path).seq > kept.seq
    assert breaches(path, Head(seq=kept.seq, link=kept.link[:16].upper())) == {}


def test_a_decision_made_again_replaces_the_earlier_one(store, path):
    record = DecisionRecord(
        article="a", revision=1, position=0, at=NOW + timedelta(hours=1), decision=Decision(action="drop", reason="x")
    )
    store.write_sync(incidents.record_decision, record)
    assert breaches(path) == {}


def test_a_chat_that_is_forgotten_leaves_a_log_that_still_holds_and_says_nothing_of_it(store, path):
    salts = [row[0] for row in store.read_sync(lambda tx: tx.cells("SELECT salt FROM deliveries WHERE chat = 1"))]
    store.write_sync(chats.forget, 1, NOW)
    found = store.read_sync(audit.verify)
    assert (found.breaches, found.erased) == ((), 2)
    assert len(set(salts)) == 2
    left = "\n".join(sqlite3.connect(path).iterdump())
    assert not any(salt in left for salt in salts)


def test_a_group_that_becomes_a_supergroup_leaves_a_log_that_still_holds(store, path):
    store.write_sync(chats.move, 2, -1002, NOW)
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM deliveries WHERE chat = -1002")) == 2
    assert breaches(path) == {}


def test_a_copy_has_the_same_head(path, tmp_path):
    backup.backup(path, tmp_path / "copy.db")
    assert head(tmp_path / "copy.db") == head(path)
    assert breaches(tmp_path / "copy.db", head(path)) == {}


def test_an_empty_database_holds(store):
    assert store.read_sync(audit.verify).head == Head()


# ------------------------------------------------------------------ tocsin verify


def verify(*args):
    return CliRunner().invoke(app, ["verify", *args])


def test_verify_says_what_holds_and_gives_the_head(path):
    result = verify("--db", str(path))
    assert result.exit_code == 0
    said = result.stdout.splitlines()
    assert said[0] == "10 decisions, versions and deliveries are as they were written"
    assert said[1] == f"head {head(path)}"
    assert verify("--db", str(path), "--head", said[1].removeprefix("head ")).exit_code == 0


def test_verify_names_what_was_changed_and_exits_with_1(path):
    tamper(path, "UPDATE deliveries SET message_id = 99 WHERE id = 2")
    result = verify("--db", str(path))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "deliveries 2: changed"


@pytest.mark.parametrize("said", ["12", "12:abc", "x:9f3c07d2a1b45e66", "9f3c07d2a1b45e66"])
def test_a_head_that_is_none_is_refused_with_an_example(path, said):
    result = verify("--db", str(path), "--head", said)
    assert "812:9f3c07d2a1b45e66" in str(result.exception)
