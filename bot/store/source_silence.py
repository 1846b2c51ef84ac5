"""Which sources answer, and have shown nothing new for far longer than they usually take? Since when?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from bot.store.codec import moment
from bot.store.db import Tx
from bot.types import SourceState

# the last arrivals that tell how long a source usually takes, and how many are needed to say so
ARRIVALS = 20
LEAST_ARRIVALS = 5
# a source is silent after this many times the longest of its last gaps, but not before a day
TIMES = 3
LEAST = timedelta(days=1)


def silent_since(tx: Tx, states: Iterable[SourceState]) -> dict[str, datetime]:
    """The addresses of silent sources, with the time of their last new article.

    What counts is the time up to the last read that succeeded: while nobody reads, no source is silent. One that
    fails, or of which fewer than ``LEAST_ARRIVALS`` arrivals are known since its first read, is none either.
    """
    found: dict[str, datetime] = {}
    for state in states:
        if state.failures or state.last_ok is None:
            continue
        arrivals = _arrivals(tx, state.source.url)
        if len(arrivals) < LEAST_ARRIVALS:
            continue
        longest = max(later - earlier for later, earlier in pairwise(arrivals))
        if state.last_ok - arrivals[0] > max(LEAST, TIMES * longest):
            found[state.source.url] = arrivals[0]
    return found


def _arrivals(tx: Tx, url: str) -> list[datetime]:
    """When the source last had something new, newest first; what its first read showed is left out."""
    rows = tx.rows(
        """SELECT DISTINCT first_seen FROM articles WHERE source_url = :url AND baseline = 0
           ORDER BY first_seen DESC LIMIT :most""",
        url=url,
        most=ARRIVALS,
    )
    return [moment(row["first_seen"]) for row in rows]
