"""Which days does one expression of time mean: "3 May 2015", "last week", "friday", "the first week of November"?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

from extract.lang.en import dates
from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import NUMBER_WORDS
from extract.lang.en.questions import time_readers as readers
from extract.lang.en.questions.time_readers import Days

# after these words, the name of a month is a month even if it can be another word ("may", "march")
_BEFORE_MONTH = word_set("ask", "months", "before")


class NoSuchDayError(ValueError):
    """A date that does not exist; the text is as written in the question."""


class Found(NamedTuple):
    """A time in a question: its start and end, and the days it means."""

    start: int
    end: int
    days: Days


Reader = Callable[[re.Match[str], date], Days | None]


def single_times(text: str, today: date, month_first: bool) -> list[Found]:
    """The single times of the text, none overlapping another; longer patterns are tried first."""
    out: list[Found] = []
    for pattern, read in _patterns(month_first):
        for match in pattern.finditer(text):
            if any(match.start() < one.end and match.end() > one.start for one in out):
                continue
            try:
                days = read(match, today)
            except (ValueError, OverflowError) as error:
                raise NoSuchDayError(match[0].strip()) from error
            if days is not None:
                out.append(Found(match.start(), match.end(), days))
    return sorted(out)


class _Parts(NamedTuple):
    """Fragments of the patterns: names of months and days of the week, and numbers."""

    month: str
    weekday: str

    @property
    def m(self) -> str:
        """A month."""
        return rf"(?P<m>{self.month})\b\.?"

    @property
    def day_name_before(self) -> str:
        """A day of the week that may stand before a date."""
        return rf"(?:(?:{self.weekday})\b,?\s+(?:the\s+)?)?"


_D = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_Y = r"(?P<y>(?:19|20)\d\d)\b"
_TO = r"(?:to|through|until|till|and|-|–)"
_NOT_PEOPLE = r"(?!\s*(?:people|dead|killed|injured|wounded|victims))"
_NTH = r"(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)"
_PART = r"(?P<part>early|mid|late|(?:the\s+)?(?:beginning|start|middle|end)\s+of)[\s-]+(?:the\s+)?"
_NUMBER = rf"(?P<n>\d{{1,4}}|an?|couple\s+of|few|several|{'|'.join(NUMBER_WORDS)})"
# after one of these a short name of a day, and "the 27th", are times
_BEFORE_DAY = r"(?<=\bon\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\bfrom\s)|(?<=\bto\s)|(?<=\bafter\s)|(?<=\bbefore\s)"
_HOURS = r"(?:\s+(?:morning|afternoon|evening|night|noon))?"


def _names(named: tuple[tuple[str, ...], ...]) -> str:
    return "|".join(sorted((name for names in named for name in names), key=len, reverse=True))


@cache
def _patterns(month_first: bool) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """All patterns with their readers; the longer and surer ones come first."""
    parts = _Parts(_names(dates.month_names()), _names(dates.weekday_names()))
    slashed = readers.month_day if month_first else readers.day_month
    raw = (
        *_full_dates(parts, slashed),
        *_parts_of_spans(parts),
        *_named_spans(parts),
        *_relative(),
        *_weekdays(parts),
        *_dates_without_year(parts, slashed),
    )
    return tuple((re.compile(_numbered(pattern)), read) for pattern, read in raw)


def _full_dates(p: _Parts, slashed: Reader) -> tuple[tuple[str, Reader], ...]:
    """Days with their year: 2026-11-29, 29/11/2026, 29 November 2026."""
    m, before = p.m, p.day_name_before
    return (
        (
            rf"\b(?:the\s+)?week\s+of\s+(?:{m}\s+{_D}\b(?:\s*,?\s*{_Y})?|{_D}\s+(?:of\s+)?{m}(?:\s*,?\s*{_Y})?)",
            readers.week_of,
        ),
        (r"\b(?P<y>(?:19|20)\d\d)([-/.])(?P<mm>\d\d?)\2(?P<d>\d\d?)\b", readers.exact),
        (r"\b(?P<a>\d\d?)([-/.])(?P<b>\d\d?)\2(?P<y>(?:19|20)\d\d)\b", slashed),
        (r"(?<![\d/.])(?P<a>\d\d?)([/.])(?P<b>\d\d?)\2(?P<y>\d\d)\b(?![\d/.])", slashed),
        (rf"\b{_D}-{m}-{_Y}", readers.exact),
        (r"\b(?P<y>(?:19|20)\d\d)[-/](?P<mm>0?[1-9]|1[0-2])\b(?![-/\d])", readers.month),
        (r"\b(?P<mm>0?[1-9]|1[0-2])[-/](?P<y>(?:19|20)\d\d)\b", readers.month),
        (rf"\b{before}{m}\s+(?:the\s+)?{_D}\s*,?\s*(?:of\s+)?(?:in\s+)?{_Y}", readers.exact),
        (rf"\b{before}{_D}\s+(?:day\s+)?(?:of\s+)?{m}\s*,?\s*(?:of\s+)?{_Y}", readers.exact),
    )


def _parts_of_spans(p: _Parts) -> tuple[tuple[str, Reader], ...]:
    """Parts of a year, a month, a week: "early 2026", "the first week of November", "the end of last month"."""
    m = p.m
    which = r"(?:of\s+)?(?:(?P<year>this|last)\s+year|(?P<y>(?:19|20)\d\d)\b)"
    return (
        (rf"\b{_PART}(?P<y>(?:19|20)\d\d)\b", readers.part_of_year),
        (rf"\b{_PART}{m}(?:\s*,?\s*{_Y})?", readers.part_of_month),
        (rf"\b{_PART}(?:(?P<which>this|last|the)\s+)?(?P<u>week|month|year)\b", readers.part_of_this),
        (
            rf"\b(?:the\s+)?{_NTH}\s+(?:(?P<n>two|three)\s+)?(?P<of>weeks?|half)\s+(?:of|in)\s+{m}(?:\s*,?\s*{_Y})?",
            readers.weeks_of_month,
        ),
        (rf"\b(?:the\s+)?{_NTH}\s+(?P<of>quarter|half)\s+{which}", readers.quarter),
        (r"\b(?:the\s+)?(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s+(?P<of>quarter)\b", readers.quarter),
        (rf"\bq(?P<nth>[1-4])\b(?:\s+(?:of\s+)?(?:{which}))?", readers.quarter),
    )


def _named_spans(p: _Parts) -> tuple[tuple[str, Reader], ...]:
    """Months, seasons, holidays, decades by name."""
    m, month = p.m, p.month
    holiday = "|".join(re.escape(name) for name in sorted(table("times")["holidays"], key=len, reverse=True))
    season = "|".join(table("ask")["seasons"])
    return (
        (rf"\b{m}\s*,?\s*(?:of\s+|in\s+)?(?:the\s+year\s+)?{_Y}", readers.month),
        (rf"\b{m}(?=\s*(?:,|and|or|&)\s+(?:{month})\b\.?\s+{_Y})", readers.month),
        (rf"\b{m}(?=\s+{_TO}\s+(?:{month})\b)", readers.month_of_range),
        (rf"\b(?P<season>{season})\s*,?\s*(?:of\s+|in\s+)?{_Y}", readers.season),
        (rf"\b(?:last|this|past|previous)\s+(?P<season>{season})\b", readers.last_season),
        (rf"\b(?P<h>{holiday})\s*,?\s*(?:of\s+|in\s+)?{_Y}", readers.holiday),
        (rf"\b(?P<h>{holiday})(?!\w)", readers.holiday),
        (r"\b(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", readers.decade),
    )


def _relative() -> tuple[tuple[str, Reader], ...]:
    """Times counted from the day of the question: yesterday, two weeks ago, last month."""
    one_unit = r"(?P<u>week|month|quarter|year|decade|day|24\s+hours|hour)"
    unit = r"(?P<u>hours?|days?|weeks?|fortnights?|months?|quarters?|years?|decades?)"
    previous = r"(?:last|past|previous|preceding|prior|recent|most\s+recent)"
    return (
        (r"\b(?:the\s+)?day\s+before\s+yesterday\b", lambda _, now: readers.past(now, 2, 2)),
        (r"\b(?:the\s+)?(?P<u>week|month|year)\s+before\s+last\b", readers.before_last),
        (r"\b(?:yesterday|last\s+night|last\s+evening)\b" + _HOURS, lambda _, now: readers.past(now, 1, 1)),
        (
            r"\b(?:tonight|this\s+(?:morning|afternoon|evening)|(?:earlier\s+)?today)\b",
            lambda _, day: readers.past(day, 0, 0),
        ),
        (r"\b(?:over\s+)?(?:the|this)\s+(?:past\s+)?weekend\b", readers.weekend),
        (r"\b(?:last|past)\s+weekend\b", readers.weekend),
        (r"\bweekend\b", readers.weekend),
        (rf"\b(?:the\s+)?{previous}\s+{_NUMBER}\s+{unit}\b", readers.last_n),
        (rf"\b{_NUMBER}\s+{unit}\s+(?:ago|back|earlier)\b", readers.ago),
        (r"\b(?:year|month|week)\s+to\s+date\b|\b(?:so\s+far\s+this\s+year|ytd)\b", readers.to_date),
        (
            rf"\b(?:the\s+|earlier\s+)?(?P<which>last|past|this|previous|current|next)\s+(?:calendar\s+)?{one_unit}\b",
            readers.calendar,
        ),
    )


def _weekdays(p: _Parts) -> tuple[tuple[str, Reader], ...]:
    """Days of the week: the last that has come; short names only where a preposition shows what they are."""
    full = "|".join(names[0] for names in dates.weekday_names())
    return (
        (rf"\b(?:last|this|past)\s+{p.m}", readers.last_month_named),
        (
            rf"\b(?P<which>last|this\s+past|this|past)\s+(?P<w>{p.weekday})\b(?![,]?\s+(?:{_D}\b|{p.m}))" + _HOURS,
            readers.weekday,
        ),
        (
            rf"\b(?:{p.weekday})\s+(?:the\s+)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?(?:{p.month})\b)",
            readers.day_alone,
        ),
        (rf"(?:{_BEFORE_DAY})(?P<w>{p.weekday})\b(?![,]?\s+(?:{_D}\b|{p.m}))" + _HOURS, readers.weekday),
        (
            rf"(?<!\bevery\s)(?<!\beach\s)\b(?P<w>{full})\b(?![,]?\s+(?:the\s+)?(?:{_D}\b|{p.m}))" + _HOURS,
            readers.weekday,
        ),
    )


def _dates_without_year(p: _Parts, slashed: Reader) -> tuple[tuple[str, Reader], ...]:
    """Days and months without a year, and years alone."""
    m, before = p.m, p.day_name_before
    bare = "|".join(name for name in p.month.split("|") if name not in word_set("ask", "months", "words"))
    last = rf"(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s*(?:of\s+)?(?:{p.month})\b)(?:\s*,?\s*{_Y})?"
    return (
        (rf"\b{m}\s+(?:the\s+)?{_D}\s*(?:-|–|to|through|until)\s*(?:the\s+)?{last}", readers.days_of_month),
        (rf"(?<=\bbetween\s){m}\s+{_D}\s+and\s+{last}", readers.days_of_month),
        (rf"\b(?:{before}){m}\s+(?:the\s+)?{_D}\b{_NOT_PEOPLE}", readers.day_of_month),
        (rf"\b(?:{before}){_D}[\s-]+(?:of\s+)?{m}\b", readers.day_of_month),
        ("|".join(rf"(?<=\b{word}\s){m}" for word in sorted(_BEFORE_MONTH)), readers.month_named),
        (rf"(?<![\w'-])(?P<m>{bare})\b\.?(?!')", readers.month_named),
        (rf"(?<![\d$€£.,])\b(?:the\s+)?(?:(?:calendar\s+)?year\s+)?{_Y}(?![.,]\d){_NOT_PEOPLE}", readers.year),
        (rf"\b{_D}(?=\s*{_TO}\s*[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?{m}(?:\s*,?\s*{_Y})?)", readers.day_of_range),
        (r"(?<![\d/.-])(?P<a>\d\d?)/(?P<b>\d\d?)(?![\d/.%-])", slashed),
        (
            rf"(?:{_BEFORE_DAY})the\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s+(?:floor|anniversary|street|time|day))",
            readers.day_alone,
        ),
    )


def _numbered(pattern: str) -> str:
    """The pattern with repeated group names numbered: m, m2, m3."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{seen[match[1]] if seen[match[1]] > 1 else ''}>"

    return re.sub(r"\(\?P<(\w+)>", name, pattern)
