"""When did it happen, of all the times the text names?"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.nlp.lexicons import table
from extract.nlp.mentions import TimeMention
from extract.types import TimePrecision, When

_BEFORE = 40
_FAR = 10_000


def choose_when(found: Findings, choice: KindChoice | None) -> tuple[When, TimeMention] | None:
    """The likeliest time of the act with the words that name it; None when the text names none."""
    if not found.times:
        return None
    best = max(found.times, key=lambda m: (_score(found, m, choice), -m.start))
    if _score(found, best, choice) <= 0:
        return None
    return When(start=best.first, end=best.last, precision=best.precision), best


def _score(found: Findings, mention: TimeMention, choice: KindChoice | None) -> float:
    rule = weights("time")
    court = any("court" in s.flags for s in found.opening(1))
    score = found.weight(mention.sentence, even_untold=court)
    kinds = {choice.kind, *choice.also} if choice else set()
    if any(t.sentence == mention.sentence and t.strong and t.kind in kinds for t in found.triggers):
        score += rule["trigger"]
    if any(c.sentence == mention.sentence for c in found.counts):
        score += rule["count"]
    acts = [t.start for t in found.triggers if t.strong and t.kind in kinds]
    if _nearest(mention, list(found.court)) < _nearest(mention, acts):
        score += rule["court"]
    if _saying().search(found.layout.plain, max(0, mention.start - _BEFORE), mention.start):
        score += rule["saying"]
    coarse = {TimePrecision.YEAR: "year", TimePrecision.MONTH: "month", TimePrecision.WEEK: "week"}
    score += rule[coarse.get(mention.precision, "day")]
    published = found.article.published
    if published is not None:
        if court and (published.date() - date.fromisoformat(mention.last[:10])).days > weights("follow_up")["days"]:
            score += rule["court_old"]
        back = (published.date() - date.fromisoformat(mention.last[:10])) // timedelta(days=1)
        score += rule["future"] if back < -1 else rule["fresh"] if back <= 10 and not court else 0.0
    return float(score)


@cache
def _saying() -> re.Pattern[str]:
    """Words of speaking or charging right in front of a time."""
    rule = table("times")["saying"]
    return re.compile(rf"\b(?:{'|'.join(rule['words'])})\b:?(?:\s+[\w'-]+){{0,{rule['gap']}}}?\s+$", re.IGNORECASE)


def _nearest(mention: TimeMention, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; far where there is none."""
    return min((min(abs(o - mention.start), abs(o - mention.end)) for o in offsets), default=_FAR)
