"""Which chats follow which incident, whatever they are subscribed to, and what they say is wrong with it."""

from __future__ import annotations

from bot.store.codec import moment, stamp
from bot.store.db import Tx
from bot.types import Remark

TABLE = "follows"
REMARKS = "feedback"


def follow(tx: Tx, chat: int, thread: int, incident: str) -> None:
    """Tell a chat everything that matters about an incident from now on."""
    tx[TABLE].upsert({"chat": chat, "thread": thread, "incident": incident})


def unfollow(tx: Tx, chat: int, thread: int, incident: str) -> bool:
    """No more than its subscriptions ask for. False where it wasn't followed."""
    key = {"chat": chat, "thread": thread, "incident": incident}
    return tx.execute("DELETE FROM follows WHERE chat = :chat AND thread = :thread AND incident = :incident", **key) > 0


def join(tx: Tx, source: str, target: str) -> None:
    """Whoever follows or has muted one incident does so with the one it is merged into; both stay, for an undo."""
    for table, columns in (("follows", "chat, thread"), ("mutes", "chat, thread, until")):
        tx.execute(
            f"""INSERT OR IGNORE INTO {table} (incident, {columns}) SELECT :target, {columns} FROM {table}
                WHERE incident = :source""",
            source=source,
            target=target,
        )


def followers(tx: Tx, incident: str) -> set[tuple[int, int]]:
    """The (chat, thread) pairs that follow an incident and may be written to."""
    rows = tx.rows(
        """SELECT f.chat, f.thread FROM follows f JOIN chats c ON c.chat = f.chat
           WHERE f.incident = :incident AND c.state = 'active'""",
        incident=incident,
    )
    return {(row["chat"], row["thread"]) for row in rows}


def remark(tx: Tx, chat: int, one: Remark) -> None:
    """Keep what a chat says is wrong with an incident, once."""
    tx.execute(
        """INSERT INTO feedback (chat, incident, version, what, at) VALUES (:chat, :incident, :version, :what, :at)
           ON CONFLICT (chat, incident, what) DO UPDATE SET version = :version, at = :at""",
        chat=chat,
        incident=one.incident,
        version=one.version,
        what=one.what,
        at=stamp(one.at),
    )


def remarks(tx: Tx, limit: int = 20) -> list[Remark]:
    """The newest remarks of all chats, without who made them."""
    rows = tx.rows("SELECT incident, version, what, at FROM feedback ORDER BY at DESC, id DESC LIMIT :n", n=limit)
    return [Remark(incident=r["incident"], version=r["version"], what=r["what"], at=moment(r["at"])) for r in rows]
