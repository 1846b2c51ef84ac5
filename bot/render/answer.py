"""The answer to a question: the number, how it was understood, incidents with quotes, and what is not known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.i18n import translate
from bot.i18n.translate import mark, mark_many, t, tn, tp
from bot.render import coverage, discretion, words
from bot.render.card import headline
from bot.render.message import Block, Button, Line, Message, bold, foreign, italic, line, link
from bot.render.text import clean, cut
from bot.render.words import Names
from bot.types import Answer, Bounds, Coverage, Gap, Part, Tally
from extract.ask import Condition, Measure, Period, Query, Reading, Trouble
from extract.types import Article, ArticleRef, Incident, Quote

HEADLINE_UNITS = 140
QUOTE_UNITS = 160
MOST_PARTS = 24
MOST_OTHERS = 3
BAR = 12
# the end of a sentence, roughly: enough to quote one
_SENTENCE_END = re.compile(r"(?<=[.!?\"”])\s+(?=[A-Z\"“])|\n+")
EXAMPLES = mark(
    "How many bombings in Pakistan this year? · Was anyone killed in Lagos today? · When did Japan last shake?"
)
ABILITIES = mark(
    "I can say how many incidents there were, how many people were killed, injured or kidnapped, and where."
)
PERIODS = (("30d", mark("Last 30 days")), ("year", mark("This year")), ("any", mark("Any time")))
_EVIDENCE = {
    Measure.KILLED: ("killed", "injured"),
    Measure.INJURED: ("injured", "killed"),
    Measure.KIDNAPPED: ("kidnapped", "kind"),
    Measure.CLAIMED: ("responsibility", "perpetrators"),
    Measure.WHEN: ("when", "kind"),
    Measure.WHERE: ("place", "kind"),
}
# conditions on casualties: none, at least one, a number
_NOBODY = {
    "killed": mark("nobody killed"),
    "injured": mark("nobody injured"),
    "kidnapped": mark("nobody kidnapped"),
    "casualties": mark("nobody killed or injured"),
}
_SOMEBODY = {
    "killed": mark("somebody killed"),
    "injured": mark("somebody injured"),
    "kidnapped": mark("somebody kidnapped"),
    "casualties": mark("somebody killed or injured"),
}
_CASUALTIES = {**words.CASUALTIES, "casualties": mark_many("people", "{n} killed or injured", "{n} killed or injured")}
_UNKNOWN_COUNTS = {
    "killed": mark("For {n} of them nobody says how many were killed."),
    "injured": mark("For {n} of them nobody says how many were injured."),
}
_MOST = {
    "killed": mark("The most killed in one: {number}, in {place}, {when}."),
    "injured": mark("The most injured in one: {number}, in {place}, {when}."),
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


def answer(found: Answer, names: Names, *, token: str = "") -> Message:
    """The whole answer as a message; ``token`` identifies the question in the buttons that change it."""
    query, total = found.query, found.total
    if query is None or total is None:
        return _no_answer(found, names, token)
    lines: list[Line] = [line(bold(sentence)) for sentence in _told(found, query, total, names)]
    lines += [line(part) for part in _parts(found, names)]
    lines.append(line(italic(t("Understood: {question}", question=understood(query, names)))))
    lines += [line(italic(note)) for note in _notes(found, query, total)]
    for number, incident in enumerate(found.shown, 1):
        lines += _incident(number, incident, found, names)
    if total.count > len(found.shown):
        lines.append(line(italic(t("and {n} more", n=total.count - len(found.shown)))))
    return Message((Block(tuple(lines)),), _buttons(found, query, names, token))


def why(found: Answer, names: Names) -> str:
    """The answer, or why there is none, in one line of text."""
    if found.query is None or found.total is None:
        nearest = f" {_nearest(found, names)}" if found.nearest and found.query else ""
        return _refusal(found.reading, names) + nearest
    sentences = " ".join(_told(found, found.query, found.total, names))
    notes = " ".join(_notes(found, found.query, found.total))
    understanding = t("Understood: {question}", question=understood(found.query, names))
    return f"{sentences} {understanding}. {notes}".strip()


def understood(query: Query, names: Names) -> str:
    """A query in words: "shootings · in Chicago, Illinois, United States · in May 2015 (1 to 31 May 2015)"."""
    parts = [_label_of(query) or t("incidents of any kind")]
    parts += [_condition(one) for one in query.conditions]
    if query.places:
        parts.append(t("in {places}", places=t(" or ").join(names.long_place(spot.place) for spot in query.places)))
    else:
        parts.append(t("anywhere"))
    parts.append(t(" or ").join(_period(period) for period in query.periods) or t("at any time"))
    parts += [t("by {actor}", actor=actor) for actor in query.actors]
    parts += [t("with the word “{word}”", word=clean(word, 40)) for word in query.words]
    parts += [t("naming “{name}”", name=clean(name, 60)) for name in query.names]
    return " · ".join(parts)


# ------------------------------------------------------------------ the answer itself


def _told(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    """The answer; before "none", what is not covered."""
    if not total.count and found.coverage is not None and found.coverage.gap is not None:
        yield coverage.gap(found.coverage)
    yield from _sentences(found, query, total, names)


def _sentences(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    newest = found.shown[0] if found.shown else None
    if not total.count and query.measure not in (Measure.TREND, Measure.COUNT):
        nobody = query.measure.field or next(
            (one.field for one in query.conditions if query.measure is Measure.ANY), None
        )
        if nobody:
            yield t("None that I know of: {nobody}.", nobody=t(_NOBODY[nobody]))
        else:
            yield t("I know of no such {incidents}.", incidents=_label_of(query) or t("incidents"))
        return
    match query.measure:
        case Measure.KILLED | Measure.INJURED | Measure.KIDNAPPED:
            bounds: Bounds = getattr(total, query.measure.value)
            yield _in(words.casualties(query.measure.value, bounds.low, bounds.high), total)
        case Measure.CASUALTIES:
            killed, injured = (_casualties(name, getattr(total, name)) for name in ("killed", "injured"))
            yield _in(t("{killed} and {injured}", killed=killed, injured=injured), total)
        case Measure.ANY:
            yield t("Yes: {incidents}.", incidents=f"{_incidents(total.count)}{_all_casualties(total)}")
        case Measure.WHEN if newest:
            when = words.when(newest.facts.when) or t(
                "a time that isn't told, reported {day}", day=words.day(newest.last_seen.date())
            )
            yield t(_LAST.get(query.order, _LAST["last"]), when=when)
        case Measure.WHERE:
            yield t("{incidents}, by place:", incidents=_incidents(total.count))
        case Measure.CLAIMED:
            yield from _claims(found.shown)
        case Measure.DEADLIEST if newest:
            by = "injured" if query.by == "injured" else "killed"
            count = words.count(getattr(newest.facts, by)) or t("not known")
            where, when = names.place(newest.facts.place), words.when(newest.facts.when) or t("time not told")
            yield t(_MOST[by], number=count, place=where, when=when)
        case Measure.TREND:
            yield t(_BY[found.unit], incidents=_incidents(total.count))
        case _:
            yield f"{_incidents(total.count)}{_all_casualties(total)}."


def _incidents(count: int) -> str:
    return words.incidents(count)


def _in(people: str, total: Tally) -> str:
    return t("{people}, in {incidents}.", people=people, incidents=_incidents(total.count))


def _label_of(query: Query) -> str:
    """The kinds that are asked for."""
    return t(" or ").join(tp("kinds", one) for one in query.label.split(" or ")) if query.label else ""


def _casualties(field: str, bounds: Bounds) -> str:
    return words.casualties(field, bounds.low, bounds.high)


def _all_casualties(total: Tally) -> str:
    parts = [
        _casualties(name, getattr(total, name))
        for name in ("killed", "injured", "kidnapped")
        if getattr(total, name).low
    ]
    return translate.joined_clauses(("", translate.joined(parts))) if parts else ""


def _claims(shown: Sequence[Incident]) -> Iterator[str]:
    """Each account of responsibility, with the number of incidents that give it."""
    accounts = Counter(one for one in (words.responsibility(incident.facts) for incident in shown) if one)
    if not accounts:
        yield t("As far as I know nobody has claimed it or been named.")
        return
    known = [f"{one} ({_incidents(n)})" if len(shown) > 1 else one for one, n in accounts.most_common()]
    text = translate.joined_clauses(known)
    yield f"{text[:1].upper()}{text[1:]}."


def _condition(one: Condition) -> str:
    if one.high == 0:
        return t(_NOBODY[one.field])
    if one.low <= 1 and one.high is None:
        return t(_SOMEBODY[one.field])
    low = one.low if one.high is None else one.low or None
    return words.people(_CASUALTIES[one.field], low, one.high)


def _period(period: Period) -> str:
    if period.since is None:
        return t("until {day}", day=words.day(period.until)) if period.until else t("at any time")
    if period.until is None:
        return t("since {day}", day=words.day(period.since))
    if period.since == period.until:
        return t("on {day}", day=words.day(period.since))
    return words.days(period.since, period.until)


def _parts(found: Answer, names: Names) -> Iterator[str]:
    if not found.parts:
        return
    most = max(part.tally.count for part in found.parts) or 1
    for part in found.parts[-MOST_PARTS:]:
        bar = "▇" * max(1, round(BAR * part.tally.count / most)) + " " if found.unit and part.tally.count else ""
        yield f"{_label(part, found, names)}: {bar}{translate.number(part.tally.count)}{_all_casualties(part.tally)}"


def _label(part: Part, found: Answer, names: Names) -> str:
    if part.place is not None:
        return names.long_place(part.place)
    if found.unit == "month":
        return translate.month(date.fromisoformat(part.key + "-01"))
    if found.unit in ("day", "week"):
        day = words.day(date.fromisoformat(part.key))
        return t("week of {day}", day=day) if found.unit == "week" else day
    if "\t" in part.key or (len(part.key) <= 2 and not found.unit):
        country, *inner = part.key.split("\t")
        parts = [names.country_name(country), *(translate.isolate(one) for one in inner)]
        return translate.joined(dict.fromkeys(one for one in reversed(parts) if one)) or t(words.NOWHERE)
    return translate.isolate(clean(part.key, 60))


def _notes(found: Answer, query: Query, total: Tally) -> Iterator[str]:
    if found.undated:
        yield t("{n} of them without a date of their own, by the day of the first report.", n=found.undated)
    if found.maybe:
        yield tn(
            "{n} more incident may belong here: their time isn't known well enough.",
            "{n} more incidents may belong here: their time isn't known well enough.",
            found.maybe,
        )
    for name in ("killed", "injured", "kidnapped"):
        bounds: Bounds = getattr(total, name)
        if bounds.unknown and query.measure.field not in (None, name) and name != "kidnapped":
            yield t(_UNKNOWN_COUNTS[name], n=bounds.unknown)
    if found.coverage is not None:
        yield from filter(None, [_coverage_note(found.coverage, total)])
    if query.unread:
        unread = translate.joined(translate.isolate(f"“{clean(word, 30)}”") for word in query.unread[:5])
        yield t("I made nothing of: {words}.", words=unread)


def _coverage_note(covered: Coverage, total: Tally) -> str:
    """The last read of the sources where there is nothing; that they fail where there is something."""
    if not total.count:
        return coverage.last_read(covered)
    return coverage.gap(covered) if covered.gap is Gap.FAILING else ""


def _incident(number: int, incident: Incident, found: Answer, names: Names) -> Iterator[Line]:
    when = words.when(incident.facts.when) or t("time not told")
    yield line(bold(f"{number}. "), cut(headline(incident, names), HEADLINE_UNITS), f" · {when}")
    quote, source = _quote(incident, found.query or Query(), {one.id: one for one in found.texts})
    outlet = link(words.outlet(source), source.url) if source else None
    if quote and outlet:
        yield line(foreign(f"“{quote}”"), " · ", outlet)
    elif outlet:
        yield line(outlet)


def _quote(incident: Incident, query: Query, texts: Mapping[str, Article]) -> tuple[str, ArticleRef | None]:
    """The sentence that is evidence of the fact asked for, and its article; else the title of the first article."""
    known = {article.id: article for article in incident.articles}
    names = discretion.withheld(incident, [texts[name].text for name in known if name in texts])
    for field in (*_EVIDENCE.get(query.measure, ()), "killed", "injured", "kind"):
        for quote in incident.facts.evidence.get(field, ()):
            sentence = _sentence(quote, texts) if not discretion.hides_surroundings(incident) else quote.quote
            if quote.article in known and sentence and not discretion.is_graphic(sentence):
                return clean(discretion.mask(sentence, names), QUOTE_UNITS), known[quote.article]
    first = incident.articles[0] if incident.articles else None
    return (clean(discretion.mask(first.title, names), QUOTE_UNITS) if first else ""), first


def _sentence(quote: Quote, texts: Mapping[str, Article]) -> str:
    """The sentence around a quote, verbatim; empty if its article's text is not kept or has changed."""
    article = texts.get(quote.article)
    if article is None:
        return ""
    text = article.title if quote.where == "title" else article.text
    if text[quote.start : quote.end] != quote.quote:
        return ""
    start = max((found.end() for found in _SENTENCE_END.finditer(text, 0, quote.start)), default=0)
    after = _SENTENCE_END.search(text, quote.end)
    return text[start : after.start() + 1 if after else len(text)].strip()


# ------------------------------------------------------------------ questions without an answer


def _no_answer(found: Answer, names: Names, token: str) -> Message:
    lines = [line(_refusal(found.reading, names))]
    query = found.query
    if query is not None and found.nearest is not None:
        lines.append(line(_nearest(found, names)))
    buttons: list[tuple[Button, ...]] = []
    if token and query is not None:
        if found.reading.trouble is Trouble.PLACE:
            buttons += [
                (Button(cut(names.long_place(place), 60), "asked", f"{token} m{n}"),)
                for n, place in enumerate(found.reading.meant)
            ]
        else:
            buttons.append((Button(t("Show these"), "asked", f"{token} ok"),))
    return Message((Block(tuple(lines)),), tuple(buttons))


def _nearest(found: Answer, names: Names) -> str:
    total, query = found.nearest or Tally(), found.query or Query()
    is_place = found.reading.trouble is Trouble.PLACE
    where = t("Without it") if is_place else t("The nearest that I can answer")
    return f"{where}: {_incidents(total.count)}{_all_casualties(total)} ({understood(query, names)})."


def _refusal(reading: Reading, names: Names) -> str:
    what = clean(reading.what, 60)
    match reading.trouble:
        case Trouble.PLACE:
            meant = [names.long_place(place) for place in reading.meant]
            hint = (
                t("Do you mean {places}?", places=t(" or ").join(meant))
                if meant
                else t("Which bigger place is near, or which country is it in?")
            )
            return f"{t('I know no place called “{place}”.', place=what)} {hint}"
        case Trouble.DATE:
            return t("No calendar has the day “{day}”. Ask with another date, as in: on 3 May 2026.", day=what)
        case Trouble.THING:
            return t("I can't count “{what}”.", what=what) + " " + t(ABILITIES)
        case Trouble.LANGUAGE:
            return t("I understand questions in English only. For instance: {examples}", examples=t(EXAMPLES))
        case Trouble.LENGTH:
            return t("That is too long for me: ask in one sentence. For instance: {examples}", examples=t(EXAMPLES))
        case Trouble.WHY:
            return t("I don't know reasons: I keep what happened, where, when, to whom and who is held responsible.")
        case Trouble.FUTURE:
            return t("I don't know what will happen: I keep what has been reported.")
        case _:
            about = t("I don't know what “{what}” has to do with incidents.", what=what) + " " if what else ""
            return f"{about}{t(ABILITIES)} {t('For instance: {examples}', examples=t(EXAMPLES))}"


# ------------------------------------------------------------------ buttons


def _buttons(found: Answer, query: Query, names: Names, token: str) -> tuple[tuple[Button, ...], ...]:
    cards = [Button(str(n), "card", incident.id) for n, incident in enumerate(found.shown, 1)]
    rows = [tuple(cards[start : start + 5]) for start in range(0, len(cards), 5)]
    if token:
        rows += [
            (Button(cut(t("In {place}", place=names.long_place(place)), 60), "asked", f"{token} p{n}"),)
            for n, place in enumerate(found.others[:MOST_OTHERS])
        ]
        rows.append(tuple(Button(t(label), "asked", f"{token} {verb}") for verb, label in PERIODS))
        if query.places:
            rows.append((Button(t("Anywhere"), "asked", f"{token} all"),))
    return tuple(rows)
