"""Which sources are read, when is each due next, and how did the last read go?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from bot.store.codec import dump, load, moment, moment_or_none, stamp
from bot.store.db import Row, Tx
from bot.types import Source, SourceState

TABLE = "sources"
_COLUMNS = """url, origin, record, fetch_url, etag, last_modified, next_check, failures, last_ok, last_error,
  items, baseline, leads, trial_since, trial_ends, paused"""
Origin = Literal["config", "chat"]


def sync(tx: Tx, configured: Sequence[Source], now: datetime) -> None:
    """Write the sources of the configuration, and delete those that are no longer in it."""
    for source in configured:
        upsert(tx, source, "config", now)
    keep = {source.url for source in configured}
    for row in tx.rows("SELECT url FROM sources WHERE origin = 'config'"):
        if row["url"] not in keep:
            remove(tx, row["url"])


def upsert(tx: Tx, source: Source, origin: Origin, now: datetime) -> None:
    """Add a source, due at once, or change its settings; its state (ETag, failures, …) stays."""
    known = tx.row("SELECT record FROM sources WHERE url = :url", url=source.url)
    if known is None:
        row = {"url": source.url, "fetch_url": source.url, "next_check": stamp(now)}
        tx[TABLE].insert({**row, "origin": origin, "record": dump(source)})
        return
    values: Row = {"origin": origin, "record": dump(source)}
    if load(known["record"], Source).every != source.every:
        values["next_check"] = stamp(now)
    tx[TABLE].update(source.url, values)


def get(tx: Tx, url: str) -> SourceState | None:
    """A source by its address; None where it isn't known."""
    row = tx.row(f"SELECT {_COLUMNS} FROM sources WHERE url = :url", url=url)
    return _state(row) if row else None


def due(tx: Tx, now: datetime, limit: int, *, overdue: Sequence[str] = ()) -> list[SourceState]:
    """The sources that are due, longest overdue first.

    Those with the addresses ``overdue`` are due whatever the clock says, and those that were read later than now: the
    clock has been set back since (``bot.due``).
    """
    rows = tx.rows(
        f"""SELECT {_COLUMNS} FROM sources
           WHERE paused = '' AND (next_check <= :now OR last_check IS NULL OR last_check > :now
             OR url IN (SELECT value FROM json_each(:overdue)))
           ORDER BY next_check, url LIMIT :limit""",
        now=stamp(now),
        overdue=dump(list(overdue)),
        limit=limit,
    )
    return [_state(row) for row in rows]


def record_check(
    tx: Tx,
    url: str,
    *,
    now: datetime,
    next_check: datetime,
    error: str = "",
    etag: str = "",
    last_modified: str = "",
    items: int | None = None,
    moved_to: str = "",
    leads: Sequence[int] | None = None,
) -> None:
    """Write the result of one read; an empty ``error`` means it succeeded (a 304 too, with ``items`` None).

    ``leads`` None: they stay as they were.
    """
    values: Row = {"last_check": stamp(now), "next_check": stamp(next_check), "last_error": error[:500]}
    if error:
        tx.execute("UPDATE sources SET failures = failures + 1 WHERE url = :url", url=url)
    else:
        values |= {"failures": 0, "last_ok": stamp(now), "baseline": 0, "etag": etag, "last_modified": last_modified}
        values |= {} if items is None else {"items": items}
        values |= {"fetch_url": moved_to} if moved_to else {}
        values |= {} if leads is None else {"leads": dump(leads)}
    if tx.row("SELECT url FROM sources WHERE url = :url", url=url):
        tx[TABLE].update(url, values)


def listing(tx: Tx) -> list[SourceState]:
    """Every source, those of the configuration first."""
    return [_state(row) for row in tx.rows(f"SELECT {_COLUMNS} FROM sources ORDER BY origin DESC, url")]


def addresses(tx: Tx) -> frozenset[str]:
    """The addresses of all sources."""
    return frozenset(row["url"] for row in tx.rows("SELECT url FROM sources"))


def add_new(tx: Tx, new: Iterable[Source], now: datetime, *, trial_ends: datetime | None = None) -> int:
    """Add those of some sources whose addresses are not known yet, due at once; returns how many.

    With ``trial_ends`` they are on trial until then.
    """
    known = addresses(tx)
    added = [source for source in new if source.url not in known]
    for source in added:
        upsert(tx, source, "chat", now)
        if trial_ends is not None:
            start_trial(tx, source.url, trial_ends, now)
    return len(added)


def start_trial(tx: Tx, url: str, ends: datetime, now: datetime) -> None:
    """Put a source on trial until a time, or prolong its trial; what its first read showed is then of the trial too."""
    tx.execute(
        """UPDATE sources SET trial_ends = :ends, trial_since = iif(trial_since = '', :now, trial_since)
           WHERE url = :url""",
        url=url,
        ends=stamp(ends),
        now=stamp(now),
    )
    tx.execute("UPDATE articles SET on_trial = 1 WHERE source_url = :url AND baseline = 1", url=url)


def keep(tx: Tx, url: str) -> bool:
    """End the trial of a source: it alerts from now on, and what it told counts. False where it was on none."""
    changed = tx.execute(
        "UPDATE sources SET trial_since = '', trial_ends = '' WHERE url = :url AND trial_ends <> ''", url=url
    )
    tx.execute("UPDATE articles SET on_trial = 0 WHERE source_url = :url AND on_trial = 1", url=url)
    return changed > 0


def pause(tx: Tx, url: str, now: datetime) -> None:
    """Read a source no more until ``resume``."""
    tx.execute("UPDATE sources SET paused = :now WHERE url = :url", url=url, now=stamp(now))


def resume(tx: Tx, url: str, now: datetime) -> bool:
    """Read a paused source again, at once. False where it was not paused."""
    return (
        tx.execute(
            "UPDATE sources SET paused = '', failures = 0, next_check = :now WHERE url = :url AND paused <> ''",
            url=url,
            now=stamp(now),
        )
        > 0
    )


def remove(tx: Tx, url: str) -> bool:
    """Stop reading a source; its articles and incidents stay. False where it wasn't known."""
    tx.execute("DELETE FROM unread_items WHERE source_url = :url", url=url)
    return tx.execute("DELETE FROM sources WHERE url = :url", url=url) > 0


def _state(row: Row) -> SourceState:
    return SourceState(
        source=load(row["record"], Source),
        origin=row["origin"],
        fetch_url=row["fetch_url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        next_check=moment(row["next_check"]),
        failures=row["failures"],
        last_ok=moment_or_none(row["last_ok"]),
        last_error=row["last_error"],
        items=row["items"],
        baseline=bool(row["baseline"]),
        leads=load(row["leads"], tuple[int, ...]),
        trial_since=moment_or_none(row["trial_since"] or None),
        trial_ends=moment_or_none(row["trial_ends"] or None),
        paused=moment_or_none(row["paused"] or None),
    )
