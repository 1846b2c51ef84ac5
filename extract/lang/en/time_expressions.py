"""Component ``tocsin_times``: which days and times does the text mention, resolved against its day of publication?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

import msgspec
from spacy.tokens import Doc

from extract.lang.en import dates
from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import read_number
from extract.nlp.extensions import published_of, sentence_at, text_of
from extract.nlp.mentions import Reading, TimeMention
from extract.nlp.registration import component
from extract.nlp.token_search import paragraphs_with
from extract.types import TimePrecision

_CLOCK = re.compile(
    r"\b(?:(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?\s*(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?)"
    r"|(?P<h24>[01]\d|2[0-3]):(?P<m24>[0-5]\d)(?!\s*[ap]\.?m)|(?P<word>noon|midnight))",
    re.IGNORECASE,
)
_CLOCK_REACH = 45
_NOT_A_DAY = (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)
_LONG_AGO = 40_000  # days
_NIGHT_END = "07"  # before this hour it is night
_DATE_GAP = re.compile(r"[,.\s(]{1,3}")


@component("tocsin_times", requires=["doc._.sentences"], assigns=["doc._.times"])
def times(doc: Doc) -> Doc:
    """Lists every time expression that can be resolved, in the order of the text."""
    published = published_of(doc)
    doc._.times = sorted(find_times(doc, published.date() if published else None), key=lambda m: m.start)
    return doc


def find_times(doc: Doc, published: date | None) -> list[TimeMention]:
    """Absolute dates always; weekdays and "yesterday" only if the day of publication is known."""
    text = text_of(doc)
    found: list[TimeMention] = []
    for first, last, precision, start, end in _expressions(doc, published):
        if any(m.start < end and start < m.end for m in found):
            continue
        found.append(_mention(doc, first, last, precision, start, end))
    dated = [_with_clock(mention, text, found) for mention in found]
    if published is None:
        return dated
    dated += _from_another_day(doc, dated, published)
    undated = list(_undated(doc, dated, published))
    if any(_is_in_the_night(mention) for mention in undated):
        dated = [_moved_to(m, published, Reading.SAID) if _is_overnight(m, published) else m for m in dated]
    return [*dated, *undated, *_other_readings(text, [*dated, *undated], published)]


def _from_another_day(doc: Doc, dated: Sequence[TimeMention], published: date) -> list[TimeMention]:
    """Times relative to a day in the text: "the night before", "two days earlier", "a week after the attack".

    That day is the nearest one in the sentence, else the last one in the two sentences before, else the day of
    publication.
    """
    out: list[TimeMention] = []
    for match in (*_matches(doc, "eve"), *_matches(doc, "since")):
        start, end = match.span()
        if any(m.start < end and start < m.end for m in dated):
            continue
        day = _reference_day(dated, sentence_at(doc, start), start) or published
        span = _span_before(day, (match["n"] or "a").lower(), (match["unit"] or "day").lower())
        if span is not None:
            out.append(_mention(doc, *span, start, end))
    return out


def _reference_day(dated: Sequence[TimeMention], sentence: int, at: int) -> date | None:
    days = [m for m in dated if m.first[:10] == m.last[:10] and m.precision not in _NOT_A_DAY]
    beside = [m for m in days if m.sentence == sentence]
    before = [m for m in days if sentence - 2 <= m.sentence < sentence]
    nearest = min(beside, key=lambda m: abs(m.start - at), default=max(before, key=lambda m: m.start, default=None))
    return date.fromisoformat(nearest.first[:10]) if nearest else None


def _is_in_the_night(mention: TimeMention) -> bool:
    return "T" in mention.first and mention.first[11:13] < _NIGHT_END


def _is_overnight(mention: TimeMention, published: date) -> bool:
    """Whether it is the night before the day of publication: from the eve to that day."""
    return mention.precision is TimePrecision.DAY and mention.first < mention.last == published.isoformat()


def _mention(doc: Doc, first: date, last: date, precision: TimePrecision, start: int, end: int) -> TimeMention:
    return TimeMention(
        first=first.isoformat(),
        last=last.isoformat(),
        precision=precision,
        start=start,
        end=end,
        sentence=sentence_at(doc, start),
    )


def _undated(doc: Doc, dated: list[TimeMention], published: date) -> Iterator[TimeMention]:
    """Clock times and parts of the day in sentences without a day, on the day of publication.

    "At about 1 a.m.", "an early-morning shooting"; one a sentence.
    """
    taken = {m.sentence for m in dated}
    day = published.isoformat()
    for match in (*_matches(doc, "clock"), *_matches(doc, "parts")):
        sentence = sentence_at(doc, match.start())
        if sentence in taken:
            continue
        taken.add(sentence)
        stamp, precision = day, TimePrecision.DAY
        if match.re is _CLOCK:
            stamp, precision = _at_hour(day, match)
        yield TimeMention(
            first=stamp,
            last=stamp,
            precision=precision,
            start=match.start(),
            end=match.end(),
            sentence=sentence,
            reading=Reading.UNDATED,
        )


def _other_readings(text: str, mentions: list[TimeMention], published: date) -> Iterator[TimeMention]:
    """Other readings of times on the day of publication.

    A weekday may be a week earlier; a time without a day may be on the day before; "overnight" is also the day itself.
    """
    day = published.isoformat()
    for mention in mentions:
        if not mention.first.startswith(day):
            if not mention.last.startswith(day) or mention.precision is not TimePrecision.DAY:
                continue
            yield _moved_to(mention, published, Reading.SAID, precision=TimePrecision.DAY)
        elif mention.reading is Reading.UNDATED:
            yield _moved_to(mention, published - timedelta(1), Reading.EVE)
        elif _regex("weekday").search(text, mention.start, mention.end):
            yield _moved_to(mention, published - timedelta(7), Reading.WEEK_BEFORE)


def _moved_to(mention: TimeMention, day: date, reading: Reading, precision: TimePrecision | None = None) -> TimeMention:
    stamp = day.isoformat() + mention.first[10:]
    return msgspec.structs.replace(
        mention, first=stamp, last=stamp, reading=reading, precision=precision or mention.precision
    )


_Span = tuple[date, date, TimePrecision, int, int]


def _expressions(doc: Doc, published: date | None) -> Iterator[_Span]:
    yield from _absolute(doc, published)
    if published is None:
        return
    for match in _matches(doc, "relative"):
        first, last = table("times")["relative"][" ".join(match.group().lower().split())]
        yield published - timedelta(first), published - timedelta(last), TimePrecision.DAY, *match.span()
    for match in _matches(doc, "spans"):
        first, last, precision = table("times")["spans"][" ".join(match.group().lower().split())]
        yield published - timedelta(first), published - timedelta(last), TimePrecision(precision), *match.span()
    for match in _matches(doc, "holidays"):
        day = _last_holiday(" ".join(match["name"].lower().replace("’", "'").split()), published)
        yield day, day, TimePrecision.DAY, *match.span()
    for match in _matches(doc, "ago"):
        span = _span_before(published, match["n"].lower(), match["unit"].lower())
        if span is not None:
            yield *span, *match.span()
    for match in _matches(doc, "weekday"):
        back = (published.weekday() - dates.weekday_numbers()[match["day"].lower().rstrip(".")]) % 7
        if (
            (match["which"] or "").lower() == "next"
            or _names_a_date(match.string, match.end())
            or match["day"] in word_set("times", "ambiguous", "weekdays")
        ):
            continue
        if back == 0 and (match["which"] or "").lower() in ("last", "previous"):
            back = 7
        day = published - timedelta(back)
        yield day, day, TimePrecision.DAY, match.start("day"), match.end()


def _span_before(day: date, number: str, unit: str) -> tuple[date, date, TimePrecision] | None:
    """First and last day, and precision, of a number of days, weeks, months or years before a day.

    Weeks, months and years are given a margin of 3, 15 and 180 days. None from ``_LONG_AGO`` days on.
    """
    read = read_number([number]) if number not in ("a", "an") else None
    days = (read.value if read else 1) * {"day": 1, "night": 1, "week": 7, "month": 30, "year": 365}[unit]
    if days >= _LONG_AGO:
        return None
    slack, precision = {
        "week": (3, TimePrecision.WEEK),
        "month": (15, TimePrecision.MONTH),
        "year": (180, TimePrecision.YEAR),
    }.get(unit, (0, TimePrecision.DAY))
    then = day - timedelta(days)
    return then - timedelta(slack), then + timedelta(slack), precision


def _names_a_date(text: str, at: int) -> bool:
    """Whether a date follows at ``at`` and says which weekday is meant: "Monday, Feb. 11, 2013", "Monday (6/30)"."""
    return any(
        _regex(name).match(text, at + len(gap[0]))
        for name in ("day_month", "month_day", "numeric")
        for gap in [_DATE_GAP.match(text, at)]
        if gap
    )


def _last_holiday(name: str, published: date) -> date:
    """The last holiday of that name up to the day after publication."""
    days = [dates.holiday(name, published.year - back) for back in (0, 1)]
    return next((d for d in days if d <= published + timedelta(1)), days[-1])


def _absolute(doc: Doc, published: date | None) -> Iterator[_Span]:
    for name in ("day_month", "month_day", "numeric", "iso"):
        for match in _matches(doc, name):
            day = _date(match, published) if name != "numeric" else _date_in_figures(match, published)
            if day is not None:
                yield day, day, TimePrecision.DAY, *match.span()
    for match in _matches(doc, "month_year"):
        month, year = dates.month_numbers()[match["month"].lower().rstrip(".")], int(match["year"])
        yield date(year, month, 1), dates.last_of_month(year, month), TimePrecision.MONTH, *match.span()
    for match in _matches(doc, "year"):
        year = int(match["year"])
        yield date(year, 1, 1), date(year, 12, 31), TimePrecision.YEAR, *match.span()


def _date_in_figures(match: re.Match[str], published: date | None) -> date | None:
    """The date in figures: of its two readings the one that is the nearest before publication.

    With slashes and an unknown day of publication, the month is first.
    """
    year, one, two = _year(match["year"], published) or 1, int(match["one"]), int(match["two"])
    readings = [d for d in (_day(year, one, two), _day(year, two, one)) if d is not None]
    if published is None:
        return readings[0] if readings else None
    past = [d for d in readings if d <= published + timedelta(1)]
    return max(past, default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date(match: re.Match[str], published: date | None) -> date | None:
    groups = match.groupdict()
    month = (
        dates.month_numbers()[groups["month"].lower().rstrip(".")]
        if not groups["month"].isdigit()
        else int(groups["month"])
    )
    year = _year(groups.get("year"), published)
    try:
        day = date(year or (published.year if published else 0) or 1, month, int(groups["day"]))
    except ValueError:
        return None
    if year is None:
        if published is None:
            return None
        if day > published + timedelta(3):  # "Dec. 30" in a January article is last year's
            try:
                day = day.replace(year=day.year - 1)
            except ValueError:
                return None
    return day


def _year(digits: str | None, published: date | None) -> int | None:
    if not digits:
        return None
    if len(digits) == 4:
        return int(digits)
    century = (published.year if published else 2000) // 100 * 100
    year = century + int(digits)
    return year - 100 if published and year > published.year + 1 else year


def _with_clock(mention: TimeMention, text: str, others: list[TimeMention]) -> TimeMention:
    """The mention with a clock time near it in the same sentence, unless another day is nearer to that time."""
    if mention.precision != TimePrecision.DAY or mention.first != mention.last:
        return mention
    lo, hi = max(0, mention.start - _CLOCK_REACH), mention.end + _CLOCK_REACH
    near = [
        m for m in _CLOCK.finditer(text, lo, hi) if not re.search(r"[.!?]\s+[A-Z]|\n\n", _between(text, m, mention))
    ]
    near = [m for m in near if min(others, key=lambda o: _distance(m, o)) is mention]
    if not near:
        return mention
    match = min(near, key=lambda m: _distance(m, mention))
    stamp, exact = _at_hour(mention.first, match)
    return TimeMention(
        first=stamp,
        last=stamp,
        precision=exact,
        start=min(mention.start, match.start()),
        end=max(mention.end, match.end()),
        sentence=mention.sentence,
    )


def _distance(clock: re.Match[str], mention: TimeMention) -> int:
    return min(abs(clock.start() - mention.end), abs(mention.start - clock.end()))


def _between(text: str, clock: re.Match[str], mention: TimeMention) -> str:
    between = text[clock.end() : mention.start] if clock.end() <= mention.start else text[mention.end : clock.start()]
    return re.sub(r"\b([ap])\.?\s?m\.", r"\1m", between, flags=re.IGNORECASE)


def _at_hour(day: str, clock: re.Match[str]) -> tuple[str, TimePrecision]:
    """A day with a clock time as an ISO date-time, and its precision (minute or hour)."""
    hour, minute = _hour(clock)
    exact = TimePrecision.MINUTE if (clock["m"] or clock["m24"]) else TimePrecision.HOUR
    return f"{day}T{hour:02d}:{minute:02d}", exact


def _hour(match: re.Match[str]) -> tuple[int, int]:
    if match["word"]:
        return int(table("times")["clock"][match["word"].lower()]), 0
    if match["h24"]:
        return int(match["h24"]), int(match["m24"])
    hour = int(match["h"]) % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return hour, int(match["m"] or 0)


def _matches(doc: Doc, name: str) -> Iterator[re.Match[str]]:
    """The matches of an expression, searched only in paragraphs with one of its required words, for speed."""
    expression = _CLOCK if name == "clock" else _regex(name)
    for paragraph in paragraphs_with(doc, _required_words(name)):
        yield from expression.finditer(text_of(doc), paragraph.start, paragraph.end)


@cache
def _required_words(name: str) -> frozenset[str]:
    """Words of which every match of the expression contains at least one; ``#`` is any number."""
    data = table("times")
    if name in ("day_month", "month_day", "month_year", "weekday"):
        return frozenset(dates.weekday_numbers() if name == "weekday" else dates.month_numbers())
    if name in ("year", "iso"):
        return frozenset(map(str, range(1800, 2100)))
    if name in ("relative", "spans", "holidays"):
        return frozenset(max(reversed(phrase.split()), key=len) for phrase in data[name])
    return frozenset({"#", *data["clock"]} if name == "clock" else data["needed"][name])


@cache
def _regex(name: str) -> re.Pattern[str]:
    months = "|".join(sorted(dates.month_numbers(), key=len, reverse=True))
    days = "|".join(sorted((d for d in dates.weekday_numbers() if len(d) > 2), key=len, reverse=True))
    day = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
    year = r"(?P<year>(?:18|19|20)\d\d)"
    words = "|".join(r"\s+".join(w.split()) for w in sorted(table("times").get(name, {}), key=len, reverse=True))
    ahead, counted = ("|".join(table("times")["from_another_day"][key]) for key in ("ahead", "counted"))
    expressions = {
        "relative": rf"\b(?:{words})\b(?!'s)",
        "spans": rf"\b(?:{words})\b(?!'s)",
        "parts": rf"\b(?:{'|'.join(table('times')['parts']['words'])})\b",
        "holidays": rf"\b(?P<name>{words})\b".replace("'", "['’]"),
        "ago": r"\b(?P<n>an?|\d{1,3}|[a-z]+) (?P<unit>day|night|week|month|year)s? ago\b",
        "eve": rf"\b(?:(?P<n>an?|\d{{1,3}}|[a-z]+) (?P<unit>day|night|week|month|year)s? earlier"
        rf"|the (?:day|night|evening|afternoon|morning) (?:before|earlier)"
        rf"|the previous (?:day|night|evening|afternoon|morning))\b(?!\s+(?:{ahead})\b)",
        "since": rf"\b(?:(?P<n>an?|\d{{1,2}}|{counted}) (?P<unit>day|night|week)s?|the (?:day|night|morning)) after\b",
        "weekday": rf"\b(?:(?P<which>last|next|this|previous)\s+)?(?P<day>{days})\b\.?",
        "day_month": rf"\b{day}\s+(?:of\s+)?(?P<month>{months})\.?,?"
        r"(?:\s+(?P<year>(?:18|19|20)\d\d|\d\d(?=\s|\)|\]|$)))?\b",
        "month_day": rf"\b(?P<month>{months})\.?\s+{day}\b(?!:)(?:,?\s+{year}\b)?(?!\s*(?:people|percent))",
        "numeric": dates.DATE_IN_FIGURES,
        "iso": r"\b(?P<year>(?:18|19|20)\d\d)-(?P<month>1[0-2]|0[1-9])-(?P<day>3[01]|[12]\d|0[1-9])\b",
        "month_year": rf"\b(?P<month>{months})\.?,?\s+(?:of\s+)?{year}\b",
        "year": rf"\b(?:in|of|since|during|from|by)\s+{year}\b",
    }
    return re.compile(expressions[name], re.IGNORECASE)
