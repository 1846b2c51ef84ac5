"""How did each source do at an incident that is settled: was it first, and did its first numbers stand?"""

from __future__ import annotations

from collections.abc import Sequence

from extract.track.count_reconciliation import overlap
from extract.track.origins import out_at, voices
from extract.track.rules import rules
from extract.types import Count, CountState, Frozen, Member, Report

_FIELDS = ("killed", "injured")


class Trial(Frozen, frozen=True, kw_only=True):
    """How one source did at one settled incident.

    ``first``: it told of it before every other origin. Of its first numbers of killed and injured, ``counted`` can be
    judged by what other origins tell, and ``stood`` of these agree with what is settled.
    """

    source: str
    first: bool = False
    counted: int = 0
    stood: int = 0


class TrackRecord(Frozen, frozen=True, kw_only=True):
    """How a source has done so far: at how many settled incidents of several origins, and its trials there, summed."""

    incidents: int = 0
    first: int = 0
    counted: int = 0
    stood: int = 0

    @property
    def is_often_first(self) -> bool:
        """Is it first in so many incidents that a reader should know?"""
        rule = rules("trials")
        return bool(self.incidents >= rule["least"] and self.first >= rule["often"] * self.incidents)

    @property
    def is_judged(self) -> bool:
        """Are there enough numbers to say how many of them stood?"""
        return bool(self.counted >= rules("trials")["least"])


def trials_of(facts: Report, members: Sequence[Member]) -> tuple[Trial, ...]:
    """How each source did at an incident of these members whose ``facts`` are settled.

    () where one voice alone tells of it: nothing confirms or refutes what that says.
    """
    ordered = sorted(members, key=lambda m: (m.article.published is None, m.article.published, m.article.id))
    voiced = list(zip(voices(ordered), ordered, strict=True))
    if len({voice for voice, _ in voiced}) < 2:
        return ()
    trials = []
    for source in sorted({member.article.source for member in members} - {""}):
        own = [member for _, member in voiced if member.article.source == source]
        heard = {voice for voice, member in voiced if member.article.source == source}
        trials.append(_trial(source, own, [member for voice, member in voiced if voice not in heard], facts))
    return tuple(trials)


def _trial(source: str, own: Sequence[Member], others: Sequence[Member], facts: Report) -> Trial:
    judged = [stood for field in _FIELDS if (stood := _stood(field, own, others, facts)) is not None]
    return Trial(source=source, first=_is_first(own, others), counted=len(judged), stood=sum(judged))


def _is_first(own: Sequence[Member], others: Sequence[Member]) -> bool:
    """Surely out before every other? A day of publication without an hour is before other days only."""
    outs, rest = ([out_at(member.article) for member in these] for these in (own, others))
    known = [out[0] for out in rest if out is not None]
    if not rest or len(known) < len(rest):
        return False
    return any(out is not None and out[1] < min(known) for out in outs)


def _stood(field: str, own: Sequence[Member], others: Sequence[Member], facts: Report) -> bool | None:
    """Does the source's first number agree with the settled one? None where it gives none or no other confirms any."""
    settled = _count(facts, field)
    first = next((count for member in own if (count := _count(member.report, field)) is not None), None)
    told = [count for member in others if (count := _count(member.report, field)) is not None]
    if settled is None or first is None or not any(overlap(count, settled) for count in told):
        return None
    return overlap(first, settled)


def _count(report: Report, field: str) -> Count | None:
    count = getattr(report, field)
    return count if isinstance(count, Count) and count.state is CountState.COUNTED else None
