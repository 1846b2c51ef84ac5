"""What did each chat ask last? Kept for an hour, so that a follow-up question can use it and buttons can change it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import dump, load, stamp
from bot.store.db import Tx
from extract.ask import Query

TABLE = "questions"
KEPT_FOR = timedelta(hours=1)


def put(tx: Tx, address: tuple[int, int], token: str, query: Query, now: datetime) -> None:
    """Write a chat's question under the token that its buttons contain; ``address`` is chat and topic."""
    prune(tx, now)
    chat, thread = address
    row = {"chat": chat, "thread": thread, "token": token, "record": dump(query), "at": stamp(now)}
    tx[TABLE].upsert(row)


def last(tx: Tx, address: tuple[int, int], now: datetime) -> Query | None:
    """The latest question of a chat or topic within the hour; None where there is none."""
    text = tx.value(
        """SELECT record FROM questions WHERE chat = :chat AND thread = :thread AND at > :oldest
           ORDER BY at DESC, rowid DESC LIMIT 1""",
        chat=address[0],
        thread=address[1],
        oldest=stamp(now - KEPT_FOR),
    )
    return load(text, Query) if text else None


def get(tx: Tx, address: tuple[int, int], token: str) -> Query | None:
    """The question of a button's token; None where it is deleted."""
    text = tx.value(
        "SELECT record FROM questions WHERE chat = :chat AND thread = :thread AND token = :token",
        chat=address[0],
        thread=address[1],
        token=token,
    )
    return load(text, Query) if text else None


def prune(tx: Tx, now: datetime) -> None:
    """Delete questions older than an hour."""
    tx.execute("DELETE FROM questions WHERE at <= :oldest", oldest=stamp(now - KEPT_FOR))
