"""Which commands does Telegram list in its menus? For everyone, for group administrators, and for operators."""

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

from bot.commands import COMMANDS, Command, Permission
from bot.i18n.translate import CODES, SOURCE, Voice, language, mark, speaking, t

log = logging.getLogger(__name__)

DESCRIPTION = mark(
    "Tells you about incidents in the places you care about, once, and again when something that matters changes."
)


async def publish(bot: Bot, admins: Iterable[int]) -> None:
    """Set the command lists in every language.

    The list of the default language is sent without a language code: Telegram shows it to people of other languages.

    Raises:
        TelegramError: Telegram can't be reached.
    """
    for code in CODES:
        with speaking(Voice(language(code))):
            await _publish(bot, admins, None if code == SOURCE else code)


async def _publish(bot: Bot, admins: Iterable[int], code: str | None) -> None:
    everyone = [one for one in COMMANDS.values() if one.permission is not Permission.ADMIN]
    in_groups = [one for one in everyone if one.permission is Permission.ANYONE]
    await _set(bot, everyone, BotCommandScopeDefault(), code)
    await _set(bot, in_groups, BotCommandScopeAllGroupChats(), code)
    await _set(bot, everyone, BotCommandScopeAllChatAdministrators(), code)
    for admin in admins:
        try:
            await _set(bot, COMMANDS.values(), BotCommandScopeChat(admin), code)
        except (BadRequest, Forbidden):  # an operator who has never written to the bot has no chat with it
            log.info("operator has no chat with the bot yet")
    await bot.set_my_short_description(t(DESCRIPTION)[:120], language_code=code)


async def _set(bot: Bot, commands: Iterable[Command], scope: BotCommandScope, code: str | None) -> None:
    listed = [BotCommand(one.name, t(one.help)[:256]) for one in commands]
    await bot.set_my_commands(listed, scope=scope, language_code=code)
