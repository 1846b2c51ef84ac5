"""Which changes have not been announced to every chat yet, and up to which chat has each come?

A change for many chats is announced in parts, in the order of chat ids. The row is written in the transaction of the
change itself, and advanced in the transaction that enqueues each part's alerts: wherever the process is killed, every
chat gets its alert, and none twice.
"""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from bot.store import incidents
from bot.store.codec import dump, load, moment, stamp
from bot.store.db import Tx
from extract.types import Change, Frozen, Incident

log = logging.getLogger(__name__)

TABLE = "tellings"


class PendingFanout(Frozen, frozen=True, kw_only=True):
    """A change to announce to the chats with ids above ``chat``; ``at`` is when it was decided.

    ``before`` and ``after`` are the incident's versions around the change. ``last`` is the highest chat id to reach,
    None for no upper bound.
    """

    id: int = 0
    change: Change
    before: Incident | None
    after: Incident
    chat: int
    last: int | None = None
    at: datetime


def start(tx: Tx, pending: PendingFanout) -> None:
    """Write a fan-out that is not finished: the chats up to ``pending.chat`` are done."""
    tx[TABLE].insert(
        {
            "incident": pending.after.id,
            "version": pending.after.version,
            "before": pending.before.version if pending.before else 0,
            "change": dump(pending.change),
            "chat": pending.chat,
            "at": stamp(pending.at),
        }
    )


def is_any_open(tx: Tx) -> bool:
    """Is any fan-out unfinished?"""
    return bool(tx.value("SELECT 1 FROM tellings LIMIT 1"))


def oldest(tx: Tx) -> PendingFanout | None:
    """The oldest unfinished fan-out, None where there is none; one whose incident can't be read is deleted."""
    while row := tx.row(
        "SELECT id, incident, version, before, change, chat, last, at FROM tellings ORDER BY id LIMIT 1"
    ):
        before = _version(tx, row["incident"], row["before"])
        after = _version(tx, row["incident"], row["version"])
        if after is not None:
            return PendingFanout(
                id=row["id"],
                change=load(row["change"], Change),
                before=before,
                after=after,
                chat=row["chat"],
                last=row["last"],
                at=moment(row["at"]),
            )
        finish(tx, row["id"])
    return None


def advance(tx: Tx, pending: int, chat: int) -> None:
    """Record that all chats up to this id are done."""
    tx.execute("UPDATE tellings SET chat = :chat WHERE id = :id", chat=chat, id=pending)


def move(tx: Tx, old: int, new: int) -> None:
    """Add a fan-out to a chat's new id alone, where its old id was not reached yet and the new one would be missed."""
    tx.execute(
        """INSERT INTO tellings (incident, version, before, change, chat, last, at)
           SELECT incident, version, before, change, :new - 1, :new, at FROM tellings
           WHERE (chat < :old AND (last IS NULL OR :old <= last))
             AND NOT (chat < :new AND (last IS NULL OR :new <= last)) ORDER BY id""",
        old=old,
        new=new,
    )


def finish(tx: Tx, pending: int) -> None:
    """Delete a finished fan-out: every chat is done."""
    tx.execute("DELETE FROM tellings WHERE id = :id", id=pending)


def drop_oldest(tx: Tx) -> str:
    """Delete the oldest fan-out unfinished; returns its incident's id, empty where there was none."""
    row = tx.row("SELECT id, incident FROM tellings ORDER BY id LIMIT 1")
    if row is None:
        return ""
    finish(tx, row["id"])
    return str(row["incident"])


def _version(tx: Tx, incident: str, version: int) -> Incident | None:
    """A version of an incident; the newest where that version's copy can't be read, None where there is neither."""
    if not version:
        return None
    newest = incidents.get(tx, incident)
    if newest is not None and newest.version == version:  # the row has a digest, the copies have none
        return newest
    copy = tx.value(
        "SELECT CAST(record AS BLOB) FROM incident_versions WHERE incident = :incident AND version = :version",
        incident=incident,
        version=version,
    )
    try:
        return load(copy, Incident) if copy else newest
    except (msgspec.DecodeError, UnicodeDecodeError):
        log.exception("a damaged row", extra={"table": "incident_versions", "row": f"{incident} {version}"})
        return newest
