"""The card of an incident, and the reply that says what changed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n import translate
from bot.i18n.translate import mark, t, tp
from bot.render import discretion, words
from bot.render.message import Block, Button, Line, Message, Span, bold, foreign, italic, line, link, moment, sentence
from bot.render.stored_values import changed_value
from bot.render.text import clean
from bot.render.words import Names
from bot.types import Acknowledgement
from extract.track.summary import summary_without_place, target_name
from extract.types import (
    Action,
    ArticleRef,
    Certainty,
    Change,
    Conflict,
    CountState,
    FieldChange,
    Incident,
    Lifecycle,
    News,
    Severity,
    Stage,
)

SUMMARY_UNITS = 300
MOST_SOURCES = 40
MOST_CLAIMS = 3
NAME_UNITS = 40
VALUE_UNITS = 60
LONG_VALUE_UNITS = 200
TARGET_UNITS = 60
SPEAKER_UNITS = 60
REPEAT_NOTE = mark("Sent again: the first try got no answer, so you may have this twice.")


def card(
    incident: Incident,
    change: Change | None,
    names: Names,
    *,
    repeat: bool = False,
    seen: Acknowledgement | None = None,
    loud: Severity | None = None,
) -> Message:
    """Everything known about an incident in one message; the first line can be read alone on a lock screen.

    ``seen``: somebody in the chat has acknowledged the incident. ``loud``: the least severity that can be acknowledged;
    None: no incident can. ``repeat``: the first try got no answer, and the message says so.
    """
    if incident.merged_into:
        return _merged_card(incident, names)
    facts = incident.facts
    retracted = incident.lifecycle is Lifecycle.RETRACTED
    lines: list[Line] = [line(Span(headline(incident, names), bold=True, strike=retracted))]
    if retracted:
        lines.append(line(t("This has been taken back: it rests on nothing that still stands.")))
    lines.append(line(" · ".join(_state(incident, names))))
    lines += [line(bold(f"{label}: "), text) for label, text in _numbers(incident)]
    is_worse = seen is not None and facts.severity.rank > seen.severity
    acknowledge: tuple[tuple[Button, ...], ...] = ()
    if loud is not None and facts.severity.rank >= loud.rank and not retracted:
        acknowledge = (_acknowledge(incident.id, is_seen=seen is not None and not is_worse),)
    who = words.responsibility(facts)
    lines += [line(bold(f"{words.label('responsibility')}: "), who)] if who else []
    lines.append(_sources(incident.articles))
    lines.append(line(italic(_footer(incident, change, names))))
    lines += [_acknowledged(seen, is_worse=is_worse)] if seen else []
    lines += [line(italic(t(REPEAT_NOTE)))] if repeat else []
    return Message((Block(tuple(lines)),), (*acknowledge, *buttons(incident.id)))


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


def update(incident: Incident, change: Change, names: Names, *, repeat: bool = False) -> Message:
    """The changed fields with their values before and after, as a reply to the card."""
    word = tp("head", "RETRACTED") if change.action is Action.RETRACT else tp("head", "UPDATE")
    first = f"{word} · {names.place(incident.facts.place)}: {_news(incident, change, names)}"
    lines: list[Line] = [line(bold(first))]
    lines += [line(f"{words.label(field.field)}: ", *_before_after(field, names)) for field in _material_first(change)]
    article = next((known for known in incident.articles if known.id == change.article), None)
    if article is not None:
        lines.append(line(t("Source: "), link(words.outlet(article), article.url)))
    lines += [line(italic(t(REPEAT_NOTE)))] if repeat else []
    return Message((Block(tuple(lines)),))


def headline(incident: Incident, names: Names) -> str:
    """SEVERE · Karachi, Pakistan: Armed attack on police headquarters: 4 killed."""
    facts = incident.facts
    word = tp("head", "RETRACTED") if incident.lifecycle is Lifecycle.RETRACTED else words.severity(facts.severity)
    place = names.place(facts.place)
    said = f"{place}: {_summary(incident, names)}"
    return f"{word} · {said}" if word else said


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


def summary(incident: Incident, names: Names) -> str:
    """The incident in one line with its place: the record's summary in English, built from the facts otherwise."""
    if translate.current().language.is_source:
        return discretion.mask(incident.summary, discretion.withheld(incident))
    return f"{names.place(incident.facts.place)}: {_translated_summary(incident, names)}"


def _summary(incident: Incident, names: Names) -> str:
    """The incident in one line without its place, which precedes it."""
    if not translate.current().language.is_source:
        return _translated_summary(incident, names)
    return discretion.mask(clean(summary_without_place(incident.facts), SUMMARY_UNITS), discretion.withheld(incident))


def _translated_summary(incident: Incident, names: Names) -> str:
    """The same in another language than English."""
    facts = incident.facts
    what = names.kind(facts.kind)
    target = target_name(facts)
    if target:
        masked = discretion.mask(clean(target, TARGET_UNITS), discretion.withheld(incident))
        what = t("{what} ({target})", what=what, target=masked)
    if facts.stage is not Stage.ACCOMPLISHED:
        what = t("{what}, {stage}", what=what, stage=tp("stage", facts.stage.value))
    numbers = [
        words.casualties(field, getattr(facts, field).low, getattr(facts, field).high)
        for field in ("killed", "injured", "kidnapped")
        if getattr(facts, field).state is CountState.COUNTED and getattr(facts, field).low
    ]
    what = f"{what}: {translate.joined(numbers)}" if numbers else what
    return t("follow-up: {what}", what=what) if facts.news is News.FOLLOW_UP else what


def _state(incident: Incident, names: Names) -> Iterator[str]:
    facts = incident.facts
    yield names.kind(facts.kind).capitalize()
    if facts.stage is not Stage.ACCOMPLISHED:
        yield tp("stage", facts.stage.value)
    if words.STATUSES[facts.status]:
        yield tp("status", words.STATUSES[facts.status])
    yield words.when(facts.when) or t("time not known")
    if facts.certainty is not Certainty.UNKNOWN:
        yield t("certainty: {certainty}", certainty=tp("certainty", facts.certainty.value))


def _numbers(incident: Incident) -> Iterator[tuple[str, str]]:
    """Each number with its label; those that are not yet known share a line."""
    facts = incident.facts
    conflicts = {conflict.field: conflict for conflict in incident.conflicts}
    unknown: list[str] = []
    for field in words.COUNT_FIELDS:
        value = getattr(facts, field)
        if field in conflicts:
            yield words.label(field), _disagreement(conflicts[field])
        elif value.state is CountState.NOT_YET_KNOWN:
            unknown.append(words.label(field) if not unknown else words.in_line(field))
        elif words.count(value):
            yield words.label(field), _with_claims(incident, field)
    if unknown:
        yield translate.joined(unknown), tp("number", "not yet known")


def _with_claims(incident: Incident, field: str) -> str:
    """The number; if speakers disagree, the latest number of each speaker with the speaker."""
    claimed: dict[str, str] = {}
    for claim in incident.facts.claims:
        if claim.field == field and words.count(claim.count):
            claimed[clean(claim.said_by, SPEAKER_UNITS)] = words.count(claim.count)
    if "" in claimed or len(set(claimed.values())) < 2:
        return words.count(getattr(incident.facts, field))
    shown = list(claimed.items())[:MOST_CLAIMS]
    return translate.joined_clauses(f"{number} ({translate.isolate(speaker)})" for speaker, number in shown)


def _disagreement(conflict: Conflict) -> str:
    parts = [
        f"{words.interval(value.low, value.high)} ({words.sources(len(value.articles))})" for value in conflict.values
    ]
    return t("{numbers}; sources disagree", numbers=t(" or ").join(parts))


def _sources(articles: tuple[ArticleRef, ...]) -> Line:
    spans: list[Span] = [bold(t("Sources: ") if len(articles) != 1 else t("Source: "))]
    for number, article in enumerate(articles[-MOST_SOURCES:]):
        spans += [Span(translate.joined(("", "")))] if number else []
        spans.append(link(words.outlet(article), article.url))
    rest = len(articles) - MOST_SOURCES
    spans += [Span(" " + t("and {n} more", n=rest))] if rest > 0 else []
    return tuple(spans)


def _footer(incident: Incident, change: Change | None, names: Names) -> str:
    parts = [words.articles(len(incident.articles))]
    parts.append(words.independent(max(1, incident.origins)))
    parts.append(f"v{incident.version}")
    parts.append(t("first report") if incident.version == 1 else _what_changed(change, names))
    return " · ".join(part for part in parts if part)


def _what_changed(change: Change | None, names: Names) -> str:
    if change is None or not change.fields:
        return ""
    shown = _material_first(change)[:3]
    fields = translate.joined(f"{words.in_line(field.field)} {_arrow(field, names)}".strip() for field in shown)
    return t("changed: {fields}", fields=fields)


def _arrow(field: FieldChange, names: Names) -> str:
    before, after = (changed_value(known, names, VALUE_UNITS) for known in (field.before, field.after))
    return f"{before} → {after}" if before and after else after


def _material_first(change: Change) -> list[FieldChange]:
    """The changed fields, those that decided the action first."""
    return sorted(change.fields, key=lambda field: field.field not in change.because)


def _before_after(field: FieldChange, names: Names) -> Line:
    before, after = (
        changed_value(known, names, LONG_VALUE_UNITS) or t("not known") for known in (field.before, field.after)
    )
    return line(Span(before, strike=True), " → ", bold(after))


def _news(incident: Incident, change: Change, names: Names) -> str:
    if not change.fields:
        return clean(_summary(incident, names), 120)
    first = _material_first(change)[0]
    return f"{words.in_line(first.field)} {_arrow(first, names)}"
