"""Which findings do the components leave on a Doc? Plain values with character offsets into the laid-out text."""

from __future__ import annotations

from enum import StrEnum

from extract.types import Confidence, Count, CountState, Effect, Frozen, TimePrecision


class Trigger(Frozen, frozen=True, kw_only=True):
    """A word or phrase that tells of a kind of incident. ``strong``: it names the act by itself.

    ``modifies``: it only says what another noun is about ("murder laws").
    """

    kind: str
    start: int
    end: int
    sentence: int
    strong: bool
    modifies: bool = False


class Talk(StrEnum):
    """A kind of talk that a sentence is of, by its words: a cue group of ``cues.toml`` (``sentence``, ``segment``)."""

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
    STATISTICS = "statistics"
    OPINION = "opinion"
    CORRECTION = "correction"
    NEGATED = "negated"
    DAY = "day"
    ADVICE = "advice"
    CAUSE = "cause"
    ROUNDUP = "digest"  # news in brief: several incidents in one article
    ANOTHER = "another"  # opens the account of another incident
    APART = "apart"  # mentions one, without opening its account
    PAST_YEAR = "past_year"  # names a year before that of publication


class Sentence(Frozen, frozen=True, kw_only=True):
    """A sentence, where it stands and what kind of talk it is.

    ``flags`` are values of ``Talk``; ``talk`` counts the words of each cue group. ``segment`` counts the incidents that
    an article may tell one after the other ("in a separate attack").
    """

    start: int
    end: int
    paragraph: int
    is_title: bool
    flags: frozenset[str]
    talk: dict[str, int]
    segment: int = 0


class CountField(StrEnum):
    """What a number of people says happened to them.

    ``SHOT``: hit by bullets or blades, with no word on what came of it. ``ATTACKER_DEATHS``: attackers who died of
    their own act, beside those the text counts.
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


# what a count says was done to people
HARM = frozenset({CountField.KILLED, CountField.INJURED, CountField.SHOT, CountField.KIDNAPPED})


# more than one person, and no number given
UNNUMBERED = Count(low=2, high=None, state=CountState.COUNTED)


def counted(low: int, high: int | None) -> Count:
    """A counted ``Count``; ``high`` None means "at least"."""
    return Count(low=low, high=high, state=CountState.COUNTED)


class CountMention(Frozen, frozen=True, kw_only=True):
    """A number of people and what happened to them, or that it isn't known.

    ``total`` marks a running total ("bringing the toll to 14"); ``part`` a part of another number ("three of them",
    "including two children"); ``group`` who they are ("attacker", "definite", "additional", "person"). ``cue`` is the
    offset behind the word that says what happened to them; ``cared`` marks those in hospital or in some condition, who
    may be a part of those hurt. ``also``: told of beside others ("the driver also died") or without the
    attackers ("second victim dies"); ``by_attackers``: attackers
    are said to have done it.
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
    WEAPON_IMPLIED = "sign"  # "was shot": says that a weapon of a type was used, and names none
    TARGET_HIT = "object"
    TARGET_SCENE = "place"
    TARGET_NEAR = "near"
    OFFICE_HOLDER = "person"
    OFFICE_HOLDER_HOME = "home"


class SpeakerKind(StrEnum):
    """Who speaks: the cue groups of ``cues.toml``, ``speakers``."""

    OFFICIAL = "official"
    MEDIA = "media"
    WITNESS = "witness"


class ResponsibilityCue(StrEnum):
    """What words say of who did it: the cue groups of ``cues.toml``, ``responsibility``.

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
    """What words say of how an act stands: the cue groups of ``cues.toml``, ``status``."""

    ONGOING = "ongoing"
    ENDED = "ended"
    FOILED = "foiled"
    THREATENED = "threatened"


class CasualtyNote(StrEnum):
    """What words say of numbers that are not given: the cue groups of ``cues.toml``, ``casualties``."""

    NOT_YET_KNOWN = "not_yet_known"
    KILLED_NOT_YET_KNOWN = "killed_not_yet_known"
    INJURED_NOT_YET_KNOWN = "injured_not_yet_known"
    NONE = "none"
    NONE_KILLED = "none_killed"
    NONE_INJURED = "none_injured"


class Reading(StrEnum):
    """How the words for a time are taken, where they can be taken in more than one way."""

    SAID = "said"
    WEEK_BEFORE = "week_before"  # "Sunday" in a Sunday's article, taken as the Sunday before
    UNDATED = "undated"  # an hour or part of the day that no day stands beside, taken as the day of publication
    EVE = "eve"  # the same, or "overnight", taken as the day before


class TimeMention(Frozen, frozen=True, kw_only=True):
    """A time expression resolved to ISO days (or local date-times)."""

    first: str
    last: str
    precision: TimePrecision
    start: int
    end: int
    sentence: int
    reading: Reading = Reading.SAID


class NamedMention(Frozen, frozen=True, kw_only=True):
    """A weapon, target, victim, actor or context group: its words and type."""

    name: str
    type: str | None
    start: int
    end: int
    sentence: int
    role: MentionRole = MentionRole.NONE
    confidence: Confidence | None = None
    effect: Effect = Effect.UNKNOWN


class NounMention(Frozen, frozen=True, kw_only=True):
    """A noun phrase that may name someone or something of the act: its words, the head in lower case, and its signs."""

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
