"""What can a question ask for? The values into which it is parsed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

from extract.types import Frozen, Place

# ``freed`` and ``arrested`` are no facts of a record: they are read in the articles
Counted = Literal["killed", "injured", "kidnapped", "casualties", "freed", "arrested"]
# what a superlative goes by
Rank = Literal["", "killed", "injured", "kidnapped", "casualties", "magnitude", "count", "newest", "oldest"]


class Measure(StrEnum):
    """What a question wants to know about the incidents."""

    COUNT = "count"
    KILLED = "killed"
    INJURED = "injured"
    KIDNAPPED = "kidnapped"
    CASUALTIES = "casualties"
    FREED = "freed"
    ARRESTED = "arrested"
    ANY = "any"
    LIST = "list"
    LATEST = "latest"
    WHEN = "when"
    WHERE = "where"
    CLAIMED = "claimed"
    DEADLIEST = "deadliest"
    TREND = "trend"

    @property
    def field(self) -> Counted | None:
        """The field of the incidents that is summed up, None where none is."""
        return self.value if self in _SUMS else None  # type: ignore[return-value]


_SUMS = (
    Measure.KILLED,
    Measure.INJURED,
    Measure.KIDNAPPED,
    Measure.CASUALTIES,
    Measure.FREED,
    Measure.ARRESTED,
)


class Trouble(StrEnum):
    """Why a question has no answer."""

    NOTHING = "nothing"  # it is about nothing that is stored
    PLACE = "place"  # it names an unknown place
    DATE = "date"  # it names a day that does not exist
    THING = "thing"  # it asks for the number of something that is not counted
    LANGUAGE = "language"  # it is in a language that is not read
    LENGTH = "length"  # it is too long
    WHY = "why"  # it asks for reasons
    FUTURE = "future"  # it asks about the future
    SAFETY = "safety"  # it asks whether a place is safe
    LEAST = "least"  # it asks for the least of something
    NEGATION = "negation"  # it leaves something out that cannot be left out


class Period(Frozen, frozen=True, kw_only=True):
    """Days from ``since`` to ``until``, both included; None: no bound. ``words`` are those of the question."""

    since: date | None = None
    until: date | None = None
    words: str = ""


class Spot(Frozen, frozen=True, kw_only=True):
    """A place as the question names it (``said``), and the places that it can mean, most probable first."""

    said: str
    options: tuple[Place, ...]

    @property
    def place(self) -> Place:
        """The most probable one, which is used."""
        return self.options[0]


class Condition(Frozen, frozen=True, kw_only=True):
    """How many people must have been killed, injured or kidnapped: from ``low`` to ``high`` (None: no bound)."""

    field: Counted
    low: int = 0
    high: int | None = None


NamePart = Literal["", "first", "last"]
HitEffect = Literal["", "killed", "injured", "kidnapped", "casualties", "freed"]


class Hit(Frozen, frozen=True, kw_only=True):
    """People or things that must have been hit, as the question calls them (``name``).

    ``words``: how records and articles call them, with * for any ending. ``effect``: what must have happened to them;
    "": any harm.
    """

    name: str
    words: tuple[str, ...]
    effect: HitEffect = ""


class Respelling(Frozen, frozen=True, kw_only=True):
    """A misspelt word of the question (``said``) and how it was read."""

    said: str
    read: str


class KindsNamed(Frozen, frozen=True, kw_only=True):
    """Kinds of incident as a question names them (``label``); ``also`` count only if done with one of ``weapons``."""

    label: str = ""
    slugs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()


class LeftOut(Frozen, frozen=True, kw_only=True):
    """What a question leaves out: incidents of these kinds, in these places and periods, by these actors, ..."""

    kinds: KindsNamed = KindsNamed()
    places: tuple[Spot, ...] = ()
    periods: tuple[Period, ...] = ()
    actors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != NOTHING_LEFT_OUT


NOTHING_LEFT_OUT = LeftOut()


class Query(Frozen, frozen=True, kw_only=True):
    """A parsed question.

    It selects the incidents that are of one of the ``kinds`` (or of one of ``also`` with one of the ``weapons``), in
    one of the ``places``, within one of the ``periods``, by all of the ``actors``, that meet all ``conditions``, in
    which all of ``hits`` were hit, whose records contain all of the ``words``, whose articles name people of all
    ``names``, and nothing that is ``without``. An empty field selects all. ``name_part``: the names are "first" or
    "last" names. ``label`` is what the question calls the kinds. ``order`` "first" asks for the oldest. ``by`` is the
    unit of a trend or ranking. ``limit``: only so many are asked for, the first by ``rank`` (0: all), and of
    them only the ``nth``. ``magnitude``: only earthquakes of at least this one. ``respelt`` are
    words that were read as others, ``unread`` words of the question that have no effect. ``pending`` is the name of
    an unknown place: the question waits for another.
    """

    measure: Measure = Measure.LIST
    label: str = ""
    kinds: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    places: tuple[Spot, ...] = ()
    periods: tuple[Period, ...] = ()
    actors: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    hits: tuple[Hit, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    name_part: NamePart = ""
    without: LeftOut = NOTHING_LEFT_OUT
    compare: bool = False
    order: Literal["first", "last"] = "last"
    by: str = ""
    rank: Rank = ""
    limit: int = 0
    nth: int = 0
    magnitude: float = 0.0
    respelt: tuple[Respelling, ...] = ()
    unread: tuple[str, ...] = ()
    pending: str = ""

    @property
    def is_about_something(self) -> bool:
        """Does it select a part of the incidents?"""
        return bool(self.has_subject or self.places or self.periods)

    @property
    def is_positive(self) -> bool:
        """Does it select a part of the incidents by more than by what it leaves out?"""
        return msgspec.structs.replace(self, without=NOTHING_LEFT_OUT).is_about_something

    @property
    def has_subject(self) -> bool:
        """Does it say what happened, to whom or by whom, and not only where and when?"""
        return bool(
            self.kinds
            or self.actors
            or self.words
            or self.names
            or self.conditions
            or self.hits
            or self.without
            or self.magnitude
        )


class Reading(Frozen, frozen=True, kw_only=True):
    """The result of parsing a question.

    With ``trouble`` it cannot be answered as it is: ``query`` is the most similar one that can, ``what`` is the word
    that is not understood, ``meant`` are places with a similar name. ``taken`` are the fields of ``query`` that were
    taken over from the question before, and ``alone`` is the question without them.
    """

    query: Query | None
    trouble: Trouble | None = None
    what: str = ""
    meant: tuple[Place, ...] = ()
    taken: tuple[str, ...] = ()
    alone: Query | None = None


class QuestionReader(Protocol):
    """Reads questions typed in one language."""

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """The parsed question; ``before`` is the question that it may continue."""

    def is_place(self, name: str) -> bool:
        """Whether a person's name is also that of a place."""

    def names_person(self, text: str, name: str, part: NamePart) -> bool:
        """Whether a text names a person so; ``part``: "first" or "last" name, "" either."""

    def tells_hit(self, text: str, hit: Hit) -> bool:
        """Whether a text says that these people were harmed in this way."""

    def people_in(self, text: str, effect: str) -> int | None:
        """How many people a text says were freed or arrested; 0 if it gives no number, None if none were."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The plural of every kind and group of kinds: slug of the kind or name of the group -> label."""
