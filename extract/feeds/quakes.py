"""How does an earthquake that an agency lists become an article: a sentence, and the facts behind it?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from extract.feeds.plain import one_line
from extract.types import Article, Severity, StatedFacts

NOWHERE = "an unknown place"
# the greatest ever measured was 9.5; smaller ones than this are noise of instruments
_LEAST, _MOST = -1.0, 10.0
# the deepest ever located was at some 750 km
_DEEPEST = 800.0


class Quake(msgspec.Struct, frozen=True, kw_only=True):
    """One earthquake, or another event that shakes the ground, as an agency lists it.

    ``id`` is the agency's own, ``ids`` are all that are known of it, after the authority's name. ``words`` are the
    agency's for the place, ``places`` the names in them. ``at`` is aware UTC, ``depth`` in kilometres.
    """

    kind: str
    id: str
    ids: tuple[str, ...]
    magnitude: float
    words: str
    places: tuple[str, ...]
    at: datetime | None
    points: tuple[tuple[float, float], ...]
    depth: float | None = None
    severity: Severity = Severity.UNKNOWN
    level: str = ""
    title: str = ""
    url: str = ""
    source: str = ""
    is_withdrawn: bool = False


def is_magnitude(value: float | None) -> bool:
    """Can it be a magnitude?"""
    return value is not None and _LEAST <= value <= _MOST


def _plausible(depth: float | None) -> float | None:
    """A depth in kilometres; None for what can be none. Instruments place shallow quakes above the ground at times."""
    return max(0.0, round(depth, 1)) if depth is not None and -10 <= depth <= _DEEPEST else None


def article_of_quake(quake: Quake, noun: str = "earthquake") -> Article:
    """The article of an earthquake, in English; ``noun`` is what another event is called."""
    words = one_line(quake.words) or NOWHERE
    number = f"{quake.magnitude:.1f}"
    day = f"{quake.at.day} {quake.at:%B %Y at %H:%M} UTC" if quake.at else ""
    depth = f", at a depth of {quake.depth:.0f} km" if quake.depth is not None else ""
    level = f" Alert level: {quake.level}." if quake.level else ""
    article = "An" if noun[0] in "aeiou" else "A"
    quotes = {"kind": noun, "magnitude": number, "place": words, "when": day, "official": quake.level}
    return Article(
        id=quake.id,
        title=one_line(quake.title) or f"M {number} - {words}",
        text=f"{article} {noun} of magnitude {number} struck {words}{f' on {day}' if day else ''}{depth}.{level}",
        url=quake.url,
        published=quake.at,
        source=quake.source,
        lang="en",
        withdrawn=quake.is_withdrawn,
        stated=StatedFacts(
            kind=quake.kind,
            ids=quake.ids,
            at=quake.at,
            points=quake.points,
            places=quake.places,
            magnitude=round(quake.magnitude, 1),
            depth=_plausible(quake.depth),
            severity=quake.severity,
            level=quake.level,
            quotes={field: quote for field, quote in quotes.items() if quote},
        ),
    )
