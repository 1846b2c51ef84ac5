"""Which updates were received from Telegram, and which have been handled? Each is handled once.

An update is written before it is confirmed to Telegram, so that a command survives a crash. Its content is deleted as
soon as it has been handled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.store.codec import stamp
from bot.store.db import Tx
from bot.types import Inbound

TABLE = "updates"
KEEP_DAYS = 7
# an update that is still open at more starts than this is given up
MAX_ATTEMPTS = 3


def put(tx: Tx, updates: Sequence[Inbound], now: datetime) -> list[Inbound]:
    """Write updates; returns the new ones."""
    new = [update for update in updates if not _is_known(tx, update.update_id)]
    for update in new:
        row = {"update_id": update.update_id, "chat": update.chat, "payload": update.payload}
        tx[TABLE].insert({**row, "state": "open", "at": stamp(now)}, ignore=True)
    return list({update.update_id: update for update in new}.values())


def unfinished(tx: Tx) -> list[Inbound]:
    """The updates that an earlier process received and did not finish; counts one more attempt for each."""
    tx.execute("UPDATE updates SET attempts = attempts + 1 WHERE state = 'open'")
    tx.execute(
        "UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE state = 'open' AND attempts > :most",
        most=MAX_ATTEMPTS,
    )
    rows = tx.rows("SELECT update_id, chat, payload FROM updates WHERE state = 'open' ORDER BY update_id")
    return [Inbound(**row) for row in rows]


def mark_done(tx: Tx, update_id: int) -> None:
    """Mark an update as handled and delete its content."""
    tx.execute("UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE update_id = :id", id=update_id)


def forget(tx: Tx, chat: int) -> None:
    """Delete the content of a chat's updates; that they were handled stays on record."""
    tx.execute("UPDATE updates SET state = 'done', payload = '', chat = NULL WHERE chat = :chat", chat=chat)


def prune(tx: Tx, now: datetime) -> None:
    """Delete updates older than ``KEEP_DAYS``: Telegram repeats them for a day only."""
    tx.execute("DELETE FROM updates WHERE at < :old", old=stamp(now - timedelta(days=KEEP_DAYS)))


def _is_known(tx: Tx, update_id: int) -> bool:
    return tx.value("SELECT 1 FROM updates WHERE update_id = :id", id=update_id) is not None
