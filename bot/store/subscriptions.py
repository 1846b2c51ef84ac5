"""What has each chat subscribed to, and which subscriptions can an incident match?"""

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

_MIN_CHAT, _MAX_CHAT = -(2**63), 2**63 - 1
_POSSIBLE = """subscriptions s JOIN chats c ON c.chat = s.chat
  WHERE c.state = 'active' AND (s.country IS NULL OR s.country = :country OR s.area = 1)
    AND s.chat > :after AND s.chat <= :last"""


def add(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    """Write a subscription, in place of one for the same place in the same chat and topic; returns it with its id.

    Subscriptions to one place with different names coexist: a new one replaces the one of its name, else one without a
    name.
    """
    for known in replaced_by(of_chat(tx, subscription.chat, subscription.thread), subscription):
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
    """The subscriptions of active chats to a country or to a place in it."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND s.country = :country ORDER BY s.id""",
        country=country,
    )
    return _loaded(rows)


def of_areas(tx: Tx) -> list[Subscription]:
    """The subscriptions of active chats to an area of several countries, or of none."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND s.country IS NULL ORDER BY s.id"""
    )
    return [one for one in _loaded(rows) if one.place is not None]


def change(tx: Tx, subscription: Subscription) -> bool:
    """Replace the subscription with the same id. False where it no longer exists."""
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
    """The subscriptions of active chats that an incident in this country could match.

    Only those of chats with ids above ``after`` and up to ``last``, if given.
    """
    rows = tx.rows(
        f"SELECT {_RECORD} FROM {_POSSIBLE} ORDER BY s.id",
        country=country,
        after=_MIN_CHAT if after is None else after,
        last=_MAX_CHAT if last is None else last,
    )
    return _loaded(rows)


def chats_of(tx: Tx, country: str | None, *, after: int, limit: int) -> list[int]:
    """The first ``limit`` chat ids above ``after`` with subscriptions that an incident in this country could match."""
    rows = tx.rows(
        f"SELECT DISTINCT s.chat AS chat FROM {_POSSIBLE} ORDER BY s.chat LIMIT :limit",
        country=country,
        after=after,
        last=_MAX_CHAT,
        limit=limit,
    )
    return [int(row["chat"]) for row in rows]


def remove(tx: Tx, chat: int, subscription: int) -> bool:
    """Delete one subscription of a chat. False where the chat has no such subscription."""
    return tx.execute("DELETE FROM subscriptions WHERE id = :id AND chat = :chat", id=subscription, chat=chat) > 0


def ending(tx: Tx, since: datetime, until: datetime) -> list[Subscription]:
    """The subscriptions of active chats that end by themselves between these times, oldest first."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active'
             AND CASE WHEN json_valid(s.record) THEN json_extract(s.record, '$.ends') END IS NOT NULL ORDER BY s.id"""
    )
    return [one for one in _loaded(rows) if one.ends is not None and since <= one.ends <= until]


def prune(tx: Tx, now: datetime) -> int:
    """Delete subscriptions whose end (``ends``) has passed, with their places; returns how many."""
    return tx.execute(
        """DELETE FROM subscriptions
           WHERE CASE WHEN json_valid(record) THEN json_extract(record, '$.ends') END < :now""",
        now=now.isoformat(),
    )


def count(tx: Tx) -> int:
    """The number of subscriptions."""
    return int(tx.value("SELECT COUNT(*) FROM subscriptions"))


def replaced_by(known: Iterable[Subscription], wanted: Subscription) -> list[Subscription]:
    """The subscriptions of a chat and topic that a new one replaces."""
    same_place = [one for one in known if _same_place(one, wanted)]
    same_name = [one for one in same_place if one.name.casefold() == wanted.name.casefold()]
    return same_name or [one for one in same_place if not one.name]


def _same_place(one: Subscription, other: Subscription) -> bool:
    if one.place is None or other.place is None:
        return one.place is other.place and one.kinds == other.kinds
    if one.place.geonameid is not None or other.place.geonameid is not None:
        return one.place.geonameid == other.place.geonameid
    return (one.place.name, one.place.lat, one.place.lon) == (other.place.name, other.place.lat, other.place.lon)


def _loaded(rows: Iterable[Row]) -> list[Subscription]:
    """The subscriptions of rows; damaged ones are left out, since their content is unknown."""
    return [_subscription(row) for row in rows if integrity.is_intact(TABLE, row)]


def _subscription(row: Row) -> Subscription:
    record = load(row["record"], Subscription)
    return msgspec.structs.replace(record, id=row["id"], chat=row["chat"])
