"""Commands that show incidents: latest, near, search, one with its evidence and history, as of a time, as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.commands import location
from bot.commands.base import Caller, Services
from bot.commands.nothing_known import nothing_known
from bot.errors import ChatError
from bot.export import FORMATS
from bot.export.frame import Frame
from bot.i18n.translate import mark, t, tn
from bot.incidents import queries
from bot.questions import moments
from bot.render import evidence, lists, words
from bot.render.card import card
from bot.render.message import Attached, Message, line, moment, say, sentence
from bot.render.stored_values import decision_reason
from bot.store import acknowledgements, amendments, articles, incidents, source_reliability, sources, subscriptions
from bot.subscriptions import filters as subscription_filters
from bot.subscriptions import parsing
from bot.subscriptions import places as named_places
from bot.subscriptions.places import Named
from extract.types import Incident, Place

NEAR_KM = 100.0
MOST_TEXTS = 40
MOST_EXPORTED = 5000
AS_OF_SPAN = timedelta(days=30)
NO_SUCH = mark("There is no incident “{id}”. /latest shows what there is.")


async def latest(services: Services, caller: Caller, text: str, start: int = 0) -> Message:
    """The newest incidents, of places or kinds if some are given."""
    pages = lists.Pages("latest", text, start)
    if not text:
        found = await services.store.read(incidents.latest, limit=queries.MOST)
        nothing = "" if found else await nothing_known(services, None)
        return lists.incidents(t("Latest"), found, services.names, nothing=nothing, pages=pages)
    wanted = await queries.wanted_here(services.store, text, services.kinds, services.places, caller.address)
    found = await services.store.read(
        queries.matching, wanted.filters, contains=services.contains, now=services.clock()
    )
    said = "; ".join(lists.subscription(one, services.names) for one in wanted.filters)
    nothing = "" if found else f"{said}: {await nothing_known(services, wanted.first_place)}"
    shown = lists.incidents(f"{t('Latest')} · {said}", found, services.names, nothing=nothing, pages=pages)
    return _with_others(services, shown, "latest", wanted.named)


def _with_others(services: Services, said: Message, command: str, named: Sequence[Named]) -> Message:
    """A message with the next likeliest places of each name that is not certain, as commands to type."""
    unclear = [one.meant.options for one in named if not one.meant.certain]
    others = [other for options in unclear for other in lists.other_places(options, command, services.names)]
    return msgspec.structs.replace(said, blocks=(*said.blocks, *say(*others).blocks)) if others else said


async def page(services: Services, caller: Caller, text: str) -> Message:
    """Another page of a list; the text is the command, the index of the first incident, and the command's words."""
    command, start, words_ = (*text.split(" ", 2), "", "")[:3]
    turn = {"latest": latest, "search": search}.get(command)
    if turn is None or not start.isdecimal():
        raise ChatError(t("That button no longer works."))
    return await turn(services, caller, words_, int(start))


async def near(services: Services, caller: Caller, text: str) -> Message:
    """Incidents around a place; of a country or another wide area those in it."""
    parsed = parsing.parse_filter(text, services.kinds, services.places)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    named = named_places.of_filter(parsed, services.places, named_places.home_of(mine))
    if not named:
        raise ChatError(t("Near what? As in: /near Karachi 50km"))
    if named[0].meant.is_here:
        return await location.here(services, caller, "")
    centre = named[0].first
    if named[0].meant.km is None and subscription_filters.is_wide(centre, services.extent):
        return await latest(services, caller, text)
    if centre.lat is None or centre.lon is None:
        raise ChatError(t("I don't know where {place} lies.", place=centre.name))
    label = services.names.place(centre)
    km = named[0].meant.km or NEAR_KM
    found = await near_point(services, centre.lat, centre.lon, km=km, label=label, place=centre)
    return _with_others(services, found, "near", named[:1])


async def near_point(
    services: Services, lat: float, lon: float, *, km: float, label: str, place: Place | None = None
) -> Message:
    """Incidents around a point, which is that of ``place`` if it is given; the point isn't stored."""
    found = await queries.near(services.store, lat, lon, km)
    nothing = t("No incidents are known within {km} km of {place}.", km=km, place=label)
    nothing = nothing if found else await nothing_known(services, place, nothing)
    title = t("Within {km} km of {place}", km=km, place=label)
    return lists.incidents(title, found, services.names, nothing=nothing)


async def export(services: Services, caller: Caller, text: str) -> Message:
    """Incidents as a file, with the words of /latest as filters."""
    form, _, rest = text.partition(" ")
    chosen = FORMATS.get(form.casefold())
    if chosen is None:
        raise ChatError(
            t("In which format? One of {formats}, as in: /export csv Karachi bombing", formats=", ".join(FORMATS))
        )
    wanted = await queries.wanted_here(services.store, rest, services.kinds, services.places, caller.address)
    found = await services.store.read(
        queries.matching, wanted.filters, contains=services.contains, now=services.clock(), limit=MOST_EXPORTED
    )
    if not found:
        raise ChatError(await nothing_known(services, wanted.first_place))
    made = await services.store.read(incidents.version_times, [one.id for one in found])
    body = await asyncio.to_thread(chosen.write, found[::-1], Frame(made=made))
    said = say(tn("{n} incident as {format}.", "{n} incidents as {format}.", len(found), format=form.casefold()))
    return msgspec.structs.replace(said, file=Attached(f"tocsin-incidents.{chosen.suffix}", body))


async def search(services: Services, caller: Caller, text: str, start: int = 0) -> Message:
    """Incidents by words, place and kind."""
    if not text:
        raise ChatError(t("Search for what? As in: /search market bombing Lahore"))
    found = await queries.search(
        services.store,
        text,
        kinds=services.kinds,
        places=services.places,
        contains=services.contains,
        now=services.clock(),
        address=caller.address,
    )
    pages = lists.Pages("search", text, start)
    title, nothing = t("Found: {n}", n=len(found)), t("Nothing is known about that.")
    if not found:
        place = queries.wanted(text, services.kinds, services.places).first_place
        nothing = await nothing_known(services, place, nothing)
    return lists.incidents(title, found, services.names, nothing=nothing, pages=pages)


async def incident(services: Services, caller: Caller, text: str) -> Message:
    """The card of one incident."""
    known = await find(services, caller, text)
    seen = await services.store.read(acknowledgements.get, caller.chat, caller.thread, known.id)
    return card(known, services.names, seen=seen, loud=services.rules.loud)


async def evidence_(services: Services, caller: Caller, text: str) -> Message:
    """The facts of an incident with the quotes they come from."""
    known = await find(services, caller, text)
    texts = await services.store.read(articles.texts, [article.id for article in known.articles[:MOST_TEXTS]])
    read = await services.store.read(sources.listing)
    outlets = {name.casefold(): state.source for state in read for name in state.source.names}
    records = await services.store.read(source_reliability.of, {article.source for article in known.articles})
    page = f"{services.pages}{known.id}" if services.pages else ""
    return evidence.evidence(known, services.names, texts, outlets, records, page=page)


async def why(services: Services, caller: Caller, text: str) -> Message:
    """The versions of an incident, and why each report belongs to it."""
    known = await find(services, caller, text)
    versions = await services.store.read(incidents.versions, known.id)
    decided = await services.store.read(incidents.decisions, incident=known.id)
    amended = await services.store.read(amendments.of, known.id)
    said = evidence.why(known, versions, decided, services.names, amended)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    now = services.clock()
    found = await services.store.read(
        queries.verdicts, known, mine, contains=services.contains, now=now, reached=services.rules.reached
    )
    asking = [one for one, match in zip(mine, found, strict=True) if match.yes]
    return msgspec.structs.replace(said, blocks=(*said.blocks, *lists.asking(asking, services.names)))


async def as_of(services: Services, caller: Caller, text: str) -> Message:
    """What was known at a time: of one incident, or of all of the 30 days before."""
    at, rest = moments.read(text, services.clock())
    if at is None:
        raise ChatError(t("At what time? As in: /asof 2026-03-01 18:30 Karachi (times in UTC), or: /asof 2h ago"))
    name = rest or caller.card
    known = await services.store.read(incidents.version_as_of, name, at) if name and " " not in name else None
    if known is not None:
        shown = card(known, services.names)
        note = say(
            line(*(msgspec.structs.replace(one, italic=True) for one in sentence("As known on {at}:", at=moment(at))))
        )
        return Message((*note.blocks, *shown.blocks), shown.buttons)
    found = await services.store.read(incidents.as_of, at, since=at - AS_OF_SPAN)
    if rest:
        wanted = await queries.wanted_here(services.store, rest, services.kinds, services.places, caller.address)
        found = await services.store.read(queries.among, found, wanted.filters, contains=services.contains, now=at)
    title = t("As known on {time}", time=words.clock(at))
    return lists.incidents(title, found[::-1], services.names, nothing=t("Nothing of that was known then."))


async def _of_article(services: Services, name: str) -> Incident | None:
    """The incident that an article (its id or link) reports; None if the article is unknown.

    Raises:
        ChatError: it reports no incident; the text says why.
    """
    stored = await services.store.read(articles.find, name)
    if stored is None:
        return None
    told = await services.store.read(incidents.reports_of, stored.article.id)
    if told:
        return await services.store.read(incidents.resolve, told[0][1])
    decided = await services.store.read(incidents.decisions, article=stored.article.id)
    reason = decision_reason(decided[-1].decision) if decided else ""
    why = reason or t("as far as I can tell it reports no current incident")
    read = words.clock(stored.first_seen)
    raise ChatError(t("That article was read on {time} and told to nobody: {why}.", time=read, why=why))


async def find(services: Services, caller: Caller, text: str, *, articles_too: bool = False) -> Incident:
    """The incident of this id or, with ``articles_too``, of this article; without a text, of the card replied to.

    Raises:
        ChatError: there is none.
    """
    name = text.strip() or caller.card
    if not name:
        raise ChatError(t("Which incident? Answer its card with the command, or give its id."))
    known = await services.store.read(incidents.resolve, name)
    if known is None and articles_too:
        known = await _of_article(services, name)
    if known is None and "://" in name:
        raise ChatError(t("I have not read that article. /sources lists what I read."))
    if known is None:
        raise ChatError(t(NO_SUCH, id=name[:40]))
    return known
