"""Commands that answer with a picture: a map of one incident or of many, and charts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from bot.alerts.delivery import Draw
from bot.alerts.routing import kilometres, lies_in
from bot.commands.base import Caller, Services
from bot.commands.browse import NO_SUCH, NOTHING
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import in_locale, t, tp
from bot.incidents import queries
from bot.picture.chart import Bucket, Figures, chart
from bot.picture.incident_map import Drawn, Ring, incident_map, said
from bot.picture.many_map import Mark, many_map
from bot.questions import statistics
from bot.questions.statistics import Bin, Span, Unit, Usual
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Attached, Button, Line, Message, bold, italic, line, say
from bot.store import Tx, incidents, preferences, question_queries, subscriptions, time_series
from bot.subscriptions import filters as typed
from bot.subscriptions.filters import Wish
from bot.types import Bounds, Subscription, Tally
from extract.ask import Query, Spot
from extract.types import Frozen, Incident, Lifecycle, Place, Precision, Severity

SILENT = {"killed": translate.mark("killed in {n}"), "injured": translate.mark("injured in {n}")}
PER = {
    Unit.DAY: translate.mark("Incidents a day"),
    Unit.WEEK: translate.mark("Incidents a week"),
    Unit.MONTH: translate.mark("Incidents a month"),
}
MOST_IN = {
    Unit.DAY: translate.mark("Most in a day: {n} ({days})"),
    Unit.WEEK: translate.mark("Most in a week: {n} ({days})"),
    Unit.MONTH: translate.mark("Most in a month: {n} ({days})"),
}
MOST_ON_MAP = 500
MAPS = {"off": Severity.UNKNOWN} | {one.value: one for one in Severity if one is not Severity.UNKNOWN}
MOST_KINDS = 6
NOWHERE = translate.mark("It isn't known where that happened, so there is no map of it.")
NO_PLACES = translate.mark("It isn't known where any of them happened.")


class Counts(Frozen, frozen=True, kw_only=True):
    """What the store says about a span of days."""

    bins: tuple[Bin, ...]
    kinds: tuple[tuple[str, int], ...]
    total: Tally
    usual: Usual


async def map_(services: Services, caller: Caller, text: str) -> Message:
    """A map: of one incident by its id or answered card, else of those that the words mean, else of the latest."""
    name = text or caller.card
    known = await services.store.read(incidents.resolve, name) if name and " " not in name else None
    if known is not None:
        return await _one(services, caller, known)
    if not text and caller.card:
        raise ChatError(t(NO_SUCH, id=caller.card[:40]))
    if text:
        filters = queries.wanted(text, services.kinds, services.places)
        found = await services.store.read(queries.matching, filters, holds=services.holds, now=services.clock())
    else:
        found = await services.store.read(incidents.latest, limit=queries.MOST)
    return await _many(services, found, text)


def by_themselves(services: Services) -> Draw:
    """Draws the maps that follow cards: in the voice of the chat, once for all chats to which it looks the same."""

    async def draw(name: str, chat: int, thread: int) -> Message | None:
        known = await services.store.read(incidents.resolve, name)
        if known is None or known.lifecycle is Lifecycle.RETRACTED:
            return None
        try:
            return await _one(services, Caller(chat=chat, thread=thread), known)
        except ChatError:  # it isn't known where it happened
            return None

    return draw


async def maps(services: Services, caller: Caller, text: str) -> Message:
    """From which severity on a map follows a card by itself, or "off"."""
    word = text.strip().casefold()
    if word and word not in MAPS:
        raise ChatError(t("As in: /maps severe, /maps extreme or /maps off"))
    if word:
        await services.store.write(preferences.want_maps, caller.chat, caller.thread, MAPS[word])
    chosen = await services.store.read(preferences.get, caller.chat, caller.thread)
    rows = (
        Button(t("No maps"), "maps", "off"),
        Button(t("Severe +"), "maps", "severe"),
        Button(t("Extreme"), "maps", "extreme"),
    )
    said = lists.table(t("Maps"), [(t("With a card"), maps_words(chosen.maps))])
    return msgspec.structs.replace(said, buttons=(rows,), is_menu=True)


def maps_words(least: Severity) -> str:
    """When a map comes by itself, in words."""
    if least is Severity.UNKNOWN:
        return t("none comes by itself")
    return t("{severity} or worse", severity=tp("severity", least.value))


async def stats_(services: Services, _caller: Caller, text: str) -> Message:
    """Charts of how many incidents there were, of which kinds, with how many people hurt, and whether that is usual."""
    span, rest = statistics.read_span(text)
    wish = typed.understand(rest, services.kinds)
    unused = wish.words or wish.without or wish.min_severity.rank or wish.min_certainty.rank
    if unused or wish.min_origins > 1 or wish.without_sources or wish.most_a_day is not None:
        raise ChatError(t("I count by place and kind, as in: /stats Karachi 50km bombing 12w"))
    place = typed.find_places(wish.name, services.places)[0] if wish.name else None
    today = services.clock().date()
    counts = await services.store.read(_count, services, wish, place=place, span=span, today=today)
    if not counts.total.count and counts.usual.mean is None:
        raise ChatError(t(NOTHING))
    with in_locale(translate.picture_locale()):
        body = await asyncio.to_thread(_charted, services, counts, wish, place=place, span=span)
    title, subtitle, usual = _heads(services, counts, wish, place=place, span=span)
    return _with_file(
        say(bold_line(title), subtitle, *_in_words(counts, span, services), usual), "tocsin-stats.png", body
    )


def bold_line(text: str) -> Line:
    """A line in bold."""
    return line(bold(text))


# ------------------------------------------------------------------ maps


async def _one(services: Services, caller: Caller, known: Incident) -> Message:
    place, is_itself = _drawable(services, known.facts.place)
    if place is None or known.facts.place is None:
        raise ChatError(t(NOWHERE))
    wanted = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    _, note = _ring(wanted, known.facts.place)
    with in_locale(translate.picture_locale()):
        drawn = _map_of(services, known, known.facts.place, place, wanted)
        shows = (translate.current().language.code, drawn)
        body = await services.maps.get(shows, lambda: incident_map(drawn, services.atlas))
    exact = said(place, services.atlas.radius(place)) if is_itself else _shaded(known.facts.place)
    lines = [bold_line(headline(known, services.names)), line(exact), *([line(note)] if note else [])]
    buttons = ((Button(t("Card"), "card", known.id), Button(t("Evidence"), "ev", known.id)),)
    return _with_file(say(*lines, buttons=buttons), f"tocsin-{known.id}.png", body)


def _map_of(services: Services, known: Incident, told: Place, place: Place, wanted: Sequence[Subscription]) -> Drawn:
    """What the map shows; ``told`` is the place as the record has it, ``place`` what can be drawn of it."""
    facts, names = known.facts, services.names
    when = words.when(facts.when) or t("first told of on {day}", day=words.day(known.first_seen.date()))
    is_retracted = known.lifecycle is Lifecycle.RETRACTED
    state = tp("head", "RETRACTED") if is_retracted else words.severity(facts.severity)
    return Drawn(
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
    """The place with coordinates, else the smallest area around it that has some; and whether it is itself."""
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
    """The smallest circle that this chat asked about and the place lies in, and how far from its middle it is."""
    if place.lat is None or place.lon is None or place.precision in (Precision.PROVINCE, Precision.COUNTRY):
        return None, ""
    for one in sorted((one for one in wanted if one.km and one.place), key=lambda one: one.km or 0):
        at = one.place
        if at is None or one.km is None or at.lat is None or at.lon is None:
            continue
        km = kilometres(at.lat, at.lon, place.lat, place.lon)
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
        Mark(one.facts.place, one.facts.severity)
        for one in shown
        if one.facts.place is not None and one.facts.place.lat is not None
    ]
    if not placed:
        raise ChatError(t(NO_PLACES) if shown else t(NOTHING))
    days = sorted(one.facts.when.first_day if one.facts.when else one.first_seen.date() for one in shown)

    def heads() -> tuple[str, str]:
        title = t("Latest: {words}", words=text) if text else t("Latest")
        return f"{title} · {words.incidents(len(placed))}", words.days(days[0], days[-1])

    with in_locale(translate.picture_locale()):
        title, subtitle = heads()
        body = await asyncio.to_thread(many_map, placed, services.atlas, title=title, subtitle=subtitle)
    head, span = heads()
    lines = [bold_line(head), line(span), line(_most(placed, services))]
    missing = len(shown) - len(placed)
    lines += (
        [line(italic(t("{n} more can't be shown: where they happened isn't known.", n=missing)))] if missing else []
    )
    return _with_file(say(*lines), "tocsin-map.png", body)


def _most(placed: Sequence[Mark], services: Services) -> str:
    """Where most of them are, in words."""
    counts: dict[str, int] = {}
    for mark in placed:
        name = services.names.place(mark.place)
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{name} {number}" for name, number in ranked[:5]]
    rest = len(placed) - sum(number for _, number in ranked[:5])
    return translate.joined_clauses([*parts, *([t("elsewhere {n}", n=rest)] if rest else [])])


# ------------------------------------------------------------------ charts


def _count(tx: Tx, services: Services, wish: Wish, *, place: Place | None, span: Span, today: date) -> Counts:
    spots = (Spot(said=wish.name, options=(place,)),) if place and wish.km is None else ()
    wanted = question_queries.narrow(
        tx,
        Query(kinds=wish.kinds, places=spots),
        inside=lambda one, area: lies_in(one, area, services.holds),
        done_by=lambda _actor: lambda _doers: False,
        aliases=lambda _actor: "",
    )
    if wish.km is not None and place and place.lat is not None and place.lon is not None:
        wanted = time_series.around(wanted, place.lat, place.lon, wish.km)
    first = statistics.edges(span, today)[0][0]
    year = today - timedelta(days=(statistics.MOST_WEEKS + 1) * statistics.WEEK)
    cells = time_series.cells(tx, wanted, first, today)
    return Counts(
        bins=tuple(statistics.bins(cells, span, today)),
        kinds=tuple(statistics.kinds(cells)),
        total=statistics.total([cell.tally for cell in cells]),
        usual=statistics.usual(time_series.counts(tx, wanted, year, today), today, time_series.known_since(tx)),
    )


def _about(services: Services, wish: Wish, place: Place | None) -> str:
    where = services.names.place(place) if place else t("Everywhere")
    where = t("{place} within {km} km", place=where, km=wish.km) if wish.km is not None else where
    kinds = [services.names.kind(slug) for slug in wish.kinds]
    if not kinds:
        return where
    return translate.joined((where, *kinds[:3])) + (" " + t("and others") if len(kinds) > 3 else "")


def _heads(services: Services, counts: Counts, wish: Wish, *, place: Place | None, span: Span) -> tuple[str, str, str]:
    """What stands over a chart, twice, and whether it is more than usual."""
    title = f"{_about(services, wish, place)}: {words.incidents(counts.total.count)}"
    subtitle = f"{span.words} · {words.between(counts.bins[0].first, counts.bins[-1].last)}"
    return title, subtitle, statistics.said(counts.usual, place.name if place else t("the world"))


def _charted(services: Services, counts: Counts, wish: Wish, *, place: Place | None, span: Span) -> bytes:
    title, subtitle, usual = _heads(services, counts, wish, place=place, span=span)
    return chart(_drawn(counts, span, services), title=title, subtitle=subtitle, note=usual)


def _drawn(counts: Counts, span: Span, services: Services) -> Figures:
    mean = counts.usual.mean
    return Figures(
        buckets=tuple(
            Bucket(_bar_label(one.first, span), one.tally.count, one.tally.killed.low, one.tally.injured.low)
            for one in counts.bins
        ),
        head=t(PER[span.unit]),
        kinds=tuple((services.names.kind(slug), number) for slug, number in counts.kinds),
        usual=statistics.per_bin(mean, span.unit) if mean is not None else None,
        killed=t("killed: {number}", number=_people(counts.total.killed)),
        injured=t("injured: {number}", number=_people(counts.total.injured)),
    )


def _bar_label(first: date, span: Span) -> str:
    return translate.month(first, short=True) if span.unit is Unit.MONTH else translate.day_of_year(first)


def _in_words(counts: Counts, span: Span, services: Services) -> list[str]:
    """The same figures for those who read them."""
    total = counts.total
    killed, injured = _people(total.killed), _people(total.injured)
    lines = [t("Killed: {killed} · injured: {injured}", killed=killed, injured=injured)]
    unknown = (("killed", total.killed.unknown), ("injured", total.injured.unknown))
    silent = [t(SILENT[name], n=number) for name, number in unknown if number]
    if silent:
        lines.append(t("Not said how many: {what} of {n}", what=translate.joined(silent), n=total.count))
    kinds = [f"{services.names.kind(slug)} {number}" for slug, number in counts.kinds[:MOST_KINDS]]
    rest = sum(number for _, number in counts.kinds[MOST_KINDS:])
    kinds += [t("others {n}", n=rest)] if rest else []
    lines += [t("By kind: {kinds}", kinds=translate.joined(kinds))] if kinds else []
    most = max(counts.bins, key=lambda one: one.tally.count)
    if most.tally.count > 1 and len(counts.bins) > 1:
        lines.append(t(MOST_IN[span.unit], n=most.tally.count, days=_days_of(most, span)))
    return lines


def _days_of(one: Bin, span: Span) -> str:
    return translate.month(one.first) if span.unit is Unit.MONTH else words.days(one.first, one.last)


def _people(sum_: Bounds) -> str:
    """A sum of people, as far as it is known."""
    if sum_.high is None or (sum_.unknown and sum_.low == sum_.high and sum_.low):
        return words.interval(sum_.low, None) if sum_.low else t("not known")
    return words.interval(sum_.low, sum_.high)


def _with_file(message: Message, name: str, body: bytes) -> Message:
    return msgspec.structs.replace(message, file=Attached(name, body))
