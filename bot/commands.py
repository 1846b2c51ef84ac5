"""Which commands there are, for chat and terminal alike: name, help, who may, and what answers.

A handler gets the services, the caller and the words after the command, and gives a message to render.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot import queries, subscribe
from bot.errors import ChatError
from bot.ingest import preview
from bot.render import evidence, lists, words
from bot.render.card import card
from bot.render.message import Message, bold, code, italic, line, say
from bot.render.words import Names
from bot.route import Holds
from bot.store import Store, cards, chats, incidents, numbers, sources, subscriptions
from bot.subscribe import EXAMPLE, Address, Places
from bot.types import Source, Subscription
from extract.kinds import Kinds
from extract.types import Incident, Place

NEAR_KM = 100.0
PREVIEW_DAYS = 30
ASK_PLACE = "Which place? Answer with its name, as in: Karachi"
NOT_EMERGENCY = "This is no emergency service: it tells what news outlets report, and it can be late or wrong."
NO_SUCH = "There is no incident {}. /latest shows what there is."


class Role(StrEnum):
    """Who may use a command."""

    ANYONE = "anyone"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who speaks, and where. ``is_manager``: may change this chat's settings; ``is_admin``: runs the service."""

    chat: int
    thread: int = 0
    kind: str = "private"
    is_manager: bool = True
    is_admin: bool = False
    card: str = ""

    @property
    def address(self) -> Address:
        """Where this caller's subscriptions belong."""
        return Address(chat=self.chat, thread=self.thread)


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers work with. ``add_source`` checks an address and keeps it; it raises ChatError."""

    store: Store
    kinds: Kinds
    places: Places
    weight: Callable[[Place], int]
    holds: Holds
    names: Names
    clock: Callable[[], datetime]
    add_source: Callable[[str], Awaitable[Source]]


Handler = Callable[[Services, Caller, str], Awaitable[Message]]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. ``args`` shows how it is written, ``help`` what it does; both are read by people."""

    name: str
    args: str
    help: str
    handle: Handler
    role: Role = Role.ANYONE


async def start(_services: Services, _caller: Caller, _text: str) -> Message:
    """One screen: what this does, and the first step."""
    return say(
        line(bold("Tocsin tells you about incidents in the places you care about.")),
        "One message per incident, kept up to date, with the evidence one tap away.",
        "",
        line("Begin: ", code("/subscribe Karachi"), " · or near a town: ", code("/subscribe Naples, Italy 50km")),
        line("More exactly: ", code(EXAMPLE)),
        "All commands: /help · What is kept about you: /privacy",
        "",
        line(italic(NOT_EMERGENCY)),
    )


async def help_(_services: Services, caller: Caller, _text: str) -> Message:
    """All commands that this caller may use."""
    usable = [one for one in COMMANDS.values() if one.role is not Role.ADMIN or caller.is_admin]
    lines = [line(bold(f"/{one.name} {one.args}".strip()), f": {one.help}") for one in usable]
    return say(*lines, line(italic(NOT_EMERGENCY)))


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


async def latest(services: Services, _caller: Caller, text: str) -> Message:
    """The newest incidents, of a place or kind if one is given."""
    if text:
        filters = queries.wanted(text, services.kinds, services.places)
        found = await services.store.read(queries.matching, filters, holds=services.holds, now=services.clock())
    else:
        found = await services.store.read(incidents.latest, limit=queries.MOST)
    return lists.incidents("Latest", found, services.names, nothing="No incidents are known for that yet.")


async def near(services: Services, _caller: Caller, text: str) -> Message:
    """Incidents around a place."""
    if not text:
        raise ChatError("Near what? As in: /near Karachi 50km")
    wish = subscribe.understand(text, services.kinds)
    if not wish.name:
        raise ChatError("Near what? As in: /near Karachi 50km")
    centre = subscribe.find_places(wish.name, services.places)[0]
    if centre.lat is None or centre.lon is None:
        raise ChatError(f"I don't know where {centre.name} lies.")
    return await near_point(services, centre.lat, centre.lon, km=wish.km or NEAR_KM, label=services.names.place(centre))


async def near_point(services: Services, lat: float, lon: float, *, km: float, label: str) -> Message:
    """Incidents around a point; the point isn't kept."""
    found = await queries.near(services.store, lat, lon, km)
    nothing = f"No incidents are known within {km:g} km of {label}."
    return lists.incidents(f"Within {km:g} km of {label}", found, services.names, nothing=nothing)


async def search(services: Services, _caller: Caller, text: str) -> Message:
    """Incidents by words, place and kind."""
    if not text:
        raise ChatError("Search for what? As in: /search market bombing Lahore")
    found = await queries.search(
        services.store,
        text,
        kinds=services.kinds,
        places=services.places,
        holds=services.holds,
        now=services.clock(),
    )
    return lists.incidents(f"Found: {len(found)}", found, services.names, nothing="Nothing is known about that.")


async def incident(services: Services, caller: Caller, text: str) -> Message:
    """The card of one incident."""
    known = await _incident(services, caller, text)
    versions = await services.store.read(incidents.versions, known.id)
    return card(known, versions[-1].change if versions else None, services.names)


async def evidence_(services: Services, caller: Caller, text: str) -> Message:
    """Each fact of an incident with its quote."""
    return evidence.evidence(await _incident(services, caller, text), services.names)


async def why(services: Services, caller: Caller, text: str) -> Message:
    """How an incident's record grew and why each report belongs to it."""
    known = await _incident(services, caller, text)
    versions = await services.store.read(incidents.versions, known.id)
    decided = await services.store.read(incidents.decisions, incident=known.id)
    return evidence.why(known, versions, decided, services.names)


async def mute(services: Services, caller: Caller, arg: str) -> Message:
    """No sound about an incident for a day; its messages still come."""
    known = await _incident(services, caller, arg)
    until = services.clock() + timedelta(hours=24)
    await services.store.write(chats.mute, caller.chat, caller.thread, known.id, until=until)
    return say(f"Muted until {words.clock(until)}: what comes about this incident makes no sound.")


async def sources_(services: Services, caller: Caller, _text: str) -> Message:
    """What is read."""
    return lists.sources(await services.store.read(sources.listing), details=caller.is_admin)


async def add_source(services: Services, _caller: Caller, text: str) -> Message:
    """Check an address and begin to read it."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError("One address, as in: /addsource https://news.example/feed.xml")
    source = await services.add_source(url)
    return say(line("Added: ", source.url), "What it shows now is history; what comes next is alerted.")


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Stop reading a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError("That address is no source. /sources lists them.")
    return say(f"Removed: {text.strip()}", "A source of the configuration file comes back at the next start.")


async def status(services: Services, caller: Caller, _text: str) -> Message:
    """How the service is doing; an operator sees the problems too."""
    state = await services.store.read(queries.health)
    rows = [
        ("Sources", f"{len(state.sources)}, failing {len(state.failing)}"),
        ("Incidents", str(state.totals.get("incidents", 0))),
        ("Articles", f"{state.totals.get('done', 0)} read, {state.totals.get('waiting', 0)} waiting"),
    ]
    if not caller.is_admin:
        return lists.table("Status", rows)
    rows += [("Articles set aside", str(state.totals.get("failed", 0))), ("Subscriptions", str(state.subscriptions))]
    rows += [(f"Chats {name}", str(n)) for name, n in sorted(state.chats.items())]
    rows += [(f"Alerts {name}", str(n)) for name, n in sorted(state.alerts.items())]
    rows += [(name.replace("_", " ").capitalize(), str(n)) for name, n in state.counters.items()]
    rows += [(f"Problem {one.ref}", f"{words.clock(one.at)}: {one.place}: {one.what[:120]}") for one in state.problems]
    return lists.table("Status", rows)


async def privacy(_services: Services, _caller: Caller, _text: str) -> Message:
    """What is kept about a chat."""
    return say(
        line(bold("What is kept about you")),
        "The number and kind of this chat, its subscriptions, which cards it was sent, what is muted.",
        "No names, no messages, no locations: a command's words are wiped as soon as it has been answered.",
        "Nothing is passed on. /forget_me deletes all of it at once.",
    )


async def forget_me(services: Services, caller: Caller, _text: str) -> Message:
    """Leave no row about this chat."""
    await services.store.write(chats.forget, caller.chat)
    return say("Everything about this chat has been deleted. Nothing more will be sent.")


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


async def _incident(services: Services, caller: Caller, text: str) -> Incident:
    """The incident of this id, else the one whose card was answered."""
    name = text.strip() or caller.card
    if not name:
        raise ChatError("Which incident? Answer its card with the command, or give its id.")
    known = await services.store.read(incidents.get, name)
    if known is None:
        raise ChatError(NO_SUCH.format(f"“{name[:40]}”"))
    return known


COMMANDS = {
    one.name: one
    for one in (
        Command(name="start", args="", help="what this is, and the first step", handle=start),
        Command(name="help", args="", help="all commands", handle=help_),
        Command(
            name="subscribe",
            args="PLACE [50km] [kind] [severe] [+word] [-word]",
            help="be told about incidents in a place",
            handle=subscribe_,
            role=Role.MANAGER,
        ),
        Command(name="subs", args="", help="this chat's subscriptions", handle=subs),
        Command(
            name="unsubscribe",
            args="[PLACE or number]",
            help="end a subscription",
            handle=unsubscribe_,
            role=Role.MANAGER,
        ),
        Command(name="latest", args="[place or kind]", help="the newest incidents", handle=latest),
        Command(name="near", args="PLACE [50km]", help="incidents around a place", handle=near),
        Command(name="search", args="WORDS", help="incidents by words, place and kind", handle=search),
        Command(name="incident", args="ID", help="one incident's card", handle=incident),
        Command(name="evidence", args="ID", help="the quotes behind each fact", handle=evidence_),
        Command(name="why", args="ID", help="how an incident's record came about", handle=why),
        Command(name="sources", args="", help="what is read", handle=sources_),
        Command(name="addsource", args="URL", help="read another feed", handle=add_source, role=Role.ADMIN),
        Command(name="rmsource", args="URL", help="stop reading a feed", handle=remove_source, role=Role.ADMIN),
        Command(name="status", args="", help="how the service is doing", handle=status),
        Command(name="privacy", args="", help="what is kept about you", handle=privacy),
        Command(
            name="forget_me", args="", help="delete everything about this chat", handle=forget_me, role=Role.MANAGER
        ),
    )
}
# what a tap on a button does, by the button's verb
TAPS = {
    one.name: one
    for one in (
        Command(name="ev", args="", help="", handle=evidence_),
        Command(name="why", args="", help="", handle=why),
        Command(name="card", args="", help="", handle=incident),
        Command(name="subs", args="", help="", handle=subs),
        Command(name="mute", args="", help="", handle=mute, role=Role.MANAGER),
        Command(name="unsub", args="", help="", handle=end_subscription, role=Role.MANAGER),
        Command(name="pick", args="", help="", handle=pick, role=Role.MANAGER),
    )
}
_REFUSALS = {
    Role.MANAGER: "Only this chat's administrators may do that.",
    Role.ADMIN: "Only the service's administrators may do that.",
}


async def answer(services: Services, caller: Caller, command: Command, text: str) -> Message:
    """The answer to a command. Who may not use it is told so.

    Raises:
        ChatError: the command can't be carried out; the text is for the person.
    """
    allowed = {Role.ANYONE: True, Role.MANAGER: caller.is_manager, Role.ADMIN: caller.is_admin}
    if not allowed[command.role]:
        raise ChatError(_REFUSALS[command.role])
    return await command.handle(services, caller, text)


async def meet(services: Services, caller: Caller) -> Caller:
    """Make the caller's chat known, so that it can be written to."""
    await services.store.write(chats.touch, caller.chat, caller.kind, services.clock())
    return caller


async def report_bug(services: Services, place: str, error: Exception, ref: str) -> None:
    """Count something unexpected under the reference the person was given."""
    await services.store.write(numbers.problem, ref, place, type(error).__name__, services.clock())


async def card_of_message(services: Services, chat: int, message_id: int) -> str:
    """The incident that a message is the card of; empty where it is none."""
    known = await services.store.read(cards.by_message, chat, message_id)
    return known.incident if known else ""
