"""Commands that answer with charts: how many incidents, of which kinds, and is that usual?"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import msgspec

from bot.commands.base import Caller, Services
from bot.commands.nothing_known import covered, nothing_known
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import in_locale, t
from bot.picture.chart import Bucket, ChartData, chart
from bot.questions import coverage, statistics
from bot.questions.statistics import Bin, Span, Unit, Usual
from bot.render import coverage as coverage_words
from bot.render import lists, words
from bot.render.message import Attached, Message, bold, line, say
from bot.store import Tx, question_queries, sources, subscriptions, time_series
from bot.subscriptions import parsing
from bot.subscriptions import places as named_places
from bot.subscriptions.filters import ParsedFilter
from bot.types import Bounds, Tally
from extract.ask import Query, Spot
from extract.types import Frozen, Place

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
MOST_KINDS = 6


class Counts(Frozen, frozen=True, kw_only=True):
    """The counts of a span of days.

    ``since``: the day on which reading began, None where nothing was read. ``until``: that of the last read, None where
    no source is read, as in a replay.
    """

    bins: tuple[Bin, ...]
    kinds: tuple[tuple[str, int], ...]
    total: Tally
    usual: Usual
    since: date | None
    until: date | None


async def stats_(services: Services, caller: Caller, text: str) -> Message:
    """Charts: how many incidents, of which kinds, how many killed and injured, and whether that is usual."""
    span, rest = statistics.read_span(text)
    parsed = parsing.parse_filter(rest, services.kinds, services.places)
    unused = parsed.words or parsed.without or parsed.min_severity.rank or parsed.min_certainty.rank
    unused = unused or parsed.without_kinds or parsed.without_names
    if unused or parsed.min_origins > 1 or parsed.without_sources or parsed.most_a_day is not None:
        raise ChatError(t("I count by place and kind, as in: /stats Karachi 50km bombing 12w"))
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    named = named_places.of_filter(parsed, services.places, named_places.home_of(mine))
    if len(named) > 1 or (named and named[0].meant.is_here):
        raise ChatError(t("I count for one place at a time, as in: /stats Karachi 50km bombing 12w"))
    place = named[0].first if named else None
    parsed = msgspec.structs.replace(parsed, km=named[0].meant.km if named else None)
    today = services.clock().date()
    counts = await services.store.read(_count, services, parsed, place=place, span=span, today=today)
    if not counts.total.count and counts.usual.mean is None:
        raise ChatError(f"{_about(services, parsed, place)}: {await nothing_known(services, place)}")
    found = await covered(services, place)
    # "none" rests on the last read; a gap is told whatever was counted before it
    rests = "" if found is None else coverage_words.note(found) if not counts.total.count else coverage_words.gap(found)
    with in_locale(translate.picture_locale()):
        body = await asyncio.to_thread(_charted, services, counts, parsed, place=place, span=span)
    title, subtitle, usual = _heads(services, counts, parsed, place=place, span=span)
    unclear = [one.meant.options for one in named if not one.meant.certain]
    others = [other for options in unclear for other in lists.other_places(options, "stats", services.names)]
    message = say(
        line(bold(title)), subtitle, *_in_words(counts, span, services), *filter(None, (rests,)), usual, *others
    )
    return msgspec.structs.replace(message, file=Attached("tocsin-stats.png", body))


def _count(tx: Tx, services: Services, parsed: ParsedFilter, *, place: Place | None, span: Span, today: date) -> Counts:
    spots = (Spot(said=parsed.name, options=(place,)),) if place and parsed.km is None else ()
    armed = services.kinds.armed(parsed.kinds)
    wanted = question_queries.build_filter(
        tx,
        Query(kinds=parsed.kinds, also=armed.kinds, weapons=armed.weapons, places=spots),
        question_queries.Tests(inside=lambda one, area: bool(services.contains(area, one)), extent=services.extent),
    )
    if parsed.km is not None and place and place.lat is not None and place.lon is not None:
        wanted = time_series.within(wanted, place.lat, place.lon, parsed.km)
    first = statistics.edges(span, today)[0][0]
    year = today - timedelta(days=(statistics.MOST_WEEKS + 1) * statistics.WEEK)
    cells = time_series.cells(tx, wanted, first, today)
    since, until = _read(tx, services, wanted, place)
    return Counts(
        bins=tuple(statistics.bins(cells, span, today)),
        kinds=tuple(statistics.kinds(cells)),
        total=statistics.total([cell.tally for cell in cells]),
        usual=statistics.usual(time_series.counts(tx, wanted, year, today), today, since),
        since=since,
        until=until,
    )


def _read(
    tx: Tx, services: Services, wanted: question_queries.Filter, place: Place | None
) -> tuple[date | None, date | None]:
    """The days on which a source that covers the place was first and last read; an incident of it is a first read."""
    states = sources.listing(tx)
    reading = coverage.covering(states, [place] if place else [], services.extent)
    since = time_series.known_since(tx, wanted, [one.source.url for one in reading] if states else None)
    return since, max((one.last_ok.date() for one in reading if one.last_ok), default=None)


def _about(services: Services, parsed: ParsedFilter, place: Place | None) -> str:
    where = services.names.place(place) if place else t("Everywhere")
    where = t("{place} within {km} km", place=where, km=parsed.km) if parsed.km is not None else where
    kinds = [services.names.kind(slug) for slug in parsed.kinds]
    if not kinds:
        return where
    if group := services.names.group(parsed.kinds):
        return translate.joined((where, group))
    return translate.joined((where, *kinds[:3])) + (" " + t("and others") if len(kinds) > 3 else "")


def _heads(
    services: Services, counts: Counts, parsed: ParsedFilter, *, place: Place | None, span: Span
) -> tuple[str, str, str]:
    """The title and subtitle of a chart, and a sentence on whether it is more than usual."""
    title = f"{_about(services, parsed, place)}: {words.incidents(counts.total.count)}"
    subtitle = f"{span.words} · {words.between(counts.bins[0].first, counts.bins[-1].last)}"
    return title, subtitle, statistics.describe(counts.usual, place.name if place else t("the world"))


def _charted(services: Services, counts: Counts, parsed: ParsedFilter, *, place: Place | None, span: Span) -> bytes:
    title, subtitle, usual = _heads(services, counts, parsed, place=place, span=span)
    return chart(_drawn(counts, span, services), title=title, subtitle=subtitle, note=usual)


def _drawn(counts: Counts, span: Span, services: Services) -> ChartData:
    mean = counts.usual.mean
    return ChartData(
        buckets=tuple(
            Bucket(_bar_label(one.first, span), one.tally.count, one.tally.killed.low, one.tally.injured.low)
            for one in counts.bins
        ),
        head=t(PER[span.unit]),
        kinds=tuple((services.names.kind(slug), number) for slug, number in counts.kinds),
        usual=statistics.per_bin(mean, span.unit) if mean is not None else None,
        killed=t("killed: {number}", number=_people(counts.total.killed)),
        injured=t("injured: {number}", number=_people(counts.total.injured)),
        unread=statistics.unread(counts.bins, counts.since),
        unread_after=statistics.unread_after(counts.bins, counts.until),
    )


def _bar_label(first: date, span: Span) -> str:
    return translate.month(first, short=True) if span.unit is Unit.MONTH else translate.day_of_year(first)


def _in_words(counts: Counts, span: Span, services: Services) -> list[str]:
    """The numbers of the charts as lines of text."""
    total, lines = counts.total, []
    if counts.since and counts.since > counts.bins[0].first:
        began = words.day(counts.since)
        lines.append(
            t("Reading began on {day}: how many there were before isn't known, only those told later.", day=began)
        )
    killed, injured = _people(total.killed), _people(total.injured)
    lines.append(t("Killed: {killed} · injured: {injured}", killed=killed, injured=injured))
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
    """A sum of people in words, as far as it is known."""
    if sum_.high is None or (sum_.unknown and sum_.low == sum_.high):
        return words.interval(sum_.low, None) if sum_.low else t("not known")
    return words.interval(sum_.low, sum_.high)
