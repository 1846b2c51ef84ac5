"""What /status counts: totals of things that happened, and the problems somebody should look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import moment, stamp
from bot.store.db import Tx
from bot.types import Problem

COUNTERS = "counters"
PROBLEMS = "problems"
KEEP_DAYS = 30


def count(tx: Tx, name: str, by: int = 1) -> None:
    """Add to a counter."""
    tx.execute(
        "INSERT INTO counters (name, n) VALUES (:name, :by) ON CONFLICT (name) DO UPDATE SET n = n + :by",
        name=name,
        by=by,
    )


def counters(tx: Tx) -> dict[str, int]:
    """Every counter."""
    return {row["name"]: row["n"] for row in tx.rows("SELECT name, n FROM counters ORDER BY name")}


def problem(tx: Tx, ref: str, place: str, what: str, now: datetime) -> None:
    """Write down something that went wrong, under the reference the person was given."""
    tx[PROBLEMS].upsert({"ref": ref, "at": stamp(now), "place": place, "what": what[:500]})
    count(tx, "problems")


def problems(tx: Tx, limit: int = 5) -> list[Problem]:
    """The last problems, newest first."""
    rows = tx.rows("SELECT ref, at, place, what FROM problems ORDER BY at DESC LIMIT :limit", limit=limit)
    return [Problem(ref=r["ref"], at=moment(r["at"]), place=r["place"], what=r["what"]) for r in rows]


def latencies(tx: Tx, since: datetime, limit: int = 2000) -> list[tuple[float | None, float, float]]:
    """For the first cards sent since then, in seconds: published to read, read to decided, decided to sent."""
    rows = tx.rows(
        """SELECT json_extract(r.record, '$.published') AS published, r.first_seen, a.made, d.at
           FROM deliveries d JOIN alerts a ON a.id = d.alert
             JOIN incident_versions v ON v.incident = a.incident AND v.version = a.version
             JOIN articles r ON r.ref = v.article AND r.revision = 1
           WHERE d.at >= :since AND d.action = 'new' ORDER BY d.at DESC LIMIT :limit""",
        since=stamp(since),
        limit=limit,
    )
    found = []
    for row in rows:
        read, made, sent = (moment(row[name]) for name in ("first_seen", "made", "at"))
        published = moment(row["published"]) if row["published"] else None
        wait = (read - published).total_seconds() if published else None
        found.append((wait, (made - read).total_seconds(), (sent - made).total_seconds()))
    return found


def totals(tx: Tx) -> dict[str, int]:
    """How many articles wait, failed and are done, and how many incidents there are."""
    found = {row["state"]: row["n"] for row in tx.rows("SELECT state, COUNT(*) AS n FROM articles GROUP BY state")}
    return {**found, "incidents": int(tx.value("SELECT COUNT(*) FROM incidents"))}


def prune(tx: Tx, now: datetime) -> None:
    """Forget old problems."""
    tx.execute("DELETE FROM problems WHERE at < :old", old=stamp(now - timedelta(days=KEEP_DAYS)))
