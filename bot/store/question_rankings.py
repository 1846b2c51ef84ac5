"""Which incidents, places and times come first among those that match a question, and with how many people?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.store import incidents
from bot.store.codec import dump
from bot.store.db import Tx
from bot.store.question_queries import MAGNITUDE, ORDERS, Filter
from bot.types import Bounds, Tally
from extract.types import Incident

# so many incidents that equal the last one of a ranking are named with it
MOST_EQUAL = 5
_UNITS = {"day": 10, "month": 7, "year": 4}
# by what two incidents are equal in a ranking
_VALUES = {
    "killed": "killed",
    "injured": "injured",
    "kidnapped": "kidnapped",
    "casualties": "nullif(coalesce(killed, 0) + coalesce(injured, 0), 0)",
    "magnitude": MAGNITUDE,
}

_LABELS = {
    "country": "coalesce(country, '')",
    "province": "coalesce(country, '') || char(9) || coalesce(admin1, '')",
}
_CITY = "coalesce(country, '') || char(9) || coalesce(admin1, '') || char(9) || coalesce(place, '')"


def top(tx: Tx, wanted: Filter, rank: str, limit: int) -> list[int]:
    """The numbers of the first ``limit`` incidents by rank, best first, and of those that equal the last of them.

    Incidents of which the value is not known or zero are none of them.
    """
    value = _VALUES.get(rank)
    rows = tx.rows(
        f"""SELECT num, {value or "NULL"} AS value FROM incident_facts
            WHERE {wanted.certain}{f" AND {value} > 0" if value else ""} ORDER BY {ORDERS[rank]} LIMIT :limit""",
        limit=limit + (MOST_EQUAL if value else 0),
        **wanted.params,
    )
    return [row["num"] for n, row in enumerate(rows) if n < limit or row["value"] == rows[limit - 1]["value"]]


def first(tx: Tx, wanted: Filter, order: str, limit: int) -> list[Incident]:
    """The first ``limit`` matching incidents: newest, oldest, or those with most killed or injured."""
    rows = tx.rows(
        f"SELECT num FROM incident_facts WHERE {wanted.certain} ORDER BY {ORDERS[order]} LIMIT :limit",
        limit=limit,
        **wanted.params,
    )
    return incidents.by_number(tx, [row["num"] for row in rows])


def ids(tx: Tx, wanted: Filter) -> list[str]:
    """The ids of all matching incidents, newest first."""
    rows = tx.rows(f"SELECT id FROM incident_facts WHERE {wanted.certain} ORDER BY {ORDERS['newest']}", **wanted.params)
    return [row["id"] for row in rows]


def by_time(tx: Tx, wanted: Filter, unit: str) -> list[tuple[str, Tally]]:
    """The tally of each day, month, year or week with any matching incident; a week is labelled by its Monday."""
    return _grouped(tx, wanted, _time_label(unit), "label")


def in_times(tx: Tx, wanted: Filter, unit: str, labels: Sequence[str]) -> list[int]:
    """The numbers of the matching incidents in the times with these labels of ``by_time``."""
    return _in_labels(tx, wanted, _time_label(unit), labels)


def _time_label(unit: str) -> str:
    size = _UNITS.get(unit)
    return f"substr(day, 1, {size})" if size else "date(day, '-6 days', 'weekday 1')"


def by_place(tx: Tx, wanted: Filter, level: str, field: str) -> list[tuple[str, Tally]]:
    """The tally of each place, highest first; a label is a country's code, or code and names separated by tabs."""
    label = _LABELS.get(level, _CITY)
    return _grouped(tx, wanted, label, f"{'n' if field == 'count' else field} DESC, label", limit=12)


def in_places(tx: Tx, wanted: Filter, level: str, labels: Sequence[str]) -> list[int]:
    """The numbers of the matching incidents in the places with these labels of ``by_place``."""
    return _in_labels(tx, wanted, _LABELS.get(level, _CITY), labels)


def _in_labels(tx: Tx, wanted: Filter, label: str, labels: Sequence[str]) -> list[int]:
    sql = f"""SELECT num FROM incident_facts WHERE {wanted.certain}
              AND {label} IN (SELECT value FROM json_each(:labels))"""
    return [row["num"] for row in tx.rows(sql, labels=dump(list(labels)), **wanted.params)]


def _grouped(tx: Tx, wanted: Filter, label: str, order: str, limit: int = 400) -> list[tuple[str, Tally]]:
    rows = tx.rows(
        f"""SELECT {label} AS label, COUNT(*) AS n, total(killed) AS killed, total(injured) AS injured
            FROM incident_facts WHERE {wanted.certain} AND label IS NOT NULL
            GROUP BY 1 ORDER BY {order} LIMIT {limit}""",
        **wanted.params,
    )
    return [
        (
            row["label"],
            Tally(count=row["n"], killed=Bounds(low=int(row["killed"])), injured=Bounds(low=int(row["injured"]))),
        )
        for row in rows
    ]
