"""Which known record is a retraction, correction or denial about? An outlet's own, or one of the act that is denied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from extract.places import distance_km
from extract.severity import is_denial
from extract.track.attributes import Attributes, attributes_of
from extract.track.cannot_link import are_different_targets
from extract.track.features import headline_overlap
from extract.track.match import decide, search_window
from extract.track.rules import all_kinds, rules
from extract.types import (
    Count,
    Decision,
    Incident,
    Manner,
    Member,
    Notice,
    Report,
    SearchWindow,
)

_COUNTS = ("killed", "injured", "kidnapped")
FOUND = "a retraction, correction or denial of what it tells"
UNKNOWN = "a retraction, correction or denial of what is not known"


def is_notice(report: Report) -> bool:
    """Does a report take back, correct or deny another? Denials in other words than a notice's are among them."""
    return report.notice is not None or is_denial(report)


def notice_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a notice published then: records of any kind, some weeks back."""
    rule = rules("notice")
    window = search_window(report, published)
    return replace(
        window,
        kinds=tuple(all_kinds()),
        since=min(window.since, published.date() - timedelta(days=rule["own_days"])),
        until=max(window.until, published.date() + timedelta(days=1)),
        act=None,
        km=max(window.km, rule["wide_km"]) if window.lat is not None else 0.0,
    )


def decide_noticed(member: Member, known: Sequence[Incident]) -> Decision:
    """The record that a notice is about, else that of any other report.

    A notice without a record starts none, with two exceptions: an article that tells an act and only ends with a
    correction, and a denial. Who asks what happened has to read that it is denied; the gate lets such a record alert
    nobody. A retraction never joins or starts a record as a report.
    """
    notice = member.report.notice
    found = _about(member, notice, known) if notice is not None else None
    if found is not None:
        return Decision(action="merge", incident=found, reason=FOUND)
    decision = decide(member, known)
    is_usable = _is_also_report(member.report) and (decision.action == "merge" or _may_start(member.report))
    if decision.action == "drop" or is_usable:
        return decision
    return Decision(action="drop", reason=UNKNOWN, considered=decision.considered)


def _is_also_report(report: Report) -> bool:
    return report.notice is None or report.notice.manner is not Manner.RETRACTION


def _may_start(report: Report) -> bool:
    if report.notice is None or report.notice.denies:
        return is_denial(report)
    return not report.notice.is_whole


def _about(member: Member, notice: Notice, known: Sequence[Incident]) -> str | None:
    """The one record that most speaks for; None if none can be it, or two can as well."""
    rated = sorted(_rated(member, notice, known), reverse=True)
    if not rated or (len(rated) > 1 and rated[0][0] == rated[1][0]):
        return None
    return rated[0][1]


def _rated(member: Member, notice: Notice, known: Sequence[Incident]) -> Iterator[tuple[float, str]]:
    report = attributes_of(member.report, (member.article,))
    for incident in known:
        is_own = any(_is_of_outlet(member, article.source, article.origin) for article in incident.articles)
        if not (is_own or notice.denies) or not _is_in_time(member, incident, is_own=is_own):
            continue
        record = attributes_of(incident.facts, incident.articles)
        rating = _rating(report, record, notice, is_own=is_own)
        if rating is not None:
            yield rating, incident.id


def _is_of_outlet(member: Member, source: str, origin: str) -> bool:
    article = member.article
    return (bool(source) and source == article.source) or (bool(origin) and origin == article.origin)


def _is_in_time(member: Member, incident: Incident, *, is_own: bool) -> bool:
    """Was it told before the notice, and not long before?"""
    published, rule = member.article.published, rules("notice")
    told = [article.published for article in incident.articles if article.published is not None]
    if published is None or not told:
        return True
    days = rule["own_days" if is_own else "other_days"]
    return min(told) <= published and published - max(told) <= timedelta(days=days)


def _rating(report: Attributes, record: Attributes, notice: Notice, *, is_own: bool) -> float | None:
    """How much speaks for a record; None if it can't be the one."""
    rule = rules("notice")
    total = rule["same_outlet"] if is_own else 0.0
    overlap = headline_overlap(report, record)
    place = _place_rating(report, record, is_own=is_own)
    kind = _kind_rating(report, record, notice)
    if place is None:
        return None
    is_same_title = is_own and overlap >= rule["least_headline"]
    if kind is None:
        if not is_same_title and (notice.kinds or not is_own or notice.manner is Manner.CORRECTION):
            return None
        kind = 0.0
    if place == 0.0 and not is_same_title and not _has_number(record.facts, notice):
        return None
    if _is_of_earlier_day(report, record) or (not is_own and are_different_targets(report.targets, record.targets)):
        return None
    total += place + kind + rule["headline"] * overlap
    total += rule["same_number"] if _has_number(record.facts, notice) else 0.0
    return float(total + (rule["same_day"] if _is_same_day(report, record) else 0.0))


def _place_rating(report: Attributes, record: Attributes, *, is_own: bool) -> float | None:
    """0 where a place isn't known; None where they are two."""
    one, two, rule = report.facts.place, record.facts.place, rules("notice")
    if one is None or two is None:
        return 0.0 if is_own else None
    if report.names_place_of(record) or (one.geonameid is not None and one.geonameid == two.geonameid):
        return float(rule["same_place"])
    if one.country != two.country:
        return None
    if one.precision.is_area or two.precision.is_area:
        is_within = not one.admin1 or not two.admin1 or one.admin1 == two.admin1
        return float(rule["same_place"]) / 2 if is_within else None
    km = distance_km(one, two)
    return float(rule["same_place"]) / 2 if km is not None and km <= rule["km"] else None


def _kind_rating(report: Attributes, record: Attributes, notice: Notice) -> float | None:
    """None where none of the kinds that the notice names can be that of the record."""
    kinds, rule = all_kinds(), rules("notice")
    named = (report.facts.kind, *notice.kinds) if report.facts.probability else notice.kinds
    if record.facts.kind in named:
        return float(rule["same_kind"])
    is_compatible = any(
        record.facts.kind in kinds.compatible(kind) or kinds[kind].group == record.kind.group for kind in named
    )
    return float(rule["same_kind"]) / 2 if is_compatible else None


def _has_number(facts: Report, notice: Notice) -> bool:
    """Does the record count what the notice calls wrong?"""
    counts = (getattr(facts, field) for field in _COUNTS)
    return any(isinstance(count, Count) and count.low in notice.was for count in counts if count.low)


def _is_of_earlier_day(report: Attributes, record: Attributes) -> bool:
    """Does the notice name a day before the act? A later one may be that on which something was said."""
    if report.last_day is None or record.first_day is None:
        return False
    return report.last_day < record.first_day - timedelta(days=1)


def _is_same_day(report: Attributes, record: Attributes) -> bool:
    return report.first_day is not None and report.first_day == record.first_day
