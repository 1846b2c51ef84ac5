"""How severe, urgent and certain is an incident, in CAP 1.2's values? By the rules of ``data/severity.toml``."""

from __future__ import annotations

from extract.kinds import Kind
from extract.lexicon import table
from extract.types import Certainty, Count, CountState, Severity, Stage, Status, Urgency


def severity_of(kind: Kind, counts: dict[str, Count], *, status: Status, stage: Stage) -> Severity:
    """The kind's base severity, raised by the killed and injured, lowered if it was foiled or only threatened.

    ``counts`` maps "killed" and "injured" to their numbers.
    """
    rule = table("severity")["severity"]
    killed, injured = _highest(counts.get("killed")), _highest(counts.get("injured"))
    if killed >= rule["extreme_killed"] or injured >= rule["extreme_injured"] or kind.severity is Severity.EXTREME:
        return Severity.EXTREME
    if killed >= rule["severe_killed"] or injured >= rule["severe_injured"]:
        return Severity.SEVERE
    if stage is Stage.THREATENED:
        return Severity(rule["threatened"])
    if status is Status.FOILED or stage is Stage.ATTEMPTED:
        return Severity(rule["foiled"])
    if kind.slug in rule["lowered_without_harm"] and status is not Status.ONGOING:
        return Severity.MODERATE
    if injured >= rule["moderate_injured"] and kind.severity.rank < Severity.MODERATE.rank:
        return Severity.MODERATE
    return kind.severity


def urgency_of(kind: Kind, status: Status) -> Urgency:
    """Immediate while it is going on; expected for the kinds after which more can come; else past or unknown."""
    rule = table("severity")["urgency"]
    if status.value in rule["immediate_status"]:
        return Urgency.IMMEDIATE
    if kind.slug in rule["expected_kinds"] and status is not Status.ENDED:
        return Urgency.EXPECTED
    return Urgency.PAST if status in (Status.ENDED, Status.FOILED) else Urgency.UNKNOWN


def certainty_of(probability: float, *, official: bool, origins: int = 1) -> Certainty:
    """By the probability, 0 to 1; observed only with an official statement or two independent origins."""
    rule = table("severity")["certainty"]
    if probability >= rule["likely"] and (official or origins >= 2):
        return Certainty.OBSERVED
    if probability >= rule["observed"]:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if probability >= rule["possible"] else Certainty.UNLIKELY


def _highest(count: Count | None) -> int:
    if count is None or count.state is not CountState.COUNTED:
        return 0
    return count.high if count.high is not None else count.low or 0
