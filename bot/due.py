"""Is a stored moment due, though the wall clock may have been moved since it was stored?

A clock that is set back leaves stored moments further ahead than they were ever meant to be. So each due moment is
compared with more than now: with the longest time that it may be put off by, or with the moment at which it was stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def is_due(at: datetime, now: datetime, longest: timedelta) -> bool:
    """Is a moment that is never put off by more than ``longest`` due? One further ahead is due: the clock was moved."""
    return not now < at <= now + longest


def remaining(since: datetime, until: datetime, now: datetime) -> timedelta:
    """What is left of a wait that began at ``since``; never more than the whole of it, if the clock was set back."""
    return max(timedelta(0), min(until - now, until - since))
