"""To which known incident does a report belong? Place, time and kind are keys, likeness only breaks ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil

import msgspec

from extract.track.attributes import NO_WORDS, is_sequel, may_date_late
from extract.track.cannot_link import DAYS
from extract.track.features import Signs, signs_of_all
from extract.track.place_time_relations import LONG_IN_NEWS
from extract.track.record_pair import AREAS
from extract.track.rules import all_kinds, rules, surely
from extract.track.signature import parted, rarity, words_of_name
from extract.types import Considered, Decision, Incident, MatchScore, Member, Report, SearchWindow

# of what was weighed, so many are kept with the decision
_SHOWN = 5


def search_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a report published then: what is about there on about those days, and wherever
    and whenever else names bind the texts.
    """
    kind, rule = all_kinds()[report.kind], rules("match")
    may_slip = is_sequel(report) or report.when is None
    slack = timedelta(days=max(rule["slip_days"], round(kind.hours / 24)))
    since, until = published.date() - slack, published.date() + timedelta(1)
    act = None
    if report.when is not None:
        since, until = report.when.first_day - slack, report.when.last_day + slack
        reach = timedelta(days=max(1, ceil(kind.hours / LONG_IN_NEWS / 24)))
        act = None if may_date_late(report) else (report.when.first_day - reach, report.when.last_day + reach)
    if may_slip:
        since = min(since, published.date() - timedelta(rule["follow_up_days"]))
        until = max(until, published.date() + timedelta(1))
    place = report.place
    known = place is not None and place.lat is not None and place.precision not in AREAS
    held, vague = parted(report.words), rule["vague_kinds"]
    return SearchWindow(
        kinds=tuple(all_kinds()) if report.kind in vague else (*all_kinds().compatible(report.kind), *vague),
        since=since,
        until=until,
        act=act,
        lat=place.lat if known and place else None,
        lon=place.lon if known and place else None,
        km=max(kind.km, rule["province_km" if may_slip else "other_place_km"]) if known else 0.0,
        country=place.country if place else None,
        days=_days(report, published) if known else None,
        words=held.names | held.words,
        place_words=words_of_name(place.name) if known and place else NO_WORDS,
        names=_telling(held.names) - (words_of_name(place.name) if place is not None else NO_WORDS),
        least_names=ceil(rule["binding_names"]),
    )


def _telling(names: frozenset[str]) -> frozenset[str]:
    """Those that few incidents share."""
    return frozenset(name for name in names if rarity(name) == 1)


def _days(report: Report, published: datetime) -> tuple[date, date]:
    """The days on which an incident anywhere in the country may be the report's: one of the texts may be taken to be
    about another place.
    """
    day = timedelta(1)
    if report.when is None or report.when.last_day - report.when.first_day > 3 * day:
        return published.date() - 2 * day, published.date()
    return report.when.first_day - day, report.when.last_day + day


def decide(member: Member, known: Sequence[Incident]) -> Decision:
    """Merge into the best incident that no veto forbids and that reaches the threshold; else a new one.

    A report that isn't sure enough of telling of a real, current incident to start one is dropped instead.
    """
    weights, threshold = rules("match")["weights"], rules("match")["threshold"]
    scored = [(_score(one.signs, weights), one) for one in signs_of_all(member, known)]
    scored.sort(key=lambda pair: (-pair[0], pair[1].incident))
    score, best = next(((score, one) for score, one in scored if not one.vetoes), (0.0, None))
    considered = tuple(_considered(one, weights) for _, one in scored[:_SHOWN])
    if best is not None and score >= threshold:
        reason = MatchScore(score=score, needed=threshold)
        return Decision(action="merge", incident=best.incident, reason=reason, considered=considered)
    reason = MatchScore() if best is None else MatchScore(score=score, needed=threshold)
    needed = _least(member)
    if member.report.probability < needed:
        reason = msgspec.structs.replace(reason, probability=member.report.probability, least=needed)
        return Decision(action="drop", reason=reason, considered=considered)
    near = threshold - rules("match")["sequel_doubt"]
    sequel_of = None
    if best is not None and score >= near and is_sequel(member.report) and not _is_recent(member, 1):
        known_as = next(incident for incident in known if incident.id == best.incident)
        sequel_of = None if _tells_more(member.report, known_as.facts) else known_as.id
    return Decision(action="new", reason=reason, considered=considered, sequel_of=sequel_of)


def _tells_more(report: Report, facts: Report) -> bool:
    """Does a report count more killed or hurt than are known? Then it may be of an act that nobody was told of."""
    pairs = ((report.killed, facts.killed), (report.injured, facts.injured))
    return any((new.low or 0) > (old.low or 0) for new, old in pairs)


def _least(member: Member) -> float:
    """The probability that a report needs to start an incident: less where it dates the act within some days of its
    publication and says where. Such a text is seldom about anything else, however little it tells.
    """
    place, rule = member.report.place, rules("match")
    is_placed = place is not None and place.precision not in AREAS
    return min(surely(), rule["surely_recent"]) if is_placed and _is_recent(member, rule["recent_days"]) else surely()


def _is_recent(member: Member, days: int) -> bool:
    """Does a report date the act to a day, at most so many before its publication?"""
    when, published = member.report.when, member.article.published
    if when is None or published is None or when.precision not in DAYS:
        return False
    return -1 <= (published.date() - when.last_day).days <= days


def _score(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The sum of the weighted signs, to four decimals."""
    return round(sum([weights[name] * value for name, value in signs.items()]), 4)


def _considered(one: Signs, weights: Mapping[str, float]) -> Considered:
    """Each part of the score of one known incident, rounded so that a reader can add them up, and what forbids it."""
    parts = {name: round(weights[name] * value, 4) for name, value in one.signs.items()}
    return Considered(incident=one.incident, score=round(sum(parts.values()), 4), parts=parts, vetoes=one.vetoes)
