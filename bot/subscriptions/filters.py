"""What is a filter in words, once it is parsed, and which subscription does it make?"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.text import clean, units
from bot.types import Subscription
from extract.places.containment import ExtentOf
from extract.places.meant import Meant
from extract.types import Certainty, Frozen, Place, Precision, Severity

MAX_KM = 2000.0
MAX_PLACES = 8
MAX_NAME_UNITS = 40
EVERYWHERE = frozenset({"everywhere", "anywhere", "world", "worldwide", "all", "the world", "*"})
EXAMPLE = "/subscribe Karachi 50km bombing severe +police -cricket"
ALL = frozenset({"all", "everything"})
# words that mean something else where a name can be given: all subscriptions, no name
RESERVED_NAMES = EVERYWHERE | ALL | {"off"}
NO_NAME = mark("A name is up to {n} characters long, and neither a number nor a word like “all”.")


class Places(Protocol):
    """Finds the places that a name can mean."""

    def search(self, name: str, limit: int = MAX_PLACES) -> list[Place]:
        """The places of that name, the likeliest first."""

    def meant(
        self, text: str, *, home: frozenset[str] = frozenset(), km: float | None = None, near: bool = False
    ) -> Meant:
        """The places that a person means by some words; ``home`` are the countries of the chat's other places."""

    def knows(self, name: str) -> bool:
        """Is it the name of a place?"""


class ParsedFilter(Frozen, frozen=True, kw_only=True):
    """The parsed words of /subscribe: a place's name (empty: everywhere), the filter, and its name (``called``).

    ``name`` can be several places, between commas or words such as "and". ``near``: a word such as "near" stands before
    it. ``without_names`` are the names of the areas that are left out. ``is_everywhere``: a word says so.
    """

    name: str = ""
    called: str = ""
    km: float | None = None
    near: bool = False
    kinds: tuple[str, ...] = ()
    min_severity: Severity = Severity.UNKNOWN
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    min_certainty: Certainty = Certainty.UNKNOWN
    min_origins: int = 1
    without_sources: tuple[str, ...] = ()
    without_kinds: tuple[str, ...] = ()
    without_names: tuple[str, ...] = ()
    most_a_day: int | None = None
    is_everywhere: bool = False

    @property
    def says_nothing(self) -> bool:
        """Is there neither a place nor a filter, nor a word such as "everywhere"?"""
        return self == ParsedFilter(called=self.called)


@dataclass(frozen=True, kw_only=True)
class Address:
    """The chat and topic that a subscription belongs to; ``thread`` is 0 outside of topics."""

    chat: int
    thread: int = 0


def subscription_of(
    parsed: ParsedFilter,
    place: Place | None,
    address: Address,
    *,
    km: float | None = None,
    without_places: tuple[Place, ...] = (),
) -> Subscription:
    """The subscription of a parsed filter, the place that its name means, and the areas that are left out.

    ``km`` is the radius that the words for the place ask for, None for that of the filter.
    """
    return Subscription(
        chat=address.chat,
        thread=address.thread,
        place=place,
        km=km if km is not None else parsed.km,
        kinds=parsed.kinds,
        min_severity=parsed.min_severity,
        words=parsed.words,
        without=parsed.without,
        min_certainty=parsed.min_certainty,
        min_origins=parsed.min_origins,
        without_sources=parsed.without_sources,
        without_kinds=parsed.without_kinds,
        without_places=without_places,
        most_a_day=parsed.most_a_day,
        name=parsed.called,
    )


def checked_name(text: str) -> str:
    """A subscription's name as it is stored: one line without invisible characters.

    Raises:
        ChatError: it is empty, too long, or a reserved word or number.
    """
    kept = "".join(char for char in clean(text.strip().strip('"“”')) if unicodedata.category(char) != "Cf").strip()
    if not kept or units(kept) > MAX_NAME_UNITS or kept.isnumeric() or kept.casefold() in RESERVED_NAMES:
        raise ChatError(t(NO_NAME, n=MAX_NAME_UNITS))
    return kept


def is_wide(place: Place, extent: ExtentOf) -> bool:
    """Is the place a country or an area of its own, which has no middle to measure from?"""
    return place.precision is Precision.COUNTRY or (place.precision.is_area and extent(place) is not None)
