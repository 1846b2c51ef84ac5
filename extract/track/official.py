"""What do the statements of authorities say about whether a report and a known incident are one event?

Their ids of the event decide, then the moments and points that instruments give, then the magnitudes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from extract.places import distance_km
from extract.track.feature_names import Feature
from extract.track.rules import all_kinds, rules
from extract.types import Member, Official, Report


class OfficialRelation(StrEnum):
    """Whether two accounts are one event, by what authorities state."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def relation_of_officials(report: Report, facts: Report) -> OfficialRelation:
    """The relation of a report to an incident's facts."""
    one, two = report.official, facts.official
    if one is not None and two is not None:
        if not set(one.ids).isdisjoint(two.ids):
            return OfficialRelation.SAME
        if not _authorities(one).isdisjoint(_authorities(two)):
            return OfficialRelation.OTHER
        if one.at is not None and two.at is not None:
            is_one = abs(one.at - two.at) <= timedelta(seconds=rules("official")["seconds"])
            return OfficialRelation.SAME if is_one and _are_near(report, facts) else OfficialRelation.OTHER
    if (one is not None or two is not None) and _magnitudes_apart(report, facts) > rules("official")["other_magnitude"]:
        return OfficialRelation.OTHER
    return OfficialRelation.UNKNOWN


def official_features(report: Report, facts: Report, *, is_placed: bool, shares_name: bool) -> dict[str, float]:
    """What speaks for and against one event where at least one account is an authority's; {} for two texts.

    ``is_placed``: the places are known well enough to be compared, and not only that one may contain the other: of two
    storms of one country and day neither is the other for that. ``shares_name``: both contain a rare name.
    """
    if report.official is None and facts.official is None:
        return {}
    found: dict[str, float] = {}
    if report.kind == facts.kind and (is_placed or shares_name):
        found[Feature.OFFICIAL] = 1.0
    if not is_placed and not shares_name:
        found[Feature.OFFICIAL_AREA] = 1.0
    if report.official is None and report.magnitude is None and facts.magnitude is not None:
        found[Feature.STRENGTH] = max(0.0, facts.magnitude - rules("official")["weak_magnitude"])
    if report.magnitude is not None and facts.magnitude is not None:
        is_same = _magnitudes_apart(report, facts) <= rules("official")["same_magnitude"]
        found[Feature.SAME_MAGNITUDE if is_same else Feature.OTHER_MAGNITUDE] = 1.0
    return found


def is_felt_far_away(report: Report, facts: Report) -> bool:
    """Is one place that of an authority, and the event of a kind that harms towns far around, as a quake does?"""
    kinds = all_kinds()
    is_official = report.official is not None or facts.official is not None
    return is_official and min(kinds[report.kind].km, kinds[facts.kind].km) >= rules("official")["wide_km"]


def fuse_officials(reports: Sequence[Report]) -> Official | None:
    """All ids, the first moment and the first point with a depth, the gravest severity; None where none states it."""
    stated = [report.official for report in reports if report.official is not None]
    if not stated:
        return None
    gravest = max(stated, key=lambda one: one.severity.rank)
    ids = tuple(dict.fromkeys(name for one in stated for name in one.ids))[: rules("official")["ids"]]
    at = next((one.at for one in stated if one.at is not None), None)
    located = next((one for one in stated if one.point is not None and one.depth is not None), Official())
    return Official(
        ids=ids,
        at=at,
        severity=gravest.severity,
        level=gravest.level,
        point=located.point,
        depth=located.depth,
    )


def fuse_magnitudes(members: Sequence[Member]) -> tuple[float | None, Member | None]:
    """The magnitude that most reports give, of equals the latest (agencies revise theirs), and its member.

    Where agencies state one, texts don't count, since they print earlier ones; of equals it is then the greatest, so
    that it doesn't go up and down with which agency revised its own last.
    """
    measured = [m for m in members if m.report.magnitude is not None]
    if not measured:
        return None, None
    stated = [m for m in measured if m.report.official is not None]
    if stated:
        measured = sorted(stated, key=lambda m: m.report.magnitude or 0.0)
    votes = Counter(m.report.magnitude for m in measured)
    best = max(enumerate(measured), key=lambda one: (votes[one[1].report.magnitude], one[0]))[1]
    return best.report.magnitude, best


def _authorities(official: Official) -> set[str]:
    return {name.partition(":")[0] for name in official.ids} - set(rules("official")["shared"])


def _magnitudes_apart(one: Report, two: Report) -> float:
    """The difference of the magnitudes; 0 where one isn't known."""
    if one.magnitude is None or two.magnitude is None:
        return 0.0
    return round(abs(one.magnitude - two.magnitude), 2)


def _are_near(one: Report, two: Report) -> bool:
    if one.place is None or two.place is None:
        return True
    km = distance_km(one.place, two.place)
    return km is None or km <= rules("official")["km"]
