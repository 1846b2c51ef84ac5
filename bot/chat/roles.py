"""Who is writing or pressing a button, and what may they change? Denied unless Telegram confirms it."""

from __future__ import annotations

import logging

from telegram import (
    Bot,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    Message,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from extract.types import Frozen

log = logging.getLogger(__name__)

MANAGING = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})


class Rights(Frozen, frozen=True, kw_only=True):
    """A person's rights in a chat: to change its settings, membership, and whether others may see their name."""

    can_manage: bool = False
    is_member: bool = False
    is_named: bool = False


async def is_manager(bot: Bot, chat: Chat, user: User | None, message: Message | None) -> bool:
    """May this person change the settings of this chat?

    In private everyone may; a post in a channel is by an administrator; in a group an anonymous administrator writes as
    the group itself.
    """
    if chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
        return True
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id == chat.id
    if user is None:
        return False
    member = await _member(bot, chat, user)
    return member is not None and member.status in MANAGING


async def rights_of(bot: Bot, chat: Chat, user: User) -> Rights:
    """The rights of a person who presses a button; in a channel everyone sees the buttons, member or not."""
    if chat.type == ChatType.PRIVATE:
        return Rights(can_manage=True, is_member=True, is_named=False)
    member = await _member(bot, chat, user)
    if member is None:
        return Rights()
    manages = member.status in MANAGING
    inside = member.status == ChatMemberStatus.MEMBER or (isinstance(member, ChatMemberRestricted) and member.is_member)
    is_group = chat.type != ChatType.CHANNEL
    is_hidden = isinstance(member, ChatMemberOwner | ChatMemberAdministrator) and member.is_anonymous
    return Rights(can_manage=manages, is_member=manages or (is_group and inside), is_named=is_group and not is_hidden)


def is_admin(user: User | None, message: Message | None, admins: frozenset[int]) -> bool:
    """Is this person an operator of the service? Never somebody who writes as a chat."""
    speaks_as_chat = message is not None and message.sender_chat is not None
    return user is not None and not speaks_as_chat and user.id in admins


async def _member(bot: Bot, chat: Chat, user: User) -> ChatMember | None:
    """A person's membership in a chat; None where Telegram can't say, which is logged."""
    try:
        return await bot.get_chat_member(chat.id, user.id)
    except TelegramError as error:
        log.warning("chat member can't be looked up", extra={"error": type(error).__name__})
        return None
