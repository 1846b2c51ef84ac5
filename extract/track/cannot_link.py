"""Do two texts that look alike tell of two acts? By the days and nights they are news of, by targets and by tolls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from extract.track.attributes import Traits
from extract.track.origins import out_at
from extract.track.rules import rules
from extract.track.signature import SAID, UPDATE, tells_of_aftermath
from extract.types import Count, CountState, News, Place, Report, TimePrecision

DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)
# names of signs: of what two accounts of one scene seldom both have; of another sort of act; of other numbers; and of
# what only one act has, somebody's full name or age
OTHER = frozenset(("other_act", "other_means"))
TOLLS_DIFFER = frozenset(("other_killed", "other_toll"))
COUNTS_DIFFER = TOLLS_DIFFER | {"other_injured"}
SCENE = frozenset(("other_age", "other_road", "other_hour"))
TIES = frozenset(("victim", "person", "same_age"))


def are_two_days_news(own: Traits, other: Traits, signs: Mapping[str, float]) -> bool:
    """Do both tell, by their own words, of an act of the day before they were published or of that day?

    Two such days are two acts, however alike the texts are: wires repeat what they say of a city, its officials and its
    armed groups. A night has two dates, though, and if the numbers agree one act may be given both, unless one text was
    out before the other's day began. What lasts for days is news on each of them; its toll rises.
    """
    gap, rule = gap_of(own, other), rules("match")
    if gap is None or not _is_fresh(own) or not _is_fresh(other):
        return False
    earlier, later = _by_day(own, other)
    if later.is_update or (gap == 1 and any(last.is_update for _, last in _orders(own, other))):
        return False
    if own.kind.lasting or other.kind.lasting:
        return gap > 1 and _falls(earlier.report, later.report)
    if gap > 1:
        return not (SAID in later.wholes and is_same_toll(own.report, other.report, rule["telling_toll"]))
    differ = not COUNTS_DIFFER.isdisjoint(signs) or ("other_target" in signs and "same_killed" in signs)
    is_told_on = SAID in later.wholes and own.kind.group == other.kind.group
    if gap > 0 and is_told_on and own.kind.group in rule["rare_groups"] and is_risen_toll(earlier.report, later.report):
        return False
    if gap > 0 and differ:
        return True
    if SAID in later.wholes or not (gap or _is_of_night(own.report) or _is_of_night(other.report)):
        return False
    if is_same_toll(own.report, other.report, rule["rare_toll"]):
        return False
    return _was_out_before(own, other) or _was_out_before(other, own)


def are_two_scenes(own: Traits, other: Traits, signs: Mapping[str, float]) -> bool:
    """Are two accounts of different targets with other numbers, of one dead with another calling each, or of two among
    another age, another road, another hour?
    """
    if not TIES.isdisjoint(signs):
        return False
    if len(SCENE.intersection(signs)) > 1 and signs.get("large_toll", 0) < 1:
        return True
    names = signs.get("names", 0)
    if "other_road" in signs and names < 1 and signs.get("large_toll", 0) < 1:
        return True
    if are_other_people(own, other) and not names:
        return True
    if "other_target" not in signs or any(one.is_update or one.report.news is News.FOLLOW_UP for one in (own, other)):
        return False
    is_deadly = bool(own.report.killed.low or other.report.killed.low)
    return "other_killed" in signs or ("other_injured" in signs and "same_killed" not in signs and is_deadly)


def are_other_acts(own: Traits, other: Traits, signs: Mapping[str, float]) -> bool:
    """Do two accounts of other means or sorts of act differ in their days, too, or does the later one count far fewer
    dead? The first words on one act may call it something else, but then the toll rises.
    """
    if OTHER.isdisjoint(signs) or not TIES.isdisjoint(signs):
        return False
    if News.FOLLOW_UP in (own.report.news, other.report.news):
        return False
    if "next_day" in signs and signs.keys() >= OTHER and not _by_day(own, other)[1].is_update:
        return True
    if own.is_update or other.is_update:
        return False
    falls = _falls if "same_place" in signs else _is_less
    return all(falls(first.report, last.report) for first, last in _orders(own, other))


def are_other_targets(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do both leads name a sort of place, or else of people, and none in common?"""
    if not one or not two:
        return False
    for how in ("where:", "whom:"):
        a, b = ({target for target in targets if target.startswith(how)} for targets in (one, two))
        if a and b:
            if a.isdisjoint(b):
                return True
            if how == "where:":  # the attackers who died there are no other target
                return False
    return False


def are_other_people(own: Traits, other: Traits) -> bool:
    """Do two texts tell of one dead each, a doctor and a trader?"""
    if any((one.report.killed.high or 1) > 1 or (one.report.killed.low or 1) > 1 for one in (own, other)):
        return False
    one, two = ({sort for sort in side.targets if sort.startswith("whom:")} for side in (own, other))
    return bool(one and two) and one.isdisjoint(two)


def is_day_of_count(own: Traits, other: Traits) -> bool:
    """Is the later day given that of a count, or that on which somebody told of so many dead?"""
    later = _by_day(own, other)[1]
    if later.is_update:
        return True
    return SAID in later.wholes and is_same_toll(own.report, other.report, rules("match")["telling_toll"])


def is_same_toll(report: Report, facts: Report, least: int) -> bool:
    """Do both count the same number of dead, so many that two acts of one city seldom have it?"""
    return _is_same(report.killed, facts.killed, least)


def are_same_captives(report: Report, facts: Report, least: int) -> bool:
    """Do both count the same number of people taken away, so many that two acts of one place seldom have it?"""
    return _is_same(report.kidnapped, facts.kidnapped, least)


def is_risen_toll(before: Report, after: Report) -> bool:
    """Does the second count more dead than the first, as far as that counts any?"""
    return (after.killed.low or 0) > (before.killed.low or 0)


def is_told_before(own: Traits, other: Traits) -> bool:
    """Does one tell by its own words of an act of a day before which the other was out?"""
    if not gap_of(own, other):
        return False
    earlier, later = _by_day(own, other)
    if later.wholes.intersection((SAID, UPDATE)) or not _is_fresh(later) or _is_of_night(later.report):
        return False
    if is_same_toll(own.report, other.report, rules("match")["telling_toll"]):
        return False
    return _was_out_before(earlier, later)


def gap_of(own: Traits, other: Traits) -> int | None:
    """Whole days between the spans of two; 0 where they overlap, None where either isn't known."""
    if own.first_day is None or own.last_day is None or other.first_day is None or other.last_day is None:
        return None
    first, last = max(own.first_day, other.first_day), min(own.last_day, other.last_day)
    return (first - last).days if first > last else 0


def _orders(own: Traits, other: Traits) -> list[tuple[Traits, Traits]]:
    """The orders in which the two can have been news: both where they were out at one time or nobody knows when."""
    one, two = _first_out(own), _first_out(other)
    if one == two:
        return [(own, other), (other, own)]
    is_last = two is None or (one is not None and one > two)
    return [(other, own)] if is_last else [(own, other)]


def _first_out(one: Traits) -> datetime | None:
    return min((article.published for article in one.articles if article.published is not None), default=None)


def _by_day(own: Traits, other: Traits) -> tuple[Traits, Traits]:
    """The two in the order of their days. The day of a count, or of what somebody said, can only be too late."""
    one, two = own.first_day, other.first_day
    return (own, other) if one is None or two is None or one <= two else (other, own)


def _is_same(one: Count, two: Count, least: int) -> bool:
    are_counted = one.state is CountState.COUNTED and two.state is CountState.COUNTED
    return are_counted and one.low == two.low and (one.low or 0) >= least


def _is_of_night(report: Report) -> bool:
    """Is the time that a text gives a night's?"""
    told = " ".join(quote.quote.lower() for quote in report.evidence.get("when", ()))
    return any(night in told for night in rules("match")["nights"])


def _is_less(before: Report, after: Report) -> bool:
    """Does the second count fewer dead than the first?"""
    fewer, more = after.killed, before.killed
    are_counted = fewer.state is CountState.COUNTED and more.state is CountState.COUNTED
    return are_counted and fewer.high is not None and fewer.high < (more.low or 0)


def _falls(before: Report, after: Report) -> bool:
    """Does the second count far fewer dead than the first?"""
    fewer, more = after.killed, before.killed
    are_counted = fewer.state is CountState.COUNTED and more.state is CountState.COUNTED
    return are_counted and fewer.high is not None and 2 * fewer.high < (more.low or 0)


def _was_out_before(one: Traits, other: Traits) -> bool:
    """Was an article of ``one`` published before the act of the other can have happened, by its own words?

    The night of a day is the one that follows it, unless it was told on that day: then it was the one before.
    """
    when, place, rule = other.report.when, other.report.place, rules("match")
    if when is None or other.first_day is None:
        return False
    begins = datetime.combine(other.first_day, time(), UTC)
    if len(when.start) > len("2026-03-04"):
        begins = datetime.fromisoformat(when.start).replace(tzinfo=UTC)
    elif _is_of_night(other.report):
        if any(told.published is not None and told.published.date() <= other.first_day for told in other.articles):
            return False
        begins += timedelta(hours=rule["night_hour"])
    slack = timedelta(hours=rule["zone_hours"])
    if place is None or place.lon is None:
        slack *= 2
    else:
        begins -= timedelta(hours=place.lon / 15)
    return any(out[1] + slack < begins for article in one.articles if (out := out_at(article)) is not None)


def _is_fresh(one: Traits) -> bool:
    """Does the text that gives the time give a day of its own, that of its publication or the one before?"""
    when, told = one.report.when, one.report.evidence.get("when", ())
    if when is None or one.last_day is None or when.precision not in DAYS or not told:
        return False
    if one.report.news is News.FOLLOW_UP:
        return False
    givers = {quote.article for quote in told} - {""}
    news = [a for a in one.articles if (not givers or a.id in givers) and not tells_of_aftermath(a.title)]
    days = (_local_day(a.published, one.report.place) for a in news if a.published is not None)
    return any(-1 <= (day - one.last_day).days <= 1 for day in days)


def _local_day(published: datetime, place: Place | None) -> date:
    """The day of publication by the sun over the act, west of London: when it is one o'clock at night there, it is the
    evening before in Mexico. A day of publication without a time is taken as it is.
    """
    if place is None or place.lon is None or place.lon > 0 or published.time() == time():
        return published.date()
    return (published + timedelta(hours=place.lon / 15)).date()
