"""Who has acknowledged which incident in which chat? The first press counts, until the incident gets more severe."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import moment, stamp
from bot.store.db import Row, Tx
from bot.types import Acknowledgement

TABLE = "acknowledgements"
# how long the person's id and name are kept; the acknowledgement itself stays
NAMED_FOR = timedelta(days=30)
_COLUMNS = "chat, thread, incident, severity, at, user, name"


def get(tx: Tx, chat: int, thread: int, incident: str) -> Acknowledgement | None:
    """The acknowledgement of an incident in a chat or topic; None where there is none."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM acknowledgements WHERE incident = :incident AND chat = :chat AND thread = :thread",
        chat=chat,
        thread=thread,
        incident=incident,
    )
    return _loaded(row) if row else None


def covering(tx: Tx, incident: str, severity: int) -> set[tuple[int, int]]:
    """The (chat, thread) pairs that have acknowledged an incident at this severity rank or a higher one."""
    rows = tx.rows(
        "SELECT chat, thread FROM acknowledgements WHERE incident = :incident AND severity >= :severity",
        incident=incident,
        severity=severity,
    )
    return {(row["chat"], row["thread"]) for row in rows}


def put(tx: Tx, acknowledgement: Acknowledgement) -> None:
    """Write an acknowledgement, in place of an earlier one of the same chat, topic and incident."""
    tx[TABLE].upsert(
        {
            "chat": acknowledgement.chat,
            "thread": acknowledgement.thread,
            "incident": acknowledgement.incident,
            "severity": acknowledgement.severity,
            "at": stamp(acknowledgement.at),
            "user": acknowledgement.user,
            "name": acknowledgement.name,
        }
    )


def remove(tx: Tx, chat: int, thread: int, incident: str) -> bool:
    """Delete an acknowledgement. False where there was none."""
    key = {"chat": chat, "thread": thread, "incident": incident}
    return (
        tx.execute(
            "DELETE FROM acknowledgements WHERE incident = :incident AND chat = :chat AND thread = :thread", **key
        )
        > 0
    )


def join(tx: Tx, source: str, target: str) -> None:
    """Copy one incident's acknowledgements to the incident it is merged into; both stay, for an undo."""
    tx.execute(
        """INSERT OR IGNORE INTO acknowledgements (incident, chat, thread, severity, at, user, name)
           SELECT :target, chat, thread, severity, at, user, name FROM acknowledgements WHERE incident = :source""",
        source=source,
        target=target,
    )


def of_user(tx: Tx, user: int) -> list[Acknowledgement]:
    """A person's acknowledgements in all chats; [] for user 0."""
    if not user:
        return []
    return [_loaded(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM acknowledgements WHERE user = :user", user=user)]


def forget_user(tx: Tx, user: int) -> None:
    """Clear a person's id and name from their acknowledgements, which stay."""
    if user:
        tx.execute("UPDATE acknowledgements SET user = 0, name = '' WHERE user = :user", user=user)


def prune(tx: Tx, now: datetime) -> None:
    """Clear the ids and names that are older than ``NAMED_FOR``."""
    tx.execute(
        "UPDATE acknowledgements SET user = 0, name = '' WHERE user <> 0 AND at < :old", old=stamp(now - NAMED_FOR)
    )


def _loaded(row: Row) -> Acknowledgement:
    return Acknowledgement(
        chat=row["chat"],
        thread=row["thread"],
        incident=row["incident"],
        severity=row["severity"],
        at=moment(row["at"]),
        user=row["user"],
        name=row["name"],
    )
