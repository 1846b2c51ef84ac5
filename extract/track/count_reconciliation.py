"""Which number stands, of all that members give, and which numbers can't all be true?

The newest number stands; "at least" is a lower bound that an exact number within it makes precise; a lone later
report that counts fewer doesn't lower what two origins agree on, and a lone number gives way to one that more origins
agree on later. Nothing is ever averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.types import Conflict, ConflictValue, Count, CountState, Member

COUNTS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
# a lone lower number below this share of the standing one is taken for a part of it, not for a correction
_LEAST_SHARE = 0.6
_STATES = (CountState.NONE, CountState.NOT_YET_KNOWN)


def settle(members: Sequence[Member]) -> tuple[dict[str, Count], dict[str, Member | None]]:
    """Field -> the number that stands, and the member it comes from. ``members`` are in order of publication."""
    counts: dict[str, Count] = {}
    sources: dict[str, Member | None] = {}
    for field in COUNTS:
        counts[field], sources[field] = _settle_one(members, field)
    return counts, sources


def _settle_one(members: Sequence[Member], field: str) -> tuple[Count, Member | None]:
    counted = [m for m in members if _of(m, field).state is CountState.COUNTED]
    if not counted:
        said = [m for m in members if _of(m, field).state in _STATES]
        return (_of(said[-1], field), said[-1]) if said else (Count(), None)
    best = counted[0]
    for member in counted[1:]:
        if _corrects(member, field) or _replaces(_of(best, field), _of(member, field), _support(counted, best, field)):
            best = member
    best = _overruled(counted, best, field) or best
    return _of(best, field), best


def _overruled(counted: Sequence[Member], best: Member, field: str) -> Member | None:
    """The report, after the one whose number stands, of another number that more origins, two at least, agree on."""
    standing, since = _support(counted, best, field), counted.index(best)
    rivals = [m for m in counted[since + 1 :] if _of(m, field).low != _of(best, field).low]
    backed = [(_support(counted, m, field), _of(m, field).low or 0, m) for m in rivals]
    most = max(backed, key=lambda one: one[:2], default=None)
    return most[2] if most and most[0] >= 2 and most[0] > standing else None


def _replaces(old: Count, new: Count, support: int) -> bool:
    """Does a later number take the place of the one that stood so far?"""
    old_low, new_low = old.low or 0, new.low or 0
    if new_low == old_low:
        return old.high is None or (new.high is not None and new.high < old.high)
    if new_low > old_low:
        return True
    covered = new.high is None  # "at least 2" is no word against 4
    return not covered and support < 2 and new_low >= _LEAST_SHARE * old_low


def _support(counted: Sequence[Member], best: Member, field: str) -> int:
    """How many origins give the number that ``best`` gives."""
    same = {m.article.origin or m.article.id for m in counted if _of(m, field).low == _of(best, field).low}
    return len(same)


def conflicts(members: Sequence[Member]) -> tuple[Conflict, ...]:
    """Numbers of one field that no true number fits all of, and that neither time nor a correction explains.

    Only the numbers that clash with another are listed: "at least 6" is no word against 8. A toll that rises with time
    is no conflict; numbers of attackers are, whenever they don't overlap.
    """
    if len(members) < 2:
        return ()
    return tuple(found for field in COUNTS if (found := _conflict(members, field)) is not None)


def _conflict(members: Sequence[Member], field: str) -> Conflict | None:
    given = [(m, _of(m, field)) for m in _standing(members, field) if _of(m, field).state is CountState.COUNTED]
    clashing: set[tuple[int | None, int | None]] = set()
    for i, (a, one) in enumerate(given):
        for b, two in given[i + 1 :]:
            if not overlap(one, two) and (field == "attackers" or _unexplained(a, one, b, two)):
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


def _standing(members: Sequence[Member], field: str) -> Sequence[Member]:
    """The members whose number nobody has taken back: the last explicit correction and what came after it."""
    last = max((i for i, member in enumerate(members) if _corrects(member, field)), default=0)
    return members[last:]


def _corrects(member: Member, field: str) -> bool:
    return any(c.corrects for c in member.report.claims if c.field == field)


def _unexplained(a: Member, one: Count, b: Member, two: Count) -> bool:
    """Did the later of two reports count fewer? Where their order isn't known, nothing explains it."""
    if a.article.published is None or b.article.published is None:
        return True
    return (two.low or 0) < (one.low or 0)


def overlap(one: Count, two: Count) -> bool:
    """Can one true number be both counts?"""
    top = 10**9
    low = max(one.low or 0, two.low or 0)
    return low <= min(top if one.high is None else one.high, top if two.high is None else two.high)


def _of(member: Member, field: str) -> Count:
    value = getattr(member.report, field)
    assert isinstance(value, Count)
    return value
