"""How is one update answered? Parse it, call the command, render the result, reply."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypedDict

from telegram import Bot, CallbackQuery, Chat, ChatMemberUpdated, Document, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot import commands
from bot.alerts.outcome import Moved, Outgoing, Sent
from bot.alerts.rate_limits import CommandLimiter
from bot.chat import inline, keyboard, on_behalf, roles
from bot.chat.sender import TelegramSender
from bot.commands import COMMANDS, TAPS, Caller, Command, Permission, Services, prompts
from bot.errors import ChatError, TocsinError
from bot.i18n.translate import ChatLocale, in_locale, language, mark, nearest, t
from bot.render.message import Message as Reply
from bot.render.message import say
from bot.render.text import cut, plain
from bot.store import chats, preferences
from bot.subscriptions import parsing
from extract.feeds.opml import MAX_BYTES

log = logging.getLogger(__name__)

GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})
NOTICE_UNITS = 190
# seconds: a button press is confirmed after this time, done or not, to stay within a tenth of a second
CONFIRM_AFTER_SECONDS = 0.05
# how a list of feeds is called
LIST_SUFFIXES = (".opml", ".xml")
LIST_TYPES = frozenset({"text/x-opml", "text/x-opml+xml", "application/xml", "text/xml"})
TOO_LARGE = mark("That file is larger than {n} MB, so I don't read it.")
NOT_FETCHED = mark("I could not get that file from Telegram. Send it again, please.")
SLOWER = mark("That is more than I can answer. Wait a minute, please; alerts come all the same.")
UNKNOWN_COMMAND = mark("I don't know that command. /help lists what there is.")
HINT = mark("I answer commands: /help lists them, /subscribe begins.")


@dataclass(frozen=True)
class _Result:
    """The result of a button press; a refusal is shown only to the person who pressed it."""

    said: Reply
    is_refusal: bool = False


@dataclass(frozen=True, kw_only=True)
class Chatting:
    """Answers updates. ``admins`` are the Telegram ids of the service's operators."""

    services: Services
    sender: TelegramSender
    admins: frozenset[int]
    patience: CommandLimiter = field(default_factory=CommandLimiter)
    ticks: Callable[[], float] = time.monotonic

    async def handle(self, update: Update) -> None:
        """Answer one update of any kind; an error in a command is answered and recorded, not raised."""
        with in_locale(await self._voice(update)):
            await self._handle(update)

    async def _voice(self, update: Update) -> ChatLocale:
        """The language and time zone of the answer: as the chat has set; /start in private sets the user's language."""
        theirs = nearest(update.effective_user.language_code if update.effective_user else None)
        if update.effective_chat is None:
            return ChatLocale(language(theirs))
        chat, message = update.effective_chat, update.effective_message
        thread = thread_of(message) if isinstance(message, Message) else 0
        is_start = update.message is not None and (update.message.text or "").startswith("/start")
        if chat.type == ChatType.PRIVATE and is_start and theirs:
            await self.services.store.write(preferences.set_initial_language, chat.id, theirs)
        return await self.services.store.read(preferences.locale, chat.id, thread)

    async def _handle(self, update: Update) -> None:
        if await self._is_over_limit(update):
            return
        if update.inline_query is not None:
            await inline.answer(self.services, update.inline_query)
        elif update.callback_query is not None:
            await self._tapped(update.callback_query)
        elif update.my_chat_member is not None:
            await self._membership(update.my_chat_member)
        elif (message := update.message or update.channel_post) is not None:
            await self._message(message)

    async def _is_over_limit(self, update: Update) -> bool:
        """Is a chat over its rate limit? It gets one notice, then no answer for a while."""
        asked = update.callback_query or (update.message if (update.message and update.message.text) else None)
        if asked is None or update.effective_chat is None or _sender_id(update) in self.admins:
            return False
        chat = update.effective_chat.id
        over = self.patience.excess(chat, self.ticks())
        if over == 1:
            await self.sender.reply(chat, 0, say(t(SLOWER)))
        return over > 0

    async def _message(self, message: Message) -> None:
        if message.migrate_to_chat_id is not None:
            new = message.migrate_to_chat_id
            await self.services.store.write(chats.move, message.chat_id, new, self.services.clock())
            return
        bot = message.get_bot()
        command, args = read_command(message, bot.username)
        location = message.location if message.chat.type == ChatType.PRIVATE else None
        listed = list_of_feeds(message)
        if command is None and location is None and listed is None:
            return
        known = COMMANDS.get(command or "")
        thread = thread_of(message)
        caller = Caller(
            chat=message.chat_id,
            thread=thread,
            kind=message.chat.type,
            is_manager=known is not None
            and (known.permission is Permission.MANAGER or known.name == "start")
            and await roles.is_manager(bot, message.chat, message.from_user, message),
            is_admin=roles.is_admin(message.from_user, message, self.admins),
            **_sender_name(message),
            card=await self._card_answered(message),
        )
        await commands.meet(self.services, caller)
        if command == "for" and message.chat.type == ChatType.PRIVATE:
            said = await self._answer_for_other_chat(bot, message, caller, args)
        elif command is not None:
            said = await self._answer(caller, command, args)
        elif listed is not None:
            said = await self._answer_file(bot, caller, listed)
        elif location is not None:
            said = await commands.around(self.services, location.latitude, location.longitude)
        in_group = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
        outcome = await self.sender.reply(caller.chat, thread, said, message.message_id if in_group else None)
        if isinstance(outcome, Moved):
            await self.services.store.write(chats.move, caller.chat, outcome.chat, self.services.clock())
            await self.sender.reply(outcome.chat, 0, said)

    async def _answer_for_other_chat(self, bot: Bot, message: Message, caller: Caller, args: str) -> Reply:
        """The answer to a command that acts on another chat."""
        try:
            wanted = await on_behalf.read(bot, message.from_user, args, is_admin=caller.is_admin)
        except ChatError as error:
            return say(str(error))
        await commands.meet(self.services, wanted.caller)
        return on_behalf.for_private_chat(await self._answer(wanted.caller, wanted.command, wanted.args), wanted)

    async def _tapped(self, query: CallbackQuery) -> None:
        """Handle a button press: run its command, always answer the query, and show the result."""
        verb, arg = keyboard.parse(query.data or "")
        message = query.message
        tap = TAPS.get(verb)
        if message is None or tap is None:
            await _notice(query, t("This button no longer works."))
            return
        thread = thread_of(message) if isinstance(message, Message) else 0
        acting = asyncio.create_task(self._act(query, message.chat, thread, tap, arg))
        try:
            done, _ = await asyncio.wait({acting}, timeout=CONFIRM_AFTER_SECONDS)
            if not done:  # confirm the press now; the result follows
                await _notice(query, "")
            result = await acting
        finally:
            acting.cancel()
        if done:
            said = plain(result.said) if result.is_refusal or result.said.is_toast else ""
            await _notice(query, said, is_alert=result.is_refusal)
            if said:
                return
        await self._show(message, thread, result.said)

    async def _act(self, query: CallbackQuery, chat: Chat, thread: int, tap: Command, arg: str) -> _Result:
        """Run a button's command; an error is a result too."""
        who, rights = query.from_user, roles.Rights()
        if tap.permission in (Permission.MEMBER, Permission.MANAGER):  # a request to Telegram
            rights = await roles.rights_of(query.get_bot(), chat, who)
        caller = Caller(
            chat=chat.id,
            thread=thread,
            kind=chat.type,
            is_manager=rights.can_manage,
            is_admin=roles.is_admin(who, None, self.admins),
            is_member=rights.is_member,
            user=who.id if rights.is_named else 0,
            name=who.first_name if rights.is_named else "",
        )
        try:
            if caller.is_manager and tap.permission is Permission.MANAGER:
                await commands.meet(self.services, caller)
            return _Result(await commands.answer(self.services, caller, tap, arg))
        except ChatError as error:
            return _Result(say(str(error)), is_refusal=True)
        except Exception as error:
            return _Result(say(await self._bug(error, tap.name)), is_refusal=True)

    async def _show(self, message: MaybeInaccessibleMessage, thread: int, said: Reply) -> None:
        """Show the result of a button press: in place of the menu with the button, else as a reply to its message."""
        chat = message.chat.id
        if said.is_menu and not await commands.card_of_message(self.services, chat, message.message_id):
            shown = Outgoing(chat=chat, message=said, edits=message.message_id)
            if isinstance(await self.sender.send(shown), Sent):
                return
        await self.sender.reply(chat, thread, said, message.message_id)

    async def _membership(self, changed: ChatMemberUpdated) -> None:
        """Pause a chat that blocked or removed the bot; resume one that admitted it again."""
        now, chat = self.services.clock(), changed.chat.id
        if changed.new_chat_member.status in GONE:
            await self.services.store.write(chats.pause, chat, "the bot was removed", now)
        else:
            await self.services.store.write(chats.resume, chat)

    async def _answer(self, caller: Caller, command: str, args: str) -> Reply:
        try:
            return await commands.answer(self.services, caller, _known(command), args)
        except ChatError as error:
            return say(str(error))
        except Exception as error:  # the person gets an answer, the operator a log entry, and the service continues
            return say(await self._bug(error, command))

    async def _answer_file(self, bot: Bot, caller: Caller, document: Document) -> Reply:
        """The answer to a list of feeds. It is fetched only from an admin, and only if it is not too large."""
        try:
            body = b""
            if caller.is_admin:
                if (document.file_size or 0) > MAX_BYTES:
                    raise ChatError(t(TOO_LARGE, n=MAX_BYTES // 1_000_000))
                file = await bot.get_file(document.file_id)
                body = bytes(await file.download_as_bytearray())
            return await commands.answer_file(self.services, caller, body)
        except ChatError as error:
            return say(str(error))
        except TelegramError as error:
            log.info("file can't be fetched", extra={"error": type(error).__name__})
            return say(t(NOT_FETCHED))
        except Exception as error:  # as above
            return say(await self._bug(error, "file"))

    async def _bug(self, error: Exception, place: str) -> str:
        ref = secrets.token_hex(3)
        log.exception("command failed", extra={"ref": ref, "command": place})
        try:
            await commands.report_bug(self.services, f"/{place}", error, ref)
        except TocsinError:
            log.warning("problem can't be recorded", extra={"ref": ref})
        return t("Something went wrong (ref {ref}). It has been noted; please try again later.", ref=ref)

    async def _card_answered(self, message: Message) -> str:
        """The id of the incident whose card this message replies to; empty where there is none."""
        answered = message.reply_to_message
        if answered is None:
            return ""
        return await commands.card_of_message(self.services, message.chat_id, answered.message_id)


def _sender_name(message: Message) -> _SenderName:
    """The id and first name of who writes in a group under their own name; 0 and empty otherwise."""
    who = message.from_user
    is_group = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
    if who is None or not is_group or message.sender_chat is not None:
        return {"user": 0, "name": ""}
    return {"user": who.id, "name": who.first_name}


class _SenderName(TypedDict):
    user: int
    name: str


def _sender_id(update: Update) -> int:
    return update.effective_user.id if update.effective_user else 0


def read_command(message: Message, username: str) -> tuple[str | None, str]:
    """The command and its arguments; (None, "") where the message isn't for this bot.

    A reply to the bot's request for a place is a /subscribe, to that for a name a /rename; other text in private is a
    question. In a group an unknown command without a bot's name (``/x@bot``) is for another bot.
    """
    text = (message.text or "").strip()
    if not text:
        return None, ""
    if text.startswith("/"):
        head, _, rest = text.partition(" ")
        name, _, bot = head[1:].partition("\n")[0].partition("@")
        may_be_ours = message.chat.type == ChatType.PRIVATE or name.casefold() in COMMANDS
        is_ours = bot.casefold() == username.casefold() if bot else may_be_ours
        return (name.casefold(), " ".join(rest.split())) if is_ours else (None, "")
    answered = message.reply_to_message
    asked = (answered.text or "") if answered is not None else ""
    if (meant := prompts.answering(asked, text)) is not None:
        return meant
    return _wanted_of(" ".join(text.split())) if message.chat.type == ChatType.PRIVATE else (None, "")


def list_of_feeds(message: Message) -> Document | None:
    """The file of a message in a private chat if it may be a list of feeds, by its name or type; None if not."""
    document = message.document
    if document is None or message.chat.type != ChatType.PRIVATE:
        return None
    is_named = (document.file_name or "").casefold().endswith(LIST_SUFFIXES)
    return document if is_named or document.mime_type in LIST_TYPES else None


def _wanted_of(text: str) -> tuple[str, str]:
    """The command that a text without one means: to subscribe, to end that, or a question."""
    if parsing.is_end_request(text):
        return "unsubscribe", parsing.without_request(text)
    return ("subscribe" if parsing.is_request(text) else "ask"), text


def thread_of(message: Message) -> int:
    """The forum topic a message was written in, 0 where there is none."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def _known(name: str) -> Command:
    if not name:
        raise ChatError(t(HINT))
    known = COMMANDS.get(name)
    if known is None:
        raise ChatError(t(UNKNOWN_COMMAND))
    return known


async def _notice(query: CallbackQuery, said: str, *, is_alert: bool = True) -> None:
    """Answer a button's query; one that is too old can't be answered, which is logged."""
    try:
        await query.answer(cut(said, NOTICE_UNITS) or None, show_alert=is_alert and bool(said))
    except TelegramError as error:
        log.info("tap can't be answered", extra={"error": type(error).__name__})
