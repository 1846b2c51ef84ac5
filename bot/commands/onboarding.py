"""The first steps: the opening screen, a first subscription in three taps, links that share, and what is kept."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import msgspec

from bot.commands import browse, subscribing
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render import lists
from bot.render.message import Attached, Button, Message, bold, code, italic, line, say
from bot.render.words import SHARED_PLACE
from bot.store import chats, incidents, subscriptions
from bot.subscriptions import filters
from bot.types import Subscription
from extract.types import Place, Precision

NOT_EMERGENCY = mark("This is no emergency service: it tells what news outlets report, and it can be late or wrong.")
NO_BUTTON = mark("That button no longer works.")
COUNTRIES_SHOWN = 12
BUSY_DAYS = 30
SHOWN_KM = 50.0
# a shared location is kept to this many decimals of a degree (about 11 km), and for so long
CELL_DECIMALS = 1
CELL_DAYS = 30
RADII = (25, 50, 100)


async def start(services: Services, caller: Caller, text: str) -> Message:
    """One screen: what this does, and three ways to begin; or what a shared link leads to."""
    kind, _, name = text.partition("_")
    if kind == "s" and name:
        return await browse.incident(services, caller, name)
    if kind == "sub" and name:
        return await _shared_filter(services, caller, name)
    return say(
        line(bold(t("Tocsin tells you about incidents in the places you care about."))),
        t("One message per incident, kept up to date, with the evidence one tap away."),
        "",
        line(
            t("Begin with a button, or type a place: "),
            code("/subscribe Karachi"),
            " · ",
            code("/subscribe Naples, Italy 50km"),
        ),
        line(t("More exactly: "), code(filters.EXAMPLE)),
        t("All commands: /help · What is kept about you: /privacy"),
        "",
        line(italic(t(NOT_EMERGENCY))),
        buttons=(
            (Button(t("Share my location"), "here"), Button(t("Choose a country"), "countries")),
            (Button(t("See an example"), "example"),),
        ),
    )


async def here(_services: Services, caller: Caller, _text: str) -> Message:
    """Ask for a location: Telegram's own button, in private chats only."""
    if caller.kind != "private":
        raise ChatError(t("Locations can be shared in a private chat only. Here, type a place: /subscribe Karachi"))
    said = say(
        t("Send your location with the button below, or drop a pin anywhere on the map."),
        t("Only the area of about 11 km is kept, for 30 days, and only if you subscribe to it."),
    )
    return msgspec.structs.replace(said, asks_location=True)


async def around(services: Services, lat: float, lon: float) -> Message:
    """What is known around a shared point, and buttons to subscribe to it; the point itself is not kept."""
    found = await browse.near_point(services, lat, lon, km=SHOWN_KM, label=t("there"))
    cell = f"{round(lat, CELL_DECIMALS):.1f} {round(lon, CELL_DECIMALS):.1f}"
    offers = tuple(Button(t("Subscribe: {n} km", n=km), "cell", f"{cell} {km}") for km in RADII)
    return msgspec.structs.replace(found, buttons=(*found.buttons, offers))


async def cell(services: Services, caller: Caller, text: str) -> Message:
    """Subscribe to the area around a shared location, for a month."""
    try:
        lat, lon, km = (float(part) for part in text.split())
        place = Place(name=SHARED_PLACE, lat=lat, lon=lon, precision=Precision.SITE)
    except ValueError as error:
        raise ChatError(t(NO_BUTTON)) from error
    if km not in RADII or abs(lat) > 90 or abs(lon) > 180:
        raise ChatError(t(NO_BUTTON))
    now = services.clock()
    wanted = Subscription(
        chat=caller.chat, thread=caller.thread, place=place, km=km, ends=now + timedelta(days=CELL_DAYS)
    )
    kept = await filters.subscribe(services.store, wanted, now)
    said = await subscribing.subscribed(services, kept)
    more = line(t("It ends after {n} days unless you share your location again.", n=CELL_DAYS))
    return say(*said.blocks[0].lines, more)


async def countries(services: Services, _caller: Caller, _text: str) -> Message:
    """The countries that most was heard of lately, to choose from."""
    since = services.clock() - timedelta(days=BUSY_DAYS)
    found = await services.store.read(incidents.latest, since=since, limit=2000)
    busy = Counter(one.facts.place.country for one in found if one.facts.place and one.facts.place.country)
    codes = [name for name, _ in busy.most_common(COUNTRIES_SHOWN)]
    made = [Button(services.names.country_name(one), "country", one) for one in codes]
    rows = tuple(tuple(made[at : at + 3]) for at in range(0, len(made), 3))
    return say(t("Which country? Choose one, or type any other:"), line(code("/subscribe Kenya")), buttons=rows)


async def country(services: Services, caller: Caller, text: str) -> Message:
    """A tap on a country subscribes to it."""
    name = services.names.country(text)
    if not name:
        raise ChatError(t(NO_BUTTON))
    return await subscribing.subscribe_(services, caller, name)


async def example(services: Services, caller: Caller, _text: str) -> Message:
    """The card of the newest incident that is severe, else of the newest."""
    found = await services.store.read(incidents.latest, limit=200)
    if not found:
        raise ChatError(t("No incidents are known yet. They come as the sources are read."))
    best = max(found, key=lambda one: (one.facts.severity.rank, one.last_seen))
    return await browse.incident(services, caller, best.id)


async def share(services: Services, caller: Caller, text: str) -> Message:
    """A link to an incident, or to this chat's subscription of a number, for others."""
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    shared = [one for one in mine if one.name and filters.alike(one.name) == filters.alike(text)]
    if text.isdecimal() or shared:
        if not shared and not 0 < int(text) <= len(mine):
            raise ChatError(t("Which subscription? By its number in /subs, as in: /share 1"))
        chosen = shared[0] if shared else mine[int(text) - 1]
        wanted = msgspec.structs.replace(chosen, id=0, chat=0, thread=0, paused_until=None, name="")
        token = await filters.offer(services.store, [wanted], caller.address, services.clock(), shared=True)
        named = t("This filter for others: {filter}", filter=lists.subscription(wanted, services.names))
        return say(
            named,
            t("The link works for a week."),
            buttons=((Button(t("Subscribe to the same"), start=f"sub_{token}"),),),
        )
    known = await browse.find(services, caller, text)
    said = await browse.incident(services, caller, known.id)
    return msgspec.structs.replace(said, buttons=((Button(t("Open in the bot"), start=f"s_{known.id}"),),))


async def elsewhere(_services: Services, _caller: Caller, _text: str) -> Message:
    """Commands for another chat are given in private; Telegram's side of the bot reads them there."""
    raise ChatError(t("In a private chat with me: /for @yourchannel subscribe Karachi"))


async def export_me(services: Services, caller: Caller, _text: str) -> Message:
    """Everything that is kept about this chat, as a file."""
    kept = await services.store.read(chats.everything, caller.chat)
    body = json.dumps(kept, indent=2, ensure_ascii=False).encode()
    said = say(t("Everything that is kept about this chat."))
    return msgspec.structs.replace(said, file=Attached("tocsin-about-this-chat.json", body))


async def _shared_filter(services: Services, caller: Caller, token: str) -> Message:
    if not caller.is_manager:
        raise ChatError(t("Only this chat's administrators may subscribe it."))
    wanted = await filters.taken(services.store, token)
    kept = msgspec.structs.replace(wanted, chat=caller.chat, thread=caller.thread)
    return await subscribing.subscribed(services, await filters.subscribe(services.store, kept, services.clock()))
