"""How are received updates kept and handled? Each is written before it is confirmed, then handled in chat order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from telegram import Bot, Update

from bot.chat import backoff, menu
from bot.chat.handle import Chatting
from bot.errors import StoreError
from bot.store import Store, Tx, inbox, lease
from bot.types import Inbound

log = logging.getLogger(__name__)

ALLOWED = ("message", "channel_post", "callback_query", "my_chat_member", "inline_query")
FINISH_SECONDS = 5.0

# receives updates from Telegram until the event is set
Receive = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(kw_only=True)
class Intake:
    """Writes updates and has them answered. Nothing is written while ``holder`` doesn't have the database's lease."""

    bot: Bot
    chatting: Chatting
    store: Store
    holder: str
    _locks: dict[int, asyncio.Lock] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, receive: Receive, stop: asyncio.Event) -> None:
        """Wait until Telegram answers, handle the updates that an earlier process left, then new ones till ``stop``."""
        await backoff.retry_until_done(self.bot.initialize, stop)
        if stop.is_set():
            return
        menu_task = asyncio.create_task(backoff.retry_until_done(self._publish_menu, stop))
        self._accept(await self.store.write(inbox.unfinished))
        await receive(stop)
        await self._finish()
        menu_task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await menu_task

    async def keep(self, updates: Sequence[Update]) -> None:
        """Write updates, and start to handle the new ones.

        Raises:
            StoreError: they are not written and must not be confirmed to Telegram.
        """
        kept = [
            Inbound(
                update_id=one.update_id,
                chat=one.effective_chat.id if one.effective_chat else None,
                payload=one.to_json(),
            )
            for one in updates
        ]
        self._accept(await self.store.write(_put, kept, self.holder, self.chatting.services.clock()))

    def _accept(self, updates: Sequence[Inbound]) -> None:
        for update in updates:
            task = asyncio.create_task(self._handle(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _handle(self, kept: Inbound) -> None:
        """Handle one update, after the earlier ones of its chat; updates of different chats run concurrently."""
        async with self._locks.setdefault(kept.chat or 0, asyncio.Lock()):
            update = Update.de_json(json.loads(kept.payload), self.bot)
            try:
                await self.chatting.handle(update)
            except StoreError as error:
                log.warning("update can't be handled", extra={"why": str(error)})
                return
            except Exception:  # a bug with one update must not block the others
                log.exception("update failed")
            await self.store.write(inbox.mark_done, kept.update_id)

    async def _publish_menu(self) -> None:
        await menu.publish(self.bot, sorted(self.chatting.admins))

    async def _finish(self) -> None:
        """Wait ``FINISH_SECONDS`` for running updates and cancel the rest, which is handled again at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        for task in list(self._tasks):
            task.cancel()


def _put(tx: Tx, updates: Sequence[Inbound], holder: str, now: datetime) -> list[Inbound]:
    if not lease.is_held(tx, holder, now):
        raise StoreError("another process serves this database now")
    return inbox.put(tx, updates, now)
