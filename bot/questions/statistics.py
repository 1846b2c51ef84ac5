"""How many incidents were there in a span of time, and is that usual? Sums by bar, and a sentence."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import ChatError
from bot.i18n.translate import joined, number, t, tn
from bot.types import Bounds, Cell, Tally
from extract.types import Frozen

WEEK = 7
# what is usual: the mean of at most MOST_WEEKS before the last seven days; needs LEAST_WEEKS and LEAST_KNOWN incidents
MOST_WEEKS, LEAST_WEEKS, LEAST_KNOWN = 52, 8, 5
# one-sided Poisson test: a number less probable than this is not called chance
SIGNIFICANCE = 0.05
MORE, FEWER = 1.5, 0.67
MONTH_DAYS = 30.44
_SPAN = re.compile(r"(?:last )?(\d{1,4}) ?(d|days?|w|weeks?|m|months?)", re.IGNORECASE)


class Unit(StrEnum):
    """What one bar stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LIMITS = {Unit.DAY: 92, Unit.WEEK: 104, Unit.MONTH: 60}


class Span(Frozen, frozen=True):
    """The last ``number`` days, weeks or months."""

    number: int
    unit: Unit

    @property
    def words(self) -> str:
        """ "last 30 days"."""
        match self.unit:
            case Unit.DAY:
                return tn("last day", "last {n} days", self.number)
            case Unit.WEEK:
                return tn("last week", "last {n} weeks", self.number)
            case Unit.MONTH:
                return tn("last month", "last {n} months", self.number)


class Bin(Frozen, frozen=True):
    """One bar: its first and last day, both included, and the incidents of these days."""

    first: date
    last: date
    tally: Tally


class Usual(Frozen, frozen=True):
    """The number of incidents in the last seven days and before; ``mean`` (a week) is None if too little is known."""

    last: int
    weeks: int
    before: int
    mean: float | None


USUAL_SPAN = Span(30, Unit.DAY)


def read_span(text: str) -> tuple[Span, str]:
    """The span that a text ends with ("Karachi 12w"), and the text before it; ``USUAL_SPAN`` if there is none.

    Raises:
        ChatError: the span is zero or too long.
    """
    words = text.split()
    for count in (1, 2, 3):
        found = _SPAN.fullmatch(" ".join(words[-count:])) if len(words) >= count else None
        if found:
            span = Span(int(found[1]), {"d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH}[found[2][0].casefold()])
            if not 0 < span.number <= LIMITS[span.unit]:
                limits = joined(_length(most, unit) for unit, most in LIMITS.items())
                raise ChatError(t("For how long? At most {limits}, as in: /stats Karachi 12w", limits=limits))
            rest = words[:-count]
            return span, " ".join(rest[:-1] if rest and rest[-1].casefold() == "last" else rest)
    return USUAL_SPAN, text


def edges(span: Span, today: date) -> list[tuple[date, date]]:
    """The first and last day of each bar, oldest first; weeks end today, months are calendar months."""
    if span.unit is Unit.MONTH:
        starts = [_month(today, back) for back in range(span.number - 1, -1, -1)]
        ends = [start - timedelta(days=1) for start in starts[1:]]
        return list(zip(starts, [*ends, today], strict=True))
    long = 1 if span.unit is Unit.DAY else WEEK
    lasts = [today - timedelta(days=long * back) for back in range(span.number - 1, -1, -1)]
    return [(last - timedelta(days=long - 1), last) for last in lasts]


def bins(cells: Sequence[Cell], span: Span, today: date) -> list[Bin]:
    """The bars of a span with the incidents of their days, oldest first."""
    found = edges(span, today)
    starts = [first for first, _ in found]
    inside: list[list[Tally]] = [[] for _ in found]
    for cell in cells:
        if starts[0] <= cell.day <= today:
            inside[bisect_right(starts, cell.day) - 1].append(cell.tally)
    return [Bin(first, last, total(tallies)) for (first, last), tallies in zip(found, inside, strict=True)]


def kinds(cells: Sequence[Cell]) -> list[tuple[str, int]]:
    """The number of incidents of each kind, the largest first."""
    found: Counter[str] = Counter()
    for cell in cells:
        found[cell.kind] += cell.tally.count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def total(tallies: Sequence[Tally]) -> Tally:
    """The sum of all tallies."""
    return Tally(
        count=sum(one.count for one in tallies),
        killed=_sum([one.killed for one in tallies]),
        injured=_sum([one.injured for one in tallies]),
    )


def usual(days: Mapping[date, int], today: date, known_since: date | None) -> Usual:
    """The last seven days and the weekly mean of up to a year before, as far back as anything is known."""
    start = today - timedelta(days=WEEK - 1)
    last = sum(number for day, number in days.items() if start <= day <= today)
    weeks = min(MOST_WEEKS, (start - known_since).days // WEEK) if known_since else 0
    first = start - timedelta(days=WEEK * max(0, weeks))
    before = sum(number for day, number in days.items() if first <= day < start)
    is_enough = weeks >= LEAST_WEEKS and before >= LEAST_KNOWN
    return Usual(last, max(0, weeks), before, before / weeks if is_enough else None)


def unread(found: Sequence[Bin], since: date | None) -> float:
    """The share of the bars' time before ``since``, the day on which reading began; 1 where that is None."""
    if since is None:
        return 1.0
    read = (min(1.0, max(0.0, (since - one.first).days / ((one.last - one.first).days + 1))) for one in found)
    return sum(read) / len(found)


def unread_after(found: Sequence[Bin], until: date | None) -> float:
    """The share of the bars' time after ``until``, the day of the last read; 0 where that is None."""
    if until is None:
        return 0.0
    read = (min(1.0, max(0.0, (one.last - until).days / ((one.last - one.first).days + 1))) for one in found)
    return sum(read) / len(found)


def per_bin(mean: float, unit: Unit) -> float:
    """The mean for one bar, from the mean of a week."""
    return mean * {Unit.DAY: 1 / WEEK, Unit.WEEK: 1.0, Unit.MONTH: MONTH_DAYS / WEEK}[unit]


def describe(found: Usual, where: str) -> str:
    """A sentence that says whether it is more than usual, or that this can't be said."""
    last = t("Last 7 days: {n}", n=found.last)
    if found.mean is None:
        weeks, incidents = _length(found.weeks, Unit.WEEK), tn("{n} incident", "{n} incidents", found.before)
        why = t(
            "What is usual can't be said: only {weeks} and {incidents} before are known.",
            weeks=weeks,
            incidents=incidents,
        )
        return f"{last}. {why}"
    of = t("{mean} a week in the {n} weeks before", mean=number(found.mean, 1), n=found.weeks)
    ratio = found.last / found.mean
    if FEWER <= ratio <= MORE:
        return f"{last}. " + t("That is about as usual for {place} ({of}).", place=where, of=of)
    if _poisson_tail(found.last, found.mean) > SIGNIFICANCE:
        return f"{last}. " + t("Usual for {place} are {of}; so small a difference may be chance.", place=where, of=of)
    if ratio > 1:
        return f"{last}. " + t("That is {times} the usual for {place} ({of}).", times=_times(ratio), place=where, of=of)
    return f"{last}. " + t("That is fewer than usual for {place} ({of}).", place=where, of=of)


def _length(n: int, unit: Unit) -> str:
    match unit:
        case Unit.DAY:
            return tn("{n} day", "{n} days", n)
        case Unit.WEEK:
            return tn("{n} week", "{n} weeks", n)
        case Unit.MONTH:
            return tn("{n} month", "{n} months", n)


def _times(ratio: float) -> str:
    return t("about {n} times", n=round(ratio)) if ratio >= 2.75 else t("{n} times", n=number(ratio, 1))


def _poisson_tail(number: int, mean: float) -> float:
    """The Poisson probability, with this mean, of ``number`` or more (below the mean: or fewer)."""
    upto = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(number + (number < mean)))
    return upto if number < mean else 1 - upto


def _month(today: date, back: int) -> date:
    """The first day of the month ``back`` months ago."""
    at = today.year * 12 + today.month - 1 - back
    return date(at // 12, at % 12 + 1, 1)


def _sum(parts: Sequence[Bounds]) -> Bounds:
    highs = [part.high for part in parts]
    known = [high for high in highs if high is not None]
    return Bounds(
        low=sum(part.low for part in parts),
        high=sum(known) if len(known) == len(highs) else None,
        unknown=sum(part.unknown for part in parts),
    )
