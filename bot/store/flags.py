"""Which conditions of the service are on record, and since when? Its heartbeat, countries it can't see, damaged rows.

A flag is a name and a time. A country can't be seen while the reads of all its sources fail.
"""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import moment, moment_or_none, stamp
from bot.store.db import Tx

TABLE = "marks"


def get(tx: Tx, name: str) -> datetime | None:
    """The time of a flag; None where it isn't set."""
    return moment_or_none(tx.value("SELECT at FROM marks WHERE name = :name", name=name))


def put(tx: Tx, name: str, at: datetime) -> None:
    """Set a flag to a time."""
    tx[TABLE].upsert({"name": name, "at": stamp(at)})


def clear(tx: Tx, name: str) -> None:
    """Delete a flag."""
    tx.execute("DELETE FROM marks WHERE name = :name", name=name)


def with_prefix(tx: Tx, prefix: str) -> dict[str, datetime]:
    """The times of the flags with this prefix, by the rest of their names."""
    rows = tx.rows("SELECT name, at FROM marks WHERE substr(name, 1, length(:prefix)) = :prefix", prefix=prefix)
    return {row["name"].removeprefix(prefix): moment(row["at"]) for row in rows}
