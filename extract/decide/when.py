"""When did it happen, of all the times the text names?

Mentions of one day are one candidate. What the words around them say is summed up in signs, and a forest learned from
articles with known incidents (``scripts/train_when.py``) says which candidate fits best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from extract.decide.aftermath import is_of_act, tells_of_sequel
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models.context_words import words_around
from extract.decide.models.gradient_boosting import forest
from extract.decide.models.logistic import score
from extract.language import Cue
from extract.nlp.mentions import Reading, Talk, TimeMention
from extract.types import TimePrecision, When

_FAR = 400
_COARSE = (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)
Candidate = tuple[TimeMention, ...]


def choose_when(found: Findings, choice: KindChoice | None) -> tuple[When, TimeMention] | None:
    """The likeliest time of the act with the words that name it; None when the text names none, or none that is likely:
    a day in court, or one of another story on the page, is worse than no day.
    """
    options = candidates(found)
    if any(_is_fresh(found, mentions[0]) for mentions in options) and tells_of_sequel(found, choice):
        options = [ms for ms in options if not _is_fresh(found, ms[0]) or is_of_act(found, ms, choice)]
    if not options:
        return None
    trees = forest(found.lexicon, "when")
    rows = signs(found, options, choice)
    scores = trees.scores(rows) if trees is not None else [score(row, "when", found.lexicon) for row in rows]
    likeliest = max(range(len(options)), key=lambda i: (scores[i], -i))
    if trees is not None and scores[likeliest] < weights("when")["least"]:
        return None
    mentions = options[likeliest]
    best = max(mentions, key=lambda m: (_tells_the_act(found, m, choice) + (m.precision in _CLOCK), -m.start))
    return When(start=best.first, end=best.last, precision=best.precision), best


def by_local_week(found: Findings, when: When, mention: TimeMention, zone: str | None) -> When:
    """The weekday of the article's own day at the place: Sydney's Tuesday begins on a Monday of UTC, and its "Tuesday"
    isn't the one a week before. ``zone``: the IANA time zone of the act's place. An article dated to a day has no hour
    to go by.
    """
    published = found.article.published
    if zone is None or published is None or found.article.published_day_only or when.precision not in _DAYS:
        return when
    today = published.astimezone(ZoneInfo(zone)).date()
    plain = found.layout.plain
    is_named = _names_weekday(found, mention) and not found.language.cue(Cue.LAST_BEFORE).search(plain[: mention.start])
    if not is_named or today <= published.date() or when.last_day != today - _WEEK:
        return when
    start, end = (f"{date.fromisoformat(text[:10]) + _WEEK}{text[10:]}" for text in (when.start, when.end))
    return When(start=start, end=end, precision=when.precision)


_WEEK = timedelta(days=7)
_DAYS = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.MINUTE)
_CLOCK = (TimePrecision.HOUR, TimePrecision.MINUTE)


def _is_fresh(found: Findings, mention: TimeMention) -> bool:
    """Is it of these days, and not of weeks ago?"""
    back = _days_back(found, mention)
    return back is not None and back <= weights("follow_up")["days"]


def candidates(found: Findings) -> list[Candidate]:
    """The days, weeks, months and years named that aren't to come, each with its mentions, in the order of the text."""
    days: dict[tuple[str, bool], list[TimeMention]] = defaultdict(list)
    for mention in found.times:
        back = _days_back(found, mention)
        if back is None or back >= -1:
            days[mention.first[:10], mention.precision in _COARSE].append(mention)
    return [tuple(mentions) for mentions in days.values()]


def signs(found: Findings, options: Sequence[Candidate], choice: KindChoice | None) -> list[dict[str, float]]:
    """What is known of each candidate: of its first mention, of its most and least telling ones, and among the rest."""
    all_of = sum(len(mentions) for mentions in options)
    ordered = sorted({mentions[0].first[:10] for mentions in options})
    acts, plain = _acts(found, choice), found.layout.plain
    out = []
    for index, mentions in enumerate(options):
        told = [_signs(found, m, acts) for m in mentions]
        row = {f"first_{name}": value for name, value in told[0].items()}
        for name in told[0]:
            row[f"most_{name}"] = max(t[name] for t in told)
            row[f"least_{name}"] = min(t[name] for t in told)
        day = ordered.index(mentions[0].first[:10])
        back = _days_back(found, mentions[0])
        row |= {
            "mentions": len(mentions),
            "rivals": len(options),
            "share": len(mentions) / all_of,
            "order": index,
            "earlier_days": day,
            "later_days": len(ordered) - day - 1,
            "days_back": back if back is not None else -5,
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


def _acts(found: Findings, choice: KindChoice | None) -> list[tuple[int, int]]:
    """Sentence and offset of the words that tell of the act."""
    kinds = {choice.kind, *choice.also} if choice else set()
    return [(t.sentence, t.start) for t in found.triggers if t.strong and t.kind in kinds]


def _tells_the_act(found: Findings, mention: TimeMention, choice: KindChoice | None) -> bool:
    return any(sentence == mention.sentence for sentence, _ in _acts(found, choice))


def _signs(found: Findings, mention: TimeMention, acts: list[tuple[int, int]]) -> dict[str, float]:
    """What speaks for and against one mention being the act's."""
    sentence = found.sentences[mention.sentence]
    same = [start for s, start in acts if s == mention.sentence]
    gap = _nearest(mention, [start for _, start in acts])
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
        "coarse": float(mention.precision in _COARSE),
        "year": float(mention.precision is TimePrecision.YEAR),
        "court_nearer": float(_nearest(mention, list(found.court)) < gap),
    }
    return out | {reading.value: float(mention.reading is reading) for reading in Reading}


def _days_back(found: Findings, mention: TimeMention) -> int | None:
    published = found.article.published
    return (published.date() - date.fromisoformat(mention.last[:10])).days if published else None


def _nearest(mention: TimeMention, offsets: list[int]) -> int:
    """Characters to the nearest of these offsets; far where there is none."""
    return min(_FAR, min((min(abs(o - mention.start), abs(o - mention.end)) for o in offsets), default=_FAR))
