"""How long to wait before the next message: Telegram's limits as a pure account of what was sent.

About 30 messages a second in all, one a second into one chat, 20 a minute into a group or channel; edits count too.
Telegram's own limits aren't published and vary: a chat that was told to wait is left alone, whatever this says.
"""

from __future__ import annotations

from collections import deque
from itertools import takewhile

WINDOW = 60.0
# how many commands and taps of one chat are answered in a minute
MOST_ASKED = 30
CHAT_GAP = 1.05


class Limiter:
    """What went out in the last minute. Times are seconds of a monotonic clock."""

    def __init__(self, *, per_second: int, group_per_minute: int) -> None:
        self._per_second = per_second
        self._group_per_minute = group_per_minute
        # every message of the last minute in order, so that forgetting is one look at the oldest
        self._sent: deque[tuple[float, int]] = deque()
        self._chats: dict[int, deque[float]] = {}
        self._closed: dict[int, float] = {}

    def wait(self, chat: int, now: float) -> float:
        """Seconds until a message may go to this chat; 0 is at once."""
        self._forget(now)
        waits = [self._wait_of(chat, now)]
        if len(self._sent) >= self._per_second:
            waits.append(self._sent[-self._per_second][0] + 1.0 - now)
        return max(waits)

    def room(self, now: float) -> int:
        """How many messages may go out at this moment, to whomever."""
        self._forget(now)
        return self._per_second - sum(1 for _ in takewhile(lambda one: one[0] > now - 1.0, reversed(self._sent)))

    def room_in(self, now: float) -> float:
        """Seconds until there is room for one more message."""
        if self.room(now) > 0:
            return 0.0
        return self._sent[-self._per_second][0] + 1.0 - now

    def note(self, chat: int, now: float) -> None:
        """A message goes to this chat."""
        self._sent.append((now, chat))
        self._chats.setdefault(chat, deque()).append(now)

    def close(self, chat: int, until: float) -> None:
        """Leave this chat alone until then."""
        self._closed[chat] = max(until, self._closed.get(chat, 0.0))

    def busy(self, now: float) -> tuple[int, ...]:
        """The chats that must wait, whatever the others do."""
        self._forget(now)
        lately = {chat for _, chat in takewhile(lambda one: one[0] > now - CHAT_GAP, reversed(self._sent))}
        full = {chat for chat, sent in self._chats.items() if chat < 0 and len(sent) >= self._group_per_minute}
        return tuple(chat for chat in lately | full | set(self._closed) if self._wait_of(chat, now) > 0)

    def _wait_of(self, chat: int, now: float) -> float:
        sent = self._chats.get(chat)
        waits = [0.0, self._closed.get(chat, 0.0) - now]
        if sent:
            waits.append(sent[-1] + CHAT_GAP - now)
            if chat < 0 and len(sent) >= self._group_per_minute:
                waits.append(sent[-self._group_per_minute] + WINDOW - now)
        return max(waits)

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0][0] <= now - WINDOW:
            _, chat = self._sent.popleft()
            self._chats[chat].popleft()
            if not self._chats[chat]:
                del self._chats[chat]
        for chat in [chat for chat, until in self._closed.items() if until <= now]:
            del self._closed[chat]


class Patience:
    """How often each chat asked in the last minute: more than anybody needs is answered once, then not at all."""

    def __init__(self, most: int = MOST_ASKED) -> None:
        self._most = most
        self._asked: dict[int, deque[float]] = {}

    def asked(self, chat: int, now: float) -> int:
        """A chat asks at a time (monotonic seconds): by how much that is too often. 0 is not, 1 the first time."""
        for other in [other for other, times in self._asked.items() if times[-1] <= now - WINDOW]:
            del self._asked[other]
        times = self._asked.setdefault(chat, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        times.append(now)
        return max(0, len(times) - self._most)
