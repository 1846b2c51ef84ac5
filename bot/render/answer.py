"""The answer to a question: what was understood, the number, the incidents with their words, and what can't be said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.render import discretion, words
from bot.render.card import headline
from bot.render.message import Block, Button, Line, Message, bold, italic, line, link
from bot.render.text import clean, cut
from bot.render.words import Names
from bot.types import Answer, Bounds, Part, Tally
from extract.ask import Condition, Measure, Period, Query, Reading, Trouble
from extract.types import Article, ArticleRef, Incident, Quote

HEADLINE_UNITS = 140
QUOTE_UNITS = 160
MOST_PARTS = 24
MOST_OTHERS = 3
BAR = 12
# where sentences end, roughly: enough to quote one
_BREAK = re.compile(r"(?<=[.!?\"”])\s+(?=[A-Z\"“])|\n+")
EXAMPLES = "How many bombings in Pakistan this year? · Was anyone killed in Lagos today? · When did Japan last shake?"
ABILITIES = "I can say how many incidents there were, how many people were killed, injured or kidnapped, and where."
PERIODS = (("30d", "Last 30 days"), ("year", "This year"), ("any", "Any time"))
_EVIDENCE = {
    Measure.KILLED: ("killed", "injured"),
    Measure.INJURED: ("injured", "killed"),
    Measure.KIDNAPPED: ("kidnapped", "kind"),
    Measure.CLAIMED: ("responsibility", "perpetrators"),
    Measure.WHEN: ("when", "kind"),
    Measure.WHERE: ("place", "kind"),
}
_VERBS = {"killed": "killed", "injured": "injured", "kidnapped": "kidnapped", "casualties": "killed or injured"}


def answer(found: Answer, names: Names, *, token: str = "") -> Message:
    """The whole answer as a message; ``token`` names the question on the buttons that change it."""
    query, total = found.query, found.total
    if query is None or total is None:
        return _trouble(found, names, token)
    lines: list[Line] = [line(bold(said)) for said in _said(found, query, total, names)]
    lines += [line(part) for part in _parts(found, names)]
    lines.append(line(italic(f"Understood: {understood(query, names)}")))
    lines += [line(italic(note)) for note in _notes(found, query, total)]
    for number, incident in enumerate(found.shown, 1):
        lines += _incident(number, incident, found, names)
    if total.count > len(found.shown):
        lines.append(line(italic(f"and {total.count - len(found.shown)} more")))
    return Message((Block(tuple(lines)),), _buttons(found, query, names, token))


def why(found: Answer, names: Names) -> str:
    """The answer, or why there is none, in one line."""
    if found.query is None or found.total is None:
        nearest = f" {_nearest(found, names)}" if found.nearest and found.query else ""
        return _refusal(found.reading, names) + nearest
    said = " ".join(_said(found, found.query, found.total, names))
    notes = " ".join(_notes(found, found.query, found.total))
    return f"{said} Understood: {understood(found.query, names)}. {notes}".strip()


def understood(query: Query, names: Names) -> str:
    """A query in words: "shootings · in Chicago, Illinois, United States · in May 2015 (1 to 31 May 2015)"."""
    parts = [query.label or "incidents of any kind"]
    parts += [_condition(one) for one in query.conditions]
    if query.places:
        parts.append("in " + " or ".join(names.long_place(spot.place) for spot in query.places))
    else:
        parts.append("anywhere")
    parts.append(" or ".join(_period(period) for period in query.periods) or "at any time")
    parts += [f"by {actor}" for actor in query.actors]
    parts += [f"with the word “{clean(word, 40)}”" for word in query.words]
    parts += [f"naming “{clean(name, 60)}”" for name in query.names]
    return " · ".join(parts)


# ------------------------------------------------------------------ the sentence


def _said(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    label = query.label or "incidents"
    newest = found.shown[0] if found.shown else None
    if not total.count and query.measure not in (Measure.TREND, Measure.COUNT):
        nobody = query.measure.field or next(
            (one.field for one in query.conditions if query.measure is Measure.ANY), None
        )
        yield f"None that I know of: nobody {_VERBS[nobody]}." if nobody else f"I know of no such {label}."
        return
    match query.measure:
        case Measure.KILLED | Measure.INJURED | Measure.KIDNAPPED:
            bounds: Bounds = getattr(total, query.measure.value)
            yield f"{_people(bounds)} {query.measure.value}, in {_incidents(total.count)}."
        case Measure.CASUALTIES:
            yield f"{_people(total.killed)} killed and {_people(total.injured)} injured, in {_incidents(total.count)}."
        case Measure.ANY:
            yield f"Yes: {_incidents(total.count)}{_hurt(total)}."
        case Measure.WHEN if newest:
            when = (
                words.when(newest.facts.when)
                or f"a time that isn't told, reported {words.day(newest.last_seen.date())}"
            )
            yield f"The {query.order} one that I know of was on {when}."
        case Measure.WHERE:
            yield f"{_incidents(total.count)}, by place:"
        case Measure.CLAIMED:
            yield from _claims(found.shown)
        case Measure.DEADLIEST if newest:
            by = "injured" if query.by == "injured" else "killed"
            count = words.count(getattr(newest.facts, by)) or "not known"
            where, when = names.place(newest.facts.place), words.when(newest.facts.when) or "time not told"
            yield f"The most {by} in one: {count}, in {where}, {when}."
        case Measure.TREND:
            yield f"{_incidents(total.count)}, by {found.unit}:"
        case _:
            yield f"{_incidents(total.count)}{_hurt(total)}."


def _incidents(count: int) -> str:
    return words.plural(count, "incident")


def _people(bounds: Bounds) -> str:
    return words.interval(bounds.low, bounds.high)


def _hurt(total: Tally) -> str:
    parts = [
        f"{_people(getattr(total, name))} {name}"
        for name in ("killed", "injured", "kidnapped")
        if getattr(total, name).low
    ]
    return f"; {', '.join(parts)}" if parts else ""


def _claims(shown: Sequence[Incident]) -> Iterator[str]:
    """Each answer that the incidents give, with how many give it."""
    said = Counter(one for one in (words.responsibility(incident.facts) for incident in shown) if one)
    if not said:
        yield "As far as I know nobody has claimed it or been named."
        return
    known = [f"{one} ({_incidents(n)})" if len(shown) > 1 else one for one, n in said.most_common()]
    text = "; ".join(known)
    yield f"{text[:1].upper()}{text[1:]}."


def _condition(one: Condition) -> str:
    verb = _VERBS[one.field]
    if one.high == 0:
        return f"nobody {verb}"
    if one.low <= 1 and one.high is None:
        return f"somebody {verb}"
    if one.high is None:
        return f"at least {one.low} {verb}"
    return f"{words.interval(one.low or None, one.high)} {verb}"


def _period(period: Period) -> str:
    if period.since is None:
        return f"until {words.day(period.until)}" if period.until else "at any time"
    if period.until is None:
        return f"since {words.day(period.since)}"
    if period.since == period.until:
        return f"on {words.day(period.since)}"
    return f"{words.day(period.since)} to {words.day(period.until)}"


def _parts(found: Answer, names: Names) -> Iterator[str]:
    if not found.parts:
        return
    most = max(part.tally.count for part in found.parts) or 1
    for part in found.parts[-MOST_PARTS:]:
        bar = "▇" * max(1, round(BAR * part.tally.count / most)) + " " if found.unit and part.tally.count else ""
        yield f"{_label(part, found, names)}: {bar}{part.tally.count}{_hurt(part.tally)}"


def _label(part: Part, found: Answer, names: Names) -> str:
    if part.place is not None:
        return names.long_place(part.place)
    if found.unit == "month":
        return f"{date.fromisoformat(part.key + '-01'):%b %Y}"
    if found.unit in ("day", "week"):
        return ("week of " if found.unit == "week" else "") + words.day(date.fromisoformat(part.key))
    if "\t" in part.key or (len(part.key) <= 2 and not found.unit):
        country, *inner = part.key.split("\t")
        named = [names.country(country) or country if country else "", *inner]
        return ", ".join(dict.fromkeys(one for one in reversed(named) if one)) or "place not known"
    return clean(part.key, 60)


def _notes(found: Answer, query: Query, total: Tally) -> Iterator[str]:
    if found.undated:
        yield f"{found.undated} of them without a date of their own, by the day of the first report."
    if found.maybe:
        yield f"{words.plural(found.maybe, 'more incident')} may belong here: their time isn't known well enough."
    for name in ("killed", "injured", "kidnapped"):
        bounds: Bounds = getattr(total, name)
        if bounds.unknown and query.measure.field not in (None, name) and name != "kidnapped":
            yield f"For {bounds.unknown} of them nobody says how many were {name}."
    if query.unread:
        yield "I made nothing of: " + ", ".join(f"“{clean(word, 30)}”" for word in query.unread[:5]) + "."


def _incident(number: int, incident: Incident, found: Answer, names: Names) -> Iterator[Line]:
    when = words.when(incident.facts.when) or "time not told"
    yield line(bold(f"{number}. "), cut(headline(incident, names), HEADLINE_UNITS), f" · {when}")
    quote, source = _quote(incident, found.query or Query(), {one.id: one for one in found.texts})
    outlet = link(words.outlet(source), source.url) if source else None
    if quote and outlet:
        yield line(f"“{quote}” · ", outlet)
    elif outlet:
        yield line(outlet)


def _quote(incident: Incident, query: Query, texts: Mapping[str, Article]) -> tuple[str, ArticleRef | None]:
    """The sentence that the asked fact rests on, and the article that it stands in; else the article's title."""
    known = {article.id: article for article in incident.articles}
    told = [texts[name].text for name in known if name in texts]
    names = discretion.withheld(incident, told)
    for field in (*_EVIDENCE.get(query.measure, ()), "killed", "injured", "kind"):
        for quote in incident.facts.evidence.get(field, ()):
            said = _sentence(quote, texts) if not discretion.hides_surroundings(incident) else quote.quote
            if quote.article in known and said and not discretion.is_graphic(said):
                return clean(discretion.mask(said, names), QUOTE_UNITS), known[quote.article]
    first = incident.articles[0] if incident.articles else None
    return (clean(discretion.mask(first.title, names), QUOTE_UNITS) if first else ""), first


def _sentence(quote: Quote, texts: Mapping[str, Article]) -> str:
    """The sentence around a quote, verbatim; empty where its article's text is gone."""
    article = texts.get(quote.article)
    if article is None:
        return ""
    text = article.title if quote.where == "title" else article.text
    if text[quote.start : quote.end] != quote.quote:
        return ""
    start = max((found.end() for found in _BREAK.finditer(text, 0, quote.start)), default=0)
    after = _BREAK.search(text, quote.end)
    return text[start : after.start() + 1 if after else len(text)].strip()


# ------------------------------------------------------------------ what can't be answered


def _trouble(found: Answer, names: Names, token: str) -> Message:
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
            buttons.append((Button("Show these", "asked", f"{token} ok"),))
    return Message((Block(tuple(lines)),), tuple(buttons))


def _nearest(found: Answer, names: Names) -> str:
    total, query = found.nearest or Tally(), found.query or Query()
    where = "Without it" if found.reading.trouble is Trouble.PLACE else "The nearest that I can answer"
    return f"{where}: {_incidents(total.count)}{_hurt(total)} ({understood(query, names)})."


def _refusal(reading: Reading, names: Names) -> str:
    what = clean(reading.what, 60)
    match reading.trouble:
        case Trouble.PLACE:
            meant = [names.long_place(place) for place in reading.meant]
            hint = (
                f"Do you mean {' or '.join(meant)}?"
                if meant
                else "Which bigger place is near, or which country is it in?"
            )
            return f"I know no place called “{what}”. {hint}"
        case Trouble.DATE:
            return f"No calendar has the day “{what}”. Ask with another date, as in: on 3 May 2026."
        case Trouble.THING:
            return f"I can't count “{what}”. {ABILITIES}"
        case Trouble.LANGUAGE:
            return f"I understand questions in English only. For instance: {EXAMPLES}"
        case Trouble.LENGTH:
            return f"That is too long for me: ask in one sentence. For instance: {EXAMPLES}"
        case Trouble.WHY:
            return "I don't know reasons: I keep what happened, where, when, to whom and who is held responsible."
        case Trouble.FUTURE:
            return "I don't know what will happen: I keep what has been reported."
        case _:
            about = f"I don't know what “{what}” has to do with incidents. " if what else ""
            return f"{about}{ABILITIES} For instance: {EXAMPLES}"


# ------------------------------------------------------------------ buttons


def _buttons(found: Answer, query: Query, names: Names, token: str) -> tuple[tuple[Button, ...], ...]:
    cards = [Button(str(n), "card", incident.id) for n, incident in enumerate(found.shown, 1)]
    rows = [tuple(cards[start : start + 5]) for start in range(0, len(cards), 5)]
    if token:
        rows += [
            (Button(cut(f"In {names.long_place(place)}", 60), "asked", f"{token} p{n}"),)
            for n, place in enumerate(found.others[:MOST_OTHERS])
        ]
        rows.append(tuple(Button(label, "asked", f"{token} {verb}") for verb, label in PERIODS))
        if query.places:
            rows.append((Button("Anywhere", "asked", f"{token} all"),))
    return tuple(rows)
