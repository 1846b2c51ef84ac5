"""How do the places and the times of a report and a known incident relate, and which relations forbid a match?"""

from __future__ import annotations

from typing import NamedTuple

from extract.places import distance_km
from extract.track.attributes import Attributes
from extract.track.cannot_link import DAYS, days_apart, is_day_of_count, is_same_kidnapped, is_same_toll
from extract.track.feature_names import PlaceRelation, TimeRelation
from extract.track.record_pair import NameLinks, RecordPair
from extract.track.rules import rules
from extract.track.signature import word_key
from extract.types import Place, Precision

SAME_TIME = (TimeRelation.SAME_DAY, TimeRelation.NEXT_DAY)
_OTHER_TOWN = (PlaceRelation.NEAR, PlaceRelation.AROUND, PlaceRelation.FAR)


class PlaceResult(NamedTuple):
    """How two places relate, and the reason why that forbids a match; empty where it doesn't."""

    relation: PlaceRelation
    cannot_link: str = ""


class TimeResult(NamedTuple):
    """How two times relate, and the reason why that forbids a match; empty where it doesn't."""

    relation: TimeRelation
    cannot_link: str = ""


def relation_of_places(pair: RecordPair, links: NameLinks, time: TimeRelation) -> PlaceResult:
    """The relation of the places.

    Where names link the texts, a place within the same province but further away may be an error of one of them. Where
    one text names the other's place, or both are surely about one event of one time, the other place may be an error
    wherever in the country it is.
    """
    rule, names_place = rules("match"), pair.names_place
    one, two = pair.report.facts.place, pair.incident.facts.place
    if one is None or two is None:
        return PlaceResult(PlaceRelation.UNKNOWN_PLACE)
    if one.country and two.country and one.country != two.country:
        return PlaceResult(PlaceRelation.FAR, "another country")
    if one.precision.is_area or two.precision.is_area:
        return _relation_of_areas(one, two, may_be_mistaken=names_place and time in SAME_TIME)
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return PlaceResult(PlaceRelation.SAME_PLACE)
    same_province = bool(one.admin1) and one.admin1 == two.admin1
    km = distance_km(one, two)
    if km is None:
        same = one.name == two.name or same_province or (links.is_one_event and time in SAME_TIME)
        return PlaceResult(PlaceRelation.WITHIN) if same else PlaceResult(PlaceRelation.FAR, "another place")
    limit = max(rule["other_place_km"], pair.report.kind.km, pair.incident.kind.km)
    if km <= rule["near_km"]:
        return PlaceResult(PlaceRelation.NEAR)
    if km <= min(limit, rule["around_km"]):
        return PlaceResult(PlaceRelation.AROUND)
    if km <= limit or (links.is_linked and same_province) or (names_place and km <= rule["province_km"]):
        return PlaceResult(PlaceRelation.FAR)
    if one.country and word_key(one.name).replace(".", "") == word_key(two.name).replace(".", ""):
        return PlaceResult(PlaceRelation.SAME_NAME)
    if one.country and (names_place or (links.is_one_event and time in SAME_TIME)):
        return PlaceResult(PlaceRelation.ELSEWHERE)
    return PlaceResult(PlaceRelation.FAR, f"another place, {km:.0f} km away")


def _relation_of_areas(one: Place, two: Place, *, may_be_mistaken: bool) -> PlaceResult:
    """The relation of two places of which at least one is a province or country: it can contain the other, or be
    another province.

    ``may_be_mistaken``: one text names the other's place, and a town of a common name may be taken for one of another
    province.
    """
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return PlaceResult(PlaceRelation.SAME_AREA)
    if Precision.COUNTRY in (one.precision, two.precision) or not one.admin1 or not two.admin1:
        return PlaceResult(PlaceRelation.WITHIN)
    if one.admin1 == two.admin1:
        return PlaceResult(PlaceRelation.WITHIN)
    are_areas = one.precision.is_area and two.precision.is_area
    return PlaceResult(PlaceRelation.FAR, "" if may_be_mistaken and not are_areas else "another province")


def relation_of_times(pair: RecordPair, links: NameLinks) -> TimeResult:
    """The relation of the times.

    A text about the aftermath often gives the time of that: it may be later than the incident's, where names link the
    texts. Where those are many, a difference of a few days is an error in any text.
    """
    rule = rules("match")
    report, incident = pair.report, pair.incident
    one, two, gap = report.facts.when, incident.facts.when, days_apart(report, incident)
    if one is None or two is None or gap is None:
        return _relation_to_unknown_time(pair, links)
    if gap == 0:
        is_fine = one.precision in DAYS and two.precision in DAYS
        return TimeResult(TimeRelation.SAME_DAY if is_fine else TimeRelation.OVERLAP_COARSE)
    if gap == 1:
        return TimeResult(TimeRelation.NEXT_DAY)
    # many days for a kind that lasts, one day for a single event
    if gap * 24 <= min(report.kind.hours, incident.kind.hours) / rule["times_in_news"]:
        return TimeResult(TimeRelation.NEAR_DAY)
    if links.is_strongly_linked and gap <= rule["date_error_days"]:
        return TimeResult(TimeRelation.NEAR_DAY)
    if gap <= rule["count_days"] and is_day_of_count(report, incident):
        return TimeResult(TimeRelation.NEXT_DAY)
    is_follow_up = links.is_linked or has_same_toll_later(pair)
    within = rule["follow_up_days"] if is_follow_up else rule["date_error_days"]
    if gap <= within and (report.is_about_aftermath or incident.is_about_aftermath):
        return TimeResult(TimeRelation.NEAR_DAY if gap <= rule["date_error_days"] else TimeRelation.LATER)
    is_error = links.is_one_event and gap <= rule["follow_up_days"]
    return TimeResult(TimeRelation.OTHER_DAY, "" if is_error else f"another day, {gap} days apart")


def has_same_toll_later(pair: RecordPair) -> bool:
    """Is one text about the aftermath of an event with as many killed or kidnapped as the other's?

    A number that two events of one place seldom share. Needed where a court calls a fire manslaughter.
    """
    report, incident, least = pair.report, pair.incident, rules("match")["rare_toll"]
    if not report.is_about_aftermath and not incident.is_about_aftermath:
        return False
    one, two = report.facts, incident.facts
    is_same = is_same_toll(one, two, least) or is_same_kidnapped(one, two, least)
    return is_same or is_somewhat_higher_toll(report, incident)


def has_same_toll_in_two_languages(pair: RecordPair) -> bool:
    """Do texts in two languages count as many killed, so many that two events of a place and day seldom share them?

    The kind or the place that one of them gives may be an error then: most languages are read by lists of words.
    """
    least = rules("match")["statement_toll"]
    return pair.in_two_languages and is_same_toll(pair.report.facts, pair.incident.facts, least)


def is_somewhat_higher_toll(report: Attributes, incident: Attributes) -> bool:
    """Does a text about the aftermath count somewhat more killed than the many that were known before?"""
    rule = rules("match")
    tolls = [
        (last.facts.killed.low or 0, first.facts.killed.low or 0)
        for first, last in ((report, incident), (incident, report))
        if last.is_about_aftermath
    ]
    return any(known >= rule["rare_toll"] and known < new <= rule["later_share"] * known for new, known in tolls)


def _relation_to_unknown_time(pair: RecordPair, links: NameLinks) -> TimeResult:
    """The relation where one of the times isn't known, by the publication of the text or the first report of the
    incident.

    A text without a date was published before it was first seen, perhaps long before: most likely shortly, unless it is
    surely about an event of an earlier time.
    """
    report, incident, first_seen = pair.report, pair.incident, pair.first_seen
    article, is_linked = report.articles[0], links.is_linked
    published = article.published_by if report.last_day is None else first_seen
    if published is None:
        return TimeResult(TimeRelation.UNKNOWN_TIME)
    known = report.last_day or incident.last_day
    gap = abs((published.date() - first_seen.date()).days) if known is None else (published.date() - known).days
    if -1 <= gap <= max(report.kind.hours, incident.kind.hours) / 24 + 1:
        return TimeResult(TimeRelation.UNKNOWN_TIME)
    if report.last_day is None and article.published is None:
        may_be_old = gap > 0 and (links.is_one_event or gap <= rules("match")["undated_days"])
        forbids = "" if may_be_old else f"first seen {abs(gap)} days apart, and no time known"
        return TimeResult(TimeRelation.UNKNOWN_TIME if may_be_old else TimeRelation.OTHER_DAY, forbids)
    if known is None and not is_linked:
        return TimeResult(TimeRelation.OTHER_DAY, f"no time known, and published {gap} days apart")
    if abs(gap) <= rules("match")["follow_up_days"]:
        return TimeResult(TimeRelation.LATER)
    return TimeResult(TimeRelation.OTHER_DAY, f"another day, {abs(gap)} days apart")


def are_different_towns(pair: RecordPair, place: PlaceRelation, links: NameLinks, *, shares_road: bool) -> bool:
    """Are the two events in two towns, of which neither text names the other's?

    False where a road, somebody's name or age, or many shared names link the texts; of towns near each other an error
    is more likely. Two towns of one name are different where each text names a province of its own.
    """
    report, incident = pair.report, pair.incident
    if place is PlaceRelation.SAME_NAME:
        name_provinces = report.names_own_province() and incident.names_own_province()
        return name_provinces and not (report.province <= incident.names or incident.province <= report.names)
    if place not in _OTHER_TOWN or pair.names_place or shares_road or links.shares_person or links.is_strongly_linked:
        return False
    if place is not PlaceRelation.NEAR:
        return True
    return not (links.is_linked or report.is_about_aftermath or incident.is_about_aftermath)
