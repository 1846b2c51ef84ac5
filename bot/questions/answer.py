"""What is the answer to a question? The number, the incidents, and what can't be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec

from bot.questions import coverage
from bot.render.answer_sentences import winners
from bot.store import Tx, question_people, question_queries, question_rankings, sources, time_series
from bot.types import Answer, Part, Tally
from extract.ask import Asker, Condition, Measure, Query, Reading, Spot
from extract.lang import ENGLISH
from extract.places.containment import Contains, ExtentOf, Held, no_extent
from extract.text.phrases import spellings, words_of
from extract.types import Article, Incident, Place, Responsibility

MOST_SHOWN = 10
# for questions about claims, this many of the newest incidents are searched
MOST_CLAIMS = 200
_CLAIMED = (Responsibility.CLAIMED, Responsibility.CONFIRMED, Responsibility.COMPETING, Responsibility.SUSPECTED)
# the facts whose quotes are shown
_QUOTED = ("kind", "killed", "injured", "kidnapped", "when", "place", "responsibility", "perpetrators")
_LONGEST_BY_UNIT = (("day", 45), ("month", 1100))


@dataclass(frozen=True, kw_only=True)
class AnswerContext:
    """What answering needs: the parser of questions, which area holds which place, how far it reaches. Made once."""

    asker: Asker
    contains: Contains
    extent: ExtentOf = no_extent

    def inside(self, place: Place, area: Place) -> bool:
        """Does the area surely hold the place? Stricter than for subscriptions, which prefer too many alerts."""
        return self.contains(area, place) == Held.SURELY


def answer(
    tx: Tx, context: AnswerContext, question: str, *, today: date, before: Query | None = None, whole: bool = False
) -> Answer:
    """Parse a question and answer it; ``whole``: with all incidents and articles, not only the first few."""
    return execute(tx, context, context.asker.read(question, today, before), today=today, whole=whole)


def execute(tx: Tx, context: AnswerContext, reading: Reading, *, today: date, whole: bool = False) -> Answer:
    """Answer a parsed question."""
    if reading.query is None:
        return Answer(reading=reading)
    query, others = _with_known_places(tx, reading.query, context)
    reading = msgspec.structs.replace(reading, query=query)
    asked = _filter_of(tx, _with_counted_only(query), context)
    if reading.trouble is not None:
        return Answer(reading=reading, nearest=question_queries.tally(tx, asked), others=others)
    unit = _unit(query, today) if query.measure is Measure.TREND else ""
    parts = _parts(tx, query, asked, context, unit)
    wanted = _limited(tx, query, asked, parts, unit)
    total = question_queries.tally(tx, wanted)
    denied = _filter_of(tx, query, context, denied="only")
    told = wanted if total.count else denied
    found = tuple(question_rankings.ids(tx, told)) if whole else ()
    shown = _shown(tx, told, query)
    return Answer(
        reading=reading,
        total=total,
        maybe=question_queries.uncertain(tx, wanted) if query.periods else 0,
        undated=question_queries.undated(tx, wanted) if query.periods else 0,
        shown=shown,
        texts=() if whole else _texts(tx, shown),
        parts=parts,
        unit=unit,
        others=others,
        ids=found,
        articles=tuple(question_queries.articles(tx, found)),
        coverage=coverage.of_query(sources.listing(tx), query, context.extent, time_series.known_since(tx)),
        denied=question_queries.tally(tx, denied).count,
    )


def _limited(
    tx: Tx, query: Query, wanted: question_queries.Filter, parts: Sequence[Part], unit: str
) -> question_queries.Filter:
    """The filter limited to those that are asked for: the deadliest, the five newest, those of the city with most."""
    if not query.limit:
        return wanted
    if query.measure in (Measure.WHERE, Measure.TREND):
        best = [part.key for part in winners(parts, query)]
        if query.measure is Measure.WHERE:
            return question_queries.only(wanted, question_rankings.in_places(tx, wanted, query.by, best))
        return question_queries.only(wanted, question_rankings.in_times(tx, wanted, unit, best))
    nums = question_rankings.top(tx, wanted, query.rank, query.limit)
    if not nums and query.rank == "magnitude":
        nums = question_rankings.top(tx, wanted, "killed", query.limit)
    return question_queries.only(wanted, nums[query.nth - 1 : query.nth] if query.nth else nums)


# ------------------------------------------------------------------ what is asked for


def _with_known_places(tx: Tx, query: Query, context: AnswerContext) -> tuple[Query, tuple[Place, ...]]:
    """The query with, of places of the same name, the first that has incidents; and the other places of that name."""
    spots: list[Spot] = []
    others: list[Place] = []
    for spot in query.places:
        same = [spot.place, *namesakes(spot)]
        chosen = next(
            (p for p in same if question_queries.has_incidents(tx, p, context.inside, context.extent)), spot.place
        )
        rest = [p for p in spot.options if p != chosen]
        spots.append(msgspec.structs.replace(spot, options=(chosen, *rest)))
        others += namesakes(spots[-1])
    return msgspec.structs.replace(query, places=tuple(spots)), tuple(others)


def namesakes(spot: Spot) -> list[Place]:
    """The other places that have the same name as the chosen one."""
    return [place for place in spot.options[1:] if place.name.casefold() == spot.place.name.casefold()]


def _with_counted_only(query: Query) -> Query:
    """For a question about a number of people, the query limited to incidents with at least one of them."""
    field = query.measure.field
    if field is None or any(one.field == field for one in query.conditions):
        return query
    return msgspec.structs.replace(query, conditions=(*query.conditions, Condition(field=field, low=1)))


def _filter_of(
    tx: Tx, query: Query, context: AnswerContext, denied: question_queries.Denied = "no"
) -> question_queries.Filter:
    reader = context.asker.reader
    readers = question_people.Readers(
        is_place=reader.is_place,
        names_person=reader.names_person,
        tells_hit=reader.tells_hit,
        people_in=reader.people_in,
    )
    tests = question_queries.Tests(
        inside=context.inside, extent=context.extent, done_by=done_by, aliases=aliases, readers=readers
    )
    return question_queries.build_filter(tx, query, tests, denied=denied)


def aliases(actor: str) -> str:
    """The names of a group, as a full-text search expression."""
    names = {actor, *(way for phrase in ENGLISH.lexicon.table("groups")["names"][actor] for way in spellings(phrase))}
    return " OR ".join(
        sorted('"' + " ".join(word.text.replace("'", " ") for word in words_of(name)) + '"' for name in names)
    )


def done_by(actor: str) -> Callable[[str], bool]:
    """A test whether perpetrators, as the record's JSON, include this group."""

    @lru_cache(maxsize=2_000)
    def is_meant(doers: str) -> bool:
        return any(hit.value == actor for hit in ENGLISH.lexicon.book("groups", "names").find(words_of(doers)))

    return is_meant


# ------------------------------------------------------------------ what is shown


def _shown(tx: Tx, wanted: question_queries.Filter, query: Query) -> tuple[Incident, ...]:
    order = "oldest" if query.order == "first" else "newest"
    if query.limit and query.rank and query.measure not in (Measure.WHERE, Measure.TREND):
        order = query.rank
    elif query.measure.field in ("killed", "injured"):
        order = query.measure.field or order
    limit = MOST_CLAIMS if query.measure is Measure.CLAIMED else MOST_SHOWN
    found = question_rankings.first(tx, wanted, order, limit)
    if query.measure is Measure.CLAIMED:
        found = sorted(found, key=lambda one: one.facts.responsibility not in _CLAIMED)
    return tuple(found[:MOST_SHOWN])


def _texts(tx: Tx, shown: Sequence[Incident]) -> tuple[Article, ...]:
    """The articles that contain the quotes of some incidents."""
    refs = {quote.article for one in shown for field in _QUOTED for quote in one.facts.evidence.get(field, ())}
    return tuple(question_queries.texts(tx, sorted(refs)))


def _parts(
    tx: Tx, query: Query, wanted: question_queries.Filter, context: AnswerContext, unit: str
) -> tuple[Part, ...]:
    if query.measure is Measure.TREND:
        return tuple(Part(key=key, tally=tally) for key, tally in question_rankings.by_time(tx, wanted, unit))
    if query.measure is Measure.WHERE:
        field = query.rank if query.rank in ("killed", "injured") else "count"
        if not query.rank:
            field = next((one.field for one in query.conditions if one.field in ("killed", "injured")), "count")
        return tuple(
            Part(key=key, tally=tally) for key, tally in question_rankings.by_place(tx, wanted, query.by, field)
        )
    if len(query.places) > 1:
        ways = [(spot.place, msgspec.structs.replace(query, places=(spot,))) for spot in query.places]
        return tuple(Part(key=place.name, tally=_tally(tx, one, context), place=place) for place, one in ways)
    if len(query.periods) > 1:
        times = [(period.words, msgspec.structs.replace(query, periods=(period,))) for period in query.periods]
        return tuple(Part(key=words, tally=_tally(tx, one, context)) for words, one in times)
    return ()


def _tally(tx: Tx, query: Query, context: AnswerContext) -> Tally:
    return question_queries.tally(tx, _filter_of(tx, _with_counted_only(query), context))


def _unit(query: Query, today: date) -> str:
    """The time unit of a trend, if the question gives none: one that makes some ten to forty steps."""
    if query.by:
        return query.by
    period = query.periods[0] if query.periods else None
    if period is None or period.since is None:
        return "month"
    days = ((period.until or today) - period.since).days
    return next((unit for unit, most in _LONGEST_BY_UNIT if days <= most), "year")
