"""Is a row still what was written? SQLite's own check doesn't detect a changed payload; a checksum beside it does.

Each incident, alert and subscription has a checksum of its payload (column ``digest``). A row that doesn't match is
left out wherever it would be read, and an incident is read from its copy among the versions. ``sweep`` checks all
rows, a part at a time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.store.codec import checksum
from bot.store.db import Row, Tx
from extract.types import Frozen

log = logging.getLogger(__name__)


class Damage(Frozen, frozen=True, kw_only=True):
    """A damaged row, whose payload is no longer what was written: its table and its name there."""

    table: str
    row: str


@dataclass(frozen=True, kw_only=True)
class _Guarded:
    """A table whose rows have a checksum: its key, the payload columns, and the column that names a row to a person."""

    key: str
    payload: tuple[str, ...]
    name: str


GUARDED = {
    "incidents": _Guarded(key="num", payload=("record",), name="id"),
    "alerts": _Guarded(key="id", payload=("change", "notice"), name="id"),
    "subscriptions": _Guarded(key="id", payload=("record",), name="id"),
    "webhook_messages": _Guarded(key="num", payload=("body",), name="id"),
}


def is_intact(table: str, row: Row) -> bool:
    """Does a row's payload match its checksum? A row that was written without one counts as intact.

    The payload is read as a BLOB: text that is no UTF-8 any more would make the whole query fail.
    """
    known = row["digest"]
    return known is None or known == checksum(*(row[name] for name in GUARDED[table].payload))


def intact_record(tx: Tx, row: Row) -> bytes | None:
    """An incident's record, from its row or else from the copy of that version; None where both are damaged."""
    if is_intact("incidents", row):
        return bytes(row["record"])
    log.error("a damaged row", extra={"table": "incidents", "row": row["id"]})
    return _restored_record(tx, row)


def _restored_record(tx: Tx, row: Row) -> bytes | None:
    """A damaged incident's record as it was written: its copy, or the row's own where only the checksum is damaged."""
    rows = tx.rows(
        """SELECT CAST(record AS BLOB) AS record FROM incident_versions WHERE incident = :id
           ORDER BY version DESC LIMIT 2""",
        id=row["id"],
    )
    copies = [bytes(one["record"]) for one in rows]
    fitting = next((copy for copy in copies if checksum(copy) == row["digest"]), None)
    return fitting or next((copy for copy in copies[:1] if copy == bytes(row["record"])), None)


def sweep(tx: Tx, table: str, after: int, limit: int) -> tuple[list[Damage], int | None]:
    """The damaged rows among the next ``limit`` after a key, and the last key checked; None where no rows are left."""
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
        if not is_intact(table, row):
            damaged.append(Damage(table=table, row=str(row["name"])))
    return damaged, last


def damaged_rows(tx: Tx) -> list[Damage]:
    """All damaged rows; reads every row of the guarded tables."""
    found: list[Damage] = []
    for table in GUARDED:
        found += sweep(tx, table, -1, -1)[0]
    return found


def repair(tx: Tx, damage: Damage) -> bool:
    """Replace an incident's damaged record by its copy. False where there is no intact copy."""
    if damage.table != "incidents":
        return False
    row = tx.row("SELECT id, digest, CAST(record AS BLOB) AS record FROM incidents WHERE id = :id", id=damage.row)
    restored = _restored_record(tx, row) if row is not None and row["digest"] is not None else None
    if restored is None:
        return False
    tx.execute(
        "UPDATE incidents SET record = :record, digest = :digest WHERE id = :id",
        record=restored.decode(),
        digest=checksum(restored),
        id=damage.row,
    )
    return True
