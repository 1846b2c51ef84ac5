"""Which messages are due, and how sending each one went: the outbox.

A row is ``pending`` until it is claimed, ``sending`` while a request is under way, ``unknown`` when no answer
came, and ends as ``sent``, ``failed`` or ``dropped``. What was ``sending`` when the process died is ``unknown``. An
unknown first card or reply is sent once more at most; an edit can be repeated freely.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.store import integrity, lease
from bot.store.codec import checksum, dump, load, moment, moment_or_none, stamp
from bot.store.db import Row, Tx
from bot.types import Alert
from extract.types import Action, Change

log = logging.getLogger(__name__)

TABLE = "alerts"
MAX_REPEATS = 1
# a process that dies takes what it had claimed along, sent or not: each death allows one more, lest anybody is left
# out; so many deaths with one alert in the air are taken for its fault
MAX_REPEATS_AFTER_DEATH = 8
_OPEN = "state IN ('pending', 'sending', 'unknown')"
_SAME_CARD = "chat = :chat AND thread = :thread AND incident = :incident"
_ENDED = Literal["failed", "dropped"]


def enqueue(tx: Tx, alert: Alert, *, severity: int, why: str, now: datetime) -> bool:
    """Make an alert due. False where what is due already will show it.

    A first card that has not been tried shows the newest state when it goes out, and one of that version or a later one
    shows what an edit or reply would say; an edit that has not gone out is replaced by the newer one.
    """
    where = {"chat": alert.chat, "thread": alert.thread, "incident": alert.incident}
    if tx.value(
        f"""SELECT id FROM alerts WHERE {_SAME_CARD} AND action = 'new' AND (state = 'pending'
              OR (:shown AND version >= :version AND state IN ('sending', 'unknown', 'sent')))""",
        shown=int(alert.action is not Action.NEW and alert.version > 0),
        version=alert.version,
        **where,
    ):
        return False
    if alert.action is Action.EDIT:
        tx.execute(
            f"""UPDATE alerts SET state = 'dropped', why = 'a newer edit', ended = :now
                WHERE {_SAME_CARD} AND action = 'edit' AND state = 'pending'""",
            now=stamp(now),
            **where,
        )
    before = tx.value(
        f"SELECT COUNT(*) FROM alerts WHERE {_SAME_CARD} AND version = :version AND action = :action",
        version=alert.version,
        action=alert.action.value,
        **where,
    )
    if before:
        return False
    change = dump(alert.change) if alert.change else None
    tx.execute(  # by hand: thousands of these are written in one transaction
        """INSERT INTO alerts (chat, thread, incident, version, action, silent, severity, state, not_before, change,
             why, made, notice, digest)
           VALUES (:chat, :thread, :incident, :version, :action, :silent, :severity, 'pending', :now, :change, :why,
             :now, :notice, :digest)""",
        **where,
        version=alert.version,
        action=alert.action.value,
        silent=int(alert.silent),
        severity=severity,
        now=stamp(now),
        change=change,
        why=why,
        notice=alert.notice,
        digest=checksum(change, alert.notice),
    )
    return True


def show_again(
    tx: Tx, pair: tuple[int, int], incident: str, *, change: Change | None, severity: int, why: str, now: datetime
) -> None:
    """A chat's card has to be edited though the incident is as it was.

    Versions from 0 down stand for that: an edit that is under way may not show it yet.
    """
    chat, thread = pair
    card = {"chat": chat, "thread": thread, "incident": incident}
    again = f"{_SAME_CARD} AND version <= 0 AND action = 'edit'"
    tx.execute(f"DELETE FROM alerts WHERE {again} AND state IN ('pending', 'sent', 'failed', 'dropped')", **card)
    lowest = tx.value(f"SELECT MIN(version) FROM alerts WHERE {again}", **card)
    version = 0 if lowest is None else lowest - 1
    alert = Alert(
        id=0,
        chat=chat,
        thread=thread,
        incident=incident,
        version=version,
        action=Action.EDIT,
        silent=True,
        change=change,
    )
    enqueue(tx, alert, severity=severity, why=why, now=now)


def show_newest(tx: Tx, incident: str, version: int) -> None:
    """The first cards that nobody has tried to send will show this version."""
    tx.execute(
        """UPDATE OR IGNORE alerts SET version = :version
           WHERE incident = :incident AND action = 'new' AND state = 'pending'""",
        incident=incident,
        version=version,
    )


def claim(tx: Tx, *, holder: str, now: datetime, limit: int, busy: tuple[int, ...]) -> list[Alert]:
    """Take the next alerts to send, at most one a chat: severe first, then oldest.

    Nothing is given to a process that doesn't hold the lease, to a chat that must wait, or for a card that has an
    earlier alert open.
    """
    if not lease.held(tx, holder, now):
        return []
    _drop_without_card(tx, now)
    rows = _one_a_chat(tx, now=now, limit=limit, busy=busy)
    while damaged := [row["id"] for row in rows if not integrity.is_whole(TABLE, row)]:
        _give_up_damaged(tx, damaged, now)
        rows = _one_a_chat(tx, now=now, limit=limit, busy=busy)
    for row in rows:
        tx.execute(
            """UPDATE alerts SET state = 'sending', attempts = attempts + 1, repeats = repeats + (state = 'unknown')
               WHERE id = :id""",
            id=row["id"],
        )
    return [_alert(row) for row in rows]


def sent(tx: Tx, alert: Alert, now: datetime) -> None:
    """The message has arrived."""
    tx.execute("UPDATE alerts SET state = 'sent', ended = :now WHERE id = :id", id=alert.id, now=stamp(now))


def again(tx: Tx, alert: Alert, *, at: datetime, why: str, counts: bool = True) -> None:
    """Nothing was sent: try again at a time. A repeat stays a repeat; ``counts``: it was an attempt."""
    state = "unknown" if alert.repeat else "pending"
    repeats = -1 if alert.repeat else 0
    tx.execute(
        """UPDATE alerts SET state = :state, not_before = :at, why = :why, repeats = repeats + :repeats,
             attempts = attempts - :uncounted
           WHERE id = :id AND state = 'sending'""",
        id=alert.id,
        at=stamp(at),
        why=why[:300],
        state=state,
        repeats=repeats,
        uncounted=int(not counts),
    )


def unanswered(tx: Tx, alert: Alert, *, at: datetime, now: datetime, why: str) -> None:
    """No answer came: it may have arrived. Send it once more, or give it up where that has been done."""
    if alert.action is Action.EDIT:
        again(tx, alert, at=at, why=why)
        return
    tx.execute(
        """UPDATE alerts SET why = :why, not_before = :at,
             state = CASE WHEN repeats >= :most THEN 'failed' ELSE 'unknown' END,
             ended = CASE WHEN repeats >= :most THEN :now END
           WHERE id = :id AND state = 'sending'""",
        id=alert.id,
        at=stamp(at),
        why=why[:300],
        most=MAX_REPEATS,
        now=stamp(now),
    )


def end(tx: Tx, alert: Alert, state: _ENDED, *, why: str, now: datetime) -> None:
    """Nothing more will be done about this alert."""
    tx.execute(
        "UPDATE alerts SET state = :state, why = :why, ended = :now WHERE id = :id",
        id=alert.id,
        state=state,
        why=why[:300],
        now=stamp(now),
    )


def drop_for(tx: Tx, chat: int, *, why: str, now: datetime) -> None:
    """Drop everything that is due to a chat."""
    tx.execute(
        f"UPDATE alerts SET state = 'dropped', why = :why, ended = :now WHERE chat = :chat AND {_OPEN}",
        chat=chat,
        why=why[:300],
        now=stamp(now),
    )


def recover(tx: Tx, flying: tuple[int, ...] = ()) -> int:
    """What a dead process was sending, or whose end couldn't be recorded, may have arrived. How many.

    ``flying`` are the alerts that are being sent right now.
    """
    lost = "state = 'sending' AND id NOT IN (SELECT value FROM json_each(:flying))"
    known = {"flying": dump(flying)}
    tx.execute(f"UPDATE alerts SET state = 'pending' WHERE {lost} AND action = 'edit'", **known)
    tx.execute(
        f"UPDATE alerts SET state = 'failed', why = 'no answer again' WHERE {lost} AND repeats >= :most",
        most=MAX_REPEATS_AFTER_DEATH,
        **known,
    )
    return tx.execute(f"UPDATE alerts SET state = 'unknown' WHERE {lost}", **known)


def forget_ended(tx: Tx, alert: Alert) -> None:
    """Forget that this version's card was dropped or failed, so that it can be asked for again."""
    tx.execute(
        f"""DELETE FROM alerts WHERE {_SAME_CARD} AND version = :version AND action = :action
              AND state IN ('dropped', 'failed')""",
        chat=alert.chat,
        thread=alert.thread,
        incident=alert.incident,
        version=alert.version,
        action=alert.action.value,
    )


def exists(tx: Tx, alert: Alert) -> bool:
    """Is the alert still in the outbox? A chat that was forgotten has none."""
    return bool(tx.value("SELECT 1 FROM alerts WHERE id = :id", id=alert.id))


def drop_first_cards(tx: Tx, incident: str, *, why: str, now: datetime) -> None:
    """Drop the first cards about an incident that nobody has tried to send."""
    tx.execute(
        """UPDATE alerts SET state = 'dropped', why = :why, ended = :now
           WHERE incident = :incident AND action = 'new' AND state = 'pending'""",
        incident=incident,
        why=why,
        now=stamp(now),
    )


def open_first_cards(tx: Tx, incident: str) -> set[tuple[int, int]]:
    """The (chat, thread) pairs that a first card is on its way to."""
    rows = tx.rows(
        f"SELECT chat, thread FROM alerts WHERE incident = :incident AND action = 'new' AND {_OPEN}", incident=incident
    )
    return {(row["chat"], row["thread"]) for row in rows}


def next_due(tx: Tx) -> datetime | None:
    """When the next open alert may be tried; None where none is open."""
    return moment_or_none(
        tx.value(
            """SELECT MIN(MAX(a.not_before, c.not_before)) FROM alerts a JOIN chats c ON c.chat = a.chat
               WHERE a.state IN ('pending', 'unknown') AND c.state = 'active'"""
        )
    )


def backlog(tx: Tx, made_before: datetime, *, least: int) -> dict[tuple[int, int], list[str]]:
    """The incidents whose first cards have waited since before then and were never tried, by chat and topic.

    Only where there are at least so many.
    """
    rows = tx.rows(
        """SELECT chat, thread, json_group_array(incident) AS incidents FROM (
             SELECT chat, thread, incident FROM alerts
             WHERE state = 'pending' AND action = 'new' AND notice = '' AND attempts = 0 AND made < :before ORDER BY id)
           GROUP BY chat, thread HAVING COUNT(*) >= :least""",
        before=stamp(made_before),
        least=least,
    )
    return {(row["chat"], row["thread"]): load(row["incidents"], list[str]) for row in rows}


def gather(tx: Tx, chat: int, thread: int, ids: Sequence[str], *, now: datetime) -> None:
    """First cards that are told in a list instead."""
    tx.execute(
        """UPDATE alerts SET state = 'dropped', why = 'told in a list', ended = :now
           WHERE chat = :chat AND thread = :thread AND state = 'pending' AND notice = ''
             AND incident IN (SELECT value FROM json_each(:ids))""",
        now=stamp(now),
        chat=chat,
        thread=thread,
        ids=dump(list(ids)),
    )


def first_cards_since(tx: Tx, chat: int, thread: int, since: datetime) -> int:
    """How many incidents a chat was told of, or is being told of, since then."""
    found = tx.value(
        """SELECT COUNT(*) FROM alerts WHERE chat = :chat AND thread = :thread AND action = 'new' AND notice = ''
             AND state <> 'dropped' AND made > :since""",
        chat=chat,
        thread=thread,
        since=stamp(since),
    )
    return int(found)


def of_chat(tx: Tx, chat: int, thread: int, incident: str) -> list[tuple[str, str, str, datetime]]:
    """Action, state, reason and time of each alert about an incident to a chat, oldest first."""
    rows = tx.rows(
        f"SELECT action, state, why, made FROM alerts WHERE {_SAME_CARD} ORDER BY id",
        chat=chat,
        thread=thread,
        incident=incident,
    )
    return [(row["action"], row["state"], row["why"], moment(row["made"])) for row in rows]


def everything(tx: Tx) -> list[Alert]:
    """Every alert that was ever put in the outbox, in that order."""
    rows = tx.rows(
        """SELECT id, chat, thread, incident, version, action, silent, state, attempts, digest,
             CAST(change AS BLOB) AS change, CAST(notice AS BLOB) AS notice
           FROM alerts ORDER BY id"""
    )
    return [_alert(row) for row in rows if integrity.is_whole(TABLE, row)]


def counts(tx: Tx) -> dict[str, int]:
    """How many alerts are in each state."""
    rows = tx.rows("SELECT state, COUNT(*) AS n FROM alerts GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


def _one_a_chat(tx: Tx, *, now: datetime, limit: int, busy: tuple[int, ...]) -> list[Row]:
    """The next due row of each of so many chats; walks the index of what is due only as far as needed."""
    found: dict[int, Row] = {}
    for row in tx.each(
        """SELECT a.id, a.chat, a.thread, a.incident, a.version, a.action, a.silent, a.state, a.attempts, a.digest,
             CAST(a.change AS BLOB) AS change, CAST(a.notice AS BLOB) AS notice
           FROM alerts a INDEXED BY alerts_due CROSS JOIN chats c ON c.chat = a.chat
           WHERE a.state IN ('pending', 'unknown') AND a.not_before <= :now
             AND c.state = 'active' AND c.not_before <= :now AND a.chat NOT IN (SELECT value FROM json_each(:busy))
             AND NOT EXISTS (SELECT 1 FROM alerts b INDEXED BY alerts_open
                             WHERE b.chat = a.chat AND b.thread = a.thread AND b.incident = a.incident AND b.id < a.id
                               AND b.state IN ('pending', 'sending', 'unknown'))
           ORDER BY a.severity DESC, a.id""",
        now=stamp(now),
        busy=dump(busy),
    ):
        found.setdefault(row["chat"], row)
        if len(found) >= limit:
            break
    return list(found.values())


def _give_up_damaged(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """Nobody knows any more what these were to say: they must not hold up the others."""
    log.error("damaged alerts", extra={"alerts": ids})
    tx.execute(
        """UPDATE alerts SET state = 'failed', why = 'damaged in the database', ended = :now
           WHERE id IN (SELECT value FROM json_each(:ids))""",
        now=stamp(now),
        ids=dump(list(ids)),
    )


def _drop_without_card(tx: Tx, now: datetime) -> None:
    """An edit or a reply needs a card: without one, and with none on its way, it has lost its point."""
    tx.execute(
        """UPDATE alerts SET state = 'dropped', why = 'no card', ended = :now
           WHERE state = 'pending' AND action <> 'new'
             AND NOT EXISTS (SELECT 1 FROM cards c WHERE c.chat = alerts.chat AND c.thread = alerts.thread
                             AND c.incident = alerts.incident)
             AND NOT EXISTS (SELECT 1 FROM alerts b WHERE b.chat = alerts.chat AND b.thread = alerts.thread
                             AND b.incident = alerts.incident AND b.action = 'new'
                             AND b.state IN ('pending', 'sending', 'unknown'))""",
        now=stamp(now),
    )


def _alert(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        chat=row["chat"],
        thread=row["thread"],
        incident=row["incident"],
        version=row["version"],
        action=Action(row["action"]),
        silent=bool(row["silent"]),
        repeat=row["state"] == "unknown",
        attempts=row["attempts"] + 1,
        change=load(row["change"], Change) if row["change"] else None,
        notice=row["notice"].decode(),
    )
