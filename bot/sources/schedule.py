"""When do we look again? Sooner where there is news, later where there is none, later still where it fails."""

from __future__ import annotations

from datetime import datetime, timedelta

from extract.types import Frozen

# how far from the wished interval the next look may lie
SOONER = 0.5
LATER = 2.0
# a source whose newest article is older than this is read less often
QUIET = timedelta(days=2)
# the first failures back off to this many intervals at most, or to so many seconds, whichever is longer
FIRST_FAILURES = 5
BACK_OFF = 8
BACK_OFF_SECONDS = 30.0
LONGEST_SECONDS = 6 * 3600.0
# looks are spread over so large a part of the interval, so that sources don't march in step
SPREAD = 0.1


class Pace(Frozen, frozen=True, kw_only=True):
    """How often a source is read: the wished interval and the floor, in seconds.

    ``is_exact``: the interval is kept as it is; the host is one of our own.
    """

    every: float
    floor: float
    is_exact: bool = False

    @property
    def interval(self) -> float:
        """The wished interval, not under the floor."""
        return self.every if self.is_exact else max(self.every, self.floor)


def after_success(
    now: datetime, pace: Pace, *, jitter: float, came: int = 0, newest: datetime | None = None, ttl: float | None = None
) -> datetime:
    """When to look again after a read that worked.

    ``came`` is how many articles were new, ``newest`` the date of the latest one, ``ttl`` how many seconds the
    feed asks to be left alone, ``jitter`` random from 0 to 1.
    """
    if pace.is_exact:
        return now + timedelta(seconds=pace.every)
    if came:
        factor = SOONER
    elif newest is not None and now - newest > QUIET:
        factor = LATER
    else:
        factor = 1.0
    seconds = max(pace.interval * factor, min(ttl or 0.0, pace.interval * LATER))
    return now + timedelta(seconds=max(pace.floor, seconds * (1 + SPREAD * (jitter - 0.5))))


def after_failure(
    now: datetime, pace: Pace, *, failures: int, jitter: float, retry_after: float | None = None
) -> datetime:
    """When to look again after ``failures`` failures in a row, this one included.

    The interval doubles with each, and no longer than eight intervals or 30 s for the first five; what the server
    asks for is kept within the same bounds.
    """
    bound = max(BACK_OFF * pace.interval, BACK_OFF_SECONDS)
    if failures > FIRST_FAILURES:
        bound = max(bound, LONGEST_SECONDS)
    seconds = pace.interval * 2.0 ** min(failures - 1, 20) * (1 - SPREAD * jitter)
    return now + timedelta(seconds=min(bound, max(seconds, retry_after or 0.0)))
