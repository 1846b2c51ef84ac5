"""To which known incident does a report belong? Place, time and kind are keys, likeness only breaks ties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from extract.places import distance_km
from extract.text.signature import fold, likeness
from extract.track.rules import all_kinds, rules
from extract.types import (
    Considered,
    Count,
    CountState,
    Decision,
    Effect,
    Incident,
    Member,
    News,
    Place,
    Precision,
    Report,
    SearchWindow,
    TimePrecision,
    When,
)

_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)


def search_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a report published then."""
    kind = all_kinds()[report.kind]
    slack = timedelta(days=max(1, round(kind.hours / 24)))
    if report.when is not None and report.when.precision in _DAYS:
        since, until = report.when.first_day - slack, report.when.last_day + slack
    else:
        since, until = published.date() - slack, published.date() + timedelta(1)
    if report.news is News.FOLLOW_UP and (report.when is None or report.when.precision not in _DAYS):
        since = published.date() - timedelta(rules("match")["follow_up_days"])
    place = report.place
    known = place is not None and place.lat is not None and place.precision not in _AREAS
    return SearchWindow(
        kinds=all_kinds().compatible(report.kind),
        since=since,
        until=until,
        lat=place.lat if known and place else None,
        lon=place.lon if known and place else None,
        km=max(kind.km, rules("match")["other_place_km"]) if known else 0.0,
        country=place.country if place else None,
    )


def decide(member: Member, known: Sequence[Incident]) -> Decision:
    """Merge into the best incident that no veto forbids and that reaches the threshold; else a new one."""
    weighed = [weigh(member, incident) for incident in known]
    weighed.sort(key=lambda c: (-c.score, c.incident))
    threshold = rules("match")["threshold"]
    best = next((c for c in weighed if not c.vetoes), None)
    if best is not None and best.score >= threshold:
        return Decision(
            action="merge",
            incident=best.incident,
            reason=f"{best.score:.2f} of {threshold} needed",
            considered=tuple(weighed[:5]),
        )
    reason = "no known incident qualifies" if best is None else f"the nearest reaches {best.score:.2f} of {threshold}"
    return Decision(action="new", reason=reason, considered=tuple(weighed[:5]))


def weigh(member: Member, incident: Incident) -> Considered:
    """Each part of the score of one known incident, and what forbids the match."""
    report, facts = member.report, incident.facts
    place, place_veto = _place(report, facts)
    when, time_veto = _time(member, incident)
    parts = {
        "place": place,
        "time": when,
        "kind": _kind(report, facts),
        "killed": _count(report.killed, facts.killed, "same_killed"),
        "injured": _count(report.injured, facts.injured, "same_injured"),
        "targets": _targets(report, facts),
        "victims": _victims(report, facts),
        "means": _means(report, facts),
        "wording": _wording(report, facts),
    }
    vetoes = [v for v in (place_veto, time_veto) if v]
    if parts["place"] <= 0 and parts["time"] <= rules("match")["unknown_time"] and parts["victims"] <= 0:
        vetoes.append("neither place nor time agrees")
    return Considered(incident=incident.id, score=round(sum(parts.values()), 4), parts=parts, vetoes=tuple(vetoes))


def _place(report: Report, facts: Report) -> tuple[float, str]:
    rule = rules("match")
    one, two = report.place, facts.place
    if one is None or two is None:
        return rule["unknown_place"], ""
    if one.country and two.country and one.country != two.country:
        return 0.0, "another country"
    if one.precision in _AREAS or two.precision in _AREAS:
        return _areas(one, two)
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return rule["same_place"], ""
    km = distance_km(one, two)
    if km is None:
        same = one.name == two.name or one.admin1 == two.admin1
        return (rule["within"], "") if same else (0.0, "another place")
    limit = min(rule["other_place_km"], all_kinds()[report.kind].km)
    if km > max(limit, all_kinds()[facts.kind].km if facts.kind != report.kind else limit):
        return 0.0, f"another place, {km:.0f} km away"
    return (rule["near"], "") if km <= rule["near_km"] else (rule["within"] * (1 - km / (2 * limit)), "")


def _areas(one: Place, two: Place) -> tuple[float, str]:
    """At least one is a province or country: it can hold the other, or be another province."""
    rule = rules("match")
    if one.geonameid == two.geonameid:
        return rule["same_place"] / (2 if one.precision is Precision.COUNTRY else 1.3), ""
    if Precision.COUNTRY in (one.precision, two.precision) or not one.admin1 or not two.admin1:
        return rule["within"], ""
    return (rule["within"], "") if one.admin1 == two.admin1 else (0.0, "another province")


def _time(member: Member, incident: Incident) -> tuple[float, str]:
    rule = rules("match")
    one, two = member.report.when, incident.facts.when
    published = member.article.published
    if one is None or two is None:
        return _time_unknown(one, two, published, incident)
    gap = _gap(one, two)
    if gap == 0:
        exact = one.precision in _DAYS and two.precision in _DAYS
        return rule["same_day"] if exact else rule["overlap_coarse"], ""
    days = one.precision in _DAYS and two.precision in _DAYS
    if days and gap >= rule["other_day"] and gap * 24 > _reach(member.report, incident):
        return 0.0, f"another day, {gap} days apart"
    if gap == 1:
        return rule["next_day"], ""
    return (0.0, f"another day, {gap} days apart") if days else (0.0, "")


def _reach(report: Report, incident: Incident) -> float:
    """Hours two days of one incident may lie apart: long for what lasts, a day for a single act."""
    kinds = all_kinds()
    return min(kinds[report.kind].hours, kinds[incident.facts.kind].hours) / 3


def _time_unknown(
    one: When | None, two: When | None, published: datetime | None, incident: Incident
) -> tuple[float, str]:
    known = one or two
    other = published if one is None else incident.first_seen
    if known is None or other is None:
        return rules("match")["unknown_time"], ""
    back = (other.date() - known.last_day).days
    if -1 <= back <= all_kinds()[incident.facts.kind].hours / 24 + 1:
        return rules("match")["unknown_time"], ""
    return 0.0, ""


def _gap(one: When, two: When) -> int:
    """Whole days between two spans; 0 where they overlap."""
    first, last = max(one.first_day, two.first_day), min(one.last_day, two.last_day)
    return max(0, (first - last).days)


def _kind(report: Report, facts: Report) -> float:
    return float(rules("match")["same_kind" if report.kind == facts.kind else "turns_into"])


def _count(new: Count, known: Count, same: str) -> float:
    rule = rules("match")
    if new.state is not CountState.COUNTED or known.state is not CountState.COUNTED or not new.low or not known.low:
        return 0.0
    if new.low == known.low:
        return float(rule[same])
    return float(rule["rising"] if new.low > known.low else rule["falling"])


def _targets(report: Report, facts: Report) -> float:
    one, two = ({w for t in r.targets[:3] for w in t.name.lower().split()} for r in (report, facts))
    if not one or not two:
        return 0.0
    return float(rules("match")["same_target" if one & two else "other_target"])


def _means(report: Report, facts: Report) -> float:
    """Bombs against guns: another act, where both texts name what was used."""
    one, two = ({w.type for w in r.weapons} - {None} for r in (report, facts))
    return float(rules("match")["other_means"]) if one and two and not one & two else 0.0


def _victims(report: Report, facts: Report) -> float:
    """Named people: one in common binds, two single victims with other names part."""
    one, two = _named(report), _named(facts)
    if not one or not two:
        return 0.0
    if any(a == b or a.split()[-1] == b.split()[-1] for a in one for b in two):
        return float(rules("match")["victim"])
    single = len(one) == 1 and len(two) == 1 and report.killed.high in (1, None) and facts.killed.high in (1, None)
    return float(rules("match")["other_victim"]) if single else 0.0


def _named(report: Report) -> set[str]:
    return {
        v.name.lower()
        for v in report.victims
        if v.effect in (Effect.KILLED, Effect.INJURED)
        and len(v.name.split()) > 1
        and all(w[:1].isupper() for w in v.name.split())
    }


def _wording(report: Report, facts: Report) -> float:
    rule = rules("match")
    if not report.words or not facts.words:
        return 0.0
    alike = likeness(report.words, facts.words, besides=_place_words(report.place) | _place_words(facts.place))
    return float(rule["unlike_wording"] if alike < rule["unlike_below"] else rule["wording"] * alike)


def _place_words(place: Place | None) -> set[str]:
    """The words of a place's own name: two reports from one city share them whatever they tell."""
    if place is None:
        return set()
    return {fold(word) for name in (place.name, place.admin1 or "") for word in name.split()}
