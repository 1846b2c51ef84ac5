"""Do two texts that look alike tell of two acts? By the days and nights they are news of, by targets and by tolls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from extract.text.signature import SAID, tells_of_aftermath
from extract.track.rules import all_kinds, rules
from extract.track.traits import is_update
from extract.types import ArticleRef, CountState, Incident, Member, News, Report, TimePrecision, When

DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)
# names of signs: of another sort of act; of other numbers; and of what only one act has, somebody's full name or age
OTHER = frozenset(("other_act", "other_means"))
TOLLS_DIFFER = frozenset(("other_killed", "other_toll"))
COUNTS_DIFFER = TOLLS_DIFFER | {"other_injured"}
TIES = frozenset(("victim", "person", "same_age"))


def are_two_days_news(member: Member, incident: Incident, signs: Mapping[str, float]) -> bool:
    """Do both tell, by their own words, of an act of the day before they were published or of that day?

    Two such days are two acts, however alike the texts are: wires repeat what they say of a city, its officials and its
    armed groups. A night has two dates, though, and if the numbers agree one act may be given both, unless one text was
    out before the other's day began. What lasts for days is news on each of them; its toll rises.
    """
    report, facts, rule = member.report, incident.facts, rules("match")
    if report.when is None or facts.when is None:
        return False
    if not _is_fresh(report, (member.article,)) or not _is_fresh(facts, incident.articles):
        return False
    earlier, later = _by_day(report, facts)
    gap = gap_of(report.when, facts.when)
    if is_update(later) or (gap == 1 and is_update(_published_last(member, incident))):
        return False
    if any(all_kinds()[kind].lasting for kind in (report.kind, facts.kind)):
        return gap > 1 and _falls(earlier, later)
    if gap > 1:
        return not (SAID in later.words and _is_same_toll(report, facts, rule["telling_toll"]))
    differ = not COUNTS_DIFFER.isdisjoint(signs) or ("other_target" in signs and "same_killed" in signs)
    if gap > 0 and differ:
        return True
    if SAID in later.words or not (gap or _is_of_night(report) or _is_of_night(facts)):
        return False
    if _is_same_toll(report, facts, rule["rare_toll"]):
        return False
    own, others = (member.article,), incident.articles
    return _was_out_before(own, facts, others) or _was_out_before(others, report, own)


def are_two_scenes(report: Report, facts: Report, signs: Mapping[str, float]) -> bool:
    """Are two accounts of different targets with other numbers, or of people of another age on another road?"""
    if not TIES.isdisjoint(signs):
        return False
    if signs.keys() >= {"other_age", "other_road"} and signs.get("large_toll", 0) < 1:
        return True
    if "other_target" not in signs or any(is_update(r) or r.news is News.FOLLOW_UP for r in (report, facts)):
        return False
    is_deadly = bool(report.killed.low or facts.killed.low)
    return "other_killed" in signs or ("other_injured" in signs and "same_killed" not in signs and is_deadly)


def are_other_acts(member: Member, incident: Incident, signs: Mapping[str, float]) -> bool:
    """Do two accounts of other means or sorts of act differ in their days, too, or does the later one count far fewer
    dead? The first words on one act may call it something else, but then the toll rises.
    """
    report, facts = member.report, incident.facts
    if OTHER.isdisjoint(signs) or not TIES.isdisjoint(signs) or News.FOLLOW_UP in (report.news, facts.news):
        return False
    if "next_day" in signs and signs.keys() >= OTHER and not is_update(_by_day(report, facts)[1]):
        return True
    if is_update(report) or is_update(facts):
        return False
    return _falls(facts, report) if _published_last(member, incident) is report else _falls(report, facts)


def are_other_targets(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do both leads name a sort of place, or else of people, and none in common?"""
    for how in ("where:", "whom:"):
        a, b = ({target for target in targets if target.startswith(how)} for targets in (one, two))
        if a and b:
            if a.isdisjoint(b):
                return True
            if how == "where:":  # the attackers who died there are no other target
                return False
    return False


def is_day_of_count(report: Report, facts: Report) -> bool:
    """Is the later day given that of a count, or that on which somebody told of so many dead?"""
    _, later = _by_day(report, facts)
    return is_update(later) or (SAID in later.words and _is_same_toll(report, facts, rules("match")["telling_toll"]))


def _published_last(member: Member, incident: Incident) -> Report:
    """Which of the two is news after the other was out?"""
    outs = [article.published for article in incident.articles if article.published is not None]
    own = member.article.published
    return incident.facts if own is None or (outs and own < min(outs)) else member.report


def _by_day(report: Report, facts: Report) -> tuple[Report, Report]:
    """The two in the order of their days. The day of a count, or of what somebody said, can only be too late."""
    one, two = report.when, facts.when
    return (report, facts) if one is None or two is None or one.first_day <= two.first_day else (facts, report)


def _is_same_toll(report: Report, facts: Report, least: int) -> bool:
    """Do both count the same number of dead, so many that two acts of one city seldom have it?"""
    one, two = report.killed, facts.killed
    are_counted = one.state is CountState.COUNTED and two.state is CountState.COUNTED
    return are_counted and one.low == two.low and (one.low or 0) >= least


def _is_of_night(report: Report) -> bool:
    """Is the time that a text gives a night's?"""
    told = " ".join(quote.quote.lower() for quote in report.evidence.get("when", ()))
    return any(night in told for night in rules("match")["nights"])


def _falls(before: Report, after: Report) -> bool:
    """Does the second count far fewer dead than the first?"""
    fewer, more = after.killed, before.killed
    are_counted = fewer.state is CountState.COUNTED and more.state is CountState.COUNTED
    return are_counted and fewer.high is not None and 2 * fewer.high < (more.low or 0)


def _was_out_before(articles: Sequence[ArticleRef], report: Report, told: Sequence[ArticleRef]) -> bool:
    """Was one of these published before the act of a report can have happened, by its own words, which ``told``?

    The night of a day is the one that follows it, unless it was told on that day: then it was the one before.
    """
    when, place, rule = report.when, report.place, rules("match")
    if when is None:
        return False
    begins = datetime.combine(when.first_day, time(), UTC)
    if len(when.start) > len("2026-03-04"):
        begins = datetime.fromisoformat(when.start).replace(tzinfo=UTC)
    elif _is_of_night(report):
        if any(one.published is not None and one.published.date() <= when.first_day for one in told):
            return False
        begins += timedelta(hours=rule["night_hour"])
    slack = timedelta(hours=rule["zone_hours"])
    if place is None or place.lon is None:
        slack *= 2
    else:
        begins -= timedelta(hours=place.lon / 15)
    return any(out + slack < begins for article in articles if (out := _latest(article.published)) is not None)


def _latest(published: datetime | None) -> datetime | None:
    """When an article was out at the latest: a day of publication is given as its midnight."""
    is_day = published is not None and published.time() == time()
    return published + timedelta(days=1) if published is not None and is_day else published


def _is_fresh(report: Report, articles: Sequence[ArticleRef]) -> bool:
    """Does the text that gives the time give a day of its own, that of its publication or the one before?"""
    when, told = report.when, report.evidence.get("when", ())
    if when is None or when.precision not in DAYS or not told or report.news is News.FOLLOW_UP:
        return False
    givers = {quote.article for quote in told} - {""}
    news = [a for a in articles if (not givers or a.id in givers) and not tells_of_aftermath(a.title)]
    return any(a.published is not None and -1 <= (a.published.date() - when.last_day).days <= 1 for a in news)


def gap_of(one: When, two: When) -> int:
    """Whole days between two spans; 0 where they overlap."""
    first, last = max(one.first_day, two.first_day), min(one.last_day, two.last_day)
    return max(0, (first - last).days)
