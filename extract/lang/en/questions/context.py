"""What does a question take over from the one before: "and in Lahore?", "how many were killed there?"?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from extract.lang.en.lexicon import word_set
from extract.lang.en.questions.vocabulary import Marked
from extract.query import Measure, Period, Query

# a safety question without a time is answered with so many days
RECENT_DAYS = 30
_SELECTING = ("places", "periods", "actors", "hits", "words", "names", "without")


class Wording(NamedTuple):
    """How a question is put: its words, whether it names a measure, and whether it begins by leaving something out."""

    marked: Marked
    first: str
    names_measure: bool
    opens_with_cue: bool


def continued(query: Query, wording: Wording, before: Query) -> tuple[Query, tuple[str, ...]] | None:
    """The query with what it leaves open, and the names of those fields; None if it stands alone."""
    if not _leans(query, wording, before):
        return None
    if before.pending:
        before = msgspec.structs.replace(before, places=())
    kept = {name: getattr(query, name) or getattr(before, name) for name in _SELECTING}
    taken = [name for name in _SELECTING if not getattr(query, name) and getattr(before, name)]
    if kept["places"] and all(spot.place in {out.place for out in query.without.places} for spot in kept["places"]):
        kept["places"], taken = (), [name for name in taken if name != "places"]
    if not query.kinds and not wording.marked.has_word(word_set("ask", "follow", "others")):
        kept |= {name: getattr(before, name) for name in ("kinds", "also", "weapons", "label")}
        taken += ["kinds"] if before.kinds else []
    kept["name_part"] = query.name_part or before.name_part
    conditions = query.conditions or (() if wording.names_measure else before.conditions)
    measure = query.measure if wording.names_measure else before.measure
    if not wording.names_measure and before.limit and not query.limit:
        kept |= {"limit": before.limit, "rank": before.rank, "by": before.by}
    return msgspec.structs.replace(query, **kept, conditions=conditions, measure=measure), tuple(taken)


def recent(query: Query, today: date) -> Query:
    """The query, about the last days if it names no time, as a list."""
    last = Period(since=today - timedelta(days=RECENT_DAYS - 1), until=today, words=f"the last {RECENT_DAYS} days")
    return msgspec.structs.replace(query, measure=Measure.LIST, periods=query.periods or (last,))


def _leans(query: Query, wording: Wording, before: Query) -> bool:
    """Whether a question is none by itself: it begins with "and", refers to "there" or "it", or has only a measure.

    A place alone answers the question which place was meant, if that is what was asked back.
    """
    marked = wording.marked
    if marked.begins("follow") and (query.is_about_something or wording.names_measure):
        return True
    if before.pending and query.places and not query.has_subject and not query.periods:
        return True
    if marked.refers() and not (query.places and query.has_subject):
        return True
    if wording.opens_with_cue and not query.is_positive:
        return True
    if wording.first in word_set("ask", "follow", "opens") and not wording.names_measure and not query.has_subject:
        return bool(query.places) != bool(query.periods)
    of_harm = msgspec.structs.replace(query, conditions=(), hits=())
    return wording.names_measure and not of_harm.is_about_something and not query.unread
