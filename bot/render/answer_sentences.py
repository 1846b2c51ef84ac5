"""What is said first in an answer: the number, the worst incident, who claimed it, or that there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from bot.i18n import translate
from bot.i18n.translate import mark, t, tn
from bot.render import words
from bot.render.card import summary
from bot.render.text import clean
from bot.render.understood import NOBODY, PEOPLE, label
from bot.render.words import Names
from bot.types import Answer, Bounds, Part, Tally
from extract.ask import Measure, Query
from extract.types import Incident

# of a superlative that names one incident
_MOST = {
    "killed": mark("The most killed in one: {number}, in {place}, {when}."),
    "injured": mark("The most injured in one: {number}, in {place}, {when}."),
    "kidnapped": mark("The most kidnapped in one: {number}, in {place}, {when}."),
    "casualties": mark("The most killed and injured in one: {number}, in {place}, {when}."),
    "magnitude": mark("The strongest: {number}, in {place}, {when}."),
    "newest": mark("The last that I know of: {place}, {when}."),
    "oldest": mark("The first that I know of: {place}, {when}."),
}
# of one that names several
_TOP = {
    "killed": mark("Those with most killed:"),
    "injured": mark("Those with most injured:"),
    "kidnapped": mark("Those with most kidnapped:"),
    "casualties": mark("Those with most killed and injured:"),
    "magnitude": mark("The strongest:"),
    "newest": mark("The last that I know of:"),
    "oldest": mark("The first that I know of:"),
}
_WHERE = {
    "killed": mark("Most killed: {place}."),
    "injured": mark("Most injured: {place}."),
    "kidnapped": mark("Most kidnapped: {place}."),
    "casualties": mark("Most killed and injured: {place}."),
    "count": mark("Most incidents: {place}."),
}
_LAST = {
    "last": mark("The last one that I know of was on {when}."),
    "first": mark("The first one that I know of was on {when}."),
}
_BY = {
    "day": mark("{incidents}, by day:"),
    "week": mark("{incidents}, by week:"),
    "month": mark("{incidents}, by month:"),
    "year": mark("{incidents}, by year:"),
}
_UNTOLD = {
    "freed": mark("Somebody was freed; how many isn't told."),
    "arrested": mark("Somebody was arrested; how many isn't told."),
}


def sentences(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    """The sentences that answer the question, the most important first."""
    if not total.count and query.measure not in (Measure.TREND, Measure.COUNT):
        yield from _none(found, query, names)
        return
    yield from _about(found, query, total, names)
    if query.compare and len(found.parts) > 1:
        yield from _compared(found.parts, query, names)


def _about(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    """The sentence for the measure, of incidents that there are."""
    newest = found.shown[0] if found.shown else None
    match query.measure:
        case Measure.KILLED | Measure.INJURED | Measure.KIDNAPPED:
            bounds: Bounds = getattr(total, query.measure.value)
            yield _in(words.casualties(query.measure.value, bounds.low, bounds.high), total)
        case Measure.FREED | Measure.ARRESTED:
            yield _told(query.measure.value, total)
        case Measure.CASUALTIES:
            killed, injured = (_casualties(name, getattr(total, name)) for name in ("killed", "injured"))
            yield _in(t("{killed} and {injured}", killed=killed, injured=injured), total)
        case Measure.ANY:
            yield t("Yes: {incidents}.", incidents=f"{words.incidents(total.count)}{all_casualties(total)}")
        case Measure.WHEN if newest:
            yield t(_LAST.get(query.order, _LAST["last"]), when=_when(newest))
        case Measure.WHERE | Measure.TREND if query.limit and found.parts:
            yield t(_WHERE.get(query.rank, _WHERE["count"]), place=_winners(found, query, names))
        case Measure.WHERE:
            yield t("{incidents}, by place:", incidents=words.incidents(total.count))
        case Measure.CLAIMED:
            yield from _claims(found.shown)
        case Measure.TREND:
            yield t(_BY[found.unit], incidents=words.incidents(total.count))
        case _ if query.limit and query.rank and newest:
            yield _ranked(newest, query, total, names)
        case _:
            yield f"{words.incidents(total.count)}{all_casualties(total)}."


def all_casualties(total: Tally) -> str:
    """The people killed, injured and kidnapped, as the end of a clause; "" if there are none."""
    parts = [
        _casualties(name, getattr(total, name))
        for name in ("killed", "injured", "kidnapped")
        if getattr(total, name).low
    ]
    return translate.joined_clauses(("", translate.joined(parts))) if parts else ""


def _place_label(key: str, names: Names) -> str:
    """The name of a place of a ranking: its country's code and, separated by tabs, its province and name."""
    country, *inner = key.split("\t")
    parts = [names.country_name(country), *(translate.isolate(one) for one in inner)]
    return translate.joined(dict.fromkeys(one for one in reversed(parts) if one)) or t(words.NOWHERE)


def _none(found: Answer, query: Query, names: Names) -> Iterator[str]:
    """That there is none, or that what there is has been denied."""
    nobody = query.measure.field or next((one.field for one in query.conditions if query.measure is Measure.ANY), None)
    if found.denied and found.shown:
        yield tn(
            "None that is sure. {n} report is denied or doubted: {headline}.",
            "None that is sure. {n} reports are denied or doubted, the last: {headline}.",
            found.denied,
            headline=summary(found.shown[0], names),
        )
    elif nobody:
        yield t("None that I know of: {nobody}.", nobody=t(NOBODY[nobody]))
    else:
        yield t("I know of no such {incidents}.", incidents=label(query) or t("incidents"))


def _in(people: str, total: Tally) -> str:
    return t("{people}, in {incidents}.", people=people, incidents=words.incidents(total.count))


def _told(field: str, total: Tally) -> str:
    bounds: Bounds = getattr(total, field)
    if not bounds.low:
        return t(_UNTOLD[field])
    return _in(words.people(PEOPLE[field], bounds.low, bounds.high), total)


def _casualties(field: str, bounds: Bounds) -> str:
    return words.casualties(field, bounds.low, bounds.high)


def _when(incident: Incident) -> str:
    reported = t("a time that isn't told, reported {day}", day=words.day(incident.first_told.date()))
    return words.when(incident.facts.when) or reported


def _ranked(first: Incident, query: Query, total: Tally, names: Names) -> str:
    """The incident that a superlative names; only how it is ranked if there are several."""
    if total.count > 1:
        return t(_TOP[query.rank])
    facts = first.facts
    if query.rank == "magnitude":
        number = words.magnitude(facts.magnitude) if facts.magnitude is not None else t("not known")
    elif query.rank == "casualties":
        number = translate.number((facts.killed.low or 0) + (facts.injured.low or 0))
    elif query.rank in ("killed", "injured", "kidnapped"):
        number = words.count(getattr(facts, query.rank)) or t("not known")
    else:
        number = ""
    return t(_MOST[query.rank], number=number, place=names.place(facts.place), when=_when(first))


def winners(parts: Sequence[Part], query: Query) -> list[Part]:
    """The first places or times of a ranking, best first, with all that equal the last of them."""
    values = sorted((part.tally.ranked_by(query.rank) for part in parts), reverse=True)
    least = values[: query.limit][-1] if values else 0
    best = [part for part in parts if part.tally.ranked_by(query.rank) >= max(1, least)]
    return sorted(best, key=lambda part: -part.tally.ranked_by(query.rank))


def _winners(found: Answer, query: Query, names: Names) -> str:
    """The first places or times of a ranking with their numbers."""
    best = [(part, part.tally.ranked_by(query.rank)) for part in winners(found.parts, query)]
    return translate.joined_clauses(f"{part_label(part, found, names)} ({translate.number(n)})" for part, n in best)


def part_label(part: Part, found: Answer, names: Names) -> str:
    """The name of a part of an answer: a place, a month, what the question called it."""
    if part.place is not None:
        return names.long_place(part.place)
    if found.unit == "month":
        return translate.month(date.fromisoformat(part.key + "-01"))
    if found.unit in ("day", "week"):
        day = words.day(date.fromisoformat(part.key))
        return t("week of {day}", day=day) if found.unit == "week" else day
    if "\t" in part.key or (len(part.key) <= 2 and not found.unit):
        return _place_label(part.key, names)
    return translate.isolate(clean(part.key, 60))


def _compared(parts: Sequence[Part], query: Query, names: Names) -> Iterator[str]:
    """Which of the places or times compared has more."""
    field = query.measure.field or "count"
    values = [part.tally.ranked_by(field) for part in parts]
    most = max(values)
    if values.count(most) > 1:
        yield t("As many in each: {n}.", n=most) if len(set(values)) == 1 else t("None has more than the others.")
        return
    best = parts[values.index(most)]
    name = names.long_place(best.place) if best.place is not None else translate.isolate(best.key)
    yield t("Most in {place}: {n}.", place=name, n=most)


def _claims(shown: Sequence[Incident]) -> Iterator[str]:
    """Each account of responsibility, with the number of incidents that give it."""
    accounts = Counter(one for one in (words.responsibility(incident.facts) for incident in shown) if one)
    if not accounts:
        yield t("As far as I know nobody has claimed it or been named.")
        return
    known = [f"{one} ({words.incidents(n)})" if len(shown) > 1 else one for one, n in accounts.most_common()]
    text = translate.joined_clauses(known)
    yield f"{text[:1].upper()}{text[1:]}."
