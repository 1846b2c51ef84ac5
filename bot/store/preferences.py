"""When each chat wants to hear of things, and when its next gathered message is due."""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import dump, load, stamp
from bot.store.db import Tx
from bot.types import Preferences

TABLE = "preferences"


def get(tx: Tx, chat: int, thread: int) -> Preferences:
    """What a chat, or a topic of it, has chosen; the defaults where it hasn't."""
    text = tx.value("SELECT record FROM preferences WHERE chat = :chat AND thread = :thread", chat=chat, thread=thread)
    return load(text, Preferences) if text else Preferences()


def put(tx: Tx, chat: int, thread: int, chosen: Preferences, next_round: datetime | None) -> None:
    """Keep what a chat has chosen, and when it next gets what was gathered."""
    due = stamp(next_round) if next_round else ""
    row = {"chat": chat, "thread": thread, "record": dump(chosen), "next_round": due}
    tx[TABLE].upsert(row, pk=("chat", "thread"))


def due(tx: Tx, now: datetime, limit: int = 100) -> list[tuple[int, int, Preferences]]:
    """The chats (and topics) whose gathered message is due."""
    rows = tx.rows(
        """SELECT chat, thread, record FROM preferences WHERE next_round <> '' AND next_round <= :now
           ORDER BY next_round LIMIT :limit""",
        now=stamp(now),
        limit=limit,
    )
    return [(row["chat"], row["thread"], load(row["record"], Preferences)) for row in rows]
