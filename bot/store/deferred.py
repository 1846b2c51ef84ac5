"""What a chat asked for and wasn't told at once: gathered for a digest, over its budget, or told without a sound."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import dump, moment, stamp
from bot.store.db import Tx
from bot.types import Held, HeldFor

TABLE = "held"
KEPT_DAYS = 30


def hold(tx: Tx, one: Held) -> None:
    """Keep an incident for later."""
    row = {"chat": one.chat, "thread": one.thread, "incident": one.incident, "why": one.why.value, "at": stamp(one.at)}
    tx[TABLE].upsert(row)


def of(tx: Tx, chat: int, thread: int, *whys: HeldFor) -> list[Held]:
    """What is kept for a chat, oldest first; for these reasons only, if some are given."""
    rows = tx.rows(
        """SELECT chat, thread, incident, why, at FROM held WHERE chat = :chat AND thread = :thread
             AND (:whys = '[]' OR why IN (SELECT value FROM json_each(:whys))) ORDER BY at, incident""",
        chat=chat,
        thread=thread,
        whys=dump([why.value for why in whys]),
    )
    return [
        Held(chat=r["chat"], thread=r["thread"], incident=r["incident"], why=HeldFor(r["why"]), at=moment(r["at"]))
        for r in rows
    ]


def release(tx: Tx, chat: int, thread: int, *whys: HeldFor, incident: str = "") -> None:
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
