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
    are_same_captives,
    are_two_days_news,
    are_two_scenes,
    gap_of,
    is_day_of_count,
    is_risen_toll,
    is_same_toll,
    is_told_before,
)
from extract.track.rules import all_kinds, rules
from extract.track.traits import Traits, traits_of
from extract.types import (
    CountState,
    Incident,
    Member,
    News,
    Place,
    Precision,
    Report,
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
_OTHER_TOWN = ("near", "around", "far")
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


class _Pair(NamedTuple):
    """A report beside a known incident. ``shared``: the names that both hold; ``told``: one of them holds the name of
    the place that the other is taken to be about.
    """

    own: Traits
    other: Traits
    incident: Incident
    shared: frozenset[str]
    told: bool


class _Ties(NamedTuple):
    """How closely names tie two texts. ``names``: how many rare ones both hold. ``bound``: so that one text's place or
    time may be a slip; ``sure``: so that a few days' difference is one in any text; ``one_act``: with somebody's name
    or age besides, so that another day, kind or town is one.
    """

    names: float
    victims: str
    is_person: bool
    is_age: bool
    bound: bool
    sure: bool
    one_act: bool

    @property
    def is_tied(self) -> bool:
        """Do both texts name or age somebody alike?"""
        return self.victims == "victim" or self.is_person or self.is_age


def signs_of_all(member: Member, known: Sequence[Incident]) -> list[Signs]:
    """The signs of each known incident that can be the report's at all.

    They depend on the others: a name that many of them hold (a police chief's) binds to none, and where several
    incidents are known of one place and time, place and time say less.
    """
    own = traits_of(member.report, (member.article,))
    pairs = [pair for incident in known if _is_within_reach(pair := _pair(own, incident))]
    holders = Counter(name for pair in pairs for name in pair.shared)
    found = [Signs(pair.incident.id, *_signs(pair, holders)) for pair in pairs]
    rivals = [not one.vetoes and _is_rival(one.signs) for one in found]
    here = sum(rivals)
    for one, is_rival in zip(found, rivals, strict=True):
        if here > is_rival:
            one.signs["rivals"] = min(rules("match")["most_rivals"], log2(1 + here - is_rival))
    return found


def _is_rival(signs: Mapping[str, float]) -> bool:
    return not _HERE.isdisjoint(signs) and not _NOW.isdisjoint(signs) and OTHER.isdisjoint(signs)


def _pair(own: Traits, incident: Incident) -> _Pair:
    other = traits_of(incident.facts, incident.articles)
    return _Pair(own, other, incident, own.names & other.names, own.tells_place(other) or other.tells_place(own))


def _is_within_reach(pair: _Pair) -> bool:
    """Near enough; or, anywhere in the country, one text names the place that the other is taken to be about."""
    a, b = pair.own.report.place, pair.other.report.place
    if a is None or b is None or pair.told or a.country != b.country:
        return True
    if a.lat is None or b.lat is None or a.precision in AREAS or b.precision in AREAS:
        return True
    rule = rules("match")
    near: bool = abs(a.lat - b.lat) * _KM_PER_DEGREE <= rule["province_km"]
    return near or len(pair.shared) >= rule["one_act_names"]


def _signs(pair: _Pair, holders: Mapping[str, int]) -> tuple[dict[str, float], tuple[str, ...]]:
    own, other = pair.own, pair.other
    report, facts = own.report, other.report
    ties = _ties(pair, holders)
    time, time_veto = _time(pair, ties)
    place, place_veto = _place(pair, ties, time)
    signs = {place: 1.0, time: 1.0}
    if own.kind is other.kind:
        signs["same_kind"] = 1.0
    elif report.kind in all_kinds().compatible(facts.kind):
        signs["turns_into"] = 1.0
    signs |= _counts(report, facts)
    signs |= _of_texts(own, other, ties)
    if time == "same_day" and not ties.is_tied and _are_other_hours(own.hours, other.hours):
        signs["other_hour"] = 1.0
    signs["headline"] = _headline(own, other)
    if time in _ANOTHER_DAY and not own.is_sequel and not other.is_sequel:
        signs |= {"headline": 0.0, "large_toll": 0.0}  # "Car bomb kills 13", and again two days later
    if are_other_targets(own.targets, other.targets):
        signs["other_target"] = 1.0
    if pair.told and place in _DOUBTFUL_PLACE:
        signs["place_named"] = 1.0
    if time == "later":
        signs |= _of_later(own, other)
    if "no_name" in signs and signs["wording"] < rules("match")["unlike_words"] and not TOLLS_DIFFER.isdisjoint(signs):
        signs["unlike"] = 1.0
    apart = len(_APART.intersection(signs))
    if apart > 1:
        signs["apart"] = apart - 1.0
    vetoes = [v for v in (place_veto, time_veto) if v]
    if not place_veto and _are_other_towns(pair, place, ties, is_road="same_road" in signs):
        vetoes.append("another town, which neither text names")
    if time in _NEAR_IN_TIME and TIES.isdisjoint(signs):
        vetoes += _vetoes_of_days(pair, ties, signs)
    if are_two_scenes(own, other, signs) or are_other_acts(own, other, signs):
        vetoes.append("another target or scene")
    return signs, (*vetoes, *_vetoes_of_both(pair, place, time, ties))


def _of_later(own: Traits, other: Traits) -> dict[str, float]:
    """What two texts say that are weeks apart."""
    signs = {"like_toll": 1.0} if _is_like_toll(own, other) else {}
    return signs | {"event_later": 1.0} if own.report.news is other.report.news is News.EVENT else signs


def _vetoes_of_days(pair: _Pair, ties: _Ties, signs: Mapping[str, float]) -> list[str]:
    """What forbids a match of two texts of about one time, where no person ties them."""
    if are_two_days_news(pair.own, pair.other, signs):
        return ["each tells of an act of its own day"]
    if not ties.bound and is_told_before(pair.own, pair.other):
        return ["one was told before the other happened"]
    return []


def _ties(pair: _Pair, holders: Mapping[str, int]) -> _Ties:
    own, other, rule = pair.own, pair.other, rules("match")
    names, victims = _names(pair, holders), _victims(own, other)
    is_person = own.names_somebody_of(other) or other.names_somebody_of(own)
    is_age = not own.ages.isdisjoint(other.ages)
    return _Ties(
        names,
        victims,
        is_person,
        is_age,
        bound=victims == "victim" or names >= rule["binding_names"],
        sure=names >= rule["sure_names"],
        one_act=(victims == "victim" or is_person or is_age) and names >= rule["one_act_names"],
    )


def _of_texts(own: Traits, other: Traits, ties: _Ties) -> dict[str, float]:
    """What the words of both texts say: names, ages, roads, means, wording."""
    signs = {"names": min(ties.names, rules("match")["most_names"]), "wording": likeness(own.words, other.words)}
    signs |= dict.fromkeys(_means(own, other), 1.0)
    if own.ages and other.ages:
        signs["same_age" if ties.is_age else "other_age"] = 1.0
    if own.roads and other.roads:
        if _are_apart(own.roads, other.roads):
            signs["other_road"] = 1.0
        elif not own.roads.isdisjoint(other.roads):
            signs["same_road"] = 1.0
    if ties.victims:
        signs[ties.victims] = 1.0
    if ties.victims != "victim" and ties.is_person:
        signs["person"] = 1.0
    if not ties.names and own.has_rare_name() and other.has_rare_name():
        signs["no_name"] = 1.0
    return signs


def _vetoes_of_both(pair: _Pair, place: str, time: str, ties: _Ties) -> list[str]:
    """What forbids a match since two of kind, place and time fail together."""
    one, two, vetoes = pair.own.report.kind, pair.other.report.kind, []
    if one not in all_kinds().compatible(two):
        is_free = (time == "later" and _is_told_again(pair)) or (time in _SAME_TIME and _is_vague(pair, ties))
        if not is_free:
            vetoes.append(f"a {one} doesn't turn into a {two}")
    if place in _NO_PLACE and time not in _SAME_TIME:
        is_bound = ties.bound or (pair.told and _is_told_again(pair))
        if time == "other_day" or not is_bound:
            vetoes.append("neither place nor time agrees")
    nowhere = place == "unknown_place" and time == "unknown_time"
    if nowhere and ties.victims != "victim" and not (pair.told and ties.bound):
        vetoes.append("neither place nor time is known")
    return vetoes


def _is_vague(pair: _Pair, ties: _Ties) -> bool:
    """Is the kind of one of two texts of a day no word against the other's? It is none where more are dead of what is
    called a bombing now, and was a drone strike.
    """
    own, other = pair.own, pair.other
    is_risen = own.kind.group == other.kind.group and any(
        last.is_update and is_risen_toll(first.report, last.report) for first, last in ((own, other), (other, own))
    )
    return ties.one_act or own.is_vague or other.is_vague or is_risen


def _place(pair: _Pair, ties: _Ties, time: str) -> tuple[str, str]:
    """The name of the places' relation, and the veto. Where names tie the texts, a place within the same province but
    further away may be a slip of one of them; where one text names the other's place, or both surely tell of one act of
    one time, the other place may be one wherever in the country it is.
    """
    rule, told = rules("match"), pair.told
    one, two = pair.own.report.place, pair.other.report.place
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
    limit = max(rule["other_place_km"], pair.own.kind.km, pair.other.kind.km)
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


def _time(pair: _Pair, ties: _Ties) -> tuple[str, str]:
    """The name of the times' relation, and the veto.

    A text about what came after often gives the time of that: it may be later than the incident's, where names tie the
    texts. Where those are many, a few days' difference is a slip in any text.
    """
    rule = rules("match")
    own, other = pair.own, pair.other
    one, two, gap = own.report.when, other.report.when, gap_of(own, other)
    if one is None or two is None or gap is None:
        return _time_unknown(pair, ties.bound)
    if gap == 0:
        return ("same_day" if one.precision in DAYS and two.precision in DAYS else "overlap_coarse"), ""
    if gap == 1:
        return "next_day", ""
    if gap * 24 <= min(own.kind.hours, other.kind.hours) / LONG_IN_NEWS:  # long for what lasts, a day for a single act
        return "near_day", ""
    if ties.sure and gap <= rule["slip_days"]:
        return "near_day", ""
    within = rule["follow_up_days"] if ties.bound or _is_told_again(pair) else rule["slip_days"]
    if gap <= rule["count_days"] and is_day_of_count(own, other):
        return "next_day", ""
    if gap <= within and (own.is_sequel or other.is_sequel):
        return ("near_day" if gap <= rule["slip_days"] else "later"), ""
    is_slip = ties.one_act and gap <= rule["follow_up_days"]
    return "other_day", "" if is_slip else f"another day, {gap} days apart"


def _is_told_again(pair: _Pair) -> bool:
    """Does one text tell of what came after an act with so many dead as the other's, more than two acts of one place
    seldom both have? A court calls a fire manslaughter.
    """
    own, other, least = pair.own, pair.other, rules("match")["rare_toll"]
    if not own.is_sequel and not other.is_sequel:
        return False
    is_same = is_same_toll(own.report, other.report, least) or are_same_captives(own.report, other.report, least)
    return is_same or _is_like_toll(own, other)


def _is_like_toll(own: Traits, other: Traits) -> bool:
    """Does a text on what came after count some more dead than were known when there were many, a month later?"""
    rule = rules("match")
    tolls = [
        (last.report.killed.low or 0, first.report.killed.low or 0)
        for first, last in ((own, other), (other, own))
        if last.is_sequel
    ]
    return any(known >= rule["rare_toll"] and known < new <= rule["later_share"] * known for new, known in tolls)


def _time_unknown(pair: _Pair, bound: bool) -> tuple[str, str]:
    """The same where one of the times isn't known, by when the text was published or the incident first heard of."""
    own, other, first_seen = pair.own, pair.other, pair.incident.first_seen
    out = own.articles[0].published if own.last_day is None else first_seen
    if out is None:
        return "unknown_time", ""
    known = own.last_day or other.last_day
    back = abs((out.date() - first_seen.date()).days) if known is None else (out.date() - known).days
    if -1 <= back <= max(own.kind.hours, other.kind.hours) / 24 + 1:
        return "unknown_time", ""
    if known is None and not bound:
        return "other_day", f"no time known, and published {back} days apart"
    limit = rules("match")["follow_up_days"]
    return ("later", "") if abs(back) <= limit else ("other_day", f"another day, {abs(back)} days apart")


def _are_apart(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do two texts name roads that can't be one scene's? None in common, and not just a street and one it crosses:
    where one text has only numbered roads and the other only named ones, they may meet.
    """
    if not one or not two or not one.isdisjoint(two):
        return False
    sorts = (
        [{road for road in roads if road[0].isdigit() is numbered} for roads in (one, two)]
        for numbered in (True, False)
    )
    return any(a and b for a, b in sorts)


def _are_other_hours(one: frozenset[int], two: frozenset[int]) -> bool:
    """Are two texts' hours of a day not one act's?"""
    return bool(one and two) and one.isdisjoint(two)


def _are_other_towns(pair: _Pair, place: str, ties: _Ties, *, is_road: bool) -> bool:
    """Do two texts place their acts in two towns, neither of which the other text names? Nor do a road or somebody's
    name or age tie them, and the names they share are few: of towns near each other a slip is likelier. A town of the
    same name is another where each text names a province of its own.
    """
    own, other = pair.own, pair.other
    if place == "same_name":
        says_own = own.tells_province() and other.tells_province()
        return says_own and not (own.province <= other.names or other.province <= own.names)
    if place not in _OTHER_TOWN or pair.told or is_road or ties.is_tied or ties.sure:
        return False
    return place != "near" or not (ties.bound or own.is_sequel or other.is_sequel)


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


def _headline(own: Traits, other: Traits) -> float:
    """0 to 1: how much of a headline, or of one of the incident's latest, stands in the other. Where that is nothing
    but the place, it says nothing: "Man killed in Shreveport shooting".
    """
    title = _title_words(own.articles[0].title)
    if not title:
        return 0.0
    here = own.place_words | other.place_words
    others = (_title_words(article.title) for article in other.articles[-rules("match")["headlines"] :])
    alike = (words for words in others if title & words - here)
    return max((len(title & words) / min(len(title), len(words)) for words in alike), default=0.0)


@lru_cache(maxsize=20_000)
def _title_words(title: str) -> frozenset[str]:
    return words_of_name(title)


def _tolled(report: Report) -> bool:
    return bool(report.killed.low or report.injured.low)


def _means(own: Traits, other: Traits) -> list[str]:
    """Bombs against guns, or another sort of kind with another toll: another act."""
    out = ["other_means"] if own.means and other.means and own.means.isdisjoint(other.means) else []
    one, two = own.report.killed.low, other.report.killed.low
    if one and two and one != two and own.kind.group != other.kind.group and not own.is_update and not other.is_update:
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


def _names(pair: _Pair, holders: Mapping[str, int]) -> float:
    """How many rare names both texts hold, besides those of the places; one that many incidents hold counts less."""
    few: int = rules("match")["few_holders"]
    here, there = pair.own.place_words, pair.other.place_words
    rare = (name for name in pair.shared if name not in here and name not in there)
    return sum((rarity(name) * min(1.0, few / holders[name]) for name in rare), 0.0)
