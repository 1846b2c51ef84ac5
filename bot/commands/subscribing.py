"""Commands about subscriptions: subscribe, list, rename, pause, end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.alerts.fanout import preview
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.incidents import queries
from bot.render import lists, words
from bot.render.message import Message, bold, code, line, say
from bot.store import incidents, subscriptions
from bot.subscriptions import filters, management
from bot.subscriptions.filters import EXAMPLE
from bot.types import Subscription
from extract.types import Incident, Place, Severity

PREVIEW_DAYS = 30
ASK_NAME = mark("What is it called? Answer with a name, or with “off” for none.")
ASK_PLACE = mark("Which place? Answer with its name, as in: Karachi")
NO_CENTRE = mark(
    "{place} is an area, with no middle to measure from. Without a radius it counts with all that lies in it, as in: "
    "/subscribe {place}"
)
WHOLE = mark("Without a radius: /subscribe {place}")
PAUSES = {"1d": timedelta(days=1), "7d": timedelta(days=7)}
LEAST = {"any": Severity.UNKNOWN, "moderate": Severity.MODERATE, "severe": Severity.SEVERE, "extreme": Severity.EXTREME}


async def subscribe_(services: Services, caller: Caller, text: str) -> Message:
    """Subscribe at once if the place is clear, else ask which one is meant."""
    if not text:
        return say(t(ASK_PLACE), line(t("With a filter: "), code(EXAMPLE)), asks="Karachi")
    parsed = filters.parse_filter(text, services.kinds)
    now = services.clock()
    if not parsed.name:
        kept = await management.subscribe(services.store, filters.subscription_of(parsed, None, caller.address), now)
        return await subscribed(services, kept)
    options = filters.find_places(parsed.name, services.places)
    if parsed.km is not None:
        _check_centre(services, options[0])
    wanted = [filters.subscription_of(parsed, place, caller.address) for place in options]
    if filters.is_unambiguous(options, services.weight):
        kept = await management.subscribe(services.store, wanted[0], now)
        return await subscribed(services, kept, *options[1:2])
    token = await management.offer(services.store, wanted, caller.address, now)
    return lists.choices(parsed.name, options, token, services.names)


def _check_centre(services: Services, place: Place) -> None:
    """Refuse a radius around what has no middle that means anything.

    Raises:
        ChatError: the place is a country or another wide area, or nobody knows where it lies.
    """
    if filters.is_wide(place, services.extent):
        raise ChatError(t(NO_CENTRE, place=place.name))
    if place.lat is None or place.lon is None:
        raise ChatError(t("I don't know where {place} lies.", place=place.name) + " " + t(WHOLE, place=place.name))


async def pick(services: Services, caller: Caller, arg: str) -> Message:
    """A button: one of several places of a name."""
    token, _, number = arg.partition(" ")
    chosen = int(number) if number.isdigit() else -1
    return await subscribed(
        services, await management.pick(services.store, token, chosen, caller.chat, services.clock())
    )


async def subs(services: Services, caller: Caller, _text: str) -> Message:
    """The subscriptions of this chat or topic."""
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    return lists.subscriptions(mine, services.names)


async def subs_(services: Services, caller: Caller, text: str) -> Message:
    """The subscriptions of this chat or topic that the words mean; of a single one, its menu."""
    if not text:
        return await subs(services, caller, "")
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    found = management.select(mine, text, services.places)
    if len(found) == 1:
        return lists.subscription_menu(found[0], services.names)
    return lists.subscriptions(mine, services.names, only=found)


async def rename(services: Services, caller: Caller, text: str) -> Message:
    """Give a subscription another name."""
    if not text:
        return say(t("Which subscription, and what is it called? As in: /rename 1 Head office, or: /rename 1 off"))
    known = await management.rename(services.store, text, caller.address)
    return lists.subscription_menu(known, services.names)


async def unsubscribe_(services: Services, caller: Caller, text: str) -> Message:
    """End the subscriptions that the words mean; without words, list them with buttons."""
    if not text:
        return await subs(services, caller, "")
    ended = await management.unsubscribe(services.store, text, caller.address, services.places)
    return say(*(t("Ended: {subscription}", subscription=lists.subscription(one, services.names)) for one in ended))


async def end_subscription(services: Services, caller: Caller, arg: str) -> Message:
    """A button: end a subscription."""
    if not arg.isdigit() or not await services.store.write(subscriptions.remove, caller.chat, int(arg)):
        raise ChatError(t("That subscription has ended already."))
    return await subs(services, caller, "")


async def one(services: Services, caller: Caller, arg: str) -> Message:
    """A button: the menu of a subscription; with a word after its number, the action of that word."""
    number, _, word = arg.partition(" ")
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    known = next((wanted for wanted in mine if str(wanted.id) == number), None)
    if known is None:
        raise ChatError(t("That subscription has ended already."))
    if word == "name":
        typed = code(f"/rename {mine.index(known) + 1}")
        return say(t(ASK_NAME), line(typed, " · ", lists.subscription(known, services.names)), asks=t("Its name"))
    if word == "resume":
        known = msgspec.structs.replace(known, paused_until=None)
    elif word in PAUSES:
        known = msgspec.structs.replace(known, paused_until=services.clock() + PAUSES[word])
    elif word in LEAST:
        known = msgspec.structs.replace(known, min_severity=LEAST[word])
    if word:
        await services.store.write(subscriptions.change, known)
    return lists.subscription_menu(known, services.names)


async def subscribed(services: Services, kept: Subscription, *others: Place) -> Message:
    """What was subscribed to, and how many alerts that would have been lately. ``others`` are places of that name."""
    now = services.clock()
    since = now - timedelta(days=PREVIEW_DAYS)
    known = await services.store.read(incidents.latest, kinds=kept.kinds, since=since, limit=queries.LOOKED_AT)
    found = preview(known, kept, contains=services.contains, now=now)
    loud = sum(incident.facts.severity.rank >= services.rules.loud.rank for incident in found)
    return say(
        line(t("Subscribed: "), bold(lists.subscription(kept, services.names))),
        t(
            "In the last {days} days that would have been {incidents}: {loud} with a sound, {silent} without.",
            days=PREVIEW_DAYS,
            incidents=words.incidents(len(found)),
            loud=loud,
            silent=len(found) - loud,
        ),
        *_budget_words(kept, found),
        *(line(t("Meant another? As in: "), code(f"/subscribe {services.names.typed(one)}")) for one in others),
        t("End it with /unsubscribe, see all with /subs."),
    )


def _budget_words(kept: Subscription, found: Sequence[Incident]) -> list[str]:
    """How many of them the limit a day would have held back; [] without a limit."""
    if kept.most_a_day is None:
        return []
    days = Counter(incident.first_seen.date() for incident in found if incident.facts.severity is not Severity.EXTREME)
    over = sum(max(0, n - kept.most_a_day) for n in days.values())
    said = t(
        "Your limit of {limit} a day would have held back {n} of them; /missed lists what it does.",
        limit=kept.most_a_day,
        n=over,
    )
    return [said]
