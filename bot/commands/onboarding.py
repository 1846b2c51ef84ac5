"""Commands for the first steps: the start screen and a first subscription in three taps."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from bot.commands import browse, sharing, subscribing
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.message import Button, Message, bold, code, italic, line, say
from bot.render.words import SHARED_PLACE
from bot.store import incidents
from bot.subscriptions import filters, management
from bot.types import Subscription
from extract.types import Place, Precision

NOT_EMERGENCY = mark("This is no emergency service: it tells what news outlets report, and it can be late or wrong.")
NO_BUTTON = mark("That button no longer works.")
COUNTRIES_SHOWN = 12
BUSY_DAYS = 30
SHOWN_KM = 50.0
# a shared location is rounded to this many decimals of a degree (about 11 km)
CELL_DECIMALS = 1
RADII = (25, 50, 100)


async def start(services: Services, caller: Caller, text: str) -> Message:
    """The start screen: what this does and three ways to begin; or what a shared link leads to."""
    kind, _, name = text.partition("_")
    if kind == "s" and name:
        return await browse.incident(services, caller, name)
    if kind == "sub" and name:
        return await sharing.shared_filter(services, caller, name)
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


async def around(services: Services, lat: float, lon: float) -> Message:
    """Incidents around a shared point, and buttons to subscribe to its area; the point itself is not stored."""
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
        chat=caller.chat, thread=caller.thread, place=place, km=km, ends=now + timedelta(days=subscribing.CELL_DAYS)
    )
    kept = await management.subscribe(services.store, wanted, now)
    said = await subscribing.subscribed(services, kept)
    more = line(
        t(
            "It ends after {n} days unless you share your location again; I say so the day before.",
            n=subscribing.CELL_DAYS,
        )
    )
    return say(*said.blocks[0].lines, more)


async def countries(services: Services, _caller: Caller, _text: str) -> Message:
    """Buttons for the countries with the most incidents lately."""
    since = services.clock() - timedelta(days=BUSY_DAYS)
    found = await services.store.read(incidents.latest, since=since, limit=2000)
    busy = Counter(one.facts.place.country for one in found if one.facts.place and one.facts.place.country)
    codes = [name for name, _ in busy.most_common(COUNTRIES_SHOWN)]
    made = [Button(services.names.country_name(one), "country", one) for one in codes]
    rows = tuple(tuple(made[at : at + 3]) for at in range(0, len(made), 3))
    return say(t("Which country? Choose one, or type any other:"), line(code("/subscribe Kenya")), buttons=rows)


async def country(services: Services, caller: Caller, text: str) -> Message:
    """Subscribe to the country of a button."""
    name = services.names.country(text)
    if not name:
        raise ChatError(t(NO_BUTTON))
    found = (one for one in services.places.search(name) if one.precision is Precision.COUNTRY and one.country == text)
    place = next(found, None)
    if place is None:
        return await subscribing.subscribe_(services, caller, name)
    wanted = Subscription(chat=caller.chat, thread=caller.thread, place=place)
    kept = await management.subscribe(services.store, wanted, services.clock())
    return await subscribing.subscribed(services, kept)


async def example(services: Services, caller: Caller, _text: str) -> Message:
    """The card of the most severe of the latest incidents, of several the newest."""
    found = await services.store.read(incidents.latest, limit=200)
    if not found:
        raise ChatError(t("No incidents are known yet. They come as the sources are read."))
    best = max(found, key=lambda one: (one.facts.severity.rank, one.last_seen))
    return await browse.incident(services, caller, best.id)


async def elsewhere(_services: Services, _caller: Caller, _text: str) -> Message:
    """Say how to give commands for another chat; ``bot.chat`` handles those given in private."""
    raise ChatError(t("In a private chat with me: /for @yourchannel subscribe Karachi"))
