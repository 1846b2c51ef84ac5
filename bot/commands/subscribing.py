"""Commands about subscriptions: subscribe, list, rename, pause, end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.commands import location
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.incidents import queries
from bot.questions import coverage
from bot.render import lists, words
from bot.render.message import Line, Message, bold, code, line, say
from bot.store import sources, subscriptions
from bot.subscriptions import filters, management, parsing
from bot.subscriptions import places as named_places
from bot.subscriptions.filters import EXAMPLE, ParsedFilter
from bot.subscriptions.places import Named
from bot.types import Subscription
from extract.places.containment import is_quarter
from extract.types import Incident, Place, Severity

PREVIEW_DAYS = 30
# how long the area around a shared location is kept
CELL_DAYS = 30
ASK_NAME = mark("What is it called? Answer with a name, or with “off” for none.")
ASK_PLACE = mark("Which place? Answer with its name, as in: Karachi")
NO_CENTRE = mark(
    "{place} is an area, with no middle to measure from. Without a radius it counts with all that lies in it, as in: "
    "/subscribe {place}"
)
WHOLE = mark("Without a radius: /subscribe {place}")
END_ALL = "/unsubscribe everywhere"
PAUSES = {"1d": timedelta(days=1), "7d": timedelta(days=7)}
LEAST = {"any": Severity.UNKNOWN, "moderate": Severity.MODERATE, "severe": Severity.SEVERE, "extreme": Severity.EXTREME}


async def subscribe_(services: Services, caller: Caller, text: str) -> Message:
    """Subscribe at once to each place that is clear, and ask which one is meant for one that is not."""
    parsed = parsing.parse_filter(text, services.kinds, services.places)
    if parsed.says_nothing:
        return say(t(ASK_PLACE), line(t("With a filter: "), code(EXAMPLE)), asks="Karachi")
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    home = named_places.home_of(mine)
    named = named_places.of_filter(parsed, services.places, home)
    if any(one.meant.is_here for one in named):
        return await location.here(services, caller, "")
    left_out = named_places.left_out(parsed, services.places, home | queries.countries_of(named))
    if parsed.called and len(named) > 1:
        raise ChatError(t("Name one place at a time, as in: /subscribe Karachi called Home"))
    for one in named:
        if one.meant.km is not None:
            _check_centre(services, one.first)
    clear = [one for one in named if one.meant.certain]
    wanted = [_wanted(parsed, one, one.first, caller, left_out) for one in clear]
    if not named:
        wanted = [filters.subscription_of(parsed, None, caller.address, without_places=left_out)]
    kept = await management.subscribe_all(services.store, wanted, services.clock())
    said = [await subscribed(services, *kept, named=clear)] if kept else []
    if kept and named and any(one == Subscription(id=one.id, chat=one.chat, thread=one.thread) for one in mine):
        said.append(say(line(t("This chat gets everything from everywhere too; to end that: "), code(END_ALL))))
    return _joined([*said, *[await _ask_which(services, caller, parsed, one, left_out) for one in _unclear(named)]])


def _unclear(named: Sequence[Named]) -> list[Named]:
    """The first of the names that are not clear: one question at a time."""
    return [one for one in named if not one.meant.certain][:1]


def _wanted(
    parsed: ParsedFilter, one: Named, place: Place, caller: Caller, left_out: tuple[Place, ...]
) -> Subscription:
    return filters.subscription_of(parsed, place, caller.address, km=one.meant.km, without_places=left_out)


async def _ask_which(
    services: Services, caller: Caller, parsed: ParsedFilter, one: Named, left_out: tuple[Place, ...]
) -> Message:
    options = one.meant.options
    offered = [_wanted(parsed, one, place, caller, left_out) for place in options]
    token = await management.offer(services.store, offered, caller.address, services.clock())
    return lists.choices(one.name, options, token, services.names, misspelt=one.meant.misspelt)


def _joined(said: Sequence[Message]) -> Message:
    """Several messages as one, with the buttons of the last."""
    return msgspec.structs.replace(said[-1], blocks=tuple(block for one in said for block in one.blocks))


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
    elif word == "renew" and known.ends is not None:
        known = msgspec.structs.replace(known, ends=services.clock() + timedelta(days=CELL_DAYS))
    elif word in LEAST:
        known = msgspec.structs.replace(known, min_severity=LEAST[word])
    if word:
        await services.store.write(subscriptions.change, known)
    return lists.subscription_menu(known, services.names)


async def subscribed(services: Services, *kept: Subscription, named: Sequence[Named] = ()) -> Message:
    """What was subscribed to, and how many alerts that would have been lately; ``named``: how its places were typed."""
    now = services.clock()
    since = now - timedelta(days=PREVIEW_DAYS)
    found = await services.store.read(queries.matching, kept, contains=services.contains, now=now, since=since)
    loud = sum(incident.facts.severity.rank >= services.rules.loud.rank for incident in found)
    return say(
        *(line(t("Subscribed: "), bold(lists.subscription(one, services.names))) for one in kept),
        *_misspelt_words(services, named),
        *_quarter_words(kept),
        t(
            "In the last {days} days that would have been {incidents}: {loud} with a sound, {silent} without.",
            days=PREVIEW_DAYS,
            incidents=words.incidents(len(found)),
            loud=loud,
            silent=len(found) - loud,
        ),
        *(text for one in kept for text in _budget_words(one, found)),
        *_other_words(services, named),
        *await _uncovered_words(services, kept),
        t("End it with /unsubscribe, see all with /subs."),
    )


async def _uncovered_words(services: Services, kept: Sequence[Subscription]) -> list[str]:
    """A warning for each place of which no source is read, or that no source at all is."""
    states = await services.store.read(sources.listing)
    if not states:
        return [t("No source is read here yet, so nothing can come until one is: /addsource adds one.")]
    places = [one.place for one in kept if one.place is not None]
    return [
        t("No source of {place} is read here, so hardly anything can come.", place=services.names.place(place))
        for place in places
        if not coverage.covering(states, [place], services.extent)
    ]


def _misspelt_words(services: Services, named: Sequence[Named]) -> list[str]:
    return [
        t("I read “{typed}” as {place}.", typed=management.quoted(one.name), place=services.names.place(one.first))
        for one in named
        if one.meant.misspelt
    ]


def _are_one(first: Place, second: Place) -> bool:
    """Are both the whole of one name, such as the continent and the country Antarctica?"""
    are_wide = first.precision.is_area and second.precision.is_area and not first.admin1 and not second.admin1
    return are_wide and first.name == second.name and None in (first.country, second.country)


def _other_words(services: Services, named: Sequence[Named]) -> list[Line]:
    """The next likeliest place of each name, with the command for it."""
    asked = [one.choices for one in named if len(one.choices) > 1 and not _are_one(*one.choices[:2])]
    others = [lists.typed_choices(choices, services.names)[1] for choices in asked]
    return [line(t("Meant another? As in: "), code(f"/subscribe {one}")) for one in others]


def _quarter_words(kept: Sequence[Subscription]) -> list[str]:
    """For quarters of towns: that what is told of the town only comes too."""
    return [
        t("What is reported of {town} without a quarter comes too.", town=one.place.admin1 or "")
        for one in kept
        if one.place is not None and one.km is None and is_quarter(one.place)
    ]


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
