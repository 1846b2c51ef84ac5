"""How reliable is each source so far? Its assessment at each settled incident, and the sums of those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.store.codec import dump
from bot.store.db import Tx
from extract.track import SourceAssessment, SourceReliability

TABLE = "trials"


def put(tx: Tx, incident: str, assessments: Sequence[SourceAssessment]) -> None:
    """Stores how each source did at an incident, instead of what was stored for that incident before."""
    tx.execute(f"DELETE FROM {TABLE} WHERE incident = :incident", incident=incident)
    for one in assessments:
        row = {"first": int(one.is_first), "counted": one.numbers_checked, "stood": one.numbers_confirmed}
        tx[TABLE].insert({"incident": incident, "source": one.source.casefold(), **row})


def of(tx: Tx, names: Iterable[str]) -> dict[str, SourceReliability]:
    """The reliability of the sources that have been assessed, by their names in lower case."""
    rows = tx.rows(
        f"""SELECT source, COUNT(*) AS incidents, SUM(first) AS times_first,
                   SUM(counted) AS numbers_checked, SUM(stood) AS numbers_confirmed
            FROM {TABLE} WHERE source IN (SELECT value FROM json_each(:names)) GROUP BY source""",
        names=dump([name.casefold() for name in names]),
    )
    return {row.pop("source"): SourceReliability(**row) for row in rows}
