"""When were the articles of one document published, as far as the document and the outlet's country tell?

The dates of one document are written in one way: where one of them shows whether the day or the month comes first, that
holds for all. What stays open is said in ``Article.open_date``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from extract.feeds import zones
from extract.feeds.written_date import YEARS, WrittenDate, read_date
from extract.types import Article, OpenDate

# a day in the path of a page's address: /2026/11/30/, /2026-11-30-, /20261130/
_IN_PATH = re.compile(r"/((?:19|20)\d\d)([-/]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?=[-/_.]|$)")


def first_date(texts: Sequence[str | None], lang: str) -> WrittenDate | None:
    """The first of several texts that is a date."""
    found = (read_date(text, lang) for text in texts if text)
    return next((one for one in found if one is not None), None)


def moment(text: str) -> datetime | None:
    """The time in a text, aware UTC; UTC is also the zone of one without any. None if it is no date."""
    written = read_date(text)
    return _in_utc(written, "") if written else None


def with_dates(articles: Sequence[Article], written: Sequence[WrittenDate | None], *, host: str) -> tuple[Article, ...]:
    """Articles with their dates: what is written in each one's place, else the day that its address names.

    ``host`` is the outlet's, and may tell its country.
    """
    country = zones.country_of(host, next((article.lang for article in articles if article.lang), ""))
    month_first, is_shown = _is_month_first([one for one in written if one is not None], country)
    return tuple(
        _dated(article, one, country, month_first=month_first, is_shown=is_shown)
        for article, one in zip(articles, written, strict=True)
    )


def day_in_address(url: str) -> date | None:
    """The day that the path of a page's address names, as that of its publication."""
    found = _IN_PATH.search(url.partition("?")[0].partition("#")[0])
    if found is None or (not found[2] and len(found[3] + found[4]) != 4):
        return None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _dated(
    article: Article, written: WrittenDate | None, country: str, *, month_first: bool, is_shown: bool
) -> Article:
    if written is None:
        day = day_in_address(article.url)
        if day is None:
            return article
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return msgspec.structs.replace(article, published=start, published_day_only=True)
    if written.other is not None:
        one, other = (written.other, written.local) if month_first else (written.local, written.other)
        written = msgspec.structs.replace(written, local=one, other=None if is_shown else other)
    published = _in_utc(written, country)
    return msgspec.structs.replace(
        article, published=published, published_day_only=written.day_only, open_date=_open_date(written, country)
    )


def _in_utc(written: WrittenDate, country: str) -> datetime:
    return written.local.replace(tzinfo=UTC) - _shift(written, country)


def _shift(written: WrittenDate, country: str) -> timedelta:
    """How far the writer's clock is ahead of UTC; zero where that isn't known, or only the day is."""
    if written.day_only:
        return timedelta()
    if written.offset is not None or not written.zone:
        return written.offset or timedelta()
    return zones.offset_of(written.zone, written.local, country) or timedelta()


def _open_date(written: WrittenDate, country: str) -> OpenDate | None:
    """What is open: the order of day and month, the zone, or which zone an abbreviation means."""
    is_ambiguous = written.offset is None and not country and zones.is_ambiguous(written.zone)
    has_zone = written.offset is not None or bool(written.zone) or written.day_only
    if has_zone and not is_ambiguous and written.other is None:
        return None
    shift = timedelta() if is_ambiguous else _shift(written, country)
    return OpenDate(
        clock=written.local.replace(tzinfo=UTC) - shift,
        other=written.other.replace(tzinfo=UTC) - shift if written.other else None,
        has_zone=has_zone,
        zone=written.zone if is_ambiguous else "",
    )


def _is_month_first(written: Sequence[WrittenDate], country: str) -> tuple[bool, bool]:
    """Is the month written before the day, and does the document or the country show it?

    Shown by a number over twelve or a weekday; else by the order that puts the dates of the document close together,
    since a document holds the news of days, not of a year; else by the country's habit.
    """
    both = [one for one in written if one.other is not None]
    if not both:
        return False, True
    shown = [one.is_month_first for one in written if one.is_month_first is not None]
    if shown:
        return sum(shown) * 2 > len(shown), True
    day_first, month_first = (_span([one.local for one in both]), _span([one.other or one.local for one in both]))
    if day_first != month_first:
        return month_first < day_first, True
    habit = zones.is_month_first(country)
    return bool(habit), habit is not None


def _span(moments: Sequence[datetime]) -> timedelta:
    return max(moments) - min(moments)
