"""The reply to a card: what changed, the most important first."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n import translate
from bot.i18n.translate import t, tp
from bot.render import people, words
from bot.render.card import REPEAT_NOTE, act, notice_line, state_mark, title_link
from bot.render.message import Block, Line, Message, Span, bold, foreign, italic, line, link
from bot.render.stored_values import changed_value
from bot.render.words import Names
from extract.track import CORRECTED, DENIED, TAKEN_BACK
from extract.types import (
    Action,
    Change,
    ConflictFieldsValue,
    CountState,
    CountValue,
    FactValue,
    FieldChange,
    Incident,
    StatusValue,
    TimeValue,
)

LONG_VALUE_UNITS = 200
# the fields that can be the news of a reply, the most important first
_IMPORTANCE = (
    "certainty", "killed", "kidnapped", "injured", "responsibility", "severity", "place", "kind", "status",
    "killed_attackers", "attackers", "perpetrators", "conflicts", "when",
)  # fmt: skip
# not told in a reply: that another article has come; and how certain it is, unless the reply is because of that and
# tells no correction
_NO_NEWS = frozenset({"sources"})
_NEWS_BY_ITSELF = frozenset({"certainty"})


def update(incident: Incident, change: Change, names: Names, *, repeat: bool = False) -> Message:
    """What changed, as a reply to the card; its first words are what changed most: "11 killed, was 5"."""
    ordered = _by_importance(change)
    lines: list[Line] = [line(bold(_first_line(incident, change, ordered, names)))]
    rest = ordered if _is_of_whole(change) else ordered[1:]
    lines += [line(f"{words.label(field.field)}: ", *_before_after(field, names)) for field in rest]
    article = next((known for known in incident.articles if known.id == change.article), None)
    notices = [notice for notice in incident.notices if notice.quote.article == change.article]
    lines += [notice_line(one, incident) for one in notices if article is None or one.quote.quote != article.title]
    if article is not None:
        title, outlet = title_link(article, incident), words.outlet(article)
        told = (title, " · ", foreign(outlet)) if title else (link(outlet, article.url),)
        lines.append(line(*told, *state_mark(article)))
    lines += [line(italic(t(REPEAT_NOTE)))] if repeat else []
    return Message((Block(tuple(lines)),))


def changes(change: Change, names: Names) -> list[Line]:
    """Each field that changed, the most important first: "Killed: 5 → 11", the former value struck out."""
    return [line(f"{words.label(field.field)}: ", *_before_after(field, names)) for field in _by_importance(change)]


def _by_importance(change: Change) -> list[FieldChange]:
    """The changed fields: those that decided the action first, then by importance."""

    def order(field: FieldChange) -> tuple[bool, int]:
        known = field.field in _IMPORTANCE
        return field.field not in change.because, _IMPORTANCE.index(field.field) if known else len(_IMPORTANCE)

    if _is_of_whole(change):
        return sorted((field for field in change.fields if field.field not in _NO_NEWS), key=order)
    kept = set() if CORRECTED in change.because else set(change.because)
    untold = _NO_NEWS | (_NEWS_BY_ITSELF - kept)
    return sorted((field for field in change.fields if field.field not in untold), key=order)


def _first_line(incident: Incident, change: Change, ordered: list[FieldChange], names: Names) -> str:
    """ "11 killed, was 5 · Multan, Pakistan · bombing"; of a retraction: RETRACTED · Multan, Pakistan · bombing."""
    place = names.place(incident.facts.place)
    if change.action is Action.RETRACT:
        return " · ".join((tp("head", "RETRACTED"), place, act(incident, names)))
    if _is_of_whole(change):
        return " · ".join((*_denial(incident, change), place, act(incident, names)))
    if not ordered:
        news = words.label(change.because[0]) if change.because else tp("head", "UPDATE")
        return " · ".join((news, place, act(incident, names)))
    first = ordered[0].field
    news = _news(ordered[0], incident, names)
    kind = names.kind(incident.facts.kind)
    if CORRECTED in change.because:
        news = t("Correction: {what}", what=news)
    around = [part for field, part in (("place", place), ("kind", kind)) if field != first]
    return " · ".join((news[:1].upper() + news[1:], *around))


def _is_of_whole(change: Change) -> bool:
    """Is it about the act as a whole: is that denied, or does an outlet take back its report of it?"""
    return DENIED in change.because or TAKEN_BACK in change.because


def _denial(incident: Incident, change: Change) -> tuple[str, ...]:
    """Who denies the act, or which outlet takes its own report of it back."""
    if DENIED in change.because:
        said = words.denied(incident)
        return (said[:1].upper() + said[1:],) if said else ()
    article = next((one for one in incident.articles if one.id == change.article), None)
    return (t("{outlet} takes its report back", outlet=words.outlet(article)),) if article is not None else ()


def _news(field: FieldChange, incident: Incident, names: Names) -> str:
    """One change in words: "11 killed, was 5", "bombing, was explosion", "over", "claimed by Lantern Brigade"."""
    said = _SAID.get(field.field)
    now = said(incident, names) if said else _value(field.field, field.after, names)
    before = _short_value(field.before, names)
    if not before or field.field in ("status", "responsibility"):
        return now
    return t("{now}, was {before}", now=now, before=before)


_SAID: dict[str, Callable[[Incident, Names], str]] = {
    "place": lambda incident, names: f"{words.in_line('place')}: {names.place(incident.facts.place)}",
    "status": lambda incident, _names: words.status(incident.facts.status),
    "responsibility": lambda incident, _names: words.responsibility(incident.facts),
}


def _value(field: str, value: FactValue | None, names: Names) -> str:
    """A value with what it is a value of: "11 killed", "certainty: observed", "bombing"."""
    if isinstance(value, CountValue) and field in people.TOLL and value.count.state is CountState.COUNTED:
        return words.casualties(field, value.count.low, value.count.high)
    said = _short_value(value, names) or t("not known")
    return said if field in ("kind", "status", "severity", "certainty") else f"{words.in_line(field)}: {said}"


def _short_value(value: FactValue | None, names: Names) -> str:
    match value:
        case TimeValue(when=when):
            return words.when(when)
        case StatusValue(status=status):
            return words.status(status)
        case ConflictFieldsValue(fields=fields):
            return translate.joined(words.in_line(field) for field in fields)
        case _:
            return changed_value(value, names, LONG_VALUE_UNITS)


def _before_after(field: FieldChange, names: Names) -> Line:
    """The value before, struck out, if there was one, and the value now."""
    before, after = (_short_value(known, names) for known in (field.before, field.after))
    now = bold(after or t("not known"))
    return line(Span(before, strike=True), " → ", now) if before else line(now)
