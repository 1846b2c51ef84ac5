"""Which alerts are due, and how did sending each one go? The outbox.

A row is ``pending`` until it is claimed, ``sending`` while a request is under way, ``unknown`` when no answer
came, and ends as ``sent``, ``failed`` or ``dropped``. A row that was ``sending`` in a crash becomes ``unknown``. An
unknown first card or reply is sent at most once more; an edit can be repeated freely.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.store import integrity, lease
from bot.store.codec import checksum, dump, dump_reason, load, load_reason, moment, stamp
from bot.store.db import BELOW_CHATS, Row, Tx
from bot.types import Alert, Reason
from extract.types import Action, Change

log = logging.getLogger(__name__)

TABLE = "alerts"
MAX_REPEATS = 1
# no alert is put off for longer; one that seems to be is due, since the clock was set back (``bot.due``)
LONGEST_PAUSE = timedelta(minutes=5)
# a crash leaves claimed alerts in doubt, so each crash allows one more try; this many crashes while one alert is being
# sent are taken to be caused by it
MAX_REPEATS_AFTER_CRASH = 8
_OPEN = "state IN ('pending', 'sending', 'unknown')"
_SAME_CARD = "chat = :chat AND thread = :thread AND incident = :incident"
_ENDED = Literal["failed", "dropped"]
# an error that Telegram answers can be as long as it likes
_REASON_LENGTH = 300


def enqueue(tx: Tx, alert: Alert, *, severity: int, why: Reason, now: datetime) -> bool:
    """Add an alert to the outbox. False where an alert that is there already covers it.

    A pending first card is rendered from the newest version when it is sent, and a first card of the same version or a
    later one shows what an edit or reply would say. A pending edit is replaced by the newer one.
    """
    return enqueue_all(tx, [(alert, why)], severity=severity, now=now) > 0


def enqueue_all(tx: Tx, entries: Sequence[tuple[Alert, Reason]], *, severity: int, now: datetime) -> int:
    """``enqueue`` for alerts about one incident, one of an action for each card; returns how many were added."""
    known = _of_cards(tx, [alert for alert, _ in entries])
    new = [(alert, why) for alert, why in entries if not any(_covers(one, alert) for one in known[_card(alert)])]
    edited = [known[_card(alert)] for alert, _ in new if alert.action is Action.EDIT]
    older = [one.id for card in edited for one in card if one.action == Action.EDIT and one.state == "pending"]
    tx.execute_each(
        "UPDATE alerts SET state = 'dropped', why = 'a newer edit', ended = :now WHERE id = :id",
        [{"id": num, "now": stamp(now)} for num in older],
    )
    tx.execute_each(
        """INSERT INTO alerts (chat, thread, incident, version, action, silent, severity, state, not_before, change,
             why, made, notice, digest)
           VALUES (:chat, :thread, :incident, :version, :action, :silent, :severity, 'pending', :now, :change, :why,
             :now, :notice, :digest)""",
        [_new_row(alert, severity=severity, why=why, now=now) for alert, why in new],
    )
    return len(new)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an alert that is there already."""

    id: int
    version: int
    action: str
    state: str


def _of_cards(tx: Tx, alerts: Sequence[Alert]) -> Mapping[tuple[int, int], list[_Known]]:
    """Chat and thread -> the alerts in the outbox about these alerts' incident."""
    found: dict[tuple[int, int], list[_Known]] = defaultdict(list)
    if not alerts:
        return found
    chats = [alert.chat for alert in alerts]
    rows = tx.cells(
        """SELECT chat, thread, id, version, action, state FROM alerts
           WHERE incident = :incident AND chat BETWEEN :first AND :last""",
        incident=alerts[0].incident,
        first=min(chats),
        last=max(chats),
    )
    for chat, thread, *cells in rows:
        found[chat, thread].append(_Known(*cells))
    return found


def _card(alert: Alert) -> tuple[int, int]:
    return alert.chat, alert.thread


def _covers(known: _Known, alert: Alert) -> bool:
    """Will the chat see what the alert says without it?"""
    if known.version == alert.version and known.action == alert.action:
        return True
    if known.action != Action.NEW:
        return False
    is_shown = known.version >= alert.version > 0 and known.state in ("sending", "unknown", "sent")
    return known.state == "pending" or (is_shown and alert.action is not Action.NEW)


def _new_row(alert: Alert, *, severity: int, why: Reason, now: datetime) -> Row:
    change = dump(alert.change) if alert.change else None
    return {
        "chat": alert.chat,
        "thread": alert.thread,
        "incident": alert.incident,
        "version": alert.version,
        "action": alert.action.value,
        "silent": int(alert.silent),
        "severity": severity,
        "now": stamp(now),
        "change": change,
        "why": _cell(why),
        "notice": alert.notice,
        "digest": checksum(change, alert.notice),
    }


def enqueue_refresh(
    tx: Tx, pair: tuple[int, int], incident: str, *, change: Change | None, severity: int, why: Reason, now: datetime
) -> None:
    """Enqueue an edit of a chat's card though the incident has no new version.

    Such edits have versions 0, -1, -2 …: a version of its own each, since an edit that is being sent may not show the
    newest state yet.
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


def update_pending_cards(tx: Tx, incident: str, version: int) -> None:
    """Set the version of an incident's pending first cards: they will show this one."""
    tx.execute(
        """UPDATE OR IGNORE alerts SET version = :version
           WHERE incident = :incident AND action = 'new' AND state = 'pending'""",
        incident=incident,
        version=version,
    )


def claim(tx: Tx, *, holder: str, now: datetime, limit: int, busy: tuple[int, ...]) -> list[Alert]:
    """Claim the next alerts to send, at most one for each chat: the most severe first, then the oldest.

    [] for a process that doesn't hold the lease. Chats that must wait or are ``busy``, and cards with an earlier open
    alert, are skipped.
    """
    if not lease.is_held(tx, holder, now):
        return []
    _drop_without_card(tx, now)
    rows = _due_per_chat(tx, now=now, limit=limit, busy=busy)
    while damaged := [row["id"] for row in rows if not integrity.is_intact(TABLE, row)]:
        _give_up_damaged(tx, damaged, now)
        rows = _due_per_chat(tx, now=now, limit=limit, busy=busy)
    for row in rows:
        tx.execute(
            """UPDATE alerts SET state = 'sending', attempts = attempts + 1, repeats = repeats + (state = 'unknown')
               WHERE id = :id""",
            id=row["id"],
        )
    return [_alert(row) for row in rows]


def mark_sent(tx: Tx, alert: Alert, now: datetime) -> None:
    """Mark an alert as sent."""
    tx.execute("UPDATE alerts SET state = 'sent', ended = :now WHERE id = :id", id=alert.id, now=stamp(now))


def retry(tx: Tx, alert: Alert, *, at: datetime, why: Reason, counts: bool = True) -> None:
    """Retry an alert at a time, since nothing was sent. A repeat stays a repeat; ``counts``: it was an attempt.

    The time is at most ``LONGEST_PAUSE`` ahead: a longer wait is one of the chat or the bot.
    """
    state = "unknown" if alert.repeat else "pending"
    repeats = -1 if alert.repeat else 0
    tx.execute(
        """UPDATE alerts SET state = :state, not_before = :at, why = :why, repeats = repeats + :repeats,
             attempts = attempts - :uncounted
           WHERE id = :id AND state = 'sending'""",
        id=alert.id,
        at=stamp(at),
        why=_cell(why),
        state=state,
        repeats=repeats,
        uncounted=int(not counts),
    )


def mark_unknown(tx: Tx, alert: Alert, *, at: datetime, now: datetime, why: Reason) -> None:
    """Mark an alert that got no answer as unknown, since it may have arrived; as failed where it was repeated already.

    An edit is retried instead.
    """
    if alert.action is Action.EDIT:
        retry(tx, alert, at=at, why=why)
        return
    tx.execute(
        """UPDATE alerts SET why = :why, not_before = :at,
             state = CASE WHEN repeats >= :most THEN 'failed' ELSE 'unknown' END,
             ended = CASE WHEN repeats >= :most THEN :now END
           WHERE id = :id AND state = 'sending'""",
        id=alert.id,
        at=stamp(at),
        why=_cell(why),
        most=MAX_REPEATS,
        now=stamp(now),
    )


def end(tx: Tx, alert: Alert, state: _ENDED, *, why: Reason, now: datetime) -> None:
    """End an alert as failed or dropped."""
    tx.execute(
        "UPDATE alerts SET state = :state, why = :why, ended = :now WHERE id = :id",
        id=alert.id,
        state=state,
        why=_cell(why),
        now=stamp(now),
    )


def drop_chat(tx: Tx, chat: int, *, thread: int | None = None, why: Reason, now: datetime) -> None:
    """Drop all open alerts of a chat, or of one topic of it."""
    tx.execute(
        f"""UPDATE alerts SET state = 'dropped', why = :why, ended = :now
            WHERE chat = :chat AND (:thread IS NULL OR thread = :thread) AND {_OPEN}""",
        chat=chat,
        thread=thread,
        why=_cell(why),
        now=stamp(now),
    )


def recover(tx: Tx, in_flight: tuple[int, ...] = ()) -> int:
    """Mark alerts as unknown that a crashed process was sending, or whose result couldn't be written; how many.

    ``in_flight`` are the ids of alerts that this process is sending right now: they stay. Edits become pending again.
    """
    lost = "state = 'sending' AND id NOT IN (SELECT value FROM json_each(:in_flight))"
    known = {"in_flight": dump(in_flight)}
    tx.execute(f"UPDATE alerts SET state = 'pending' WHERE {lost} AND action = 'edit'", **known)
    tx.execute(
        f"UPDATE alerts SET state = 'failed', why = 'no answer again' WHERE {lost} AND repeats >= :most",
        most=MAX_REPEATS_AFTER_CRASH,
        **known,
    )
    return tx.execute(f"UPDATE alerts SET state = 'unknown' WHERE {lost}", **known)


def delete_ended(tx: Tx, alert: Alert) -> None:
    """Delete the dropped or failed alert of the same card, version and action, so that it can be enqueued again."""
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
    """Is the alert still in the outbox? The alerts of a chat whose data was deleted are not."""
    return bool(tx.value("SELECT 1 FROM alerts WHERE id = :id", id=alert.id))


def drop_first_cards(tx: Tx, incident: str, *, why: Reason, now: datetime) -> None:
    """Drop the pending first cards about an incident."""
    tx.execute(
        """UPDATE alerts SET state = 'dropped', why = :why, ended = :now
           WHERE incident = :incident AND action = 'new' AND state = 'pending'""",
        incident=incident,
        why=_cell(why),
        now=stamp(now),
    )


def open_first_cards(tx: Tx, incident: str, after: int = BELOW_CHATS) -> set[tuple[int, int]]:
    """Chat and thread of those with an open first card about an incident, of chats with ids above ``after``."""
    sql = f"SELECT chat, thread FROM alerts WHERE incident = :incident AND chat > :after AND action = 'new' AND {_OPEN}"
    return set(tx.cells(sql, incident=incident, after=after))


def first_cards_since(tx: Tx, chat: int, thread: int, since: datetime, until: datetime) -> int:
    """The number of first cards enqueued for a chat or topic between two times, without dropped ones."""
    found = tx.value(
        """SELECT COUNT(*) FROM alerts WHERE chat = :chat AND thread = :thread AND action = 'new' AND notice = ''
             AND state <> 'dropped' AND made > :since AND made <= :until""",
        chat=chat,
        thread=thread,
        since=stamp(since),
        until=stamp(until),
    )
    return int(found)


def of_chat(tx: Tx, chat: int, thread: int, incident: str) -> list[tuple[str, str, Reason, datetime]]:
    """The action, state, reason and time of each alert about an incident for a chat or topic, oldest first."""
    rows = tx.rows(
        f"SELECT action, state, why, made FROM alerts WHERE {_SAME_CARD} ORDER BY id",
        chat=chat,
        thread=thread,
        incident=incident,
    )
    return [(row["action"], row["state"], load_reason(row["why"]), moment(row["made"])) for row in rows]


def everything(tx: Tx) -> list[Alert]:
    """Every alert that is in the outbox, open or ended, in the order they were enqueued."""
    rows = tx.rows(
        """SELECT id, chat, thread, incident, version, action, silent, state, attempts, digest,
             CAST(change AS BLOB) AS change, CAST(notice AS BLOB) AS notice
           FROM alerts ORDER BY id"""
    )
    return [_alert(row) for row in rows if integrity.is_intact(TABLE, row)]


def counts(tx: Tx) -> dict[str, int]:
    """The number of alerts in each state."""
    rows = tx.rows("SELECT state, COUNT(*) AS n FROM alerts GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


def _due_per_chat(tx: Tx, *, now: datetime, limit: int, busy: tuple[int, ...]) -> list[Row]:
    """The next due row of each chat, for at most ``limit`` chats; reads the index of due rows only as far as needed."""
    found: dict[int, Row] = {}
    for row in tx.each(
        """SELECT a.id, a.chat, a.thread, a.incident, a.version, a.action, a.silent, a.state, a.attempts, a.digest,
             CAST(a.change AS BLOB) AS change, CAST(a.notice AS BLOB) AS notice
           FROM alerts a INDEXED BY alerts_due CROSS JOIN chats c ON c.chat = a.chat
           WHERE a.state IN ('pending', 'unknown')
             AND (a.not_before <= :now OR (a.made > :now AND a.attempts = 0) OR a.not_before > :latest)
             AND c.state = 'active' AND (c.not_before <= :now OR c.waits_since > :now)
             AND a.chat NOT IN (SELECT value FROM json_each(:busy))
             AND NOT EXISTS (SELECT 1 FROM alerts b INDEXED BY alerts_open
                             WHERE b.chat = a.chat AND b.thread = a.thread AND b.incident = a.incident AND b.id < a.id
                               AND b.state IN ('pending', 'sending', 'unknown'))
           ORDER BY a.severity DESC, a.id""",
        now=stamp(now),
        latest=stamp(now + LONGEST_PAUSE),
        busy=dump(busy),
    ):
        found.setdefault(row["chat"], row)
        if len(found) >= limit:
            break
    return list(found.values())


def _give_up_damaged(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """Mark damaged alerts as failed, since their content is unknown and they must not block the others."""
    log.error("damaged alerts", extra={"alerts": ids})
    tx.execute(
        """UPDATE alerts SET state = 'failed', why = 'damaged in the database', ended = :now
           WHERE id IN (SELECT value FROM json_each(:ids))""",
        now=stamp(now),
        ids=dump(list(ids)),
    )


def _drop_without_card(tx: Tx, now: datetime) -> None:
    """Drop pending edits and replies whose card is neither in the chat nor open in the outbox."""
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


def _cell(why: Reason) -> str:
    """A reason as it is stored."""
    return dump_reason(msgspec.structs.replace(why, message=why.message[:_REASON_LENGTH]))


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
