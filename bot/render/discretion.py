"""What is not shown: names of private persons that no official has released, names of children, graphic passages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from bot.i18n.translate import mark, t
from extract.lang import ENGLISH
from extract.places import Gazetteer
from extract.text.normalise import fold
from extract.types import Incident, Place, Status

SHOWN_INSTEAD = mark("[name withheld]")


def withheld(incident: Incident, texts: Iterable[str] = ()) -> frozenset[str]:
    """The names of an incident's victims and suspects that must not be shown.

    ``texts`` are those of its articles, in which an official may release a name. Who is the target of an attack (a
    holder of an office, for example) is not a private person.
    """
    facts = incident.facts
    people = [one.name for one in facts.victims] + [one.name for one in facts.perpetrators if one.type == "person"]
    targets = {one.name.casefold() for one in facts.targets}
    known = list(texts)
    persons = {name for name in people if _is_name(name) and not _is_place(name, facts.place)}
    return frozenset(name for name in persons if name.casefold() not in targets and not _is_released(name, known))


def mask(text: str, names: Collection[str], place: Place | None = None) -> str:
    """The text with these people's names, and their family names alone, replaced by ``SHOWN_INSTEAD``.

    A family name that is also a word of the incident's ``place`` is replaced only behind the given name.
    """
    for name in sorted(names, key=len, reverse=True):
        parts = [re.escape(part) for part in name.split()]
        whole = r"\s+".join(parts)
        alone = "" if name.split()[-1].casefold() in _place_words(place) else f"|{parts[-1]}"
        text = re.sub(rf"\b(?:{whole}{alone})\b", t(SHOWN_INSTEAD), text)
    return text


def is_graphic(text: str) -> bool:
    """Does a passage contain graphic words, so that it is hidden until tapped?"""
    return bool(_graphic().search(text))


def hides_surroundings(incident: Incident) -> bool:
    """Are the words around a quote not shown? During an attack they could reveal where security forces are."""
    return incident.facts.status is Status.ONGOING


def _is_name(name: str) -> bool:
    return len(name.split()) > 1 and all(part[:1].isupper() for part in name.split())


def _is_place(name: str, place: Place | None) -> bool:
    """Is a name that of a place, taken for a person by mistake?

    It is a part of the incident's place ("SW Houston" for Houston), or the gazetteer has it and it doesn't begin with
    somebody's given name.
    """
    *others, last = name.casefold().split()
    if place is not None and name.casefold() in (place.name.casefold(), (place.admin1 or "").casefold()):
        return True
    if last in _place_words(place) and all(word in _rules()["areas"] for word in others):
        return True
    gazetteer = Gazetteer.open()
    return fold(name) in gazetteer and fold(name.split(maxsplit=1)[0]) not in gazetteer.given


def _place_words(place: Place | None) -> frozenset[str]:
    if place is None:
        return frozenset()
    return frozenset(f"{place.name} {place.admin1 or ''}".casefold().split())


def _is_released(name: str, texts: Collection[str]) -> bool:
    """Has an official released the name, and is the person an adult?"""
    released = False
    for text in texts:
        for found in re.finditer(re.escape(name), text):
            near = text[max(0, found.start() - _rules()["near"]) : found.end() + _rules()["near"]]
            if re.search(_rules()["child"], near, re.IGNORECASE):
                return False
            released = released or any(re.search(cue, near, re.IGNORECASE) for cue in _rules()["released"])
    return released


@cache
def _rules() -> dict[str, Any]:
    return dict(ENGLISH.lexicon.table("discretion")["names"])


@cache
def _graphic() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in ENGLISH.lexicon.table("discretion")["graphic"]["words"])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
