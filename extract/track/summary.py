"""An incident in one line of English: the label of its kind, place and numbers."""

from __future__ import annotations

from functools import cache

from extract.lang import ENGLISH
from extract.places import Gazetteer
from extract.track.rules import all_kinds
from extract.types import Count, CountState, News, Place, Report, Stage


def summary(facts: Report) -> str:
    """For example: "Suicide bombing in Lahore, Punjab, Pakistan: 12 killed, at least 24 injured"."""
    kind = all_kinds()[facts.kind]
    head = kind.label
    if facts.stage is Stage.ATTEMPTED:
        head = f"attempted {head}" if kind.slug not in _words("attempted") else head
    if facts.stage is Stage.THREATENED and kind.slug not in _words("threatened"):
        head = f"threatened {head}"
    place = f" in {place_name(facts.place)}" if facts.place is not None else ""
    magnitude = f"magnitude {facts.magnitude}" if facts.magnitude is not None else ""
    counts = (_number(facts.killed, "killed"), _number(facts.injured, "injured"), _number(facts.kidnapped, "taken"))
    numbers = ", ".join(part for part in (magnitude, *counts) if part)
    line = f"{head}{place}{f': {numbers}' if numbers else ''}"
    if facts.news is News.FOLLOW_UP:
        line = f"follow-up: {line}"
    return line[:1].upper() + line[1:]


def _words(key: str) -> frozenset[str]:
    return ENGLISH.lexicon.words("tracking", "summary", key)


def place_name(place: Place) -> str:
    """City, province, country, without repetitions: "Lahore, Punjab, Pakistan"."""
    parts = [place.name, place.admin1 or "", country(place.country)]
    kept: list[str] = []
    for part in parts:
        if part and part not in kept:
            kept.append(part)
    return ", ".join(kept)


def count_words(count: Count) -> str:
    """ "8 to 10", "at least 6", "4", "none", "not yet known"; empty if it isn't mentioned."""
    match count.state:
        case CountState.COUNTED:
            if count.high is None:
                return f"at least {count.low}"
            return str(count.low) if count.low == count.high else f"{count.low} to {count.high}"
        case CountState.NONE:
            return "none"
        case CountState.NOT_YET_KNOWN:
            return "not yet known"
        case _:
            return ""


def _number(count: Count, word: str) -> str:
    return f"{count_words(count)} {word}" if count.state is CountState.COUNTED and count.low else ""


@cache
def country(code: str | None) -> str:
    """The English name of a country (ISO 3166-1 alpha-2), the code itself if the gazetteer has none."""
    return (Gazetteer.open().country_name(code) or code) if code else ""
