"""Which first cards have waited too long for one chat, and are listed in one message instead?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.store.codec import dump, load, moment, stamp
from bot.store.db import Tx
from extract.types import Frozen


class Backlog(Frozen, frozen=True):
    """First cards that wait for one chat or topic: since when, and the ids of their incidents in order."""

    since: datetime
    incidents: tuple[str, ...]


def waiting(tx: Tx, made_before: datetime, *, least: int) -> dict[tuple[int, int], Backlog]:
    """The incidents whose first cards were enqueued before a time and never tried, by chat and topic.

    Only chats and topics with at least ``least`` of them.
    """
    rows = tx.rows(
        """SELECT chat, thread, json_group_array(incident) AS incidents, MIN(made) AS since FROM (
             SELECT chat, thread, incident, made FROM alerts
             WHERE state = 'pending' AND action = 'new' AND notice = '' AND attempts = 0 AND made < :before ORDER BY id)
           GROUP BY chat, thread HAVING COUNT(*) >= :least""",
        before=stamp(made_before),
        least=least,
    )
    return {
        (row["chat"], row["thread"]): Backlog(moment(row["since"]), tuple(load(row["incidents"], list[str])))
        for row in rows
    }


def drop_listed(tx: Tx, chat: int, thread: int, ids: Sequence[str], *, now: datetime) -> None:
    """Drop a chat's pending first cards about these incidents, which a list shows instead."""
    tx.execute(
        """UPDATE alerts SET state = 'dropped', why = 'told in a list', ended = :now
           WHERE chat = :chat AND thread = :thread AND state = 'pending' AND notice = ''
             AND incident IN (SELECT value FROM json_each(:ids))""",
        now=stamp(now),
        chat=chat,
        thread=thread,
        ids=dump(list(ids)),
    )
