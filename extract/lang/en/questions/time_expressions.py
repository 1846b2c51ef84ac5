"""Which days does a question mention: "on 3 May 2015", "since March", "the last two weeks", "between 2013 and 2015"?"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from extract.lang.en import dates
from extract.lang.en.questions.single_times import Found, NoSuchDayError, single_times
from extract.lang.en.questions.time_readers import Days
from extract.query import Period

__all__ = ["NoSuchDayError", "find"]


def find(text: str, today: date, *, month_first: bool = False) -> list[tuple[int, int, Period]]:
    """Start, end and period of each time in a question, in order. ``month_first``: 5/3/2015 is the third of May.

    Raises:
        NoSuchDayError: a date does not exist ("30 February").
    """
    times = single_times(text.lower(), today, month_first)
    out: list[tuple[int, int, Period]] = []
    for found in _ranges_and_bounds(text.lower(), times, today):
        said = text[found.start : found.end].strip(" ,")
        out.append((found.start, found.end, Period(since=found.days.since, until=found.days.until, words=said)))
    return out


# ------------------------------------------------------------------ ranges and bounds: between, from ... to, since


def _ranges_and_bounds(text: str, times: list[Found], today: date) -> list[Found]:
    """The times with their ranges and bounds; one directly beside another that overlaps it narrows that one."""
    out: list[Found] = []
    at = 0
    times = _days_of_weeks(text, times)
    while at < len(times):
        one = times[at]
        two = times[at + 1] if at + 1 < len(times) else None
        before = text[: one.start]
        ranged = _range(text, before, one, two) if two is not None else None
        at += 2 if ranged else 1
        found = ranged or _bounded(text, before, one, today)
        narrowed = _narrowed(text, out[-1], found) if out else None
        out[len(out) - (narrowed is not None) :] = [narrowed or found]
    return out


def _days_of_weeks(text: str, times: list[Found]) -> list[Found]:
    """The times, with "Friday last week" and "last week on Friday" as one day."""
    out: list[Found] = []
    for one in times:
        day = _day_of_week(out[-1], one) if out and _BESIDE.fullmatch(text[out[-1].end : one.start]) else None
        out[len(out) - (day is not None) :] = [day or one]
    return out


def _day_of_week(one: Found, two: Found) -> Found | None:
    """The day that has the weekday of one of the two and lies in the week that the other means."""
    for day, week in ((one.days, two.days), (two.days, one.days)):
        if day.since and day.since == day.until and week.since and week.until == week.since + timedelta(days=6):
            meant = week.since + timedelta(days=(day.since.weekday() - week.since.weekday()) % 7)
            return Found(one.start, two.end, Days(meant, meant))
    return None


def _narrowed(text: str, one: Found, two: Found) -> Found | None:
    """The days that two times without "and" between them have in common: "until Wednesday this month"."""
    if not _BESIDE.fullmatch(text[one.end : two.start]):
        return None
    since = max((d for d in (one.days.since, two.days.since) if d), default=None)
    until = min((d for d in (one.days.until, two.days.until) if d), default=None)
    if since and until and since > until:
        return None
    return Found(one.start, two.end, Days(since, until))


def _range(text: str, before: str, one: Found, two: Found) -> Found | None:
    between = text[one.end : two.start]
    opens = _OPENS.search(before)
    joins = _TO.fullmatch(between) or (_AND.fullmatch(between) if opens and "between" in opens[0] else None)
    if not joins or one.days.since is None or two.days.until is None:
        return None
    start = opens.start() if opens else _start_with_preposition(before, one.start)
    since, until = one.days.since, two.days.until
    if since > until and _RELATIVE.search(text, one.start, two.end):
        return None  # "between this week and last week"
    if since > until and one.days.since == one.days.until and since - until < timedelta(days=7):
        since -= timedelta(days=7)  # "from Sunday to Wednesday"
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
            if pattern is _SINCE and one.days.since == today and _WEEKDAY.match(text, one.start):
                one = one._replace(days=Days(today - timedelta(days=7), today - timedelta(days=7)))
            return Found(found.start(), _end_with_onwards(text, one.end), bound(one.days, today))
    return Found(_start_with_preposition(before, one.start), _end_with_onwards(text, one.end), one.days)


def _start_with_preposition(before: str, start: int) -> int:
    found = _LEAD.search(before)
    return found.start() if found else start


def _end_with_onwards(text: str, end: int) -> int:
    found = _TAIL.match(text, end)
    return found.end() if found else end


_END = r"(?:the\s+(?:year|month|day|end|start|beginning|evening|morning|night|period)\s+(?:of\s+)?|the\s+)?\Z"
_RELATIVE = re.compile(r"\b(?:this|last|past|today|yesterday)\b")
# between two times that are one
_BESIDE = re.compile(r"\s*,?\s*(?:(?:of|in|on|during)\s+)?(?:the\s+)?")
_OPENS = re.compile(rf"\b(?:between|from|in\s+between|starting(?:\s+(?:from|in|on))?|since)\s+{_END}")
_TO = re.compile(r"\s*,?\s*(?:to|until|till|through|thru|up\s+to|-|–|—)\s*(?:the\s+(?:end\s+of\s+)?)?\s*")
_AND = re.compile(r"\s*,?\s*and\s+(?:the\s+)?")
_LEAD = re.compile(
    rf"\b(?:(?:sometime\s+)?(?:in|on|during|within|over|for|of|at|throughout|through|around|as\s+of|dated|from|between)\s+"
    rf"(?:the\s+course\s+of\s+)?)?{_END}"
)
_TAIL = re.compile(r"\s*,?\s*(?:onwards?|so\s+far)\b")
_WEEKDAY = re.compile("|".join(name for names in dates.weekday_names() for name in names))
_SINCE = re.compile(
    rf"\b(?:ever\s+since|since|starting(?:\s+(?:from|in|on))?|as\s+from|beginning(?:\s+(?:in|on))?)\s+{_END}"
)
_BOUNDS: tuple[tuple[re.Pattern[str], Callable[[Days, date], Days]], ...] = (
    (
        _SINCE,
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
