"""How is the database copied and restored? While the service runs, checked before a copy gets its name."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StoreError, UsageError
from bot.store import Store, lease
from bot.store.schema import TABLES

_NAME = "tocsin-%Y%m%dT%H%M%SZ.db"


def backup(db: Path, target: Path) -> None:
    """Copy the database to a new file, which is checked before it gets its name.

    Raises:
        UsageError: the file exists.
        StoreError: it can't be written, or the copy is damaged.
    """
    if target.exists():
        raise UsageError(f"{target}: exists already")
    store = Store(db, migrates=False)
    try:
        copy(store, target)
    finally:
        store.close()


def copy(store: Store, target: Path) -> None:
    """As ``backup``, of an open store; replaces the target. An incomplete copy never gets the name."""
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        store.backup(half)
        check(half)
        half.replace(target)
    except OSError as error:
        raise StoreError(f"{target}: {error.strerror or error}") from error
    finally:
        for rest in ("", "-wal", "-shm"):
            Path(f"{half}{rest}").unlink(missing_ok=True)


def copy_and_prune(store: Store, folder: Path, now: datetime, keep: int) -> Path:
    """Add a copy named by its time to a folder and delete all but the newest ``keep``; returns its path."""
    target = folder / now.strftime(_NAME)
    copy(store, target)
    for old in sorted(folder.glob("tocsin-????????T??????Z.db"))[:-keep]:
        old.unlink(missing_ok=True)
    return target


def check(path: Path) -> None:
    """Check that a file is an undamaged database of this service.

    Raises:
        StoreError: it is not.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
            (verdict,) = conn.execute("PRAGMA integrity_check").fetchone()
            names = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}") from error
    if verdict != "ok":
        raise StoreError(f"{path}: damaged: {verdict}")
    if not {"articles", "incidents", "alerts"} <= names & TABLES:
        raise StoreError(f"{path}: no database of this service")


def restore(db: Path, source: Path) -> str:
    """Replace the database by a copy; returns a sentence that says where the old one is.

    Raises:
        UsageError: the service is running.
        StoreError: the copy is damaged.
    """
    check(source)
    now = datetime.now(UTC)
    if db.exists() and _is_served(db, now):
        raise UsageError(f"{db}: the service runs; stop it first")
    aside = db.with_name(f"{db.name}.before-{now:%Y%m%dT%H%M%SZ}")
    half = db.with_name(f"{db.name}.half")
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as conn:
        half.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(half)) as made:
            conn.backup(made)
    if db.exists():
        _checkpoint_log(db)
        db.replace(aside)
    for rest in ("-wal", "-shm"):
        Path(f"{db}{rest}").unlink(missing_ok=True)
    half.replace(db)
    return f"restored {db} from {source}" + (f"; what was there is {aside}" if aside.exists() else "")


def _is_served(db: Path, now: datetime) -> bool:
    try:
        with contextlib.closing(Store(db, migrates=False)) as store:  # of an earlier or newer version, perhaps
            holder = store.read_sync(lease.holder)
            return bool(holder) and store.read_sync(lease.is_held, holder, now)
    except StoreError:  # damaged: that is why it is replaced
        return False


def _checkpoint_log(db: Path) -> None:
    """Move the write-ahead log into the database file, so that the file kept aside is complete."""
    with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(db)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
