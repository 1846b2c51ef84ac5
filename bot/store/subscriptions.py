"""What each chat asked to be told."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.store.codec import dump, load, stamp
from bot.store.db import Row, Tx
from bot.types import Subscription

TABLE = "subscriptions"
MAX_PER_CHAT = 50


def add(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    """Keep a subscription; one for the same place in the same chat and topic gives way. With its id."""
    for known in of_chat(tx, subscription.chat, subscription.thread):
        if _same_place(known, subscription):
            remove(tx, known.chat, known.id)
    place = subscription.place
    num = (
        tx[TABLE]
        .insert(
            {
                "chat": subscription.chat,
                "thread": subscription.thread,
                "country": place.country if place else None,
                "area": int(subscription.km is not None),
                "record": dump(subscription),
                "made": stamp(now),
            }
        )
        .last_pk
    )
    if not isinstance(num, int):
        raise TypeError("a subscription's id is an integer")
    return msgspec.structs.replace(subscription, id=num)


def of_country(tx: Tx, country: str) -> list[Subscription]:
    """The subscriptions of active chats to a country or a place in it."""
    rows = tx.rows(
        """SELECT s.id, s.chat, s.record FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND s.country = :country ORDER BY s.id""",
        country=country,
    )
    return [_subscription(row) for row in rows]


def change(tx: Tx, subscription: Subscription) -> bool:
    """Put a changed filter in the place of the one with its id. False where it has ended."""
    return (
        tx.execute(
            "UPDATE subscriptions SET record = :record WHERE id = :id AND chat = :chat",
            record=dump(subscription),
            id=subscription.id,
            chat=subscription.chat,
        )
        > 0
    )


def of_chat(tx: Tx, chat: int, thread: int | None = None) -> list[Subscription]:
    """The subscriptions of a chat, or of one of its topics, oldest first."""
    rows = tx.rows(
        """SELECT id, chat, record FROM subscriptions
           WHERE chat = :chat AND (:thread IS NULL OR thread = :thread) ORDER BY id""",
        chat=chat,
        thread=thread,
    )
    return [_subscription(row) for row in rows]


def possible(tx: Tx, country: str | None) -> list[Subscription]:
    """The subscriptions of active chats that an incident in this country could match."""
    rows = tx.rows(
        """SELECT s.id, s.chat, s.record FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND (s.country IS NULL OR s.country = :country OR s.area = 1) ORDER BY s.id""",
        country=country,
    )
    return [_subscription(row) for row in rows]


def remove(tx: Tx, chat: int, subscription: int) -> bool:
    """End one subscription of a chat. False where the chat has no such subscription."""
    return tx.execute("DELETE FROM subscriptions WHERE id = :id AND chat = :chat", id=subscription, chat=chat) > 0


def prune(tx: Tx, now: datetime) -> int:
    """Forget subscriptions that have ended by themselves, and the places they hold. How many."""
    return tx.execute("DELETE FROM subscriptions WHERE json_extract(record, '$.ends') < :now", now=now.isoformat())


def count(tx: Tx) -> int:
    """How many subscriptions there are."""
    return int(tx.value("SELECT COUNT(*) FROM subscriptions"))


def _same_place(one: Subscription, other: Subscription) -> bool:
    if one.place is None or other.place is None:
        return one.place is other.place and one.kinds == other.kinds
    if one.place.geonameid is not None or other.place.geonameid is not None:
        return one.place.geonameid == other.place.geonameid
    return (one.place.name, one.place.lat, one.place.lon) == (other.place.name, other.place.lat, other.place.lon)


def _subscription(row: Row) -> Subscription:
    record = load(row["record"], Subscription)
    return msgspec.structs.replace(record, id=row["id"], chat=row["chat"])
