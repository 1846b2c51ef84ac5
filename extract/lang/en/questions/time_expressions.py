"""Which days does a question mention: "on 3 May 2015", "since March", "the last two weeks", "between 2013 and 2015"?

Longer than 400 lines: each of its patterns has a reader.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from extract.lang.en import dates
from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import NUMBER_WORDS, read_number
from extract.query import Period

FIRST_YEAR, LAST_YEAR = 1900, 2100
# after these words, the name of a month is a month even if it can be another word ("may", "march")
_BEFORE_MONTH = word_set("ask", "months", "before")


class Days(NamedTuple):
    """First and last day; None: no bound."""

    since: date | None
    until: date | None


class NoSuchDayError(ValueError):
    """A date that does not exist; the text is as written in the question."""


class Found(NamedTuple):
    """A time in a question: its start and end, and the days it means."""

    start: int
    end: int
    days: Days


Reader = Callable[[re.Match[str], date], Days | None]


def find(text: str, today: date, *, month_first: bool = False) -> list[tuple[int, int, Period]]:
    """Start, end and period of each time in a question, in order. ``month_first``: 5/3/2015 is the third of May.

    Raises:
        NoSuchDayError: a date does not exist ("30 February").
    """
    times = _single_times(text.lower(), today, month_first)
    out: list[tuple[int, int, Period]] = []
    for found in _ranges_and_bounds(text.lower(), times, today):
        said = text[found.start : found.end].strip(" ,")
        out.append((found.start, found.end, Period(since=found.days.since, until=found.days.until, words=said)))
    return out


# ------------------------------------------------------------------ ranges and bounds: between, from ... to, since


def _ranges_and_bounds(text: str, times: list[Found], today: date) -> Iterator[Found]:
    at = 0
    while at < len(times):
        one = times[at]
        two = times[at + 1] if at + 1 < len(times) else None
        before = text[: one.start]
        if two is not None and (ranged := _range(text, before, one, two)):
            yield ranged
            at += 2
            continue
        at += 1
        yield _bounded(text, before, one, today)


def _range(text: str, before: str, one: Found, two: Found) -> Found | None:
    between = text[one.end : two.start]
    opens = _OPENS.search(before)
    joins = _TO.fullmatch(between) or (_AND.fullmatch(between) if opens and "between" in opens[0] else None)
    if not joins or one.days.since is None or two.days.until is None:
        return None
    start = opens.start() if opens else _start_with_preposition(before, one.start)
    since, until = one.days.since, two.days.until
    if since > until and one.days.until is not None and since.year >= until.year:
        since = _same_year(since, until)
    return Found(start, two.end, Days(since, until)) if since <= until else None


def _same_year(since: date, until: date) -> date:
    """The first day moved to the year of the last one, or the year before.

    "From November to February 2016" begins in 2015, "from March to May 2015" in 2015 too.
    """
    for year in (until.year, until.year - 1):
        moved = since.replace(year=year, day=min(since.day, monthrange(year, since.month)[1]))
        if moved <= until:
            return moved
    return since


def _bounded(text: str, before: str, one: Found, today: date) -> Found:
    for pattern, bound in _BOUNDS:
        if found := pattern.search(before):
            return Found(found.start(), _end_with_onwards(text, one.end), bound(one.days, today))
    return Found(_start_with_preposition(before, one.start), _end_with_onwards(text, one.end), one.days)


def _start_with_preposition(before: str, start: int) -> int:
    found = _LEAD.search(before)
    return found.start() if found else start


def _end_with_onwards(text: str, end: int) -> int:
    found = _TAIL.match(text, end)
    return found.end() if found else end


_END = r"(?:the\s+(?:year|month|day|end|start|beginning|evening|morning|night|period)\s+(?:of\s+)?|the\s+)?\Z"
_OPENS = re.compile(rf"\b(?:between|from|in\s+between|starting(?:\s+(?:from|in|on))?|since)\s+{_END}")
_TO = re.compile(r"\s*,?\s*(?:to|until|till|through|thru|up\s+to|-|–|—)\s*(?:the\s+(?:end\s+of\s+)?)?\s*")
_AND = re.compile(r"\s*,?\s*and\s+(?:the\s+)?")
_LEAD = re.compile(
    rf"\b(?:(?:sometime\s+)?(?:in|on|during|within|over|for|of|at|throughout|through|around|as\s+of|dated|from)\s+"
    rf"(?:the\s+course\s+of\s+)?)?{_END}"
)
_TAIL = re.compile(r"\s*,?\s*(?:onwards?|so\s+far)\b")
_BOUNDS: tuple[tuple[re.Pattern[str], Callable[[Days, date], Days]], ...] = (
    (
        re.compile(
            rf"\b(?:ever\s+since|since|starting(?:\s+(?:from|in|on))?|as\s+from|beginning(?:\s+(?:in|on))?)\s+{_END}"
        ),
        lambda days, today: Days(days.since, today if days.since and days.since <= today else None),
    ),
    (
        re.compile(rf"\b(?:after|later\s+than|following)\s+{_END}"),
        lambda days, _: Days(days.until + timedelta(days=1) if days.until else None, None),
    ),
    (
        re.compile(rf"\b(?:before|prior\s+to|earlier\s+than|preceding)\s+{_END}"),
        lambda days, _: Days(None, days.since - timedelta(days=1) if days.since else None),
    ),
    (re.compile(rf"\b(?:until|till|up\s+to|by|through|up\s+until)\s+{_END}"), lambda days, _: Days(None, days.until)),
)


# ------------------------------------------------------------------ single times


def _single_times(text: str, today: date, month_first: bool) -> list[Found]:
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


@cache
def _patterns(month_first: bool) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    # fmt: off
    month = "|".join(sorted((name for names in dates.month_names() for name in names), key=len, reverse=True))
    m = rf"(?P<m>{month})\b\.?"
    d = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
    y = r"(?P<y>(?:19|20)\d\d)\b"
    unit = r"(?P<u>hours?|days?|weeks?|fortnights?|months?|quarters?|years?|decades?)"
    number = rf"(?P<n>\d{{1,4}}|an?|couple\s+of|few|several|{'|'.join(NUMBER_WORDS)})"
    not_people = r"(?!\s*(?:people|dead|killed|injured|wounded|victims))"
    to = r"(?:to|through|until|till|and|-|–)"
    weekday = "|".join(name for names in dates.weekday_names() for name in names)
    holiday = "|".join(re.escape(name) for name in sorted(table("times")["holidays"], key=len, reverse=True))
    season = "|".join(table("ask")["seasons"])
    weekday_before = rf"(?:(?:{weekday})\b,?\s+(?:the\s+)?)?"
    one_unit = r"(?P<u>week|month|quarter|year|decade|day|24\s+hours)"
    slashed = _month_day if month_first else _day_month
    raw: tuple[tuple[str, Reader], ...] = (
        (rf"\b(?:the\s+)?week\s+of\s+(?:{m}\s+{d}\s*,?\s*{y}|{d}\s+{m}\s*,?\s*{y})", _week_of),
        (r"\b(?P<y>(?:19|20)\d\d)-(?P<mm>\d\d?)-(?P<d>\d\d?)\b", _exact),
        (r"\b(?P<y>(?:19|20)\d\d)/(?P<mm>\d\d?)/(?P<d>\d\d?)\b", _exact),
        (r"\b(?P<a>\d\d?)[/.](?P<b>\d\d?)[/.](?P<y>(?:19|20)\d\d)\b", slashed),
        (r"\b(?P<a>\d\d?)-(?P<b>\d\d?)-(?P<y>(?:19|20)\d\d)\b", slashed),
        (r"\b(?P<y>(?:19|20)\d\d)[-/](?P<mm>0?[1-9]|1[0-2])\b(?![-/\d])", _month),
        (r"\b(?P<mm>0?[1-9]|1[0-2])[-/](?P<y>(?:19|20)\d\d)\b", _month),
        (rf"\b{weekday_before}{m}\s+(?:the\s+)?{d}\s*,?\s*(?:of\s+)?(?:in\s+)?{y}", _exact),
        (rf"\b{weekday_before}{d}\s+(?:day\s+)?(?:of\s+)?{m}\s*,?\s*(?:of\s+)?{y}", _exact),
        (r"\b(?P<part>early|mid|late|beginning\s+of|end\s+of|middle\s+of)[\s-]+(?P<y>(?:19|20)\d\d)\b", _part_of_year),
        (rf"\b{m}\s*,?\s*(?:of\s+|in\s+)?(?:the\s+year\s+)?{y}", _month),
        (rf"\b{m}(?=\s*(?:,|and|or|&)\s+(?:{month})\b\.?\s+{y})", _month),
        (rf"\b{m}(?=\s+{to}\s+(?:{month})\b)", _month_of_range),
        (rf"\b(?P<season>{season})\s*,?\s*(?:of\s+|in\s+)?{y}", _season),
        (rf"\b(?:last|this|past|previous)\s+(?P<season>{season})\b", _last_season),
        (rf"\b(?P<q>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?P<of>quarter|half)\s+(?:of\s+)?{y}", _quarter),
        (rf"\bq(?P<q>[1-4])\s+(?:of\s+)?{y}", _quarter),
        (rf"\b(?P<h>{holiday})\s*,?\s*(?:of\s+|in\s+)?{y}", _holiday),
        (rf"\b(?P<h>{holiday})(?!\w)", _holiday),
        (r"\b(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", _decade),
        (r"\bthe\s+day\s+before\s+yesterday\b", lambda _, now: _past(now, 2, 2)),
        (r"\b(?:yesterday|last\s+night|last\s+evening)\b", lambda _, now: _past(now, 1, 1)),
        (r"\b(?:tonight|this\s+(?:morning|afternoon|evening)|(?:earlier\s+)?today)\b", lambda _, day: _past(day, 0, 0)),
        (r"\b(?:over\s+)?(?:the|this)\s+(?:past\s+)?weekend\b", _weekend),
        (r"\b(?:last|past)\s+weekend\b", _weekend),
        (rf"\b(?:the\s+)?(?:last|past|previous|preceding|prior|recent|most\s+recent)\s+{number}\s+{unit}\b", _last_n),
        (rf"\b{number}\s+{unit}\s+(?:ago|back|earlier)\b", _ago),
        (rf"\b(?:the\s+)?(?P<which>last|past|this|previous|current|next)\s+(?:calendar\s+)?{one_unit}\b", _calendar),
        (r"\b(?:year\s+to\s+date|so\s+far\s+this\s+year|ytd)\b", lambda _, now: Days(now.replace(month=1, day=1), now)),
        (rf"\b(?:last|this|past)\s+{m}", _last_month_named),
        (rf"\b(?P<which>last|this|past|on)\s+(?P<w>{weekday})\b", _weekday),
        (rf"\b(?:{weekday_before}){m}\s+(?:the\s+)?{d}\b{not_people}", _day_of_month),
        (rf"\b(?:{weekday_before}){d}\s+(?:of\s+)?{m}\b", _day_of_month),
        ("|".join(rf"(?<=\b{word}\s){m}" for word in _BEFORE_MONTH), _month_named),
        (rf"(?<![\d$€£.,])\b(?:the\s+)?(?:(?:calendar\s+)?year\s+)?{y}(?![.,]\d){not_people}", _year),
        (rf"\b{d}(?=\s+{to}\s+[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?{m}(?:\s*,?\s*{y})?)", _day_of_range),
    )
    # fmt: on
    return tuple((re.compile(_numbered(pattern)), read) for pattern, read in raw)


def _numbered(pattern: str) -> str:
    """The pattern with repeated group names numbered: m, m2, m3."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}{seen[match[1]] if seen[match[1]] > 1 else ''}>"

    return re.sub(r"\(\?P<(\w+)>", name, pattern)


def _group(match: re.Match[str], name: str) -> str:
    """The text of the group of this name that matched, "" if none did."""
    found = (value for key, value in match.groupdict().items() if key.rstrip("0123456789") == name and value)
    return next(found, "")


def _month_of(match: re.Match[str]) -> int:
    if number := _group(match, "mm"):
        return int(number)
    said = _group(match, "m").rstrip(".")
    return dates.month_numbers()[said]


def _year_of(match: re.Match[str]) -> int:
    return int(_group(match, "y"))


def _day_span(day: date) -> Days:
    return Days(day, day)


def _months(year: int, first: int, count: int) -> Days:
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Days(date(year, first, 1), dates.last_of_month(end_year, end_month))


def _exact(match: re.Match[str], _today: date) -> Days:
    return _day_span(date(_year_of(match), _month_of(match), int(_group(match, "d"))))


def _day_month(match: re.Match[str], _today: date) -> Days:
    return _day_and_month(match, int(match["a"]), int(match["b"]))


def _month_day(match: re.Match[str], _today: date) -> Days:
    return _day_and_month(match, int(match["b"]), int(match["a"]))


def _day_and_month(match: re.Match[str], day: int, month: int) -> Days:
    """The date, with day and month exchanged if the month is above 12."""
    if month > 12:
        day, month = month, day
    return _day_span(date(int(match["y"]), month, day))


def _month(match: re.Match[str], _today: date) -> Days:
    return _months(_year_of(match), _month_of(match), 1)


def _month_named(match: re.Match[str], today: date) -> Days:
    """A month without a year: the last one that has begun."""
    number = _month_of(match)
    return _months(today.year if number <= today.month else today.year - 1, number, 1)


def _month_of_range(match: re.Match[str], today: date) -> Days:
    return _month_named(match, today)


def _last_month_named(match: re.Match[str], today: date) -> Days:
    number = _month_of(match)
    this = match[0].startswith("this")
    return _months(today.year if this or number < today.month else today.year - 1, number, 1)


def _day_of_month(match: re.Match[str], today: date) -> Days:
    """A day without a year is the last one that has come."""
    number, day = _month_of(match), int(_group(match, "d"))
    this = date(today.year, number, day)
    return _day_span(this if this <= today else date(today.year - 1, number, day))


def _day_of_range(match: re.Match[str], today: date) -> Days:
    """The "3" of "from 3 to 9 May 2015"."""
    if _group(match, "y"):
        return _exact(match, today)
    return _day_of_month(match, today)


def _year(match: re.Match[str], _today: date) -> Days | None:
    year = _year_of(match)
    return Days(date(year, 1, 1), date(year, 12, 31)) if FIRST_YEAR <= year <= LAST_YEAR else None


def _part_of_year(match: re.Match[str], _today: date) -> Days:
    part = match["part"].split()[0]
    first = {"early": 1, "beginning": 1, "mid": 5, "middle": 5}.get(part, 9)
    return _months(_year_of(match), first, 4)


def _season(match: re.Match[str], _today: date) -> Days:
    return _season_of(match["season"], _year_of(match))


def _season_of(name: str, year: int) -> Days:
    """The whole months of a season, as weather services count them; a winter begins in the year given."""
    first, last = table("ask")["seasons"][name]
    return _months(year, first, (last - first) % 12 + 1)


def _last_season(match: re.Match[str], today: date) -> Days:
    days = _season_of(match["season"], today.year)
    if days.since and (days.since > today or (not match[0].startswith("this") and days.until and days.until >= today)):
        return _season_of(match["season"], today.year - 1)
    return days


def _quarter(match: re.Match[str], _today: date) -> Days:
    words = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
    months = 6 if _group(match, "of") == "half" else 3
    said = _group(match, "q")
    number = 12 // months if said == "last" else int(said) if said.isdigit() else words[said]
    return _months(_year_of(match), (number - 1) * months + 1, months)


def _holiday(match: re.Match[str], today: date) -> Days:
    if said := _group(match, "y"):
        return _day_span(dates.holiday(match["h"], int(said)))
    this = dates.holiday(match["h"], today.year)
    return _day_span(this if this <= today else dates.holiday(match["h"], today.year - 1))


def _decade(match: re.Match[str], _today: date) -> Days:
    return Days(date(_year_of(match), 1, 1), date(_year_of(match) + 9, 12, 31))


def _week_of(match: re.Match[str], today: date) -> Days:
    day = _exact(match, today).since
    monday = day - timedelta(days=day.weekday()) if day else today
    return Days(monday, monday + timedelta(days=6))


def _past(today: date, first: int, last: int) -> Days:
    return Days(today - timedelta(days=first), today - timedelta(days=last))


def _weekend(match: re.Match[str], today: date) -> Days:
    """The last weekend that has begun; "last weekend" must be over."""
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if "last" in match[0] and saturday + timedelta(days=1) >= today:
        saturday -= timedelta(days=7)
    return Days(saturday, saturday + timedelta(days=1))


def _amount(said: str) -> int:
    vague = {"a": 1, "an": 1, "few": 3, "several": 3}
    word = said.split(maxsplit=1)[0]
    if word in vague or word == "couple":
        return vague.get(word, 2)
    number = read_number([said])
    return number.value if number else 1


_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


def _before(today: date, count: int, unit: str) -> date:
    """The day a number of units before a day."""
    if unit in _UNIT_DAYS:
        return today - timedelta(days=count * _UNIT_DAYS[unit])
    months = today.year * 12 + today.month - 1 - count * _UNIT_MONTHS[unit]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _last_n(match: re.Match[str], today: date) -> Days:
    """A number of units up to and including today."""
    count, unit = _amount(match["n"]), match["u"].rstrip("s")
    if unit == "hour":
        return Days(today - timedelta(days=-(-count // 24)), today)
    return Days(_before(today, count, unit) + timedelta(days=1), today)


def _ago(match: re.Match[str], today: date) -> Days:
    count, unit = _amount(match["n"]), match["u"].rstrip("s")
    if unit == "hour":
        return Days(today - timedelta(days=-(-count // 24)), today)
    day = _before(today, count, unit)
    if unit == "day":
        return _day_span(day)
    if unit in ("week", "fortnight"):
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    return _months(day.year, day.month, 1) if unit == "month" else Days(date(day.year, 1, 1), date(day.year, 12, 31))


def _calendar(match: re.Match[str], today: date) -> Days:
    """Calendar units: "this week" up to its end, "last week" the one before; "the past week" is seven days."""
    which, unit = match["which"], match["u"]
    if unit.startswith("24"):
        return _past(today, 1, 0)
    if which == "past" and unit != "day":
        return Days(_before(today, 1, unit) + timedelta(days=1), today)
    if unit == "day":
        return _past(today, 1, 0) if which != "this" else _past(today, 0, 0)
    start = _start(today, unit)
    if which in ("this", "current"):
        return Days(start, _last_day(start, unit))
    other = _last_day(start, unit) + timedelta(days=1) if which == "next" else _start(start - timedelta(days=1), unit)
    return Days(other, _last_day(other, unit))


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(year=day.year // 10 * 10 if unit == "decade" else day.year, month=1, day=1)


def _last_day(start: date, unit: str) -> date:
    return _before(start, -1, unit) - timedelta(days=1)


def _weekday(match: re.Match[str], today: date) -> Days:
    """The last such weekday before today."""
    number = dates.weekday_numbers()[match["w"]]
    return _day_span(today - timedelta(days=(today.weekday() - number - 1) % 7 + 1))
