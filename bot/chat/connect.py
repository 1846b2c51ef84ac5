"""How is the service connected to Telegram? One bot, its sender, and polling, or a webhook where one is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.alerts.turns import Turns
from bot.chat.handle import Chatting
from bot.chat.inbox import Intake
from bot.chat.paced import Paced
from bot.chat.polling import Polling
from bot.chat.sender import TelegramSender
from bot.chat.webhook import Webhook, new_secret
from bot.commands import Services
from bot.config import Telegram, host_and_port
from bot.operations import log_setup

CONNECTIONS = 32


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
        request=request,
        get_updates_request=updates,
        rate_limiter=Paced(turns),
    )
