"""Which findings do the components leave on a Doc? Plain values with character offsets into the laid-out text."""

from __future__ import annotations

from enum import StrEnum

from extract.types import Confidence, Count, Effect, Frozen, TimePrecision


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


class Sentence(Frozen, frozen=True, kw_only=True):
    """A sentence, where it stands and what kind of talk it is.

    ``flags`` are names of cue groups in ``data/cues.toml``: ``background``, ``hypothetical``, ``court`` ...; ``talk``
    counts the words of each group. ``segment`` counts the incidents an article may tell one after the other ("in a
    separate attack").
    """

    start: int
    end: int
    paragraph: int
    is_title: bool
    flags: frozenset[str]
    talk: dict[str, int]
    segment: int = 0


# what a count tells that was done to people
HARM = frozenset({"killed", "injured", "shot", "kidnapped"})


class CountMention(Frozen, frozen=True, kw_only=True):
    """A number of people and what happened to them, or that it isn't known.

    ``total`` marks a running total ("bringing the toll to 14"); ``part`` a part of another number ("three of them",
    "including two children"); ``group`` who they are ("attacker", "definite", "additional", "person"). ``cue`` is the
    offset behind the word that says what happened to them; ``cared`` marks those in hospital or in some condition, who
    may be a part of those hurt. ``also``: told of beside others ("the driver also died") or without the
    attackers ("second victim dies"); ``by_attackers``: attackers
    are said to have done it.
    """

    field: str
    count: Count
    start: int
    end: int
    sentence: int
    total: bool = False
    part: bool = False
    cue: int = 0
    group: str = "person"
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
