"""How does each request of the bot to Telegram get its turn? Here all of them pass, whoever makes them.

Only reading updates doesn't: Telegram doesn't limit that. A second request that a refused message needs passes too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.alerts.turns import Held, Turns
from bot.chat import outcome
from bot.chat.outcome import HeldBack

Answer = bool | dict[str, Any] | list[dict[str, Any]]
# the methods that the server counts as messages, by how their names begin, and those that it doesn't
MESSAGES = ("send", "edit", "copy", "forward")
NO_MESSAGES = frozenset({"sendChatAction"})
# errors with which the server has answered
ANSWERED = (BadRequest, ChatMigrated, Forbidden)


class Paced(BaseRateLimiter[None]):
    """Makes each request at its turn."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002
    ) -> Answer:
        """The answer to a request, made at its turn.

        Raises:
            HeldBack: the bot must wait, before this request or because of it.
            TelegramError: as the request.
        """
        answer: Answer = await in_turn(self._turns, _chat(endpoint, data), lambda: callback(*args, **kwargs))
        return answer


async def in_turn(turns: Turns, chat: int | None, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """The result of ``ask``, called when it is its turn; ``chat`` is None for a request that is no message.

    Raises:
        HeldBack: the bot must wait, before this request or because of it.
    """
    try:
        request = await turns.take(chat)
    except Held as error:
        raise HeldBack(math.ceil(error.seconds)) from error
    succeeded = False
    try:
        result = await ask()
        succeeded = True
        return result
    except RetryAfter as error:
        seconds = outcome.seconds(error.retry_after)
        if await turns.refused(request, seconds):
            raise HeldBack(math.ceil(max(seconds, turns.held()))) from error
        raise
    except TelegramError as error:
        succeeded = isinstance(error, ANSWERED) or not isinstance(error, NetworkError)
        raise
    finally:
        turns.end(request, succeeded=succeeded)


def _chat(endpoint: str, data: dict[str, Any]) -> int | None:
    """The chat that a request writes to; None if it is no message."""
    is_message = endpoint.startswith(MESSAGES) and endpoint not in NO_MESSAGES
    chat = data.get("chat_id")
    return chat if is_message and isinstance(chat, int) else None
