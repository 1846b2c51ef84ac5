"""Which updates from Telegram have been handled: each is, once.

An update is taken, handled, then done. One that a dead process took and never finished is handled again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import stamp
from bot.store.db import Tx

TABLE = "updates"
KEEP_DAYS = 7


def take(tx: Tx, update_id: int, run: str, now: datetime) -> bool:
    """Take an update for handling; False where it is done or this process has it already."""
    known = tx.row("SELECT state, run FROM updates WHERE update_id = :id", id=update_id)
    if known and (known["state"] == "done" or known["run"] == run):
        return False
    tx[TABLE].upsert({"update_id": update_id, "state": "taken", "run": run, "at": stamp(now)}, pk="update_id")
    return True


def done(tx: Tx, update_id: int) -> None:
    """The update has been handled and answered."""
    tx.execute("UPDATE updates SET state = 'done' WHERE update_id = :id", id=update_id)


def prune(tx: Tx, now: datetime) -> None:
    """Forget old updates: Telegram keeps them for a day only."""
    tx.execute("DELETE FROM updates WHERE at < :old", old=stamp(now - timedelta(days=KEEP_DAYS)))
