"""Which incidents of these days tell a story like a report's, whatever kind, place and day it gives?"""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import stamp
from bot.store.db import Tx
from extract.track.story import likenesses

TABLE = "incident_stories"
# only this many of the latest incidents are compared: about a week of fifty outlets
MOST = 4_000


def save(tx: Tx, num: int, story: bytes, last_seen: datetime) -> None:
    """Write the story of the incident with this row number."""
    tx[TABLE].upsert({"num": num, "last_seen": stamp(last_seen), "story": story})


def delete(tx: Tx, num: int) -> None:
    """Forget the story of an incident that is no longer compared, or no longer has one."""
    tx.execute(f"DELETE FROM {TABLE} WHERE num = :num", num=num)


def alike(tx: Tx, story: bytes, since: datetime, *, least: float, limit: int) -> list[int]:
    """The row numbers of at most ``limit`` incidents last reported after ``since`` whose story has at least this cosine
    with the given one, the most alike first."""
    query = f"SELECT num, story FROM {TABLE} WHERE last_seen >= ? ORDER BY last_seen DESC LIMIT {MOST}"
    rows = [(num, known) for num, known in tx.cells(query, stamp(since)) if len(known) == len(story)]
    ranked = sorted(zip(likenesses(story, [known for _, known in rows]), rows, strict=True), reverse=True)
    return [num for cosine, (num, _) in ranked[:limit] if cosine >= least]
