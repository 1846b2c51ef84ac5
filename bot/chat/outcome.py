"""What does an error of python-telegram-bot say about a message: did it arrive, may it be sent again, and to whom?

``BadRequest`` and ``TimedOut`` are subclasses of ``NetworkError`` there, and only a cause of ConnectError,
ConnectTimeout or PoolTimeout proves that nothing was sent.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram import error as tg

from bot.alerts.outcome import (
    CardGone,
    Closed,
    Held,
    Moved,
    NoAnswer,
    NotSent,
    Outcome,
    Refused,
    Sent,
    ServerError,
    Wait,
)


class HeldBack(tg.RetryAfter):
    """The whole bot must wait, not one chat. Raised for a request that was refused, or not even made."""


NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# parts of the server's error texts, lower case
NOT_MODIFIED = ("message is not modified",)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "user_deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
)
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
THREAD = (*TOPIC_GONE, "topic_closed")
REPLY = ("message to be replied not found", "replied message not found", "reply message not found")
LOCAL_TIMES = ('unsupported start tag "tg-time"',)
MARKUP = ("can't parse entities", "message is too long", "message_too_long", "entity_")


def outcome_of(error: tg.TelegramError, *, edits: int | None = None) -> Outcome:
    """The outcome of a failed request. ``edits`` is the id of the message that was to be edited, None for a new one."""
    match error:
        case HeldBack():
            return Held(seconds(error.retry_after))
        case tg.RetryAfter():
            return Wait(seconds(error.retry_after))
        case tg.ChatMigrated():
            return Moved(error.new_chat_id)
        case tg.Forbidden():
            return Closed(error.message)
        case tg.InvalidToken():
            return NotSent("Telegram refuses the bot token")
        case tg.Conflict():
            return NotSent("another program uses this bot token")
        case tg.BadRequest():
            return _of_bad_request(error.message, edits)
        case tg.NetworkError():
            return _of_network(error)
        case _:
            return NoAnswer("an answer that can't be read")


def says(error: tg.TelegramError, parts: tuple[str, ...]) -> bool:
    """Is it a BadRequest whose text contains one of these parts?"""
    text = error.message.lower()
    return isinstance(error, tg.BadRequest) and any(part in text for part in parts)


def _of_bad_request(message: str, edits: int | None) -> Outcome:
    text = message.lower()
    if edits is not None and any(part in text for part in NOT_MODIFIED):
        return Sent(edits)
    if any(part in text for part in GONE):
        return CardGone(message)
    return Closed(message) if any(part in text for part in CLOSED) else Refused(message)


def _of_network(error: tg.NetworkError) -> Outcome:
    cause = error.__cause__
    if isinstance(cause, NEVER_SENT):
        return NotSent(f"no connection: {type(cause).__name__}")
    if isinstance(cause, httpx.HTTPError) or isinstance(error, tg.TimedOut):
        return NoAnswer(type(cause).__name__)
    return ServerError(error.message.partition(".")[0])


def seconds(value: int | timedelta) -> float:
    """A duration in seconds, from either type that the library uses."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
