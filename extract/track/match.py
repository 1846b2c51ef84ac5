"""To which known incident does a report belong? Place, time and kind are keys, likeness only breaks ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import log2
from typing import NamedTuple

from extract.places import distance_km
from extract.text.signature import AFTERMATH, fold, likeness, parted, rarity, words_of_name
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
    Perpetrator,
    Place,
    Precision,
    Report,
    SearchWindow,
    TimePrecision,
    Victim,
    Weapon,
    When,
)

_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_NO_WORDS: frozenset[str] = frozenset()
_KM_PER_DEGREE = 111.2
# of what was weighed, so many are kept with the decision
_SHOWN = 5
_NO_PLACE = ("unknown_place", "within", "far", "same_name", "elsewhere")
_DOUBTFUL_PLACE = (*_NO_PLACE, "around", "near")
_SAME_TIME = ("same_day", "next_day")
# a known incident of about this place and time is one more that a report can be mistaken for
_ANOTHER_DAY = ("near_day", "later", "other_day")
_HERE = frozenset(("same_place", "near"))
_NOW = frozenset(("same_day", "next_day", "near_day", "unknown_time"))
_OTHER = frozenset(("other_act", "other_means"))
_TOLLS_DIFFER = frozenset(("other_killed", "other_toll"))
_DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)


def search_window(report: Report, published: datetime) -> SearchWindow:
    """What the store has to look up for a report published then."""
    kind, rule = all_kinds()[report.kind], rules("match")
    slack = timedelta(days=max(rule["slip_days"], round(kind.hours / 24)))
    since, until = published.date() - slack, published.date() + timedelta(1)
    if report.when is not None:
        since, until = report.when.first_day - slack, report.when.last_day + slack
    if is_sequel(report) or report.when is None:
        since = min(since, published.date() - timedelta(rule["follow_up_days"]))
        until = max(until, published.date() + timedelta(1))
    place = report.place
    known = place is not None and place.lat is not None and place.precision not in _AREAS
    held = parted(report.words)
    return SearchWindow(
        kinds=all_kinds().compatible(report.kind),
        since=since,
        until=until,
        lat=place.lat if known and place else None,
        lon=place.lon if known and place else None,
        km=max(kind.km, rule["province_km"]) if known else 0.0,
        country=place.country if place else None,
        days=_days(report, published) if known else None,
        words=held.names | held.words,
        place_words=words_of_name(place.name) if known and place else _NO_WORDS,
    )


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
    found = signs_of_all(member, known)
    scores = [sum(weights[name] * value for name, value in one.signs.items()) for one in found]
    order = sorted(range(len(found)), key=lambda i: (-round(scores[i], 4), found[i].incident))
    best = next((i for i in order if not found[i].vetoes), None)
    considered = tuple(_considered(found[i], weights) for i in order[:_SHOWN])
    if best is not None and round(scores[best], 4) >= threshold:
        return Decision(
            action="merge",
            incident=found[best].incident,
            reason=f"{scores[best]:.2f} of {threshold} needed",
            considered=considered,
        )
    reason = "no known incident qualifies" if best is None else f"the nearest reaches {scores[best]:.2f} of {threshold}"
    needed = _least(member)
    if member.report.probability < needed:
        reason = f"{reason}; and {member.report.probability:.2f} of {needed} needed to start one"
        return Decision(action="drop", reason=reason, considered=considered)
    near = threshold - rules("match")["sequel_doubt"]
    sequel_of = None
    if best is not None and scores[best] >= near and is_sequel(member.report) and not _is_recent(member, 1):
        known_as = next(incident for incident in known if incident.id == found[best].incident)
        sequel_of = None if _tells_more(member.report, known_as.facts) else known_as.id
    return Decision(action="new", reason=reason, considered=considered, sequel_of=sequel_of)


def _tells_more(report: Report, facts: Report) -> bool:
    """Does a report count more killed or hurt than are known? Then it may be of an act that nobody was told of."""
    pairs = ((report.killed, facts.killed), (report.injured, facts.injured))
    return any((new.low or 0) > (old.low or 0) for new, old in pairs)


def is_sequel(report: Report) -> bool:
    """Does a text tell of what came after, by its news or by the words it opens with?"""
    return report.news is News.FOLLOW_UP or AFTERMATH in report.words


def _least(member: Member) -> float:
    """The probability that a report needs to start an incident: less where it dates the act within some days of its
    publication and says where. Such a text is seldom about anything else, however little it tells.
    """
    place, rule = member.report.place, rules("match")
    is_placed = place is not None and place.precision not in _AREAS
    return min(surely(), rule["surely_recent"]) if is_placed and _is_recent(member, rule["recent_days"]) else surely()


def _is_recent(member: Member, days: int) -> bool:
    """Does a report date the act to a day, at most so many before its publication?"""
    when, published = member.report.when, member.article.published
    if when is None or published is None or when.precision not in _DAYS:
        return False
    return -1 <= (published.date() - when.last_day).days <= days


def _considered(one: Signs, weights: Mapping[str, float]) -> Considered:
    """Each part of the score of one known incident, and what forbids the match."""
    parts = {name: round(weights[name] * value, 4) for name, value in one.signs.items()}
    return Considered(incident=one.incident, score=round(sum(parts.values()), 4), parts=parts, vetoes=one.vetoes)


class Signs(NamedTuple):
    """What speaks for and against a match with one known incident, each with its strength (most are 1), and what
    forbids it. The names are those of the weights in ``data/track.toml``.
    """

    incident: str
    signs: dict[str, float]
    vetoes: tuple[str, ...]


def signs_of_all(member: Member, known: Sequence[Incident]) -> list[Signs]:
    """The signs of each known incident that can be the report's at all.

    They depend on the others: a name that many of them hold (a police chief's) binds to none, and where several
    incidents are known of one place and time, place and time say less.
    """
    own = _traits(member.report)
    met = [(incident, other) for incident in known if _within_reach(own, other := _traits(incident.facts))]
    holders = Counter(name for _, other in met for name in own.names & other.names)
    found = [Signs(incident.id, *_signs(member, own, incident, other, holders)) for incident, other in met]
    rivals = [not one.vetoes and _is_rival(one.signs) for one in found]
    here = sum(rivals)
    for one, is_rival in zip(found, rivals, strict=True):
        if here > is_rival:
            one.signs["rivals"] = min(rules("match")["most_rivals"], log2(1 + here - is_rival))
    return found


def _is_rival(signs: Mapping[str, float]) -> bool:
    return not _HERE.isdisjoint(signs) and not _NOW.isdisjoint(signs) and _OTHER.isdisjoint(signs)


class _Traits(NamedTuple):
    """What of a report is compared: its names, ages, roads and other words; who is named in full, and how; where."""

    report: Report
    names: frozenset[str]
    ages: frozenset[str]
    roads: frozenset[str]
    words: frozenset[str]
    victims: _People
    people: _People
    means: frozenset[str]
    place_name: frozenset[str]
    place_words: frozenset[str]


def _traits(report: Report) -> _Traits:
    held, place = parted(report.words), report.place
    names_place = place is not None and place.precision is not Precision.COUNTRY
    return _Traits(
        report,
        held.names,
        held.ages,
        held.roads,
        held.words,
        _hurt(report.victims),
        _culprits(report.perpetrators),
        _kinds_of_means(report.weapons),
        words_of_name(place.name) if place is not None and names_place else _NO_WORDS,
        _place_words(place.name, place.admin1, place.country) if place is not None else _NO_WORDS,
    )


def _within_reach(one: _Traits, two: _Traits) -> bool:
    """Near enough; or, anywhere in the country, one text names the place that the other is taken to be about."""
    a, b = one.report.place, two.report.place
    if a is None or b is None or a.country != b.country or _tells(one, two) or _tells(two, one):
        return True
    if a.lat is None or b.lat is None or a.precision in _AREAS or b.precision in _AREAS:
        return True
    return bool(abs(a.lat - b.lat) * _KM_PER_DEGREE <= rules("match")["province_km"])


def _tells(one: _Traits, two: _Traits) -> bool:
    """Does one text hold the name of the place that the other is taken to be about?"""
    return bool(two.place_name) and all(word in one.names or word in one.words for word in two.place_name)


def _signs(
    member: Member, own: _Traits, incident: Incident, other: _Traits, holders: Mapping[str, int]
) -> tuple[dict[str, float], tuple[str, ...]]:
    report, facts, rule = member.report, incident.facts, rules("match")
    names = _names(own, other, holders)
    victims = _victims(own, other)
    bound = victims == "victim" or names >= rule["binding_names"]
    told = _tells(own, other) or _tells(other, own)
    place, place_veto = _place(report, facts, bound, told)
    time, time_veto = _time(member, incident, bound, names >= rule["sure_names"])
    signs = {
        place: 1.0,
        time: 1.0,
        "same_kind" if report.kind == facts.kind else "turns_into": 1.0,
        "names": min(names, rule["most_names"]),
        "wording": likeness(own.words, other.words),
        **_counts(report, facts),
        "headline": _headline(member, incident),
    }
    if time in _ANOTHER_DAY and not is_sequel(report) and not is_sequel(facts):
        signs |= {"headline": 0.0, "large_toll": 0.0}  # "Car bomb kills 13", and again two days later
    signs |= dict.fromkeys(_means(own, other), 1.0)
    if own.ages and other.ages:
        signs["other_age" if own.ages.isdisjoint(other.ages) else "same_age"] = 1.0
    if _are_apart(own.roads, other.roads):
        signs["other_road"] = 1.0
    if victims:
        signs[victims] = 1.0
    if victims != "victim" and (_meets(own, other) or _meets(other, own)):
        signs["person"] = 1.0
    if told and place in _DOUBTFUL_PLACE:
        signs["place_named"] = 1.0
    if time == "later" and report.news is facts.news is News.EVENT:
        signs["event_later"] = 1.0
    if not names and own.names and other.names:
        signs["no_name"] = 1.0
        if signs["wording"] < rule["unlike_words"] and not _TOLLS_DIFFER.isdisjoint(signs):
            signs["unlike"] = 1.0
    vetoes = [v for v in (place_veto, time_veto) if v]
    if report.kind not in all_kinds().compatible(facts.kind):
        vetoes.append(f"a {report.kind} doesn't turn into a {facts.kind}")
    if place in _NO_PLACE and time not in _SAME_TIME and not bound:
        vetoes.append("neither place nor time agrees")
    if place == "unknown_place" and time == "unknown_time" and victims != "victim" and not (told and bound):
        vetoes.append("neither place nor time is known")
    return signs, tuple(vetoes)


def _place(report: Report, facts: Report, bound: bool, told: bool) -> tuple[str, str]:
    """The name of the places' relation, and the veto. ``bound``: names tie the texts, so that a place within the same
    province but further away may be a slip of one of them; ``told``: one text names the other's place, so that the
    other place may be a slip wherever in the country it is.
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
    if km <= limit or (bound and same_province) or (told and km <= rule["province_km"]):
        return "far", ""
    if one.country and fold(one.name).replace(".", "") == fold(two.name).replace(".", ""):
        return "same_name", ""
    return ("elsewhere", "") if told and one.country else ("far", f"another place, {km:.0f} km away")


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
        return _time_unknown(one, two, member, incident, bound)
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
    return any(is_sequel(r) for r in (report, incident.facts))


def _reach(report: Report, incident: Incident) -> float:
    """Hours two days of one incident may lie apart: long for what lasts, a day for a single act."""
    kinds = all_kinds()
    return min(kinds[report.kind].hours, kinds[incident.facts.kind].hours) / 3


def _time_unknown(
    one: When | None, two: When | None, member: Member, incident: Incident, bound: bool
) -> tuple[str, str]:
    other = member.article.published if one is None else incident.first_seen
    if other is None:
        return "unknown_time", ""
    kinds = all_kinds()
    known = one or two
    if known is None:
        back = abs((other.date() - incident.first_seen.date()).days)
    else:
        back = (other.date() - known.last_day).days
    if -1 <= back <= max(kinds[member.report.kind].hours, kinds[incident.facts.kind].hours) / 24 + 1:
        return "unknown_time", ""
    if known is None and not bound:
        return "other_day", f"no time known, and published {back} days apart"
    limit = rules("match")["follow_up_days"]
    return ("later", "") if abs(back) <= limit else ("other_day", f"another day, {abs(back)} days apart")


def _gap(one: When, two: When) -> int:
    """Whole days between two spans; 0 where they overlap."""
    first, last = max(one.first_day, two.first_day), min(one.last_day, two.last_day)
    return max(0, (first - last).days)


def _are_apart(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do two texts name roads that can't be one scene's? None in common, and not just a street and one it crosses:
    where one text has only numbered roads and the other only named ones, they may meet.
    """
    if not one.isdisjoint(two):
        return False
    sorts = (
        [{road for road in roads if road[0].isdigit() is numbered} for roads in (one, two)]
        for numbered in (True, False)
    )
    return any(a and b for a, b in sorts)


def _counts(report: Report, facts: Report) -> dict[str, float]:
    """Which numbers are equal, and how far apart the others are. Equal ones say more the larger they are."""
    found: dict[str, float] = {}
    equal = 1
    for field in ("killed", "injured"):
        new, known = getattr(report, field), getattr(facts, field)
        if new.state is not CountState.COUNTED or known.state is not CountState.COUNTED:
            continue
        if new.low == known.low:
            found[f"same_{field}"] = 1.0
            equal *= max(1, new.low or 0)
        else:
            low, high = sorted((new.low or 0, known.low or 0))
            found[f"other_{field}"] = 1 - low / high
    if equal > 1:
        found["large_toll"] = min(rules("match")["most_toll"], log2(equal))
    if not found and _tolled(report) and _tolled(facts):
        found["other_toll"] = 1.0
    return found


def _headline(member: Member, incident: Incident) -> float:
    """0 to 1: how much of a headline, or of one of the incident's latest, stands in the other."""
    own = _title_words(member.article.title)
    others = (_title_words(article.title) for article in incident.articles[-rules("match")["headlines"] :])
    return max((len(own & other) / min(len(own), len(other)) for other in others if own and other), default=0.0)


@lru_cache(maxsize=20_000)
def _title_words(title: str) -> frozenset[str]:
    return words_of_name(title)


def _tolled(report: Report) -> bool:
    return bool(report.killed.low or report.injured.low)


def _means(own: _Traits, other: _Traits) -> list[str]:
    """Bombs against guns, or another sort of kind with another toll: another act."""
    out = ["other_means"] if own.means and other.means and own.means.isdisjoint(other.means) else []
    one, two, kinds = own.report, other.report, all_kinds()
    told = one.killed.low and two.killed.low and one.killed.low != two.killed.low
    if told and kinds[one.kind].group != kinds[two.kind].group:
        out.append("other_act")
    return out


def _victims(own: _Traits, other: _Traits) -> str:
    """Named people: one in common binds, two single victims with other names part; empty where nothing follows."""
    one, two = own.victims, other.victims
    if not one.surnames or not two.surnames:
        return ""
    if not one.surnames.isdisjoint(two.surnames):
        return "victim"
    killed = own.report.killed, other.report.killed
    single = one.number == two.number == 1 and all(count.high in (1, None) for count in killed)
    return "other_victim" if single else ""


def _meets(one: _Traits, two: _Traits) -> bool:
    """Is somebody whom a text names in full among the names of the other, and isn't called like the place?"""
    return any(name <= two.names and not name <= one.place_words for name in (*one.victims.names, *one.people.names))


class _People(NamedTuple):
    """People named in full: how many, their last names, and the words of each name."""

    number: int
    surnames: frozenset[str]
    names: tuple[frozenset[str], ...]


def _people(names: set[str]) -> _People:
    full = (frozenset(fold(word) for word in name.split() if len(word) > 2) for name in sorted(names))
    return _People(len(names), frozenset(name.split()[-1] for name in names), tuple(name for name in full if name))


@lru_cache(maxsize=20_000)
def _hurt(victims: tuple[Victim, ...]) -> _People:
    return _people(
        {
            v.name.lower()
            for v in victims
            if v.effect in (Effect.KILLED, Effect.INJURED)
            and len(v.name.split()) > 1
            and all(word[:1].isupper() for word in v.name.split())
        }
    )


@lru_cache(maxsize=20_000)
def _culprits(perpetrators: tuple[Perpetrator, ...]) -> _People:
    return _people({p.name.lower() for p in perpetrators if p.type == "person" and len(p.name.split()) > 1})


@lru_cache(maxsize=20_000)
def _kinds_of_means(weapons: tuple[Weapon, ...]) -> frozenset[str]:
    return frozenset(weapon.type for weapon in weapons if weapon.type is not None)


def _names(own: _Traits, other: _Traits, holders: Mapping[str, int]) -> float:
    """How many rare names both texts hold, besides those of the places; one that many incidents hold counts less."""
    shared = (own.names & other.names) - own.place_words - other.place_words
    few: int = rules("match")["few_holders"]
    return sum(rarity(name) * min(1.0, few / holders[name]) for name in shared)


@lru_cache(maxsize=20_000)
def _place_words(name: str, admin1: str | None, code: str | None) -> frozenset[str]:
    """The words of a place's own name: two reports from one city share them whatever they tell."""
    return words_of_name(name) | words_of_name(admin1 or "") | words_of_name(country(code))
