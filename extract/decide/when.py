"""When did it happen, of all the times the text names?"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.decide.rank import score
from extract.nlp.lexicons import table
from extract.nlp.mentions import TimeMention
from extract.types import TimePrecision, When

_FAR = 10_000
_BEFORE = 40
_COARSE = (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)


def choose_when(found: Findings, choice: KindChoice | None) -> tuple[When, TimeMention] | None:
    """The likeliest time of the act with the words that name it; None when the text names none."""
    options = [m for m in found.times if not _is_future(found, m)]
    if not options:
        return None
    best = max(options, key=lambda m: (score(signs(found, m, choice), "when"), -m.start))
    return When(start=best.first, end=best.last, precision=best.precision), best


def signs(found: Findings, mention: TimeMention, choice: KindChoice | None) -> dict[str, float]:
    """What speaks for and against a time being the act's; each 0 to about 1."""
    sentence = found.sentences[mention.sentence]
    kinds = {choice.kind, *choice.also} if choice else set()
    acts = [t for t in found.triggers if t.strong and t.kind in kinds]
    index = mention.sentence - found.first_body
    beside = _nearest(mention, [t.start for t in acts])
    out = {
        "title": float(sentence.is_title),
        "first": float(index == 0),
        "second": float(index == 1),
        "depth": min(1.0, max(0, index) / 12),
        "untold": float(not found.told(mention.sentence)),
        "court_story": float("court" in sentence.flags),
        "trigger": float(any(t.sentence == mention.sentence for t in acts)),
        "beside_trigger": float(beside < 50),
        "count": float(any(c.sentence == mention.sentence for c in found.counts)),
        "place": float(any(p.sentence == mention.sentence for p in found.places)),
        "clock": float(mention.precision in (TimePrecision.HOUR, TimePrecision.MINUTE)),
        "coarse": float(mention.precision in _COARSE),
        "year": float(mention.precision is TimePrecision.YEAR),
        "saying": float(bool(_saying().search(found.layout.plain, max(0, mention.start - _BEFORE), mention.start))),
        "court_nearer": float(_nearest(mention, list(found.court)) < beside),
        "support": min(3, sum(m.first[:10] == mention.first[:10] for m in found.times) - 1) / 3,
    }
    back = _days_back(found, mention)
    if back is not None:
        for name, low, high in (("today", 0, 0), ("yesterday", 1, 1), ("days", 2, 3), ("week", 4, 7), ("month", 8, 31)):
            out[name] = float(low <= back <= high)
        out["old"] = float(back > 31)
    return out


def _is_future(found: Findings, mention: TimeMention) -> bool:
    back = _days_back(found, mention)
    return back is not None and back < -1


def _days_back(found: Findings, mention: TimeMention) -> int | None:
    published = found.article.published
    return (published.date() - date.fromisoformat(mention.last[:10])).days if published else None


@cache
def _saying() -> re.Pattern[str]:
    """Words of speaking or charging right in front of a time."""
    rule = table("times")["saying"]
    return re.compile(rf"\b(?:{'|'.join(rule['words'])})\b:?(?:\s+[\w'-]+){{0,{rule['gap']}}}?\s+$", re.IGNORECASE)


def _nearest(mention: TimeMention, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; far where there is none."""
    return min((min(abs(o - mention.start), abs(o - mention.end)) for o in offsets), default=_FAR)
