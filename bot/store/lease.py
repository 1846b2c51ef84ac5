"""Who serves this database: one process at a time, the next one takes over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import stamp
from bot.store.db import LEASE_SECONDS as SECONDS
from bot.store.db import SERVICE as NAME
from bot.store.db import Tx

TABLE = "leases"


def take(tx: Tx, holder: str, now: datetime, *, gone: frozenset[str] = frozenset()) -> bool:
    """Become or stay the one that serves. ``gone`` are holders known to have ended without giving the lease back."""
    row = tx.row("SELECT holder, until FROM leases WHERE name = :name", name=NAME)
    free = row is None or row["holder"] in gone or row["holder"] == holder or row["until"] <= stamp(now)
    if free:
        until = stamp(now + timedelta(seconds=SECONDS))
        tx[TABLE].upsert({"name": NAME, "holder": holder, "until": until})
    return free


def held(tx: Tx, holder: str, now: datetime) -> bool:
    """Does this process serve?"""
    row = tx.row("SELECT holder, until FROM leases WHERE name = :name", name=NAME)
    return row is not None and row["holder"] == holder and row["until"] > stamp(now)


def holder(tx: Tx) -> str:
    """Who holds or last held the lease; empty where nobody has."""
    return tx.value("SELECT holder FROM leases WHERE name = :name", name=NAME) or ""


def give_back(tx: Tx, holder: str) -> None:
    """Let the next one serve at once."""
    tx.execute("DELETE FROM leases WHERE name = :name AND holder = :holder", name=NAME, holder=holder)
