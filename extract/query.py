"""What can a question ask for? The values into which it is parsed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from extract.types import Frozen, Place

Counted = Literal["killed", "injured", "kidnapped", "casualties"]


class Measure(StrEnum):
    """What a question wants to know about the incidents."""

    COUNT = "count"
    KILLED = "killed"
    INJURED = "injured"
    KIDNAPPED = "kidnapped"
    CASUALTIES = "casualties"
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


_SUMS = (Measure.KILLED, Measure.INJURED, Measure.KIDNAPPED, Measure.CASUALTIES)


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


class Query(Frozen, frozen=True, kw_only=True):
    """A parsed question.

    It selects the incidents that are of one of the ``kinds`` (or of one of ``also`` with one of the ``weapons``), in
    one of the ``places``, within one of the ``periods``, by all of the ``actors``, that meet all ``conditions``, whose
    records contain all of the ``words`` and whose articles contain all ``names``. An empty field selects all. ``label``
    is what the question calls the kinds. ``order`` "first" asks for the oldest. ``by`` is the unit of a trend or
    ranking. ``unread`` are words of the question that have no effect.
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
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    compare: bool = False
    order: Literal["first", "last"] = "last"
    by: str = ""
    unread: tuple[str, ...] = ()

    @property
    def is_about_something(self) -> bool:
        """Does it select a part of the incidents?"""
        return bool(
            self.kinds or self.places or self.periods or self.actors or self.words or self.names or self.conditions
        )


class Reading(Frozen, frozen=True, kw_only=True):
    """The result of parsing a question.

    With ``trouble`` it cannot be answered as it is: ``query`` is the most similar one that can, ``what`` is the word
    that is not understood, ``meant`` are places with a similar name. ``follows``: it continues the question before.
    """

    query: Query | None
    trouble: Trouble | None = None
    what: str = ""
    meant: tuple[Place, ...] = ()
    follows: bool = False


class QuestionReader(Protocol):
    """Reads questions typed in one language."""

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """The parsed question; ``before`` is the question that it may continue."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The plural of every kind and group of kinds: slug of the kind or name of the group -> label."""
