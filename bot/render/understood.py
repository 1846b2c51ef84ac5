"""How was a question understood? Its query in words, what was misspelt, and what came from the question before."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n import translate
from bot.i18n.translate import mark, mark_many, t, tp
from bot.render import words
from bot.render.text import clean
from bot.render.words import Names
from extract.ask import Condition, Hit, LeftOut, Period, Query, Spot

# conditions on people: none, at least one, a number
NOBODY = {
    "killed": mark("nobody killed"),
    "injured": mark("nobody injured"),
    "kidnapped": mark("nobody kidnapped"),
    "casualties": mark("nobody killed or injured"),
    "freed": mark("nobody freed"),
    "arrested": mark("nobody arrested"),
}
_SOMEBODY = {
    "killed": mark("somebody killed"),
    "injured": mark("somebody injured"),
    "kidnapped": mark("somebody kidnapped"),
    "casualties": mark("somebody killed or injured"),
    "freed": mark("somebody freed"),
    "arrested": mark("somebody arrested"),
}
PEOPLE = {
    **words.CASUALTIES,
    "casualties": mark_many("people", "{n} killed or injured", "{n} killed or injured"),
    "freed": mark_many("people", "{n} freed", "{n} freed"),
    "arrested": mark_many("people", "{n} arrested", "{n} arrested"),
}
_HIT = {
    "": mark("{people} hit"),
    "killed": mark("{people} killed"),
    "injured": mark("{people} injured"),
    "kidnapped": mark("{people} kidnapped"),
    "casualties": mark("{people} killed or injured"),
    "freed": mark("{people} freed"),
}
# what can be taken over from the question before
_FIELDS = ("kinds", "hits", "places", "periods", "actors", "words", "names", "without")


def understood(query: Query, names: Names) -> str:
    """A query in words: "shootings · in Chicago, Illinois, United States · in May 2015 (1 to 31 May 2015)"."""
    parts = [label(query) or t("incidents of any kind")]
    parts += [_condition(one) for one in query.conditions]
    parts += [_hit(one) for one in query.hits]
    parts += [t("of magnitude {n} or more", n=translate.number(query.magnitude, 1))] if query.magnitude else []
    parts.append(_places(query.places, names) or t("anywhere"))
    parts.append(_periods(query.periods) or t("at any time"))
    parts += [t("by {actor}", actor=actor) for actor in query.actors]
    parts += [_word(word) for word in query.words]
    parts += [_name(name) for name in query.names]
    parts += [t("without {what}", what=one) for one in _left_out(query.without, names)]
    return " · ".join(parts)


def taken(query: Query, fields: tuple[str, ...], names: Names) -> str:
    """What was taken over from the question before, in words; "" if nothing was."""
    return " · ".join(one for field in _FIELDS if field in fields for one in _of_field(query, field, names))


def label(query: Query) -> str:
    """The kinds that are asked for, "" for all."""
    return _kinds(query.label)


def period(one: Period) -> str:
    """Some days in words."""
    if one.since is None:
        return t("until {day}", day=words.day(one.until)) if one.until else t("at any time")
    if one.until is None:
        return t("since {day}", day=words.day(one.since))
    if one.since == one.until:
        return t("on {day}", day=words.day(one.since))
    return words.days(one.since, one.until)


def _of_field(query: Query, field: str, names: Names) -> Iterator[str]:
    match field:
        case "kinds":
            yield label(query)
        case "hits":
            yield from map(_hit, query.hits)
        case "places":
            yield _places(query.places, names)
        case "periods":
            yield _periods(query.periods)
        case "actors":
            yield from (t("by {actor}", actor=actor) for actor in query.actors)
        case "words":
            yield from map(_word, query.words)
        case "names":
            yield from map(_name, query.names)
        case _:
            yield from (t("without {what}", what=one) for one in _left_out(query.without, names))


def _left_out(out: LeftOut, names: Names) -> Iterator[str]:
    if out.kinds.label:
        yield _kinds(out.kinds.label)
    yield from (names.long_place(spot.place) for spot in out.places)
    yield from map(period, out.periods)
    yield from (t("by {actor}", actor=actor) for actor in out.actors)
    yield from map(_word, out.words)
    yield from map(_hit, out.hits)
    yield from map(_name, out.names)


def _kinds(labels: str) -> str:
    return t(" or ").join(tp("kinds", one) for one in labels.split(" or ")) if labels else ""


def _places(spots: tuple[Spot, ...], names: Names) -> str:
    return t("in {places}", places=t(" or ").join(names.long_place(spot.place) for spot in spots)) if spots else ""


def _periods(periods: tuple[Period, ...]) -> str:
    return t(" or ").join(map(period, periods))


def _word(word: str) -> str:
    return t("with the word “{word}”", word=clean(word, 40))


def _name(name: str) -> str:
    return t("naming “{name}”", name=clean(name, 60))


def _hit(one: Hit) -> str:
    return t(_HIT[one.effect], people=translate.isolate(clean(one.name, 40)))


def _condition(one: Condition) -> str:
    if one.high == 0:
        return t(NOBODY[one.field])
    if one.low <= 1 and one.high is None:
        return t(_SOMEBODY[one.field])
    low = one.low if one.high is None else one.low or None
    return words.people(PEOPLE[one.field], low, one.high)
