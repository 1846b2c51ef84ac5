"""The words of a text, fast: offsets, folded forms, capitals and what joins them."""

from __future__ import annotations

import re
from itertools import accumulate

import msgspec

from extract.text.normalise import fold_word

_JOIN = re.compile(r"(?:[ \t]?\n[ \t]*|[ \t]{1,2}|-|\.[ \t])\Z")
_END = "\n\n"
# the commonest letters of languages in Latin script: enough to tell capitals from lower case
_COMMON = "etaoinsr"


class TokenRules(msgspec.Struct, frozen=True):
    """How a language's words are cut where they may be names.

    ``word``: an expression with one group, the whole word. ``abbreviated``: folded words that a point may follow within
    a name ("St. Louis").
    """

    word: re.Pattern[str] = re.compile(r"((?:[^\W\d_]{1,2}\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)")
    abbreviated: frozenset[str] = frozenset()


class Tokens(msgspec.Struct, frozen=True):
    """The words of a text: offsets, folded forms, and whether each is written as a name.

    ``gaps[i]`` is what stands between word ``i`` and the next one; a paragraph's end after the last.
    """

    text: str
    starts: list[int]
    ends: list[int]
    folded: list[str]
    capital: list[bool]
    gaps: list[str]
    upper: bool
    abbreviated: frozenset[str] = frozenset()

    def joined(self, i: int) -> bool:
        """Can word ``i`` and the next one belong to one name?"""
        gap = self.gaps[i]
        return gap == " " or (bool(_JOIN.match(gap)) and (gap[0] != "." or self.folded[i] in self.abbreviated))


def tokenise(text: str, rules: TokenRules) -> Tokens:
    """Words of a text. A text of capitals has no lower case to tell names by: every word counts as one."""
    parts = rules.word.split(text)  # gap, word, gap, word, ... gap
    words = parts[1::2]
    offsets = list(accumulate(map(len, parts)))
    small, big = sum(map(text.count, _COMMON)), sum(map(text.count, _COMMON.upper()))
    return Tokens(
        text=text,
        starts=offsets[0:-1:2],
        ends=offsets[1::2],
        folded=list(map(fold_word, words)),
        capital=[word[0].isupper() for word in words],
        gaps=[*parts[2:-1:2], _END][: len(words)],
        upper=big > 4 * small,
        abbreviated=rules.abbreviated,
    )
