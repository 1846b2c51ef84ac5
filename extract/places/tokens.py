"""What are the words of a text, as far as names of places need it: offsets, folded forms, capitals, gaps?"""

from __future__ import annotations

import re
from itertools import accumulate

import msgspec

from extract.text.normalise import fold_word

_JOIN = re.compile(r"(?:[ \t]?\n[ \t]*|[ \t]{1,2}|-|\.[ \t])\Z")
_END = "\n\n"
# frequent letters of languages in Latin and Cyrillic script: counting these is enough to find a text all in capitals
_COMMON = "etaoinsrоеантрвл"


class TokenRules(msgspec.Struct, frozen=True):
    """How a language's text is divided into words that may be names.

    ``word``: a regular expression with one group, the whole word. ``abbreviated``: folded words that may have a full
    stop after them within a name ("St. Louis"). ``elided``: a word has a capital also behind an apostrophe ("d'Ascq").
    """

    word: re.Pattern[str] = re.compile(r"((?:[^\W\d_]{1,2}\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)")
    abbreviated: frozenset[str] = frozenset()
    elided: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """The words of a text: offsets, folded forms, and whether each begins with a capital.

    ``gaps[i]`` is the text between word ``i`` and the next one, an end of paragraph after the last. ``upper``: the text
    is all in capitals.
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
    """The words of a text; in a text all in capitals (``upper``) the capitals do not show which words are names."""
    parts = rules.word.split(text)  # gap, word, gap, word, ... gap
    words = parts[1::2]
    offsets = list(accumulate(map(len, parts)))
    small, big = sum(map(text.count, _COMMON)), sum(map(text.count, _COMMON.upper()))
    return Tokens(
        text=text,
        starts=offsets[0:-1:2],
        ends=offsets[1::2],
        folded=list(map(fold_word, words)),
        capital=[word[0].isupper() or (rules.elided and _begins_behind_elision(word)) for word in words],
        gaps=[*parts[2:-1:2], _END][: len(words)],
        upper=big > 4 * small,
        abbreviated=rules.abbreviated,
    )


def _begins_behind_elision(word: str) -> bool:
    return len(word) > 2 and word[1] in "'’" and word[2].isupper()
