"""Since when is something about the service itself so? Its heartbeat, and the countries it can't see."""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import moment, moment_or_none, stamp
from bot.store.db import Tx

TABLE = "marks"


def get(tx: Tx, name: str) -> datetime | None:
    """When a mark was set; None where it isn't."""
    return moment_or_none(tx.value("SELECT at FROM marks WHERE name = :name", name=name))


def put(tx: Tx, name: str, at: datetime) -> None:
    """Set a mark."""
    tx[TABLE].upsert({"name": name, "at": stamp(at)})


def clear(tx: Tx, name: str) -> None:
    """Take a mark away."""
    tx.execute("DELETE FROM marks WHERE name = :name", name=name)


def beginning(tx: Tx, prefix: str) -> dict[str, datetime]:
    """The marks whose names begin so, by the rest of the name."""
    rows = tx.rows("SELECT name, at FROM marks WHERE substr(name, 1, length(:prefix)) = :prefix", prefix=prefix)
    return {row["name"].removeprefix(prefix): moment(row["at"]) for row in rows}
