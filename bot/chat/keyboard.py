"""How do a message's buttons become a Telegram keyboard, and button data a verb with its argument?"""

from __future__ import annotations

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.i18n.translate import t
from bot.render.message import Button, Message

MAX_DATA_BYTES = 64


def markup(message: Message, username: str = "") -> InlineKeyboardMarkup | ForceReply | ReplyKeyboardMarkup | None:
    """The keyboard of a message, None where it has none. ``username`` is the bot's, for links to itself."""
    if message.asks:
        return ForceReply(selective=True, input_field_placeholder=message.asks)
    if message.asks_location:
        share = KeyboardButton(t("Share my location"), request_location=True)
        return ReplyKeyboardMarkup([[share]], one_time_keyboard=True, resize_keyboard=True)
    rows = [[_button(button, username) for button in row] for row in message.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def inline(message: Message, username: str = "") -> InlineKeyboardMarkup | None:
    """The inline keyboard of a message, None where it has none; an edited message can have no other kind."""
    found = markup(message, username)
    return found if isinstance(found, InlineKeyboardMarkup) else None


def parse(data: str) -> tuple[str, str]:
    """A tapped button's verb and argument."""
    verb, _, arg = data.partition(":")
    return verb, arg


def _button(button: Button, username: str) -> InlineKeyboardButton:
    if button.start:
        return InlineKeyboardButton(button.label, url=f"https://t.me/{username}?start={button.start}")
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    data = f"{button.verb}:{button.arg}"
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError(f"button data is longer than {MAX_DATA_BYTES} bytes: {button.verb}")
    return InlineKeyboardButton(button.label, callback_data=data)
