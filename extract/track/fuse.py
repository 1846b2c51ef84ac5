"""What is known of an incident, once all its members are heard? A pure function of the members.

Because nothing else goes in, the order in which reports came, a split, a merge or a withdrawn report all end at the
same record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from extract.decide.severity import certainty_of, severity_of
from extract.lexicon import priors
from extract.track.attributes import may_date_late
from extract.track.changes import change
from extract.track.count_reconciliation import COUNTS, conflicts, settle
from extract.track.origins import independent
from extract.track.rules import all_kinds, rules
from extract.track.signature import MARKS_OF_TIME
from extract.track.summary import summary
from extract.types import (
    Action,
    Claim,
    Confidence,
    Incident,
    Lifecycle,
    Member,
    News,
    Perpetrator,
    Place,
    Precision,
    Quote,
    Report,
    Responsibility,
    Status,
    Target,
    TimePrecision,
    Victim,
    Weapon,
    When,
)

_PRECISION = (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT, Precision.SITE, Precision.CITY)
_FINE = (
    TimePrecision.YEAR,
    TimePrecision.MONTH,
    TimePrecision.WEEK,
    TimePrecision.DAY,
    TimePrecision.HOUR,
    TimePrecision.MINUTE,
)
# whoever gives the hour means the act's, not that of a court or a count
_BY_THE_CLOCK = (TimePrecision.HOUR, TimePrecision.MINUTE)
_REPLIES_KEPT = 8
_LISTS = ("perpetrators", "targets", "victims", "weapons", "context")
_RESPONSIBILITY = (
    Responsibility.NOT_MENTIONED,
    Responsibility.NONE_REPORTED,
    Responsibility.SUSPECTED,
    Responsibility.DENIED,
    Responsibility.CLAIMED,
    Responsibility.CONFIRMED,
    Responsibility.COMPETING,
)


def fuse(members: Sequence[Member], *, id: str, before: Incident | None, now: datetime) -> Incident:
    """The incident that these members make; the next version after ``before``."""
    ordered = sorted(members, key=lambda m: (m.article.published or now, m.article.id))
    version = before.version + 1 if before else 1
    first_seen = before.first_seen if before else now
    origins = independent(ordered)
    articles = tuple({m.article.id: m.article for m in ordered}.values())
    if not ordered:
        if before is None:
            raise ValueError("an incident needs a member")
        return msgspec.structs.replace(before, version=version, lifecycle=Lifecycle.RETRACTED, last_seen=now)
    facts = _facts(ordered, origins)
    incident = Incident(
        id=id,
        version=version,
        lifecycle=_lifecycle(before, now),
        first_seen=first_seen,
        last_seen=now,
        facts=facts,
        origins=origins,
        articles=articles,
        conflicts=conflicts(ordered),
        summary=summary(facts),
        replies=before.replies if before else (),
    )
    if before is None or change(before, incident, article="", now=now).action is not Action.REPLY:
        return incident
    return msgspec.structs.replace(incident, replies=(*incident.replies, now)[-_REPLIES_KEPT:])


def age(incident: Incident, now: datetime) -> Incident | None:
    """The next version of an incident long unheard of: stable, later closed. None where neither is due."""
    rule, quiet = rules("lifecycle"), now - incident.last_seen
    due = incident.lifecycle
    if quiet >= timedelta(hours=rule["closed_hours"]):
        due = Lifecycle.CLOSED
    elif quiet >= timedelta(hours=rule["stable_hours"]) and due is not Lifecycle.CLOSED:
        due = Lifecycle.STABLE
    if due is incident.lifecycle or incident.lifecycle is Lifecycle.RETRACTED:
        return None
    return msgspec.structs.replace(incident, lifecycle=due, version=incident.version + 1)


def _lifecycle(before: Incident | None, now: datetime) -> Lifecycle:
    if before is None:
        return Lifecycle.NEW
    if before.lifecycle is Lifecycle.RETRACTED:  # by an administrator, who alone can take that back
        return Lifecycle.RETRACTED
    quiet = now - before.last_seen
    if quiet > timedelta(hours=rules("lifecycle")["closed_hours"]):
        return Lifecycle.STABLE
    return Lifecycle.DEVELOPING


def _facts(members: Sequence[Member], origins: int) -> Report:
    reports = [m.report for m in members]
    kind = _kind(reports)
    place, place_from = _place(members)
    when, when_from = _when(members)
    counts, count_from = settle(members)
    responsibility, responsibility_from = _strongest(members)
    status, status_from = _latest_status(members)
    base = next((r for r in reports if r.kind == kind), reports[0])
    lists, list_quotes = _lists(members)
    sources: dict[str, Member | None] = {
        "kind": next(m for m in members if m.report is base),
        "place": place_from,
        "when": when_from,
        "responsibility": responsibility_from,
        "status": status_from,
        **count_from,
    }
    evidence = {f: _quotes(m, f) for f, m in sources.items() if m is not None and m.report.evidence.get(f)}
    probability = max(r.probability for r in reports)
    official = any(c.official for r in reports for c in r.claims)
    stage = max((r.stage for r in reports), key=lambda s: (s == "accomplished", s == "attempted"))
    fused = Report(
        news=News.EVENT if any(r.news is News.EVENT for r in reports) else News.FOLLOW_UP,
        kind=kind,
        codes=base.codes,
        stage=stage,
        place=place,
        when=when,
        responsibility=responsibility,
        status=status,
        severity=severity_of(all_kinds()[kind], counts, status=status, stage=stage),
        urgency=next((m.report.urgency for m in reversed(members) if m.report.status is status), reports[-1].urgency),
        certainty=certainty_of(probability, official=official, origins=origins),
        probability=probability,
        evidence={**evidence, **list_quotes},
        claims=_claims(members),
        words=_words(reports, when_from.report if when_from else reports[0]),
    )
    return msgspec.structs.replace(fused, **counts, **lists)


def _kind(reports: Sequence[Report]) -> str:
    """The kind most reports give; of near equals the more telling."""
    votes: dict[str, float] = defaultdict(float)
    for report in reports:
        votes[report.kind] += (0.5 + report.probability) * (1.0 if report.news is News.EVENT else 0.5)
    prior = priors()
    return max(votes, key=lambda k: (votes[k] * prior[k] ** 0.5, k))


def _place(members: Sequence[Member]) -> tuple[Place | None, Member | None]:
    """The place most members name at the finest level; a lone finer place inside another's area wins over it."""
    votes: dict[tuple[int | None, str], float] = defaultdict(float)
    best: dict[tuple[int | None, str], Member] = {}
    for member in members:
        place = member.report.place
        if place is not None:
            key = (place.geonameid, place.name)
            votes[key] += (
                1.0 + 0.8 * _PRECISION.index(place.precision) + (0.3 if member.report.news is News.EVENT else 0.0)
            )
            best.setdefault(key, member)
    if not votes:
        return None, None
    winner = max(votes, key=lambda k: (votes[k], str(k)))
    return best[winner].report.place, best[winner]


def _when(members: Sequence[Member]) -> tuple[When | None, Member | None]:
    votes: dict[str, float] = defaultdict(float)
    best: dict[str, Member] = {}
    for member in members:
        when = member.report.when
        if when is None:
            continue
        key = f"{when.first_day}/{when.last_day}"
        told_later = may_date_late(member.report) and when.precision not in _BY_THE_CLOCK
        votes[key] += (1.0 + 0.5 * min(3, _FINE.index(when.precision))) * (0.4 if told_later else 1.0)
        kept = best.get(key)
        if kept is None or (kept.report.when and _FINE.index(kept.report.when.precision) < _FINE.index(when.precision)):
            best[key] = member
    if not votes:
        return None, None
    winner = max(sorted(votes), key=lambda day: votes[day])  # of equals the first: what errs, errs towards the news
    return best[winner].report.when, best[winner]


def _strongest(members: Sequence[Member]) -> tuple[Responsibility, Member | None]:
    """The strongest word on responsibility; two groups that both claim it compete."""
    claimants = {
        p.name.lower()
        for m in members
        for p in m.report.perpetrators
        if p.type == "organization" and p.confidence is Confidence.CLAIMED_OR_ADMITTED
    }
    best = max(members, key=lambda m: _RESPONSIBILITY.index(m.report.responsibility))
    if best.report.responsibility is Responsibility.NOT_MENTIONED:
        return Responsibility.NOT_MENTIONED, None
    firsts = {name.split()[0] for name in claimants}
    if len(claimants) > 1 and len(firsts) > 1 and best.report.responsibility is Responsibility.CLAIMED:
        return Responsibility.COMPETING, best
    return best.report.responsibility, best


def _latest_status(members: Sequence[Member]) -> tuple[Status, Member | None]:
    for member in reversed(members):
        if member.report.status is not Status.UNKNOWN:
            return member.report.status, member
    return Status.UNKNOWN, None


def _lists(members: Sequence[Member]) -> tuple[dict[str, tuple[object, ...]], dict[str, tuple[Quote, ...]]]:
    """People and things over all members, each once, with the quotes of those that are kept."""
    out: dict[str, tuple[object, ...]] = {}
    quotes: dict[str, tuple[Quote, ...]] = {}
    for field in _LISTS:
        kept: list[Perpetrator | Target | Victim | Weapon | str] = []
        shown: list[Quote] = []
        for member in members:
            for item in getattr(member.report, field):
                if not any(_same_name(item, other) for other in kept):
                    kept.append(item)
                    shown += [q for q in _quotes(member, field) if q.quote == _name(item)][:1]
        most = rules("fuse").get(field, 12)
        out[field], quotes[field] = tuple(kept[:most]), tuple(shown[:most])
    known = {_name(p).lower() for p in out["perpetrators"]}
    out["context"] = tuple(c for c in out["context"] if _name(c).lower() not in known)
    return out, {f: q for f, q in quotes.items() if q}


def _name(item: object) -> str:
    return item if isinstance(item, str) else str(getattr(item, "name", ""))


def _same_name(one: object, two: object) -> bool:
    a, b = set(_name(one).lower().split()), set(_name(two).lower().split())
    return a <= b or b <= a


def _quotes(member: Member, field: str) -> tuple[Quote, ...]:
    return tuple(msgspec.structs.replace(q, article=member.article.id) for q in member.report.evidence.get(field, ()))


def _claims(members: Sequence[Member]) -> tuple[Claim, ...]:
    out = [
        msgspec.structs.replace(
            c,
            evidence=msgspec.structs.replace(c.evidence, article=m.article.id),
            source=c.source or m.article.source,
            at=c.at or m.article.published,
        )
        for m in members
        for c in m.report.claims
        if c.field in COUNTS
    ]
    return tuple(out[-rules("fuse")["claims"] :])


def _words(reports: Sequence[Report], timed: Report) -> tuple[str, ...]:
    """The words most members share first, up to a limit; what they say of the time is by the text that gives it."""
    if len(reports) == 1 and len(timed.words) <= rules("fuse")["words"]:
        return timed.words
    votes: dict[str, int] = defaultdict(int)
    for report in reports:
        for word in report.words:
            votes[word] += 1
    for mark in MARKS_OF_TIME:
        votes.pop(mark, None)
    ranked = sorted(votes, key=lambda w: (-votes[w], w))[: rules("fuse")["words"]]
    return tuple(sorted([*ranked, *(mark for mark in MARKS_OF_TIME if mark in timed.words)]))
