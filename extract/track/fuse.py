"""What is known of an incident, by all its members? A pure function of the members.

Because nothing else goes in, the record doesn't depend on the order in which reports arrived, and it is the same again
after a split and a merge, or after a report is withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from extract.severity import HARM, certainty_of, is_denial, severity_of
from extract.track.attributes import may_postdate_event
from extract.track.changes import change
from extract.track.count_reconciliation import COUNTS, conflicts, reconcile
from extract.track.notices import notices_of, standing, told_before
from extract.track.official import fuse_magnitudes, fuse_officials
from extract.track.origins import independent_origins
from extract.track.rules import all_kinds, rules
from extract.track.signature import MARKS_OF_TIME
from extract.track.story import mean_story
from extract.track.summary import summary
from extract.types import (
    Action,
    Certainty,
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
    Stage,
    Status,
    Target,
    TimePrecision,
    Victim,
    Weapon,
    When,
)

# from the fewest votes to the most: a city gets more than a site
_PRECISIONS = (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT, Precision.SITE, Precision.CITY)
# from the coarsest to the finest
_TIME_PRECISIONS = (
    TimePrecision.YEAR,
    TimePrecision.MONTH,
    TimePrecision.WEEK,
    TimePrecision.DAY,
    TimePrecision.HOUR,
    TimePrecision.MINUTE,
)
# a text that gives the hour gives that of the event, not of a hearing or a count
_BY_THE_CLOCK = (TimePrecision.HOUR, TimePrecision.MINUTE)
_LISTS = ("perpetrators", "targets", "victims", "weapons", "context")
# from the weakest statement to the strongest
_RESPONSIBILITIES = (
    Responsibility.NOT_MENTIONED,
    Responsibility.NONE_REPORTED,
    Responsibility.SUSPECTED,
    Responsibility.DENIED,
    Responsibility.CLAIMED,
    Responsibility.CONFIRMED,
    Responsibility.COMPETING,
)


def fuse(members: Sequence[Member], *, id: str, before: Incident | None, now: datetime) -> Incident:
    """The incident that these members make up: the next version after ``before``, or the first where that is None.

    Without members it is ``before``, retracted.

    Raises:
        ValueError: neither members nor ``before``.
    """
    ordered = sorted(members, key=lambda m: (m.article.published_by or now, m.article.id))
    version = before.version + 1 if before else 1
    first_seen = before.first_seen if before else now
    articles = tuple({m.article.id: m.article for m in ordered}.values())
    if not ordered:
        if before is None:
            raise ValueError("an incident needs a member")
        return msgspec.structs.replace(before, version=version, lifecycle=Lifecycle.RETRACTED, last_seen=now)
    left = standing(ordered)
    lifecycle = _lifecycle(before, now) if left else Lifecycle.RETRACTED
    telling = left or told_before(ordered)
    facts = _facts(telling)
    incident = Incident(
        id=id,
        version=version,
        lifecycle=lifecycle,
        first_seen=first_seen,
        last_seen=now,
        facts=facts,
        origins=independent_origins([m for m in telling if not is_denial(m.report)] or telling),
        articles=articles,
        conflicts=conflicts(telling),
        summary=summary(facts),
        replies=before.replies if before else (),
        told_best=_told_best(telling, facts),
        notices=notices_of(ordered),
    )
    if before is None or change(before, incident, article="", now=now).action is not Action.REPLY:
        return incident
    return msgspec.structs.replace(incident, replies=(*incident.replies, now)[-rules("fuse")["replies"] :])


def age(incident: Incident, now: datetime) -> Incident | None:
    """The next version of an incident without news for some time: stable, later closed. None where neither is due."""
    rule, quiet = rules("lifecycle"), now - incident.last_seen
    due = incident.lifecycle
    if quiet >= timedelta(hours=rule["closed_hours"]):
        due = Lifecycle.CLOSED
    elif quiet >= timedelta(hours=rule["stable_hours"]) and due is not Lifecycle.CLOSED:
        due = Lifecycle.STABLE
    if due is incident.lifecycle or incident.lifecycle is Lifecycle.RETRACTED:
        return None
    return msgspec.structs.replace(incident, lifecycle=due, version=incident.version + 1)


def _told_best(members: Sequence[Member], facts: Report) -> str:
    """The id of the article that tells the act best: by the source's tier, then the most specific, then the newest.

    The most specific is the one that gives most of the facts as the record has them. News of the act comes before news
    of what followed, and an article with a title before one without.
    """

    def rank(position: int) -> tuple[bool, bool, int, int, int]:
        article, report = members[position].article, members[position].report
        same = sum(given == fact for given, fact in zip(_specifics(report), _specifics(facts), strict=True) if fact)
        return bool(article.title), report.news is News.EVENT, -article.tier, same, position

    return members[max(range(len(members)), key=rank)].article.id


def _specifics(report: Report) -> tuple[object, ...]:
    """Kind, place, first day, magnitude and the people harmed; None or 0 where the report doesn't tell."""
    counts = (getattr(report, field) for field in HARM)
    day = report.when.first_day if report.when else None
    place = report.place.name if report.place else None
    return report.kind, place, day, report.magnitude, *(count.low for count in counts)


def _lifecycle(before: Incident | None, now: datetime) -> Lifecycle:
    if before is None:
        return Lifecycle.NEW
    if before.lifecycle is Lifecycle.RETRACTED:  # by an administrator, who alone can take that back
        return Lifecycle.RETRACTED
    quiet = now - before.last_seen
    if quiet > timedelta(hours=rules("lifecycle")["closed_hours"]):
        return Lifecycle.STABLE
    return Lifecycle.DEVELOPING


def _facts(members: Sequence[Member]) -> Report:
    reports = [m.report for m in members]
    kind = _kind(reports)
    place, place_from = _place(members)
    when, when_from = _when(members)
    counts, count_from = reconcile(members)
    responsibility, responsibility_from = _responsibility(members)
    status, status_from = _latest_status(members)
    magnitude, magnitude_from = fuse_magnitudes(members)
    base = next((r for r in reports if r.kind == kind), reports[0])
    lists, list_quotes = _lists(members)
    sources: dict[str, Member | None] = {
        "kind": next(m for m in members if m.report is base),
        "place": place_from,
        "when": when_from,
        "responsibility": responsibility_from,
        "status": status_from,
        "magnitude": magnitude_from,
        **count_from,
    }
    stating = next((m for m in members if m.report.official is not None), None)
    sources["official"] = stating
    evidence = {f: _quotes(m, f) for f, m in sources.items() if m is not None and m.report.evidence.get(f)}
    probability = max(r.probability for r in reports)
    stage = max((r.stage for r in reports), key=lambda s: (s is Stage.ACCOMPLISHED, s is Stage.ATTEMPTED))
    fused = Report(
        news=News.EVENT if any(r.news is News.EVENT for r in reports) else News.FOLLOW_UP,
        kind=kind,
        codes=base.codes,
        stage=stage,
        place=place,
        when=when,
        responsibility=responsibility,
        status=status,
        magnitude=magnitude,
        urgency=next((m.report.urgency for m in reversed(members) if m.report.status is status), reports[-1].urgency),
        certainty=_certainty(members),
        probability=probability,
        evidence={**evidence, **list_quotes},
        claims=_claims(members),
        words=_words(reports, when_from.report if when_from else reports[0]),
        story=mean_story(report.story for report in reports),
        official=fuse_officials(reports),
    )
    facts = msgspec.structs.replace(fused, **counts, **lists)
    return msgspec.structs.replace(facts, severity=severity_of(all_kinds()[kind], facts))


def _kind(reports: Sequence[Report]) -> str:
    """The kind that most reports give, of near equals the more specific one."""
    votes: dict[str, float] = defaultdict(float)
    rule, kinds = rules("fuse")["kind_votes"], all_kinds()
    for report in reports:
        votes[report.kind] += (rule["base"] + report.probability) * _event_share(report, rule["follow_up"])
    return max(votes, key=lambda k: (votes[k] * kinds[k].specificity ** rule["specificity_power"], k))


def _event_share(report: Report, follow_up: float) -> float:
    """1 for news of the event itself, ``follow_up`` for what came after."""
    return 1.0 if report.news is News.EVENT else follow_up


def _place(members: Sequence[Member]) -> tuple[Place | None, Member | None]:
    """The place with the most votes, and a member that gives it. A finer place has more votes; of a town and the only
    landmark in it that is told it is the landmark."""
    rule = rules("fuse")["place_votes"]
    votes: dict[tuple[int | None, str], float] = defaultdict(float)
    best: dict[tuple[int | None, str], Member] = {}
    for member in members:
        place = member.report.place
        if place is not None:
            key = (place.geonameid, place.name)
            is_event = member.report.news is News.EVENT
            steps = _PRECISIONS.index(place.precision)
            votes[key] += rule["base"] + rule["step"] * steps + (rule["event"] if is_event else 0.0)
            best.setdefault(key, member)
    if not votes:
        return None, None
    winner = max(votes, key=lambda k: (votes[k], str(k)))
    sites = [k for k in votes if k[0] == winner[0] and _is_landmark(best[k].report.place)]
    chosen = best[sites[0] if len(sites) == 1 else winner]
    return chosen.report.place, chosen


def _is_landmark(place: Place | None) -> bool:
    return place is not None and place.precision is Precision.SITE and place.geonameid is not None


def _when(members: Sequence[Member]) -> tuple[When | None, Member | None]:
    """The days with the most votes, at the finest precision given, and the member that gives it."""
    rule = rules("fuse")["time_votes"]
    votes: dict[str, float] = defaultdict(float)
    best: dict[str, Member] = {}
    for member in members:
        when = member.report.when
        if when is None:
            continue
        key = f"{when.first_day}/{when.last_day}"
        may_be_late = may_postdate_event(member.report) and when.precision not in _BY_THE_CLOCK
        steps = _TIME_PRECISIONS.index(when.precision)
        votes[key] += (rule["base"] + rule["step"] * min(rule["most_steps"], steps)) * (
            rule["may_be_late"] if may_be_late else 1.0
        )
        kept = best.get(key)
        if kept is None or (kept.report.when and _TIME_PRECISIONS.index(kept.report.when.precision) < steps):
            best[key] = member
    if not votes:
        return None, None
    # of equals the first: a wrong date is mostly too late, that of the news
    winner = max(sorted(votes), key=lambda day: votes[day])
    return best[winner].report.when, best[winner]


def _responsibility(members: Sequence[Member]) -> tuple[Responsibility, Member | None]:
    """The strongest statement on responsibility, and its member; competing where two groups claim it."""
    claimants = {
        p.name.lower()
        for m in members
        for p in m.report.perpetrators
        if p.type == "organization" and p.confidence is Confidence.CLAIMED_OR_ADMITTED
    }
    best = max(members, key=lambda m: _RESPONSIBILITIES.index(m.report.responsibility))
    if best.report.responsibility is Responsibility.NOT_MENTIONED:
        return Responsibility.NOT_MENTIONED, None
    first_words = {name.split()[0] for name in claimants}
    if len(claimants) > 1 and len(first_words) > 1 and best.report.responsibility is Responsibility.CLAIMED:
        return Responsibility.COMPETING, best
    return best.report.responsibility, best


def _latest_status(members: Sequence[Member]) -> tuple[Status, Member | None]:
    """The latest status that is known, and its member."""
    for member in reversed(members):
        if member.report.status is not Status.UNKNOWN:
            return member.report.status, member
    return Status.UNKNOWN, None


def _certainty(members: Sequence[Member]) -> Certainty:
    """By the members that report the act; those that deny it confirm nothing, and make it less certain.

    It is unlikely where the latest word is a denial that outweighs them. What a side of the fight denies is only
    disputed.
    """
    telling = [m for m in members if not is_denial(m.report)]
    denying = [m for m in members if is_denial(m.report)]
    if not telling or (denying and members[-1] is denying[-1] and _is_outweighed(telling, denying)):
        return Certainty.UNLIKELY
    return certainty_of(
        max(m.report.probability for m in telling),
        official=any(_is_observed(m.report) or any(c.official for c in m.report.claims) for m in telling),
        origins=independent_origins([m for m in telling if not is_denial(m.report)] or telling),
        denied=len(telling) < len(members),
    )


def _is_observed(report: Report) -> bool:
    """Does an authority state that the event has happened, not only that it may?"""
    return report.official is not None and report.stage is Stage.ACCOMPLISHED


def _is_outweighed(telling: Sequence[Member], denying: Sequence[Member]) -> bool:
    """Do those who deny the act count for more than those who tell of it?

    An official who denies it counts for more than any number of outlets, unless they count harm.
    """
    notices = [m.report.notice for m in denying if m.report.notice is not None]
    if any(notice.is_party for notice in notices):
        return False
    is_official = any(notice.by for notice in notices)
    harm = rules("fuse")["harm_beside_denial"] if is_official else HARM
    if any(getattr(m.report, field).low for m in telling for field in harm):
        return False
    return is_official or independent_origins(denying) >= independent_origins(telling)


def _lists(members: Sequence[Member]) -> tuple[dict[str, tuple[object, ...]], dict[str, tuple[Quote, ...]]]:
    """The people and things of all members, each once, and the quotes of those that are kept, by field."""
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
        most = rules("fuse")[field]
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
    """The latest claims about numbers, each with its article, source and time."""
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
    """The words that most members share, up to a limit, sorted; marks of time are those of the report that gives it."""
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
