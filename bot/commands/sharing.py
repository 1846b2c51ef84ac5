"""Commands that share: a link to an incident or to a filter, for other people."""

from __future__ import annotations

import msgspec

from bot.commands import browse, subscribing
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.render import lists
from bot.render.message import Button, Message, say
from bot.store import subscriptions
from bot.subscriptions import management


async def share(services: Services, caller: Caller, text: str) -> Message:
    """A link to an incident, or to the filter of one of this chat's subscriptions."""
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    shared = [one for one in mine if one.name and management.name_key(one.name) == management.name_key(text)]
    if text.isdecimal() or shared:
        if not shared and not 0 < int(text) <= len(mine):
            raise ChatError(t("Which subscription? By its number in /subs, as in: /share 1"))
        chosen = shared[0] if shared else mine[int(text) - 1]
        wanted = msgspec.structs.replace(chosen, id=0, chat=0, thread=0, paused_until=None, name="")
        token = await management.offer(services.store, [wanted], caller.address, services.clock(), shared=True)
        named = t("This filter for others: {filter}", filter=lists.subscription(wanted, services.names))
        return say(
            named,
            t("The link works for a week."),
            buttons=((Button(t("Subscribe to the same"), start=f"sub_{token}"),),),
        )
    known = await browse.find(services, caller, text)
    said = await browse.incident(services, caller, known.id)
    return msgspec.structs.replace(said, buttons=((Button(t("Open in the bot"), start=f"s_{known.id}"),),))


async def shared_filter(services: Services, caller: Caller, token: str) -> Message:
    if not caller.is_manager:
        raise ChatError(t("Only this chat's administrators may subscribe it."))
    wanted = await management.take_shared(services.store, token)
    kept = msgspec.structs.replace(wanted, chat=caller.chat, thread=caller.thread)
    return await subscribing.subscribed(services, await management.subscribe(services.store, kept, services.clock()))
