"""How is a place that the resolver didn't find given as one that the text names?"""

from __future__ import annotations

from typing import Literal

from extract.decide.findings import Findings, PlaceFound
from extract.places import NameRole, Resolved
from extract.types import Place


def mention_of(found: Findings, place: Place, start: int, end: int, *, confidence: float, role: NameRole) -> PlaceFound:
    """The mention of ``place`` at these offsets of the laid-out text; ``confidence`` is 0 to 1."""
    where: Literal["title", "text"] = "title" if found.layout.in_title(start) else "text"
    shift = 0 if where == "title" else found.layout.shift
    resolved = Resolved(
        where=where,
        start=start - shift,
        end=end - shift,
        name=place.name,
        place=place,
        confidence=confidence,
        role=role,
    )
    sentence = next((i for i, s in enumerate(found.sentences) if s.start <= start < s.end), found.first_body)
    return PlaceFound(resolved=resolved, start=start, end=end, sentence=sentence)
