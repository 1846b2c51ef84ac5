"""Which columns and which box follow from a subscription? It is found by them for an incident."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from bot.store.codec import checksum, dump, load
from bot.types import Subscription
from extract.geo import half_extent
from extract.types import Frozen

# the spot of a subscription to everywhere, and of a circle, which has a box
NO_SPOT = ""
# the boxes of circles are a little larger, so that none misses a place at the circle's edge
_MARGIN = 1.01


class Box(Frozen, frozen=True):
    """A rectangle in degrees; west is not east of east."""

    south: float = -90.0
    north: float = 90.0
    west: float = -180.0
    east: float = 180.0


def cells(subscription: Subscription) -> dict[str, Any]:
    """The columns of a subscription that follow from it, its record among them."""
    place, record = subscription.place, dump(subscription)
    is_circle = subscription.km is not None
    return {
        "country": place.country if place else None,
        "area": int(is_circle),
        "spot": dump(place) if place is not None and not is_circle else NO_SPOT,
        "kinds": kinds_cell(subscription.kinds),
        "least": subscription.min_severity.rank,
        "record": record,
        "digest": checksum(record),
    }


def box_of(subscription: Subscription) -> Box | None:
    """A box around a circle, the whole Earth where its centre has no point or it crosses the date line."""
    if subscription.km is None:
        return None
    place = subscription.place
    if place is None or place.lat is None or place.lon is None:
        return Box()
    high, wide = half_extent(place.lat, subscription.km * _MARGIN)
    box = Box(place.lat - high, place.lat + high, place.lon - wide, place.lon + wide)
    crosses = box.west < -180 or box.east > 180
    return msgspec.structs.replace(box, west=-180.0, east=180.0) if crosses else box


def kinds_cell(kinds: Iterable[str]) -> str:
    """Kinds as text in which one can be looked for: "|bombing|fire|"; empty for none."""
    return "".join(f"|{kind}" for kind in kinds) + "|" if kinds else ""


def fill(conn: sqlite3.Connection) -> None:
    """Write the columns and boxes of all subscriptions of a database that had none; damaged ones stay without."""
    for num, record in conn.execute("SELECT id, CAST(record AS BLOB) FROM subscriptions").fetchall():
        try:
            found = load(record, Subscription)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        made = cells(found)
        conn.execute(
            "UPDATE subscriptions SET spot = :spot, kinds = :kinds, least = :least WHERE id = :num",
            {**made, "num": num},
        )
        box = box_of(found)
        if box is not None:
            conn.execute(
                "INSERT INTO subscription_circles VALUES (?, ?, ?, ?, ?)", (num, *msgspec.structs.astuple(box))
            )
