"""Messages that list things: incidents, subscriptions, places to choose from, sources, pairs of name and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.i18n import translate
from bot.i18n.translate import mark_in, t, tn, tp
from bot.render import words
from bot.render.card import headline
from bot.render.message import (
    Block,
    Button,
    Line,
    Message,
    Span,
    bold,
    code,
    foreign,
    italic,
    line,
    link,
    moment,
    sentence,
)
from bot.render.sources import trial_words
from bot.render.text import clean, cut, units
from bot.render.words import Names
from bot.source_facts import publisher_of
from bot.types import Source, SourceState, Subscription, TrialRecord, Unread
from extract.track import SourceReliability
from extract.types import Certainty, Incident, Place, Precision, Severity

HEADLINE_UNITS = 160
MOST_BUTTON_BYTES = 64
DIGEST_UNITS = 140
MOST_SHOWN = 10
MOST_KINDS = 5
LEVEL_ENDS = frozenset({"state", "province", "district", "county", "governorate", "region"})
LEVELS = {
    Precision.COUNTRY: mark_in("precision", "country"),
    Precision.PROVINCE: mark_in("precision", "province"),
    Precision.DISTRICT: mark_in("precision", "district"),
    Precision.CITY: mark_in("precision", "town"),
    Precision.SITE: mark_in("precision", "site"),
}
NAME_UNITS = 40
MOST_ASKING = 5
MOST_OTHERS = 3
MOST_SOURCES = 60
# of the list of sources: what doesn't fit a message is counted, not cut
# languages of one source that are named as not read, and the tag of one that is not known
MOST_LANGUAGES = 3
UNKNOWN_LANGUAGE = "und"
SOURCES_UNITS = 3900


def incidents(
    title: str, found: Sequence[Incident], names: Names, *, nothing: str, pages: Pages | None = None
) -> Message:
    """Incidents, two lines each, with a button to open each; with ``pages`` one page, and buttons to the others.

    ``nothing`` is the text if there are none.
    """
    if not found:
        return Message((Block((line(nothing),)),))
    start = pages.start if pages else 0
    lines: list[Line] = [line(bold(title))]
    shown: list[Button] = []
    for number, incident in enumerate(found[start : start + MOST_SHOWN], start + 1):
        when = words.when(incident.facts.when) or words.day(incident.first_told.date())
        first = incident.articles[0] if incident.articles else None
        lines.append(line(bold(f"{number}. "), cut(headline(incident, names), HEADLINE_UNITS)))
        source: tuple[str | Span, ...] = (" · ", link(words.outlet(first), first.url)) if first else ()
        lines.append(line(f"{when} · {words.articles(len(incident.articles))} · ", code(incident.id), *source))
        shown.append(Button(str(number), "card", incident.id))
    rows = tuple(tuple(shown[at : at + 5]) for at in range(0, len(shown), 5))
    rest = len(found) - start - len(shown)
    turn = pages.buttons(rest) if pages else ()
    if rest > 0:
        lines.append(line(italic(t("and {n} more", n=rest) if turn else t("and {n} more: narrow it down", n=rest))))
    return Message((Block(tuple(lines)),), (*rows, *((turn,) if turn else ())), is_menu=bool(turn))


@dataclass(frozen=True)
class Pages:
    """The page of a list that is shown, and the command and its words that show another page."""

    command: str
    text: str
    start: int = 0

    def buttons(self, rest: int) -> tuple[Button, ...]:
        """The buttons to the pages before and after, if there are any; none if the words don't fit into a button."""
        places = [(t("← Back"), self.start - MOST_SHOWN)] if self.start else []
        places += [(t("More →"), self.start + MOST_SHOWN)] if rest > 0 else []
        made = [Button(label, "page", f"{self.command} {start} {self.text}") for label, start in places]
        return tuple(made) if all(len(f"page:{one.arg}".encode()) <= MOST_BUTTON_BYTES for one in made) else ()


def digest(
    title: Line,
    found: Sequence[Incident],
    total: int,
    names: Names,
    asked: Mapping[str, str] | None = None,
    *,
    since: datetime,
) -> Message:
    """Incidents in one line each, with their ids; ``total`` is the number on all pages.

    ``asked``: id of an incident -> name of the subscription that matches it. Acts before ``since``, where the list
    begins, have their day.
    """
    lines: list[Line] = [_all_bold(*title, f": {words.incidents(total)}")]
    for incident in found:
        subscribed = (" · ", asked[incident.id]) if asked and incident.id in asked else ()
        day = incident.facts.when.last_day if incident.facts.when else incident.first_told.date()
        earlier = (" · ", words.when(incident.facts.when) or words.day(day)) if day < since.date() else ()
        told = cut(headline(incident, names), DIGEST_UNITS)
        lines.append(line("• ", told, *earlier, *subscribed, " · ", code(incident.id)))
    shown = [Button(str(n), "card", incident.id) for n, incident in enumerate(found[:MOST_SHOWN], 1)]
    rows = tuple(tuple(shown[start : start + 5]) for start in range(0, len(shown), 5))
    return Message((Block(tuple(lines)),), rows)


def _all_bold(*parts: str | Span) -> Line:
    return tuple(msgspec.structs.replace(span, bold=True) for span in line(*parts))


def subscription(wanted: Subscription, names: Names) -> str:
    """A subscription in one line: "“Home” · Karachi, Pakistan within 50 km · bombings · severe or worse"."""
    where = names.long_place(wanted.place) if wanted.place else t("everywhere")
    parts = [called(wanted)] if wanted.name else []
    parts.append(t("{place} within {km} km", place=where, km=wanted.km) if wanted.km is not None else where)
    if wanted.without_places:
        areas = translate.joined(names.place(place) for place in wanted.without_places)
        parts.append(t("not in {places}", places=areas))
    if wanted.kinds:
        parts.append(kinds_words(wanted.kinds, names))
    if wanted.without_kinds:
        parts.append(t("no {kinds}", kinds=kinds_words(wanted.without_kinds, names)))
    if wanted.min_severity is not Severity.UNKNOWN:
        parts.append(t("{severity} or worse", severity=tp("severity", wanted.min_severity.value)))
    if wanted.min_certainty is not Certainty.UNKNOWN:
        parts.append(t("{certainty} at least", certainty=tp("certainty", wanted.min_certainty.value)))
    if wanted.min_origins > 1:
        parts.append(t("{sources} or more", sources=words.independent(wanted.min_origins)))
    if wanted.most_a_day is not None:
        parts.append(t("at most {n} a day", n=wanted.most_a_day))
    if wanted.paused_until is not None:
        parts.append(t("paused until {time}", time=words.clock(wanted.paused_until)))
    if wanted.ends is not None:
        parts.append(t("until {time}", time=words.clock(wanted.ends)))
    parts += [t("not from {source}", source=clean(name, 40)) for name in wanted.without_sources]
    parts += [t("with “{word}”", word=clean(word, 40)) for word in wanted.words]
    parts += [t("without “{word}”", word=clean(word, 40)) for word in wanted.without]
    return " · ".join(parts)


def kinds_words(slugs: Sequence[str], names: Names) -> str:
    """Some kinds in words: the name of their group if they are one, else the first of them."""
    if group := names.group(slugs):
        return group
    kinds = [names.kind(slug) for slug in slugs]
    rest = len(kinds) - MOST_KINDS
    more = f" {tn('and {n} more kind', 'and {n} more kinds', rest)}" if rest > 0 else ""
    return translate.joined(kinds[:MOST_KINDS]) + more


def called(wanted: Subscription) -> str:
    """The name of a subscription, in quotation marks."""
    return t("“{name}”", name=clean(wanted.name, NAME_UNITS))


def asking(wanted: Sequence[Subscription], names: Names) -> tuple[Block, ...]:
    """The subscriptions of a chat that match something; empty for none."""
    if not wanted:
        return ()
    lines = [
        line(bold(t("Asked for here by"))),
        *(line(f"• {subscription(one, names)}") for one in wanted[:MOST_ASKING]),
    ]
    return (Block(tuple(lines)),)


def subscriptions(
    wanted: Sequence[Subscription], names: Names, *, only: Sequence[Subscription] | None = None
) -> Message:
    """The subscriptions of a chat, or ``only`` some of them, with a button to change each; numbers are those of all."""
    if not wanted:
        return Message((Block((line(t("No subscriptions here. Add one: /subscribe Karachi")),)),))
    lines = [line(bold(t("Subscriptions here")))]
    shown = [(number, one) for number, one in enumerate(wanted, 1) if only is None or one in only]
    lines += [line(f"{number}. {subscription(one, names)}") for number, one in shown]
    lines.append(line(italic(t("Choose one to change or end it."))))
    rows = tuple(
        (Button(cut(f"{number}. {subscription(one, names)}", 60), "sub", str(one.id)),) for number, one in shown[:20]
    )
    return Message((Block(tuple(lines)),), rows, is_menu=True)


def subscription_menu(wanted: Subscription, names: Names) -> Message:
    """One subscription, with buttons to change, pause or end it."""
    at = str(wanted.id)
    paused = wanted.paused_until is not None
    pauses = [(t("Go on"), "resume")] if paused else [(t("Pause a day"), "1d"), (t("Pause a week"), "7d")]
    least = [
        (t("Any severity"), "any"),
        (t("Moderate +"), "moderate"),
        (t("Severe +"), "severe"),
        (t("Extreme"), "extreme"),
    ]
    rows = (
        tuple(Button(label, "sub", f"{at} {word}") for label, word in least),
        (*(Button(label, "sub", f"{at} {word}") for label, word in pauses), Button(t("End it"), "unsub", at)),
        (Button(t("Name…"), "sub", f"{at} name"), Button(t("← All subscriptions"), "subs", "")),
    )
    return Message((Block((line(bold(subscription(wanted, names))),)),), rows, is_menu=True)


def choices(word: str, options: Sequence[Place], token: str, names: Names, *, misspelt: bool = False) -> Message:
    """The question which of several places with one name, or a name like it, is meant, with a button for each."""
    labels, typed = _told_apart(options, names), typed_choices(options, names)
    rows = tuple(
        (Button(cut(label, 60), "pick", f"{token} {number}", typed=text),)
        for number, (label, text) in enumerate(zip(labels, typed, strict=True))
    )
    name = clean(word, 60)
    asked = (
        t("I know no “{place}”. Did you mean one of these?", place=name)
        if misspelt
        else t("Which “{place}” do you mean?", place=name)
    )
    return Message((Block((line(asked),)),), rows)


def typed_choices(options: Sequence[Place], names: Names) -> list[str]:
    """What to type for each of several places of a name: with the word for its level where an area is meant."""
    return [_typed(place, names) if len(options) > 1 else names.typed(place) for place in options]


def other_places(options: Sequence[Place], command: str, names: Names) -> list[Line]:
    """The places of a name after the first, each as a command to type."""
    typed = typed_choices(options, names)[1 : MOST_OTHERS + 1]
    return [line(t("Meant another? "), code(f"/{command} {one}")) for one in typed]


def _typed(place: Place, names: Names) -> str:
    first, comma, rest = names.typed(place).partition(",")
    if first.rpartition(" ")[2].casefold() in LEVEL_ENDS:  # "Niger State", "Lahore District"
        return first + comma + rest
    match place.precision:
        case Precision.COUNTRY if place.country:
            return f"country of {first}"
        case Precision.PROVINCE if place.country:
            return f"{first} province{comma}{rest}"
        case Precision.DISTRICT if place.geonameid and first != place.admin1:
            return f"{first} district{comma}{rest}"
        case Precision.CITY if not comma:  # of the name of its country
            return f"{first} city"
        case _:
            return first + comma + rest


def _told_apart(options: Sequence[Place], names: Names) -> list[str]:
    """The names of places, with the level of those that read the same otherwise."""
    plain = [names.long_place(place) for place in options]
    return [
        f"{label} ({tp('precision', LEVELS[place.precision])})" if plain.count(label) > 1 else label
        for label, place in zip(plain, options, strict=True)
    ]


def sources(
    known: Sequence[SourceState],
    *,
    details: bool,
    records: Mapping[str, SourceReliability] | None = None,
    silent: Mapping[str, datetime] | None = None,
    trials: Mapping[str, TrialRecord] | None = None,
    unread: Mapping[str, Sequence[Unread]] | None = None,
    now: datetime | None = None,
) -> Message:
    """The sources that are read, with their reliability so far.

    ``records`` are by the sources' names in lower case; ``silent`` says by address since when a source has had nothing
    new, ``unread`` what of it is in languages that are not read. ``details``: an operator also sees how reading them
    goes, and by ``trials`` what those on trial have told.
    """
    if not known:
        return Message((Block((line(t("No sources yet. An admin can add one: /addsource URL")),)),))
    lines: list[Line] = [line(bold(words.sources(len(known))))]
    room = SOURCES_UNITS
    for state in known[:MOST_SOURCES]:
        source = state.source
        name = (foreign(clean(source.name, 60)), " · ") if source.name else ()
        done = (*words.standing(source, publisher_of(source)), words.reliability(record_of(source, records or {})))
        facts = tuple(f" · {part}" for part in done if part)
        health = reading(state, silent or {}, (unread or {}).get(source.url, ())) if details else ()
        trial = _trial(state, trials or {}, now) if state.is_on_trial else ()
        shown = line(*name, foreign(clean(source.url, 200)), *facts, *health, *trial)
        room -= sum(units(span.text) + span.opens + span.closes for span in shown) + 1
        if room < 0:
            break
        lines.append(shown)
    if (rest := len(known) - len(lines) + 1) > 0:
        lines.append(line(italic(t("and {n} more", n=rest)), " · ", t("One of them: /sources NAME")))
    return Message((Block(tuple(lines)),))


def table(title: str, rows: Sequence[tuple[str, str | Span]]) -> Message:
    """Pairs of a name and a value under a title; a value that is a span keeps its looks."""
    values = [(name, bold(value) if isinstance(value, str) else value) for name, value in rows]
    return Message((Block((line(bold(title)), *(line(f"{name}: ", value) for name, value in values))),))


def _trial(state: SourceState, trials: Mapping[str, TrialRecord], now: datetime | None) -> Line:
    """That a source is on trial; for an operator also what it has told so far."""
    told = trials.get(state.source.url)
    return line(" · ", t("on trial") if told is None or now is None else trial_words(state, told, now))


def record_of(source: Source, records: Mapping[str, SourceReliability]) -> SourceReliability:
    """The reliability of a source, which articles may call by any of its names."""
    found = (records.get(name.casefold()) for name in source.names)
    return next((record for record in found if record is not None), SourceReliability())


def reading(state: SourceState, silent: Mapping[str, datetime], unread: Sequence[Unread]) -> Line:
    """Where a source is read, if not at its address, how that goes, and what of it is not read; for operators."""
    unread_ = line(*(f" · {_unread(one)}" for one in unread[:MOST_LANGUAGES]))
    return (*_read_at(state), *_health(state, silent), *unread_)


def _unread(one: Unread) -> str:
    if one.lang == UNKNOWN_LANGUAGE:
        return tn(
            "{n} item a day in a language that I don't read",
            "{n} items a day in a language that I don't read",
            one.items,
        )
    language = translate.language_name(one.lang)
    return tn(
        "{n} item a day in {language}, not read",
        "{n} items a day in {language}, not read",
        one.items,
        language=language,
    )


def _read_at(state: SourceState) -> Line:
    """The address that a source has moved to, or the feed that its page names."""
    return line(" → ", foreign(clean(state.fetch_url, 200))) if state.fetch_url != state.source.url else ()


def _health(state: SourceState, silent: Mapping[str, datetime]) -> Line:
    if state.paused is not None:
        why = clean(state.last_error, 120)
        return line(" · ", *sentence("paused since {at}: {why}", at=moment(state.paused), why=why))
    if state.failures:
        why = clean(state.last_error, 120)
        if state.last_ok is None:
            return line(" · " + t("failing {n}×: {why}", n=state.failures, why=why))
        since = moment(state.last_ok)
        return line(" · ", *sentence("failing {n}× since {at}: {why}", n=state.failures, at=since, why=why))
    if state.last_ok is None:
        return line(" · " + t("not read yet"))
    read = sentence("read {at}", at=moment(state.last_ok))
    if last_new := silent.get(state.source.url):
        return line(
            " · ", *sentence("nothing new since {at}, far longer than usual", at=moment(last_new)), " · ", *read
        )
    return line(f" · {words.articles(state.items)} · ", *read)
