"""How probable is it that the article tells of a real, current incident, and is the act itself the news?"""

from __future__ import annotations

import math

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.types import News, When

_TALK = (
    "fiction",
    "sport",
    "business",
    "politics",
    "statistics",
    "opinion",
    "anniversary",
    "hypothetical",
    "court",
    "drill",
)
_HARM = frozenset({"killed", "injured", "shot", "kidnapped"})
_OPENING = 5


def probability(found: Findings, choice: KindChoice | None, when: When | None) -> float:
    """0 to 1: that this is a real, current incident, by the signs and weights of ``data/weights.toml``."""
    if choice is None:
        return 0.0
    rule = weights("relevance")
    score = rule["bias"] + sum(value * rule[name] for name, value in signs(found, when).items())
    return 1.0 / (1.0 + math.exp(-score))


def signs(found: Findings, when: When | None) -> dict[str, float]:
    """The signs for and against, each 0 to about 1 (``trigger`` up to ``trigger_cap``)."""
    rule = weights("relevance")
    told = [t for t in found.triggers if t.strong and found.told(t.sentence)]
    by_sentence = {t.sentence: found.weight(t.sentence) for t in told}
    harm = {m.sentence for m in found.counts if m.field in _HARM and found.told(m.sentence)}
    lead = found.first_body + 2
    days = _days_back(found, when)
    out = {
        "trigger": min(rule["trigger_cap"], sum(by_sentence.values())),
        "harm": float(bool(harm)),
        "lead_harm": float(any(s < lead for s in harm)),
        "place": float(any(p.sentence in by_sentence for p in found.places)),
        "fresh": float(days is not None and 0 <= days <= rule["fresh_days"]),
        "old": float(days is not None and days > rule["fresh_days"]),
    }
    opening = found.opening(_OPENING)
    for talk in _TALK:
        weight = sum(2.0 if s.is_title else 1.0 for s in opening if talk in s.flags)
        out[talk] = weight / max(1.0, sum(2.0 if s.is_title else 1.0 for s in opening))
    talk = max(out[name] for name in ("fiction", "sport", "business", "politics", "opinion"))
    out["harmless_talk"] = 0.0 if harm else talk
    return out


def news_of(found: Findings, when: When | None) -> News:
    """Is the act the news, or what came after? A court case about last year's act is a follow-up."""
    rule = weights("follow_up")
    days = _days_back(found, when)
    if days is not None:
        return News.FOLLOW_UP if days > rule["days"] else News.EVENT
    opening = found.opening(1)
    cues = {flag for s in opening for flag in s.flags if flag in ("court", "anniversary")}
    return News.FOLLOW_UP if len(cues) >= rule["court_title"] else News.EVENT


def _days_back(found: Findings, when: When | None) -> int | None:
    """Days from the last day the act can have been on to publication; None where either is unknown."""
    published = found.article.published
    if when is None or published is None:
        return None
    return (published.date() - when.last_day).days
