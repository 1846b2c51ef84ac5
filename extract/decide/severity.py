"""How severe, urgent and certain is it, in CAP 1.2's values, by the written rule of ``data/severity.toml``?"""

from __future__ import annotations

from extract.decide.findings import Findings
from extract.kinds import Kind
from extract.lexicon import table
from extract.nlp.mentions import CountField, NamedMention, StatusCue
from extract.types import Certainty, Count, CountState, Severity, Stage, Status, Urgency


def severity_of(kind: Kind, counts: dict[str, Count], *, status: Status, stage: Stage) -> Severity:
    """The kind's base severity, raised by the dead and hurt, lowered when it was foiled or only threatened."""
    rule = table("severity")["severity"]
    killed, injured = _most(counts.get("killed")), _most(counts.get("injured"))
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
    """Immediate while it goes on; what nature still may bring is expected; the rest is past or unknown."""
    rule = table("severity")["urgency"]
    if status.value in rule["immediate_status"]:
        return Urgency.IMMEDIATE
    if kind.slug in rule["expected_kinds"] and status is not Status.ENDED:
        return Urgency.EXPECTED
    return Urgency.PAST if status in (Status.ENDED, Status.FOILED) else Urgency.UNKNOWN


def certainty_of(probability: float, *, official: bool, origins: int = 1) -> Certainty:
    """Observed needs an official word or two independent origins; else what the probability bears."""
    rule = table("severity")["certainty"]
    if probability >= rule["likely"] and (official or origins >= 2):
        return Certainty.OBSERVED
    if probability >= rule["observed"]:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if probability >= rule["possible"] else Certainty.UNLIKELY


def stage_and_status(found: Findings) -> tuple[Stage, Status, NamedMention | None]:
    """Accomplished, attempted or threatened; ongoing, ended or foiled; and the words that say so."""
    best: dict[str, tuple[float, NamedMention]] = {}
    for cue in found.status:
        weight = found.weight(cue.sentence)
        if found.is_foreground(cue.sentence) and weight > best.get(cue.type or "", (0.0, cue))[0]:
            best[cue.type or ""] = (weight, cue)
    harm = any(
        m.field in (CountField.KILLED, CountField.INJURED, CountField.SHOT) and found.is_foreground(m.sentence)
        for m in found.counts
    )
    opening = 1.7
    if not harm and best.get(StatusCue.FOILED, (0.0, None))[0] > opening:
        return Stage.ATTEMPTED, Status.FOILED, best[StatusCue.FOILED][1]
    if not harm and best.get(StatusCue.THREATENED, (0.0, None))[0] > opening:
        return Stage.THREATENED, Status.UNKNOWN, best[StatusCue.THREATENED][1]
    ongoing, ended = best.get(StatusCue.ONGOING), best.get(StatusCue.ENDED)
    if ongoing and (not ended or ongoing[0] >= ended[0]):
        return Stage.ACCOMPLISHED, Status.ONGOING, ongoing[1]
    if ended:
        return Stage.ACCOMPLISHED, Status.ENDED, ended[1]
    return Stage.ACCOMPLISHED, Status.UNKNOWN, None


def _most(count: Count | None) -> int:
    if count is None or count.state is not CountState.COUNTED:
        return 0
    return count.high if count.high is not None else count.low or 0
