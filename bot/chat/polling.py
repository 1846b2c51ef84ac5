"""How are updates received by long polling? An outage of Telegram may take hours; polling continues afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError

from bot.alerts.turns import Turns
from bot.chat.backoff import pause_after, retry_until_done, sleep, unless_stopped
from bot.chat.inbox import ALLOWED, Intake
from bot.chat.outcome import seconds
from bot.chat.paced import in_turn
from bot.errors import StoreError

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Polling:
    """Polls Telegram for updates until stopped."""

    bot: Bot
    intake: Intake
    poll_timeout: float
    turns: Turns = field(default_factory=Turns)

    async def receive(self, stop: asyncio.Event) -> None:
        """Receive updates until ``stop``; a webhook that was set earlier would get them all, and is removed first."""
        await retry_until_done(self.bot.delete_webhook, stop)
        offset, failures, is_refused = 0, 0, False
        while not stop.is_set():
            try:
                # reading is not limited; once it was refused, it waits for its turn as all requests do
                request = self.turns.unlimited()
                ask = partial(self._get, offset)
                asked = in_turn(self.turns, None, partial(ask, wait=0)) if is_refused else ask()
                updates = await unless_stopped(stop, asked)
                failures, is_refused = 0, False
            except TelegramError as error:
                failures += 1
                if isinstance(error, RetryAfter) and not is_refused:
                    is_refused = True
                    await self.turns.refused(request, seconds(error.retry_after))
                await sleep(stop, pause_after(error, failures))
                continue
            if updates:
                offset = await self._keep(updates, offset, stop)

    async def _get(self, offset: int, wait: int | None = None) -> Sequence[Update]:
        return await self.bot.get_updates(
            offset=offset or None,
            timeout=int(self.poll_timeout) if wait is None else wait,
            allowed_updates=ALLOWED,
            read_timeout=self.poll_timeout + 5,
        )

    async def _keep(self, updates: Sequence[Update], offset: int, stop: asyncio.Event) -> int:
        """Write updates; returns the offset that confirms them, unchanged where they could not be written."""
        try:
            await self.intake.keep(updates)
        except StoreError as error:
            log.warning("updates can't be kept", extra={"why": str(error)})
            await sleep(stop, 1.0)
            return offset
        return max(update.update_id for update in updates) + 1
