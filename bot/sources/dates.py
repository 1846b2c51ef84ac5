"""When were the articles of a read published, as far as their source and the time of the read tell?

A document leaves some dates open (``Article.open_date``): day or month first, which "IST", no zone at all. Nothing is
published after it was first seen, and most articles are seen within minutes: so a source's zone is learned from how far
its clock leads ours whenever something new shows up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from babel.core import get_global

from bot.source_facts import publisher_of
from bot.types import Source
from extract.feeds import zones
from extract.feeds.dates import day_in_address
from extract.types import Article, OpenDate

# clocks differ by some minutes; a date further ahead than this is not true, or of another zone
AHEAD = timedelta(minutes=15)
# a day without an hour may be that of a zone ahead of UTC
AHEAD_DAY_ONLY = timedelta(hours=26)
# how many of the last leads of a source's clock are kept; few, so that summer time is noticed
MOST_LEADS = 12
# leads that agree before a zone is believed: one of the outlet's country, or any in the world
LEAST_AT_HOME = 1
LEAST_ANYWHERE = 3
# the share of the leads that agree: of a clock without a zone, and of one whose zone is written and may be wrong
SHARE_OF_LEADS = 0.25
SHARE_AGAINST_LABEL = 0.5
# minutes; the offsets from UTC that are in use (IANA time zone database, 2026)
_HALVES = (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765)
OFFSETS = tuple(sorted({*(60 * hours for hours in range(-12, 15)), *_HALVES}))
_MOST = timedelta(minutes=OFFSETS[-1]) + AHEAD
_LEAST = timedelta(minutes=OFFSETS[0]) - timedelta(hours=1)


def dated(found: Sequence[Article], source: Source, leads: Sequence[int], now: datetime) -> tuple[Article, ...]:
    """A read's articles with their dates settled, in their order. ``leads`` are those that the source had before.

    A date that can't be true becomes None, and a time on a clock whose zone isn't known its day alone. ``open_date``
    stays set where the clock says something about the source's zone (``leads_of``).
    """
    known = publisher_of(source)
    country = source.country or (known.country if known else "")
    country = country or zones.country_of(urlsplit(source.url).hostname or "", "")
    ordered = _in_order(found, country, now)
    ahead = [lead for article in ordered if (lead := _lead(article, now)) and lead > AHEAD.seconds // 60]
    clock = _clock(source, country, (leads, ahead), now)
    return tuple(_settled(article, clock) for article in ordered)


def leads_of(found: Sequence[Article], now: datetime) -> list[int]:
    """By how many minutes the clock of each article leads ours, for those that say; of articles that are just new."""
    return [lead for article in found if (lead := _lead(article, now)) is not None]


def with_leads(leads: Sequence[int], more: Sequence[int]) -> tuple[int, ...]:
    """The latest leads of a source, oldest first."""
    return (*leads, *more)[-MOST_LEADS:]


def offset_by_leads(
    leads: Sequence[int], country: str, now: datetime, *, least: int = LEAST_ANYWHERE, share: float = SHARE_OF_LEADS
) -> timedelta | None:
    """The offset of a source's clock from UTC; None while fewer than ``least`` or a ``share`` of the leads agree.

    Each lead is a lower bound of it, and that of an article that is seen at once is close. So the offset is the highest
    one that enough leads are just below; those above it are of articles dated ahead by mistake.
    """
    home = _offsets_of_country(country, now)
    possible = sorted({0, *home}) if home else OFFSETS
    slack = AHEAD.seconds // 60
    bounds = Counter(next((one for one in possible if one >= lead - slack), None) for lead in leads)
    agreed = [one for one, times in bounds.items() if one is not None and times >= max(least, share * len(leads))]
    return timedelta(minutes=max(agreed)) if agreed else None


# ------------------------------------------------------------------ one article


class _Clock(NamedTuple):
    """What is known of the clock that a source's dates are read from.

    ``learned`` is the offset from UTC of dates without a zone, None where it isn't known. ``label_error``: by how much
    the zone that dates name is wrong, since they are mostly ahead by that.
    """

    source: Source
    country: str
    learned: timedelta | None
    label_error: timedelta
    now: datetime

    def offset(self, local: datetime) -> timedelta | None:
        """The offset from UTC of a date without a zone; None where it isn't known."""
        return self.configured(local) if self.source.zone else self.learned

    def configured(self, local: datetime) -> timedelta | None:
        """The offset of the zone that the configuration gives the source, at a time on its clock."""
        return ZoneInfo(self.source.zone).utcoffset(local.replace(tzinfo=None)) if self.source.zone else None


def _clock(source: Source, country: str, leads: Sequence[Sequence[int]], now: datetime) -> _Clock:
    """The clock by its leads before, else by those of this read."""

    def learned(least: int, share: float) -> timedelta | None:
        found = (offset_by_leads(one, country, now, least=least, share=share) for one in leads)
        return next((offset for offset in found if offset is not None), None)

    error = learned(LEAST_ANYWHERE, SHARE_AGAINST_LABEL) or timedelta()
    offset = learned(LEAST_AT_HOME if country else LEAST_ANYWHERE, SHARE_OF_LEADS)
    return _Clock(source, country, offset, max(error, timedelta()), now)


def _settled(article: Article, clock: _Clock) -> Article:
    now = clock.now
    if article.published is None or article.published_day_only:
        return _without_future_day(article, now)
    open_date = article.open_date or OpenDate(clock=article.published, has_zone=True)
    if open_date.zone:
        published, keep = _by_abbreviation(open_date, clock), None
    elif open_date.has_zone:
        published, keep = open_date.clock - clock.label_error, open_date
    else:
        offset = clock.offset(open_date.clock)
        if offset is None:
            return _day_alone(article, open_date, now)
        published, keep = open_date.clock - offset, open_date
    if published > now + AHEAD:
        return _undated(article, now, keep)
    return msgspec.structs.replace(article, published=min(published, now), open_date=keep)


def _by_abbreviation(open_date: OpenDate, clock: _Clock) -> datetime:
    """The time by an abbreviation of several zones: as the country or the source's zone has it, else the latest of
    those that aren't ahead, since most articles are seen soon.
    """
    local, meanings = open_date.clock, zones.offsets_of(open_date.zone, open_date.clock)
    if clock.country:
        return local - (zones.offset_of(open_date.zone, local, clock.country) or timedelta())
    own = clock.configured(local)
    if own is not None and own in meanings:
        return local - own
    times = [local - offset for offset in meanings]
    return max((one for one in times if one <= clock.now + AHEAD), default=min(times))


def _day_alone(article: Article, open_date: OpenDate, now: datetime) -> Article:
    """The article with its day, since its zone isn't known: that is the writer's "today"."""
    day = open_date.clock.replace(hour=0, minute=0, second=0, microsecond=0)
    alone = msgspec.structs.replace(article, published=day, published_day_only=True, open_date=open_date)
    return _without_future_day(alone, now)


def _without_future_day(article: Article, now: datetime) -> Article:
    keep = None if article.open_date is None or article.open_date.has_zone else article.open_date
    if article.published is not None and article.published > now + AHEAD_DAY_ONLY:
        return _undated(article, now, keep)
    return msgspec.structs.replace(article, open_date=keep)


def _undated(article: Article, now: datetime, keep: OpenDate | None) -> Article:
    """The article without its date, which is ahead; the day that its address names counts instead."""
    day = day_in_address(article.url)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    if start is not None and start > now + AHEAD_DAY_ONLY:
        start = None
    return msgspec.structs.replace(article, published=start, published_day_only=start is not None, open_date=keep)


# ------------------------------------------------------------------ what all articles show


def _in_order(found: Sequence[Article], country: str, now: datetime) -> Sequence[Article]:
    """The articles with the month before the day if that is likelier than the day before the month: it dates fewer of
    them ahead, it is the habit of the country, or it brings the newest closer to the read.
    """
    both = [one.open_date for one in found if one.open_date is not None and one.open_date.other is not None]
    if not both:
        return found
    habit = zones.is_month_first(country)
    day_first = _doubt([one.clock for one in both], now, is_unusual=habit is True)
    month_first = _doubt([one.other or one.clock for one in both], now, is_unusual=habit is False)
    return [_exchanged(article) for article in found] if month_first < day_first else found


def _doubt(times: Sequence[datetime], now: datetime, *, is_unusual: bool) -> tuple[int, bool, timedelta]:
    past = [one for one in times if one <= now + AHEAD_DAY_ONLY]
    return len(times) - len(past), is_unusual, now - max(past, default=now)


def _exchanged(article: Article) -> Article:
    open_date = article.open_date
    if open_date is None or open_date.other is None:
        return article
    other = msgspec.structs.replace(open_date, clock=open_date.other, other=None)
    return msgspec.structs.replace(article, published=other.clock, open_date=other)


def _lead(article: Article, now: datetime) -> int | None:
    """By how many minutes the clock of an article leads ours; None where it doesn't say, or by more than any zone's."""
    open_date = article.open_date
    if open_date is not None:
        clock = None if open_date.zone or (open_date.has_zone and article.published_day_only) else open_date.clock
    else:
        clock = None if article.published_day_only else article.published
    if clock is None or not _LEAST <= clock - now <= _MOST:
        return None
    return round((clock - now) / timedelta(minutes=1))


def _offsets_of_country(country: str, now: datetime) -> set[int]:
    """The offsets in minutes that clocks in a country have at a time; none where the country isn't known."""
    names = get_global("territory_zones").get(country, ())
    offsets = (now.astimezone(ZoneInfo(name)).utcoffset() for name in names)
    return {round(offset / timedelta(minutes=1)) for offset in offsets if offset is not None}
