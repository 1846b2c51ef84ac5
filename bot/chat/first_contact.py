"""Does a bot token work, and who sends the bot a one-time code? For the set-up, before the service runs."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.config import Telegram
from bot.errors import TelegramUnreachable, TokenRefused, UpdatesTaken
from bot.i18n.translate import ChatLocale, in_locale, language, nearest, t
from extract.types import Frozen

# letters and digits that aren't taken for each other
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LETTERS = 8
_ASK_SECONDS = 5
_PAUSE_SECONDS = 1.0


class Person(Frozen, frozen=True):
    """Who sent the code: their user id, which is their private chat's too, and first name."""

    id: int
    name: str


def new_code() -> str:
    """A code that nobody can guess in the minutes in which it counts."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))


async def username(settings: Telegram) -> str:
    """The user name of the bot whose token is configured.

    Raises:
        TokenRefused: Telegram knows no such bot.
        TelegramUnreachable: it can't be asked now.
    """
    bot = _bot(settings)
    try:
        async with bot:
            return bot.username
    except TelegramError as error:
        raise _reason(error, settings) from error


async def person_with_code(settings: Telegram, code: str, *, seconds: float) -> Person | None:
    """The person who sends the bot this code in a private chat; they are told so. None where nobody does in time.

    What else waits for the bot is left to the service.

    Raises:
        UpdatesTaken: another process or a webhook gets what is sent to the bot.
        TokenRefused: Telegram knows no such bot.
        TelegramUnreachable: it can't be asked now.
    """
    bot, until = _bot(settings), time.monotonic() + seconds
    try:
        async with bot:
            while time.monotonic() < until:
                waiting = await bot.get_updates(timeout=_ASK_SECONDS, allowed_updates=["message"])
                found = _sender(waiting, code)
                if found is None:
                    await asyncio.sleep(_PAUSE_SECONDS if waiting else 0)
                    continue
                if all(_person(update) == found for update in waiting):
                    await bot.get_updates(offset=waiting[-1].update_id + 1, timeout=0)
                await _greet(bot, found, waiting)
                return found
    except TelegramError as error:
        raise _reason(error, settings) from error
    return None


def _bot(settings: Telegram) -> Bot:
    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            write_timeout=settings.write_timeout,
        )

    return Bot(
        settings.token.get_secret_value(),
        base_url=settings.base_url,
        request=request(),
        get_updates_request=request(),
    )


def _sender(waiting: Sequence[Update], code: str) -> Person | None:
    """Who sent the code, alone or behind /start as a link does; only in a private chat with the bot."""
    for update in waiting:
        text = (update.message.text or "") if update.message else ""
        if code in text.upper().replace("-", "").split() and (found := _person(update)) is not None:
            return found
    return None


def _person(update: Update) -> Person | None:
    message = update.message
    if message is None or message.chat.type != "private" or message.from_user is None:
        return None
    return Person(message.from_user.id, message.from_user.first_name)


async def _greet(bot: Bot, person: Person, waiting: Sequence[Update]) -> None:
    sent = (one.message.from_user for one in waiting if one.message is not None and _person(one) == person)
    code = next((user.language_code for user in sent if user is not None and user.language_code), "en")
    with in_locale(ChatLocale(language(nearest(code)))):
        text = t("You will administer this bot once its service runs. All commands: /help")
    await bot.send_message(person.id, text)


def _reason(error: TelegramError, settings: Telegram) -> TokenRefused | TelegramUnreachable | UpdatesTaken:
    if isinstance(error, InvalidToken):
        return TokenRefused("Telegram knows no bot with this token; @BotFather shows it again for /token")
    if isinstance(error, Conflict):
        return UpdatesTaken("another process, or a webhook, gets what is sent to this bot")
    host = settings.base_url.partition("://")[2].partition("/")[0]
    if isinstance(error, TimedOut | RetryAfter):
        return TelegramUnreachable(f"{host} doesn't answer in time")
    if isinstance(error, NetworkError):
        return TelegramUnreachable(f"{host} can't be reached from this machine")
    return TelegramUnreachable(f"{host} answers: {error.message}")
