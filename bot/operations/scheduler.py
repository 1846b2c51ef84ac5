"""The clock: jobs that wake loops. What is due is decided in the tables, never here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import StoreError

log = logging.getLogger(__name__)

AFTER_ERROR_SECONDS = 5.0


@dataclass(kw_only=True)
class Loop:
    """Does its work as long as there is some, then sleeps until it is woken.

    ``work`` answers whether there is more to do at once.
    """

    name: str
    work: Callable[[], Awaitable[bool]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; an error is logged, and the loop goes on after a rest."""
        while not stop.is_set():
            self.wake.clear()
            try:
                more = await self.work()
            except StoreError as error:
                log.error("loop can't work", extra={"loop": self.name, "why": str(error)})
                await _rest(stop)
                continue
            except Exception:  # a bug in one pass must not end the stage
                log.exception("loop failed", extra={"loop": self.name})
                await _rest(stop)
                continue
            if not more:
                await _either(self.wake, stop)


class Clock:
    """Wakes loops at intervals."""

    def __init__(self) -> None:
        # the default grace of one second would drop late jobs without a word
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(job_defaults=defaults, timezone="UTC")

    def every(self, seconds: float, wake: asyncio.Event) -> None:
        """Wake this loop again and again."""
        self._scheduler.add_job(_ring, "interval", seconds=seconds, args=(wake,))

    def start(self) -> None:
        """Begin; needs a running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """End at once: jobs only ring bells."""
        self._scheduler.shutdown(wait=False)


async def _ring(wake: asyncio.Event) -> None:
    wake.set()


async def _rest(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(AFTER_ERROR_SECONDS):
            await stop.wait()


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    tasks = [asyncio.create_task(one.wait()), asyncio.create_task(other.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
