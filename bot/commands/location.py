"""How does a person say where they are? By Telegram's own button, in private chats only."""

from __future__ import annotations

import msgspec

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.render.message import Message, say


async def here(_services: Services, caller: Caller, _text: str) -> Message:
    """Ask for a location: Telegram's own button, in private chats only."""
    if caller.kind != "private":
        raise ChatError(t("Locations can be shared in a private chat only. Here, type a place: /subscribe Karachi"))
    said = say(
        t("Send your location with the button below, or drop a pin anywhere on the map."),
        t("Only the area of about 11 km is kept, for 30 days, and only if you subscribe to it."),
    )
    return msgspec.structs.replace(said, asks_location=True)
