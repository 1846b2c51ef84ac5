"""How many incidents on each day and of each kind? Sums over the narrow rows of facts."""

from __future__ import annotations

import math
from datetime import date

from bot.store.db import Row, Tx
from bot.store.incidents import KM_PER_DEGREE
from bot.store.question_queries import Filter
from bot.types import Bounds, Cell, Tally
from extract.geo import EARTH_KM

FIELDS = ("killed", "injured")
# the day of the act, or where that isn't known of the first report
_ON = "day >= :from_day AND day <= :to_day"


def counts(tx: Tx, wanted: Filter, first: date, last: date) -> dict[date, int]:
    """How many on each day that had any."""
    rows = tx.rows(
        f"SELECT day, COUNT(*) AS n FROM incident_facts WHERE {wanted.sure} AND {_ON} GROUP BY day",
        **_params(wanted, first, last),
    )
    return {date.fromisoformat(row["day"]): row["n"] for row in rows}


def cells(tx: Tx, wanted: Filter, first: date, last: date) -> list[Cell]:
    """How many of each kind on each day, and how many people they killed and injured."""
    sums = ", ".join(
        f"total({f}) AS {f}, total({f}_most) AS {f}_most, count({f}) AS {f}_known, count({f}_most) AS {f}_closed"
        for f in FIELDS
    )
    rows = tx.rows(
        f"""SELECT day, kind, COUNT(*) AS n, {sums} FROM incident_facts WHERE {wanted.sure} AND {_ON}
            GROUP BY day, kind""",
        **_params(wanted, first, last),
    )
    return [_cell(row) for row in rows]


def known_since(tx: Tx) -> date | None:
    """The day from which on incidents are known at all."""
    text = tx.value("SELECT substr(first_seen, 1, 10) FROM incidents ORDER BY num LIMIT 1")
    return date.fromisoformat(text) if text else None


def around(wanted: Filter, lat: float, lon: float, km: float) -> Filter:
    """The same within a circle: the square around it by index, then each by its distance."""
    high = km / KM_PER_DEGREE
    wide = min(180.0, high / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + high)))))
    apart = "min(abs(lon - :at_lon), 360 - abs(lon - :at_lon))"
    near = f"""lat BETWEEN :at_lat - :high AND :at_lat + :high AND {apart} <= :wide
      AND sin(radians(lat - :at_lat) / 2) * sin(radians(lat - :at_lat) / 2) + cos(radians(lat)) * cos(radians(:at_lat))
        * sin(radians({apart}) / 2) * sin(radians({apart}) / 2) <= :arc
      AND precision NOT IN ('province', 'country')"""
    params = {"at_lat": lat, "at_lon": lon, "high": high, "wide": wide, "arc": math.sin(km / EARTH_KM / 2) ** 2}
    return Filter(sure=f"{wanted.sure} AND {near}", maybe="0", params=wanted.params | params)


def _params(wanted: Filter, first: date, last: date) -> dict[str, object]:
    return wanted.params | {"from_day": first.isoformat(), "to_day": last.isoformat()}


def _cell(row: Row) -> Cell:
    killed, injured = (_bounds(row, field) for field in FIELDS)
    return Cell(
        day=date.fromisoformat(row["day"]),
        kind=row["kind"],
        tally=Tally(count=row["n"], killed=killed, injured=injured),
    )


def _bounds(row: Row, field: str) -> Bounds:
    """At least what the known ones say; at most only where each of those that say a number bounds it."""
    is_closed = row[f"{field}_known"] == row[f"{field}_closed"]
    return Bounds(
        low=int(row[field]),
        high=int(row[f"{field}_most"]) if is_closed else None,
        unknown=row["n"] - row[f"{field}_known"],
    )
