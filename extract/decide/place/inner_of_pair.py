"""Which of two places does the text name as a part of the other: "Muğla'nın Fethiye ilçesinde"?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extract.decide.findings import Findings, PlaceFound
from extract.lexicon import Lexicon
from extract.text.phrases import lowered, spellings, words_of
from extract.types import Precision

_MAX_GAP = 12
_WORD = re.compile(r"\s+([^\W\d_]+)")
_OPENING = 2  # sentences of the text, besides the title


def inner_of_pair(found: Findings, best: PlaceFound, named: Sequence[PlaceFound]) -> PlaceFound:
    """The place that the title or opening names directly behind ``best`` as a part of it; ``best`` if there is none.

    What may stand between the two is in the language's ``places.toml``, ``within.outer_first``; "" for nothing.
    """
    between = _outer_first(found.lexicon)
    if not between:
        return best
    outer = best.resolved
    for one in named:
        if one.sentence > found.first_body + _OPENING or one.resolved.name != outer.name:
            continue
        for two in named:
            if 0 < two.start - one.end <= _MAX_GAP and _lies_in(two, best):
                gap = " ".join(w.text for w in words_of(found.layout.plain[one.end : two.start].split(".", 1)[0]))
                if gap in between and not set("\n,;:.|") & set(found.layout.plain[one.end : two.start]):
                    return two
    return _part_of_province(found, best, named) or best


def _part_of_province(found: Findings, best: PlaceFound, named: Sequence[PlaceFound]) -> PlaceFound | None:
    """The place before a word such as "district" in the province that ``best`` is or is the capital of.

    The words are in ``within.part``.
    """
    outer, part = best.resolved.place, found.lexicon.words("places", "within", "part")
    if not part or (outer.name != outer.admin1 and outer.precision is not Precision.PROVINCE):
        return None
    last = found.first_body + _OPENING
    inner = (p for p in named if p.sentence <= last and _lies_in(p, best) and p.resolved.place.admin1 == outer.admin1)
    return next((p for p in inner if _next_word(found, p.end) in part), None)


def _next_word(found: Findings, end: int) -> str:
    word = _WORD.match(found.layout.plain, end)
    return word[1].lower() if word else ""


def without_outer(found: Findings, start: int, end: int, place: PlaceFound) -> int:
    """Where a name of several words begins without the place around it: that of ``place`` in "İstanbul Çekmeköy"."""
    if "" not in _outer_first(found.lexicon) or not any(p.start == start and p.end < end for p in found.places):
        return start
    same = (p.start for p in found.places if start < p.start < end and p.resolved.name == place.resolved.name)
    return next(same, start)


def _lies_in(inner: PlaceFound, outer: PlaceFound) -> bool:
    one, two = inner.resolved.place, outer.resolved.place
    if one.country != two.country or one.geonameid == two.geonameid:
        return False
    return two.admin1 in (None, one.admin1)


@cache
def _outer_first(lexicon: Lexicon) -> frozenset[str]:
    phrases = lexicon.section("places", "within").get("outer_first", ())
    return frozenset(lowered(way) for phrase in phrases for way in (spellings(phrase) if phrase else [""]))
