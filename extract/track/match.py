"""Is a report about a known incident, and which one? Place, time and kind are keys, similarity only decides ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil

import msgspec

from extract.track.attributes import NO_WORDS, is_about_aftermath, may_postdate_event
from extract.track.cannot_link import DAYS
from extract.track.feature_names import Feature
from extract.track.features import Comparison, compare_all
from extract.track.rules import alert_probability, all_kinds, rules
from extract.track.signature import rarity, signature_parts, words_of_name
from extract.types import Considered, Decision, Incident, MatchScore, Member, Report, SearchWindow


def search_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a report published then (the blocking keys).

    Known incidents near its place on about its days, and those anywhere and at any time that share many names with it.
    """
    kind, rule = all_kinds()[report.kind], rules("match")
    may_be_late = is_about_aftermath(report) or report.when is None
    margin = timedelta(days=max(rule["date_error_days"], round(kind.hours / 24)))
    since, until = published.date() - margin, published.date() + timedelta(1)
    act = None
    if report.when is not None:
        since, until = report.when.first_day - margin, report.when.last_day + margin
        reach = timedelta(days=max(1, ceil(kind.hours / rule["times_in_news"] / 24)))
        act = None if may_postdate_event(report) else (report.when.first_day - reach, report.when.last_day + reach)
    if may_be_late:
        since = min(since, published.date() - timedelta(rule["follow_up_days"]))
        until = max(until, published.date() + timedelta(1))
    place = report.place
    known = place is not None and place.lat is not None and not place.precision.is_area
    signature, vague = signature_parts(report.words), rule["vague_kinds"]
    any_kind = report.kind in vague or bool(report.story)  # a short item's kind may be an error, its story decides
    return SearchWindow(
        kinds=tuple(all_kinds()) if any_kind else (*all_kinds().compatible(report.kind), *vague),
        since=since,
        until=until,
        act=act,
        lat=place.lat if known and place else None,
        lon=place.lon if known and place else None,
        km=max(kind.km, rule["province_km" if may_be_late else "other_place_km"]) if known else 0.0,
        country=place.country if place and not _is_measured(report) else None,
        days=_days(report, published) if known else None,
        words=signature.names | signature.words,
        place_words=words_of_name(place.name) if known and place else NO_WORDS,
        names=_rarest(signature.names) - (words_of_name(place.name) if place is not None else NO_WORDS),
        least_names=ceil(rule["linked_names"]),
        story=report.story,
        story_since=published - timedelta(hours=rule["items"]["hours"]) if report.story else None,
    )


def _is_measured(report: Report) -> bool:
    """Does an instrument give the moment and point of the event? Agencies differ in the country of one at a border."""
    return report.official is not None and report.official.at is not None


def _rarest(names: frozenset[str]) -> frozenset[str]:
    """The names that few incidents share."""
    return frozenset(name for name in names if rarity(name) == 1)


def _days(report: Report, published: datetime) -> tuple[date, date]:
    """The first and last day on which an incident anywhere in the country can be the report's, since the place of one
    of the two texts may be an error.
    """
    day, rule = timedelta(1), rules("match")
    if report.when is None or report.when.last_day - report.when.first_day > rule["other_place_span"] * day:
        return published.date() - rule["other_place_days"] * day, published.date()
    return report.when.first_day - day, report.when.last_day + day


def decide(member: Member, known: Sequence[Incident]) -> Decision:
    """Merge into the incident with the highest score, if that reaches the threshold and nothing forbids the match; else
    a new one.

    A report that is not probable enough to start an incident is dropped instead.
    """
    threshold = rules("match")["threshold"]
    scored = [(_score(one.features), one) for one in compare_all(member, known)]
    scored.sort(key=lambda pair: (-pair[0], pair[1].incident))
    score, best = next(((score, one) for score, one in scored if not one.cannot_link), (0.0, None))
    considered = tuple(_considered(one) for _, one in scored[: rules("match")["considered"]])
    if best is not None and score >= threshold:
        reason = MatchScore(score=score, needed=threshold)
        return Decision(action="merge", incident=best.incident, reason=reason, considered=considered)
    reason = MatchScore() if best is None else MatchScore(score=score, needed=threshold)
    needed = _probability_needed(member)
    if member.report.probability < needed:
        reason = msgspec.structs.replace(reason, probability=member.report.probability, least=needed)
        return Decision(action="drop", reason=reason, considered=considered)
    near = threshold - rules("match")["aftermath_margin"]
    aftermath_of = None
    if best is not None and score >= near and is_about_aftermath(member.report) and not _is_recent(member, 1):
        incident = next(one for one in known if one.id == best.incident)
        aftermath_of = None if _counts_more(member.report, incident.facts) else incident.id
    return Decision(action="new", reason=reason, considered=considered, aftermath_of=aftermath_of)


def _counts_more(report: Report, facts: Report) -> bool:
    """Does a report count more killed or injured than are known? Then it may be of an event without an alert so far."""
    pairs = ((report.killed, facts.killed), (report.injured, facts.injured))
    return any((new.low or 0) > (old.low or 0) for new, old in pairs)


def _probability_needed(member: Member) -> float:
    """The probability that a report needs to start an incident.

    Less where it dates the event within some days of its publication and gives a place: such a text is seldom about
    anything else, however short it is.
    """
    place, rule = member.report.place, rules("match")
    is_placed = place is not None and not place.precision.is_area
    return (
        min(alert_probability(), rule["surely_recent"])
        if is_placed and _is_recent(member, rule["recent_days"])
        else alert_probability()
    )


def _is_recent(member: Member, days: int) -> bool:
    """Does a report date the event to a day, at most ``days`` before its publication?"""
    when, published = member.report.when, member.article.published_by
    if when is None or published is None or when.precision not in DAYS:
        return False
    return -1 <= (published.date() - when.last_day).days <= days


def weights_of(features: Mapping[str, float]) -> Mapping[str, float]:
    """Feature -> weight: those of two short items whose stories are known, or of any other two texts."""
    weights: Mapping[str, float] = rules("match")["weights"]
    if Feature.ITEM not in features:
        return weights
    rule = rules("match")["items"]
    return {name: rule["share"] * weights.get(name, 0.0) + rule["weights"].get(name, 0.0) for name in features}


def _score(features: Mapping[str, float]) -> float:
    """The sum of the weighted features, to four decimals."""
    weights = weights_of(features)
    return round(sum([weights[name] * value for name, value in features.items()]), 4)


def _considered(one: Comparison) -> Considered:
    """Each part of the score of one known incident, rounded so that a reader can add them up, and what forbids it."""
    weights = weights_of(one.features)
    parts = {str(name): round(weights[name] * value, 4) for name, value in one.features.items()}
    return Considered(incident=one.incident, score=round(sum(parts.values()), 4), parts=parts, vetoes=one.cannot_link)
