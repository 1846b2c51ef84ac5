"""How does an administrator give a command for a channel or group in private? ``/for @channel subscribe Karachi``

A post in a channel has no sender whose rights could be checked, and not everybody wants commands in public.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from telegram import Bot, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.chat.roles import MANAGING
from bot.commands import Caller
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.message import Message, code, line, say

USAGE = mark("For which chat, and what? In a private chat with me: /for @yourchannel subscribe Karachi")
NOT_YOURS = mark("I find no such chat that both of us administer. Make me an administrator of it first.")


@dataclass(frozen=True, kw_only=True)
class RemoteCommand:
    """A command for another chat: the caller there, the command and its arguments."""

    caller: Caller
    command: str
    args: str
    name: str


async def read(bot: Bot, user: User | None, args: str, *, is_admin: bool) -> RemoteCommand:
    """The chat that is meant, with rights checked at Telegram, and the command for it.

    Raises:
        ChatError: the words are incomplete, or the person or the bot doesn't administer that chat.
    """
    name, _, rest = args.partition(" ")
    command, _, words = rest.strip().removeprefix("/").partition(" ")
    if (not name.lstrip("@-").isalnum() and "_" not in name) or not command or user is None:
        raise ChatError(t(USAGE))
    try:
        chat = await bot.get_chat(int(name) if name.removeprefix("-").isdecimal() else f"@{name.lstrip('@')}")
        theirs = await bot.get_chat_member(chat.id, user.id)
        mine = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        raise ChatError(t(NOT_YOURS)) from error
    is_ours = theirs.status in MANAGING and (chat.type != ChatType.CHANNEL or mine.status in MANAGING)
    if chat.type == ChatType.PRIVATE or not is_ours:
        raise ChatError(t(NOT_YOURS))
    caller = Caller(chat=chat.id, kind=chat.type, is_manager=True, is_admin=is_admin)
    return RemoteCommand(caller=caller, command=command.casefold(), args=words, name=name)


def for_private_chat(said: Message, remote: RemoteCommand) -> Message:
    """The answer as it is shown in private: buttons would act on this chat, so their choices are commands to type."""
    options = [button.typed for row in said.buttons for button in row if button.typed]
    typed = [line(code(f"/for {remote.name} {remote.command} {one}")) for one in options]
    head = say(line(t("For {chat}:", chat=remote.name)))
    blocks = (*head.blocks, *said.blocks, *(say(*typed).blocks if typed else ()))
    return msgspec.structs.replace(said, blocks=blocks, buttons=(), asks="", is_menu=False)
