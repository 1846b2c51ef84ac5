"""Which changes have not been told to every chat yet, and how far each has come: large ones are told in parts.

The row is written with the change itself, and moves on with the alerts of each part: whatever is killed when, every
chat is reached, and none twice.
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
    """A change that chats with a higher id than ``chat`` are still to be told of, as things stood ``at`` a time.

    ``last`` is the highest of them, None where all are.
    """

    id: int = 0
    change: Change
    before: Incident | None
    after: Incident
    chat: int
    last: int | None = None
    at: datetime


def begin(tx: Tx, pending: PendingFanout) -> None:
    """The first part has been told, or nothing yet; the rest is to follow."""
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


def is_any(tx: Tx) -> bool:
    """Is there a change that not every chat has been told of?"""
    return bool(tx.value("SELECT 1 FROM tellings LIMIT 1"))


def next_one(tx: Tx) -> PendingFanout | None:
    """The oldest that is not done, None where there is none. One whose incident can't be read any more is given up."""
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
        end(tx, row["id"])
    return None


def go_on(tx: Tx, pending: int, chat: int) -> None:
    """All chats up to this one have been told."""
    tx.execute("UPDATE tellings SET chat = :chat WHERE id = :id", chat=chat, id=pending)


def move(tx: Tx, old: int, new: int) -> None:
    """A chat has another id now: where its turn is still to come, and that of the new id never will, it gets one."""
    tx.execute(
        """INSERT INTO tellings (incident, version, before, change, chat, last, at)
           SELECT incident, version, before, change, :new - 1, :new, at FROM tellings
           WHERE (chat < :old AND (last IS NULL OR :old <= last))
             AND NOT (chat < :new AND (last IS NULL OR :new <= last)) ORDER BY id""",
        old=old,
        new=new,
    )


def end(tx: Tx, pending: int) -> None:
    """Every chat has been told."""
    tx.execute("DELETE FROM tellings WHERE id = :id", id=pending)


def give_up(tx: Tx) -> str:
    """Leave the oldest as it is; the incident it was about, empty where there is none."""
    row = tx.row("SELECT id, incident FROM tellings ORDER BY id LIMIT 1")
    if row is None:
        return ""
    end(tx, row["id"])
    return str(row["incident"])


def _version(tx: Tx, incident: str, version: int) -> Incident | None:
    """A version of an incident, None where there is none: the newest in place of one whose copy can't be read."""
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
