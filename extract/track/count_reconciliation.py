"""Which number is taken, of all that the members give, and which numbers can't all be true?

The newest number is taken. "At least" is a lower bound that an exact number within it makes precise. A single later
report that counts fewer doesn't lower what two origins agree on, and a single number is replaced by one that more
origins agree on later. Nothing is ever averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.track.rules import rules
from extract.types import Conflict, ConflictValue, Count, CountState, Member

COUNTS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
# numbers that don't rise with time
_NO_TOLL = ("attackers",)
_NOT_COUNTED = (CountState.NONE, CountState.NOT_YET_KNOWN)
# more people than there are: the upper bound of "at least"
_NO_UPPER_BOUND = 10**9


def reconcile(members: Sequence[Member]) -> tuple[dict[str, Count], dict[str, Member | None]]:
    """Field -> the number taken, and the member it comes from. ``members`` are in order of publication."""
    counts: dict[str, Count] = {}
    sources: dict[str, Member | None] = {}
    for field in COUNTS:
        counts[field], sources[field] = _reconcile_field(members, field)
    return counts, sources


def _reconcile_field(members: Sequence[Member], field: str) -> tuple[Count, Member | None]:
    counted = [m for m in members if _count(m, field).state is CountState.COUNTED]
    if not counted:
        said = [m for m in members if _count(m, field).state in _NOT_COUNTED]
        return (_count(said[-1], field), said[-1]) if said else (Count(), None)
    best = counted[0]
    for member in counted[1:]:
        support = _support(counted, best, field)
        if _corrects(member, field) or _replaces(_count(best, field), _count(member, field), support):
            best = member
    best = _better_supported(counted, best, field) or best
    count = _count(best, field)
    return (Count(state=CountState.NONE) if count.high == 0 else count), best


def _better_supported(counted: Sequence[Member], best: Member, field: str) -> Member | None:
    """The report, later than ``best``, of another number that more origins agree on, ``agreeing_origins`` at least."""
    support, since = _support(counted, best, field), counted.index(best)
    rivals = [m for m in counted[since + 1 :] if _count(m, field).low != _count(best, field).low]
    supported = [(_support(counted, m, field), _count(m, field).low or 0, m) for m in rivals]
    most = max(supported, key=lambda one: one[:2], default=None)
    return most[2] if most and most[0] >= rules("counts")["agreeing_origins"] and most[0] > support else None


def _replaces(old: Count, new: Count, support: int) -> bool:
    """Does a later number replace the one taken so far, which ``support`` origins give?"""
    rule, old_low, new_low = rules("counts"), old.low or 0, new.low or 0
    if new_low == old_low:
        return old.high is None or (new.high is not None and new.high < old.high)
    if new_low > old_low:
        return True
    is_compatible = new.high is None  # "at least 2" doesn't contradict 4
    is_correction = bool(new_low >= rule["least_share"] * old_low)
    return not is_compatible and support < rule["agreeing_origins"] and is_correction


def _support(counted: Sequence[Member], best: Member, field: str) -> int:
    """How many origins give the number that ``best`` gives."""
    same = {m.article.origin or m.article.id for m in counted if _count(m, field).low == _count(best, field).low}
    return len(same)


def conflicts(members: Sequence[Member]) -> tuple[Conflict, ...]:
    """The fields whose numbers can't all be true, where neither time nor a correction explains the difference.

    Only the numbers that contradict another are listed: "at least 6" doesn't contradict 8. A toll that rises with time
    is no conflict; numbers of attackers are, whenever they don't overlap.
    """
    if len(members) < 2:
        return ()
    return tuple(found for field in COUNTS if (found := _conflict(members, field)) is not None)


def _conflict(members: Sequence[Member], field: str) -> Conflict | None:
    given = [(m, _count(m, field)) for m in _since_correction(members, field)]
    given = [(m, count) for m, count in given if count.state is CountState.COUNTED]
    clashing: set[tuple[int | None, int | None]] = set()
    for i, (a, one) in enumerate(given):
        for b, two in given[i + 1 :]:
            if not overlap(one, two) and (field in _NO_TOLL or _is_unexplained(a, one, b, two)):
                clashing |= {(one.low, one.high), (two.low, two.high)}
    if not clashing:
        return None
    values: dict[tuple[int | None, int | None], list[str]] = {}
    for member, count in given:
        if (count.low, count.high) in clashing:
            values.setdefault((count.low, count.high), []).append(member.article.id)
    return Conflict(
        field=field,
        values=tuple(ConflictValue(low=low, high=high, articles=tuple(ids)) for (low, high), ids in values.items()),
    )


def _since_correction(members: Sequence[Member], field: str) -> Sequence[Member]:
    """The members from the last explicit correction on; all where there is none."""
    last = max((i for i, member in enumerate(members) if _corrects(member, field)), default=0)
    return members[last:]


def _corrects(member: Member, field: str) -> bool:
    return any(c.corrects for c in member.report.claims if c.field == field)


def _is_unexplained(a: Member, one: Count, b: Member, two: Count) -> bool:
    """Did the later of two reports count fewer? Where their order isn't known, nothing explains a difference."""
    if a.article.published is None or b.article.published is None:
        return True
    return (two.low or 0) < (one.low or 0)


def overlap(one: Count, two: Count) -> bool:
    """Can one true number be both counts?"""
    low = max(one.low or 0, two.low or 0)
    high = min(_NO_UPPER_BOUND if count.high is None else count.high for count in (one, two))
    return low <= high


def _count(member: Member, field: str) -> Count:
    value = getattr(member.report, field)
    assert isinstance(value, Count)
    return value
