"""How many incidents on each day and of each kind? SQL sums over the table ``incident_facts``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from bot.store.codec import dump
from bot.store.db import Row, Tx
from bot.store.question_queries import Filter, bounds, sums
from bot.types import Cell, Tally
from extract.geo import EARTH_KM, half_extent

FIELDS = ("killed", "injured")
# ``day``: the day of the act, or that on which it was first told where it isn't known
_ON = "day >= :from_day AND day <= :to_day"


def counts(tx: Tx, wanted: Filter, first: date, last: date) -> dict[date, int]:
    """The number of matching incidents on each day from ``first`` to ``last`` that had any."""
    rows = tx.rows(
        f"SELECT day, COUNT(*) AS n FROM incident_facts WHERE {wanted.certain} AND {_ON} GROUP BY day",
        **_params(wanted, first, last),
    )
    return {date.fromisoformat(row["day"]): row["n"] for row in rows}


def cells(tx: Tx, wanted: Filter, first: date, last: date) -> list[Cell]:
    """The matching incidents of each kind on each day, with the people killed and injured."""
    rows = tx.rows(
        f"""SELECT day, kind, COUNT(*) AS n, {sums(FIELDS)} FROM incident_facts WHERE {wanted.certain} AND {_ON}
            GROUP BY day, kind""",
        **_params(wanted, first, last),
    )
    return [_cell(row) for row in rows]


def known_since(tx: Tx, wanted: Filter | None = None, sources: Sequence[str] | None = None) -> date | None:
    """The day on which reading began; None where nothing has been read.

    That is the day on which the first article or incident was received, not one on which it was published or happened.
    ``sources``: only articles from these addresses (None: from all). ``wanted``: only incidents that match.
    """
    from_sources = "" if sources is None else "WHERE source_url IN (SELECT value FROM json_each(:sources))"
    article = tx.value(
        f"SELECT substr(first_seen, 1, 10) FROM articles {from_sources} ORDER BY num LIMIT 1",
        **({} if sources is None else {"sources": dump(list(sources))}),
    )
    matching = f"SELECT num FROM incident_facts WHERE {wanted.certain}" if wanted else "SELECT num FROM incidents"
    incident = tx.value(
        f"SELECT substr(first_seen, 1, 10) FROM incidents WHERE num = (SELECT min(num) FROM ({matching}))",
        **(wanted.params if wanted else {}),
    )
    return min((date.fromisoformat(day) for day in (article, incident) if day), default=None)


def within(wanted: Filter, lat: float, lon: float, km: float) -> Filter:
    """A filter with the additional condition that the place lies in a circle.

    A square around the circle first, which an index can be used for, then the haversine distance of each.
    """
    high, wide = half_extent(lat, km)
    lon_gap = "min(abs(lon - :at_lon), 360 - abs(lon - :at_lon))"
    near = f"""lat BETWEEN :at_lat - :high AND :at_lat + :high AND {lon_gap} <= :wide
      AND sin(radians(lat - :at_lat) / 2) * sin(radians(lat - :at_lat) / 2) + cos(radians(lat)) * cos(radians(:at_lat))
        * sin(radians({lon_gap}) / 2) * sin(radians({lon_gap}) / 2) <= :arc
      AND precision NOT IN ('province', 'country')"""
    params = {"at_lat": lat, "at_lon": lon, "high": high, "wide": wide, "arc": math.sin(km / EARTH_KM / 2) ** 2}
    return Filter(certain=f"{wanted.certain} AND {near}", possible="0", params=wanted.params | params)


def _params(wanted: Filter, first: date, last: date) -> dict[str, object]:
    return wanted.params | {"from_day": first.isoformat(), "to_day": last.isoformat()}


def _cell(row: Row) -> Cell:
    killed, injured = (bounds(row, field) for field in FIELDS)
    return Cell(
        day=date.fromisoformat(row["day"]),
        kind=row["kind"],
        tally=Tally(count=row["n"], killed=killed, injured=injured),
    )
