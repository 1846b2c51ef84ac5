"""How probable is it that an article reports a real, current incident, and is the incident itself the news?"""

from __future__ import annotations

import math
from datetime import date

from extract.decide.aftermath import is_about_aftermath
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models.logistic import log_odds, score
from extract.decide.relevance_features import age_in_days, features
from extract.kinds import Kinds
from extract.nlp.mentions import Talk
from extract.types import News, When


def probability(found: Findings, choice: KindChoice | None, kinds: Kinds, when: When | None) -> float:
    """0 to 1: that the article reports a real, current incident, by a logistic regression over ``features``.

    The weights are those of the section ``relevance`` of the language's ``ranker.toml``. For a short item these log
    odds are averaged with those of the role ``report`` by the encoder's reading (``data/weights.toml``, ``item``). What
    that takes for something else gets too little to start an incident.
    """
    if choice is None:
        return 0.0
    if found.language.shares_encoder:
        return _by_reading_alone(found, when)
    total = score({"bias": 1.0, **features(found, choice, kinds[choice.kind], when)}, "relevance", found.lexicon)
    p = 1.0 / (1.0 + math.exp(-total))
    if found.reading is None:
        return p
    rule, report = weights("item"), found.reading.roles.report
    mixed = _with_reading(p, report)
    may_start = _is_read_as_report(found, when) or report >= rule["follow_up_report"]
    return mixed if may_start else min(mixed, rule["follow_up_most"])


def _by_reading_alone(found: Findings, when: When | None) -> float:
    """The probability where a language has no features of relevance: that of the role ``report`` by the reading."""
    if found.reading is None:
        return 0.0
    rule = weights("shared_item")
    p = 1.0 / (1.0 + math.exp(-rule["bias"] - log_odds(found.reading.roles.report)))
    return p if _is_read_as_report(found, when) else min(p, weights("item")["follow_up_most"])


def _with_reading(p: float, report: float) -> float:
    """The probability by the features and that of the role ``report`` of a short item, averaged as log odds.

    What the features rule out, such as a drill or a film, does not become an event by the encoder's reading.
    """
    rule, needed = weights("item"), weights("relevance")["report"]
    total = rule["bias"] + rule["reading"] * log_odds(report) + (1.0 - rule["reading"]) * log_odds(p)
    mixed = 1.0 / (1.0 + math.exp(-total))
    return float(mixed if p >= needed else min(mixed, needed))


def is_report(found: Findings, p: float) -> bool:
    """Can the article add to an incident, known or new?

    A short item can if its reading alone makes a report, a follow-up or an old act likely enough: a teaser leaves out
    most of what the features of a whole article look for.
    """
    if p >= weights("relevance")["report"]:
        return True
    roles = found.reading.roles if found.reading is not None else None
    return roles is not None and max(roles.report, roles.follow_up, roles.old) >= weights("item")["report"]


def news_of(found: Findings, choice: KindChoice | None, when: When | None, p: float) -> News:
    """Is the incident itself the news, or is the article a follow-up, such as a court case about last year's attack?

    Also a follow-up: a text whose probability ``p`` is too low, and a short item that the encoder reads rather as a
    follow-up, comment or news of an old act than a report. A follow-up can add to a known incident and starts no alert.
    """
    if p < weights("relevance")["event"]:
        return News.FOLLOW_UP
    rule = weights("follow_up")
    days = age_in_days(found, when)
    if not _is_read_as_report(found, when):
        return News.FOLLOW_UP
    talk = {flag for s in found.opening(1) for flag in s.flags}
    court = Talk.COURT in talk
    if court and Talk.PAST_YEAR in talk:
        return News.FOLLOW_UP  # "freed over a 2019 attack"
    if days is not None and days > rule["days"]:
        return News.FOLLOW_UP
    if days is None and (court or is_about_aftermath(found, choice)):
        return News.FOLLOW_UP
    return News.FOLLOW_UP if court and _has_older_date(found, rule["days"]) else News.EVENT


def _is_read_as_report(found: Findings, when: When | None) -> bool:
    """Does the encoder read a short item as a report, rather than as a follow-up, comment or an old act? Whole articles
    are not read by it."""
    days = age_in_days(found, when)
    is_recent = days is not None and days <= weights("follow_up")["days"]
    return found.reading is None or found.reading.roles.is_report(is_recent=is_recent)


def _has_older_date(found: Findings, days: int) -> bool:
    """Does a sentence with a strong trigger name a day more than ``days`` before publication?

    In a story about a trial this is the day of the act, whatever day the hearing was.
    """
    published = found.article.published
    triggered = {t.sentence for t in found.triggers if t.strong}
    return published is not None and any(
        (published.date() - date.fromisoformat(m.last[:10])).days > days and m.sentence in triggered
        for m in found.times
    )
