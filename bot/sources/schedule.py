"""When is a source read next? Sooner if it had news, later if it had none, later still if the read failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from extract.types import Frozen

# factors of the wished interval for a source with news, and for one without news for long
SOONER = 0.5
LATER = 2.0
# a source whose newest article is older than this is read less often
INACTIVE = timedelta(days=2)
# limits of the back-off: for the first failures 8 intervals or 30 s, whichever is longer; later 6 h
FIRST_FAILURES = 5
BACK_OFF = 8
BACK_OFF_SECONDS = 30.0
LONGEST_SECONDS = 6 * 3600.0
# reads are spread over this part of the interval, so that sources are not all read at the same moment
SPREAD = 0.1


class Pace(Frozen, frozen=True, kw_only=True):
    """How often a source is read: the wished interval and the shortest allowed one, in seconds.

    ``is_exact``: the wished interval is always kept; the host is one of ``[fetch] allow_hosts``.
    """

    every: float
    floor: float
    is_exact: bool = False

    @property
    def interval(self) -> float:
        """The wished interval, but at least ``floor``."""
        return self.every if self.is_exact else max(self.every, self.floor)


def after_success(
    now: datetime, pace: Pace, *, jitter: float, came: int = 0, newest: datetime | None = None, ttl: float | None = None
) -> datetime:
    """When to read again after a read that succeeded.

    ``came`` is how many articles were new, ``newest`` the date of the latest one, ``ttl`` how many seconds the feed
    or its server asks to wait, ``jitter`` is random from 0 to 1.
    """
    if pace.is_exact:
        return now + timedelta(seconds=pace.every)
    if came:
        factor = SOONER
    elif newest is not None and now - newest > INACTIVE:
        factor = LATER
    else:
        factor = 1.0
    seconds = max(pace.interval * factor, min(ttl or 0.0, pace.interval * LATER))
    return now + timedelta(seconds=max(pace.floor, seconds * (1 + SPREAD * (jitter - 0.5))))


def after_failure(
    now: datetime, pace: Pace, *, failures: int, jitter: float, retry_after: float | None = None
) -> datetime:
    """When to read again after ``failures`` failures in a row, this one included.

    The interval doubles with each failure, up to eight intervals or 30 s for the first five and up to 6 h later.
    ``retry_after``, the seconds that the server asks to wait, is kept within the same limits.
    """
    bound = max(BACK_OFF * pace.interval, BACK_OFF_SECONDS)
    if failures > FIRST_FAILURES:
        bound = max(bound, LONGEST_SECONDS)
    seconds = pace.interval * 2.0 ** min(failures - 1, 20) * (1 - SPREAD * jitter)
    return now + timedelta(seconds=min(bound, max(seconds, retry_after or 0.0)))
