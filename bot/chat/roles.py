"""Who is speaking, and what may they change? Denied unless shown otherwise."""

from __future__ import annotations

import logging

from telegram import Bot, Chat, Message, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

log = logging.getLogger(__name__)

MANAGING = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})


async def is_manager(bot: Bot, chat: Chat, user: User | None, message: Message | None) -> bool:
    """May this person change the settings of this chat?

    In private everyone is their own manager; what is posted in a channel was posted by an administrator; in a group an
    anonymous administrator speaks as the group itself.
    """
    if chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
        return True
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id == chat.id
    if user is None:
        return False
    try:
        member = await bot.get_chat_member(chat.id, user.id)
    except TelegramError as error:
        log.warning("chat member can't be looked up", extra={"error": type(error).__name__})
        return False
    return member.status in MANAGING


async def may_tap(bot: Bot, chat: Chat, user: User) -> bool:
    """May this person change settings by a button? In a channel everyone sees the buttons."""
    if chat.type == ChatType.PRIVATE:
        return True
    try:
        member = await bot.get_chat_member(chat.id, user.id)
    except TelegramError:
        return False
    return member.status in MANAGING


def is_admin(user: User | None, message: Message | None, admins: frozenset[int]) -> bool:
    """Does this person run the service? Never somebody who speaks as a chat."""
    speaks_as_chat = message is not None and message.sender_chat is not None
    return user is not None and not speaks_as_chat and user.id in admins
