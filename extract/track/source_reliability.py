"""How reliable was each source at a settled incident? Was it first, and were its first numbers confirmed?"""

from __future__ import annotations

from collections.abc import Sequence

from extract.track.count_reconciliation import overlap
from extract.track.origins import origin_groups, publication_interval
from extract.track.rules import rules
from extract.types import Count, CountState, Frozen, Member, Report

_FIELDS = ("killed", "injured")


class SourceAssessment(Frozen, frozen=True, kw_only=True):
    """How one source did at one settled incident.

    ``is_first``: it reported it before every other origin. Of its first numbers of killed and injured,
    ``numbers_checked`` could be checked against other origins, and ``numbers_confirmed`` of these agree with the
    settled number.
    """

    source: str
    is_first: bool = False
    numbers_checked: int = 0
    numbers_confirmed: int = 0


class SourceReliability(Frozen, frozen=True, kw_only=True):
    """How a source has done so far: the sums of its assessments.

    ``incidents`` counts the settled incidents of several origins that it reported, ``times_first`` those that it
    reported first.
    """

    incidents: int = 0
    times_first: int = 0
    numbers_checked: int = 0
    numbers_confirmed: int = 0

    @property
    def is_often_first(self) -> bool:
        """Is it first in a large share of its incidents, and are there enough of those to say so?"""
        rule = rules("source_reliability")
        return bool(self.incidents >= rule["least"] and self.times_first >= rule["often"] * self.incidents)

    @property
    def has_enough_numbers(self) -> bool:
        """Are there enough numbers to say how many of them were confirmed?"""
        return bool(self.numbers_checked >= rules("source_reliability")["least"])


def assess_sources(facts: Report, members: Sequence[Member]) -> tuple[SourceAssessment, ...]:
    """How each source did at an incident of these members whose ``facts`` are settled, in the order of their names.

    () where all members are of one origin: nothing confirms or refutes what that reports.
    """
    ordered = sorted(members, key=lambda m: (m.article.published is None, m.article.published, m.article.id))
    by_origin = list(zip(origin_groups(ordered), ordered, strict=True))
    if len({origin for origin, _ in by_origin}) < 2:
        return ()
    assessments = []
    for source in sorted({member.article.source for member in members} - {""}):
        own = [member for _, member in by_origin if member.article.source == source]
        origins = {origin for origin, member in by_origin if member.article.source == source}
        assessments.append(_assess(source, own, [one for origin, one in by_origin if origin not in origins], facts))
    return tuple(assessments)


def _assess(source: str, own: Sequence[Member], others: Sequence[Member], facts: Report) -> SourceAssessment:
    checked = [
        is_confirmed for field in _FIELDS if (is_confirmed := _is_confirmed(field, own, others, facts)) is not None
    ]
    return SourceAssessment(
        source=source,
        is_first=_is_first(own, others),
        numbers_checked=len(checked),
        numbers_confirmed=sum(checked),
    )


def _is_first(own: Sequence[Member], others: Sequence[Member]) -> bool:
    """Was one surely published before every other? A date without an hour is before other days only."""
    intervals, rest = ([publication_interval(member.article) for member in members] for members in (own, others))
    known = [interval[0] for interval in rest if interval is not None]
    if not rest or len(known) < len(rest):
        return False
    return any(interval is not None and interval[1] < min(known) for interval in intervals)


def _is_confirmed(field: str, own: Sequence[Member], others: Sequence[Member], facts: Report) -> bool | None:
    """Does the source's first number agree with the settled one?

    None where the source or the incident has no number, or no other origin confirms the settled one.
    """
    settled = _count(facts, field)
    first = next((count for member in own if (count := _count(member.report, field)) is not None), None)
    of_others = [count for member in others if (count := _count(member.report, field)) is not None]
    if settled is None or first is None or not any(overlap(count, settled) for count in of_others):
        return None
    return overlap(first, settled)


def _count(report: Report, field: str) -> Count | None:
    count = getattr(report, field)
    return count if isinstance(count, Count) and count.state is CountState.COUNTED else None
