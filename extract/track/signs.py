"""What speaks for and against one incident behind two texts? Place, time and kind first; names, numbers and wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2
from typing import NamedTuple

from extract.places import distance_km
from extract.text.signature import fold, likeness, rarity, words_of_name
from extract.track.apart import (
    DAYS,
    OTHER,
    TIES,
    TOLLS_DIFFER,
    are_other_acts,
    are_other_targets,
    are_two_days_news,
    are_two_scenes,
    gap_of,
    is_day_of_count,
)
from extract.track.rules import all_kinds, rules
from extract.track.traits import Traits, is_sequel, is_update, names_somebody_of, tells_place, traits_of
from extract.types import (
    CountState,
    Incident,
    Member,
    News,
    Place,
    Precision,
    Report,
    When,
)

AREAS = (Precision.COUNTRY, Precision.PROVINCE)
# an act is in the news so many times longer than it lasts
LONG_IN_NEWS = 3
_KM_PER_DEGREE = 111.2
_NO_PLACE = ("unknown_place", "within", "far", "same_name", "elsewhere")
_DOUBTFUL_PLACE = (*_NO_PLACE, "around", "near")
_SAME_TIME = ("same_day", "next_day")
_NEAR_IN_TIME = ("same_day", "next_day", "near_day")
# a known incident of about this place and time is one more that a report can be mistaken for
_ANOTHER_DAY = ("near_day", "later", "other_day")
_HERE = frozenset(("same_place", "near"))
_NOW = frozenset(("same_day", "next_day", "near_day", "unknown_time"))
# what tells two acts of one place and day apart; one of these alone may be a slip of either text
_APART = frozenset(("other_age", "other_road", "other_victim", "other_toll", "other_means", "no_name"))


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
    own = traits_of(member.report)
    met = [(incident, other) for incident in known if _within_reach(own, other := traits_of(incident.facts))]
    holders = Counter(name for _, other in met for name in own.names & other.names)
    found = [Signs(incident.id, *_signs(member, own, incident, other, holders)) for incident, other in met]
    rivals = [not one.vetoes and _is_rival(one.signs) for one in found]
    here = sum(rivals)
    for one, is_rival in zip(found, rivals, strict=True):
        if here > is_rival:
            one.signs["rivals"] = min(rules("match")["most_rivals"], log2(1 + here - is_rival))
    return found


def _is_rival(signs: Mapping[str, float]) -> bool:
    return not _HERE.isdisjoint(signs) and not _NOW.isdisjoint(signs) and OTHER.isdisjoint(signs)


def _within_reach(one: Traits, two: Traits) -> bool:
    """Near enough; or, anywhere in the country, one text names the place that the other is taken to be about."""
    a, b = one.report.place, two.report.place
    if a is None or b is None or a.country != b.country or tells_place(one, two) or tells_place(two, one):
        return True
    if len(one.names & two.names) >= rules("match")["one_act_names"]:
        return True
    if a.lat is None or b.lat is None or a.precision in AREAS or b.precision in AREAS:
        return True
    return bool(abs(a.lat - b.lat) * _KM_PER_DEGREE <= rules("match")["province_km"])


class _Ties(NamedTuple):
    """How closely names tie two texts. ``names``: how many rare ones both hold. ``bound``: so that one text's place or
    time may be a slip; ``sure``: so that a few days' difference is one in any text; ``one_act``: with somebody's name
    or age besides, so that another day, kind or town is one. ``told``: one names the place that the other is about.
    """

    names: float
    victims: str
    is_person: bool
    is_age: bool
    told: bool

    @property
    def bound(self) -> bool:
        return bool(self.victims == "victim" or self.names >= rules("match")["binding_names"])

    @property
    def sure(self) -> bool:
        return bool(self.names >= rules("match")["sure_names"])

    @property
    def one_act(self) -> bool:
        somebody = self.victims == "victim" or self.is_person or self.is_age
        return bool(somebody and self.names >= rules("match")["one_act_names"])


def _signs(
    member: Member, own: Traits, incident: Incident, other: Traits, holders: Mapping[str, int]
) -> tuple[dict[str, float], tuple[str, ...]]:
    report, facts = member.report, incident.facts
    ties = _Ties(
        _names(own, other, holders),
        _victims(own, other),
        names_somebody_of(own, other) or names_somebody_of(other, own),
        not own.ages.isdisjoint(other.ages),
        tells_place(own, other) or tells_place(other, own),
    )
    time, time_veto = _time(member, incident, ties)
    place, place_veto = _place(report, facts, ties, time)
    signs = {place: 1.0, time: 1.0}
    if all_kinds()[report.kind] is all_kinds()[facts.kind]:
        signs["same_kind"] = 1.0
    elif report.kind in all_kinds().compatible(facts.kind):
        signs["turns_into"] = 1.0
    signs |= _counts(report, facts)
    signs |= _of_texts(own, other, ties)
    signs["headline"] = _headline(member, incident)
    if time in _ANOTHER_DAY and not is_sequel(report) and not is_sequel(facts):
        signs |= {"headline": 0.0, "large_toll": 0.0}  # "Car bomb kills 13", and again two days later
    if are_other_targets(own.targets, other.targets):
        signs["other_target"] = 1.0
    if ties.told and place in _DOUBTFUL_PLACE:
        signs["place_named"] = 1.0
    if time == "later" and report.news is facts.news is News.EVENT:
        signs["event_later"] = 1.0
    if "no_name" in signs and signs["wording"] < rules("match")["unlike_words"] and not TOLLS_DIFFER.isdisjoint(signs):
        signs["unlike"] = 1.0
    apart = len(_APART.intersection(signs))
    if apart > 1:
        signs["apart"] = apart - 1.0
    vetoes = [v for v in (place_veto, time_veto) if v]
    if time in _NEAR_IN_TIME and TIES.isdisjoint(signs) and are_two_days_news(member, incident, signs):
        vetoes.append("each tells of an act of its own day")
    if are_two_scenes(report, facts, signs) or are_other_acts(member, incident, signs):
        vetoes.append("another target or scene")
    return signs, (*vetoes, *_vetoes_of_both(report, facts, place, time, ties))


def _of_texts(own: Traits, other: Traits, ties: _Ties) -> dict[str, float]:
    """What the words of both texts say: names, ages, roads, means, wording."""
    signs = {"names": min(ties.names, rules("match")["most_names"]), "wording": likeness(own.words, other.words)}
    signs |= dict.fromkeys(_means(own, other), 1.0)
    if own.ages and other.ages:
        signs["same_age" if ties.is_age else "other_age"] = 1.0
    if _are_apart(own.roads, other.roads):
        signs["other_road"] = 1.0
    if ties.victims:
        signs[ties.victims] = 1.0
    if ties.victims != "victim" and ties.is_person:
        signs["person"] = 1.0
    if not ties.names and _tell(own) and _tell(other):
        signs["no_name"] = 1.0
    return signs


def _tell(traits: Traits) -> bool:
    """Does a text hold a name that could be found in another of its incident?"""
    return any(rarity(name) > 0 for name in traits.names - traits.place_words)


def _vetoes_of_both(report: Report, facts: Report, place: str, time: str, ties: _Ties) -> list[str]:
    """What forbids a match since two of kind, place and time fail together."""
    vetoes = []
    if report.kind not in all_kinds().compatible(facts.kind) and not (ties.one_act and time in _SAME_TIME):
        vetoes.append(f"a {report.kind} doesn't turn into a {facts.kind}")
    if place in _NO_PLACE and time not in _SAME_TIME and (time == "other_day" or not ties.bound):
        vetoes.append("neither place nor time agrees")
    nowhere = place == "unknown_place" and time == "unknown_time"
    if nowhere and ties.victims != "victim" and not (ties.told and ties.bound):
        vetoes.append("neither place nor time is known")
    return vetoes


def _place(report: Report, facts: Report, ties: _Ties, time: str) -> tuple[str, str]:
    """The name of the places' relation, and the veto. Where names tie the texts, a place within the same province but
    further away may be a slip of one of them; where one text names the other's place, or both surely tell of one act of
    one time, the other place may be one wherever in the country it is.
    """
    rule, told = rules("match"), ties.told
    one, two = report.place, facts.place
    if one is None or two is None:
        return "unknown_place", ""
    if one.country and two.country and one.country != two.country:
        return "far", "another country"
    if one.precision in AREAS or two.precision in AREAS:
        return _areas(one, two, told and time in _SAME_TIME)
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_place", ""
    same_province = bool(one.admin1) and one.admin1 == two.admin1
    km = distance_km(one, two)
    if km is None:
        same = one.name == two.name or same_province or (ties.one_act and time in _SAME_TIME)
        return ("within", "") if same else ("far", "another place")
    limit = max(rule["other_place_km"], all_kinds()[report.kind].km, all_kinds()[facts.kind].km)
    if km <= rule["near_km"]:
        return "near", ""
    if km <= min(limit, rule["around_km"]):
        return "around", ""
    if km <= limit or (ties.bound and same_province) or (told and km <= rule["province_km"]):
        return "far", ""
    if one.country and fold(one.name).replace(".", "") == fold(two.name).replace(".", ""):
        return "same_name", ""
    may_slip = told or (ties.one_act and time in _SAME_TIME)
    return ("elsewhere", "") if may_slip and one.country else ("far", f"another place, {km:.0f} km away")


def _areas(one: Place, two: Place, told: bool) -> tuple[str, str]:
    """At least one is a province or country: it can hold the other, or be another province. ``told``: one text names
    the other's place, and a town there are several of may be taken for one of another province."""
    if one.geonameid is not None and one.geonameid == two.geonameid:
        return "same_area", ""
    if Precision.COUNTRY in (one.precision, two.precision) or not one.admin1 or not two.admin1:
        return "within", ""
    if one.admin1 == two.admin1:
        return "within", ""
    is_area = one.precision in AREAS and two.precision in AREAS
    return "far", "" if told and not is_area else "another province"


def _time(member: Member, incident: Incident, ties: _Ties) -> tuple[str, str]:
    """The name of the times' relation, and the veto.

    A text about what came after often gives the time of that: it may be later than the incident's, where names tie the
    texts. Where those are many, a few days' difference is a slip in any text.
    """
    rule = rules("match")
    one, two = member.report.when, incident.facts.when
    if one is None or two is None:
        return _time_unknown(one, two, member, incident, ties.bound)
    gap = gap_of(one, two)
    days = one.precision in DAYS and two.precision in DAYS
    if gap == 0:
        return ("same_day" if days else "overlap_coarse"), ""
    if gap == 1:
        return "next_day", ""
    if gap * 24 <= _reach(member.report, incident):
        return "near_day", ""
    if ties.sure and gap <= rule["slip_days"]:
        return "near_day", ""
    within = rule["follow_up_days"] if ties.bound else rule["slip_days"]
    if gap <= rule["count_days"] and is_day_of_count(member.report, incident.facts):
        return "next_day", ""
    if gap <= within and _may_slip(member.report, incident):
        return ("near_day" if gap <= rule["slip_days"] else "later"), ""
    is_slip = ties.one_act and gap <= rule["follow_up_days"]
    return "other_day", "" if is_slip else f"another day, {gap} days apart"


def _may_slip(report: Report, incident: Incident) -> bool:
    """Is either text about what came after, so that its time may be another than the act's?"""
    return any(is_sequel(r) for r in (report, incident.facts))


def _reach(report: Report, incident: Incident) -> float:
    """Hours two days of one incident may lie apart: long for what lasts, a day for a single act."""
    kinds = all_kinds()
    return min(kinds[report.kind].hours, kinds[incident.facts.kind].hours) / LONG_IN_NEWS


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


def _means(own: Traits, other: Traits) -> list[str]:
    """Bombs against guns, or another sort of kind with another toll: another act."""
    out = ["other_means"] if own.means and other.means and own.means.isdisjoint(other.means) else []
    one, two, kinds = own.report, other.report, all_kinds()
    told = one.killed.low and two.killed.low and one.killed.low != two.killed.low
    told = told and not is_update(one) and not is_update(two)
    if told and kinds[one.kind].group != kinds[two.kind].group:
        out.append("other_act")
    return out


def _victims(own: Traits, other: Traits) -> str:
    """Named people: one in common binds, two single victims with other names part; empty where nothing follows."""
    one, two = own.victims, other.victims
    if not one.surnames or not two.surnames:
        return ""
    if not one.surnames.isdisjoint(two.surnames):
        return "victim"
    killed = own.report.killed, other.report.killed
    single = one.number == two.number == 1 and all(count.high in (1, None) for count in killed)
    return "other_victim" if single else ""


def _names(own: Traits, other: Traits, holders: Mapping[str, int]) -> float:
    """How many rare names both texts hold, besides those of the places; one that many incidents hold counts less."""
    shared = (own.names & other.names) - own.place_words - other.place_words
    few: int = rules("match")["few_holders"]
    return sum(rarity(name) * min(1.0, few / holders[name]) for name in shared)
