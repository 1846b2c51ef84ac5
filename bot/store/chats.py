"""Which chats are known, may they be written to, what have they muted, and which rows belong to them?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.i18n.translate import mark_in
from bot.store import acknowledgements, amendments, audit, fanout, inbox, outbox, questions
from bot.store.codec import dump, moment, stamp
from bot.store.db import Tx
from bot.types import Reason

TABLE = "chats"
UNNAMED = Reason(mark_in("reason", "who acknowledged it is said no longer"))
TOPIC_DELETED = Reason(mark_in("reason", "a topic was deleted"))
# every table with rows about a chat: /forget_me deletes them, and a group that becomes a supergroup keeps them
TABLES_WITH_CHAT = (
    "subscriptions", "preferences", "mutes", "follows", "held", "choices", "alerts", "cards", "deliveries", "feedback",
    "questions", "acknowledgements", "chats",
)  # fmt: skip

# of these the tables whose rows belong to one topic
TABLES_WITH_TOPIC = (
    "subscriptions", "preferences", "mutes", "follows", "held", "cards", "questions", "acknowledgements",
)  # fmt: skip


def touch(tx: Tx, chat: int, kind: str, now: datetime) -> None:
    """Add a chat that sent a message, or mark it active again."""
    known = tx.row("SELECT state FROM chats WHERE chat = :chat", chat=chat)
    if known is None:
        tx[TABLE].insert({"chat": chat, "type": kind, "since": stamp(now)})
    else:
        tx[TABLE].update(chat, {"type": kind, "state": "active", "reason": ""})


def pause(tx: Tx, chat: int, reason: str, now: datetime) -> None:
    """Pause a chat that can't be written to and drop its open alerts; its next message makes it active again."""
    tx.execute("UPDATE chats SET state = 'paused', reason = :reason WHERE chat = :chat", chat=chat, reason=reason[:200])
    outbox.drop_chat(tx, chat, why=Reason(reason), now=now)


def resume(tx: Tx, chat: int) -> None:
    """Mark a chat as active: it can be written to again."""
    tx.execute("UPDATE chats SET state = 'active', reason = '' WHERE chat = :chat", chat=chat)


def is_active(tx: Tx, chat: int) -> bool:
    """May this chat be written to?"""
    return bool(tx.value("SELECT state = 'active' FROM chats WHERE chat = :chat", chat=chat))


def wait_until(tx: Tx, chat: int, at: datetime, now: datetime) -> None:
    """Send nothing to a chat from now to a time, as Telegram asked; kept over a restart."""
    tx.execute(
        """UPDATE chats SET not_before = IIF(waits_since > :now, :at, MAX(not_before, :at)), waits_since = :now
           WHERE chat = :chat""",
        chat=chat,
        at=stamp(at),
        now=stamp(now),
    )


def waiting_until(tx: Tx, chat: int) -> datetime | None:
    """The time before which nothing may be sent to a chat; None where there is none."""
    text = tx.value("SELECT not_before FROM chats WHERE chat = :chat", chat=chat)
    return moment(text) if text else None


def move(tx: Tx, old: int, new: int, now: datetime) -> None:
    """Move a group's rows to its new id, after it became a supergroup."""
    # the messages stay in the old chat: cards there can't be edited from the new one
    tx.execute("DELETE FROM cards WHERE chat = :old", old=old)
    amendments.forget(tx, old)
    fanout.move(tx, old, new)
    for table in TABLES_WITH_CHAT:
        tx.execute(f"UPDATE OR IGNORE {table} SET chat = :new WHERE chat = :old", new=new, old=old)
        tx.execute(f"DELETE FROM {table} WHERE chat = :old", old=old)
    audit.reseal(tx, "deliveries", "chat = :new", new=new)
    tx.execute("UPDATE chats SET type = 'supergroup', state = 'active' WHERE chat = :new", new=new)
    if not tx.value("SELECT COUNT(*) FROM chats WHERE chat = :new", new=new):
        touch(tx, new, "supergroup", now)


def mute(tx: Tx, chat: int, thread: int, what: str, *, until: datetime) -> None:
    """Send alerts about an incident (its id), or all of "kind:…", "place:…" or "source:…", without a sound."""
    key = {"chat": chat, "thread": thread, "incident": what}
    tx["mutes"].upsert({**key, "until": stamp(until)})


def muted(tx: Tx, keys: Iterable[str], now: datetime) -> set[tuple[int, int]]:
    """The (chat, thread) pairs that have muted any of these keys."""
    rows = tx.rows(
        "SELECT chat, thread FROM mutes WHERE incident IN (SELECT value FROM json_each(:keys)) AND until > :now",
        keys=dump(list(keys)),
        now=stamp(now),
    )
    return {(row["chat"], row["thread"]) for row in rows}


def unmute(tx: Tx, chat: int, thread: int) -> int:
    """Delete all mutes of a chat or topic; returns how many there were."""
    return tx.execute("DELETE FROM mutes WHERE chat = :chat AND thread = :thread", chat=chat, thread=thread)


def mutes(tx: Tx, chat: int, thread: int, now: datetime) -> list[tuple[str, datetime]]:
    """The keys that a chat or topic has muted and when each mute ends, the soonest first."""
    rows = tx.rows(
        "SELECT incident, until FROM mutes WHERE chat = :chat AND thread = :thread AND until > :now ORDER BY until",
        chat=chat,
        thread=thread,
        now=stamp(now),
    )
    return [(row["incident"], moment(row["until"])) for row in rows]


def forget(tx: Tx, chat: int, now: datetime) -> None:
    """Delete every row about a chat; for a private chat also the person's name in the cards of other chats."""
    for one in acknowledgements.of_user(tx, chat):
        if one.chat != chat:
            pair = (one.chat, one.thread)
            outbox.enqueue_refresh(tx, pair, one.incident, change=None, severity=one.severity, why=UNNAMED, now=now)
    acknowledgements.forget_user(tx, chat)
    amendments.forget(tx, chat)
    audit.erase(tx, "deliveries", "chat = :chat", chat=chat)
    for table in TABLES_WITH_CHAT:
        tx.execute(f"DELETE FROM {table} WHERE chat = :chat", chat=chat)
    inbox.forget(tx, chat)


def forget_topic(tx: Tx, chat: int, thread: int, *, message_id: int | None, now: datetime) -> None:
    """Delete all rows about a topic of a chat and drop its open alerts; the card of this message moves to the chat."""
    outbox.drop_chat(tx, chat, thread=thread, why=TOPIC_DELETED, now=now)
    key = {"chat": chat, "thread": thread}
    tx.execute(
        "UPDATE OR IGNORE cards SET thread = 0 WHERE chat = :chat AND thread = :thread AND message_id = :message_id",
        message_id=message_id,
        **key,
    )
    for table in TABLES_WITH_TOPIC:
        tx.execute(f"DELETE FROM {table} WHERE chat = :chat AND thread = :thread", **key)


def everything(tx: Tx, chat: int) -> dict[str, list[dict[str, object]]]:
    """Every row about a chat, by table; for a private chat also the person's acknowledgements in other chats."""
    found = {table: _readable(tx, table, chat) for table in TABLES_WITH_CHAT}
    found["acknowledged"] = tx.rows("SELECT * FROM acknowledgements WHERE user = :chat AND user <> 0", chat=chat)
    return {table: rows for table, rows in found.items() if rows}


def _readable(tx: Tx, table: str, chat: int) -> list[dict[str, object]]:
    """A chat's rows of a table; damaged text that is no UTF-8 any more is decoded as far as possible."""
    columns = [row["name"] for row in tx.rows("SELECT name FROM pragma_table_info(:table)", table=table)]
    blobs = ", ".join(f"iif(typeof({name}) = 'text', CAST({name} AS BLOB), {name}) AS {name}" for name in columns)
    rows = tx.rows(f"SELECT {blobs} FROM {table} WHERE chat = :chat", chat=chat)
    return [
        {name: cell.decode(errors="replace") if isinstance(cell, bytes) else cell for name, cell in row.items()}
        for row in rows
    ]


def counts(tx: Tx) -> dict[str, int]:
    """How many chats are in each state."""
    return {row["state"]: row["n"] for row in tx.rows("SELECT state, COUNT(*) AS n FROM chats GROUP BY state")}


def prune(tx: Tx, now: datetime) -> None:
    """Delete ended mutes, old questions, button payloads older than 7 days, and old names in acknowledgements."""
    tx.execute("DELETE FROM mutes WHERE until < :now", now=stamp(now))
    questions.prune(tx, now)
    acknowledgements.prune(tx, now)
    tx.execute("DELETE FROM choices WHERE made < :old", old=stamp(now - timedelta(days=7)))
