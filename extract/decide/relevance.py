"""How probable is it that the article tells of a real, current incident, and is the act itself the news?"""

from __future__ import annotations

import math
from datetime import date

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.rank import score
from extract.nlp.lexicons import priors
from extract.nlp.mentions import NamedMention
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
    "obituary",
    "history",
)
_HARM = frozenset({"killed", "injured", "shot", "kidnapped"})
_OPENING = 5


def probability(found: Findings, choice: KindChoice | None, when: When | None) -> float:
    """0 to 1: that this is a real, current incident; a logistic regression over the signs (``data/ranker.toml``)."""
    if choice is None:
        return 0.0
    total = score({"bias": 1.0, **signs(found, choice, when)}, "relevance")
    return 1.0 / (1.0 + math.exp(-total))


def signs(found: Findings, choice: KindChoice, when: When | None) -> dict[str, float]:
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
        "doer": float(any(found.told(a.sentence) for a in found.actors)),
        "word_of_it": float(any(found.told(n.sentence) for n in _words_of_it(found))),
        "place": float(any(p.sentence in by_sentence for p in found.places)),
        "fresh": float(days is not None and 0 <= days <= rule["fresh_days"]),
        "old": float(days is not None and days > rule["fresh_days"]),
    }
    first = found.first_body + 1
    out["lead_trigger"] = float(any(t.strong and t.sentence < first for t in choice.triggers))
    out["prior"] = priors()[choice.kind] - 1.0
    opening = found.opening(_OPENING)
    for talk in _TALK:
        words = sum(s.talk.get(talk, 0) for s in opening) / max(1, len(opening))
        out[talk] = min(1.0, max(0.0, (words - rule["talk_from"]) / (rule["talk_to"] - rule["talk_from"])))
    out["emergency"] = float(any(s.talk.get("emergency") for s in opening))
    talk = max(out[name] for name in ("fiction", "sport", "business", "politics", "opinion", "obituary", "statistics"))
    out["harmless_talk"] = 0.0 if harm or out["word_of_it"] else talk
    return out


def _words_of_it(found: Findings) -> list[NamedMention]:
    """Words on casualties, and on who claims the act or that nobody does."""
    return [*found.notes, *(r for r in found.responsibility if r.type in ("none_reported", "claimed"))]


def news_of(found: Findings, when: When | None) -> News:
    """Is the act the news, or what came after? A court case about last year's act is a follow-up."""
    rule = weights("follow_up")
    days = _days_back(found, when)
    court = "court" in {flag for s in found.opening(1) for flag in s.flags}
    if days is not None and days > rule["days"]:
        return News.FOLLOW_UP
    if court and (days is None or _names_older_day(found, rule["days"])):
        return News.FOLLOW_UP
    return News.EVENT


def _names_older_day(found: Findings, days: int) -> bool:
    """In a court's story an older day beside the act's words is the act's, whatever day the hearing was."""
    published = found.article.published
    acts = {t.sentence for t in found.triggers if t.strong}
    return published is not None and any(
        (published.date() - date.fromisoformat(m.last[:10])).days > days and m.sentence in acts for m in found.times
    )


def _days_back(found: Findings, when: When | None) -> int | None:
    """Days from the last day the act can have been on to publication; None where either is unknown."""
    published = found.article.published
    if when is None or published is None:
        return None
    return (published.date() - when.last_day).days
