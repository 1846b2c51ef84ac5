"""Commands that change what a chat is told: subscribe, unsubscribe, mute."""

from __future__ import annotations

from datetime import timedelta

from bot import queries, subscribe
from bot.announce import preview
from bot.commands import look
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.render import lists, words
from bot.render.message import Message, bold, code, line, say
from bot.store import chats, incidents, subscriptions
from bot.subscribe import EXAMPLE
from bot.types import Subscription
from extract.types import Place

PREVIEW_DAYS = 30
ASK_PLACE = "Which place? Answer with its name, as in: Karachi"


async def subscribe_(services: Services, caller: Caller, text: str) -> Message:
    """Subscribe at once where the place is plain, else ask which is meant."""
    if not text:
        return say(ASK_PLACE, line("With a filter: ", code(EXAMPLE)), asks="Karachi")
    wish = subscribe.understand(text, services.kinds)
    now = services.clock()
    if not wish.name:
        kept = await subscribe.subscribe(services.store, subscribe.make(wish, None, caller.address), now)
        return await _subscribed(services, kept)
    options = subscribe.find_places(wish.name, services.places)
    wanted = [subscribe.make(wish, place, caller.address) for place in options]
    if subscribe.is_plain(options, services.weight):
        kept = await subscribe.subscribe(services.store, wanted[0], now)
        return await _subscribed(services, kept, *options[1:2])
    token = await subscribe.offer(services.store, wanted, caller.address, now)
    return lists.choices(wish.name, options, token, services.names)


async def pick(services: Services, caller: Caller, arg: str) -> Message:
    """A tap on one of several places."""
    token, _, number = arg.partition(" ")
    chosen = int(number) if number.isdigit() else -1
    return await _subscribed(
        services, await subscribe.pick(services.store, token, chosen, caller.chat, services.clock())
    )


async def subs(services: Services, caller: Caller, _text: str) -> Message:
    """The subscriptions of this chat or topic."""
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    return lists.subscriptions(mine, services.names)


async def unsubscribe_(services: Services, caller: Caller, text: str) -> Message:
    """End a subscription by number or place; without one, offer a list to tap."""
    if not text:
        return await subs(services, caller, "")
    ended = await subscribe.unsubscribe(services.store, text, caller.address, services.places)
    return say(*(f"Ended: {lists.subscription(one, services.names)}" for one in ended))


async def end_subscription(services: Services, caller: Caller, arg: str) -> Message:
    """A tap on a subscription ends it."""
    if not arg.isdigit() or not await services.store.write(subscriptions.remove, caller.chat, int(arg)):
        raise ChatError("That subscription has ended already.")
    return await subs(services, caller, "")


async def mute(services: Services, caller: Caller, arg: str) -> Message:
    """No sound about an incident for a day; its messages still come."""
    known = await look.find(services, caller, arg)
    until = services.clock() + timedelta(hours=24)
    await services.store.write(chats.mute, caller.chat, caller.thread, known.id, until=until)
    return say(f"Muted until {words.clock(until)}: what comes about this incident makes no sound.")


async def _subscribed(services: Services, kept: Subscription, *others: Place) -> Message:
    """What was subscribed to, and what that would have meant lately. ``others`` could have been meant."""
    now = services.clock()
    since = now - timedelta(days=PREVIEW_DAYS)
    known = await services.store.read(incidents.latest, kinds=kept.kinds, since=since, limit=queries.LOOKED_AT)
    n = len(preview(known, kept, holds=services.holds, now=now))
    return say(
        line("Subscribed: ", bold(lists.subscription(kept, services.names))),
        f"In the last {PREVIEW_DAYS} days that would have been {words.plural(n, 'incident')}.",
        *(line("Meant another? As in: ", code(f"/subscribe {services.names.long_place(one)}")) for one in others),
        "End it with /unsubscribe, see all with /subs.",
    )
