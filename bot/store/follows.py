"""Which chats follow which incident beyond their subscriptions, and what feedback did they give on it?"""

from __future__ import annotations

from bot.store.codec import moment, stamp
from bot.store.db import Tx
from bot.types import Feedback

TABLE = "follows"


def follow(tx: Tx, chat: int, thread: int, incident: str) -> None:
    """Send a chat every significant change of an incident from now on."""
    tx[TABLE].upsert({"chat": chat, "thread": thread, "incident": incident})


def unfollow(tx: Tx, chat: int, thread: int, incident: str) -> bool:
    """End a chat's following of an incident. False where it didn't follow it."""
    key = {"chat": chat, "thread": thread, "incident": incident}
    return tx.execute("DELETE FROM follows WHERE chat = :chat AND thread = :thread AND incident = :incident", **key) > 0


def join(tx: Tx, source: str, target: str) -> None:
    """Copy one incident's follows and mutes to the incident it is merged into; both stay, for an undo."""
    for table, columns in (("follows", "chat, thread"), ("mutes", "chat, thread, until")):
        tx.execute(
            f"""INSERT OR IGNORE INTO {table} (incident, {columns}) SELECT :target, {columns} FROM {table}
                WHERE incident = :source""",
            source=source,
            target=target,
        )


def followers(tx: Tx, incident: str) -> set[tuple[int, int]]:
    """The (chat, thread) pairs of active chats that follow an incident."""
    rows = tx.rows(
        """SELECT f.chat, f.thread FROM follows f JOIN chats c ON c.chat = f.chat
           WHERE f.incident = :incident AND c.state = 'active'""",
        incident=incident,
    )
    return {(row["chat"], row["thread"]) for row in rows}


def add_feedback(tx: Tx, chat: int, feedback: Feedback) -> None:
    """Write a chat's feedback on an incident; the same statement again replaces the earlier one."""
    tx.execute(
        """INSERT INTO feedback (chat, incident, version, what, at) VALUES (:chat, :incident, :version, :what, :at)
           ON CONFLICT (chat, incident, what) DO UPDATE SET version = :version, at = :at""",
        chat=chat,
        incident=feedback.incident,
        version=feedback.version,
        what=feedback.what,
        at=stamp(feedback.at),
    )


def chats_saying(tx: Tx, incident: str, what: str) -> set[int]:
    """The chats that gave this feedback on an incident."""
    rows = tx.rows(
        "SELECT chat FROM feedback WHERE incident = :incident AND what = :what", incident=incident, what=what
    )
    return {row["chat"] for row in rows}


def latest_feedback(tx: Tx, limit: int = 20) -> list[Feedback]:
    """The newest feedback of all chats, without the chat that gave it."""
    rows = tx.rows("SELECT incident, version, what, at FROM feedback ORDER BY at DESC, id DESC LIMIT :n", n=limit)
    return [Feedback(incident=r["incident"], version=r["version"], what=r["what"], at=moment(r["at"])) for r in rows]
