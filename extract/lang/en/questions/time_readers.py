"""Which days does a matched expression of time mean? One function for each form.

Each takes the match of a pattern of ``single_times`` and the day on which the question is asked.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from extract.lang.en import dates
from extract.lang.en.lexicon import table
from extract.lang.en.numbers import read_number

FIRST_YEAR, LAST_YEAR = 1900, 2100


class Days(NamedTuple):
    """First and last day; None: no bound."""

    since: date | None
    until: date | None


def group(match: re.Match[str], name: str) -> str:
    """The text of the group of this name that matched, "" if none did."""
    found = (value for key, value in match.groupdict().items() if key.rstrip("0123456789") == name and value)
    return next(found, "")


def month_of(match: re.Match[str]) -> int:
    if number := group(match, "mm"):
        return int(number)
    said = group(match, "m").rstrip(".")
    return dates.month_numbers()[said]


def year_of(match: re.Match[str]) -> int:
    return int(group(match, "y"))


def _day_span(day: date) -> Days:
    return Days(day, day)


def _months(year: int, first: int, count: int) -> Days:
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Days(date(year, first, 1), dates.last_of_month(end_year, end_month))


def exact(match: re.Match[str], _today: date) -> Days:
    return _day_span(date(year_of(match), month_of(match), int(group(match, "d"))))


def day_month(match: re.Match[str], today: date) -> Days:
    """A date in figures, the day first."""
    return _in_figures(match, int(match["a"]), int(match["b"]), today)


def month_day(match: re.Match[str], today: date) -> Days:
    """A date in figures, the month first."""
    return _in_figures(match, int(match["b"]), int(match["a"]), today)


def _in_figures(match: re.Match[str], day: int, month: int, today: date) -> Days:
    """The date; the other order of day and month if this one does not exist or has not come yet.

    Without a year it is the last one that has come.
    """
    said = match.groupdict().get("y")
    ways = [(day, month), (month, day)]
    dates_meant = [made for one in ways if (made := _date(one, said, today)) is not None]
    if not dates_meant:
        raise ValueError(match[0])
    return _day_span(next((one for one in dates_meant if one <= today), dates_meant[0]))


def _date(day_and_month: tuple[int, int], year: str | None, today: date) -> date | None:
    day, month = day_and_month
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this = date(today.year, month, day)
        return this if this <= today else date(today.year - 1, month, day)
    except ValueError:
        return None


def month(match: re.Match[str], _today: date) -> Days:
    return _months(year_of(match), month_of(match), 1)


def days_of_month(match: re.Match[str], today: date) -> Days:
    """Some days of one month: "November 24 to 27"; without a year the last that have come."""
    number, first, last = month_of(match), int(group(match, "d")), int(match["last"])
    year = year_of(match) if group(match, "y") else today.year
    if not group(match, "y") and date(year, number, first) > today:
        year -= 1
    return Days(date(year, number, first), date(year, number, last)) if first <= last else Days(None, None)


def day_alone(match: re.Match[str], today: date) -> Days:
    """The last day of this number: "the 27th"."""
    for back in range(12):
        start = _before(today.replace(day=1), back, "month")
        day = _date((int(match["d"]), start.month), str(start.year), today)
        if day is not None and day <= today:
            return _day_span(day)
    raise ValueError(match[0])


def month_named(match: re.Match[str], today: date) -> Days:
    """A month without a year: the last one that has begun."""
    number = month_of(match)
    return _months(today.year if number <= today.month else today.year - 1, number, 1)


def month_of_range(match: re.Match[str], today: date) -> Days:
    return month_named(match, today)


def last_month_named(match: re.Match[str], today: date) -> Days:
    number = month_of(match)
    this = match[0].startswith("this")
    return _months(today.year if this or number < today.month else today.year - 1, number, 1)


def day_of_month(match: re.Match[str], today: date) -> Days:
    """A day without a year is the last one that has come."""
    number, day = month_of(match), int(group(match, "d"))
    this = date(today.year, number, day)
    return _day_span(this if this <= today else date(today.year - 1, number, day))


def day_of_range(match: re.Match[str], today: date) -> Days:
    """The "3" of "from 3 to 9 May 2015"."""
    if group(match, "y"):
        return exact(match, today)
    return day_of_month(match, today)


def year(match: re.Match[str], _today: date) -> Days | None:
    year = year_of(match)
    return Days(date(year, 1, 1), date(year, 12, 31)) if FIRST_YEAR <= year <= LAST_YEAR else None


def part_of_year(match: re.Match[str], _today: date) -> Days:
    """Early, mid or late in a year: four months each."""
    return _months(year_of(match), _third(match["part"]) * 4 + 1, 4)


def part_of_month(match: re.Match[str], today: date) -> Days:
    """Early, mid or late in a month: ten days each, the last ones to its end."""
    return _third_of(_month_span(match, today), _third(match["part"]))


def part_of_this(match: re.Match[str], today: date) -> Days:
    """Early, mid or late in this or the last week, month or year; "the start of the month" is its first day."""
    unit, which = match["u"], group(match, "which")
    start = _start(today, unit)
    if which == "last":
        start = _start(start - timedelta(days=1), unit)
    whole = Days(start, _last_day(start, unit))
    if unit == "week":
        return Days(
            start + timedelta(days=(0, 2, 4)[_third(match["part"])]),
            start + timedelta(days=(1, 3, 6)[_third(match["part"])]),
        )
    return (
        _months(start.year, _third(match["part"]) * 4 + 1, 4)
        if unit == "year"
        else _third_of(whole, _third(match["part"]))
    )


def _third(said: str) -> int:
    """Which third a word for a part means: 0, 1 or 2."""
    words = said.removeprefix("the ").split()
    return {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1}.get(words[0], 2)


def _third_of(month: Days, third: int) -> Days:
    """Ten days of a month, the last third to its end."""
    first = month.since or date.min
    return Days(
        first + timedelta(days=10 * third), first + timedelta(days=10 * third + 9) if third < 2 else month.until
    )


def weeks_of_month(match: re.Match[str], today: date) -> Days:
    """The first two weeks, the second week, the last half of a month, counted from its first or last day."""
    span = _month_span(match, today)
    first, last = span.since or date.min, span.until or date.max
    said = match["nth"]
    if match["of"] == "half":
        middle = first + timedelta(days=14)
        return Days(first, middle) if _NTH.get(said) == 1 else Days(middle + timedelta(days=1), last)
    count = {"two": 2, "three": 3}.get(match["n"] or "", 1)
    if said == "last":
        return Days(last - timedelta(days=7 * count - 1), last)
    start = first + timedelta(days=7 * (_NTH[said] - 1))
    return Days(start, start + timedelta(days=7 * count - 1))


def _month_span(match: re.Match[str], today: date) -> Days:
    return month(match, today) if group(match, "y") else month_named(match, today)


def season(match: re.Match[str], _today: date) -> Days:
    return _season_of(match["season"], year_of(match))


def _season_of(name: str, year: int) -> Days:
    """The whole months of a season, as weather services count them; a winter begins in the year given."""
    first, last = table("ask")["seasons"][name]
    return _months(year, first, (last - first) % 12 + 1)


def last_season(match: re.Match[str], today: date) -> Days:
    days = _season_of(match["season"], today.year)
    if days.since and (days.since > today or (not match[0].startswith("this") and days.until and days.until >= today)):
        return _season_of(match["season"], today.year - 1)
    return days


_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def quarter(match: re.Match[str], today: date) -> Days:
    """A quarter or half of a year; without a year, the last that has begun."""
    months = 6 if group(match, "of") == "half" else 3
    said = group(match, "nth")
    number = 12 // months if said == "last" else int(said) if said.isdigit() else _NTH[said]
    first = (number - 1) * months + 1
    if first > 12:
        raise ValueError(match[0])
    if group(match, "y"):
        return _months(year_of(match), first, months)
    of = group(match, "year")
    is_last = of == "last" or (not of and first > today.month)
    return _months(today.year - is_last, first, months)


def holiday(match: re.Match[str], today: date) -> Days:
    if said := group(match, "y"):
        return _day_span(dates.holiday(match["h"], int(said)))
    this = dates.holiday(match["h"], today.year)
    return _day_span(this if this <= today else dates.holiday(match["h"], today.year - 1))


def decade(match: re.Match[str], _today: date) -> Days:
    return Days(date(year_of(match), 1, 1), date(year_of(match) + 9, 12, 31))


def week_of(match: re.Match[str], today: date) -> Days:
    day = (exact if group(match, "y") else day_of_month)(match, today).since
    monday = day - timedelta(days=day.weekday()) if day else today
    return Days(monday, monday + timedelta(days=6))


def past(today: date, first: int, last: int) -> Days:
    return Days(today - timedelta(days=first), today - timedelta(days=last))


def weekend(match: re.Match[str], today: date) -> Days:
    """The last weekend that has begun; "last weekend" must be over."""
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if "last" in match[0] and saturday + timedelta(days=1) >= today:
        saturday -= timedelta(days=7)
    return Days(saturday, saturday + timedelta(days=1))


def before_last(match: re.Match[str], today: date) -> Days:
    """The week, month or year before the last one."""
    last = _start(_start(today, match["u"]) - timedelta(days=1), match["u"])
    start = _start(last - timedelta(days=1), match["u"])
    return Days(start, last - timedelta(days=1))


def to_date(match: re.Match[str], today: date) -> Days:
    """This year, month or week up to today."""
    unit = next((one for one in ("week", "month") if match[0].startswith(one)), "year")
    return Days(_start(today, unit), today)


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


def last_n(match: re.Match[str], today: date) -> Days:
    """A number of units up to and including today."""
    count, unit = _amount(match["n"]), match["u"].rstrip("s")
    if unit == "hour":
        return Days(today - timedelta(days=-(-count // 24)), today)
    return Days(_before(today, count, unit) + timedelta(days=1), today)


def ago(match: re.Match[str], today: date) -> Days:
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


def calendar(match: re.Match[str], today: date) -> Days:
    """Calendar units: "this week" up to its end, "last week" the one before; "the past week" is seven days."""
    which, unit = match["which"], match["u"]
    if unit.startswith("24") or unit == "hour":
        return past(today, 1, 0)
    if which == "past" and unit != "day":
        return Days(_before(today, 1, unit) + timedelta(days=1), today)
    if unit == "day":
        return past(today, 1, 0) if which != "this" else past(today, 0, 0)
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


def weekday(match: re.Match[str], today: date) -> Days:
    """The last such day of the week, today included; "last Monday" is before today."""
    number = dates.weekday_numbers()[group(match, "w")]
    back = (today.weekday() - number) % 7
    return _day_span(today - timedelta(days=7 if not back and group(match, "which") in ("last", "past") else back))
