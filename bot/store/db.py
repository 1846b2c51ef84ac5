"""How is the database opened, read and written? One thread owns the writing connection; readers have read-only ones.

A transaction is a function ``fn(tx, ...)`` given to ``Store.write``: it commits when the function returns
and rolls back when it raises. ``BEGIN IMMEDIATE`` by hand, since a deferred read-then-write fails at once
with BUSY_SNAPSHOT, whatever the timeout.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from bot.errors import StillServed, StoreError
from bot.store.codec import stamp
from bot.store.schema import MIGRATIONS, TABLES, is_known

P = ParamSpec("P")
T = TypeVar("T")
Row = dict[str, Any]

BUSY_SECONDS = 10
READERS = 2
# prepared statements kept for each connection: the query for a report's candidates alone has some dozens of forms
CACHED_STATEMENTS = 256
# the lease's name, and the seconds after which another process may take it unless it is renewed
SERVICE = "service"
LEASE_SECONDS = 10
# the smallest and the largest integer of SQLite: below and above the ids of all chats
BELOW_CHATS, ABOVE_CHATS = -(2**63), 2**63 - 1
# errors that an operator can fix: locked, full, unreadable, read-only or damaged files
_OPERATOR_ERRORS = {
    sqlite3.SQLITE_BUSY: "is held by another program",
    sqlite3.SQLITE_LOCKED: "is locked",
    sqlite3.SQLITE_FULL: "can't grow: the disk is full",
    sqlite3.SQLITE_CANTOPEN: "can't be opened: look at its folder and rights",
    sqlite3.SQLITE_READONLY: "can't be written: look at its rights",
    sqlite3.SQLITE_IOERR: "can't be read or written: look at the disk",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a backup",
    sqlite3.SQLITE_NOTADB: "is no SQLite database",
    sqlite3.SQLITE_PERM: "can't be opened: look at its rights",
}


class Table:
    """One table, to write rows to.

    sqlite-utils has the same and more, but asks the database for the table's columns at every call: with six rows an
    article that took as long as matching the article to its incident.
    """

    def __init__(self, conn: sqlite3.Connection, name: str) -> None:
        self._conn = conn
        self._name = name
        shape = conn.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (name,)).fetchall()
        self._key: tuple[str, ...] = tuple(column for (column,) in shape)

    def insert(self, row: Row, *, ignore: bool = False) -> int:
        """Add a row, unless ``ignore`` is set and its key exists; returns the row's number."""
        added = self._conn.execute(f"INSERT {'OR IGNORE ' if ignore else ''}{self._values(row)}", row).lastrowid
        return added or 0

    def upsert(self, row: Row) -> None:
        """Add a row, or write its values into the row with the same key."""
        values = ", ".join(f"{column} = excluded.{column}" for column in row if column not in self._key)
        change = f"UPDATE SET {values}" if values else "NOTHING"
        self._conn.execute(f"INSERT {self._values(row)} ON CONFLICT ({', '.join(self._key)}) DO {change}", row)

    def update(self, key: object, values: Row) -> None:
        """Write values into the row with this key, in a table whose key is one column.

        Raises:
            KeyError: there is no such row.
        """
        (column,) = self._key
        sets = ", ".join(f"{name} = :{name}" for name in values)
        query = f"UPDATE {self._name} SET {sets} WHERE {column} = :key_of_row"
        if not self._conn.execute(query, {**values, "key_of_row": key}).rowcount:
            raise KeyError(f"no row {key} in {self._name}")

    def _values(self, row: Row) -> str:
        return f"INTO {self._name} ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})"


class Tx:
    """One transaction: what every store function gets to read and write with."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._tables: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        """The table to write to.

        Raises:
            KeyError: there is no table of this name.
        """
        if name not in self._tables:
            if name not in TABLES:
                raise KeyError(f"no such table: {name}")
            self._tables[name] = Table(self._conn, name)
        return self._tables[name]

    def rows(self, sql: str, **params: object) -> list[Row]:
        """Every row of a query's result."""
        return list(self.each(sql, **params))

    def each(self, sql: str, **params: object) -> Iterator[Row]:
        """The rows a query gives, fetched as they are asked for."""
        cursor = self._conn.execute(sql, params)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def cells(self, sql: str, *params: object, **named: object) -> list[tuple[Any, ...]]:
        """The cells of every row a query gives, where a row's names would take longer than the query."""
        return self._conn.execute(sql, params or named).fetchall()

    def row(self, sql: str, **params: object) -> Row | None:
        """The first row a query gives, None where there is none."""
        found = self.rows(sql, **params)
        return found[0] if found else None

    def value(self, sql: str, **params: object) -> Any:
        """The first column of the first row, None where there is no row."""
        found = self._conn.execute(sql, params).fetchone()
        return found[0] if found else None

    def execute(self, sql: str, **params: object) -> int:
        """Run an UPDATE or DELETE; how many rows it touched."""
        return self._conn.execute(sql, params).rowcount

    def execute_each(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each of these rows of parameters."""
        self._conn.executemany(sql, rows)


def _none_is_gone(_holder: str) -> bool:
    return False


class Store:
    """The database: write transactions in order on one thread, reads on others.

    Opening migrates the schema. With a ``holder``, a migration also takes the lease for it in the same transaction, so
    that no process of the earlier version can take it. ``is_gone`` says whether a lease holder's process has surely
    ended. ``migrates=False`` leaves the schema as it is, to copy the database. ``durable=False`` is faster and for work
    that can be repeated: a power failure may lose the last transactions.

    Raises:
        StillServed: a migration is due, and a process of an earlier version still holds the lease.
        StoreError: it can't be opened, or a newer version has migrated it.
        StoreError: the file can't be opened, is locked, damaged or no database.
    """

    def __init__(
        self,
        path: Path,
        *,
        holder: str = "",
        is_gone: Callable[[str], bool] = _none_is_gone,
        migrates: bool = True,
        durable: bool = True,
    ) -> None:
        self.path = path
        self._holder = holder
        self._is_gone = is_gone
        self._migrates = migrates
        self._durable = durable
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        try:
            self._writer.submit(self._open).result()
        except BaseException:
            self.close()
            raise

    async def write(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(tx, ...)`` as one transaction."""
        loop = asyncio.get_running_loop()
        context = copy_context()  # carries the caller's language, for texts that fn makes
        return await loop.run_in_executor(self._writer, lambda: context.run(self._commit, fn, *args, **kwargs))

    def write_sync(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``write`` for callers without an event loop: the command line and tests."""
        return self._writer.submit(lambda: self._commit(fn, *args, **kwargs)).result()

    async def read(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(tx, ...)`` on a read-only snapshot."""
        loop = asyncio.get_running_loop()
        context = copy_context()
        return await loop.run_in_executor(self._readers, lambda: context.run(self._snapshot, fn, *args, **kwargs))

    def read_sync(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """``read`` for callers without an event loop."""
        return self._readers.submit(lambda: self._snapshot(fn, *args, **kwargs)).result()

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the database to a file while the service runs."""
        self._readers.submit(self._copy, target).result()

    def close(self) -> None:
        """Wait for running transactions, end the threads and close every connection."""
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        for conn in self._connections:
            conn.close()
        self._connections.clear()

    def _open(self) -> None:
        with _operator_errors(self.path):
            conn = _connect(self.path)
            self._connections.append(conn)
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            conn.execute("PRAGMA foreign_keys = ON")
            if self._migrates:
                self._migrate(conn)
        self._tx = Tx(conn)
        self._conn = conn

    def _migrate(self, conn: sqlite3.Connection) -> None:
        """Apply the pending migrations in one transaction; safe where two processes start at once."""
        database = Database(conn, execute_plugins=False, recursive_triggers=False)
        conn.execute("BEGIN IMMEDIATE")
        try:
            self._refuse_newer(database)
            if MIGRATIONS.pending(database):
                self._refuse_while_served(conn)
                MIGRATIONS.apply(database)
                if self._holder:
                    until = stamp(datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS))
                    conn.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", (SERVICE, self._holder, until))
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise

    def _refuse_newer(self, database: Database) -> None:
        if not all(is_known(migration.name) for migration in MIGRATIONS.applied(database)):
            raise StoreError(
                f"the database {self.path} was brought up to date by a newer version of tocsin: install that, "
                "or tocsin restore a copy from before"
            )

    def _refuse_while_served(self, conn: sqlite3.Connection) -> None:
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'leases'").fetchone():
            return
        now = stamp(datetime.now(UTC))
        query = "SELECT holder FROM leases WHERE name = ? AND until > ?"
        serving = [holder for (holder,) in conn.execute(query, (SERVICE, now)) if holder != self._holder]
        if not all(self._is_gone(holder) for holder in serving):
            raise StillServed(
                f"the database {self.path} is served by an earlier version of tocsin: stop that, or use that version"
            )

    def _commit(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with _operator_errors(self.path):
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                result = fn(self._tx, *args, **kwargs)
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise
            return result

    def _snapshot(self, fn: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with _operator_errors(self.path):
            tx, conn = self._reader()
            conn.execute("BEGIN")
            try:
                return fn(tx, *args, **kwargs)
            finally:
                conn.execute("ROLLBACK")

    def _reader(self) -> tuple[Tx, sqlite3.Connection]:
        if not hasattr(self._local, "tx"):
            conn = _connect(self.path)
            self._connections.append(conn)
            conn.execute("PRAGMA query_only = ON")
            self._local.tx, self._local.conn = Tx(conn), conn
        return self._local.tx, self._local.conn

    def _copy(self, target: Path) -> None:
        with _operator_errors(target), contextlib.closing(_connect(target)) as copy:
            self._reader()[1].backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a WAL file beside it


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=CACHED_STATEMENTS
    )


@contextlib.contextmanager
def _operator_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        why = _OPERATOR_ERRORS.get((getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF)
        if why is None:
            raise
        raise StoreError(f"the database {path} {why}") from error
