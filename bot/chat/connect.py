"""The line to Telegram: one bot, its sender, and the polling that answers people."""

from __future__ import annotations

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.chat.handle import Chatting
from bot.chat.polling import Polling
from bot.chat.sender import TelegramSender
from bot.commands import Services
from bot.config import Telegram
from bot.limiter import Limiter

CONNECTIONS = 32


class Line:
    """Everything that speaks to Telegram; nothing is asked of it before ``polling`` runs or something is sent."""

    def __init__(self, settings: Telegram, limiter: Limiter) -> None:
        self._settings = settings
        self._bot = _bot(settings)
        self.sender = TelegramSender(self._bot, limiter)

    def polling(self, services: Services) -> Polling:
        """Reads and answers updates."""
        admins = frozenset(self._settings.admins)
        chatting = Chatting(services=services, sender=self.sender, admins=admins)
        return Polling(bot=self._bot, chatting=chatting, store=services.store, poll_timeout=self._settings.poll_timeout)

    async def close(self) -> None:
        """Close the connections; nothing can be sent any more."""
        await self._bot.shutdown()


def _bot(settings: Telegram) -> Bot:
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        write_timeout=settings.write_timeout,
        pool_timeout=settings.connect_timeout,
    )
    updates = HTTPXRequest(connection_pool_size=2, connect_timeout=settings.connect_timeout, pool_timeout=5.0)
    token = settings.token.get_secret_value()
    return Bot(token, base_url=settings.base_url, request=request, get_updates_request=updates)
