"""What speaks for and against one incident behind two texts? Place, time and kind first; names, numbers and wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2
from typing import NamedTuple

from extract.track.attributes import Traits, traits_of
from extract.track.cannot_link import (
    OTHER,
    TIES,
    TOLLS_DIFFER,
    are_other_acts,
    are_other_targets,
    are_two_days_news,
    are_two_scenes,
    is_risen_toll,
    is_told_before,
)
from extract.track.place_time_relations import (
    SAME_TIME,
    are_other_towns,
    is_like_toll,
    is_told_again,
    relation_of_places,
    relation_of_times,
)
from extract.track.record_pair import Pair, Ties, is_within_reach, pair_of, ties_of
from extract.track.rules import all_kinds, rules
from extract.track.signature import likeness, words_of_name
from extract.types import CountState, Incident, Member, News, Report

_NO_PLACE = ("unknown_place", "within", "far", "same_name", "elsewhere")
_DOUBTFUL_PLACE = (*_NO_PLACE, "around", "near")
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
    own = traits_of(member.report, (member.article,))
    pairs = [pair for incident in known if is_within_reach(pair := pair_of(own, incident))]
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


def _signs(pair: Pair, holders: Mapping[str, int]) -> tuple[dict[str, float], tuple[str, ...]]:
    own, other = pair.own, pair.other
    report, facts = own.report, other.report
    ties = ties_of(pair, holders)
    time, time_veto = relation_of_times(pair, ties)
    place, place_veto = relation_of_places(pair, ties, time)
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
    if not place_veto and are_other_towns(pair, place, ties, is_road="same_road" in signs):
        vetoes.append("another town, which neither text names")
    if time in _NEAR_IN_TIME and TIES.isdisjoint(signs):
        vetoes += _vetoes_of_days(pair, ties, signs)
    if are_two_scenes(own, other, signs) or are_other_acts(own, other, signs):
        vetoes.append("another target or scene")
    return signs, (*vetoes, *_vetoes_of_both(pair, place, time, ties))


def _of_later(own: Traits, other: Traits) -> dict[str, float]:
    """What two texts say that are weeks apart."""
    signs = {"like_toll": 1.0} if is_like_toll(own, other) else {}
    return signs | {"event_later": 1.0} if own.report.news is other.report.news is News.EVENT else signs


def _vetoes_of_days(pair: Pair, ties: Ties, signs: Mapping[str, float]) -> list[str]:
    """What forbids a match of two texts of about one time, where no person ties them."""
    if are_two_days_news(pair.own, pair.other, signs):
        return ["each tells of an act of its own day"]
    if not ties.bound and is_told_before(pair.own, pair.other):
        return ["one was told before the other happened"]
    return []


def _of_texts(own: Traits, other: Traits, ties: Ties) -> dict[str, float]:
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


def _vetoes_of_both(pair: Pair, place: str, time: str, ties: Ties) -> list[str]:
    """What forbids a match since two of kind, place and time fail together."""
    one, two, vetoes = pair.own.report.kind, pair.other.report.kind, []
    if one not in all_kinds().compatible(two):
        is_free = (time == "later" and is_told_again(pair)) or (time in SAME_TIME and _is_vague(pair, ties))
        if not is_free:
            vetoes.append(f"a {one} doesn't turn into a {two}")
    if place in _NO_PLACE and time not in SAME_TIME:
        is_bound = ties.bound or (pair.told and is_told_again(pair))
        if time == "other_day" or not is_bound:
            vetoes.append("neither place nor time agrees")
    nowhere = place == "unknown_place" and time == "unknown_time"
    if nowhere and ties.victims != "victim" and not (pair.told and ties.bound):
        vetoes.append("neither place nor time is known")
    return vetoes


def _is_vague(pair: Pair, ties: Ties) -> bool:
    """Is the kind of one of two texts of a day no word against the other's? It is none where more are dead of what is
    called a bombing now, and was a drone strike.
    """
    own, other = pair.own, pair.other
    is_risen = own.kind.group == other.kind.group and any(
        last.is_update and is_risen_toll(first.report, last.report) for first, last in ((own, other), (other, own))
    )
    return ties.one_act or own.is_vague or other.is_vague or is_risen


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
