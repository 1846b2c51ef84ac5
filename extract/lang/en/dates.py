"""Which months, weekdays and holidays does English name, and on which days do they fall?

The names and rules are in ``data/times.toml``. The date grammars of articles and of questions share them.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from extract.lang.en.lexicon import table

# "3/5/2026", "03-05-2026", "3.5.26": day and month in an order that depends on the country
DATE_IN_FIGURES = (
    r"(?<![\d/.-])(?P<one>3[01]|[12]\d|0?[1-9])(?P<gap>[/.-])(?P<two>3[01]|[12]\d|0?[1-9])(?P=gap)"
    r"(?P<year>20\d\d|(?<![.])\d\d)(?![\d/-])"
)


@cache
def month_names() -> tuple[tuple[str, ...], ...]:
    """The names of each month, January first; the full name comes before its short forms."""
    return _names("months")


@cache
def weekday_names() -> tuple[tuple[str, ...], ...]:
    """The names of each day of the week, Monday first; the full name comes before its short forms."""
    return _names("weekdays")


@cache
def month_numbers() -> dict[str, int]:
    """Name of a month -> its number from 1."""
    return {name: number for number, names in enumerate(month_names(), 1) for name in names}


@cache
def weekday_numbers() -> dict[str, int]:
    """Name of a day of the week -> its number, Monday 0."""
    return {name: number for number, names in enumerate(weekday_names()) for name in names}


def holiday(name: str, year: int) -> date:
    """The day of a holiday of ``data/times.toml`` (lower case) in a year.

    Its rule is month and day, or month, day of the week (Monday 0) and which of them (-1 the last).
    """
    rule: list[int] = table("times")["holidays"][name]
    if len(rule) == 2:
        return date(year, *rule)
    month, weekday, nth = rule
    if nth < 0:
        last = last_of_month(year, month)
        return last - timedelta((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _names(section: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names.split("|")) for names in table("times")[section]["names"])
