"""Can it be shown that no decision, version or delivery was changed, removed or slipped in? By a log that is a chain.

Each row of the tables in ``hash_chain.SEALED`` is sealed when it is written: the log gets an entry with the row's
digest, and a link that depends on all entries before it. ``verify`` reads everything again. Entries are only added: a
row that is written anew gets a new entry that replaces the earlier one, and a row that is erased on request one without
a digest.

The chain can't tell that its end was cut off, or that all of it was written anew: for that its ``head`` is compared
with one that was kept elsewhere. A migration that changes sealed columns has to seal the rows again (``reseal``).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from bot.store import hash_chain
from bot.store.db import Row, Tx
from bot.store.hash_chain import ROOT, SEALED
from extract.types import Frozen

TABLE = "audit_log"
ERASED = b""
_CHANGED = "changed"
_REMOVED = "removed"
_UNKNOWN = "not in the log: added, or put back, by something else"


class Head(Frozen, frozen=True, kw_only=True):
    """The end of the chain: the number of its last entry, and that entry's link as hexadecimal digits."""

    seq: int = 0
    link: str = ROOT.hex()

    def __str__(self) -> str:
        return f"{self.seq}:{self.link}"


class Breach(Frozen, frozen=True, kw_only=True):
    """Something that is not as it was written. ``row`` is "decisions 3f9a 1 0", or the entry's number in the log."""

    row: str
    what: str


class Verdict(Frozen, frozen=True, kw_only=True):
    """The result of reading everything again: ``rows`` match, ``erased`` ones went on request, and the breaches."""

    head: Head
    rows: int
    erased: int
    breaches: tuple[Breach, ...] = ()


def sealed(tx: Tx, table: str, row: Row) -> Row:
    """The row with the number of its new entry in the log (``entry``), and a salt where the table has one.

    An entry for an earlier state of the same row is replaced.
    """
    rule = SEALED[table]
    if "salt" in rule.values:
        row = {**row, "salt": secrets.token_hex(16)}
    where = " AND ".join(f"{column} = :{column}" for column in rule.key)
    replaces = tx.value(f"SELECT entry FROM {table} WHERE {where}", **{column: row[column] for column in rule.key})
    return {**row, "entry": _append(tx, table, rule.name_of(row), rule.seal(row), replaces)}


def reseal(tx: Tx, table: str, where: str, **params: object) -> int:
    """Seal rows again after a change of their sealed columns that is in order; returns how many."""
    rule = SEALED[table]
    changed = _rows(tx, table, where, **params)
    for row in changed:
        entry = _append(tx, table, rule.name_of(row), rule.seal(row), row["entry"])
        tx.execute(f"UPDATE {table} SET entry = :entry WHERE rowid = :num", entry=entry, num=row["num"])
    return len(changed)


def erase(tx: Tx, table: str, where: str, **params: object) -> int:
    """Delete rows, and write into the log that this is in order; returns how many."""
    gone = _rows(tx, table, where, **params)
    for row in gone:
        _append(tx, table, SEALED[table].name_of(row), ERASED, row["entry"])
        tx.execute(f"DELETE FROM {table} WHERE rowid = :num", num=row["num"])
    return len(gone)


def head(tx: Tx) -> Head:
    """The end of the chain."""
    seq, link = _last(tx)
    return Head(seq=seq, link=link.hex())


def verify(tx: Tx, known: Head | None = None) -> Verdict:
    """Read the log and every sealed row again; ``known`` is a head that was kept elsewhere, with all digits or fewer.

    After a broken link the chain is followed from there, so that every breach is named.
    """
    log = _Log(tx)
    breaches = log.read(known)
    rows = 0
    for table in SEALED:
        for name, what in _read_rows(tx, table, log.due):
            rows += not what
            breaches += [Breach(row=f"{table} {name}", what=what)] if what else []
    breaches += [Breach(row=name, what=_REMOVED) for name in log.names_due()]
    return Verdict(head=log.head, rows=rows, erased=log.erased, breaches=tuple(breaches))


class _Log:
    """The log as it is read: ``due`` has a 1 for each entry whose row has still to be found."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.due = bytearray(1 + int(tx.value(f"SELECT coalesce(MAX(seq), 0) FROM {TABLE}")))
        self.erased = 0
        self.head = Head()

    def read(self, known: Head | None) -> list[Breach]:
        """Follow the chain to its end; returns the breaches of the log itself."""
        before, last = ROOT, 0
        breaches: list[Breach] = []
        for row in self._tx.each(f"SELECT seq, tbl, name, seal, replaces, link FROM {TABLE} ORDER BY seq"):
            seq = row["seq"]
            breaches += _breaches_at(row, before, last)
            if known is not None and seq == known.seq and not row["link"].hex().startswith(known.link.lower()):
                breaches.append(Breach(row=f"entry {seq}", what="not the head that was kept: the log was written anew"))
            if row["replaces"] is not None and 0 < row["replaces"] < seq:
                self.due[row["replaces"]] = 0
            self.due[seq] = row["seal"] != ERASED
            self.erased += row["seal"] == ERASED
            before, last = row["link"], seq
        if known is not None and known.seq > last:
            breaches.append(Breach(row=f"entry {last}", what=f"the log ends here; it once had {known.seq} entries"))
        self.head = Head(seq=last, link=before.hex())
        return breaches

    def names_due(self) -> Iterator[str]:
        """The names of the rows that weren't found."""
        at = self.due.find(1)
        while at >= 0:
            for table, name in self._tx.cells(f"SELECT tbl, name FROM {TABLE} WHERE seq = ?", at):
                yield f"{table} {name}"
            at = self.due.find(1, at + 1)


def _breaches_at(row: Row, before: bytes, last: int) -> list[Breach]:
    """What is wrong with the link of an entry to the one before."""
    seq, missing = row["seq"], row["seq"] - last - 1
    if missing:
        return [Breach(row=f"entry {last + 1}", what=f"entries of the log are missing: {missing}")]
    if row["link"] == hash_chain.link(before, seq, row["tbl"], row["name"], row["seal"], row["replaces"]):
        return []
    return [Breach(row=f"entry {seq}", what=f"the log was changed here, about {row['tbl']} {row['name']}")]


def _read_rows(tx: Tx, table: str, due: bytearray) -> Iterator[tuple[str, str]]:
    """The name of every row of a table and what is wrong with it, empty for nothing; strikes its entry from ``due``."""
    rule = SEALED[table]
    for row in tx.each(
        f"""SELECT {rule.select("t.")}, t.entry AS entry, a.tbl AS tbl, a.name AS name, a.seal AS seal
            FROM {table} t LEFT JOIN {TABLE} a ON a.seq = t.entry ORDER BY t.rowid"""
    ):
        name, entry = rule.name_of(row), row["entry"]
        is_due = entry is not None and 0 < entry < len(due) and due[entry] == 1
        if not is_due or (row["tbl"], row["name"]) != (table, name):
            yield name, _UNKNOWN
            continue
        due[entry] = 0
        yield name, "" if rule.seal(row) == row["seal"] else _CHANGED


def _append(tx: Tx, table: str, name: str, seal: bytes, replaces: int | None) -> int:
    last, before = _last(tx)
    seq = last + 1
    tx.execute(
        f"""INSERT INTO {TABLE} (seq, tbl, name, seal, replaces, link)
            VALUES (:seq, :tbl, :name, :seal, :replaces, :link)""",
        seq=seq,
        tbl=table,
        name=name,
        seal=seal,
        replaces=replaces,
        link=hash_chain.link(before, seq, table, name, seal, replaces),
    )
    return seq


def _last(tx: Tx) -> tuple[int, bytes]:
    found = tx.cells(f"SELECT seq, link FROM {TABLE} ORDER BY seq DESC LIMIT 1")
    return found[0] if found else (0, ROOT)


def _rows(tx: Tx, table: str, where: str, **params: object) -> list[Row]:
    columns = SEALED[table].select()
    return tx.rows(f"SELECT rowid AS num, {columns}, entry FROM {table} WHERE {where} ORDER BY rowid", **params)
