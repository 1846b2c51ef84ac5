"""What has each chat subscribed to, and which subscriptions can an incident match?

Subscriptions to one place have the same ``spot`` (the place as JSON), so that it is compared with an incident once and
not once a chat; circles are found by an R-tree of their boxes. Both go when the subscription goes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

import msgspec

from bot.store import integrity
from bot.store.codec import dump, load, stamp
from bot.store.db import ABOVE_CHATS, BELOW_CHATS, Row, Tx
from bot.store.subscription_columns import Box, box_of, cells, kinds_cell
from bot.types import Subscription
from extract.types import Frozen, Place

log = logging.getLogger(__name__)

TABLE = "subscriptions"
CIRCLES = "subscription_circles"
MAX_PER_CHAT = 50
_RECORD = "s.id, s.chat, s.digest, CAST(s.record AS BLOB) AS record"

_SPOTS_KEPT = 20_000
# the three ways in which a place can be asked for, each by an index: in countries, in no country alone, in a circle
_WAYS = (
    """s.area = 0 AND s.country IN (SELECT value FROM json_each(:countries))
       AND s.spot IN (SELECT value FROM json_each(:spots))""",
    "s.area = 0 AND s.country IS NULL AND s.spot IN (SELECT value FROM json_each(:wide))",
    """s.id IN (SELECT id FROM subscription_circles
               WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west)""",
)
_ASKING = """FROM subscriptions s JOIN chats c ON c.chat = s.chat
  WHERE c.state = 'active' AND s.chat > :after AND s.chat <= :last AND s.least <= :severity
    AND (s.kinds = '' OR EXISTS (SELECT 1 FROM json_each(:kinds) WHERE instr(s.kinds, value)))"""
_EVERY_SPOT = """WITH RECURSIVE every (spot) AS (
    SELECT MIN(spot) FROM subscriptions WHERE area = 0 AND country IS :country
    UNION ALL SELECT (SELECT MIN(s.spot) FROM subscriptions s
                      WHERE s.area = 0 AND s.country IS :country AND s.spot > every.spot)
    FROM every WHERE every.spot IS NOT NULL)
  SELECT CAST(spot AS BLOB) FROM every WHERE spot IS NOT NULL"""


class Asked(Frozen, frozen=True, kw_only=True):
    """What of an incident subscriptions are looked up by.

    ``spots`` are the spots in ``countries`` that hold it, ``wide`` those in no country alone. ``box`` is where a circle
    may hold it, None: none does. ``kinds`` are all that it counts as, ``severity`` is its rank.
    """

    countries: tuple[str, ...]
    spots: tuple[str, ...]
    wide: tuple[str, ...]
    box: Box | None
    kinds: tuple[str, ...]
    severity: int

    def parameters(self) -> dict[str, object]:
        """The parameters of the queries."""
        box = msgspec.structs.asdict(self.box) if self.box else dict.fromkeys(Box.__struct_fields__)
        return {
            "countries": dump(self.countries),
            "spots": dump(self.spots),
            "wide": dump(self.wide),
            "kinds": dump([kinds_cell((kind,)) for kind in self.kinds]),
            "severity": self.severity,
            **box,
        }


def add(tx: Tx, subscription: Subscription, now: datetime) -> Subscription:
    """Write a subscription, in place of one for the same place in the same chat and topic; returns it with its id.

    Subscriptions to one place with different names coexist: a new one replaces the one of its name, else one without a
    name.
    """
    for known in replaced_by(of_chat(tx, subscription.chat, subscription.thread), subscription):
        remove(tx, known.chat, known.id)
    row = {"chat": subscription.chat, "thread": subscription.thread, "made": stamp(now), **cells(subscription)}
    num = tx[TABLE].insert(row)
    _put_circle(tx, num, subscription)
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
    row = cells(subscription)
    values = ", ".join(f"{name} = :{name}" for name in row)
    key = {"id": subscription.id, "chat": subscription.chat}
    if not tx.execute(f"UPDATE subscriptions SET {values} WHERE id = :id AND chat = :chat", **row, **key):
        return False
    _put_circle(tx, subscription.id, subscription)
    return True


def of_chat(tx: Tx, chat: int, thread: int | None = None) -> list[Subscription]:
    """The subscriptions of a chat, or of one of its topics, oldest first."""
    rows = tx.rows(
        f"""SELECT {_RECORD} FROM subscriptions s
           WHERE chat = :chat AND (:thread IS NULL OR thread = :thread) ORDER BY id""",
        chat=chat,
        thread=thread,
    )
    return _loaded(rows)


def addresses(tx: Tx, *, only_everywhere: bool = False) -> list[tuple[int, int]]:
    """Every active chat, or topic of one, that has a subscription (to everywhere): its id and thread, in order."""
    rows = tx.rows(
        """SELECT DISTINCT s.chat, s.thread FROM subscriptions s JOIN chats c ON c.chat = s.chat
           WHERE c.state = 'active' AND (NOT :only OR (s.country IS NULL AND s.spot = '' AND s.area = 0))
           ORDER BY s.chat, s.thread""",
        only=only_everywhere,
    )
    return [(row["chat"], row["thread"]) for row in rows]


def countries(tx: Tx) -> list[str]:
    """Every country in which somebody asks for a place, or for all of it."""
    return [row["country"] for row in tx.rows("SELECT DISTINCT country FROM subscriptions WHERE country IS NOT NULL")]


def spots(tx: Tx, country: str | None) -> list[bytes]:
    """Each spot in this country (None: in no country alone) once, as it is stored; empty is everywhere."""
    return [spot for (spot,) in tx.cells(_EVERY_SPOT, country=country)]


@lru_cache(maxsize=_SPOTS_KEPT)
def place_of(spot: bytes) -> Place | None:
    """The place of a spot, None for everywhere.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError: it is damaged.
    """
    spot.decode()
    return load(spot, Place) if spot else None


def possible(tx: Tx, asked: Asked, *, after: int | None = None, last: int | None = None) -> list[Subscription]:
    """The subscriptions of active chats to places that hold an incident, of its kinds and severity.

    Only those of chats with ids above ``after`` and up to ``last``, if given.
    """
    bounds = {"after": BELOW_CHATS if after is None else after, "last": ABOVE_CHATS if last is None else last}
    query = " UNION ALL ".join(f"SELECT {_RECORD} {_ASKING} AND {way}" for way in _WAYS)
    return _loaded(tx.rows(f"{query} ORDER BY 1", **asked.parameters(), **bounds))


def chats_of(tx: Tx, asked: Asked, *, after: int, limit: int) -> list[int]:
    """The first ``limit`` chat ids above ``after`` with subscriptions that ``possible`` finds."""
    query = " UNION ".join(f"SELECT s.chat AS chat {_ASKING} AND {way}" for way in _WAYS)
    rows = tx.cells(
        f"{query} ORDER BY chat LIMIT :limit", **asked.parameters(), after=after, last=ABOVE_CHATS, limit=limit
    )
    return [int(chat) for (chat,) in rows]


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


def _put_circle(tx: Tx, num: int, subscription: Subscription) -> None:
    box = box_of(subscription)
    tx.execute(f"DELETE FROM {CIRCLES} WHERE id = :id", id=num)
    if box is not None:
        values = msgspec.structs.asdict(box)
        tx.execute(f"INSERT INTO {CIRCLES} VALUES (:id, :south, :north, :west, :east)", id=num, **values)


def _loaded(rows: Iterable[Row]) -> list[Subscription]:
    """The subscriptions of rows; damaged ones are left out, since their content is unknown."""
    return [_subscription(row) for row in rows if integrity.is_intact(TABLE, row)]


def _subscription(row: Row) -> Subscription:
    record = load(row["record"], Subscription)
    return msgspec.structs.replace(record, id=row["id"], chat=row["chat"])
