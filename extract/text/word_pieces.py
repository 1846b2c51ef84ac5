"""Which pieces of a learned vocabulary make up the words of a text? WordPiece (Schuster and Nakajima 2012), uncased.

Written here because the library for it brings a client of a model hub with it, and the rules fit on this page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from extract.text.normalise import strip_accents

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_CONTINUED = "##"
_MAX_WORD = 60
_CACHED = 20_000


class Piece(NamedTuple):
    """The number of a piece in the vocabulary, and the offset at which its word begins in the text."""

    number: int
    start: int


class WordPieces:
    """A vocabulary, one piece a line: a piece that continues a word begins with ``##``."""

    def __init__(self, vocabulary: str) -> None:
        self._number = {piece: i for i, piece in enumerate(vocabulary.split("\n")) if piece}
        self.begin, self.separator, self.unknown = (self._number[name] for name in ("[CLS]", "[SEP]", "[UNK]"))
        self._pieces_of = lru_cache(maxsize=_CACHED)(self._pieces)

    def pieces(self, text: str, limit: int) -> list[Piece]:
        """At most ``limit`` pieces from the beginning of a text."""
        out: list[Piece] = []
        for word in _WORD.finditer(text):
            out += [Piece(number, word.start()) for number in self._pieces_of(word.group())]
            if len(out) >= limit:
                break
        return out[:limit]

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The longest pieces of a word from the left; the one for unknown words where they don't cover it."""
        folded = strip_accents(word.lower())
        out: list[int] = []
        start = 0
        while start < len(folded) <= _MAX_WORD:
            mark = _CONTINUED if start else ""
            end = next((e for e in range(len(folded), start, -1) if mark + folded[start:e] in self._number), start)
            if end == start:
                return (self.unknown,)
            out.append(self._number[mark + folded[start:end]])
            start = end
        return tuple(out) or (self.unknown,)
