"""Is a place in a country where towns have local press?"""

from __future__ import annotations

from functools import cache

from extract.lexicon import shared_table
from extract.types import Place


def has_local_press(place: Place) -> bool:
    """Is the place in a country where nearly every town has a newspaper or station of its own?

    Articles there name streets and parks that have the names of towns elsewhere, reporters are rarely far from the
    event, and the first day in an article is often that of the police report (``data/places.toml``, ``local_press``).
    """
    return place.country in _countries()


@cache
def _countries() -> frozenset[str]:
    return frozenset(shared_table("places")["local_press"]["countries"])
