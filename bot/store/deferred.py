"""What a chat asked for and wasn't told at once: gathered for a digest, over its budget, or told without a sound."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import dump, moment, stamp
from bot.store.db import Tx
from bot.types import Deferral, DeferralReason

TABLE = "held"
KEPT_DAYS = 30


def add(tx: Tx, one: Deferral) -> None:
    """Keep an incident for later."""
    row = {"chat": one.chat, "thread": one.thread, "incident": one.incident, "why": one.why.value, "at": stamp(one.at)}
    tx[TABLE].upsert(row)


def of(tx: Tx, chat: int, thread: int, *whys: DeferralReason) -> list[Deferral]:
    """What is kept for a chat, oldest first; for these reasons only, if some are given."""
    rows = tx.rows(
        """SELECT chat, thread, incident, why, at FROM held WHERE chat = :chat AND thread = :thread
             AND (:whys = '[]' OR why IN (SELECT value FROM json_each(:whys))) ORDER BY at, incident""",
        chat=chat,
        thread=thread,
        whys=dump([why.value for why in whys]),
    )
    return [
        Deferral(
            chat=r["chat"], thread=r["thread"], incident=r["incident"], why=DeferralReason(r["why"]), at=moment(r["at"])
        )
        for r in rows
    ]


def release(tx: Tx, chat: int, thread: int, *whys: DeferralReason, incident: str = "") -> None:
    """It has been told: of one incident, or of all that were kept for these reasons."""
    tx.execute(
        """DELETE FROM held WHERE chat = :chat AND thread = :thread
             AND why IN (SELECT value FROM json_each(:whys)) AND (:incident = '' OR incident = :incident)""",
        chat=chat,
        thread=thread,
        whys=dump([why.value for why in whys]),
        incident=incident,
    )


def prune(tx: Tx, now: datetime) -> None:
    """Forget what was kept too long ago to be news."""
    tx.execute("DELETE FROM held WHERE at < :old", old=stamp(now - timedelta(days=KEPT_DAYS)))
