"""Is a stored moment due, though the wall clock may have been moved since it was stored?

A clock that is set back leaves stored moments further ahead than they were ever meant to be: nothing would be read or
sent until the clock has caught up. So each of them is compared with more than now.

| moment | when the clock was set back |
| --- | --- |
| sources.next_check | due if last_check is later than now, or by the monotonic clock of the process |
| alerts.not_before | due if made later than now and not tried, or further ahead than a retry is ever put off |
| chats.not_before | over if waits_since is later than now; the limiter keeps it by the monotonic clock |
| the hold of a bot | never longer than the whole of it (``remaining``); the limiter keeps it likewise |
| leases.until | a standby watches by its monotonic clock whether the lease is renewed |
| preferences.next_round | planned again as soon as the move is noticed (``ClockWatch``), and at the start |
| alerts.made, for the limit a day | those made later than now don't count |
| marks: heartbeat | one from the future is no sign of life |
| marks: a country does not answer | counted from now |
| jobs of the scheduler | run at once |
| closing and deleting what is old | not for ten minutes after the move, whichever way it was |
| mutes.until, subscriptions.ends | as the clock says: a person named the day or the hour |
| updates, questions, problems, deliveries | kept and listed by the clock; nothing waits for them |

When the clock was set forward, or the machine was suspended, what is waited for is due at once, and done once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# clocks that are slewed differ by less than this in a second
MOVED_SECONDS = 5.0


def remaining(since: datetime, until: datetime, now: datetime) -> timedelta:
    """What is left of a wait that began at ``since``; never more than the whole of it, if the clock was set back."""
    return max(timedelta(0), min(until - now, until - since))


class ClockWatch:
    """Notices that the wall clock was moved, or the machine suspended, by a monotonic clock in seconds."""

    def __init__(
        self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._ticks = ticks
        self._offset = self._difference()
        self._moved_at = -math.inf
        self.moves = 0

    def look(self) -> bool:
        """Was the clock moved since the last look?"""
        before, self._offset = self._offset, self._difference()
        if abs(self._offset - before) < MOVED_SECONDS:
            return False
        self._moved_at = self._ticks()
        self.moves += 1
        return True

    def steady_for(self) -> float:
        """Seconds since the clock was seen to be moved; infinite if it never was."""
        self.look()
        return self._ticks() - self._moved_at

    def _difference(self) -> float:
        return self._clock().timestamp() - self._ticks()
