"""Does a number in a pattern count no people: an age, animals, goods?"""

from __future__ import annotations

import re

from extract.lang.en.lexicon import head_words, word_set

_WORDS_BEHIND = re.compile(r"(?:\s+[A-Za-z'-]+){1,2}")
# between a noun and its state: "pigs were found dead"
_BETWEEN = re.compile(r"\s(?:was|were|are|is|have|has|been|reported|reportedly|confirmed|left|feared|found)\b")


def counts_things(match: re.Match[str]) -> bool:
    """Whether the number counts animals or things: "40,000 chickens killed", "kills 32 sheep".

    The words of the next sentence say nothing about a number at the end of a title.
    """
    things, state = word_set("roles", "not_people", "heads"), match.groupdict().get("s")
    if state is not None and match.start("s") > match.start("n"):
        return _noun_of(match.string[match.end("n") : match.start("s")]) in things
    behind = _WORDS_BEHIND.match(match.string, match.end("n"), match.endpos)
    words = behind.group().lower().split() if behind else []
    return any(w in things for w in words[:1]) or (
        len(words) > 1 and words[0] not in head_words("people") and words[1] in things
    )


def _noun_of(said: str) -> str:
    """The last word between a number and its state word that is no form of "be": "pigs" in "200 pigs were"."""
    joined = re.split(_BETWEEN, said.lower())[0].split()
    return joined[-1] if joined else ""
