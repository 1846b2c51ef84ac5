"""What was said of each incident at first, and what its settled record says? For the calibration of our certainty."""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import stamp
from bot.store.db import Tx
from bot.types import Settled
from extract.types import Certainty, Lifecycle


def since(tx: Tx, start: datetime, limit: int) -> list[Settled]:
    """The incidents that were closed or retracted, and last reported since a time; newest first, at most ``limit``."""
    rows = tx.rows(
        """SELECT json_extract(v.record, '$.facts.probability') AS probability,
             json_extract(v.record, '$.facts.certainty') AS certainty, i.lifecycle AS lifecycle,
             json_extract(i.record, '$.facts.certainty') AS now, json_extract(i.record, '$.origins') AS origins
           FROM incidents i JOIN incident_versions v ON v.incident = i.id AND v.version = 1
           WHERE i.lifecycle IN ('closed', 'retracted') AND i.merged_into = '' AND i.last_seen >= :start
             AND json_valid(i.record) AND json_valid(v.record)
           ORDER BY i.last_seen DESC LIMIT :limit""",
        start=stamp(start),
        limit=limit,
    )
    return [
        Settled(
            probability=row["probability"] or 0.0,
            certainty=Certainty(row["certainty"] or Certainty.UNKNOWN),
            is_taken_back=row["lifecycle"] == Lifecycle.RETRACTED or row["now"] == Certainty.UNLIKELY,
            origins=row["origins"] or 1,
        )
        for row in rows
    ]
