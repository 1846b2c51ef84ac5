"""What can sending one message result in? Each outcome is a value, never an exception."""

from __future__ import annotations

from typing import Protocol

from bot.render.message import Message
from extract.types import Frozen


class Sent(Frozen, frozen=True):
    """It arrived, as this message; ``topic_gone``: in the group itself, since its forum topic was deleted."""

    message_id: int
    topic_gone: bool = False


class NotSent(Frozen, frozen=True):
    """It did not arrive: no connection was made."""

    why: str


class ServerError(Frozen, frozen=True):
    """Telegram answered that it failed on its side."""

    why: str


class NoAnswer(Frozen, frozen=True):
    """The request went out and no answer came: it may have arrived."""

    why: str


class Wait(Frozen, frozen=True):
    """Telegram asks to send nothing to this chat for this many seconds."""

    seconds: float


class Held(Frozen, frozen=True):
    """It did not arrive: nothing may be sent to any chat for this many seconds."""

    seconds: float


class Closed(Frozen, frozen=True):
    """Nothing can be sent to this chat any more: blocked, kicked, deleted or no rights."""

    why: str


class Moved(Frozen, frozen=True):
    """The group has become a supergroup with this id."""

    chat: int


class CardGone(Frozen, frozen=True):
    """The message to edit or to reply to doesn't exist any more."""

    why: str


class Refused(Frozen, frozen=True):
    """Telegram rejects this message, and would again."""

    why: str


Outcome = Sent | NotSent | ServerError | NoAnswer | Wait | Held | Closed | Moved | CardGone | Refused


class Outgoing(Frozen, frozen=True, kw_only=True):
    """One message to send; with ``edits`` it replaces the message of that id."""

    chat: int
    message: Message
    thread: int = 0
    silent: bool = False
    reply_to: int | None = None
    edits: int | None = None


class Sender(Protocol):
    """Sends messages: over Telegram, or to the terminal."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send or edit one message."""

    async def is_reachable(self) -> bool:
        """Does Telegram answer at all?"""
