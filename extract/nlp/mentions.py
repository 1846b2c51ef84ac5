"""Which findings do the components store on a ``Doc``? Plain values with character offsets into the laid-out text."""

from __future__ import annotations

from enum import StrEnum

from extract.types import Confidence, Count, CountState, Effect, Frozen, TimePrecision


class Trigger(Frozen, frozen=True, kw_only=True):
    """A word or phrase that indicates a kind of incident. ``strong``: it is enough by itself.

    ``modifies``: it only modifies another noun ("murder laws").
    """

    kind: str
    start: int
    end: int
    sentence: int
    strong: bool
    modifies: bool = False


class Talk(StrEnum):
    """The kind of talk of a sentence, by its words: a cue group of ``cues.toml`` (``sentence``, ``segment``)."""

    BACKGROUND = "background"
    ANNIVERSARY = "anniversary"
    OBITUARY = "obituary"
    EMERGENCY = "emergency"
    HISTORY = "history"
    HYPOTHETICAL = "hypothetical"
    COURT = "court"
    ARREST = "arrest"
    AFTERMATH = "aftermath"
    FICTION = "fiction"
    SPORT = "sport"
    BUSINESS = "business"
    POLITICS = "politics"
    DRILL = "drill"
    DRILL_ACCIDENT = "drill_accident"  # people were harmed in a drill
    STATISTICS = "statistics"
    OPINION = "opinion"
    CORRECTION = "correction"
    NEGATED = "negated"
    DAY = "day"
    ADVICE = "advice"
    CAUSE = "cause"
    ROUNDUP = "digest"  # news in brief: several incidents in one article
    ANOTHER = "another"  # opens the account of another incident
    APART = "apart"  # mentions another incident, without opening its account
    PAST_YEAR = "past_year"  # names a year before that of publication


class Sentence(Frozen, frozen=True, kw_only=True):
    """A sentence, its position and its kinds of talk.

    ``flags`` are values of ``Talk``; ``talk`` counts the words of each cue group. ``segment`` counts up from 0 where an
    article goes on to another incident ("in a separate attack").
    """

    start: int
    end: int
    paragraph: int
    is_title: bool
    flags: frozenset[str]
    talk: dict[str, int]
    segment: int = 0


class CountField(StrEnum):
    """What happened to the people of a number.

    ``SHOT``: hit by bullets or blades, and the text does not say with what result. ``ATTACKER_DEATHS``: attackers who
    died of their own act, besides the people the text counts.
    """

    KILLED = "killed"
    INJURED = "injured"
    SHOT = "shot"
    KIDNAPPED = "kidnapped"
    ATTACKERS = "attackers"
    KILLED_ATTACKERS = "killed_attackers"
    ATTACKER_DEATHS = "own_deaths"  # the value is the name of a learned feature


class CountGroup(StrEnum):
    """Who is counted: any people, "the man" (who may have been mentioned before), "two others", attackers."""

    PERSON = "person"
    DEFINITE = "definite"
    ADDITIONAL = "additional"
    ATTACKER = "attacker"


# fields of counts that are harm to people
HARM = frozenset({CountField.KILLED, CountField.INJURED, CountField.SHOT, CountField.KIDNAPPED})


# more than one person, without a number
UNNUMBERED = Count(low=2, high=None, state=CountState.COUNTED)


def counted(low: int, high: int | None) -> Count:
    """A counted ``Count``; ``high`` None means "at least"."""
    return Count(low=low, high=high, state=CountState.COUNTED)


class CountMention(Frozen, frozen=True, kw_only=True):
    """A number of people and what happened to them.

    ``total``: a running total ("bringing the toll to 14"). ``part``: part of another number ("three of them",
    "including two children"). ``group``: who they are ("attacker", "definite", "additional", "person"). ``cue``: the
    end offset of the word that says what happened to them. ``cared``: people in hospital or in some condition, who may
    be part of the injured. ``also``: in addition to the others mentioned ("the driver also died"), or without the
    attackers ("second victim dies"). ``by_attackers``: attackers are the agent.
    """

    field: CountField
    count: Count
    start: int
    end: int
    sentence: int
    total: bool = False
    part: bool = False
    cue: int = 0
    group: CountGroup = CountGroup.PERSON
    names: tuple[str, ...] = ()
    cared: bool = False
    also: bool = False
    by_attackers: bool = False


class MentionRole(StrEnum):
    """What a mention of a person or thing is, by the words around it."""

    NONE = ""
    ATTACKER = "doer"  # the values are names of learned features
    GROUP = "group"
    VICTIM = "victim"
    WEAPON = "thing"
    WEAPON_IMPLIED = "sign"  # "was shot": implies a type of weapon without naming one
    TARGET_HIT = "object"
    TARGET_SCENE = "place"
    TARGET_NEAR = "near"
    OFFICE_HOLDER = "person"
    OFFICE_HOLDER_HOME = "home"


class SpeakerKind(StrEnum):
    """The kind of speaker: a cue group of ``cues.toml``, ``speakers``."""

    OFFICIAL = "official"
    MEDIA = "media"
    WITNESS = "witness"


class ResponsibilityCue(StrEnum):
    """What words say about responsibility: a cue group of ``cues.toml``, ``responsibility``.

    ``CLAIMED_BY``: the claim names who makes it ("an anarchist group claimed responsibility").
    """

    NONE_REPORTED = "none_reported"
    CLAIMED_BY = "claimed_by"
    CLAIMED = "claimed"
    SUSPECTED = "suspected"
    DENIED = "denied"
    CONFIRMED = "confirmed"
    COMPETING = "competing"


class StatusCue(StrEnum):
    """What words say about the status of an act: a cue group of ``cues.toml``, ``status``."""

    ONGOING = "ongoing"
    ENDED = "ended"
    FOILED = "foiled"
    THREATENED = "threatened"


class CasualtyNote(StrEnum):
    """What words say about casualties without a number: a cue group of ``cues.toml``, ``casualties``."""

    NOT_YET_KNOWN = "not_yet_known"
    KILLED_NOT_YET_KNOWN = "killed_not_yet_known"
    INJURED_NOT_YET_KNOWN = "injured_not_yet_known"
    NONE = "none"
    NONE_KILLED = "none_killed"
    NONE_INJURED = "none_injured"


class Reading(StrEnum):
    """How the words for a time are read, if more than one reading is possible."""

    SAID = "said"
    WEEK_BEFORE = "week_before"  # "Sunday" in a Sunday's article, taken as the Sunday before
    UNDATED = "undated"  # an hour or part of the day without a day, taken as on the day of publication
    EVE = "eve"  # the same, or "overnight", taken as the day before


class TimeMention(Frozen, frozen=True, kw_only=True):
    """A time expression resolved to its first and last ISO day (or local date-time)."""

    first: str
    last: str
    precision: TimePrecision
    start: int
    end: int
    sentence: int
    reading: Reading = Reading.SAID


class NamedMention(Frozen, frozen=True, kw_only=True):
    """A mention of a weapon, target, victim, attacker, group or cue: its words and type."""

    name: str
    type: str | None
    start: int
    end: int
    sentence: int
    role: MentionRole = MentionRole.NONE
    confidence: Confidence | None = None
    effect: Effect = Effect.UNKNOWN


class NounMention(Frozen, frozen=True, kw_only=True):
    """A noun phrase that may be a participant of the act: its words, the head in lower case, and its features."""

    name: str
    start: int
    end: int
    sentence: int
    head: str
    features: tuple[str, ...]


class Speaker(Frozen, frozen=True, kw_only=True):
    """The words for a speaker, and what kind of speaker it is."""

    name: str
    kind: SpeakerKind
    start: int
    end: int
