"""How far did the event get, and is it still going on? By the words of the text."""

from __future__ import annotations

from extract.decide.findings import Findings, weights
from extract.nlp.mentions import CountField, NamedMention, StatusCue
from extract.types import Stage, Status


def stage_and_status(found: Findings) -> tuple[Stage, Status, NamedMention | None]:
    """Stage (accomplished, attempted, threatened), status (ongoing, ended, foiled), and the words that say so, if any.

    Foiled or threatened only by words of the opening, and if nobody was harmed.
    """
    best: dict[str, tuple[float, NamedMention]] = {}
    for cue in found.status:
        weight = found.weight(cue.sentence)
        if found.is_foreground(cue.sentence) and weight > best.get(cue.type or "", (0.0, cue))[0]:
            best[cue.type or ""] = (weight, cue)
    harm = any(
        m.field in (CountField.KILLED, CountField.INJURED, CountField.SHOT) and found.is_foreground(m.sentence)
        for m in found.counts
    )
    opening = weights("status")["opening"]
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
