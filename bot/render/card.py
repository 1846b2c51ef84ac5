"""The card of an incident: what is known of it, and who tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from bot.i18n import translate
from bot.i18n.translate import mark, mark_in, t, tn, tp
from bot.render import discretion, people, words
from bot.render.message import Block, Button, Line, Message, Span, bold, foreign, italic, line, link, moment, sentence
from bot.render.stored_values import reason_words
from bot.render.text import clean
from bot.render.words import Names
from bot.types import Acknowledgement, Arrival, Reason
from extract.publishers import packaged_publishers
from extract.types import ArticleRef, Certainty, Incident, Lifecycle, Manner, News, Notice, Severity, Stage

MOST_SOURCES = 40
# the latest retractions, corrections and denials that a card quotes
MOST_NOTICES = 2
NOTICE_UNITS = 300
NAME_UNITS = 40
TITLE_UNITS = 200
# articles published within this time tell the same news of an act
SAME_NEWS = timedelta(days=1)
_NOTICES = {
    Manner.RETRACTION: mark_in("notice", "Taken back"),
    Manner.CORRECTION: mark_in("notice", "Correction"),
    Manner.DENIAL: mark_in("notice", "Denial"),
}
TAKEN_BACK = mark("This has been taken back: it rests on nothing that still stands.")
REPEAT_NOTE = mark("Sent again: the first try got no answer, so you may have this twice.")


def card(
    incident: Incident,
    names: Names,
    *,
    repeat: bool = False,
    seen: Acknowledgement | None = None,
    loud: Severity | None = None,
    arrival: Arrival | None = None,
    felt: Reason | None = None,
) -> Message:
    """Everything known about an incident in one message; the first line can be read alone on a lock screen.

    Below it the title of the article that tells the act best, then the facts, each once, and the outlets.

    ``seen``: somebody in the chat has acknowledged the incident. ``loud``: the least severity that can be acknowledged;
    None: no incident can. ``repeat``: the first try got no answer, and the message says so. ``arrival``: when the card
    came to the chat; None: it says when the service knew of the incident. ``felt``: how far from a place that the chat
    asks for an earthquake was that was probably felt there.
    """
    if incident.merged_into:
        return _merged_card(incident, names)
    facts = incident.facts
    retracted = incident.lifecycle is Lifecycle.RETRACTED
    quoted = _best_titled(incident)
    lines: list[Line] = [line(Span(headline(incident, names), bold=True, strike=retracted))]
    if retracted:
        lines.append(line(t(TAKEN_BACK)))
    lines += [notice_line(notice, incident) for notice in incident.notices[-MOST_NOTICES:]]
    lines += [_title_line(*quoted, incident)] if quoted else []
    lines.append(line(" · ".join(_state(incident))))
    lines += [line(bold(_capitalised(reason_words(felt))))] if felt is not None else []
    lines += [line(bold(f"{label}: "), text) for label, text in people.number_lines(incident)]
    lines.append(line(italic(" · ".join(_basis(incident, arrival)))))
    denying = {notice.quote.article for notice in incident.notices if notice.denies}
    lines += _others([one for one in incident.articles if one.id not in denying], quoted[0] if quoted else None)
    is_worse = seen is not None and facts.severity.rank > seen.severity
    acknowledge: tuple[tuple[Button, ...], ...] = ()
    if loud is not None and facts.severity.rank >= loud.rank and not retracted:
        acknowledge = (_acknowledge(incident.id, is_seen=seen is not None and not is_worse),)
    lines += [_acknowledged(seen, is_worse=is_worse)] if seen else []
    lines += [line(italic(t(REPEAT_NOTE)))] if repeat else []
    return Message((Block(tuple(lines)),), (*acknowledge, *buttons(incident.id)))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _acknowledge(incident_id: str, *, is_seen: bool) -> tuple[Button, ...]:
    """The button that acknowledges a severe incident, or takes the acknowledgement back."""
    if is_seen:
        return (Button(t("Take back the acknowledgement"), "ack", f"{incident_id} off"),)
    return (Button(t("Acknowledge"), "ack", incident_id),)


def _acknowledged(seen: Acknowledgement, *, is_worse: bool) -> Line:
    """Who acknowledged it and when; an acknowledgement of a less severe state no longer counts (``is_worse``)."""
    at = moment(seen.at)
    if seen.name:
        said = sentence("Acknowledged by {name}, {at}", name=foreign(clean(seen.name, NAME_UNITS)), at=at)
    else:
        said = sentence("Acknowledged {at}", at=at)
    return (*said, *line("; ", t("it is more severe now"))) if is_worse else said


def _merged_card(incident: Incident, names: Names) -> Message:
    """The card of an incident that was merged into another one, of which the chat has a card too."""
    lines = (
        line(Span(headline(incident, names), strike=True)),
        line(t("This and another alert you have were one incident; the other card is kept up to date.")),
    )
    return Message((Block(lines),), ((Button(t("Show it"), "card", incident.merged_into),),))


def headline(incident: Incident, names: Names) -> str:
    """The facts that matter most, always in this order: SEVERE · Karachi, Pakistan · bombing, 4 killed, 11 injured."""
    facts = incident.facts
    word = tp("head", "RETRACTED") if incident.lifecycle is Lifecycle.RETRACTED else words.severity(facts.severity)
    return " · ".join(part for part in (word, names.place(facts.place), act(incident, names)) if part)


def act(incident: Incident, names: Names) -> str:
    """What happened, by kind, stage, magnitude and toll: "bombing, 4 killed, 11 injured"."""
    facts = incident.facts
    parts = [names.kind(facts.kind)]
    parts += [tp("stage", facts.stage.value)] if facts.stage is not Stage.ACCOMPLISHED else []
    parts += [words.magnitude(facts.magnitude)] if facts.magnitude is not None else []
    what = translate.joined((*parts, *people.toll(incident)))
    return t("follow-up: {what}", what=what) if facts.news is News.FOLLOW_UP else what


def summary(incident: Incident, names: Names) -> str:
    """The incident in one line without its severity: "Karachi, Pakistan · bombing, 4 killed"."""
    return f"{names.place(incident.facts.place)} · {act(incident, names)}"


def buttons(incident_id: str) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a card."""
    return (
        (
            Button(t("Evidence"), "ev", incident_id),
            Button(t("Map"), "map", incident_id),
            Button(t("Why this?"), "why", incident_id),
        ),
        (Button(tp("button", "Follow"), "follow", incident_id), Button(tp("button", "Mute…"), "mute", incident_id)),
        (Button(t("Wrong?"), "wrong", incident_id), Button(t("Subscriptions…"), "subs", "")),
    )


def title_link(article: ArticleRef, incident: Incident) -> Span | None:
    """An article's own title in quotation marks, linked; graphic words are hidden until tapped.

    None if it has no title, or one with a name that is withheld: what a publisher wrote is quoted whole or not at all.
    """
    title = clean(article.title, TITLE_UNITS)
    if not title or not discretion.is_quotable(title, incident):
        return None
    shown = link(t("“{name}”", name=title), article.url)
    return Span(shown.text, url=shown.url, opens=shown.opens, closes=shown.closes, spoiler=discretion.is_graphic(title))


def state_mark(article: ArticleRef) -> tuple[Span, ...]:
    """What is put beside an outlet that is state media."""
    known = packaged_publishers().find(article.source, article.url)
    return (Span(f" ({words.state_media(known.state_media)})"),) if known is not None and known.state else ()


def notice_line(notice: Notice, incident: Incident) -> Line:
    """The words of a retraction, correction or denial; its label alone where they contain a name that is withheld."""
    label = tp("notice", _NOTICES[notice.manner])
    shown = clean(notice.quote.quote, NOTICE_UNITS)
    if not discretion.is_quotable(shown, incident):
        return line(label)
    quote = Span(t("“{name}”", name=shown), italic=True, spoiler=discretion.is_graphic(shown))
    return line(f"{label}: ", quote)


def _best_titled(incident: Incident) -> tuple[ArticleRef, Span] | None:
    """The article that tells the act best, with its title; if that can't be quoted the newest whose title can.

    If it is in another language than the chat's, rather one of about its time that the chat's readers can read.
    """
    best = [article for article in incident.articles if article.id == incident.told_best]
    read = [other for article in best for other in _in_language_of_chat(article, incident.articles)]
    titles = ((article, title_link(article, incident)) for article in (*read, *best, *reversed(incident.articles)))
    return next(((article, title) for article, title in titles if title is not None), None)


def _in_language_of_chat(best: ArticleRef, articles: Sequence[ArticleRef]) -> list[ArticleRef]:
    """The articles in the chat's language that were published within a day of one that is not, the nearest first."""
    at = best.published_by
    if at is None or _is_in_language_of_chat(best):
        return []
    apart = [(abs(other - at), one) for one in articles if _is_in_language_of_chat(one) and (other := one.published_by)]
    return [one for gap, one in sorted(apart, key=lambda pair: pair[0]) if gap <= SAME_NEWS]


def _is_in_language_of_chat(article: ArticleRef) -> bool:
    return (article.lang or translate.SOURCE) == translate.current().language.code


def _title_line(quoted: ArticleRef, title: Span, incident: Incident) -> Line:
    outlet = words.outlet(quoted)
    same = [one for one in incident.articles if words.outlet(one) == outlet and one.id != quoted.id]
    language = translate.language_name(quoted.lang or translate.SOURCE)
    mark = (" ", t("(in {language})", language=language)) if _is_foreign(quoted) else ()
    return line(title, " · ", foreign(outlet), *state_mark(quoted), *mark, *_numbered(same[:MOST_SOURCES]))


def _is_foreign(article: ArticleRef) -> bool:
    """Is the article in another language than the chat's, so that its reader may need a translation?

    English is not marked: most sources are in English, and every chat knows that quotes stay as they are.
    """
    return bool(article.lang) and not _is_in_language_of_chat(article)


def _state(incident: Incident) -> Iterator[str]:
    """When it was, whether it is over, and who is held responsible."""
    facts = incident.facts
    yield words.when(facts.when, this_year=incident.last_seen.year) or first_reported(incident)
    if status := words.status(facts.status):
        yield status
    if responsibility := words.responsibility(facts):
        yield responsibility
    if denied := words.denied(incident):
        yield denied


def first_reported(incident: Incident) -> str:
    """What is known of the time where no article tells the day of the act: the day on which the first was published."""
    first = min((one.published for one in incident.articles if one.published is not None), default=None)
    if first is None:
        return t("time not known")
    is_this_year = first.year == incident.last_seen.year
    day = translate.day_of_year(first.date()) if is_this_year else words.day(first.date())
    return t("day not told, first reported {day}", day=day)


def _basis(incident: Incident, arrival: Arrival | None) -> Iterator[str]:
    """How many publishers tell it, how certain it is, how soon after publication it came, and is there still news?"""
    yield words.independent(max(1, incident.origins))
    if incident.facts.certainty is not Certainty.UNKNOWN:
        yield tp("certainty", incident.facts.certainty.value)
    if delay := _delay(incident, arrival):
        yield delay
    if life := words.lifecycle(incident):
        yield life


def _delay(incident: Incident, arrival: Arrival | None) -> str:
    """How long after publication it came; empty where the hour of publication isn't known.

    With ``arrival``: from the publication of the article that the first card came for until the chat had it. Else from
    the first publication until the service learned of it.
    """
    told = [one for one in incident.articles if arrival is None or one.id == arrival.article]
    published = [_hour_known(article.published) for article in told]
    first = min((at for at in published if at is not None), default=None)
    came = arrival.at if arrival else incident.first_seen
    if first is None or first > came:
        return ""
    minutes = int((came - first).total_seconds() // 60)
    if minutes < 1:
        return t("within a minute of publication")
    if minutes < 120:
        return tn("{n} min after publication", "{n} min after publication", minutes)
    return tn("{n} h after publication", "{n} h after publication", minutes // 60)


def _hour_known(at: datetime | None) -> datetime | None:
    """A time of publication; None where only its day is known, which is kept as midnight."""
    return None if at is None or at.time() == time() else at


def _others(articles: Sequence[ArticleRef], quoted: ArticleRef | None) -> list[Line]:
    """The outlets besides the quoted one, each once with a link to its first article and numbers for the others."""
    first = words.outlet(quoted) if quoted else None
    found: dict[str, list[ArticleRef]] = {}
    for article in articles[-MOST_SOURCES:]:
        if words.outlet(article) != first:
            found.setdefault(words.outlet(article), []).append(article)
    if not found:
        return []
    spans: list[Span] = [bold(t("Also told by: ") if quoted else t("Told by: "))]
    for number, (outlet, told) in enumerate(found.items()):
        spans += [Span(translate.joined(("", "")))] if number else []
        spans += [link(outlet, told[0].url), *state_mark(told[0]), *_numbered(told[1:])]
    rest = len(articles) - MOST_SOURCES
    spans += [Span(" " + t("and {n} more", n=rest))] if rest > 0 else []
    return [tuple(spans)]


def _numbered(more: Sequence[ArticleRef]) -> list[Span]:
    """Links to an outlet's further articles: " 2 3"."""
    return [span for n, article in enumerate(more, 2) for span in (Span(" "), link(str(n), article.url))]
