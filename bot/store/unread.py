"""How many items of a source are in a language that is not read?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.store.db import Tx
from bot.types import Unread

DAYS = 7  # of which the mean is shown
KEEP_DAYS = 30


def count(tx: Tx, source_url: str, lang: str, now: datetime) -> None:
    """Add an item of a source in a language that is not read; days that are too old to be shown are forgotten."""
    day = now.date().isoformat()
    tx.execute(
        "INSERT INTO unread_items (source_url, day, lang, items) VALUES (:url, :day, :lang, 1) "
        "ON CONFLICT (source_url, day, lang) DO UPDATE SET items = items + 1",
        url=source_url,
        day=day,
        lang=lang,
    )
    tx.execute(
        "DELETE FROM unread_items WHERE source_url = :url AND day < :day",
        url=source_url,
        day=(now.date() - timedelta(KEEP_DAYS)).isoformat(),
    )


def a_day(tx: Tx, now: datetime) -> dict[str, tuple[Unread, ...]]:
    """Address of a source -> its unread items a day by language, the most first, over the last ``DAYS`` days or fewer.

    Sources all of whose items are read have no entry.
    """
    rows = tx.rows(
        "SELECT source_url, lang, sum(items) AS items, min(day) AS first FROM unread_items WHERE day > :day "
        "GROUP BY source_url, lang ORDER BY items DESC, lang",
        day=(now.date() - timedelta(DAYS)).isoformat(),
    )
    found: dict[str, list[Unread]] = defaultdict(list)
    for row in rows:
        days = (now.date() - datetime.fromisoformat(row["first"]).date()).days + 1
        found[row["source_url"]].append(Unread(lang=row["lang"], items=max(1, round(row["items"] / days))))
    return {url: tuple(unread) for url, unread in found.items()}
