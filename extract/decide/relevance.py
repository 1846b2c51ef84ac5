"""How probable is it that the article tells of a real, current incident, and is the act itself the news?"""

from __future__ import annotations

import math
from datetime import date

from extract.decide.aftermath import tells_of_sequel
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models.logistic import score
from extract.decide.relevance_features import days_back, signs
from extract.kinds import Kinds
from extract.nlp.mentions import Talk
from extract.types import News, When


def probability(found: Findings, choice: KindChoice | None, kinds: Kinds, when: When | None) -> float:
    """0 to 1: that this is a real, current incident; a logistic regression over the signs (``data/ranker.toml``)."""
    if choice is None:
        return 0.0
    total = score({"bias": 1.0, **signs(found, choice, kinds[choice.kind], when)}, "relevance", found.lexicon)
    return 1.0 / (1.0 + math.exp(-total))


def news_of(found: Findings, choice: KindChoice | None, when: When | None, p: float) -> News:
    """Is the act the news, or what came after? A court case about last year's act is a follow-up.

    So is a text that only may tell of an incident (``p``): it can add to a known one, and starts no alert.
    """
    if p < weights("relevance")["event"]:
        return News.FOLLOW_UP
    rule = weights("follow_up")
    days = days_back(found, when)
    talk = {flag for s in found.opening(1) for flag in s.flags}
    court = Talk.COURT in talk
    if court and Talk.PAST_YEAR in talk:
        return News.FOLLOW_UP  # "freed over a 2019 attack"
    if days is not None and days > rule["days"]:
        return News.FOLLOW_UP
    if days is None and (court or tells_of_sequel(found, choice)):
        return News.FOLLOW_UP
    return News.FOLLOW_UP if court and _names_older_day(found, rule["days"]) else News.EVENT


def _names_older_day(found: Findings, days: int) -> bool:
    """In a court's story an older day beside the act's words is the act's, whatever day the hearing was."""
    published = found.article.published
    acts = {t.sentence for t in found.triggers if t.strong}
    return published is not None and any(
        (published.date() - date.fromisoformat(m.last[:10])).days > days and m.sentence in acts for m in found.times
    )
