"""What does one date mean as a feed writes it? RFC 822, ISO 8601, seconds since 1970, and what people type.

One date is read alone here; what only its neighbours or the outlet can tell (day or month first, which IST) stays open.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from extract.feeds import zones
from extract.feeds.date_words import date_words, folded, month, weekday, with_phrases_joined
from extract.types import Frozen

# longer ones are no dates
MAX_LENGTH = 120
# the web began in 1990; many systems write 1970 for a missing date
YEARS = range(1990, 2200)
# the years of the Buddhist era (Thailand) that these are
_BUDDHIST = 543
# a second of the day's end that a minute has once in some years
_LEAP_SECOND = 60


class WrittenDate(Frozen, frozen=True, kw_only=True):
    """A date on its writer's clock.

    ``local`` is naive. ``other`` is the same with day and month exchanged, None where that is excluded;
    ``is_month_first`` is the order of figures, None where they don't show it. ``zone`` is a name that
    ``extract.feeds.zones`` knows, ``offset`` what is written in figures; without both the zone is not known.
    """

    local: datetime
    other: datetime | None = None
    is_month_first: bool | None = None
    offset: timedelta | None = None
    zone: str = ""
    day_only: bool = False


class _Time(NamedTuple):
    hour: int
    minute: int
    second: int
    start: int
    end: int


class _Day(NamedTuple):
    year: int
    month: int
    day: int
    start: int
    end: int
    # are day and month in figures, and can they be exchanged?
    is_open: bool = False
    is_month_first: bool | None = None


_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,12})?)? ?(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(
    r"(\d{4})(\d\d)(\d\d)[T ]?(?:(\d\d)(\d\d)(\d\d)?)?(?:[.,]\d{1,12})?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE | re.ASCII
)
_RFC_822 = re.compile(
    r"(?:[a-z]{3,9}, ?)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))?(?: (gmt|utc|ut|z|[+-]\d{4}))?",
    re.IGNORECASE | re.ASCII,
)
# three letters each
_RFC_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})(?=t|$)")
_WEEK = re.compile(r"(\d{4})-?w(\d\d)(?:-?([1-7]))?(?=t|$)")
_EPOCH = re.compile(r"(?:/?Date\()?(\d{9,19})(?:\.\d{1,9})?(?:[+-]\d{4})?(?:\)/?)?", re.ASCII)
# digits of seconds since 1970 -> how many of its unit are one second
_UNITS = {9: 1, 10: 1, 12: 1_000, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}

_COMMENT = re.compile(r"\(([^()]*)\)")
# "8 hours 50 minutes" and "the 30th of month 11" of languages that say the unit
_HOUR_SIGN = re.compile(r"(?<=\d) ?[時时点點시] ?(?=\d)")
_MONTH_SIGN = re.compile(r"(\d{1,2}) thang (\d{1,2}),? (?:nam )?(\d{4})")
_T = re.compile(r"(?<=\d)t(?=\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})(?!\d)日?")
_YEAR_FIRST_KO = re.compile(r"(?<!\d)(\d{4})\D{1,3} (\d{1,2})\D{1,3} (\d{1,2})\D")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?('?\d{2}|\d{4})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)")
_WORD = re.compile(r"[^\s\d,;:()/+|،\-\[\]]+")
_NUMBER = re.compile(r"(?<!\d)'?(\d{4}|\d{1,2})(?!\d)")

_CLOCK = re.compile(r"(?<![\d+])(\d{1,2}) ?: ?(\d{1,2})(?: ?: ?(\d{1,2})(?:[.,]\d+)?)?(?!\d)")
_HOUR_H = re.compile(r"(?<![\d+])(\d{1,2}) ?h(?:rs|s)? ?(\d\d)?(?![\da-z])")
_HOUR_WORD = re.compile(r"(?<![\d+])(\d{1,2})(?:\.(\d\d))? ?(?=(?:am|pm|uhr)\b)")
_DOTTED = re.compile(r"(?<![\d.+])(\d{1,2})\.(\d\d)(?:\.(\d\d)(?:\.\d+)?)?(?![\d.])")
_MILITARY = re.compile(r"(?<![\d+-])([01]\d|2[0-3])([0-5]\d) ?(?=(?:hrs|hours|h|gmt|utc|z)\b)")
_TIMES = (_CLOCK, _HOUR_WORD, _HOUR_H, _MILITARY, _DOTTED)

_OFFSET = re.compile(r"[\s,(\[]*(?:[a-z]{1,5}\b)?[\s(]*([+-]) ?(\d{1,2})(?::? ?(\d\d))?(?!\d)")
_NAMED = re.compile(r"[\s,(\[|]*([^\W\d_]{1,5})\b")
_ZONE_NAME = re.compile(r"\b[a-z]+(?:/[a-z_]+){1,2}\b")
# words between a time and its zone
_UNITS_OF_TIME = frozenset({"hrs", "hours", "h", "uhr", "local", "time"})


@lru_cache(maxsize=4_096)
def read_date(text: str, lang: str = "") -> WrittenDate | None:
    """The date in a text that holds nothing else of value; None if there is none, or one before the web.

    ``lang`` (BCP 47) tells names of months apart that mean two in two languages.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    try:
        found = _iso(text) or _rfc_822(text) or _epoch(text) or _in_words(text, lang)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found.local.year in YEARS else None


def _iso(text: str) -> WrittenDate | None:
    """ISO 8601 with a time, the usual form and that without hyphens."""
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    year, number, day, hour, minute, second, zone = found.groups()
    if hour is None and len(text) > 8:
        return None
    local = _moment(int(year), int(number), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    return WrittenDate(local=local, offset=_offset(zone), day_only=hour is None) if local else None


def _rfc_822(text: str) -> WrittenDate | None:
    """RFC 822 as it should be, with a zone in figures or UTC; all else is read by words."""
    found = _RFC_822.fullmatch(text)
    at = _RFC_MONTHS.find(found[2].lower()) if found else -1
    if found is None or at % 3:
        return None
    day, _, year, hour, minute, second, zone = found.groups()
    local = _moment(int(year), at // 3 + 1, int(day), int(hour), int(minute), int(second or 0))
    return WrittenDate(local=local, offset=_offset(zone)) if local else None


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone[0].isalpha():
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -offset if zone[0] == "-" else offset


def _epoch(text: str) -> WrittenDate | None:
    """Seconds since 1970, or thousandths, millionths and billionths of them."""
    found = _EPOCH.fullmatch(text)
    unit = _UNITS.get(len(found[1])) if found else None
    if found is None or unit is None:
        return None
    moment = datetime.fromtimestamp(int(found[1]) // unit, UTC).replace(tzinfo=None)
    return WrittenDate(local=moment, offset=timedelta())


def _in_words(text: str, lang: str) -> WrittenDate | None:
    """A date with names or figures in any order, with or without a time and a zone."""
    plain = with_phrases_joined(folded(text))
    comments = " ".join(_COMMENT.findall(plain))
    plain = _MONTH_SIGN.sub(r"\1.\2.\3", _HOUR_SIGN.sub(":", plain))
    plain = _T.sub(" ", _ordinal_days_written_out(_COMMENT.sub(" ", plain)))
    zone_name = _zone_name(plain)
    plain = _ZONE_NAME.sub(" ", plain) if zone_name else plain
    day = _named_day(plain, lang) or _numeric_day(plain)
    if day is None:
        return None
    if day.start >= 0:
        plain = plain[: day.start] + " " * (day.end - day.start) + plain[day.end :]
    time = _time(plain)
    offset, zone = (None, "") if time is None else _zone(plain[time.end :], comments)
    return _written(day, time, offset=offset, zone=zone_name or zone, weekday_written=_weekday(plain, lang))


def _written(
    day: _Day, time: _Time | None, *, offset: timedelta | None, zone: str, weekday_written: int | None
) -> WrittenDate | None:
    clock = (time.hour, time.minute, time.second) if time else (0, 0, 0)
    local = _moment(day.year, day.month, day.day, *clock)
    other = _moment(day.year, day.day, day.month, *clock) if day.is_open and day.day <= 12 else None
    order = day.is_month_first
    if local is None:
        return None
    if other is not None and weekday_written is not None and local.date() != other.date():
        fits = [one for one in (local, other) if one.weekday() == weekday_written]
        if len(fits) == 1:
            order = (fits[0] is other) is not bool(order)
            local, other = fits[0], None
    return WrittenDate(
        local=local,
        other=other if other != local else None,
        is_month_first=order,
        offset=offset,
        zone=zone,
        day_only=time is None,
    )


def _moment(year: int, number: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    """The time, also 24:00 and a leap second; None if there is no such time."""
    if not 1 <= number <= 12 or hour > 24 or minute > 59 or second > _LEAP_SECOND:
        return None
    try:
        start = datetime(year, number, day)  # noqa: DTZ001  on the writer's clock, whose zone is told apart
    except ValueError:
        return None
    return start + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


# ------------------------------------------------------------------ the day


def _ordinal_days_written_out(plain: str) -> str:
    """ISO 8601's day of the year ("2026-334") and day of a week ("2026-W49-1") as year, month and day."""
    if found := _ORDINAL.match(plain):
        day = datetime(int(found[1]), 1, 1) + timedelta(int(found[2]) - 1)  # noqa: DTZ001  as above
    elif found := _WEEK.match(plain):
        day = datetime.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
    else:
        return plain
    return f"{day:%Y-%m-%d} {plain[found.end() :].removeprefix('t')}"


def _named_day(plain: str, lang: str) -> _Day | None:
    """The day whose month is a word; the figures nearest to it are day and year."""
    names = [(found, number) for found in _WORD.finditer(plain) if (number := _month_in(found[0], lang)) is not None]
    if len(names) > 1:  # "mar, 24 mar 2026": the first is a Tuesday
        names = [one for one in names if weekday(one[0][0].rstrip("."), lang) is None] or names[-1:]
    if not names:
        return None
    name, number = names[0]
    start, end = name.span()
    figures = [
        found for found in _NUMBER.finditer(_without_times(plain)) if found.end() <= start or found.start() >= end
    ]
    years = [found for found in figures if len(found[1]) == 4 and _year(found[1]) in YEARS]
    days = [found for found in figures if len(found[1]) < 3]
    if not years and len(days) >= 2:  # the year comes after the day
        years = [days[1]]
    days = [found for found in days if found not in years[:1] and 1 <= int(found[1]) <= 31]
    if not years or not days:
        return None
    day = min(days, key=lambda found: min(abs(found.end() - start), abs(found.start() - end)))
    spans = (day.span(), name.span(), years[0].span())
    # a time may be between the parts ("Nov 30 08:50:00 2026"); then they stay where they are
    first, last = min(spans)[0], max(end for _, end in spans)
    is_whole = not any(found.search(plain[first:last]) for found in (_CLOCK, _HOUR_H))
    return _Day(_year(years[0][1]), number, int(day[1]), first if is_whole else -1, last)


def _month_in(word: str, lang: str) -> int | None:
    """The month that a word names, also one with a letter or two joined to it: "de", "30th.November", "nov."."""
    word = word.strip(".")
    found = month(word, lang)
    if found is None and "." in word:
        found = next((number for part in word.split(".") if (number := month(part, lang)) is not None), None)
    return found


def _without_times(plain: str) -> str:
    """The text with blanks for its times of day and the offset after each, so that its figures are day and year."""
    for pattern in (_CLOCK, _HOUR_WORD, _HOUR_H, _MILITARY):
        for found in pattern.finditer(plain):
            offset = _OFFSET.match(plain, found.end())
            end = offset.end() if offset and len(offset[2] + (offset[3] or "")) in (1, 2, 4) else found.end()
            plain = plain[: found.start()] + " " * (end - found.start()) + plain[end:]
    return plain


def _numeric_day(plain: str) -> _Day | None:
    for pattern in (_YEAR_FIRST, _EIGHT, _YEAR_FIRST_KO):
        for found in pattern.finditer(plain):
            if _moment(_year(found[1]), int(found[2]), int(found[3]), 0, 0, 0):
                return _Day(_year(found[1]), int(found[2]), int(found[3]), *found.span())
    for found in _YEAR_LAST.finditer(plain):
        one, two, year = int(found[1]), int(found[3]), _year(found[4].strip("'"))
        if one > 12 and two <= 12:
            return _Day(year, two, one, *found.span(), is_month_first=False)
        if two > 12 and one <= 12:
            return _Day(year, one, two, *found.span(), is_month_first=True)
        if one <= 12 and two <= 12:
            is_open = found[2] != "."  # nobody writes 11.30.2026
            return _Day(year, two, one, *found.span(), is_open=is_open, is_month_first=None if is_open else False)
        if found[4] and len(found[4]) == 2 and one > 31:  # 26-11-30
            return _Day(_year(found[1]), two, int(found[4]), *found.span())
    return None


def _year(digits: str) -> int:
    """A year in full, also of two figures or of the Buddhist era."""
    year = int(digits)
    if len(digits) <= 2:
        return year + (1900 if year >= 90 else 2000)
    return year - _BUDDHIST if 2400 < year < 2700 else year


def _weekday(plain: str, lang: str) -> int | None:
    found = (weekday(word[0].rstrip("."), lang) for word in _WORD.finditer(plain))
    return next((number for number in found if number is not None), None)


# ------------------------------------------------------------------ the time and its zone


def _time(plain: str) -> _Time | None:
    """The time of day in a text whose date was taken out."""
    for pattern in _TIMES:
        for found in pattern.finditer(plain):
            hour, minute, second = (int(found[n]) if n <= pattern.groups and found[n] else 0 for n in (1, 2, 3))
            part, end = _part_of_day(plain, found.start(), found.end())
            if part == "pm" and hour < 12:
                hour += 12
            elif part == "am" and hour == 12:
                hour = 0
            if hour <= 24 and minute <= 59:
                return _Time(hour, minute, second, found.start(), end)
    for word in _WORD.finditer(plain):
        match date_words().parts.get(word[0].rstrip(".")):
            case "noon":
                return _Time(12, 0, 0, *word.span())
            case "midnight":
                return _Time(0, 0, 0, *word.span())
    return None


def _part_of_day(plain: str, start: int, end: int) -> tuple[str, int]:
    """Which half of the day the word after or before a time names, and where both end."""
    after = _WORD.match(plain, end + (plain[end : end + 1] == " "))
    if after and (part := date_words().parts.get(after[0].rstrip("."), "")):
        return part, after.end()
    before = _WORD.search(plain[:start].rstrip().rpartition(" ")[2])
    return (date_words().parts.get(before[0], "") if before else ""), end


def _zone_name(plain: str) -> str:
    """The name of a zone as the IANA database writes it ("asia/karachi")."""
    found = _ZONE_NAME.search(plain) if "/" in plain else None
    name = found[0].removeprefix("etc/") if found else ""
    return name if name and zones.is_zone(name) else ""


def _zone(after: str, comments: str) -> tuple[timedelta | None, str]:
    """The offset, or else the abbreviation, at the beginning of what follows a time; else that of a comment."""
    offset = _OFFSET.match(after) or _OFFSET.match(comments)
    if offset and int(offset[2]) <= 14 and int(offset[3] or 0) < 60:
        found = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return (-found if offset[1] == "-" else found), ""
    word, at = _NAMED.match(after), 0
    while word is not None and word[1] in _UNITS_OF_TIME:
        at = word.end()
        word = _NAMED.match(after, at)
    names = (word[1] if word else "", comments.strip())
    return None, next((name for name in names if name and zones.is_zone(name)), "")
