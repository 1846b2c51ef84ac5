"""Which request to Telegram starts next? Answers to people before alerts, each as soon as the limits allow.

What a task does is an answer unless it says that it sends an alert (``sending_alert``).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from bot.alerts.rate_limits import Limiter, Request

log = logging.getLogger(__name__)

# seconds that an alert or an answer waits for its turn; one that has to wait longer is put back
ALERT_PATIENCE = 2.0
ANSWER_PATIENCE = 60.0
# how many alerts wait for their turn: so few that a crash leaves few of them in doubt
WAITING_ALERTS = 3
_is_alert: ContextVar[bool] = ContextVar("is_alert", default=False)

# keeps how many seconds the bot must wait, so that a restart doesn't end the wait
KeepHold = Callable[[float], Awaitable[None]]


class Held(Exception):
    """A request was not started, since it would have to wait for these seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.seconds = seconds


@contextlib.contextmanager
def sending_alert() -> Iterator[None]:
    """Requests within this context are alerts: they come after answers to people."""
    token = _is_alert.set(True)
    try:
        yield
    finally:
        _is_alert.reset(token)


async def keep_nothing(_seconds: float) -> None:
    """A ``KeepHold`` for a bot without a store."""


@dataclass(frozen=True)
class _Waiting:
    """A message that waits for its turn; ``turn`` gets its request. Sorted by ``order``."""

    order: tuple[bool, int]
    chat: int
    turn: asyncio.Future[Request]


class Turns:
    """Gives each request of one bot its turn. ``ticks`` is a monotonic clock in seconds."""

    def __init__(
        self,
        limiter: Limiter | None = None,
        *,
        ticks: Callable[[], float] = time.monotonic,
        keep_hold: KeepHold = keep_nothing,
    ) -> None:
        self._limiter = limiter or Limiter()
        self._ticks = ticks
        self._keep_hold = keep_hold
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def room(self) -> int:
        """How many more alerts may wait for their turn now."""
        alerts = sum(is_alert for is_alert, _ in (one.order for one in self._waiting))
        return 0 if self._limiter.held(self._ticks()) > 0 else WAITING_ALERTS - alerts

    def held(self) -> float:
        """Seconds until the bot may start requests again; 0: it may."""
        return self._limiter.held(self._ticks())

    def busy(self) -> tuple[int, ...]:
        """The chats to which no message may go now."""
        return self._limiter.busy(self._ticks())

    async def take(self, chat: int | None) -> Request:
        """Wait for the turn of a message to a chat, and start it; ``chat`` None: of a request that is no message.

        Raises:
            Held: it would have to wait for too long.
        """
        if chat is None:
            wait = self._limiter.wait(None, self._ticks())
            if wait > 0:
                raise Held(wait if wait < math.inf else 1.0)
            return self._limiter.start(None, self._ticks())
        one = _Waiting((_is_alert.get(), next(self._numbers)), chat, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._waiting.sort(key=lambda waiting: waiting.order)
        self._give_turns()
        try:
            return await one.turn
        except asyncio.CancelledError:
            if one.turn.done() and not one.turn.cancelled() and one.turn.exception() is None:
                self.end(one.turn.result(), succeeded=False)
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(one)

    def end(self, request: Request, *, succeeded: bool) -> None:
        """Record the end of a request; ``succeeded``: the server answered, though not that the bot must wait."""
        self._limiter.end(request, self._ticks(), succeeded=succeeded)
        self._give_turns()

    async def refused(self, request: Request, seconds: float) -> bool:
        """Record an answer 429 that asks to wait; True: the whole bot waits, False: only that chat."""
        is_held = self._limiter.refused(request, self._ticks(), seconds)
        self._give_turns()
        if is_held:
            held = self.held()
            log.warning("Telegram asks the bot to wait", extra={"asked": seconds, "seconds": round(held, 1)})
            await self._keep_hold(held)
        return is_held

    def unlimited(self) -> Request:
        """A request that starts at once, whatever the limits are, and takes up no room."""
        return Request(0, None, self._ticks())

    def _give_turns(self) -> None:
        """Start what may start now, put back what must wait for too long, and look again when the next one may."""
        soonest = math.inf
        for one in list(self._waiting):
            if one.turn.done():
                continue
            now = self._ticks()
            wait = self._limiter.wait(one.chat, now)
            patience = ALERT_PATIENCE if one.order[0] else ANSWER_PATIENCE
            if wait <= 0:
                one.turn.set_result(self._limiter.start(one.chat, now))
            elif (postponed := self._limiter.postponed(one.chat, now)) > patience:
                one.turn.set_exception(Held(postponed))
            else:
                soonest = min(soonest, wait)
                continue
            self._waiting.remove(one)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if soonest < math.inf:
            self._timer = asyncio.get_running_loop().call_later(soonest, self._give_turns)
