"""Which card (message about an incident) is in which chat, and what was delivered when?"""

from __future__ import annotations

from datetime import datetime

from bot.store import audit
from bot.store.codec import moment, stamp
from bot.store.db import BELOW_CHATS, Row, Tx
from bot.types import Alert, Arrival, Card
from extract.types import Incident

TABLE = "cards"
DELIVERIES = "deliveries"


def get(tx: Tx, chat: int, thread: int, incident: str) -> Card | None:
    """The card about an incident in a chat or topic; None where there is none."""
    row = tx.row(
        """SELECT chat, thread, incident, message_id, version, digest AS fingerprint FROM cards
           WHERE chat = :chat AND thread = :thread AND incident = :incident""",
        chat=chat,
        thread=thread,
        incident=incident,
    )
    return Card(**row) if row else None


def arrival(tx: Tx, chat: int, thread: int, incident: str) -> Arrival | None:
    """When the first card of an incident came to a chat or topic; None where none did."""
    row = tx.row(
        """SELECT d.at, v.article FROM deliveries d
             JOIN incident_versions v ON v.incident = d.incident AND v.version = d.version
           WHERE d.incident = :incident AND d.chat = :chat AND d.thread = :thread AND d.action = 'new'
           ORDER BY d.id LIMIT 1""",
        chat=chat,
        thread=thread,
        incident=incident,
    )
    return Arrival(at=moment(row["at"]), article=row["article"]) if row else None


def arriving(tx: Tx, incident: Incident, now: datetime) -> Arrival:
    """The arrival of a card that is sent now."""
    article = tx.value(
        "SELECT article FROM incident_versions WHERE incident = :id AND version = :version",
        id=incident.id,
        version=incident.version,
    )
    return Arrival(at=now, article=article or "")


def by_message(tx: Tx, chat: int, message_id: int) -> Card | None:
    """The card with this message id; None where the message isn't a card."""
    row = tx.row(
        """SELECT chat, thread, incident, message_id, version, digest AS fingerprint FROM cards
           WHERE chat = :chat AND message_id = :message_id""",
        chat=chat,
        message_id=message_id,
    )
    return Card(**row) if row else None


def holders(tx: Tx, incident: str, after: int = BELOW_CHATS) -> set[tuple[int, int]]:
    """Chat and thread of those that have a card about an incident, of chats with ids above ``after``."""
    sql = "SELECT chat, thread FROM cards WHERE incident = :incident AND chat > :after"
    return set(tx.cells(sql, incident=incident, after=after))


def delivered_between(tx: Tx, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """The chat and time of each message delivered between two times, the oldest first."""
    rows = tx.rows(
        "SELECT chat, at FROM deliveries WHERE at >= :since AND at <= :until ORDER BY at",
        since=stamp(since),
        until=stamp(until),
    )
    return [(row["chat"], moment(row["at"])) for row in rows]


def outdated(tx: Tx, *, since: datetime, until: datetime, limit: int) -> list[Card]:
    """Cards that show an incident as it was before it became stable or closed, and have no edit due for that.

    Only of incidents with the last report between ``since`` and ``until``, in chats that can be written to.
    """
    rows = tx.rows(
        """SELECT c.chat, c.thread, c.incident, c.message_id, i.version AS version, c.digest AS fingerprint
           FROM incidents i JOIN cards c ON c.incident = i.id JOIN chats h ON h.chat = c.chat
           WHERE i.last_seen BETWEEN :since AND :until AND i.lifecycle IN ('stable', 'closed')
             AND c.version < i.version AND h.state = 'active'
             AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.chat = c.chat AND a.thread = c.thread
                               AND a.incident = c.incident AND a.version = i.version AND a.action = 'edit')
           ORDER BY i.last_seen, c.chat, c.thread LIMIT :limit""",
        since=stamp(since),
        until=stamp(until),
        limit=limit,
    )
    return [Card(**row) for row in rows]


def merged_since(tx: Tx, chat: int, thread: int, since: datetime) -> dict[str, int]:
    """Incident -> how many articles joined it since then, for the incidents that a chat already had a card of."""
    rows = tx.rows(
        """SELECT d.incident AS incident, COUNT(DISTINCT d.article) AS n
           FROM cards c JOIN decisions d ON d.incident = c.incident
           WHERE c.chat = :chat AND c.thread = :thread AND d.at >= :since
             AND CASE WHEN json_valid(d.record) THEN json_extract(d.record, '$.action') END = 'merge'
           GROUP BY d.incident ORDER BY MAX(d.at) DESC""",
        chat=chat,
        thread=thread,
        since=stamp(since),
    )
    return {row["incident"]: row["n"] for row in rows}


def put(tx: Tx, card: Card) -> None:
    """Write a chat's card and the version it shows, in place of an earlier one about the same incident."""
    tx[TABLE].upsert(
        {
            "chat": card.chat,
            "thread": card.thread,
            "incident": card.incident,
            "message_id": card.message_id,
            "version": card.version,
            "digest": card.fingerprint,
        }
    )


def reassign_all(tx: Tx, source: str, target: str) -> list[Card]:
    """Assign all cards of one incident to another, except in chats that have both; returns the cards as they were."""
    rows = tx.rows(
        """SELECT chat, thread, incident, message_id, version, digest AS fingerprint FROM cards c
           WHERE incident = :source AND NOT EXISTS (SELECT 1 FROM cards d
                           WHERE d.chat = c.chat AND d.thread = c.thread AND d.incident = :target)""",
        source=source,
        target=target,
    )
    moved = [Card(**row) for row in rows]
    for card in moved:
        reassign(tx, card, target)
    return moved


def reassign(tx: Tx, card: Card, target: str) -> None:
    """Assign one message to another incident; it has to be edited to show that incident."""
    tx.execute(
        """UPDATE OR IGNORE cards SET incident = :target, version = 0, digest = ''
           WHERE chat = :chat AND thread = :thread AND message_id = :message_id""",
        chat=card.chat,
        thread=card.thread,
        message_id=card.message_id,
        target=target,
    )


def forget(tx: Tx, chat: int, thread: int, incident: str) -> None:
    """Delete a card: its message is no longer in the chat."""
    tx.execute(
        "DELETE FROM cards WHERE chat = :chat AND thread = :thread AND incident = :incident",
        chat=chat,
        thread=thread,
        incident=incident,
    )


def record(tx: Tx, alert: Alert, *, version: int, message_id: int, fingerprint: str, now: datetime) -> None:
    """Write one delivery into the log of deliveries."""
    row: Row = {
        "id": 1 + int(tx.value("SELECT coalesce(MAX(id), 0) FROM deliveries")),
        "alert": alert.id,
        "chat": alert.chat,
        "thread": alert.thread,
        "incident": alert.incident,
        "version": version,
        "action": alert.action.value,
        "message_id": message_id,
        "digest": fingerprint,
        "at": stamp(now),
    }
    tx[DELIVERIES].insert(audit.sealed(tx, DELIVERIES, row))
