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
    role: str = ""
    confidence: Confidence | None = None
    effect: Effect = Effect.UNKNOWN


class NounMention(Frozen, frozen=True, kw_only=True):
    """A noun phrase that may name someone or something of the act: its words, the head in lower case, and its signs."""

    name: str
    start: int
    end: int
    sentence: int
    head: str
    signs: tuple[str, ...]


class Speaker(Frozen, frozen=True, kw_only=True):
    """The words for a speaker; ``kind`` is ``official``, ``media`` or ``witness``."""

    name: str
    kind: str
    start: int
    end: int
