"""When does each loop of the service run? At fixed intervals, or when woken.

What is due is decided from the tables, never here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.due import ClockWatch
from bot.errors import StoreError

log = logging.getLogger(__name__)

AFTER_ERROR_SECONDS = 5.0
# how often it is looked whether the wall clock was moved
LOOK_SECONDS = 1.0


@dataclass(kw_only=True)
class Loop:
    """Runs ``work`` until it returns False (nothing more to do now), then sleeps until ``wake`` is set."""

    name: str
    work: Callable[[], Awaitable[bool]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set; an error is logged, and the loop goes on after ``AFTER_ERROR_SECONDS``."""
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
                await _wait_for_either(self.wake, stop)


class Clock:
    """Wakes loops at intervals, and at once when the wall clock was moved: jobs are planned by it."""

    def __init__(self, watch: ClockWatch | None = None) -> None:
        self._watch = watch or ClockWatch()
        self._moves = self._watch.moves
        self._look: asyncio.TimerHandle | None = None
        # with the default grace of one second, late jobs would be dropped silently
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(job_defaults=defaults, timezone="UTC")

    def every(self, seconds: float, wake: asyncio.Event) -> None:
        """Set this event at an interval."""
        self._scheduler.add_job(_set, "interval", seconds=seconds, args=(wake,))

    def start(self) -> None:
        """Start; needs a running event loop."""
        self._scheduler.start()
        self._look_again()

    def run_all_now(self) -> None:
        """Run every job now; the next time is an interval later."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Stop at once: jobs only set events."""
        if self._look is not None:
            self._look.cancel()
        self._scheduler.shutdown(wait=False)

    def _look_again(self) -> None:
        self._watch.look()
        if self._watch.moves != self._moves:
            self._moves = self._watch.moves
            log.warning("the clock was moved, or the machine was suspended")
            self.run_all_now()
        self._look = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_again)


async def _set(wake: asyncio.Event) -> None:
    wake.set()


async def _rest(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(AFTER_ERROR_SECONDS):
            await stop.wait()


async def _wait_for_either(one: asyncio.Event, other: asyncio.Event) -> None:
    tasks = [asyncio.create_task(one.wait()), asyncio.create_task(other.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
