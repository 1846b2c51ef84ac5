"""How is a row sealed, and an entry of the audit log linked to the one before? By SHA-256 of their cells."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# the link before the first entry
ROOT = bytes(32)
ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A table whose rows are sealed: the columns that name a row, and the others that are sealed with them."""

    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All sealed columns, the key first."""
        return (*self.key, *self.values)

    def select(self, prefix: str = "") -> str:
        """The sealed columns as SQL; text as bytes, since a damaged one may be no UTF-8 any more."""
        return ", ".join(
            f"iif(typeof({prefix}{name}) = 'text', CAST({prefix}{name} AS BLOB), {prefix}{name}) AS {name}"
            for name in self.columns
        )

    def name_of(self, row: Mapping[str, object]) -> str:
        """A row's name in the log: the cells of its key, with spaces between."""
        return " ".join(_bytes(row[column]).decode("utf-8", "replace") for column in self.key)

    def seal(self, row: Mapping[str, object]) -> bytes:
        """The digest of a row's sealed columns, 32 bytes; text may come as bytes."""
        return _digest(row[column] for column in self.columns)


# ``salt`` is random: without it one could try out, after a row is gone, to which chat a delivery went
SEALED = {
    "decisions": Sealed(
        key=("article", "revision", "position"),
        values=("at", "incident", "record", "change", "note"),
    ),
    "incident_versions": Sealed(
        key=("incident", "version"),
        values=("at", "article", "record", "change"),
    ),
    "deliveries": Sealed(
        key=("id",),
        values=(
            "alert", "chat", "thread", "incident", "version", "action", "message_id", "digest", "at", "salt",
        ),
    ),
}  # fmt: skip


def link(before: bytes, seq: int, table: str, name: str, seal: bytes, replaces: int | None) -> bytes:
    """The link of an entry to all entries before it, 32 bytes."""
    return _digest((before, seq, table, name, seal, replaces))


def seal_everything(conn: sqlite3.Connection) -> None:
    """Begin the log of a database that had none: one entry for each row of the sealed tables, in the order of rows."""
    seq, before = 0, ROOT
    for table, sealed in SEALED.items():
        last = -1
        while rows := conn.execute(
            f"SELECT rowid, {sealed.select()} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {ROWS_AT_ONCE}", (last,)
        ).fetchall():
            for last, *cells in rows:
                row = dict(zip(sealed.columns, cells, strict=True))
                seq, name, seal = seq + 1, sealed.name_of(row), sealed.seal(row)
                before = link(before, seq, table, name, seal, None)
                conn.execute(
                    "INSERT INTO audit_log (seq, tbl, name, seal, link) VALUES (?, ?, ?, ?, ?)",
                    (seq, table, name, seal, before),
                )
                conn.execute(f"UPDATE {table} SET entry = ? WHERE rowid = ?", (seq, last))


def _digest(cells: Iterable[object]) -> bytes:
    """SHA-256 of cells, each after its length, so that no two lists of cells have the same bytes; NULL has none."""
    hashed = hashlib.sha256()
    for cell in cells:
        if cell is None:
            hashed.update(b"-")
            continue
        data = _bytes(cell)
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.digest()


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()
