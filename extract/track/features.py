"""Which features of a report and a known incident speak for one event, and which against? What forbids the match?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log1p, log2
from typing import NamedTuple

from extract.track.attributes import Attributes, attributes_of
from extract.track.cannot_link import (
    are_different_event_types,
    are_different_harms,
    are_different_targets,
    are_events_of_two_days,
    are_two_scenes,
    is_another_by_its_words,
    is_higher_toll,
    is_same_toll,
    was_reported_before_event,
)
from extract.track.feature_names import (
    DIFFERENCES,
    OTHER_EVENT_TYPE,
    PERSON_IN_COMMON,
    TOLLS_DIFFER,
    Feature,
    PlaceRelation,
    TimeRelation,
)
from extract.track.official import (
    OfficialRelation,
    is_felt_far_away,
    official_features,
    relation_of_officials,
)
from extract.track.place_time_relations import (
    SAME_TIME,
    are_different_towns,
    has_same_toll_in_two_languages,
    has_same_toll_later,
    is_somewhat_higher_toll,
    relation_of_places,
    relation_of_times,
)
from extract.track.record_pair import NameLinks, RecordPair, VictimLink, is_within_reach, name_links, pair_of
from extract.track.rules import all_kinds, rules
from extract.track.signature import cosine, words_of_name
from extract.track.story import is_shared_story, likeness
from extract.types import CountState, Incident, Member, News, Precision, Report

_PLACE_DISAGREES = (
    PlaceRelation.UNKNOWN_PLACE,
    PlaceRelation.WITHIN,
    PlaceRelation.FAR,
    PlaceRelation.SAME_NAME,
    PlaceRelation.ELSEWHERE,
)
_ONE_MAY_CONTAIN_THE_OTHER = (PlaceRelation.UNKNOWN_PLACE, PlaceRelation.WITHIN)
_PLACE_IS_DOUBTFUL = (*_PLACE_DISAGREES, PlaceRelation.AROUND, PlaceRelation.NEAR)
_NEAR_IN_TIME = (TimeRelation.SAME_DAY, TimeRelation.NEXT_DAY, TimeRelation.NEAR_DAY)
_ANOTHER_DAY = (TimeRelation.NEAR_DAY, TimeRelation.LATER, TimeRelation.OTHER_DAY)
# a known incident of about this place and time is a rival: one more that a report can be mistaken for
_RIVAL_PLACE = frozenset((PlaceRelation.SAME_PLACE, PlaceRelation.NEAR))
_RIVAL_TIME = frozenset((*_NEAR_IN_TIME, TimeRelation.UNKNOWN_TIME))
_SAME_COUNT = {"killed": Feature.SAME_KILLED, "injured": Feature.SAME_INJURED}
_OTHER_COUNT = {"killed": Feature.OTHER_KILLED, "injured": Feature.OTHER_INJURED}


class Comparison(NamedTuple):
    """A report compared with one known incident.

    ``features``: name -> strength (most are 1) of what speaks for and against a match. ``cannot_link``: the reasons
    that forbid it, empty where it is allowed.
    """

    incident: str
    features: dict[str, float]
    cannot_link: tuple[str, ...]


def compare_all(member: Member, known: Sequence[Incident]) -> list[Comparison]:
    """A report compared with each known incident that it can be about at all.

    The features depend on the other incidents: a name that many of them contain (a police chief's) links to none, and
    where several incidents are known of one place and time, place and time say less.
    """
    report = attributes_of(member.report, (member.article,))
    pairs = [pair for incident in known if is_within_reach(pair := pair_of(report, incident))]
    incidents_with = Counter(name for pair in pairs for name in pair.shared)
    found = [_compare(pair, incidents_with) for pair in pairs]
    rivals = [not one.cannot_link and _is_rival(one.features) for one in found]
    number = sum(rivals)
    for one, is_rival in zip(found, rivals, strict=True):
        if number > is_rival:
            one.features[Feature.RIVALS] = min(rules("match")["most_rivals"], log2(1 + number - is_rival))
    return found


def _is_rival(features: Mapping[str, float]) -> bool:
    return (
        not _RIVAL_PLACE.isdisjoint(features)
        and not _RIVAL_TIME.isdisjoint(features)
        and OTHER_EVENT_TYPE.isdisjoint(features)
    )


def _compare(pair: RecordPair, incidents_with: Mapping[str, int]) -> Comparison:
    report, incident = pair.report, pair.incident
    links = name_links(pair, incidents_with)
    time, time_forbids = relation_of_times(pair, links)
    place, place_forbids = relation_of_places(pair, links, time)
    features = _features(pair, links, place, time)
    story = _story_features(pair, place)
    # what an error in one of two short items can look like: their story decides, if both have one
    weak = [*_cannot_link_by_kind(pair, time, links), *_too_little_agrees(pair, place, time, links)]
    weak += [time_forbids] if time_forbids else []
    reasons: list[str] = []
    if place_forbids:
        (weak if _may_be_either_country(pair) else reasons).append(place_forbids)
    shares_road = Feature.SAME_ROAD in features
    officials = relation_of_officials(report.facts, incident.facts)
    if officials is OfficialRelation.SAME:
        return Comparison(pair.incident_id, {**features, Feature.SAME_EVENT_ID: 1.0}, ())
    if officials is OfficialRelation.OTHER:
        reasons.append("another event by what authorities state")
    is_wide = is_felt_far_away(report.facts, incident.facts)
    if not place_forbids and not is_wide and are_different_towns(pair, place, links, shares_road=shares_road):
        reasons.append("another town, which neither text names")
    if (time in _NEAR_IN_TIME or story) and PERSON_IN_COMMON.isdisjoint(features):
        reasons += _cannot_link_by_day(pair, links, features)
    if are_two_scenes(report, incident, features) or are_different_event_types(report, incident, features):
        reasons.append("another target or scene")
    if not links.is_linked and not _is_one_story(pair, story) and _is_vague_beside_words(pair, features):
        reasons.append("only a country agrees, and no words")
    if pair.in_two_languages and not links.is_linked and are_different_harms(report, incident):
        reasons.append("two languages, and harm that is not one act's")
    if is_another_by_its_words(report, incident):
        reasons.append("one is called a second event by its text")
    return Comparison(pair.incident_id, features | story, (*reasons, *(() if _is_one_story(pair, story) else weak)))


def _features(pair: RecordPair, links: NameLinks, place: PlaceRelation, time: TimeRelation) -> dict[str, float]:
    report, incident = pair.report, pair.incident
    features: dict[str, float] = {place: 1.0, time: 1.0}
    if report.kind is incident.kind:
        features[Feature.SAME_KIND] = 1.0
    elif report.facts.kind in all_kinds().compatible(incident.facts.kind):
        features[Feature.TURNS_INTO] = 1.0
    features |= _count_features(report.facts, incident.facts)
    features |= _text_features(report, incident, links, in_two_languages=pair.in_two_languages)
    features |= official_features(
        report.facts,
        incident.facts,
        is_placed=place not in _ONE_MAY_CONTAIN_THE_OTHER or pair.names_place,
        shares_name=links.rare_names >= 1,
    )
    if time is TimeRelation.SAME_DAY and not links.shares_person and _are_different_hours(report.hours, incident.hours):
        features[Feature.OTHER_HOUR] = 1.0
    features[Feature.HEADLINE] = headline_overlap(report, incident)
    if time in _ANOTHER_DAY and not report.is_about_aftermath and not incident.is_about_aftermath:
        # "Car bomb kills 13", and again two days later
        features |= {Feature.HEADLINE: 0.0, Feature.LARGE_TOLL: 0.0}
    if are_different_targets(report.targets, incident.targets):
        features[Feature.OTHER_TARGET] = 1.0
    if pair.names_place and place in _PLACE_IS_DOUBTFUL:
        features[Feature.PLACE_NAMED] = 1.0
    if time is TimeRelation.LATER:
        features |= _features_of_later(report, incident)
    if (
        Feature.NO_NAME in features
        and features[Feature.WORDING] < rules("match")["unlike_words"]
        and not TOLLS_DIFFER.isdisjoint(features)
    ):
        features[Feature.UNLIKE] = 1.0
    differences = len(DIFFERENCES.intersection(features))
    if differences > 1:
        features[Feature.APART] = differences - 1.0
    return features


def _features_of_later(report: Attributes, incident: Attributes) -> dict[str, float]:
    """The features of two texts that are weeks apart."""
    features: dict[str, float] = {Feature.LIKE_TOLL: 1.0} if is_somewhat_higher_toll(report, incident) else {}
    if report.facts.news is incident.facts.news is News.EVENT:
        features[Feature.EVENT_LATER] = 1.0
    return features


def _cannot_link_by_day(pair: RecordPair, links: NameLinks, features: Mapping[str, float]) -> list[str]:
    """The reason that forbids a match of two texts of about one time that have no person in common."""
    if are_events_of_two_days(pair.report, pair.incident, features):
        return ["each tells of an act of its own day"]
    if not links.is_linked and was_reported_before_event(pair.report, pair.incident):
        return ["one was told before the other happened"]
    return []


def _text_features(
    report: Attributes, incident: Attributes, links: NameLinks, *, in_two_languages: bool
) -> dict[str, float]:
    """The features of the words of both texts: names, ages, roads, means, wording.

    Names that only one of them has say nothing where a language is not that of both: it may spell them in other ways.
    """
    features: dict[str, float] = {
        Feature.NAMES: min(links.rare_names, rules("match")["most_names"]),
        Feature.WORDING: cosine(report.words, incident.words),
    }
    features |= dict.fromkeys(_event_type_features(report, incident), 1.0)
    if report.ages and incident.ages:
        features[Feature.SAME_AGE if links.shares_age else Feature.OTHER_AGE] = 1.0
    if report.roads and incident.roads:
        if _are_different_roads(report.roads, incident.roads):
            features[Feature.OTHER_ROAD] = 1.0
        elif not report.roads.isdisjoint(incident.roads):
            features[Feature.SAME_ROAD] = 1.0
    if links.victims:
        features[Feature(links.victims.value)] = 1.0
    if links.victims is not VictimLink.SAME and links.shares_full_name:
        features[Feature.PERSON] = 1.0
    if not links.rare_names and report.has_rare_name() and incident.has_rare_name() and not in_two_languages:
        features[Feature.NO_NAME] = 1.0
    return features


def _cannot_link_by_kind(pair: RecordPair, time: TimeRelation, links: NameLinks) -> list[str]:
    """The reason that forbids a match of kinds that exclude each other, unless the texts are surely about one event."""
    one, two = pair.report.facts.kind, pair.incident.facts.kind
    if one in all_kinds().compatible(two):
        return []
    is_same_event = (time is TimeRelation.LATER and has_same_toll_later(pair)) or (
        time in SAME_TIME and (_may_kinds_differ(pair, links) or has_same_toll_in_two_languages(pair))
    )
    return [] if is_same_event else [f"a {one} doesn't turn into a {two}"]


def _is_vague_beside_words(pair: RecordPair, features: Mapping[str, float]) -> bool:
    """Is only a country of both known, and do no words show that both texts mean one act?

    In a war there are many acts of a kind in a country on a day. Words of two languages can't be compared, and in a
    language other than English, whose items have no story, some must be in common.
    """
    if not pair.in_two_languages and not pair.in_another_language:
        return False
    places = (pair.report.facts.place, pair.incident.facts.place)
    if not any(place is None or place.precision is Precision.COUNTRY for place in places):
        return False
    is_alike = max(features[Feature.HEADLINE] / 2, features[Feature.WORDING]) >= rules("match")["alike_words"]
    return not (
        is_alike
        or pair.names_place
        or Feature.SAME_MAGNITUDE in features
        or is_same_toll(pair.report.facts, pair.incident.facts, rules("match")["statement_toll"])
    )


def _too_little_agrees(pair: RecordPair, place: PlaceRelation, time: TimeRelation, links: NameLinks) -> list[str]:
    """The reasons that forbid a match since neither place nor time agrees, or neither is known."""
    reasons = []
    if place in _PLACE_DISAGREES and time not in SAME_TIME:
        is_same = has_same_toll_later(pair) or has_same_toll_in_two_languages(pair)
        is_linked = links.is_linked or (pair.names_place and is_same)
        if time is TimeRelation.OTHER_DAY or not is_linked:
            reasons.append("neither place nor time agrees")
    are_unknown = place is PlaceRelation.UNKNOWN_PLACE and time is TimeRelation.UNKNOWN_TIME
    if are_unknown and links.victims is not VictimLink.SAME and not (pair.names_place and links.is_linked):
        reasons.append("neither place nor time is known")
    return reasons


def _story_features(pair: RecordPair, place: PlaceRelation) -> dict[str, float]:
    """The features of two short items in the news of the same days whose stories are known; empty for others.

    The stories of the encoder for many languages are less sharp: they are nearer to each other, and of two items in one
    town, where much of what happens is told alike, they say nothing.
    """
    alike, hours = likeness(pair.report.story, pair.incident.story), _hours_between(pair)
    rule = rules("match")["items"]
    if alike is None or hours is None or hours > rule["hours"]:
        return {}
    if is_shared_story(pair.report.story):
        if place is PlaceRelation.SAME_PLACE:
            return {}
        alike = 1.0 - (1.0 - alike) * rule["shared_scale"]
    found: dict[str, float] = {
        Feature.ITEM: 1.0,
        Feature.STORY: alike,
        Feature.SAME_STORY: max(0.0, alike - rule["alike"]),
        Feature.HOURS_APART: log1p(min(hours, rule["most_hours"])),
    }
    return found | {Feature.OTHER_COUNTRY: 1.0} if _is_other_country(pair) else found


def _is_one_story(pair: RecordPair, story: Mapping[str, float]) -> bool:
    """Do two items tell one story, so that what may be an error of one of them forbids nothing?"""
    if not story or not is_shared_story(pair.report.story):
        return bool(story)
    return (likeness(pair.report.story, pair.incident.story) or 0.0) >= float(rules("match")["items"]["shared_sure"])


def _hours_between(pair: RecordPair) -> float | None:
    """The hours between the report's publication and the latest of the incident's articles; None if one isn't known.

    A new article without a date is most likely of when it was first seen.
    """
    published = pair.report.articles[0].published_by
    latest = max((time for a in pair.incident.articles if (time := a.published_by) is not None), default=None)
    return None if published is None or latest is None else abs((published - latest).total_seconds()) / 3600


def _may_be_either_country(pair: RecordPair) -> bool:
    """Are two countries given, at least one of them without a town? One may be that of who acted or spoke, or an event
    may be in both."""
    places = (pair.report.facts.place, pair.incident.facts.place)
    return _is_other_country(pair) and any(place is not None and place.precision.is_area for place in places)


def _is_other_country(pair: RecordPair) -> bool:
    one, two = pair.report.facts.place, pair.incident.facts.place
    countries = {place.country for place in (one, two) if place is not None and place.country}
    return len(countries) > 1


def _may_kinds_differ(pair: RecordPair, links: NameLinks) -> bool:
    """May two texts of one day be about one event though their kinds exclude each other?

    Yes where one kind says little, and where more are killed in what was called a drone strike and is called a bombing
    now.
    """
    report, incident = pair.report, pair.incident
    is_higher = report.kind.group == incident.kind.group and any(
        last.is_toll_update and is_higher_toll(first.facts, last.facts)
        for first, last in ((report, incident), (incident, report))
    )
    return links.is_one_event or report.is_vague or incident.is_vague or is_higher


def _are_different_roads(one: frozenset[str], two: frozenset[str]) -> bool:
    """Do two texts name roads of two scenes?

    None in common, and not just a street and one it crosses: where one text has only numbered roads and the other only
    named ones, they may meet.
    """
    if not one or not two or not one.isdisjoint(two):
        return False
    by_type = (
        [{road for road in roads if road[0].isdigit() is numbered} for roads in (one, two)]
        for numbered in (True, False)
    )
    return any(a and b for a, b in by_type)


def _are_different_hours(one: frozenset[int], two: frozenset[int]) -> bool:
    """Can the hours of one day that two texts give not be one event's?"""
    return bool(one and two) and one.isdisjoint(two)


def _count_features(one: Report, two: Report) -> dict[str, float]:
    """Which numbers are equal, and how different the others are, 0 to 1. Equal ones say more the larger they are."""
    found: dict[str, float] = {}
    equal = 1
    for field in ("killed", "injured"):
        new, known = getattr(one, field), getattr(two, field)
        if new.state is not CountState.COUNTED or known.state is not CountState.COUNTED:
            continue
        if new.low == known.low:
            found[_SAME_COUNT[field]] = 1.0
            equal *= max(1, new.low or 0)
        else:
            low, high = sorted((new.low or 0, known.low or 0))
            found[_OTHER_COUNT[field]] = 1 - low / high
    if equal > 1:
        found[Feature.LARGE_TOLL] = min(rules("match")["most_toll"], log2(equal))
    if not found and _has_casualties(one) and _has_casualties(two):
        found[Feature.OTHER_TOLL] = 1.0
    return found


def headline_overlap(report: Attributes, incident: Attributes) -> float:
    """How much of the report's headline is in one of the incident's latest, or the other way round, 0 to 1.

    Words in common that are only the place's count as none: "Man killed in Shreveport shooting".
    """
    title = _title_words(report.articles[0].title)
    if not title:
        return 0.0
    here = report.place_words | incident.place_words
    others = (_title_words(article.title) for article in incident.articles[-rules("match")["headlines"] :])
    alike = (words for words in others if title & words - here)
    return max((len(title & words) / min(len(title), len(words)) for words in alike), default=0.0)


@lru_cache(maxsize=20_000)
def _title_words(title: str) -> frozenset[str]:
    return words_of_name(title)


def _has_casualties(facts: Report) -> bool:
    return bool(facts.killed.low or facts.injured.low)


def _event_type_features(report: Attributes, incident: Attributes) -> list[Feature]:
    """Different types of event: bombs against guns, or kinds of different groups with different numbers of killed."""
    found = []
    if report.weapon_types and incident.weapon_types and report.weapon_types.isdisjoint(incident.weapon_types):
        found.append(Feature.OTHER_MEANS)
    one, two = report.facts.killed.low, incident.facts.killed.low
    is_other_toll = bool(one and two) and one != two
    if (
        is_other_toll
        and report.kind.group != incident.kind.group
        and not report.is_toll_update
        and not incident.is_toll_update
    ):
        found.append(Feature.OTHER_ACT)
    return found
