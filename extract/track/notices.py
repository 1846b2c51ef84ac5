"""What do retractions, corrections and denials among the members of an incident leave of the others?

An outlet takes back or corrects its own words and those of its copies. What an official corrects, nobody still says.
A denial tells nothing of the act.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from extract.severity import is_denial
from extract.track.origins import origin_groups
from extract.types import Claim, Count, CountState, Manner, Member, Notice, Report

# fields of a report that a correction can give, besides counts
PLACE, KIND = "place", "kind"
_NONE_COUNTED = Count(low=0, high=0, state=CountState.COUNTED)


def notices_of(members: Sequence[Member]) -> tuple[Notice, ...]:
    """The notices of the members, in their order, each quote with its article."""
    return tuple(
        replace(m.report.notice, quote=replace(m.report.notice.quote, article=m.article.id))
        for m in members
        if m.report.notice is not None
    )


def standing(members: Sequence[Member]) -> list[Member]:
    """The members, in order of publication, without what was taken back and without the values that were corrected.

    A retraction and what it takes back are left out; one that says that the act didn't happen stays as a denial where
    others report it. A denial gives no value. [] if nothing tells of the act any more.
    """
    if not any(m.report.notice is not None for m in members):
        return list(members)
    groups = origin_groups(members)
    kept = list(members)
    gone: set[int] = set()
    for n, member in enumerate(members):
        notice = member.report.notice
        if notice is None:
            continue
        earlier = [i for i in range(n) if (notice.by and notice.manner is Manner.CORRECTION) or groups[i] == groups[n]]
        if notice.manner is Manner.RETRACTION:
            gone |= set(earlier) | (set() if notice.denies else {n})
        elif notice.manner is Manner.CORRECTION:
            for i in earlier:
                kept[i] = replace(kept[i], report=_without(kept[i].report, notice.corrects, member.report))
            kept[n] = replace(kept[n], report=_as_correction(kept[n].report, notice))
    left = [m for n, m in enumerate(kept) if n not in gone]
    telling = [m for m in left if not _is_notice_of_denial(m)]
    if not telling:
        return [] if any(m.report.notice and m.report.notice.manner is Manner.RETRACTION for m in members) else left
    return [_as_denial(m, telling[0].report) if _is_notice_of_denial(m) else m for m in left]


def told_before(members: Sequence[Member]) -> list[Member]:
    """The members that told of the act before it was taken back; all if there are none."""
    return [m for m in members if m.report.notice is None or not is_denial(m.report)] or list(members)


def _is_notice_of_denial(member: Member) -> bool:
    return member.report.notice is not None and member.report.notice.denies


def _without(report: Report, fields: Sequence[str], correction: Report) -> Report:
    """A report without the values that its outlet has corrected; its kind becomes that of the correction."""
    empty: dict[str, object] = {field: Count() for field in fields if isinstance(getattr(report, field), Count)}
    empty |= {PLACE: None} if PLACE in fields else {}
    empty |= {KIND: correction.kind} if KIND in fields else {}
    return replace(report, **empty, claims=tuple(c for c in report.claims if c.field not in fields))


def _as_correction(report: Report, notice: Notice) -> Report:
    """A correcting report, its "nobody" as the number 0, so that it can contradict what others count.

    What an outlet says of itself corrects no other outlet.
    """
    counts = {
        field: _NONE_COUNTED
        for field in notice.corrects
        if isinstance(value := getattr(report, field), Count) and value.state is CountState.NONE
    }
    return replace(report, **counts, claims=tuple(_of_outlet(c) for c in report.claims))


def _of_outlet(claim: Claim) -> Claim:
    return replace(claim, corrects=False)


def _as_denial(member: Member, told: Report) -> Member:
    """A denial as a member: it names the act that it denies, and nothing else."""
    report = member.report
    bare = Report(
        news=report.news,
        kind=told.kind,
        codes=told.codes,
        certainty=report.certainty,
        probability=report.probability,
        stage=told.stage,
        notice=report.notice,
    )
    return replace(member, report=bare)
