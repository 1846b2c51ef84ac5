"""How is one message sent? As HTML, or as plain text where Telegram refuses the markup; returns the outcome."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.alerts.outcome import Held, NoAnswer, NotSent, Outcome, Outgoing, Sent, ServerError, Wait
from bot.chat import keyboard, outcome
from bot.render import text
from bot.render.message import Attached, Message

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
CAPTION_UNITS = 1024
REPLY_TRIES = 5
LONGEST_WAIT = 60.0


class TelegramSender:
    """Sends alerts and answers to commands; each request gets its turn in ``bot.chat.paced``.

    Times are sent with a tag so that clients show them in their own time zone (Bot API 9.5). After a server has refused
    the tag once, times are sent as plain text; there is no setting for it.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._knows_local_times = True

    async def is_reachable(self) -> bool:
        """Does Telegram answer a request?"""
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send or edit one message; a refusal that has a workaround (``_workaround``) is retried once with it."""
        try:
            return await self._try_local_times(outgoing)
        except TelegramError as error:
            mended = _workaround(outgoing, error)
            if mended is None:
                return outcome.outcome_of(error, edits=outgoing.edits)
            topic_gone = bool(outgoing.thread) and outcome.says(error, outcome.TOPIC_GONE)
        try:
            sent = await self._try(mended[0], plain=mended[1])
            return msgspec.structs.replace(sent, topic_gone=topic_gone)
        except TelegramError as error:
            return outcome.outcome_of(error, edits=outgoing.edits)

    async def _try_local_times(self, outgoing: Outgoing) -> Sent:
        """Send a message; once more without local times where the server refuses them.

        A concurrent call may have found the same already, so the retry doesn't depend on the flag.
        """
        try:
            return await self._try(outgoing, plain=False)
        except TelegramError as error:
            if not outcome.says(error, outcome.LOCAL_TIMES):
                raise
        if self._knows_local_times:
            log.info("the server knows no local times: moments are told in the chat's zone")
            self._knows_local_times = False
        return await self._try(outgoing, plain=False)

    async def reply(self, chat: int, thread: int, message: Message, reply_to: int | None = None) -> Outcome:
        """Answer a person as soon as the rate limits allow; retry where the message can't have arrived.

        Without an answer from the server it is repeated once.
        """
        outgoing = Outgoing(chat=chat, thread=thread, message=message, reply_to=reply_to)
        result: Outcome = NotSent("not tried")
        repeated = False
        for attempt in range(REPLY_TRIES):
            result = await self.send(outgoing)
            match result:
                case Wait(seconds) | Held(seconds):
                    await asyncio.sleep(min(LONGEST_WAIT, seconds))
                case NotSent() | ServerError():
                    await asyncio.sleep(2**attempt)
                case NoAnswer() if not repeated:
                    repeated = True
                    await asyncio.sleep(1)
                case _:
                    break
        if not isinstance(result, Sent):
            log.warning("answer not delivered", extra={"outcome": type(result).__name__})
        return result

    async def _try(self, outgoing: Outgoing, *, plain: bool) -> Sent:
        body = text.plain(outgoing.message) if plain else self._html(outgoing.message)
        mode = None if plain else ParseMode.HTML
        if outgoing.edits is not None:
            await self._bot.edit_message_text(
                body,
                chat_id=outgoing.chat,
                message_id=outgoing.edits,
                parse_mode=mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard.inline(outgoing.message, self._username()),
            )
            return Sent(outgoing.edits)
        if outgoing.message.file is not None:
            return await self._send_file(outgoing, outgoing.message.file, plain=plain)
        sent = await self._bot.send_message(
            outgoing.chat,
            body,
            parse_mode=mode,
            message_thread_id=outgoing.thread or None,
            disable_notification=outgoing.silent,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard.markup(outgoing.message, self._username()),
            reply_to_message_id=outgoing.reply_to,
            allow_sending_without_reply=True if outgoing.reply_to is not None else None,
        )
        return Sent(sent.message_id)

    async def _send_file(self, outgoing: Outgoing, file: Attached, *, plain: bool) -> Sent:
        """Send a picture or a document with the message's text as its caption."""
        said = text.fit(outgoing.message, CAPTION_UNITS)
        options: dict[str, Any] = {
            "caption": text.plain(said) if plain else self._html(said),
            "parse_mode": None if plain else ParseMode.HTML,
            "message_thread_id": outgoing.thread or None,
            "disable_notification": outgoing.silent,
            "reply_markup": keyboard.markup(outgoing.message, self._username()),
            "reply_to_message_id": outgoing.reply_to,
            "allow_sending_without_reply": True if outgoing.reply_to is not None else None,
        }
        body = InputFile(file.body, filename=file.name)
        if file.is_picture:
            return Sent((await self._bot.send_photo(outgoing.chat, body, **options)).message_id)
        return Sent((await self._bot.send_document(outgoing.chat, body, **options)).message_id)

    def _html(self, message: Message) -> str:
        return text.html(message, local_times=self._knows_local_times)

    def _username(self) -> str:
        """The bot's own name; empty until it is known from Telegram."""
        try:
            return self._bot.username
        except RuntimeError:
            return ""


def _workaround(outgoing: Outgoing, error: TelegramError) -> tuple[Outgoing, bool] | None:
    """The message changed so that Telegram may accept it, and whether to send it plain; None without a workaround."""
    if outcome.says(error, outcome.MARKUP):
        return outgoing, True
    if outcome.says(error, outcome.THREAD) and outgoing.thread:
        return msgspec.structs.replace(outgoing, thread=0), False
    if outcome.says(error, outcome.REPLY) and outgoing.reply_to is not None:
        return msgspec.structs.replace(outgoing, reply_to=None), False
    return None
