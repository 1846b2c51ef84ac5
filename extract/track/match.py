"""To which known incident does a report belong? Place, time and kind are keys, likeness only breaks ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from extract.places import distance_km
from extract.text.signature import AFTERMATH, fold, likeness, parted, rarity
from extract.track.rules import all_kinds, rules, surely
from extract.track.summary import country
from extract.types import (
    Considered,
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
_NOBODY: Mapping[str, int] = MappingProxyType({})
_NO_PLACE = ("unknown_place", "within", "far")
_SAME_TIME = ("same_day", "next_day")
_DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)


def search_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a report published then."""
    kind, rule = all_kinds()[report.kind], rules("match")
    slack = timedelta(days=max(rule["slip_days"], round(kind.hours / 24)))
    since, until = published.date() - slack, published.date() + timedelta(1)
    if report.when is not None:
        since, until = report.when.first_day - slack, report.when.last_day + slack
    if report.news is News.FOLLOW_UP or AFTERMATH in report.words or report.when is None:
        since = min(since, published.date() - timedelta(rule["follow_up_days"]))
        until = max(until, published.date() + timedelta(1))
    place = report.place
    known = place is not None and place.lat is not None and place.precision not in _AREAS
    return SearchWindow(
        kinds=all_kinds().compatible(report.kind),
        since=since,
        until=until,
        lat=place.lat if known and place else None,
        lon=place.lon if known and place else None,
        km=max(kind.km, rule["province_km"]) if known else 0.0,
        country=place.country if place else None,
    )


def decide(member: Member, known: Sequence[Incident]) -> Decision:
    """Merge into the best incident that no veto forbids and that reaches the threshold; else a new one.

    A report that isn't sure enough of telling of a real, current incident to start one is dropped instead.
    """
    shared = names_held(member.report, known)
    weighed = [weigh(member, incident, shared) for incident in known]
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
    needed = surely()
    if member.report.probability < needed:
        reason = f"{reason}; and {member.report.probability:.2f} of {needed} needed to start one"
        return Decision(action="drop", reason=reason, considered=tuple(weighed[:5]))
    return Decision(action="new", reason=reason, considered=tuple(weighed[:5]))


def weigh(member: Member, incident: Incident, shared: Mapping[str, int] = _NOBODY) -> Considered:
    """Each part of the score of one known incident, and what forbids the match. ``shared``: as in ``signs``."""
    found, vetoes = signs(member, incident, shared)
    weights = rules("match")["weights"]
    parts = {name: round(weights[name] * value, 4) for name, value in found.items()}
    score = round(sum(parts.values()), 4)
    return Considered(incident=incident.id, score=score, parts=parts, vetoes=vetoes)


def names_held(report: Report, known: Sequence[Incident]) -> Mapping[str, int]:
    """In how many of the known incidents each name of a report stands."""
    names = parted(report.words).names
    return Counter(name for incident in known for name in names & parted(incident.facts.words).names)


def signs(
    member: Member, incident: Incident, shared: Mapping[str, int] = _NOBODY
) -> tuple[dict[str, float], tuple[str, ...]]:
    """What speaks for and against the match, each with its strength (most are 1), and what forbids it.

    The names are those of the weights in ``data/track.toml``. ``shared`` says in how many of the known incidents each
    name of the report stands: one that many hold (a police chief's) binds to none.
    """
    report, facts = member.report, incident.facts
    rule = rules("match")
    names, wording = _words(report, facts, shared)
    victims = _victims(report, facts)
    bound = victims == "victim" or names >= rule["binding_names"]
    place, place_veto = _place(report, facts, bound)
    time, time_veto = _time(member, incident, bound, names >= rule["sure_names"])
    signs = {
        place: 1.0,
        time: 1.0,
        "same_kind" if report.kind == facts.kind else "turns_into": 1.0,
        "names": min(names, rule["most_names"]),
        "wording": wording,
        **_counts(report, facts),
        **_means(report, facts),
        **_ages(report, facts),
        **dict.fromkeys([victims] if victims else [], 1.0),
    }
    if not names and parted(report.words).names and parted(facts.words).names:
        signs["no_name"] = 1.0
    vetoes = [v for v in (place_veto, time_veto) if v]
    if report.kind not in all_kinds().compatible(facts.kind):
        vetoes.append(f"a {report.kind} doesn't turn into a {facts.kind}")
    if place in _NO_PLACE and time not in _SAME_TIME and not bound:
        vetoes.append("neither place nor time agrees")
    if place == "unknown_place" and time == "unknown_time" and victims != "victim":
        vetoes.append("neither place nor time is known")
    return signs, tuple(vetoes)


def _place(report: Report, facts: Report, bound: bool) -> tuple[str, str]:
    """The name of the places' relation, and the veto. ``bound``: names tie the texts, so that a place within the same
    province but further away may be a slip of one of them.
    """
    rule = rules("match")
    one, two = report.place, facts.place
    if one is None or two is None:
        return "unknown_place", ""
    if one.country and two.country and one.country != two.country:
        return "far", "another country"
    if one.precision in _AREAS or two.precision in _AREAS:
        return _areas(one, two)
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_place", ""
    same_province = bool(one.admin1) and one.admin1 == two.admin1
    km = distance_km(one, two)
    if km is None:
        same = one.name == two.name or same_province
        return ("within", "") if same else ("far", "another place")
    limit = max(rule["other_place_km"], all_kinds()[report.kind].km, all_kinds()[facts.kind].km)
    if km <= rule["near_km"]:
        return "near", ""
    if km <= min(limit, rule["around_km"]):
        return "around", ""
    if km <= limit or (bound and same_province):
        return "far", ""
    return "far", f"another place, {km:.0f} km away"


def _areas(one: Place, two: Place) -> tuple[str, str]:
    """At least one is a province or country: it can hold the other, or be another province."""
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_area", ""
    if Precision.COUNTRY in (one.precision, two.precision) or not one.admin1 or not two.admin1:
        return "within", ""
    return ("within", "") if one.admin1 == two.admin1 else ("far", "another province")


def _time(member: Member, incident: Incident, bound: bool, sure: bool) -> tuple[str, str]:
    """The name of the times' relation, and the veto.

    A text about what came after often gives the time of that: it may be later than the incident's. ``bound``: names
    tie the texts; ``sure``: so many that a few days' difference is a slip in any text.
    """
    rule = rules("match")
    one, two = member.report.when, incident.facts.when
    if one is None or two is None:
        return _time_unknown(one, two, member, incident)
    gap = _gap(one, two)
    days = one.precision in _DAYS and two.precision in _DAYS
    if gap == 0:
        return ("same_day" if days else "overlap_coarse"), ""
    if gap == 1:
        return "next_day", ""
    if gap * 24 <= _reach(member.report, incident):
        return "near_day", ""
    if sure and gap <= rule["slip_days"]:
        return "near_day", ""
    if gap <= rule["follow_up_days"] and (bound or gap <= rule["slip_days"]) and _may_slip(member.report, incident):
        return ("near_day" if gap <= rule["slip_days"] else "later"), ""
    return "other_day", f"another day, {gap} days apart"


def _may_slip(report: Report, incident: Incident) -> bool:
    """Is either text about what came after, so that its time may be another than the act's?"""
    return any(r.news is News.FOLLOW_UP or AFTERMATH in r.words for r in (report, incident.facts))


def _reach(report: Report, incident: Incident) -> float:
    """Hours two days of one incident may lie apart: long for what lasts, a day for a single act."""
    kinds = all_kinds()
    return min(kinds[report.kind].hours, kinds[incident.facts.kind].hours) / 3


def _time_unknown(one: When | None, two: When | None, member: Member, incident: Incident) -> tuple[str, str]:
    known = one or two
    other = member.article.published if one is None else incident.first_seen
    if known is None or other is None:
        return "unknown_time", ""
    back = (other.date() - known.last_day).days
    kinds = all_kinds()
    if -1 <= back <= max(kinds[member.report.kind].hours, kinds[incident.facts.kind].hours) / 24 + 1:
        return "unknown_time", ""
    limit = rules("match")["follow_up_days"]
    return ("later", "") if abs(back) <= limit else ("other_day", f"another day, {abs(back)} days apart")


def _gap(one: When, two: When) -> int:
    """Whole days between two spans; 0 where they overlap."""
    first, last = max(one.first_day, two.first_day), min(one.last_day, two.last_day)
    return max(0, (first - last).days)


def _counts(report: Report, facts: Report) -> dict[str, float]:
    """Which numbers are equal, and how far apart the others are."""
    found: dict[str, float] = {}
    for field in ("killed", "injured"):
        new, known = getattr(report, field), getattr(facts, field)
        if new.state is not CountState.COUNTED or known.state is not CountState.COUNTED:
            continue
        if new.low == known.low:
            found[f"same_{field}"] = 1.0
        else:
            low, high = sorted((new.low or 0, known.low or 0))
            found[f"other_{field}"] = 1 - low / high
    return found


def _means(report: Report, facts: Report) -> dict[str, float]:
    """Bombs against guns, or another sort of kind with another toll: another act."""
    one, two = ({w.type for w in r.weapons} - {None} for r in (report, facts))
    out = {"other_means": 1.0} if one and two and not one & two else {}
    kinds = all_kinds()
    told = report.killed.low and facts.killed.low and report.killed.low != facts.killed.low
    if told and kinds[report.kind].group != kinds[facts.kind].group:
        out["other_act"] = 1.0
    return out


def _ages(report: Report, facts: Report) -> dict[str, float]:
    """Do both texts give somebody's age, and the same one?"""
    one, two = parted(report.words).ages, parted(facts.words).ages
    if not one or not two:
        return {}
    return {"same_age": 1.0} if one & two else {"other_age": 1.0}


def _victims(report: Report, facts: Report) -> str:
    """Named people: one in common binds, two single victims with other names part; empty where nothing follows."""
    one, two = _named(report), _named(facts)
    if not one or not two:
        return ""
    if any(a == b or a.split()[-1] == b.split()[-1] for a in one for b in two):
        return "victim"
    single = len(one) == 1 and len(two) == 1 and report.killed.high in (1, None) and facts.killed.high in (1, None)
    return "other_victim" if single else ""


def _named(report: Report) -> set[str]:
    return {
        v.name.lower()
        for v in report.victims
        if v.effect in (Effect.KILLED, Effect.INJURED)
        and len(v.name.split()) > 1
        and all(w[:1].isupper() for w in v.name.split())
    }


def _words(report: Report, facts: Report, holders: Mapping[str, int]) -> tuple[float, float]:
    """How many rare names both texts hold, besides those of the places, and how alike their other words are."""
    new, known = parted(report.words), parted(facts.words)
    shared = (new.names & known.names) - _place_words(report.place) - _place_words(facts.place)
    few = rules("match")["few_holders"]
    strength = sum(rarity(name) * min(1.0, few / max(1, holders.get(name, 1))) for name in shared)
    return strength, likeness(new.words, known.words)


def _place_words(place: Place | None) -> frozenset[str]:
    """The words of a place's own name: two reports from one city share them whatever they tell."""
    if place is None:
        return frozenset()
    return _folded(place.name) | _folded(place.admin1 or "") | _folded(country(place.country))


@lru_cache(maxsize=20_000)
def _folded(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in name.replace(".", " ").split())
