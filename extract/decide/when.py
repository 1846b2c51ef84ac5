"""When did the event happen, of all the times that the text names?

Mentions of one day are one candidate, with features of its mentions and of the words around them. A forest learned from
articles about known incidents (``scripts/train_when.py``) scores the candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from extract.decide.aftermath import is_about_aftermath, is_time_of_event
from extract.decide.captions import is_in_caption
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models.context_words import words_around
from extract.decide.models.gradient_boosting import forest
from extract.decide.models.logistic import score
from extract.language import Cue
from extract.nlp.mentions import Reading, Talk, TimeMention
from extract.types import TimePrecision, When

_FAR = 400  # characters: larger distances count as this one; the weights are learned for it
_WEEK = timedelta(days=7)
_AHEAD = timedelta(days=1)  # a day may be ahead of publication's UTC day
_MONTHS = 12
_DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)
_CLOCK = (TimePrecision.HOUR, TimePrecision.MINUTE)
Candidate = tuple[TimeMention, ...]


def choose_when(found: Findings, choice: KindChoice | None) -> tuple[When, TimeMention] | None:
    """The most probable time of the event with the mention that names it.

    None if the text names no time, or none that is probable enough: a day in court, or one of another story on the
    page, is worse than no day.
    """
    dates = candidates(found)
    if any(_is_fresh(found, mentions[0]) for mentions in dates) and is_about_aftermath(found, choice):
        dates = [ms for ms in dates if not _is_fresh(found, ms[0]) or is_time_of_event(found, ms, choice)]
    if not dates:
        return None
    trees = forest(found.lexicon, "when")
    rows = features(found, dates, choice)
    scores = trees.scores(rows) if trees is not None else [score(row, "when", found.lexicon) for row in rows]
    best_index = max(range(len(dates)), key=lambda i: (scores[i], -i))
    if trees is not None and scores[best_index] < weights("when")["least"]:
        return None
    mentions = dates[best_index]
    best = max(mentions, key=lambda m: (_is_in_event_sentence(found, m, choice) + (m.precision in _CLOCK), -m.start))
    return When(start=best.first, end=best.last, precision=best.precision), best


def with_local_day(found: Findings, when: When, mention: TimeMention, zone: str | None, country: str | None) -> When:
    """The time as it is meant at the place of the event.

    A date in figures has the order of day and month that is usual in the country. "Today", "last night" and weekdays
    count from the local day of publication: Sydney's Tuesday begins on a Monday of UTC. ``zone`` is the IANA time zone
    of the place. Relative days stay as they are if the article has a date of publication without an hour.
    """
    if when.precision not in _DAYS:
        return when
    when = _with_usual_order(found, when, mention, country)
    published = found.article.published
    if zone is None or published is None or found.article.published_day_only:
        return when
    today = published.astimezone(ZoneInfo(zone)).date()
    if _has_cue(found, mention, Cue.RELATIVE_DAY):
        return _moved(when, today - published.date())
    is_named = _has_cue(found, mention, Cue.WEEKDAY) and not _is_last_named(found, mention)
    if not is_named or today <= published.date() or when.last_day != today - _WEEK:
        return when
    return _moved(when, _WEEK)


def _is_last_named(found: Findings, mention: TimeMention) -> bool:
    """Does "last" stand before the weekday?"""
    return found.language.cue(Cue.LAST_BEFORE).search(found.layout.plain[: mention.start]) is not None


def _with_usual_order(found: Findings, when: When, mention: TimeMention, country: str | None) -> When:
    """The day with the other order of day and month if 3/5/2026 is read otherwise in the country."""
    figures = found.language.cue(Cue.DATE_IN_FIGURES).search(found.layout.plain, mention.start, mention.end)
    if country is None or figures is None:
        return when
    one, two = int(figures["one"]), int(figures["two"])
    month = one if country in found.lexicon.words("times", "figures", "month_first") else two
    if max(one, two) > _MONTHS or one == two or when.last_day.month == month:
        return when
    day = when.last_day.replace(month=month, day=two if month == one else one)
    published = found.article.published
    return when if published is not None and day > published.date() + _AHEAD else _moved(when, day - when.last_day)


def _moved(when: When, by: timedelta) -> When:
    start, end = (f"{date.fromisoformat(text[:10]) + by}{text[10:]}" for text in (when.start, when.end))
    return When(start=start, end=end, precision=when.precision)


def _has_cue(found: Findings, mention: TimeMention, cue: Cue) -> bool:
    return found.language.cue(cue).search(found.layout.plain, mention.start, mention.end) is not None


def _is_fresh(found: Findings, mention: TimeMention) -> bool:
    """Is the time recent enough for the event to be the news itself?"""
    age = _age_in_days(found, mention)
    return age is not None and age <= weights("follow_up")["days"]


def candidates(found: Findings) -> list[Candidate]:
    """The days, weeks, months and years named that are not in the future, each with its mentions, in text order.

    Not an older day in a caption, which is that of the picture: "A police car on July 22, 2020. (Example/Reuters)".
    """
    by_day: dict[tuple[str, bool], list[TimeMention]] = defaultdict(list)
    for mention in found.times:
        age = _age_in_days(found, mention)
        if age is not None and age > weights("follow_up")["days"] and is_in_caption(found, mention.sentence):
            continue
        if age is None or age >= -1:
            by_day[mention.first[:10], mention.precision.is_coarse].append(mention)
    return [tuple(mentions) for mentions in by_day.values()]


def features(found: Findings, dates: Sequence[Candidate], choice: KindChoice | None) -> list[dict[str, float]]:
    """The features of each candidate: those of its first mention, the largest and smallest of all its mentions, its
    position among the candidates, and the words around it."""
    total = sum(len(mentions) for mentions in dates)
    ordered = sorted({mentions[0].first[:10] for mentions in dates})
    event_words, plain = _event_words(found, choice), found.layout.plain
    out = []
    for index, mentions in enumerate(dates):
        by_mention = [_mention_features(found, m, event_words) for m in mentions]
        row = {f"first_{name}": value for name, value in by_mention[0].items()}
        for name in by_mention[0]:
            row[f"most_{name}"] = max(t[name] for t in by_mention)
            row[f"least_{name}"] = min(t[name] for t in by_mention)
        day = ordered.index(mentions[0].first[:10])
        age = _age_in_days(found, mentions[0])
        row |= {
            "mentions": len(mentions),
            "rivals": len(dates),
            "share": len(mentions) / total,
            "order": index,
            "earlier_days": day,
            "later_days": len(ordered) - day - 1,
            "days_back": age if age is not None else -5,
            "weekday": sum(_names_weekday(found, m) for m in mentions),
            "digits": sum(any(map(str.isdigit, plain[m.start : m.end])) for m in mentions),
        }
        for mention in mentions:
            row |= dict.fromkeys(words_around(found.layout, mention.start, mention.end), 1.0)
        out.append(row)
    return out


def _names_weekday(found: Findings, mention: TimeMention) -> bool:
    expression = found.language.cue(Cue.WEEKDAY)
    return expression.search(found.layout.plain, mention.start, mention.end) is not None


def _event_words(found: Findings, choice: KindChoice | None) -> list[tuple[int, int]]:
    """Sentence and character offset of the words that name the event."""
    kinds = {choice.kind, *choice.also} if choice else set()
    return [(t.sentence, t.start) for t in found.triggers if t.strong and t.kind in kinds]


def _is_in_event_sentence(found: Findings, mention: TimeMention, choice: KindChoice | None) -> bool:
    return any(sentence == mention.sentence for sentence, _ in _event_words(found, choice))


def _mention_features(found: Findings, mention: TimeMention, event_words: list[tuple[int, int]]) -> dict[str, float]:
    """The features of one mention; ``event_words`` as by ``_event_words``."""
    sentence = found.sentences[mention.sentence]
    same = [start for s, start in event_words if s == mention.sentence]
    gap = _nearest(mention, [start for _, start in event_words])
    out = {
        "title": float(sentence.is_title),
        "depth": mention.sentence - found.first_body,
        "told": float(found.is_foreground(mention.sentence)),
        "court_story": float(Talk.COURT in sentence.flags),
        "act": float(bool(same)),
        "gap": gap,
        "count": float(any(c.sentence == mention.sentence for c in found.counts)),
        "place": float(any(p.sentence == mention.sentence for p in found.places)),
        "clock": float(mention.precision in _CLOCK),
        "coarse": float(mention.precision.is_coarse),
        "year": float(mention.precision is TimePrecision.YEAR),
        "court_nearer": float(_nearest(mention, list(found.court)) < gap),
    }
    return out | {reading.value: float(mention.reading is reading) for reading in Reading}


def _age_in_days(found: Findings, mention: TimeMention) -> int | None:
    published = found.article.published
    return (published.date() - date.fromisoformat(mention.last[:10])).days if published else None


def _nearest(mention: TimeMention, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; ``_FAR`` where there is none."""
    return min(_FAR, min((min(abs(o - mention.start), abs(o - mention.end)) for o in offsets), default=_FAR))
