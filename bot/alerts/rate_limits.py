"""When may the next request to Telegram start? So late that the server never counts more than its limits allow.

About 30 messages a second in all, one a second into one chat, 20 a minute into a group or channel; edits count too. The
server counts when a request arrives, at some moment between its start and its answer here. So a request takes up room
from its start until a second (a minute) after its answer: whenever the requests in any second of the server arrive,
all but the last of them took up room when the last one started. This holds for every delay of the network.

Telegram does not publish its limits, and they vary: when it asks to wait, that wait comes first. If a chat's own
limits explain the answer 429, that chat waits; else nothing is started until the time is over, then one request at a
time until one succeeds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from itertools import takewhile

PER_SECOND = 30
GROUP_PER_MINUTE = 20
SECOND = 1.0
WINDOW_SECONDS = 60.0
# requests are spread evenly: at most this many times as fast as the limit allows on average
EVENLY = 1.3
# requests that have no answer after this time no longer keep others from starting, though they still count
SLOW_SECONDS = 3.0
# after this time without an answer, and at first, requests start one at a time until one succeeds
IDLE_SECONDS = 10.0
# the least time to wait after the first, second, third ... refusal of a request that started after the wait
LEAST_HOLDS = (0.0, 30.0, 60.0)
# a chat whose request began the wait of all is left alone for longer, so that another chat is tried first
ASIDE_SECONDS = 2.0
# how many commands and taps of one chat are answered within a minute
COMMANDS_A_MINUTE = 30


@dataclass(frozen=True)
class Request:
    """A request that started at a monotonic time; ``chat`` None: it is no message and counts for no limit."""

    number: int
    chat: int | None
    started: float


class Limiter:
    """The requests of the last minute of one bot, and who must wait. Times are seconds of a monotonic clock.

    ``since`` is the start of the process: what an earlier one sent in the second before it is unknown.
    """

    def __init__(
        self, *, per_second: int = PER_SECOND, group_per_minute: int = GROUP_PER_MINUTE, since: float = -math.inf
    ) -> None:
        self._per_second = per_second
        self._group_per_minute = group_per_minute
        self._numbers = 0
        self._next_start = since + SECOND
        self._last_answer = -math.inf
        self._under_way: dict[int, Request] = {}
        # when each message was answered, in order of time, so that old ones are at the left
        self._answered: deque[tuple[float, int]] = deque()
        self._chats: dict[int, deque[float]] = {}
        self._closed: dict[int, float] = {}
        # how many requests may be under way: grows with each success
        self._at_once = 1
        self._refusals = 0
        self._held_since = -math.inf
        self._held_until = -math.inf
        self._refuses_messages = True
        # chats whose refusal was taken for one of the whole bot, and when
        self._suspects: dict[int, float] = {}
        self._last_success = -math.inf

    def held(self, now: float) -> float:
        """Seconds until the bot may start requests again after a refusal; 0: it may."""
        return max(0.0, self._held_until - now)

    def wait(self, chat: int | None, now: float) -> float:
        """Seconds until a request may start; infinite: not before another one ends. 0: now.

        ``chat`` None: it is no message.
        """
        self._forget(now)
        if chat is None:
            return math.inf if self._refusals and self._under_way else self.held(now)
        own = self.wait_of(chat, now)
        return max(self.held(now), own, self._next_start - now, self._wait_for_turn(now), self._wait_of_all(now))

    def postponed(self, chat: int, now: float) -> float:
        """Seconds that a message must wait at least, whatever the requests under way come to."""
        own = self.wait_of(chat, now)
        return max(self.held(now), own if own < math.inf else 0.0)

    def wait_of(self, chat: int, now: float) -> float:
        """Seconds that a chat's own limits make its next message wait; infinite: until the one under way ends."""
        answered = self._chats.get(chat) or deque()
        waits = [0.0, self._closed.get(chat, 0.0) - now]
        if answered:
            waits.append(answered[-1] + SECOND - now)
        mine = [one for one in self._under_way.values() if one.chat == chat]
        if mine:
            waits.append(math.inf if mine[-1].started > now - SLOW_SECONDS else 0.0)
        if chat < 0 and (over := len(answered) + len(mine) - self._group_per_minute + 1) > 0:
            waits.append(answered[over - 1] + WINDOW_SECONDS - now if over <= len(answered) else math.inf)
        return max(waits)

    def busy(self, now: float) -> tuple[int, ...]:
        """The chats to which no message may go now, whatever else is sent."""
        self._forget(now)
        known = {chat for _, chat in takewhile(lambda one: one[0] > now - SECOND, reversed(self._answered))}
        known |= {chat for chat in self._chats if chat < 0}
        known |= {one.chat for one in self._under_way.values() if one.chat is not None}
        return tuple(chat for chat in known | set(self._closed) if self.wait_of(chat, now) > 0)

    def start(self, chat: int | None, now: float) -> Request:
        """Record that a request starts now."""
        self._numbers += 1
        request = Request(self._numbers, chat, now)
        self._under_way[request.number] = request
        if chat is not None:
            if now - self._last_answer > IDLE_SECONDS:
                self._at_once = 1
            self._next_start = now + SECOND / (self._per_second * EVENLY)
        return request

    def end(self, request: Request, now: float, *, succeeded: bool) -> None:
        """Record the end of a request; ``succeeded``: the server answered, though not that the bot must wait."""
        if self._under_way.pop(request.number, None) is None:
            return
        is_proof = succeeded and request.started > self._held_since
        if request.chat is None:
            if is_proof and not self._refuses_messages:
                self._refusals = 0
            return
        self._last_answer = now
        self._answered.append((now, request.chat))
        self._chats.setdefault(request.chat, deque()).append(now)
        if is_proof:
            self._at_once = min(self._at_once + 1, self._per_second)
            self._refusals = 0
            self._last_success = now
            self._suspects.pop(request.chat, None)

    def refused(self, request: Request, now: float, seconds: float) -> bool:
        """Record an answer 429 that asks to wait; True: the whole bot must wait, False: only that chat."""
        is_own = request.chat is not None and self._is_over_own_limit(request.chat, now)
        self.end(request, now, succeeded=False)
        if is_own and request.chat is not None:
            self._close(request.chat, now + seconds)
            return False
        if request.started > self._held_since:  # else it was under way when the wait began, which it only extends
            seconds = max(seconds, LEAST_HOLDS[min(self._refusals, len(LEAST_HOLDS) - 1)])
            self._refusals += 1
            self._held_since = now
        self.hold(now + seconds)
        self._refuses_messages = request.chat is not None
        if request.chat is not None:
            self._close(request.chat, self._held_until + ASIDE_SECONDS)
            self._suspects[request.chat] = now
        return True

    def hold(self, until: float) -> None:
        """Start nothing before this time, then one request at a time until one succeeds."""
        self._held_until = max(self._held_until, until)
        self._at_once = 1
        self._refusals = max(self._refusals, 1)

    def remember(self, chat: int, answered: float) -> None:
        """Record a message that an earlier process sent; to be called in order of time."""
        self._answered.append((answered, chat))
        self._chats.setdefault(chat, deque()).append(answered)

    # ------------------------------------------------------------------ the limits

    def _wait_for_turn(self, now: float) -> float:
        """So that few requests are under way while it isn't known whether the server accepts any."""
        if self._refusals:
            return math.inf if self._under_way else 0.0
        at_once = 1 if now - self._last_answer > IDLE_SECONDS else self._at_once
        messages = [one.started for one in self._under_way.values() if one.chat is not None]
        recent = [started for started in messages if started > now - SLOW_SECONDS]
        return 0.0 if len(recent) < at_once else recent[len(recent) - at_once] + SLOW_SECONDS - now

    def _wait_of_all(self, now: float) -> float:
        last = [answered for answered, _ in takewhile(lambda one: one[0] > now - SECOND, reversed(self._answered))]
        messages = sum(one.chat is not None for one in self._under_way.values())
        over = len(last) + messages - self._per_second + 1
        if over <= 0:
            return 0.0
        return last[len(last) - over] + SECOND - now if over <= len(last) else math.inf

    def _is_over_own_limit(self, chat: int, now: float) -> bool:
        """Do a chat's own limits explain that a message to it was refused?

        Half of what is allowed into a group explains it, since the limits vary; and so does a second refusal after
        other chats got messages.
        """
        if chat in self._suspects and self._last_success > self._suspects[chat]:
            return True
        sent = self._chats.get(chat) or deque()
        if chat < 0:
            return len(sent) + 1 > self._group_per_minute / 2
        return bool(sent) and sent[-1] > now - SLOW_SECONDS

    def _close(self, chat: int, until: float) -> None:
        self._closed[chat] = max(until, self._closed.get(chat, until))

    def _forget(self, now: float) -> None:
        while self._answered and self._answered[0][0] <= now - WINDOW_SECONDS:
            _, chat = self._answered.popleft()
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
