"""How reliable has each source been? Its result at each settled incident, and the sums over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.store.codec import dump
from bot.store.db import Tx
from extract.track import TrackRecord, Trial

TABLE = "trials"


def put(tx: Tx, incident: str, trials: Sequence[Trial]) -> None:
    """Write each source's result at an incident, in place of the incident's earlier results."""
    tx.execute(f"DELETE FROM {TABLE} WHERE incident = :incident", incident=incident)
    for trial in trials:
        row = {"first": int(trial.first), "counted": trial.counted, "stood": trial.stood}
        tx[TABLE].insert({"incident": incident, "source": trial.source.casefold(), **row})


def of(tx: Tx, names: Iterable[str]) -> dict[str, TrackRecord]:
    """The track records of the sources that have one, by their names in lower case."""
    rows = tx.rows(
        f"""SELECT source, COUNT(*) AS incidents, SUM(first) AS first, SUM(counted) AS counted, SUM(stood) AS stood
            FROM {TABLE} WHERE source IN (SELECT value FROM json_each(:names)) GROUP BY source""",
        names=dump([name.casefold() for name in names]),
    )
    return {row.pop("source"): TrackRecord(**row) for row in rows}
