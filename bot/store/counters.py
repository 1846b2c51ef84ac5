"""How often did what happen, and which problems need attention? The numbers that /status shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.codec import moment, stamp
from bot.store.db import Tx
from bot.types import Problem

PROBLEMS = "problems"
KEEP_DAYS = 30


def count(tx: Tx, name: str, by: int = 1) -> None:
    """Add ``by`` to a counter."""
    tx.execute(
        "INSERT INTO counters (name, n) VALUES (:name, :by) ON CONFLICT (name) DO UPDATE SET n = n + :by",
        name=name,
        by=by,
    )


def counters(tx: Tx) -> dict[str, int]:
    """Every counter by its name."""
    return {row["name"]: row["n"] for row in tx.rows("SELECT name, n FROM counters ORDER BY name")}


def problem(tx: Tx, ref: str, place: str, what: str, now: datetime) -> None:
    """Write a problem under the reference that the person was given, and count it."""
    tx[PROBLEMS].upsert({"ref": ref, "at": stamp(now), "place": place, "what": what[:500]})
    count(tx, "problems")


def problems(tx: Tx, limit: int = 5) -> list[Problem]:
    """The latest problems, newest first."""
    rows = tx.rows("SELECT ref, at, place, what FROM problems ORDER BY at DESC LIMIT :limit", limit=limit)
    return [Problem(ref=r["ref"], at=moment(r["at"]), place=r["place"], what=r["what"]) for r in rows]


def latencies(tx: Tx, since: datetime, limit: int = 2000) -> list[tuple[float | None, float, float]]:
    """Seconds of each stage for the first cards sent since a time: published to read, read to decided, decided to sent.

    The first is None where the hour of the article's publication isn't known. Newest first, at most ``limit``.
    """
    rows = tx.rows(
        """SELECT iif(json_extract(r.record, '$.published_day_only'), NULL, json_extract(r.record, '$.published'))
             AS published, r.first_seen, a.made, d.at
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
        delay = (read - published).total_seconds() if published else None
        found.append((delay, (made - read).total_seconds(), (sent - made).total_seconds()))
    return found


def totals(tx: Tx) -> dict[str, int]:
    """The number of articles in each state, and of incidents."""
    found = {row["state"]: row["n"] for row in tx.rows("SELECT state, COUNT(*) AS n FROM articles GROUP BY state")}
    return {**found, "incidents": int(tx.value("SELECT COUNT(*) FROM incidents"))}


def prune(tx: Tx, now: datetime) -> None:
    """Delete problems older than ``KEEP_DAYS``."""
    tx.execute("DELETE FROM problems WHERE at < :old", old=stamp(now - timedelta(days=KEEP_DAYS)))
