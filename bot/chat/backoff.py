"""How long is the pause before the next request after an error of Telegram? Longer after each failure."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.chat import outcome

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_PAUSE = 30.0
REFUSED_PAUSE = 60.0


async def retry_until_done(action: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Repeat an action until it succeeds or ``stop`` is set."""
    failures = 0
    while not stop.is_set():
        try:
            await unless_stopped(stop, action())
            return
        except TelegramError as error:
            failures += 1
            await sleep(stop, pause_after(error, failures))


def pause_after(error: TelegramError, failures: int) -> float:
    """The seconds to wait before the next request; logs the error, with advice where the operator can fix it."""
    growing: float = min(LONGEST_PAUSE, 0.5 * 2 ** min(failures, 10))
    match error:
        case RetryAfter():
            return outcome.seconds(error.retry_after)
        case InvalidToken():
            log.error("Telegram refuses the bot token: look at [telegram] token")
            return REFUSED_PAUSE
        case Conflict():
            log.error("another program reads this bot's updates: end it, or remove its webhook")
            return max(5.0, growing)
        case TimedOut():
            return min(growing, 2.0)
        case _:
            log.warning("Telegram can't be reached", extra={"error": type(error).__name__, "failures": failures})
            return growing


async def unless_stopped(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """The result of ``work``, or None where ``stop`` was set first; ``work`` is then cancelled."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopped.cancel()
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, TelegramError):
                await task


async def sleep(stop: asyncio.Event, seconds: float) -> None:
    """Sleep until the time is over or ``stop`` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
