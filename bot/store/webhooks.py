"""What is each webhook to be sent, what became of it, and is the webhook paused since it keeps failing?

A message is ``pending``, ``sending``, ``sent``, ``failed`` (refused again and again while others were taken) or
``dropped``. Its id and body never change, so that a receiver knows what it got twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.store import integrity, lease
from bot.store.codec import checksum, dump, moment_or_none, stamp
from bot.store.db import Tx
from bot.types import HookMessage, HookState

MESSAGES = "webhook_messages"
TOLD = "webhook_told"
STATES = "webhook_states"
# a wait is never longer: a time that is farther ahead was made by a clock that was wrong
LONGEST_WAIT = timedelta(hours=6)
# how long what ended is kept, and what nobody takes
KEPT_ENDED = timedelta(days=7)
KEPT_OPEN = timedelta(days=30)
NO_LONGER = "no longer configured"
_REASON_LENGTH = 200


def add(tx: Tx, hook: str, *, message_id: str, incident: str, version: int, body: str, now: datetime) -> None:
    """Add a message to send, and note that the webhook knows the incident. One that is there already stays as it is."""
    row = {
        "id": message_id, "hook": hook, "incident": incident, "version": version, "body": body,
        "digest": checksum(body), "state": "pending", "not_before": stamp(now), "made": stamp(now),
    }  # fmt: skip
    tx[MESSAGES].insert(row, ignore=True)
    mark_told(tx, hook, incident)


def mark_told(tx: Tx, hook: str, incident: str) -> None:
    """Note that a webhook knows an incident: it is told of each later change."""
    tx[TOLD].insert({"hook": hook, "incident": incident}, ignore=True)


def has_told(tx: Tx, hook: str, incident: str) -> bool:
    """Does the webhook know the incident?"""
    query = "SELECT 1 FROM webhook_told WHERE hook = :hook AND incident = :incident"
    return bool(tx.value(query, hook=hook, incident=incident))


def has_due(tx: Tx, hook: str, now: datetime) -> bool:
    """May a message be sent to the webhook now?"""
    return _due(tx, hook, now) is not None


def claim(tx: Tx, hook: str, *, holder: str, now: datetime) -> HookMessage | None:
    """Claim the message to send next; None if there is none, or this process doesn't hold the lease.

    An incident's messages are sent in order. A damaged one is given up: what it said is not known any more.
    """
    while lease.is_held(tx, holder, now) and (num := _due(tx, hook, now)) is not None:
        row = tx.row(
            "SELECT id, attempts, made, digest, CAST(body AS BLOB) AS body FROM webhook_messages WHERE num = :num",
            num=num,
        )
        if row is None:
            return None
        if not integrity.is_intact(MESSAGES, row):
            _end(tx, num, "failed", why="damaged in the database", now=now)
            continue
        tx.execute("UPDATE webhook_messages SET state = 'sending', attempts = attempts + 1 WHERE num = :num", num=num)
        return HookMessage(num=num, hook=hook, id=row["id"], attempts=row["attempts"] + 1, body=bytes(row["body"]))
    return None


def mark_sent(tx: Tx, message: HookMessage, now: datetime) -> bool:
    """Mark a message as taken: the webhook works, and whatever waits is sent at once; was it paused?"""
    was_paused = state(tx, message.hook).paused is not None
    _end(tx, message.num, "sent", why="", now=now)
    tx[STATES].upsert(
        {
            "hook": message.hook,
            "failures": 0,
            "since": None,
            "paused": None,
            "not_before": "",
            "last_ok": stamp(now),
            "why": "",
        }
    )
    if was_paused:
        tx.execute(
            "UPDATE webhook_messages SET not_before = :now WHERE hook = :hook AND state = 'pending'",
            hook=message.hook,
            now=stamp(now),
        )
    return was_paused


def retry(tx: Tx, message: HookMessage, *, at: datetime, why: str) -> None:
    """Send a message again at a time, since it was not taken."""
    tx.execute(
        "UPDATE webhook_messages SET state = 'pending', not_before = :at, why = :why WHERE num = :num",
        num=message.num,
        at=stamp(at),
        why=why[:_REASON_LENGTH],
    )


def give_up(tx: Tx, message: HookMessage, *, why: str, now: datetime) -> None:
    """End a message that is never taken."""
    _end(tx, message.num, "failed", why=why, now=now)


def put_state(tx: Tx, known: HookState, *, wait_until: datetime) -> None:
    """Write how a webhook fails, and until when nothing is sent to it."""
    tx[STATES].upsert(
        {
            "hook": known.hook,
            "failures": known.failures,
            "since": stamp(known.since) if known.since else None,
            "paused": stamp(known.paused) if known.paused else None,
            "not_before": stamp(wait_until),
            "why": known.why[:_REASON_LENGTH],
        }
    )


def state(tx: Tx, hook: str) -> HookState:
    """How a webhook does."""
    row = tx.row("SELECT failures, since, paused, last_ok, why FROM webhook_states WHERE hook = :hook", hook=hook)
    counts = tx.rows("SELECT state, COUNT(*) AS n FROM webhook_messages WHERE hook = :hook GROUP BY state", hook=hook)
    numbers = {one["state"]: one["n"] for one in counts}
    waiting = numbers.get("pending", 0) + numbers.get("sending", 0)
    known = HookState(hook=hook, waiting=waiting, sent=numbers.get("sent", 0), failed=numbers.get("failed", 0))
    if row is None:
        return known
    return HookState(
        hook=hook,
        waiting=waiting,
        sent=known.sent,
        failed=known.failed,
        failures=row["failures"],
        since=moment_or_none(row["since"]),
        paused=moment_or_none(row["paused"]),
        last_ok=moment_or_none(row["last_ok"]),
        why=row["why"],
    )


def states(tx: Tx) -> list[HookState]:
    """How each webhook does that is configured."""
    return [state(tx, row["hook"]) for row in tx.rows("SELECT hook FROM webhook_states ORDER BY hook")]


def is_taken_since(tx: Tx, message: HookMessage) -> bool:
    """Has the webhook taken another message since this one was made?"""
    return bool(
        tx.value(
            """SELECT 1 FROM webhook_states s, webhook_messages m
               WHERE s.hook = :hook AND m.num = :num AND s.last_ok > m.made""",
            hook=message.hook,
            num=message.num,
        )
    )


def sync(tx: Tx, hooks: Collection[str], now: datetime) -> None:
    """Note which webhooks are configured: paused ones are tried again, and of others whatever waits is dropped."""
    for hook in hooks:
        tx[STATES].insert({"hook": hook}, ignore=True)
        tx.execute("UPDATE webhook_states SET not_before = '' WHERE hook = :hook", hook=hook)
    others = "hook NOT IN (SELECT value FROM json_each(:hooks))"
    tx.execute(f"DELETE FROM webhook_states WHERE {others}", hooks=dump(list(hooks)))
    tx.execute(f"DELETE FROM webhook_told WHERE {others}", hooks=dump(list(hooks)))
    tx.execute(
        f"""UPDATE webhook_messages SET state = 'dropped', why = :why, ended = :now, body = '', digest = :digest
            WHERE {others} AND state IN ('pending', 'sending')""",
        hooks=dump(list(hooks)),
        why=NO_LONGER,
        now=stamp(now),
        digest=checksum(""),
    )


def recover(tx: Tx) -> int:
    """Send again what a process was sending when it ended, with the same id; how many that are."""
    return tx.execute("UPDATE webhook_messages SET state = 'pending' WHERE state = 'sending'")


def prune(tx: Tx, now: datetime) -> int:
    """Delete messages that ended long ago, and drop those that nobody took for a month; how many those are."""
    tx.execute("DELETE FROM webhook_messages WHERE ended < :before", before=stamp(now - KEPT_ENDED))
    return tx.execute(
        """UPDATE webhook_messages SET state = 'dropped', why = 'nobody took it for a month', ended = :now, body = '',
             digest = :digest
           WHERE state = 'pending' AND made < :before""",
        now=stamp(now),
        before=stamp(now - KEPT_OPEN),
        digest=checksum(""),
    )


def _due(tx: Tx, hook: str, now: datetime) -> int | None:
    """The number of the next message; of a paused webhook the one that was tried least, in case one is the trouble."""
    row = tx.row("SELECT paused, not_before FROM webhook_states WHERE hook = :hook", hook=hook)
    if row is not None and stamp(now) < row["not_before"] <= stamp(now + LONGEST_WAIT):
        return None
    is_paused = row is not None and row["paused"] is not None
    order = "attempts, num" if is_paused else "num"
    found = tx.value(
        f"""SELECT num FROM webhook_messages a WHERE hook = :hook AND state = 'pending'
              AND (:paused OR not_before <= :now OR made > :now OR not_before > :latest)
              AND NOT EXISTS (SELECT 1 FROM webhook_messages b WHERE b.hook = a.hook AND b.incident = a.incident
                                AND b.num < a.num AND b.state IN ('pending', 'sending'))
            ORDER BY {order} LIMIT 1""",
        hook=hook,
        paused=int(is_paused),
        now=stamp(now),
        latest=stamp(now + LONGEST_WAIT),
    )
    return int(found) if found is not None else None


def _end(tx: Tx, num: int, ended: str, *, why: str, now: datetime) -> None:
    """End a message; its body is not kept."""
    tx.execute(
        """UPDATE webhook_messages SET state = :state, why = :why, ended = :now, body = '', digest = :digest
           WHERE num = :num""",
        num=num,
        state=ended,
        why=why[:_REASON_LENGTH],
        now=stamp(now),
        digest=checksum(""),
    )
