"""Commands that answer with a map of one incident or of many, and the setting for maps that follow cards."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from bot.alerts.delivery import DrawMap
from bot.commands.base import Caller, Services
from bot.commands.browse import NO_SUCH
from bot.commands.nothing_known import NOTHING, nothing_known
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import in_locale, t, tp
from bot.incidents import queries
from bot.picture.incident_map import MapData, Ring, incident_map, precision_note
from bot.picture.many_map import Marker, many_map
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Attached, Button, Message, bold, italic, line, say
from bot.store import incidents, preferences, subscriptions
from bot.types import Subscription
from extract.geo import distance_km
from extract.types import Incident, Lifecycle, Place, Precision, Severity

MOST_ON_MAP = 500
MAPS = {"off": Severity.UNKNOWN} | {one.value: one for one in Severity if one is not Severity.UNKNOWN}
NOWHERE = translate.mark("It isn't known where that happened, so there is no map of it.")
NO_PLACES = translate.mark("It isn't known where any of them happened.")


async def map_(services: Services, caller: Caller, text: str) -> Message:
    """A map of one incident, by its id or the card replied to; else of those that the words mean, or of the latest."""
    name = text or caller.card
    known = await services.store.read(incidents.resolve, name) if name and " " not in name else None
    if known is not None:
        return await _one(services, caller, known)
    if not text and caller.card:
        raise ChatError(t(NO_SUCH, id=caller.card[:40]))
    place = None
    if text:
        wanted = await queries.wanted_here(services.store, text, services.kinds, services.places, caller.address)
        found = await services.store.read(
            queries.matching, wanted.filters, contains=services.contains, now=services.clock()
        )
        place = wanted.first_place
    else:
        found = await services.store.read(incidents.latest, limit=queries.MOST)
    if not found:
        raise ChatError(await nothing_known(services, place))
    return await _many(services, found, text)


def automatic_map(services: Services) -> DrawMap:
    """Draws the maps that follow cards, in the chat's language; once for all chats for which they look the same."""

    async def draw(name: str, chat: int, thread: int) -> Message | None:
        known = await services.store.read(incidents.resolve, name)
        if known is None or known.lifecycle is Lifecycle.RETRACTED:
            return None
        try:
            return await _one(services, Caller(chat=chat, thread=thread), known)
        except ChatError:  # its place is not known
            return None

    return draw


async def maps(services: Services, caller: Caller, text: str) -> Message:
    """Set the least severity at which a map follows a card automatically, or "off"."""
    word = text.strip().casefold()
    if word and word not in MAPS:
        raise ChatError(t("As in: /maps severe, /maps extreme or /maps off"))
    if word:
        await services.store.write(preferences.set_maps, caller.chat, caller.thread, MAPS[word])
    chosen = await services.store.read(preferences.get, caller.chat, caller.thread)
    rows = (
        Button(t("No maps"), "maps", "off"),
        Button(t("Severe +"), "maps", "severe"),
        Button(t("Extreme"), "maps", "extreme"),
    )
    said = lists.table(t("Maps"), [(t("With a card"), maps_words(chosen.maps))])
    return msgspec.structs.replace(said, buttons=(rows,), is_menu=True)


def maps_words(least: Severity) -> str:
    """When a map follows a card automatically, in words."""
    if least is Severity.UNKNOWN:
        return t("none comes by itself")
    return t("{severity} or worse", severity=tp("severity", least.value))


async def _one(services: Services, caller: Caller, known: Incident) -> Message:
    place, _ = _drawable(services, known.facts.place)
    if place is None or known.facts.place is None:
        raise ChatError(t(NOWHERE))
    wanted = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    _, note = _ring(wanted, known.facts.place)
    with in_locale(translate.picture_locale()):
        drawn = _map_of(services, known, known.facts.place, place, wanted)
        shows = (translate.current().language.code, drawn)
        body = await services.maps.get(shows, lambda: incident_map(drawn, services.atlas))
    lines = [
        line(bold(headline(known, services.names))),
        line(precision(services, known)),
        *([line(note)] if note else []),
    ]
    buttons = ((Button(t("Card"), "card", known.id), Button(t("Evidence"), "ev", known.id)),)
    return _with_file(say(*lines, buttons=buttons), f"tocsin-{known.id}.png", body)


def precision(services: Services, known: Incident) -> str:
    """How precisely the place of an incident is known, in words; empty where there is no map of it."""
    place, is_itself = _drawable(services, known.facts.place)
    if place is None or known.facts.place is None:
        return ""
    return precision_note(place, services.atlas.radius(place)) if is_itself else _shaded(known.facts.place)


def _map_of(services: Services, known: Incident, told: Place, place: Place, wanted: Sequence[Subscription]) -> MapData:
    """What the map shows; ``told`` is the place of the record, ``place`` the area of it that can be drawn."""
    facts, names = known.facts, services.names
    when = words.when(facts.when) or t("first told of on {day}", day=words.day(known.first_told.date()))
    is_retracted = known.lifecycle is Lifecycle.RETRACTED
    state = tp("head", "RETRACTED") if is_retracted else words.severity(facts.severity)
    return MapData(
        place=place,
        severity=facts.severity,
        title=" · ".join(part for part in (state, names.kind(facts.kind)) if part),
        subtitle=f"{names.long_place(told)} · {when}",
        ring=_ring(wanted, told)[0],
        note="" if place == told else _shaded(told),
    )


def _shaded(place: Place) -> str:
    return t("{place} lies in the shaded area; where exactly isn't known.", place=place.name)


def _drawable(services: Services, place: Place | None) -> tuple[Place | None, bool]:
    """The place if it has coordinates, else the smallest area around it that has; and whether it is the place."""
    if place is None or (place.lat is not None and place.lon is not None):
        return place, True
    country = services.names.country(place.country) if place.country else None
    levels = ((place.admin1, Precision.PROVINCE), (country, Precision.COUNTRY))
    for name, precision in levels:
        said = ", ".join(dict.fromkeys(part for part in (name, country) if part))
        for found in services.places.search(said) if name else ():
            if found.precision is precision and found.country == place.country and found.lat is not None:
                return found, False
    return None, False


def _ring(wanted: Sequence[Subscription], place: Place) -> tuple[Ring | None, str]:
    """The smallest subscribed circle that contains the place, and a note on the distance to its centre."""
    if place.lat is None or place.lon is None or place.precision.is_area:
        return None, ""
    for one in sorted((one for one in wanted if one.km and one.place), key=lambda one: one.km or 0):
        at = one.place
        if at is None or one.km is None or at.lat is None or at.lon is None:
            continue
        km = distance_km(at.lat, at.lon, place.lat, place.lon)
        if km <= one.km:
            label = t("{km} km around {place}", km=one.km, place=at.name)
            note = t(
                "Dashed: your {circle}; {place} is about {km} km from its middle.",
                circle=label,
                place=place.name,
                km=round(km),
            )
            return Ring(at.lat, at.lon, one.km, label), note
    return None, ""


async def _many(services: Services, found: Sequence[Incident], text: str) -> Message:
    shown = [one for one in found if one.lifecycle is not Lifecycle.RETRACTED][:MOST_ON_MAP]
    placed = [
        Marker(one.facts.place, one.facts.severity)
        for one in shown
        if one.facts.place is not None and one.facts.place.lat is not None
    ]
    if not placed:
        raise ChatError(t(NO_PLACES) if shown else t(NOTHING))
    days = sorted(one.facts.when.first_day if one.facts.when else one.first_told.date() for one in shown)

    def heads() -> tuple[str, str]:
        title = t("Latest: {words}", words=text) if text else t("Latest")
        return f"{title} · {words.incidents(len(placed))}", words.days(days[0], days[-1])

    with in_locale(translate.picture_locale()):
        title, subtitle = heads()
        body = await asyncio.to_thread(many_map, placed, services.atlas, title=title, subtitle=subtitle)
    head, span = heads()
    lines = [line(bold(head)), line(span), line(_most(placed, services))]
    missing = len(shown) - len(placed)
    lines += (
        [line(italic(t("{n} more can't be shown: where they happened isn't known.", n=missing)))] if missing else []
    )
    return _with_file(say(*lines), "tocsin-map.png", body)


def _most(placed: Sequence[Marker], services: Services) -> str:
    """The places with the most incidents, in words."""
    counts: dict[str, int] = {}
    for mark in placed:
        name = services.names.place(mark.place)
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{name} {number}" for name, number in ranked[:5]]
    rest = len(placed) - sum(number for _, number in ranked[:5])
    return translate.joined_clauses([*parts, *([t("elsewhere {n}", n=rest)] if rest else [])])


def _with_file(message: Message, name: str, body: bytes) -> Message:
    return msgspec.structs.replace(message, file=Attached(name, body))
