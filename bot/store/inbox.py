"""Which updates from Telegram came in and which have been handled: each is, once.

An update is kept before Telegram is told that it arrived, so that a command survives the death of the process. Its
content is wiped as soon as it has been handled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.store.codec import stamp
from bot.store.db import Tx
from bot.types import Inbound

TABLE = "updates"
KEEP_DAYS = 7
# an update that the process died of so often is given up
MAX_ATTEMPTS = 3


def put(tx: Tx, updates: Sequence[Inbound], now: datetime) -> list[Inbound]:
    """Keep updates; those that are new."""
    new = [update for update in updates if not _is_known(tx, update.update_id)]
    for update in new:
        row = {"update_id": update.update_id, "chat": update.chat, "payload": update.payload}
        tx[TABLE].insert({**row, "state": "open", "at": stamp(now)}, ignore=True)
    return list({update.update_id: update for update in new}.values())


def unfinished(tx: Tx) -> list[Inbound]:
    """The updates that an earlier process took and did not finish."""
    tx.execute("UPDATE updates SET attempts = attempts + 1 WHERE state = 'open'")
    tx.execute(
        "UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE state = 'open' AND attempts > :most",
        most=MAX_ATTEMPTS,
    )
    rows = tx.rows("SELECT update_id, chat, payload FROM updates WHERE state = 'open' ORDER BY update_id")
    return [Inbound(**row) for row in rows]


def done(tx: Tx, update_id: int) -> None:
    """The update has been handled and answered; nothing of what it said is kept."""
    tx.execute("UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE update_id = :id", id=update_id)


def forget(tx: Tx, chat: int) -> None:
    """Wipe what a chat said; that its updates have been handled stays known."""
    tx.execute("UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE chat = :chat", chat=chat)


def prune(tx: Tx, now: datetime) -> None:
    """Forget old updates: Telegram keeps them for a day only."""
    tx.execute("DELETE FROM updates WHERE at < :old", old=stamp(now - timedelta(days=KEEP_DAYS)))


def _is_known(tx: Tx, update_id: int) -> bool:
    return tx.value("SELECT 1 FROM updates WHERE update_id = :id", id=update_id) is not None
