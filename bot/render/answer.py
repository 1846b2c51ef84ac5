"""The answer to a question: the number, how it was understood, incidents with quotes, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.i18n import translate
from bot.i18n.translate import mark, t, tn
from bot.render import coverage, discretion, words
from bot.render.answer_sentences import all_casualties, part_label, sentences
from bot.render.card import headline
from bot.render.message import Block, Button, Line, Message, bold, foreign, italic, line, link
from bot.render.text import clean, cut
from bot.render.understood import taken, understood
from bot.render.words import Names
from bot.types import Answer, Bounds, Coverage, Gap, Tally
from extract.ask import Measure, Query, Reading, Trouble
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
_UNKNOWN_COUNTS = {
    "killed": mark("For {n} of them nobody says how many were killed."),
    "injured": mark("For {n} of them nobody says how many were injured."),
}


def answer(found: Answer, names: Names, *, token: str = "") -> Message:
    """The whole answer as a message; ``token`` identifies the question in the buttons that change it."""
    query, total = found.query, found.total
    if query is None or total is None:
        return _no_answer(found, names, token)
    lines: list[Line] = [line(bold(sentence)) for sentence in _told(found, query, total, names)]
    lines += [line(part) for part in _parts(found, names)]
    lines.append(line(italic(t("Understood: {question}", question=understood(query, names)))))
    lines += [line(italic(one)) for one in _readings(found, query, names)]
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
    answered = " ".join(_told(found, found.query, found.total, names))
    notes = " ".join(_notes(found, found.query, found.total))
    understanding = t("Understood: {question}", question=understood(found.query, names))
    readings = " ".join(_readings(found, found.query, names))
    return " ".join(f"{answered} {understanding}. {readings} {notes}".split())


# ------------------------------------------------------------------ the answer itself


def _told(found: Answer, query: Query, total: Tally, names: Names) -> Iterator[str]:
    """The answer; before "none", what is not covered."""
    if not total.count and found.coverage is not None and found.coverage.gap is not None:
        yield coverage.gap(found.coverage)
    yield from sentences(found, query, total, names)


def _parts(found: Answer, names: Names) -> Iterator[str]:
    if not found.parts:
        return
    most = max(part.tally.count for part in found.parts) or 1
    for part in found.parts[-MOST_PARTS:]:
        bar = "▇" * max(1, round(BAR * part.tally.count / most)) + " " if found.unit and part.tally.count else ""
        yield f"{part_label(part, found, names)}: {bar}{translate.number(part.tally.count)}{all_casualties(part.tally)}"


def _readings(found: Answer, query: Query, names: Names) -> Iterator[str]:
    """What was not typed so: misspelt words, and what came from the question before."""
    for one in query.respelt:
        yield t(
            "I read “{said}” as {read}.",
            said=translate.isolate(clean(one.said, 40)),
            read=translate.isolate(clean(one.read, 60)),
        )
    if kept := taken(query, found.reading.taken, names):
        yield t("From your last question: {question}.", question=kept)


def _notes(found: Answer, query: Query, total: Tally) -> Iterator[str]:
    if found.undated:
        yield t("{n} of them without a date of their own, by the day of the first report.", n=found.undated)
    if found.maybe:
        yield tn(
            "{n} more incident may belong here: their time isn't known well enough.",
            "{n} more incidents may belong here: their time isn't known well enough.",
            found.maybe,
        )
    if found.denied and total.count:
        yield tn(
            "{n} more report is denied or doubted and does not count.",
            "{n} more reports are denied or doubted and do not count.",
            found.denied,
        )
    if query.hits and query.measure.field in ("killed", "injured", "kidnapped") and total.count:
        yield t("The number is of everybody in these incidents, not of them alone.")
    for name in ("killed", "injured", "kidnapped"):
        bounds: Bounds = getattr(total, name)
        is_other = query.measure.field not in (None, name, "freed", "arrested")
        if bounds.unknown and is_other and name != "kidnapped":
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
    told = [texts[name] for name in known if name in texts]
    names = discretion.withheld(incident, [f"{one.title}\n{one.text}" for one in told])
    place = incident.facts.place
    for field in (*_EVIDENCE.get(query.measure, ()), "killed", "injured", "kind"):
        for quote in incident.facts.evidence.get(field, ()):
            sentence = _sentence(quote, texts) if not discretion.hides_surroundings(incident) else quote.quote
            if quote.article in known and sentence and not discretion.is_graphic(sentence):
                return clean(discretion.mask(sentence, names, place), QUOTE_UNITS), known[quote.article]
    first = incident.articles[0] if incident.articles else None
    return (clean(first.title, QUOTE_UNITS) if first and discretion.is_quotable(first.title, incident) else ""), first


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
    return f"{where}: {words.incidents(total.count)}{all_casualties(total)} ({understood(query, names)})."


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
        case Trouble.SAFETY:
            return t("Whether a place is safe I can't say: I know only what has been reported.")
        case Trouble.LEAST:
            return t("I can say what was worst or came first, not what was least.")
        case Trouble.NEGATION:
            return t("I don't understand what to leave out in “{what}”.", what=what)
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
        rows += _changes(found, query, token)
    return tuple(rows)


def _changes(found: Answer, query: Query, token: str) -> list[tuple[Button, ...]]:
    """Buttons that take out a part of what was understood: the place, the kind, what the last question gave."""
    changes = [
        ("all", t("Anywhere"), bool(query.places)),
        ("kinds", t("Any kind"), bool(query.kinds)),
        ("whole", t("Leave nothing out"), bool(query.without)),
        ("every", t("All, not only the first"), bool(query.limit)),
        ("alone", t("Without the last question"), bool(found.reading.taken)),
    ]
    made = [Button(text, "asked", f"{token} {verb}") for verb, text, is_offered in changes if is_offered]
    return [tuple(made[start : start + 2]) for start in range(0, len(made), 2)]
