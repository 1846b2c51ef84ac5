"""The words of a text, fast: offsets, folded forms, capitals and what joins them."""

from __future__ import annotations

import re

import msgspec

from extract.places.fold import fold_word

_TOKEN = re.compile(r"\b[NSW]\. (?:Va|C|D|J|Y|H|M)\.|(?:[^\W\d_]{1,2}\.){2,}|[^\W\d_]+(?:['’](?!s\b|S\b)[^\W\d_]+)*")
_JOIN = re.compile(r"(?:[ \t]?\n[ \t]*|[ \t]{1,2}|-|\.[ \t])\Z")
_COMMON = "etaoinsr"
_ABBREVIATED = frozenset({"st", "ste", "mt", "ft", "saint", "sainte", "mount", "fort", "n", "s", "e", "w"})


class Tokens(msgspec.Struct, frozen=True):
    """The words of a text: offsets, folded forms, and whether each is written as a name."""

    text: str
    starts: list[int]
    ends: list[int]
    folded: list[str]
    capital: list[bool]
    upper: bool

    def gap(self, i: int) -> str:
        """What stands between word ``i`` and the next one."""
        return self.text[self.ends[i] : self.starts[i + 1]] if i + 1 < len(self.starts) else "\n\n"

    def joined(self, i: int) -> bool:
        """Can word ``i`` and the next one belong to one name?"""
        gap = self.gap(i)
        return gap == " " or (bool(_JOIN.match(gap)) and (gap[0] != "." or self.folded[i] in _ABBREVIATED))


def tokenise(text: str) -> Tokens:
    """Words of a text. A text of capitals has no lower case to tell names by: every word counts as one."""
    starts: list[int] = []
    ends: list[int] = []
    folded: list[str] = []
    capital: list[bool] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match.group()
        starts.append(start)
        ends.append(end)
        folded.append(fold_word(word))
        capital.append(word[0].isupper())
    small, big = sum(map(text.count, _COMMON)), sum(map(text.count, _COMMON.upper()))
    return Tokens(text, starts, ends, folded, capital, big > 4 * small)
