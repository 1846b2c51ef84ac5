"""Which roads a text names: "Memphis Street", "Highway 19". They have no coordinates of their own."""

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
    """The roads that a text names, in order. A name at the very start of a text is a headline's."""
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
    """What tells one road of a text from another: the last word of its name, for "West 34th Street" and "the 200 block
    of W. 34th" alike.
    """
    names = [road.name for road in roads(text)] + [m.group(1) for m in _block_names().finditer(text)]
    return {words[-1] for name in names if (words := [word for word in _WORD.findall(name) if not _is_generic(word)])}


def _is_generic(word: str) -> bool:
    """Is a word of a road's name only its side or what all roads are?"""
    words = load()
    return word in words.road_sides or word in words.road_ends or f"{word}." in words.road_ends


@cache
def _block_names() -> re.Pattern[str]:
    """ "The 4700 block of South Drexel": in some cities the word for road is left out."""
    sides = "|".join(sorted(load().road_sides))
    return re.compile(
        rf"\b\d{{2,5}}(?: hundred)? block of ((?:(?:{sides})\.? )?(?:[A-Z]|\d{{1,3}}(?:st|nd|rd|th))[\w'’]*)"
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A road's word after a space, and a road's word before a number."""
    words = load()
    ends = "|".join(sorted(map(re.escape, words.road_ends), key=len, reverse=True))
    leads = "|".join(sorted(map(re.escape, words.road_leads), key=len, reverse=True))
    nots = "|".join(sorted(words.road_nots))
    first_leads = "".join(sorted({word[0] for word in (*words.road_leads, "I-")}))
    first = "".join(sorted({word[0] for word in words.road_ends}))  # tried at few words, not at each
    return re.compile(rf"(?<= )(?=[{first}])(?:{ends})(?!\w|(?<=\.) [A-Z]| (?:{nots}))"), re.compile(
        rf"\b(?=[{first_leads}])(?:(?:{leads}) ?|I-)\d{{1,4}}\b"
    )
