"""Is a row still what was written? SQLite's own check doesn't see a changed payload, a digest beside it does.

Each incident, alert and subscription carries a digest of its payload. What no longer fits is left out wherever it would
be read, and an incident is read from the copy among its versions; ``sweep`` goes through all rows, a part at a time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.store.codec import checksum
from bot.store.db import Row, Tx
from extract.types import Frozen

log = logging.getLogger(__name__)


class Damage(Frozen, frozen=True, kw_only=True):
    """A row whose payload is no longer what was written: its table, and what it is called there."""

    table: str
    row: str


@dataclass(frozen=True, kw_only=True)
class _Guarded:
    """A table whose rows have a digest: its key, the columns that are payload, and what a person calls a row by."""

    key: str
    payload: tuple[str, ...]
    name: str


GUARDED = {
    "incidents": _Guarded(key="num", payload=("record",), name="id"),
    "alerts": _Guarded(key="id", payload=("change", "notice"), name="id"),
    "subscriptions": _Guarded(key="id", payload=("record",), name="id"),
}


def is_whole(table: str, row: Row) -> bool:
    """Does a row's payload fit its digest? A row that was written without one counts as whole.

    The payload is read as a BLOB: what is no UTF-8 any more would make SQLite refuse the whole answer.
    """
    known = row["digest"]
    return known is None or known == checksum(*(row[name] for name in GUARDED[table].payload))


def record(tx: Tx, row: Row) -> bytes | None:
    """An incident's record, from the row or else from the copy of that version; None where both are damaged."""
    if is_whole("incidents", row):
        return bytes(row["record"])
    log.error("a damaged row", extra={"table": "incidents", "row": row["id"]})
    return _sound(tx, row)


def _sound(tx: Tx, row: Row) -> bytes | None:
    """A damaged incident's record as it was written: its copy, or itself where the digest beside it is what changed."""
    rows = tx.rows(
        """SELECT CAST(record AS BLOB) AS record FROM incident_versions WHERE incident = :id
           ORDER BY version DESC LIMIT 2""",
        id=row["id"],
    )
    copies = [bytes(one["record"]) for one in rows]
    fitting = next((copy for copy in copies if checksum(copy) == row["digest"]), None)
    return fitting or next((copy for copy in copies[:1] if copy == bytes(row["record"])), None)


def sweep(tx: Tx, table: str, after: int, limit: int) -> tuple[list[Damage], int | None]:
    """The damaged among the next rows after this key, and the key of the last; None where there are no more."""
    guarded = GUARDED[table]
    columns = ", ".join(f"CAST({name} AS BLOB) AS {name}" for name in guarded.payload)
    last = None
    damaged = []
    for row in tx.each(
        f"""SELECT {guarded.key} AS num, {guarded.name} AS name, digest, {columns} FROM {table}
            WHERE {guarded.key} > :after ORDER BY {guarded.key} LIMIT :limit""",
        after=after,
        limit=limit,
    ):
        last = int(row["num"])
        if not is_whole(table, row):
            damaged.append(Damage(table=table, row=str(row["name"])))
    return damaged, last


def everything(tx: Tx) -> list[Damage]:
    """All damaged rows; reads everything."""
    found: list[Damage] = []
    for table in GUARDED:
        found += sweep(tx, table, -1, -1)[0]
    return found


def mend(tx: Tx, damage: Damage) -> bool:
    """Put an incident's copy in the place of its damaged record. False where there is nothing to mend it with."""
    if damage.table != "incidents":
        return False
    row = tx.row("SELECT id, digest, CAST(record AS BLOB) AS record FROM incidents WHERE id = :id", id=damage.row)
    sound = _sound(tx, row) if row is not None and row["digest"] is not None else None
    if sound is None:
        return False
    tx.execute(
        "UPDATE incidents SET record = :record, digest = :digest WHERE id = :id",
        record=sound.decode(),
        digest=checksum(sound),
        id=damage.row,
    )
    return True
