"""How severe, urgent and certain is an incident, in the values of CAP 1.2, by the rules of ``data/severity.toml``?"""

from __future__ import annotations

from extract.kinds import Kind
from extract.lexicon import shared_table
from extract.types import Certainty, Count, CountState, Severity, Stage, Status, Urgency


def severity_of(kind: Kind, counts: dict[str, Count], *, status: Status, stage: Stage) -> Severity:
    """The kind's base severity, raised by the killed and injured, lowered if the act was foiled or only threatened."""
    rule = shared_table("severity")["severity"]
    killed, injured = _upper_bound(counts.get("killed")), _upper_bound(counts.get("injured"))
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
    """Immediate while it is ongoing; expected for kinds that may continue, such as a storm; else past or unknown."""
    rule = shared_table("severity")["urgency"]
    if status.value in rule["immediate_status"]:
        return Urgency.IMMEDIATE
    if kind.slug in rule["expected_kinds"] and status is not Status.ENDED:
        return Urgency.EXPECTED
    return Urgency.PAST if status in (Status.ENDED, Status.FOILED) else Urgency.UNKNOWN


def certainty_of(probability: float, *, official: bool, origins: int = 1) -> Certainty:
    """Observed if an official source or at least two independent origins confirm it, else by the probability alone."""
    rule = shared_table("severity")["certainty"]
    if probability >= rule["observed_if_confirmed"] and (official or origins >= 2):
        return Certainty.OBSERVED
    if probability >= rule["likely"]:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if probability >= rule["possible"] else Certainty.UNLIKELY


def _upper_bound(count: Count | None) -> int:
    """The largest number that a count allows, its lower bound where it has no upper one; 0 where nobody is counted."""
    if count is None or count.state is not CountState.COUNTED:
        return 0
    return count.high if count.high is not None else count.low or 0
