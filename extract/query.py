"""What can be asked: the values that a question is understood as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from extract.types import Frozen, Place

Counted = Literal["killed", "injured", "kidnapped", "casualties"]


class Measure(StrEnum):
    """What is wanted of the incidents."""

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
        """The number of people that is summed, None where none is."""
        return self.value if self in _SUMS else None  # type: ignore[return-value]


_SUMS = (Measure.KILLED, Measure.INJURED, Measure.KIDNAPPED, Measure.CASUALTIES)


class Trouble(StrEnum):
    """Why a question has no answer."""

    NOTHING = "nothing"  # it is about nothing that is kept
    PLACE = "place"  # a place that isn't known
    DATE = "date"  # a day that no calendar has
    THING = "thing"  # something else is to be counted
    LANGUAGE = "language"
    LENGTH = "length"
    WHY = "why"  # reasons
    FUTURE = "future"


class Period(Frozen, frozen=True, kw_only=True):
    """Days from ``since`` to ``until``, both counted in; None is open. ``words`` are the question's own."""

    since: date | None = None
    until: date | None = None
    words: str = ""


class Spot(Frozen, frozen=True, kw_only=True):
    """A place as it was named, and the places that can be meant, likeliest first."""

    said: str
    options: tuple[Place, ...]

    @property
    def place(self) -> Place:
        """The one that is taken."""
        return self.options[0]


class Condition(Frozen, frozen=True, kw_only=True):
    """How many people an incident must have killed, injured or taken: from ``low`` to ``high`` (None: no bound)."""

    field: Counted
    low: int = 0
    high: int | None = None


class Query(Frozen, frozen=True, kw_only=True):
    """A question, understood.

    An incident answers it if it is of one of the ``kinds`` (none: any; or of one of ``also`` with one of the
    ``weapons``), in one of the ``places``, within one of the ``periods``, done by all of the ``actors``, meets all
    ``conditions``, and all of the ``words`` stand in its record and all ``names`` in its articles. ``label`` is what
    the question calls the kinds. ``order`` "first" asks for the oldest. ``by`` is what a trend or a ranking goes by.
    ``unread`` are words that nothing was made of.
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
        """Does it narrow anything down?"""
        return bool(
            self.kinds or self.places or self.periods or self.actors or self.words or self.names or self.conditions
        )


class Reading(Frozen, frozen=True, kw_only=True):
    """What came of reading a question: with ``trouble`` the query is the nearest one that can be answered.

    ``what`` is the word that made trouble, ``meant`` are places that are spelt nearly like it.
    """

    query: Query | None
    trouble: Trouble | None = None
    what: str = ""
    meant: tuple[Place, ...] = ()
    follows: bool = False


class QuestionReader(Protocol):
    """Reads questions typed in one language."""

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """What a question asks for; ``before`` is the question it may go on from."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What kinds that go by one word are called together: label by slugs."""
