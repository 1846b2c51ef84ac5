"""Were the sources that cover a place read, and when? Without that, "none" is no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.types import Coverage, Gap, SourceState
from extract.ask import Query
from extract.places.containment import ExtentOf
from extract.types import Place


def of_query(
    states: Sequence[SourceState], query: Query, extent: ExtentOf, known_since: date | None
) -> Coverage | None:
    """The coverage of a question's places and periods; None where incidents are known without a source, as in a replay.

    ``known_since``: the first day of which incidents are known, None where there are none.
    """
    places = [spot.place for spot in query.places]
    until = max((p.until for p in query.periods if p.until), default=None) if _all_end(query) else None
    since = min((p.since for p in query.periods if p.since), default=None)
    found = of_places(states, places, extent, until, has_incidents=known_since is not None)
    if found is None or found.gap is not None or not since or not known_since or since >= known_since:
        return found
    return Coverage(
        gap=Gap.BEFORE, places=found.places, last_read=found.last_read, names=found.names, since=known_since
    )


def of_places(
    states: Sequence[SourceState],
    places: Sequence[Place],
    extent: ExtentOf,
    until: date | None = None,
    *,
    has_incidents: bool = True,
) -> Coverage | None:
    """The coverage of places (none: the world) up to a day (None: now); None where incidents came without a source.

    A source covers its country, one without a country covers all.
    """
    names = tuple(place.name for place in places)
    if not states:
        return None if has_incidents else Coverage(gap=Gap.NO_SOURCE, places=names)
    found = covering(states, places, extent)
    if not found:
        return Coverage(gap=Gap.NO_SOURCE, places=names, last_read=_last(states))
    last = _last(found)
    if last is None:
        return Coverage(gap=Gap.NOT_READ, places=names)
    is_over = until is not None and until < last.date()
    answering = [one for one in found if one.last_ok is not None and (is_over or not one.failures)]
    if not answering:
        return Coverage(gap=Gap.FAILING, places=names, last_read=last)
    newest = sorted(answering, key=lambda one: (one.last_ok is None, one.last_ok), reverse=True)
    return Coverage(places=names, last_read=_last(answering), names=tuple(_name(one) for one in newest))


def covering(states: Sequence[SourceState], places: Sequence[Place], extent: ExtentOf) -> list[SourceState]:
    """The sources that cover one of these places (none: all sources), in the given order."""
    countries = {country for place in places for country in _countries(place, extent)}
    return [one for one in states if not places or not one.source.country or one.source.country in countries]


def _all_end(query: Query) -> bool:
    return bool(query.periods) and all(period.until for period in query.periods)


def _countries(place: Place, extent: ExtentOf) -> Iterable[str]:
    reach = extent(place)
    if reach is not None:
        return (*reach.whole, *reach.partial)
    return (place.country,) if place.country else ()


def _last(states: Iterable[SourceState]) -> datetime | None:
    return max((one.last_ok for one in states if one.last_ok is not None), default=None)


def _name(state: SourceState) -> str:
    return state.source.names[0] if state.source.names else state.source.url
