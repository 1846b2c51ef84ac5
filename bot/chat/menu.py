"""The command lists that Telegram shows: everyone's, group administrators', the operators'."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, Forbidden

from bot.commands import COMMANDS, Command, Role

log = logging.getLogger(__name__)

DESCRIPTION = (
    "Tells you about incidents in the places you care about, once, and again when something that matters changes."
)


async def publish(bot: Bot, admins: Iterable[int]) -> None:
    """Set the command lists; raises TelegramError where Telegram can't be reached."""
    everyone = [one for one in COMMANDS.values() if one.role is not Role.ADMIN]
    in_groups = [one for one in everyone if one.role is Role.ANYONE]
    await _set(bot, everyone, BotCommandScopeDefault())
    await _set(bot, in_groups, BotCommandScopeAllGroupChats())
    await _set(bot, everyone, BotCommandScopeAllChatAdministrators())
    for admin in admins:
        try:
            await _set(bot, COMMANDS.values(), BotCommandScopeChat(admin))
        except (BadRequest, Forbidden):  # an operator who has never written to the bot has no chat with it yet
            log.info("operator has no chat with the bot yet")
    await bot.set_my_short_description(DESCRIPTION[:120])


async def _set(bot: Bot, commands: Iterable[Command], scope: BotCommandScope) -> None:
    await bot.set_my_commands([BotCommand(one.name, one.help[:256]) for one in commands], scope=scope)
