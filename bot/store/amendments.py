"""What did administrators change by hand (merge, split, retract)? Oldest first; each can be undone once."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.store.codec import dump, load, moment_or_none, stamp
from bot.store.db import Row, Tx
from bot.types import Amendment

TABLE = "amendments"


def add(tx: Tx, amendment: Amendment) -> Amendment:
    """Write an amendment; returns it with its id."""
    row = {
        "at": stamp(amendment.at),
        "action": amendment.action,
        "incident": amendment.incident,
        "other": amendment.other,
        "record": dump(amendment),
    }
    return msgspec.structs.replace(amendment, id=tx[TABLE].insert(row))


def mark_undone(tx: Tx, amendment: Amendment, now: datetime) -> None:
    """Mark an amendment as undone."""
    tx[TABLE].update(amendment.id, {"undone": stamp(now)})


def forget(tx: Tx, chat: int) -> None:
    """Remove a chat's cards from every amendment: an undo then leaves them as they are."""
    for row in tx.rows("SELECT id, record, undone FROM amendments WHERE instr(record, :chat) > 0", chat=str(chat)):
        amendment = _amendment(row)
        kept = tuple(card for card in amendment.cards if card.chat != chat)
        if kept != amendment.cards:
            tx[TABLE].update(row["id"], {"record": dump(msgspec.structs.replace(amendment, cards=kept))})


def of(tx: Tx, incident: str) -> list[Amendment]:
    """The amendments of an incident, oldest first."""
    rows = tx.rows(
        "SELECT id, record, undone FROM amendments WHERE incident = :id OR other = :id ORDER BY id", id=incident
    )
    return [_amendment(row) for row in rows]


def last(tx: Tx) -> Amendment | None:
    """The newest amendment that isn't undone; None where there is none."""
    row = tx.row("SELECT id, record, undone FROM amendments WHERE undone IS NULL ORDER BY id DESC LIMIT 1")
    return _amendment(row) if row else None


def _amendment(row: Row) -> Amendment:
    known = load(row["record"], Amendment)
    return msgspec.structs.replace(known, id=row["id"], undone=moment_or_none(row["undone"]))
