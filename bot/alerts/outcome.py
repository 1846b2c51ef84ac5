"""What can sending one message result in? Each outcome is a value, never an exception."""

from __future__ import annotations

from typing import Protocol

from bot.render.message import Message
from extract.types import Frozen


class Sent(Frozen, frozen=True):
    """It arrived, as this message."""

    message_id: int


class NotSent(Frozen, frozen=True):
    """It certainly did not arrive: no connection was made."""

    why: str


class ServerError(Frozen, frozen=True):
    """Telegram answered that it failed on its side."""

    why: str


class NoAnswer(Frozen, frozen=True):
    """The request went out and no answer came: it may have arrived."""

    why: str


class Wait(Frozen, frozen=True):
    """Telegram asks to leave this chat alone for so many seconds."""

    seconds: float


class Closed(Frozen, frozen=True):
    """This chat can't be written to any more: blocked, kicked, deleted or no rights."""

    why: str


class Moved(Frozen, frozen=True):
    """The group is a supergroup now, under this id."""

    chat: int


class CardGone(Frozen, frozen=True):
    """The message to edit or to answer isn't there any more."""

    why: str


class Refused(Frozen, frozen=True):
    """Telegram won't take this message, however often it is sent."""

    why: str


Outcome = Sent | NotSent | ServerError | NoAnswer | Wait | Closed | Moved | CardGone | Refused


class Outgoing(Frozen, frozen=True, kw_only=True):
    """One message to send, or with ``edits`` to put in the place of another."""

    chat: int
    message: Message
    thread: int = 0
    silent: bool = False
    reply_to: int | None = None
    edits: int | None = None


class Sender(Protocol):
    """Carries messages to people."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send or edit one message."""

    async def is_reachable(self) -> bool:
        """Does the other side answer at all?"""
