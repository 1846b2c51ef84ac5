"""Updates from Telegram, each kept before Telegram is told that it arrived, and handled in order per chat.

Telegram may be away at the start and for hours: this waits, logs one line a kind of trouble, and goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.chat import menu, outcome
from bot.chat.handle import Chatting
from bot.errors import StoreError
from bot.store import Store, inbox
from bot.types import Inbound

log = logging.getLogger(__name__)

T = TypeVar("T")

ALLOWED = ("message", "channel_post", "callback_query", "my_chat_member", "inline_query")
LONGEST_PAUSE = 30.0
REFUSED_PAUSE = 60.0
END_SECONDS = 5.0


@dataclass(kw_only=True)
class Polling:
    """Asks Telegram for updates until told to stop."""

    bot: Bot
    chatting: Chatting
    store: Store
    poll_timeout: float
    _locks: dict[int, asyncio.Lock] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Begin when Telegram answers, handle what an earlier process left, then what comes."""
        await self._until_done(self.bot.initialize, stop)
        if not stop.is_set():
            menu_task = asyncio.create_task(self._until_done(self._publish_menu, stop))
            self._accept(await self.store.write(inbox.unfinished))
            await self._poll(stop)
            await self._finish()
            menu_task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await menu_task

    async def _poll(self, stop: asyncio.Event) -> None:
        offset, failures = 0, 0
        while not stop.is_set():
            try:
                updates = await _unless(stop, self._get(offset))
                failures = 0
            except TelegramError as error:
                failures += 1
                await _sleep(stop, _pause_after(error, failures))
                continue
            if updates:
                offset = await self._keep(updates, offset, stop)

    async def _get(self, offset: int) -> Sequence[Update]:
        return await self.bot.get_updates(
            offset=offset or None,
            timeout=int(self.poll_timeout),
            allowed_updates=ALLOWED,
            read_timeout=self.poll_timeout + 5,
        )

    async def _keep(self, updates: Sequence[Update], offset: int, stop: asyncio.Event) -> int:
        """Keep updates, begin to handle the new ones; the offset that confirms them."""
        kept = [
            Inbound(
                update_id=one.update_id,
                chat=one.effective_chat.id if one.effective_chat else None,
                payload=one.to_json(),
            )
            for one in updates
        ]
        try:
            new = await self.store.write(inbox.put, kept, self.chatting.services.clock())
        except StoreError as error:
            log.warning("updates can't be kept", extra={"why": str(error)})
            await _sleep(stop, 1.0)
            return offset
        self._accept(new)
        return max(update.update_id for update in updates) + 1

    def _accept(self, updates: Sequence[Inbound]) -> None:
        for update in updates:
            task = asyncio.create_task(self._handle(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _handle(self, kept: Inbound) -> None:
        """One chat's updates in order; those of others meanwhile."""
        async with self._locks.setdefault(kept.chat or 0, asyncio.Lock()):
            update = Update.de_json(json.loads(kept.payload), self.bot)
            try:
                await self.chatting.handle(update)
            except StoreError as error:
                log.warning("update can't be handled", extra={"why": str(error)})
                return
            except Exception:  # a bug met by one update must not hold up the others
                log.exception("update failed")
            await self.store.write(inbox.done, kept.update_id)

    async def _publish_menu(self) -> None:
        await menu.publish(self.bot, sorted(self.chatting.admins))

    async def _until_done(self, action: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                await _unless(stop, action())
                return
            except TelegramError as error:
                failures += 1
                await _sleep(stop, _pause_after(error, failures))

    async def _finish(self) -> None:
        """What is being answered ends; what takes longer is handled again after the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_SECONDS)
        for task in list(self._tasks):
            task.cancel()


def _pause_after(error: TelegramError, failures: int) -> float:
    """How long to leave Telegram alone; logs what the operator can mend, without the token."""
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


async def _unless(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """The result, or None where the stop came first."""
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


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
