"""Which roads does a text name: "Memphis Street", "Highway 19"? They have no coordinates of their own."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from extract.lang.en.places.cue_words import load
from extract.places.types import Mention, NameRole

LOOK_BACK = 45
_NAME = re.compile(
    r"(?<![.\w])(?:\b(?:[NSEW]\.|North|South|East|West) )?"
    r"(?:\b[A-Z][\w'’-]+ |\b[A-Z]\. |\b\d{1,3}(?:st|nd|rd|th) ){1,3}\Z"
)
_WORD = re.compile(r"\w+")


def roads(text: str, *, where: Literal["title", "text"] = "text") -> list[Mention]:
    """The roads that a text names, in order; without one at the very start, which belongs to a headline."""
    ends, leads = _patterns()
    spans = [(m.start(), m.end()) for m in leads.finditer(text)]
    for m in ends.finditer(text):
        named = _NAME.search(text[max(0, m.start() - LOOK_BACK) : m.start()])
        if named:
            spans.append((m.start() - len(named.group()), m.end()))
    found: list[Mention] = []
    for start, end in sorted(spans):
        if start and (not found or start >= found[-1].end):
            found.append(Mention(where=where, start=start, end=end, name=text[start:end], key="", role=NameRole.ROAD))
    return found


def road_names(text: str) -> set[str]:
    """The word that identifies each road of a text: the last one of its name that is neither side nor road type.

    It is the same for "West 34th Street" and "the 200 block of W. 34th".
    """
    names = [road.name for road in roads(text)] + [m.group(1) for m in _block_names().finditer(text)]
    return {words[-1] for name in names if (words := [word for word in _WORD.findall(name) if not _is_generic(word)])}


def _is_generic(word: str) -> bool:
    """Whether a word of a road's name is only its side ("West") or its type ("Street")."""
    words = load()
    return word in words.road_sides or word in words.road_ends or f"{word}." in words.road_ends


@cache
def _block_names() -> re.Pattern[str]:
    """Addresses by block, without a word for road in some cities: "the 4700 block of South Drexel"."""
    sides = "|".join(sorted(load().road_sides))
    return re.compile(
        rf"\b\d{{2,5}}(?: hundred)? block of ((?:(?:{sides})\.? )?(?:[A-Z]|\d{{1,3}}(?:st|nd|rd|th))[\w'’]*)"
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The expressions for a road type after a space ("Street") and one before a number ("Highway 19")."""
    words = load()
    ends = "|".join(sorted(map(re.escape, words.road_ends), key=len, reverse=True))
    leads = "|".join(sorted(map(re.escape, words.road_leads), key=len, reverse=True))
    nots = "|".join(sorted(words.road_nots))
    first_leads = "".join(sorted({word[0] for word in (*words.road_leads, "I-")}))
    first = "".join(sorted({word[0] for word in words.road_ends}))  # so that few words are tried
    return re.compile(rf"(?<= )(?=[{first}])(?:{ends})(?!\w|(?<=\.) [A-Z]| (?:{nots}))"), re.compile(
        rf"\b(?=[{first_leads}])(?:(?:{leads}) ?|I-)\d{{1,4}}\b"
    )
