"""Which incidents does an inline query (``@bot karachi`` in any chat) offer to paste?"""

from __future__ import annotations

import logging

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.chat import keyboard
from bot.commands import Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.incidents import queries
from bot.render import text
from bot.render.card import card, headline, summary
from bot.render.message import Button, Message
from bot.store import incidents
from extract.types import Incident

log = logging.getLogger(__name__)

MOST_RESULTS = 20
TITLE_UNITS = 80
CACHE_SECONDS = 30


async def answer(services: Services, query: InlineQuery) -> None:
    """Answer an inline query with the newest incidents that match its words; one that is too old stays unanswered."""
    try:
        found = await _found(services, query.query.strip())
    except ChatError:  # an unfinished query, such as a radius without a place
        found = []
    results = [_result(services, one, query.get_bot().username) for one in found[:MOST_RESULTS]]
    try:
        await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True)  # the language is the person's own
    except TelegramError as error:
        log.info("inline query can't be answered", extra={"error": type(error).__name__})


async def _found(services: Services, words: str) -> list[Incident]:
    if not words:
        return await services.store.read(incidents.latest, limit=MOST_RESULTS)
    return await queries.search(
        services.store,
        words,
        kinds=services.kinds,
        places=services.places,
        contains=services.contains,
        now=services.clock(),
    )


def _result(services: Services, incident: Incident, username: str) -> InlineQueryResultArticle:
    shown = card(incident, services.names)
    pasted = Message(shown.blocks, ((Button(t("Open in the bot"), start=f"s_{incident.id}"),),))
    return InlineQueryResultArticle(
        id=incident.id,
        title=text.cut(headline(incident, services.names), TITLE_UNITS),
        description=text.cut(summary(incident, services.names), 120),
        input_message_content=InputTextMessageContent(
            text.html(pasted), parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        reply_markup=keyboard.inline(pasted, username),
    )
