"""What each chat asked to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bot.store import integrity
from bot.store.codec import checksum, dump, load, stamp
from bot.store.db import Row, Tx
from bot.types import Subscription

TABLE = "subscriptions"
MAX_PER_CHAT = 50
_RECORD = "s.id, s.chat, s.digest, CAST(s.record AS BLOB) AS record"

_LEAST, _MOST = -(2**63), 2**63 - 1
_POSSIBLE = """subscriptions s JOIN chats c ON c.chat = s.chat
  WHERE c.state = 'active' AND (s.country IS NULL OR s.country = :country OR s.area = 1)
    AND s.chat > :after AND s.chat <= :last"""


def add(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    """Keep a subscription; one for the same place in the same chat and topic gives way. With its id.

    Subscriptions of different names stand beside each other; one without a name gives way where none has that name.
    """
    for known in giving_way(of_chat(tx, subscription.chat, subscription.thread), subscription):
        remove(tx, known.chat, known.id)
    place, record = subscription.place, dump(subscription)
    num = tx[TABLE].insert(
        {
            "chat": subscription.chat,
            "thread": subscription.thread,
            "country": place.country if place else None,
            "area": int(subscription.km is not None),
            "record": record,
            "digest": checksum(record),
            "made": stamp(now),
        }
    )
    if not isinstance(num, int):
        raise TypeError("a subscription's id is an integer")
    return msgspec.structs.replace(subscription, id=num)


def of_country(tx: Tx, country: str) -> list[Subscription]:
    """The subscriptions of active chats to a country or a place in it."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND s.country = :country ORDER BY s.id""",
        country=country,
    )
    return _loaded(rows)


def change(tx: Tx, subscription: Subscription) -> bool:
    """Put a changed filter in the place of the one with its id. False where it has ended."""
    record = dump(subscription)
    return (
        tx.execute(
            "UPDATE subscriptions SET record = :record, digest = :digest WHERE id = :id AND chat = :chat",
            record=record,
            digest=checksum(record),
            id=subscription.id,
            chat=subscription.chat,
        )
        > 0
    )


def of_chat(tx: Tx, chat: int, thread: int | None = None) -> list[Subscription]:
    """The subscriptions of a chat, or of one of its topics, oldest first."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s
           WHERE chat = :chat AND (:thread IS NULL OR thread = :thread) ORDER BY id""",
        chat=chat,
        thread=thread,
    )
    return _loaded(rows)


def possible(tx: Tx, country: str | None, *, after: int | None = None, last: int | None = None) -> list[Subscription]:
    """The subscriptions of active chats that an incident in this country could match; of those after and up to some."""
    rows = tx.rows(
        f"SELECT {_RECORD} FROM {_POSSIBLE} ORDER BY s.id",
        country=country,
        after=_LEAST if after is None else after,
        last=_MOST if last is None else last,
    )
    return _loaded(rows)


def chats_of(tx: Tx, country: str | None, *, after: int, limit: int) -> list[int]:
    """The first so many chats after one that have such subscriptions."""
    rows = tx.rows(
        f"SELECT DISTINCT s.chat AS chat FROM {_POSSIBLE} ORDER BY s.chat LIMIT :limit",
        country=country,
        after=after,
        last=_MOST,
        limit=limit,
    )
    return [int(row["chat"]) for row in rows]


def remove(tx: Tx, chat: int, subscription: int) -> bool:
    """End one subscription of a chat. False where the chat has no such subscription."""
    return tx.execute("DELETE FROM subscriptions WHERE id = :id AND chat = :chat", id=subscription, chat=chat) > 0


def prune(tx: Tx, now: datetime) -> int:
    """Forget subscriptions that have ended by themselves, and the places they hold. How many."""
    return tx.execute(
        """DELETE FROM subscriptions
           WHERE CASE WHEN json_valid(record) THEN json_extract(record, '$.ends') END < :now""",
        now=now.isoformat(),
    )


def count(tx: Tx) -> int:
    """How many subscriptions there are."""
    return int(tx.value("SELECT COUNT(*) FROM subscriptions"))


def giving_way(known: Iterable[Subscription], wanted: Subscription) -> list[Subscription]:
    """Which of the subscriptions of a chat and topic a new one takes the place of."""
    there = [one for one in known if _same_place(one, wanted)]
    namesakes = [one for one in there if one.name.casefold() == wanted.name.casefold()]
    return namesakes or [one for one in there if not one.name]


def _same_place(one: Subscription, other: Subscription) -> bool:
    if one.place is None or other.place is None:
        return one.place is other.place and one.kinds == other.kinds
    if one.place.geonameid is not None or other.place.geonameid is not None:
        return one.place.geonameid == other.place.geonameid
    return (one.place.name, one.place.lat, one.place.lon) == (other.place.name, other.place.lat, other.place.lon)


def _loaded(rows: Iterable[Row]) -> list[Subscription]:
    """The subscriptions of rows; a damaged one asks for nothing, since nobody knows what it asked for."""
    return [_subscription(row) for row in rows if integrity.is_whole(TABLE, row)]


def _subscription(row: Row) -> Subscription:
    record = load(row["record"], Subscription)
    return msgspec.structs.replace(record, id=row["id"], chat=row["chat"])
