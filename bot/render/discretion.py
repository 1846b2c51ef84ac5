"""What is not shown: names of private persons that no official has released, names of children, graphic passages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from bot.i18n.translate import mark, t
from extract.lang import ENGLISH
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
    persons = {name for name in people if _is_name(name) and not _is_part_of_place(name, facts.place)}
    return frozenset(name for name in persons if name.casefold() not in targets and not _is_released(name, known))


def mask(text: str, names: Collection[str]) -> str:
    """The text with these people's names, and their family names alone, replaced by ``SHOWN_INSTEAD``."""
    for name in sorted(names, key=len, reverse=True):
        parts = [re.escape(part) for part in name.split()]
        whole = r"\s+".join(parts)
        text = re.sub(rf"\b(?:{whole}|{parts[-1]})\b", t(SHOWN_INSTEAD), text)
    return text


def is_graphic(text: str) -> bool:
    """Does a passage contain graphic words, so that it is hidden until tapped?"""
    return bool(_graphic().search(text))


def hides_surroundings(incident: Incident) -> bool:
    """Are the words around a quote not shown? During an attack they could reveal where security forces are."""
    return incident.facts.status is Status.ONGOING


def _is_name(name: str) -> bool:
    return len(name.split()) > 1 and all(part[:1].isupper() for part in name.split())


def _is_part_of_place(name: str, place: Place | None) -> bool:
    """Is a name a part of the incident's place ("SW Houston" for Houston), extracted as a person by mistake?"""
    *others, last = name.casefold().split()
    parts = {part.casefold() for part in (place.name, place.admin1 or "") if part} if place is not None else set()
    return last in parts and all(word in _rules()["areas"] for word in others)


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
