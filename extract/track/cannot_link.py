"""Which of two similar texts can't be about one event? By their days, hours, targets and numbers of killed.

A cannot-link constraint forbids a match whatever the score says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from extract.lang import LANGUAGES
from extract.track.attributes import Attributes
from extract.track.feature_names import (
    COUNTS_DIFFER,
    OTHER_EVENT_TYPE,
    PERSON_IN_COMMON,
    SCENE_DIFFERS,
    Feature,
    PlaceRelation,
    TimeRelation,
)
from extract.track.origins import publication_interval
from extract.track.rules import rules
from extract.track.signature import AGAIN, SAID, UPDATE, is_aftermath_headline
from extract.types import Count, CountState, News, Place, Report, TimePrecision

DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)
# how the targets of a lead begin that are types of place, and types of people
_PLACES, _PEOPLE = "where:", "whom:"
# degrees of longitude by which the sun moves in an hour
_DEGREES_PER_HOUR = 15


def are_events_of_two_days(report: Attributes, incident: Attributes, features: Mapping[str, float]) -> bool:
    """Do both report, by their own words, an event of their day of publication or the day before, and different ones?

    Two such days are two events, however similar the texts are: wires repeat what they say of a city, its officials
    and its armed groups. A night has two dates, though, and if the numbers agree one event may be given both, unless
    one text was published before the other's day began. A kind that lasts for days is news on each of them; its toll
    rises, and what only one of the texts calls so is another act if it falls.
    """
    gap, rule = days_apart(report, incident), rules("match")
    if gap is None or not _gives_recent_day(report) or not _gives_recent_day(incident):
        return False
    earlier, later = _by_day(report, incident)
    if later.is_toll_update or (gap == 1 and any(last.is_toll_update for _, last in _by_publication(report, incident))):
        return False
    if report.kind.lasting or incident.kind.lasting:
        is_single_act = not (report.kind.lasting and incident.kind.lasting)
        if is_single_act and gap and _is_lower(earlier.facts, later.facts):
            return True
        return gap > 1 and _is_far_lower(earlier.facts, later.facts)
    if gap > 1:
        return not (SAID in later.text_marks and is_same_toll(report.facts, incident.facts, rule["statement_toll"]))
    differ = not COUNTS_DIFFER.isdisjoint(features) or (
        Feature.OTHER_TARGET in features and Feature.SAME_KILLED in features
    )
    is_statement = SAID in later.text_marks and report.kind.group == incident.kind.group
    is_rare = report.kind.group in rule["rare_groups"]
    if gap > 0 and is_statement and is_rare and is_higher_toll(earlier.facts, later.facts):
        return False
    if gap > 0 and differ:
        return True
    if SAID in later.text_marks or not (gap or _is_at_night(report.facts) or _is_at_night(incident.facts)):
        return False
    if is_same_toll(report.facts, incident.facts, rule["rare_toll"]):
        return False
    return _was_published_before_event(report, incident) or _was_published_before_event(incident, report)


def are_two_scenes(report: Attributes, incident: Attributes, features: Mapping[str, float]) -> bool:
    """Are two accounts of different scenes?

    Of different targets with different numbers, of one killed with a different occupation each, or of two among a
    different age, road and hour.
    """
    if not PERSON_IN_COMMON.isdisjoint(features):
        return False
    large_toll = features.get(Feature.LARGE_TOLL, 0)
    if len(SCENE_DIFFERS.intersection(features)) > 1 and large_toll < 1:
        return True
    names = features.get(Feature.NAMES, 0)
    if Feature.OTHER_ROAD in features and names < 1 and large_toll < 1:
        return True
    if are_different_single_victims(report, incident) and not names:
        return True
    if Feature.OTHER_TARGET not in features or any(
        one.is_toll_update or one.facts.news is News.FOLLOW_UP for one in (report, incident)
    ):
        return False
    is_deadly = bool(report.facts.killed.low or incident.facts.killed.low)
    return Feature.OTHER_KILLED in features or (
        Feature.OTHER_INJURED in features and Feature.SAME_KILLED not in features and is_deadly
    )


def are_different_harms(report: Attributes, incident: Attributes) -> bool:
    """Do two accounts, of which no words can be compared, count harm that is not one act's?

    One counts only kidnapped and the other only killed or injured, or the later one far fewer both of killed and of
    injured: a toll rises.
    """
    harms = [
        (_is_some(one.facts.kidnapped), _is_some(one.facts.killed) or _is_some(one.facts.injured))
        for one in (report, incident)
    ]
    if sorted(harms) == [(False, True), (True, False)]:
        return True
    return all(
        _is_far_lower(first.facts, last.facts) and _is_far_fewer(first.facts.injured, last.facts.injured)
        for first, last in _by_publication(report, incident)
    )


def is_another_by_its_words(report: Attributes, incident: Attributes) -> bool:
    """Does one text call its event a second one, while the other doesn't and counts another number of killed?"""
    if (AGAIN in report.text_marks) is (AGAIN in incident.text_marks):
        return False
    one, two = report.facts.killed, incident.facts.killed
    are_counted = one.state is CountState.COUNTED and two.state is CountState.COUNTED
    return are_counted and one.low != two.low


def are_different_event_types(report: Attributes, incident: Attributes, features: Mapping[str, float]) -> bool:
    """Do two accounts of different means or types of event differ in their days, too, or does the later one count far
    fewer killed?

    The first words on an event may call it something else, but then the toll rises.
    """
    if OTHER_EVENT_TYPE.isdisjoint(features) or not PERSON_IN_COMMON.isdisjoint(features):
        return False
    if News.FOLLOW_UP in (report.facts.news, incident.facts.news):
        return False
    is_both = features.keys() >= OTHER_EVENT_TYPE
    if TimeRelation.NEXT_DAY in features and is_both and not _by_day(report, incident)[1].is_toll_update:
        return True
    if report.is_toll_update or incident.is_toll_update:
        return False
    is_lower = _is_far_lower if PlaceRelation.SAME_PLACE in features else _is_lower
    return all(is_lower(first.facts, last.facts) for first, last in _by_publication(report, incident))


def are_different_targets(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do both leads name a type of place, or else of people, that was hit, and none in common?"""
    if not one or not two:
        return False
    for group in (_PLACES, _PEOPLE):
        a, b = ({target for target in targets if target.startswith(group)} for targets in (one, two))
        if a and b:
            if a.isdisjoint(b):
                return True
            if group == _PLACES:  # one place in common: the attackers who died there are no different target
                return False
    return False


def are_different_single_victims(report: Attributes, incident: Attributes) -> bool:
    """Is each text about one killed person, and of another occupation: a doctor and a trader?"""
    if any((one.facts.killed.high or 1) > 1 or (one.facts.killed.low or 1) > 1 for one in (report, incident)):
        return False
    one, two = ({target for target in side.targets if target.startswith(_PEOPLE)} for side in (report, incident))
    return bool(one and two) and one.isdisjoint(two)


def is_day_of_count(report: Attributes, incident: Attributes) -> bool:
    """Is the later of the two days that of a count, or that of a statement about the same large number of dead?"""
    later = _by_day(report, incident)[1]
    if later.is_toll_update:
        return True
    return SAID in later.text_marks and is_same_toll(report.facts, incident.facts, rules("match")["statement_toll"])


def is_same_toll(one: Report, two: Report, at_least: int) -> bool:
    """Do both count the same number of killed, and ``at_least`` this many, which two events of a city seldom share?"""
    return _is_same(one.killed, two.killed, at_least)


def is_same_kidnapped(one: Report, two: Report, at_least: int) -> bool:
    """Do both count the same number of kidnapped, and ``at_least`` this many, which two events seldom share?"""
    return _is_same(one.kidnapped, two.kidnapped, at_least)


def is_higher_toll(before: Report, after: Report) -> bool:
    """Does the second count more killed than the first, where a number that isn't known is taken as 0?"""
    return (after.killed.low or 0) > (before.killed.low or 0)


def was_reported_before_event(report: Attributes, incident: Attributes) -> bool:
    """Does one text report, by its own words, an event of a day before which the other was published?"""
    if not days_apart(report, incident):
        return False
    earlier, later = _by_day(report, incident)
    if later.text_marks.intersection((SAID, UPDATE)) or not _gives_recent_day(later) or _is_at_night(later.facts):
        return False
    if is_same_toll(report.facts, incident.facts, rules("match")["statement_toll"]):
        return False
    return _was_published_before_event(earlier, later)


def days_apart(one: Attributes, two: Attributes) -> int | None:
    """Whole days between the time spans of two texts; 0 where they overlap, None where either isn't known."""
    if one.first_day is None or one.last_day is None or two.first_day is None or two.last_day is None:
        return None
    first, last = max(one.first_day, two.first_day), min(one.last_day, two.last_day)
    return (first - last).days if first > last else 0


def _by_publication(report: Attributes, incident: Attributes) -> list[tuple[Attributes, Attributes]]:
    """The orders in which the two can have been published: both orders where the times are equal or not known."""
    one, two = _first_published(report), _first_published(incident)
    if one == two:
        return [(report, incident), (incident, report)]
    is_last = two is None or (one is not None and one > two)
    return [(incident, report)] if is_last else [(report, incident)]


def _first_published(one: Attributes) -> datetime | None:
    return min((article.published for article in one.articles if article.published is not None), default=None)


def _by_day(report: Attributes, incident: Attributes) -> tuple[Attributes, Attributes]:
    """The two in the order of their days. The day of a count or of a statement can only be too late."""
    one, two = report.first_day, incident.first_day
    return (report, incident) if one is None or two is None or one <= two else (incident, report)


def _is_same(one: Count, two: Count, at_least: int) -> bool:
    are_counted = one.state is CountState.COUNTED and two.state is CountState.COUNTED
    return are_counted and one.low == two.low and (one.low or 0) >= at_least


def _is_at_night(facts: Report) -> bool:
    """Is the time that a text gives at night?"""
    words = " ".join(quote.quote.lower() for quote in facts.evidence.get("when", ()))
    return any(night in words for night in _night_words())


@cache
def _night_words() -> tuple[str, ...]:
    lexicons = [language.lexicon for language in LANGUAGES.values()]
    return tuple(word for lexicon in lexicons for word in lexicon.section("tracking", "night").get("words", ()))


def _is_lower(before: Report, after: Report) -> bool:
    """Does the second count fewer killed than the first?"""
    fewer, more = after.killed, before.killed
    are_counted = fewer.state is CountState.COUNTED and more.state is CountState.COUNTED
    return are_counted and fewer.high is not None and fewer.high < (more.low or 0)


def _is_far_lower(before: Report, after: Report) -> bool:
    """Does the second count far fewer killed than the first?"""
    return _is_far_fewer(before.killed, after.killed)


def _is_far_fewer(more: Count, fewer: Count) -> bool:
    are_counted = fewer.state is CountState.COUNTED and more.state is CountState.COUNTED
    return are_counted and fewer.high is not None and rules("match")["far_lower_factor"] * fewer.high < (more.low or 0)


def _is_some(count: Count) -> bool:
    return count.state is CountState.COUNTED and bool(count.low)


def _was_published_before_event(one: Attributes, two: Attributes) -> bool:
    """Was an article of ``one`` published before the event of ``two`` can have happened, by the words of ``two``?

    The night of a day is the one that follows it; if an article was published on that day, it is the night before.
    """
    when, place, rule = two.facts.when, two.facts.place, rules("match")
    if when is None or two.first_day is None:
        return False
    begins = datetime.combine(two.first_day, time(), UTC)
    if len(when.start) > len("2026-03-04"):
        begins = datetime.fromisoformat(when.start).replace(tzinfo=UTC)
    elif _is_at_night(two.facts):
        if any(article.published is not None and article.published.date() <= two.first_day for article in two.articles):
            return False
        begins += timedelta(hours=rule["night_hour"])
    margin = timedelta(hours=rule["zone_hours_unknown"])
    if place is not None and place.lon is not None:
        margin = timedelta(hours=rule["zone_hours"])
        begins -= timedelta(hours=place.lon / _DEGREES_PER_HOUR)
    return any(
        interval[1] + margin < begins
        for article in one.articles
        if (interval := publication_interval(article)) is not None
    )


def _gives_recent_day(one: Attributes) -> bool:
    """Does the text that gives the time give a day of its own: that of its publication or the day before?"""
    when, quotes = one.facts.when, one.facts.evidence.get("when", ())
    if when is None or one.last_day is None or when.precision not in DAYS or not quotes:
        return False
    if one.facts.news is News.FOLLOW_UP:
        return False
    sources = {quote.article for quote in quotes} - {""}
    news = [a for a in one.articles if (not sources or a.id in sources) and not is_aftermath_headline(a.title)]
    days = (_local_day(a.published, one.facts.place) for a in news if a.published is not None)
    return any(-1 <= (day - one.last_day).days <= 1 for day in days)


def _local_day(published: datetime, place: Place | None) -> date:
    """The day of publication by the sun at the place of the event, west of Greenwich only.

    When it is one o'clock at night UTC, it is the evening before in Mexico. A day of publication without a time is
    taken as it is.
    """
    if place is None or place.lon is None or place.lon > 0 or published.time() == time():
        return published.date()
    return (published + timedelta(hours=place.lon / _DEGREES_PER_HOUR)).date()
