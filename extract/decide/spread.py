"""Is what the article tells spread over a whole area: "attacks across Ukraine killed seven people"?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound
from extract.decide.place.cues import stands_before
from extract.language import Cue
from extract.nlp.mentions import HARM
from extract.types import Precision

_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_BEHIND = 40


def spread_over(found: Findings, options: list[PlaceFound], best: PlaceFound) -> PlaceFound | None:
    """The country or province that title or first sentence say the dead and hurt were all over, where ``best`` is one
    of several towns that only the text behind names."""
    if any(p.sentence <= found.first_body for p in options if p.resolved.name == best.resolved.name):
        return None
    harm = {m.sentence for m in found.counts if m.field in HARM and m.sentence <= found.first_body}
    areas = [
        p
        for p in options
        if p.sentence in harm
        and p.resolved.place.precision in _AREAS
        and stands_before(found, p, Cue.ALL_OVER_BEFORE, _BEHIND)
    ]
    return areas[0] if areas else None
