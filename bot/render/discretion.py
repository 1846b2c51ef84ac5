"""What is not shown: names of private persons that no official has released, names of children, graphic passages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from bot.i18n.translate import mark
from bot.render import names_in_text
from bot.render.names_in_text import Range, rules
from extract.lang import ENGLISH
from extract.places import Gazetteer
from extract.text.normalise import fold
from extract.types import Incident, Place, Status

SHOWN_INSTEAD = mark("[name withheld]")


def withheld(incident: Incident, texts: Iterable[str] = ()) -> frozenset[str]:
    """The names that must not be shown: of an incident's victims and suspects, and of children in ``texts``.

    ``texts`` are those of its articles, in which an official may release a name; a child's stays withheld. Who is the
    target of an attack (a holder of an office, for example) is not a private person.
    """
    facts = incident.facts
    people = [one.name for one in facts.victims] + [one.name for one in facts.perpetrators if one.type == "person"]
    targets = {one.name.casefold() for one in facts.targets}
    known = list(texts)
    persons = {name for name in people if _is_name(name) and not _is_place(name, facts.place)}
    kept = {name for name in persons if name.casefold() not in targets and not _is_released(name, known)}
    children = {name for name in names_in_text.children(known) if not _is_place(name, facts.place)}
    return frozenset(kept | children)


def hidden(text: str, names: Collection[str], place: Place | None = None) -> list[Range]:
    """Where a text names one of these people, with all parts of the name.

    A word that is also one of the incident's ``place`` counts only beside another part of the name.
    """
    return names_in_text.ranges(text, names, frozenset(fold(word) for word in _place_words(place)))


def mask(text: str, names: Collection[str], place: Place | None = None) -> str:
    """The text with ``SHOWN_INSTEAD`` in place of what ``hidden`` finds."""
    return names_in_text.replaced(text, hidden(text, names, place), SHOWN_INSTEAD)


def is_quotable(title: str, incident: Incident) -> bool:
    """Can a title be quoted: does it name nobody whose name is withheld, and no child?"""
    names = withheld(incident) | names_in_text.children((title,))
    return not hidden(title, names, incident.facts.place)


def is_graphic(text: str) -> bool:
    """Does a passage contain graphic words, so that it is hidden until tapped?"""
    return bool(_graphic().search(text))


def hides_surroundings(incident: Incident) -> bool:
    """Are the words around a quote not shown? During an attack they could reveal where security forces are."""
    return incident.facts.status is Status.ONGOING


def _is_name(name: str) -> bool:
    """Is it written like a person's name? One word is only where it is a given name and no place."""
    if not all(part[:1].isupper() for part in name.split()) or names_in_text.is_of_many(name):
        return False
    key, gazetteer = fold(name), Gazetteer.open()
    return len(name.split()) > 1 or (key in gazetteer.given and key not in gazetteer)


def _is_place(name: str, place: Place | None) -> bool:
    """Is a name that of a place, taken for a person by mistake?

    It is a part of the incident's place ("SW Houston" for Houston), or the gazetteer has it and it doesn't begin with
    somebody's given name.
    """
    *others, last = name.casefold().split()
    if place is not None and name.casefold() in (place.name.casefold(), (place.admin1 or "").casefold()):
        return True
    if last in _place_words(place) and all(word in rules()["areas"] for word in others):
        return True
    return names_in_text.is_place(name)


def _is_child(near: str) -> bool:
    return bool(re.search(names_in_text.words_filled(rules()["child"]), near, re.IGNORECASE))


def _place_words(place: Place | None) -> frozenset[str]:
    if place is None:
        return frozenset()
    return frozenset(f"{place.name} {place.admin1 or ''}".casefold().split())


def _is_released(name: str, texts: Collection[str]) -> bool:
    """Has an official released the name, and is the person an adult?"""
    released = False
    for text in texts:
        for found in re.finditer(re.escape(name), text):
            near = text[max(0, found.start() - rules()["near"]) : found.end() + rules()["near"]]
            if _is_child(near):
                return False
            released = released or any(re.search(cue, near, re.IGNORECASE) for cue in rules()["released"])
    return released


@cache
def _graphic() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in ENGLISH.lexicon.table("discretion")["graphic"]["words"])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
