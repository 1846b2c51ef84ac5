"""Is an article without a date an old one that we have had before? Then it belongs to that incident and is no news."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store import Tx, incidents
from extract import track
from extract.types import Considered, Decision, Member

REASON = "the same text as an article of it, and without a date"
# a title of fewer words can be that of two articles
LEAST_WORDS = 5


def with_known_text(tx: Tx, member: Member, decision: Decision) -> Decision:
    """The decision to merge an undated report into the incident of which it repeats an article; else as it was."""
    if member.article.published is not None or decision.action == "merge":
        return decision
    known = _repeated(tx, member, decision.considered)
    if known is None:
        return decision
    return Decision(action="merge", incident=known, reason=REASON, considered=decision.considered)


def _repeated(tx: Tx, member: Member, considered: Sequence[Considered]) -> str | None:
    for one in considered:
        if any(_is_repeated(member, other) for other in incidents.members(tx, one.incident)):
            return one.incident
    return None


def _is_repeated(member: Member, other: Member) -> bool:
    """Is it the same text, with the same toll? Outlets write of two events in the same words."""
    if member.report.killed != other.report.killed or member.report.injured != other.report.injured:
        return False
    if track.are_near_copies(member.sketch, other.sketch):
        return True
    title = member.article.title.casefold()
    return len(title.split()) >= LEAST_WORDS and title == other.article.title.casefold()
