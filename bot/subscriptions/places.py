"""Which places does the name in a filter mean? One place or several, and whether each is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.errors import ChatError
from bot.i18n.translate import t
from bot.subscriptions.filters import ParsedFilter, Places
from bot.types import Subscription
from extract.lang import ENGLISH
from extract.places.meant import Meant, namesakes
from extract.types import Frozen, Place

MOST_NAMES = 10
MOST_PARTS = 4  # "Lyari, Karachi, Sindh, Pakistan"


class Named(Frozen, frozen=True):
    """One name of a filter, and what it means."""

    name: str
    meant: Meant

    @property
    def first(self) -> Place:
        """The likeliest place."""
        return self.meant.options[0]

    @property
    def choices(self) -> tuple[Place, ...]:
        """The likeliest place, then the others of that name; if none is certain, all that can be meant."""
        if not self.meant.certain:
            return self.meant.options
        return (self.first, *namesakes(self.meant, self.name))


def home_of(known: Iterable[Subscription]) -> frozenset[str]:
    """The countries that a chat's subscriptions are in."""
    return frozenset(one.place.country for one in known if one.place is not None and one.place.country)


def of_filter(parsed: ParsedFilter, places: Places, home: frozenset[str] = frozenset()) -> list[Named]:
    """What each name of a filter means, in the order typed; none if the filter has no name.

    Raises:
        ChatError: a name is unknown.
    """
    named = [
        Named(name, places.meant(name, home=home, km=parsed.km, near=parsed.near))
        for name in names_of(parsed.name, places)
    ]
    for one in named:
        if not one.meant.options and not one.meant.is_here:
            raise unknown(one.name)
    return named


def left_out(parsed: ParsedFilter, places: Places, home: frozenset[str] = frozenset()) -> tuple[Place, ...]:
    """The areas that a filter leaves out; of namesakes the one in a country of ``home``.

    Raises:
        ChatError: a name is unknown, or no area of a name is clearly the one that is meant.
    """
    found: list[Place] = []
    for name in (part for names in parsed.without_names for part in names_of(names, places)):
        meant = places.meant(name, home=home)
        if not meant.options:
            raise unknown(name)
        if not meant.certain:
            raise ChatError(t("“{place}” can be several places. Add the country: “not in {place}, Italy”.", place=name))
        found.append(meant.options[0])
    return tuple(found)


def unknown(name: str) -> ChatError:
    """The error for a name that no place has."""
    return ChatError(
        t(
            "I know no place called “{place}”. Try a bigger place nearby, or add the country: “{place}, Italy”.",
            place=name,
        )
    )


def names_of(text: str, places: Places) -> list[str]:
    """The names of places in a text: parted by words such as "and", and by commas that don't lead to a larger area.

    "Naples, Italy" is one name, "Karachi, Lahore and Quetta" are three.
    """
    if not text:
        return []
    if places.knows(text) or _is_one(text, places):  # "Bosnia and Herzegovina"
        return [text]
    found: list[str] = []
    for part in _joining().split(text):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        while pieces:
            count = next(
                n
                for n in range(min(MOST_PARTS, len(pieces)), 0, -1)
                if n == 1 or _is_one(", ".join(pieces[:n]), places)
            )
            found.append(", ".join(pieces[:count]))
            pieces = pieces[count:]
    return list(dict.fromkeys(found))[:MOST_NAMES]


def _is_one(text: str, places: Places) -> bool:
    """Is a text with commas or "and" one place, spelt rightly?"""
    meant = places.meant(text)
    return meant.is_here or (bool(meant.options) and not (meant.misspelt and _joining().search(text)))


@cache
def _joining() -> re.Pattern[str]:
    words = (re.escape(word.replace("_", " ")) for word in ENGLISH.lexicon.table("requests")["words"]["joining"])
    return re.compile(rf"\s*;\s*|\s+(?:{'|'.join(sorted(words, key=len, reverse=True))})\s+", re.IGNORECASE)
