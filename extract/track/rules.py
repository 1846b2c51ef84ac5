"""Which thresholds and weights do matching, fusing and changes use? Those of ``data/track.toml``."""

from __future__ import annotations

from functools import cache
from typing import Any

from extract.kinds import Kinds, load_kinds
from extract.lexicon import shared_table


@cache
def rules(section: str) -> dict[str, Any]:
    """A section of ``data/track.toml``."""
    return dict(shared_table("track")[section])


@cache
def alert_probability() -> float:
    """The probability from which a report can start an incident, and with it an alert (``data/weights.toml``)."""
    return float(shared_table("weights")["relevance"]["event"])


@cache
def all_kinds() -> Kinds:
    """The table of kinds, loaded once."""
    return load_kinds()
