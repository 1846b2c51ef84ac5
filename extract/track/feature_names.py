"""What are the features of a comparison called? By the names of the weights in ``data/track.toml``.

``explain`` prints these names beside each part of a score, and they are stored with every decision.
"""

from __future__ import annotations

from enum import StrEnum


class PlaceRelation(StrEnum):
    """How the places of a report and an incident relate; each comparison has exactly one of these."""

    SAME_PLACE = "same_place"
    NEAR = "near"
    """At most ``near_km`` apart: suburbs of one city."""
    AROUND = "around"
    """At most ``around_km`` apart."""
    FAR = "far"
    """Further apart; allowed only within the limit for the kinds, or where names link the texts."""
    WITHIN = "within"
    """One is an area that can contain the other, or the distance is not known."""
    SAME_AREA = "same_area"
    """The same province or country."""
    SAME_NAME = "same_name"
    """Too far apart for one province, but places of one name: Monroe and Monroe."""
    ELSEWHERE = "elsewhere"
    """Too far apart for one province, but one of the two places may be an error."""
    UNKNOWN_PLACE = "unknown_place"


class TimeRelation(StrEnum):
    """How the times of a report and an incident relate; each comparison has exactly one of these."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    NEAR_DAY = "near_day"
    """Some days apart, which is an error of one text or within what the kind allows."""
    LATER = "later"
    """Weeks apart, and at least one text is about the aftermath."""
    OTHER_DAY = "other_day"
    OVERLAP_COARSE = "overlap_coarse"
    """The spans overlap, but at least one is coarser than a day."""
    UNKNOWN_TIME = "unknown_time"


class Feature(StrEnum):
    """What else a comparison can find, for or against one incident behind two texts."""

    SAME_KIND = "same_kind"
    TURNS_INTO = "turns_into"
    """Other kinds, but the same incident may be called either."""
    SAME_KILLED = "same_killed"
    OTHER_KILLED = "other_killed"
    SAME_INJURED = "same_injured"
    OTHER_INJURED = "other_injured"
    LARGE_TOLL = "large_toll"
    """How large the equal numbers are, as a logarithm to base 2."""
    OTHER_TOLL = "other_toll"
    """One text counts only the killed, the other only the injured."""
    LIKE_TOLL = "like_toll"
    """A text of weeks later counts somewhat more killed than the many that were known."""
    NAMES = "names"
    """How many rare names both texts contain."""
    NO_NAME = "no_name"
    """Both texts contain rare names, but none in common."""
    VICTIM = "victim"
    """A named victim in common."""
    OTHER_VICTIM = "other_victim"
    """One named victim each, with different names."""
    PERSON = "person"
    """Somebody named in full in one text is named in the other."""
    SAME_AGE = "same_age"
    OTHER_AGE = "other_age"
    SAME_ROAD = "same_road"
    OTHER_ROAD = "other_road"
    """Both texts name roads, none in common, which can't meet."""
    OTHER_HOUR = "other_hour"
    """Both give hours or parts of one day that can't be one event's."""
    OTHER_MEANS = "other_means"
    """Weapons of different types."""
    OTHER_ACT = "other_act"
    """Kinds of different groups with different numbers of killed."""
    OTHER_TARGET = "other_target"
    """The leads name different types of place or of people that were hit."""
    WORDING = "wording"
    """Cosine of the texts' other words."""
    HEADLINE = "headline"
    """How much of one headline is in the other, 0 to 1."""
    ITEM = "item"
    """Both are short items of the same days whose stories are known: ``[match.items]`` has their weights."""
    STORY = "story"
    """How alike the stories of two short items are: the cosine of the encoder's vectors."""
    SAME_STORY = "same_story"
    """By how much that is above ``alike``."""
    HOURS_APART = "hours_apart"
    """The hours between the item and the incident's latest one, at most ``most_hours``, as log(1 + hours)."""
    OTHER_COUNTRY = "other_country"
    """The places of two short items lie in two countries."""
    UNLIKE = "unlike"
    """Hardly a word in common, no name in common, and another toll."""
    PLACE_NAMED = "place_named"
    """A doubtful relation of places, but one text names the other's place."""
    EVENT_LATER = "event_later"
    """Weeks apart, and both are about the event itself."""
    SAME_EVENT_ID = "same_event_id"
    """Authorities call both the same event: by an id, or by moment and point."""
    OFFICIAL = "official"
    """At least one of the two is stated by an authority, of the same kind of incident."""
    OFFICIAL_AREA = "official_area"
    """One of the two is an authority's, of an area that can contain the other's place, and no rare name is in both."""
    SAME_MAGNITUDE = "same_magnitude"
    """The magnitudes are those of one earthquake, which agencies measure a little differently."""
    OTHER_MAGNITUDE = "other_magnitude"
    STRENGTH = "strength"
    """By how much an earthquake that an agency lists is stronger than a weak one, if the text gives no magnitude: of a
    main shock and its aftershocks the news are mostly of the first."""
    RIVALS = "rivals"
    """How many other incidents are known of about this place and time, as a logarithm to base 2."""
    APART = "apart"
    """How many more than one of the differences are present that seldom come together in one incident."""


# somebody in common: only one event has that person's full name or age
PERSON_IN_COMMON = frozenset((Feature.VICTIM, Feature.PERSON, Feature.SAME_AGE))
# different types of event: means or groups of kinds
OTHER_EVENT_TYPE = frozenset((Feature.OTHER_ACT, Feature.OTHER_MEANS))
# different numbers of killed, or numbers that can't be compared
TOLLS_DIFFER = frozenset((Feature.OTHER_KILLED, Feature.OTHER_TOLL))
COUNTS_DIFFER = TOLLS_DIFFER | {Feature.OTHER_INJURED}
# two accounts of one scene seldom have more than one of these
SCENE_DIFFERS = frozenset((Feature.OTHER_AGE, Feature.OTHER_ROAD, Feature.OTHER_HOUR))
# differences between two events of one place and day; one of these alone may be an error in either text
DIFFERENCES = frozenset(
    (
        Feature.OTHER_AGE,
        Feature.OTHER_ROAD,
        Feature.OTHER_VICTIM,
        Feature.OTHER_TOLL,
        Feature.OTHER_MEANS,
        Feature.NO_NAME,
    )
)
