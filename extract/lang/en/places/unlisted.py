"""Which settlements does a text locate that the gazetteer does not list: "in Tlepok, Central Java", "LETCHER, S.D."?

The name of a province or country directly after a name says where it is, even if the gazetteer has no such place or has
it only elsewhere. Such a place has its name, division and country, and no coordinates, so it gets no pin on a map.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

import msgspec

from extract.lang.en.places.cue_words import Words, load
from extract.places.gazetteer import Gazetteer
from extract.places.local_press import has_local_press
from extract.places.types import NameRole, Resolved
from extract.text.normalise import fold
from extract.types import Place, Precision

CONFIDENCE = 0.8
_MIN_CONFIDENCE = 0.6
_REACH = 80
_FINE = (Precision.CITY, Precision.DISTRICT)
_DATELINE = re.compile(r"[^\n]{0,30}?(?:--|—|–|-[ \t])")
Part = Literal["title", "text"]


def unlisted(texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
    """The settled places and those that only the text locates; a settled place moves to where the text puts it."""
    out: list[Resolved] = []
    parts: tuple[Part, ...] = ("title", "text")
    for where in parts:
        known = sorted((r for r in settled if r.where == where), key=lambda r: r.start)
        out += _in_text(texts[where], where, known, gazetteer)
    return out


def _in_text(text: str, where: Part, known: list[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
    """The places of one part of the article.

    Areas are tried from the last to the first, so that a place just found can contain the one before it.
    """
    done: list[Resolved] = []
    waiting = list(known)
    while waiting:
        area = waiting.pop()
        done.append(area)
        found = _name_before(text, where, area, {r.start for r in waiting}, gazetteer) if _can_contain(area) else None
        if found is None:
            continue
        inside = [r for r in waiting if r.start >= found.start]
        if any(_agrees(r, area, found, gazetteer) for r in inside):
            waiting[-1] = _with_longer_name(waiting[-1], found)
            continue
        waiting = waiting[: len(waiting) - len(inside)]
        if not (waiting and waiting[-1].end > found.start):
            waiting.append(found)
    return sorted(done, key=lambda r: r.start)


def _with_longer_name(known: Resolved, found: Resolved) -> Resolved:
    """A listed place with the longer name that the text gives it, and as a district if the text says so."""
    if known.start != found.start or known.place.precision not in _FINE:
        return known
    part = found.place.precision is Precision.DISTRICT and known.place.precision is Precision.CITY
    place = msgspec.structs.replace(known.place, precision=Precision.DISTRICT) if part else known.place
    return msgspec.structs.replace(known, name=found.name, end=found.end, place=place)


def _can_contain(place: Resolved) -> bool:
    return (
        place.confidence >= _MIN_CONFIDENCE
        and place.place.precision is not Precision.SITE
        and place.place.country is not None
        and place.role not in (NameRole.DEMONYM, NameRole.ROAD, NameRole.HOSPITAL)
    )


def _name_before(text: str, where: Part, area: Resolved, known: set[int], gazetteer: Gazetteer) -> Resolved | None:
    """The place named directly before the area, with a comma between them and a word of place before it, or None.

    ``known`` are the starts of settled names, which need no such word.
    """
    start = max(0, area.start - _REACH)
    match = _name().search(text[start : area.start])
    if match is None or not _is_settlement(match):
        return None
    first, last = start + match.start("name"), start + match.end("name")
    lead, said = match["lead"].strip(), bool(match["level"] or match["level_of"] or match["told"])
    in_town = area.place.precision is Precision.CITY and (has_local_press(area.place) or not lead)
    side = match["side"] is not None and match["word"] in load().alone  # "near Rubaya in eastern Congo"
    if not said and ((match["inside"] and not side) or in_town):
        return None  # "John Paul in Texas", "in Baker Hall, Springfield"
    if not said and first not in known and not _has_place_word(text, first, match):
        return None  # "Jones, Miami", "by Jones, Miami": may be a person
    parts = fold(match["name"]).split()
    if not said and first not in known and len(parts) > 1 and parts[0] in gazetteer.given:
        return None  # "Maria Jones, Texas Republican"
    dateline = not lead and _DATELINE.match(text, area.end) is not None
    return Resolved(
        where=where,
        start=first,
        end=last,
        name=text[first:last],
        confidence=CONFIDENCE,
        role=NameRole.DATELINE if dateline else NameRole.LOCATIVE if lead else NameRole.PLAIN,
        place=_place(text[first:last], fold(match["level"] or match["level_of"] or ""), area.place, gazetteer),
    )


def _has_place_word(text: str, at: int, match: re.Match[str]) -> bool:
    """Whether a word of place is before the name or the name before it: "in Talayan, Maguindanao, Philippines"."""
    if match["lead"].strip() != ",":
        return match["word"] is None or match["word"] in load().unlisted_leads
    before = _name().search(text[max(0, at - _REACH) : at])
    return before is not None and before["word"] in load().unlisted_leads and _is_settlement(before)


def _place(name: str, level: str, area: Place, gazetteer: Gazetteer) -> Place:
    """The listed place of that name inside the area, else a place without coordinates."""
    inside = [c.entry for c in gazetteer.candidates(fold(name)) if c.entry.country == area.country]
    listed = [p for p in map(gazetteer.place, inside) if area.precision.is_area and gazetteer.contains(area, p)]
    fine = [p for p in listed if p.precision in _FINE]
    if fine:
        return fine[0]
    words = load()
    precision = Precision.CITY
    if level in words.first_order and area.precision is Precision.COUNTRY:
        precision = Precision.PROVINCE
    elif level in words.unlisted_parts or level in words.second_order:
        precision = Precision.DISTRICT
    division = name if precision is Precision.PROVINCE else area.admin1
    return Place(name=name, admin1=division, country=area.country, precision=precision)


def _is_settlement(match: re.Match[str]) -> bool:
    """Whether it can be a settlement: not the name of an office, a road, a building or a month."""
    words, parts = load(), fold(match["name"]).split()
    if fold(match["level"] or "") in words.first_order:
        return True
    return (
        bool(parts)
        and not any(_is_no_settlement_word(words, w) for w in (parts[0], parts[-1]))
        and len(match["name"]) > 2
    )


def _is_no_settlement_word(words: Words, word: str) -> bool:
    return word in words.unlisted_not or word in words.road or word in words.hospital


def _agrees(known: Resolved, area: Resolved, found: Resolved, gazetteer: Gazetteer) -> bool:
    """Whether the place the name was resolved to is where the text says."""
    if known.place.precision not in _FINE or known.start != found.start or known.role is NameRole.ROAD:
        return True
    if known.place.country != area.place.country:
        return False
    one, other = known.place.admin1, area.place.admin1
    if area.place.precision is Precision.COUNTRY or not one or not other or one == other:
        return True
    return area.place.country != "US" or bool(gazetteer.contains(area.place, known.place))


@cache
def _name() -> re.Pattern[str]:
    """The expression for the text before an area's name.

    It is a lead, a name of up to four words, an optional level, and a comma or "a town in the".
    """
    words = load()
    levels, small = (
        "|".join(sorted(some, key=len, reverse=True))
        for some in (words.unlisted_levels | words.first_order, words.unlisted_small)
    )
    capital = rf"(?:[A-Z][^\W\d_]*(?:[’'\-][^\W\d_]+)*\.?|(?:{small})-[A-Z][^\W\d_]+)"
    return re.compile(
        rf"(?P<lead>\A|\n|,[ ]|\b(?P<word>[a-z]+)(?:[ \n]the)?[ \n]|\b(?P<level_of>{levels})[ \n]of[ \n](?:the[ \n])?)"
        rf"(?P<name>{capital}(?:[ \-](?:(?:{small})[ \-])?{capital}){{0,3}})"
        rf"(?:[ \n](?P<level>{levels}))?"
        rf"(?:,[ \n](?:in[ \n](?:the[ \n])?)?|[ \n]\(|(?P<told>,[ \n]an?[ \n](?:[a-z]+[ \n])?(?:{levels})[ \n]in[ \n]"
        r"(?:the[ \n])?(?:[a-z]+[ \n])?)"
        r"|(?P<inside>[ \n]in[ \n](?:the[ \n])?(?P<side>(?:north|south|east|west)\w*[ \n])?))\Z"
    )
