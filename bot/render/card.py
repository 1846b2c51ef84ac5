"""The card of an incident, and the reply that says what changed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.render import discretion, words
from bot.render.message import Block, Button, Line, Message, Span, bold, italic, line, link
from bot.render.text import clean
from bot.render.words import Names
from extract.types import Action, ArticleRef, Change, Conflict, CountState, FieldChange, Incident, Lifecycle

SUMMARY_UNITS = 300
MOST_SOURCES = 40
MOST_CLAIMS = 3
REPEAT_NOTE = "Sent again: the first try got no answer, so you may have this twice."


def card(incident: Incident, change: Change | None, names: Names, *, repeat: bool = False) -> Message:
    """Everything known about an incident in one message; the first line stands alone on a lock screen."""
    if incident.merged_into:
        return _pointer(incident, names)
    facts = incident.facts
    retracted = incident.lifecycle is Lifecycle.RETRACTED
    lines: list[Line] = [line(Span(headline(incident, names), bold=True, strike=retracted))]
    if retracted:
        lines.append(line("This has been taken back: it rests on nothing that still stands."))
    lines.append(line(" · ".join(_state(incident, names))))
    lines += [line(bold(f"{label}: "), text) for label, text in _numbers(incident)]
    who = words.responsibility(facts)
    lines += [line(bold("Responsibility: "), who)] if who else []
    lines.append(_sources(incident.articles))
    lines.append(line(italic(_footer(incident, change))))
    lines += [line(italic(REPEAT_NOTE))] if repeat else []
    return Message((Block(tuple(lines)),), buttons(incident.id))


def _pointer(incident: Incident, names: Names) -> Message:
    """What is left of a card whose incident was found to be another one that the chat has a card of."""
    lines = (
        line(Span(headline(incident, names), strike=True)),
        line("This and another alert you have were one incident; the other card is kept up to date."),
    )
    return Message((Block(lines),), ((Button("Show it", "card", incident.merged_into),),))


def update(incident: Incident, change: Change, names: Names, *, repeat: bool = False) -> Message:
    """What has changed, before and after; the card it answers holds the rest."""
    word = "RETRACTED" if change.action is Action.RETRACT else "UPDATE"
    first = f"{word} · {names.place(incident.facts.place)}: {_news(incident, change, names)}"
    lines: list[Line] = [line(bold(first))]
    lines += [line(f"{words.label(field.field)}: ", *_before_after(field)) for field in _weighty_first(change)]
    article = next((known for known in incident.articles if known.id == change.article), None)
    if article is not None:
        lines.append(line("Source: ", link(words.outlet(article), article.url)))
    lines += [line(italic(REPEAT_NOTE))] if repeat else []
    return Message((Block(tuple(lines)),))


def headline(incident: Incident, names: Names) -> str:
    """SEVERE · Karachi, Pakistan: gunmen attack police headquarters."""
    facts = incident.facts
    word = "RETRACTED" if incident.lifecycle is Lifecycle.RETRACTED else words.severity(facts.severity)
    place = names.place(facts.place)
    summary = _summary(incident, names)
    said = summary if summary.startswith(place) else f"{place}: {summary}"
    return f"{word} · {said}" if word else said


def buttons(incident_id: str) -> tuple[tuple[Button, ...], ...]:
    """What can be done with a card."""
    return (
        (
            Button("Evidence", "ev", incident_id),
            Button("Map", "map", incident_id),
            Button("Why this?", "why", incident_id),
        ),
        (Button("Follow", "follow", incident_id), Button("Mute…", "mute", incident_id)),
        (Button("Wrong?", "wrong", incident_id), Button("Subscriptions…", "subs", "")),
    )


def _summary(incident: Incident, names: Names) -> str:
    """The incident's one line without its place, which stands before it."""
    facts = incident.facts
    where = f" in {names.long_place(facts.place)}" if facts.place else ""
    said = incident.summary.replace(where, "", 1) if where else incident.summary
    return discretion.mask(clean(said, SUMMARY_UNITS), discretion.withheld(incident)) or names.kind(facts.kind)


def _state(incident: Incident, names: Names) -> Iterator[str]:
    facts = incident.facts
    yield names.kind(facts.kind).capitalize()
    if facts.stage.value != "accomplished":
        yield facts.stage.value
    if words.STATUSES[facts.status]:
        yield words.STATUSES[facts.status]
    yield words.when(facts.when) or "time not known"
    if facts.certainty.value != "unknown":
        yield f"certainty: {facts.certainty.value}"


def _numbers(incident: Incident) -> Iterator[tuple[str, str]]:
    """Each number with its label; those that nobody knows yet share a line."""
    facts = incident.facts
    conflicts = {conflict.field: conflict for conflict in incident.conflicts}
    unknown: list[str] = []
    for field in words.COUNT_FIELDS:
        value = getattr(facts, field)
        if field in conflicts:
            yield words.label(field), _disagreement(conflicts[field])
        elif value.state is CountState.NOT_YET_KNOWN:
            unknown.append(words.label(field) if not unknown else words.label(field).lower())
        elif words.count(value):
            yield words.label(field), _with_claims(incident, field)
    if unknown:
        yield ", ".join(unknown), "not yet known"


def _with_claims(incident: Incident, field: str) -> str:
    """The number, or where voices differ, each of them with who says so; a voice's later number takes the place."""
    said: dict[str, str] = {}
    for claim in incident.facts.claims:
        if claim.field == field and words.count(claim.count):
            said[clean(claim.said_by, 60)] = words.count(claim.count)
    if "" in said or len(set(said.values())) < 2:
        return words.count(getattr(incident.facts, field))
    return "; ".join(f"{number} ({who})" for who, number in list(said.items())[:MOST_CLAIMS])


def _disagreement(conflict: Conflict) -> str:
    parts = [
        f"{words.interval(value.low, value.high)} ({words.plural(len(value.articles), 'source')})"
        for value in conflict.values
    ]
    return " or ".join(parts) + "; sources disagree"


def _sources(articles: tuple[ArticleRef, ...]) -> Line:
    spans: list[Span] = [bold("Sources: " if len(articles) != 1 else "Source: ")]
    for number, article in enumerate(articles[-MOST_SOURCES:]):
        spans += [Span(", ")] if number else []
        spans.append(link(words.outlet(article), article.url))
    rest = len(articles) - MOST_SOURCES
    spans += [Span(f" and {rest} more")] if rest > 0 else []
    return tuple(spans)


def _footer(incident: Incident, change: Change | None) -> str:
    parts = [words.plural(len(incident.articles), "article")]
    parts.append(words.plural(max(1, incident.origins), "independent source"))
    parts.append(f"v{incident.version}")
    parts.append("first report" if incident.version == 1 else _what_changed(change))
    return " · ".join(part for part in parts if part)


def _what_changed(change: Change | None) -> str:
    if change is None or not change.fields:
        return ""
    shown = _weighty_first(change)[:3]
    return "changed: " + ", ".join(f"{words.label(field.field).lower()} {_arrow(field)}".strip() for field in shown)


def _arrow(field: FieldChange) -> str:
    before, after = clean(field.before, 60), clean(field.after, 60)
    return f"{before} → {after}" if before and after else after


def _weighty_first(change: Change) -> list[FieldChange]:
    """The changes that made it a matter for a sound, then the others."""
    return sorted(change.fields, key=lambda field: field.field not in change.because)


def _before_after(field: FieldChange) -> Line:
    before, after = clean(field.before, 200) or "not known", clean(field.after, 200) or "not known"
    return line(Span(before, strike=True), " → ", bold(after))


def _news(incident: Incident, change: Change, names: Names) -> str:
    if not change.fields:
        return clean(_summary(incident, names), 120)
    first = _weighty_first(change)[0]
    return f"{words.label(first.field).lower()} {_arrow(first)}"
