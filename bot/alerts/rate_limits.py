"""How long must the next message wait? Telegram's limits, computed from what was sent in the last minute.

About 30 messages a second in all, one a second into one chat, 20 a minute into a group or channel; edits count too.
Telegram does not publish its limits, and they vary: when it asks to wait for a chat, that wait comes first.
"""

from __future__ import annotations

from collections import deque
from itertools import takewhile

WINDOW_SECONDS = 60.0
# how many commands and taps of one chat are answered within a minute
COMMANDS_A_MINUTE = 30
CHAT_GAP_SECONDS = 1.05


class Limiter:
    """The messages of the last minute, and the chats that must wait. Times are seconds of a monotonic clock."""

    def __init__(self, *, per_second: int, group_per_minute: int) -> None:
        self._per_second = per_second
        self._group_per_minute = group_per_minute
        # in order of time, so that expired ones are all at the left
        self._sent: deque[tuple[float, int]] = deque()
        self._chats: dict[int, deque[float]] = {}
        self._closed: dict[int, float] = {}

    def wait(self, chat: int, now: float) -> float:
        """Seconds until a message may go to this chat; 0: now."""
        self._forget(now)
        waits = [self._wait_of(chat, now)]
        if len(self._sent) >= self._per_second:
            waits.append(self._sent[-self._per_second][0] + 1.0 - now)
        return max(waits)

    def room(self, now: float) -> int:
        """How many messages may go out now, to any chats."""
        self._forget(now)
        return self._per_second - sum(1 for _ in takewhile(lambda one: one[0] > now - 1.0, reversed(self._sent)))

    def room_in(self, now: float) -> float:
        """Seconds until ``room`` is at least one."""
        if self.room(now) > 0:
            return 0.0
        return self._sent[-self._per_second][0] + 1.0 - now

    def note(self, chat: int, now: float) -> None:
        """Record that a message goes to this chat now."""
        self._sent.append((now, chat))
        self._chats.setdefault(chat, deque()).append(now)

    def close(self, chat: int, until: float) -> None:
        """Send nothing to this chat until then."""
        self._closed[chat] = max(until, self._closed.get(chat, 0.0))

    def busy(self, now: float) -> tuple[int, ...]:
        """The chats to which no message may go now, whatever else is sent."""
        self._forget(now)
        lately = {chat for _, chat in takewhile(lambda one: one[0] > now - CHAT_GAP_SECONDS, reversed(self._sent))}
        full = {chat for chat, sent in self._chats.items() if chat < 0 and len(sent) >= self._group_per_minute}
        return tuple(chat for chat in lately | full | set(self._closed) if self._wait_of(chat, now) > 0)

    def _wait_of(self, chat: int, now: float) -> float:
        sent = self._chats.get(chat)
        waits = [0.0, self._closed.get(chat, 0.0) - now]
        if sent:
            waits.append(sent[-1] + CHAT_GAP_SECONDS - now)
            if chat < 0 and len(sent) >= self._group_per_minute:
                waits.append(sent[-self._group_per_minute] + WINDOW_SECONDS - now)
        return max(waits)

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0][0] <= now - WINDOW_SECONDS:
            _, chat = self._sent.popleft()
            self._chats[chat].popleft()
            if not self._chats[chat]:
                del self._chats[chat]
        for chat in [chat for chat, until in self._closed.items() if until <= now]:
            del self._closed[chat]


class CommandLimiter:
    """Counts each chat's commands and taps of the last minute; one over the limit gets a note, then no answer."""

    def __init__(self, most: int = COMMANDS_A_MINUTE) -> None:
        self._most = most
        self._times: dict[int, deque[float]] = {}

    def excess(self, chat: int, now: float) -> int:
        """Record a command of a chat, now in monotonic seconds; returns by how many it is over the limit."""
        for other in [other for other, times in self._times.items() if times[-1] <= now - WINDOW_SECONDS]:
            del self._times[other]
        times = self._times.setdefault(chat, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        times.append(now)
        return max(0, len(times) - self._most)
