"""How is the service connected to Telegram? One bot, its sender, and polling, or a webhook where one is configured."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.alerts.rate_limits import WINDOW_SECONDS, Limiter
from bot.alerts.turns import Turns
from bot.chat.handle import Chatting
from bot.chat.inbox import Intake
from bot.chat.paced import Paced
from bot.chat.polling import Polling
from bot.chat.sender import TelegramSender
from bot.chat.webhook import Webhook, new_secret
from bot.commands import Services
from bot.config import Config, Telegram, host_and_port
from bot.errors import StoreError
from bot.operations import log_setup
from bot.store import Store, cards, holds

log = logging.getLogger(__name__)

CONNECTIONS = 32


def turns_of(config: Config, store: Store, clock: Callable[[], datetime]) -> Turns:
    """The turns of the bot's requests, within its limits; what an earlier process knew of them is kept."""
    bot = config.telegram.bot_id

    async def keep_hold(seconds: float) -> None:
        try:
            await store.write(holds.put, bot, now=clock(), seconds=seconds)
        except StoreError as error:
            log.error("the wait can't be kept", extra={"why": str(error)})

    started, now = time.monotonic(), clock()
    limiter = Limiter(
        per_second=config.alerts.per_second, group_per_minute=config.alerts.group_per_minute, since=started
    )
    for chat, at in store.read_sync(cards.delivered_between, now - timedelta(seconds=WINDOW_SECONDS), now):
        limiter.remember(chat, started - (now - at).total_seconds())
    if (held := store.read_sync(holds.remaining, bot, now=now)) > 0:
        limiter.hold(started + held)
    return Turns(limiter, keep_hold=keep_hold)


class Connection:
    """The connection to Telegram; no request is made before ``updates`` runs or something is sent."""

    def __init__(self, settings: Telegram, turns: Turns) -> None:
        self._settings = settings
        self._turns = turns
        self._bot = _bot(settings, turns)
        self.sender = TelegramSender(self._bot)

    def updates(self, services: Services, holder: str) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
        """A coroutine function that receives and answers updates until stopped, while ``holder`` has the lease."""
        admins = frozenset(self._settings.admins)
        chatting = Chatting(services=services, sender=self.sender, admins=admins)
        intake = Intake(bot=self._bot, chatting=chatting, store=services.store, holder=holder)
        receiver = self._webhook(intake) if self._settings.webhook_url else self._polling(intake)
        return partial(intake.run, receiver.receive)

    async def close(self) -> None:
        """Close the connections; nothing can be sent afterwards."""
        await self._bot.shutdown()

    def _polling(self, intake: Intake) -> Polling:
        return Polling(bot=self._bot, intake=intake, poll_timeout=self._settings.poll_timeout, turns=self._turns)

    def _webhook(self, intake: Intake) -> Webhook:
        host, port = host_and_port(self._settings.webhook_listen)
        secret = self._settings.webhook_secret
        if not secret.get_secret_value():
            secret = new_secret()
            log_setup.hide(secret.get_secret_value())
        return Webhook(
            bot=self._bot,
            intake=intake,
            store=intake.store,
            url=self._settings.webhook_url,
            host=host,
            port=port,
            secret=secret,
        )


def file_root(base_url: str) -> str:
    """The root of the addresses of files, by that of the Bot API: both end with "/bot", which the token follows."""
    return f"{base_url.removesuffix('bot')}file/bot"


def _bot(settings: Telegram, turns: Turns) -> ExtBot[None]:
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        write_timeout=settings.write_timeout,
        pool_timeout=settings.connect_timeout,
    )
    updates = HTTPXRequest(connection_pool_size=2, connect_timeout=settings.connect_timeout, pool_timeout=5.0)
    token = settings.token.get_secret_value()
    return ExtBot(
        token,
        base_url=settings.base_url,
        base_file_url=file_root(settings.base_url),
        request=request,
        get_updates_request=updates,
        rate_limiter=Paced(turns),
    )
