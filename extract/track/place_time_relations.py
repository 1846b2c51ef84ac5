"""How do the places and the times of a report and a known incident relate, and what of it forbids a match?"""

from __future__ import annotations

from extract.places import distance_km
from extract.track.attributes import Traits
from extract.track.cannot_link import DAYS, are_same_captives, gap_of, is_day_of_count, is_same_toll
from extract.track.record_pair import AREAS, Pair, Ties
from extract.track.rules import rules
from extract.track.signature import fold
from extract.types import Place, Precision

# an act is in the news so many times longer than it lasts
LONG_IN_NEWS = 3
SAME_TIME = ("same_day", "next_day")
_OTHER_TOWN = ("near", "around", "far")


def relation_of_places(pair: Pair, ties: Ties, time: str) -> tuple[str, str]:
    """The name of the places' relation, and the veto. Where names tie the texts, a place within the same province but
    further away may be a slip of one of them; where one text names the other's place, or both surely tell of one act of
    one time, the other place may be one wherever in the country it is.
    """
    rule, told = rules("match"), pair.told
    one, two = pair.own.report.place, pair.other.report.place
    if one is None or two is None:
        return "unknown_place", ""
    if one.country and two.country and one.country != two.country:
        return "far", "another country"
    if one.precision in AREAS or two.precision in AREAS:
        return _areas(one, two, told and time in SAME_TIME)
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_place", ""
    same_province = bool(one.admin1) and one.admin1 == two.admin1
    km = distance_km(one, two)
    if km is None:
        same = one.name == two.name or same_province or (ties.one_act and time in SAME_TIME)
        return ("within", "") if same else ("far", "another place")
    limit = max(rule["other_place_km"], pair.own.kind.km, pair.other.kind.km)
    if km <= rule["near_km"]:
        return "near", ""
    if km <= min(limit, rule["around_km"]):
        return "around", ""
    if km <= limit or (ties.bound and same_province) or (told and km <= rule["province_km"]):
        return "far", ""
    if one.country and fold(one.name).replace(".", "") == fold(two.name).replace(".", ""):
        return "same_name", ""
    may_slip = told or (ties.one_act and time in SAME_TIME)
    return ("elsewhere", "") if may_slip and one.country else ("far", f"another place, {km:.0f} km away")


def _areas(one: Place, two: Place, told: bool) -> tuple[str, str]:
    """At least one is a province or country: it can hold the other, or be another province. ``told``: one text names
    the other's place, and a town there are several of may be taken for one of another province."""
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_area", ""
    if Precision.COUNTRY in (one.precision, two.precision) or not one.admin1 or not two.admin1:
        return "within", ""
    if one.admin1 == two.admin1:
        return "within", ""
    is_area = one.precision in AREAS and two.precision in AREAS
    return "far", "" if told and not is_area else "another province"


def relation_of_times(pair: Pair, ties: Ties) -> tuple[str, str]:
    """The name of the times' relation, and the veto.

    A text about what came after often gives the time of that: it may be later than the incident's, where names tie the
    texts. Where those are many, a few days' difference is a slip in any text.
    """
    rule = rules("match")
    own, other = pair.own, pair.other
    one, two, gap = own.report.when, other.report.when, gap_of(own, other)
    if one is None or two is None or gap is None:
        return _time_unknown(pair, ties.bound)
    if gap == 0:
        return ("same_day" if one.precision in DAYS and two.precision in DAYS else "overlap_coarse"), ""
    if gap == 1:
        return "next_day", ""
    if gap * 24 <= min(own.kind.hours, other.kind.hours) / LONG_IN_NEWS:  # long for what lasts, a day for a single act
        return "near_day", ""
    if ties.sure and gap <= rule["slip_days"]:
        return "near_day", ""
    within = rule["follow_up_days"] if ties.bound or is_told_again(pair) else rule["slip_days"]
    if gap <= rule["count_days"] and is_day_of_count(own, other):
        return "next_day", ""
    if gap <= within and (own.is_sequel or other.is_sequel):
        return ("near_day" if gap <= rule["slip_days"] else "later"), ""
    is_slip = ties.one_act and gap <= rule["follow_up_days"]
    return "other_day", "" if is_slip else f"another day, {gap} days apart"


def is_told_again(pair: Pair) -> bool:
    """Does one text tell of what came after an act with so many dead as the other's, more than two acts of one place
    seldom both have? A court calls a fire manslaughter.
    """
    own, other, least = pair.own, pair.other, rules("match")["rare_toll"]
    if not own.is_sequel and not other.is_sequel:
        return False
    is_same = is_same_toll(own.report, other.report, least) or are_same_captives(own.report, other.report, least)
    return is_same or is_like_toll(own, other)


def is_like_toll(own: Traits, other: Traits) -> bool:
    """Does a text on what came after count some more dead than were known when there were many, a month later?"""
    rule = rules("match")
    tolls = [
        (last.report.killed.low or 0, first.report.killed.low or 0)
        for first, last in ((own, other), (other, own))
        if last.is_sequel
    ]
    return any(known >= rule["rare_toll"] and known < new <= rule["later_share"] * known for new, known in tolls)


def _time_unknown(pair: Pair, bound: bool) -> tuple[str, str]:
    """The same where one of the times isn't known, by when the text was published or the incident first heard of."""
    own, other, first_seen = pair.own, pair.other, pair.incident.first_seen
    out = own.articles[0].published if own.last_day is None else first_seen
    if out is None:
        return "unknown_time", ""
    known = own.last_day or other.last_day
    back = abs((out.date() - first_seen.date()).days) if known is None else (out.date() - known).days
    if -1 <= back <= max(own.kind.hours, other.kind.hours) / 24 + 1:
        return "unknown_time", ""
    if known is None and not bound:
        return "other_day", f"no time known, and published {back} days apart"
    limit = rules("match")["follow_up_days"]
    return ("later", "") if abs(back) <= limit else ("other_day", f"another day, {abs(back)} days apart")


def are_other_towns(pair: Pair, place: str, ties: Ties, *, is_road: bool) -> bool:
    """Do two texts place their acts in two towns, neither of which the other text names? Nor do a road or somebody's
    name or age tie them, and the names they share are few: of towns near each other a slip is likelier. A town of the
    same name is another where each text names a province of its own.
    """
    own, other = pair.own, pair.other
    if place == "same_name":
        says_own = own.tells_province() and other.tells_province()
        return says_own and not (own.province <= other.names or other.province <= own.names)
    if place not in _OTHER_TOWN or pair.told or is_road or ties.is_tied or ties.sure:
        return False
    return place != "near" or not (ties.bound or own.is_sequel or other.is_sequel)
