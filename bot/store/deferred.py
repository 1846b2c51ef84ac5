"""Which incidents did a chat not get at once with a sound? Deferral to a digest, over the day's limit, or sent quietly.

Each row is one incident, one chat or topic, and one reason (``DeferralReason``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import dump, moment, stamp
from bot.store.db import Tx
from bot.types import Deferral, DeferralReason

TABLE = "held"
KEPT_DAYS = 30


def add(tx: Tx, entry: Deferral) -> None:
    """Write a deferred incident, in place of an earlier row for the same chat, incident and reason."""
    row = {
        "chat": entry.chat,
        "thread": entry.thread,
        "incident": entry.incident,
        "why": entry.why.value,
        "at": stamp(entry.at),
    }
    tx[TABLE].upsert(row)


def of(tx: Tx, chat: int, thread: int, *reasons: DeferralReason) -> list[Deferral]:
    """The deferred incidents of a chat or topic, oldest first; only those with these reasons, if any are given."""
    rows = tx.rows(
        """SELECT chat, thread, incident, why, at FROM held WHERE chat = :chat AND thread = :thread
             AND (:reasons = '[]' OR why IN (SELECT value FROM json_each(:reasons))) ORDER BY at, incident""",
        chat=chat,
        thread=thread,
        reasons=dump([reason.value for reason in reasons]),
    )
    return [
        Deferral(
            chat=r["chat"], thread=r["thread"], incident=r["incident"], why=DeferralReason(r["why"]), at=moment(r["at"])
        )
        for r in rows
    ]


def holders(tx: Tx, incident: str, after: int, last: int) -> set[tuple[int, int]]:
    """Chat and thread of those for which an incident is deferred, with chat ids above ``after`` up to ``last``."""
    sql = "SELECT chat, thread FROM held WHERE chat > :after AND chat <= :last AND incident = :incident"
    return set(tx.cells(sql, after=after, last=last, incident=incident))


def remove(tx: Tx, chat: int, thread: int, *reasons: DeferralReason, incident: str = "") -> None:
    """Delete a chat's deferred incidents with these reasons; only one incident's, if it is given."""
    tx.execute(
        """DELETE FROM held WHERE chat = :chat AND thread = :thread
             AND why IN (SELECT value FROM json_each(:reasons)) AND (:incident = '' OR incident = :incident)""",
        chat=chat,
        thread=thread,
        reasons=dump([reason.value for reason in reasons]),
        incident=incident,
    )


def prune(tx: Tx, now: datetime) -> None:
    """Delete what was deferred more than ``KEPT_DAYS`` ago."""
    tx.execute("DELETE FROM held WHERE at < :old", old=stamp(now - timedelta(days=KEPT_DAYS)))
