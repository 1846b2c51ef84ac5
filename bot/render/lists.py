"""Answers that list things: incidents, subscriptions, sources, the service's state, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render import words
from bot.render.card import headline
from bot.render.message import Block, Button, Line, Message, Span, bold, code, italic, line, link
from bot.render.text import clean, cut
from bot.render.words import Names
from bot.types import SourceState, Subscription
from extract.types import Certainty, Incident, Place, Severity

HEADLINE_UNITS = 160
MOST_BUTTON_BYTES = 64
DIGEST_UNITS = 140
MOST_SHOWN = 10
MOST_SOURCES = 60


def incidents(
    title: str, found: Sequence[Incident], names: Names, *, nothing: str, pages: Pages | None = None
) -> Message:
    """Some incidents, one paragraph each, with a button to open each; with ``pages`` one page of them, and the next."""
    if not found:
        return Message((Block((line(nothing),)),))
    start = pages.start if pages else 0
    lines: list[Line] = [line(bold(title))]
    shown: list[Button] = []
    for number, incident in enumerate(found[start : start + MOST_SHOWN], start + 1):
        when = words.when(incident.facts.when) or words.day(incident.last_seen.date())
        first = incident.articles[0] if incident.articles else None
        lines.append(line(bold(f"{number}. "), cut(headline(incident, names), HEADLINE_UNITS)))
        source: tuple[str | Span, ...] = (" · ", link(words.outlet(first), first.url)) if first else ()
        lines.append(line(f"{when} · {words.plural(len(incident.articles), 'article')} · ", code(incident.id), *source))
        shown.append(Button(str(number), "card", incident.id))
    rows = tuple(tuple(shown[at : at + 5]) for at in range(0, len(shown), 5))
    rest = len(found) - start - len(shown)
    turn = pages.buttons(rest) if pages else ()
    if rest > 0:
        lines.append(line(italic(f"and {rest} more" + ("" if turn else ": narrow it down"))))
    return Message((Block(tuple(lines)),), (*rows, *((turn,) if turn else ())), is_menu=bool(turn))


@dataclass(frozen=True)
class Pages:
    """Which page of a list is shown, and how to ask for another: the command with its words."""

    command: str
    text: str
    start: int = 0

    def buttons(self, rest: int) -> tuple[Button, ...]:
        """Back and on, where there is something; none where the words don't fit into a button."""
        places = [("← Back", self.start - MOST_SHOWN)] if self.start else []
        places += [("More →", self.start + MOST_SHOWN)] if rest > 0 else []
        made = [Button(label, "page", f"{self.command} {start} {self.text}") for label, start in places]
        return tuple(made) if all(len(f"page:{one.arg}".encode()) <= MOST_BUTTON_BYTES for one in made) else ()


def digest(title: str, found: Sequence[Incident], total: int, names: Names) -> Message:
    """Incidents in a line each, with their ids; ``total`` is how many there are on all pages."""
    lines: list[Line] = [line(bold(f"{title}: {words.plural(total, 'incident')}"))]
    for incident in found:
        lines.append(line("• ", cut(headline(incident, names), DIGEST_UNITS), " · ", code(incident.id)))
    shown = [Button(str(n), "card", incident.id) for n, incident in enumerate(found[:MOST_SHOWN], 1)]
    rows = tuple(tuple(shown[start : start + 5]) for start in range(0, len(shown), 5))
    return Message((Block(tuple(lines)),), rows)


def subscription(wanted: Subscription, names: Names) -> str:
    """A subscription in one line: "Karachi, Pakistan within 50 km: bombings, severe or worse"."""
    where = names.long_place(wanted.place) if wanted.place else "everywhere"
    parts = [f"{where} within {wanted.km:g} km" if wanted.km is not None else where]
    if wanted.kinds:
        kinds = [names.kind(slug) for slug in wanted.kinds]
        parts.append(", ".join(kinds[:5]) + (f" and {len(kinds) - 5} more kinds" if len(kinds) > 5 else ""))
    if wanted.min_severity is not Severity.UNKNOWN:
        parts.append(f"{wanted.min_severity.value} or worse")
    if wanted.min_certainty is not Certainty.UNKNOWN:
        parts.append(f"{wanted.min_certainty.value} at least")
    if wanted.min_origins > 1:
        parts.append(f"{wanted.min_origins} independent sources or more")
    if wanted.most_a_day is not None:
        parts.append(f"at most {wanted.most_a_day} a day")
    if wanted.paused_until is not None:
        parts.append(f"paused until {words.clock(wanted.paused_until)}")
    parts += [f"not from {clean(name, 40)}" for name in wanted.without_sources]
    parts += [f"with “{clean(word, 40)}”" for word in wanted.words]
    parts += [f"without “{clean(word, 40)}”" for word in wanted.without]
    return " · ".join(parts)


def subscriptions(wanted: Sequence[Subscription], names: Names) -> Message:
    """What a chat is subscribed to, with a button to end each."""
    if not wanted:
        return Message((Block((line("No subscriptions here. Add one: /subscribe Karachi"),)),))
    lines = [line(bold("Subscriptions here"))]
    lines += [line(f"{number}. {subscription(one, names)}") for number, one in enumerate(wanted, 1)]
    lines.append(line(italic("Choose one to change or end it.")))
    rows = tuple(
        (Button(cut(f"{number}. {subscription(one, names)}", 60), "sub", str(one.id)),)
        for number, one in enumerate(wanted[:20], 1)
    )
    return Message((Block(tuple(lines)),), rows, is_menu=True)


def subscription_menu(wanted: Subscription, names: Names) -> Message:
    """One subscription, and what can be done with it."""
    at = str(wanted.id)
    paused = wanted.paused_until is not None
    pauses = [("Go on", "resume")] if paused else [("Pause a day", "1d"), ("Pause a week", "7d")]
    least = [("Any severity", "any"), ("Moderate +", "moderate"), ("Severe +", "severe"), ("Extreme", "extreme")]
    rows = (
        tuple(Button(label, "sub", f"{at} {word}") for label, word in least),
        (*(Button(label, "sub", f"{at} {word}") for label, word in pauses), Button("End it", "unsub", at)),
        (Button("← All subscriptions", "subs", ""),),
    )
    return Message((Block((line(bold(subscription(wanted, names))),)),), rows, is_menu=True)


def choices(word: str, options: Sequence[Place], token: str, names: Names) -> Message:
    """Which of several places of one name is meant?"""
    rows = tuple(
        (Button(cut(names.long_place(place), 60), "pick", f"{token} {number}"),) for number, place in enumerate(options)
    )
    return Message((Block((line(f"Which “{clean(word, 60)}” do you mean?"),)),), rows)


def sources(known: Sequence[SourceState], *, details: bool) -> Message:
    """What is read; an operator also sees how it goes."""
    if not known:
        return Message((Block((line("No sources yet. An admin can add one: /addsource URL"),)),))
    lines: list[Line] = [line(bold(words.plural(len(known), "source")))]
    for state in known[:MOST_SOURCES]:
        source = state.source
        name = (clean(source.name, 60) + " · ") if source.name else ""
        lines.append(line(name, clean(source.url, 200), _health(state) if details else ""))
    if len(known) > MOST_SOURCES:
        lines.append(line(italic(f"and {len(known) - MOST_SOURCES} more")))
    return Message((Block(tuple(lines)),))


def table(title: str, rows: Sequence[tuple[str, str]]) -> Message:
    """Pairs of a name and a value."""
    return Message((Block((line(bold(title)), *(line(f"{name}: ", bold(value)) for name, value in rows))),))


def _health(state: SourceState) -> str:
    if state.failures:
        return f" · failing {state.failures}×: {clean(state.last_error, 120)}"
    if state.last_ok is None:
        return " · not read yet"
    return f" · {words.plural(state.items, 'article')} · read {words.clock(state.last_ok)}"
