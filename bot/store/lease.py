"""Which process serves this database? One at a time holds the lease; the next takes over when it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.store.codec import stamp
from bot.store.db import LEASE_SECONDS as SECONDS
from bot.store.db import SERVICE as NAME
from bot.store.db import Tx

TABLE = "leases"


class Lease(NamedTuple):
    """Who holds the lease, and until when as it is stored."""

    holder: str
    until: str


def take(
    tx: Tx, holder: str, now: datetime, *, gone: frozenset[str] = frozenset(), unrenewed: Lease | None = None
) -> bool:
    """Take or renew the lease for ``SECONDS``; False where another process holds it.

    ``gone`` are holders whose processes are known to have ended without releasing the lease, ``unrenewed`` is a lease
    that its holder should have renewed by now, whatever the clock says.
    """
    row = tx.row("SELECT holder, until FROM leases WHERE name = :name", name=NAME)
    free = row is None or row["holder"] in gone or row["holder"] == holder or row["until"] <= stamp(now)
    free = free or (unrenewed is not None and row is not None and unrenewed == Lease(row["holder"], row["until"]))
    if free:
        until = stamp(now + timedelta(seconds=SECONDS))
        tx[TABLE].upsert({"name": NAME, "holder": holder, "until": until})
    return free


def is_held(tx: Tx, holder: str, now: datetime) -> bool:
    """Does this holder have the lease, and is it not expired?"""
    row = tx.row("SELECT holder, until FROM leases WHERE name = :name", name=NAME)
    return row is not None and row["holder"] == holder and row["until"] > stamp(now)


def current(tx: Tx) -> Lease | None:
    """The lease, expired or not; None where there is none."""
    row = tx.row("SELECT holder, until FROM leases WHERE name = :name", name=NAME)
    return Lease(row["holder"], row["until"]) if row else None


def holder(tx: Tx) -> str:
    """The holder of the lease, expired or not; empty where there is none."""
    held = current(tx)
    return held.holder if held else ""


def release(tx: Tx, holder: str) -> None:
    """Release the lease, so that another process can take it at once."""
    tx.execute("DELETE FROM leases WHERE name = :name AND holder = :holder", name=NAME, holder=holder)
