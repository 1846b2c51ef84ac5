"""Which pieces of a learned vocabulary most probably make up the words of a text in any script? Unigram (Kudo 2018).

Written here because the libraries for it read no pruned vocabulary, or bring a client of a model hub with them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from extract.text.word_pieces import Piece

# a word of letters and digits with its marks, or one sign; the first group is the white space before it
_WORD = re.compile(r"(\s*)([^\W_][\w\u0300-\u036f\u064b-\u0652\u0670]*|[^\s])")
_BEGINS_WORD = "\u2581"
_MAX_WORD = 40
_CACHED = 40_000
_UNKNOWN_COST = 10.0


class UnigramPieces:
    """A vocabulary: one piece a line with its log probability behind a tab, numbered from 0 in their order.

    A piece that begins a word begins with U+2581. ``begin``, ``separator`` and ``unknown`` are the numbers of the
    pieces ``<s>``, ``</s>`` and ``<unk>``; the last stands for a character that no piece covers.
    """

    def __init__(self, vocabulary: str) -> None:
        self._pieces: dict[str, tuple[int, float]] = {}
        for number, line in enumerate(vocabulary.rstrip("\n").split("\n")):
            piece, _, score = line.rpartition("\t")
            self._pieces[piece] = (number, float(score))
        self.begin, self.separator, self.unknown = (self._pieces[name][0] for name in ("<s>", "</s>", "<unk>"))
        self._longest = max(map(len, self._pieces))
        self._least = min(score for _, score in self._pieces.values()) - _UNKNOWN_COST
        self._numbers_of = lru_cache(maxsize=_CACHED)(self._numbers)

    def pieces(self, text: str, limit: int) -> list[Piece]:
        """At most ``limit`` pieces from the beginning of a text, each with the offset at which its word begins."""
        out: list[Piece] = []
        for word in _WORD.finditer(text):
            begins = bool(word[1]) or word.start() == 0
            out += [Piece(number, word.start(2)) for number in self._numbers_of(word[2], begins)]
            if len(out) >= limit:
                break
        return out[:limit]

    def _numbers(self, word: str, begins: bool) -> tuple[int, ...]:
        """The most probable pieces of a word; its characters one by one where no piece covers them."""
        text = (_BEGINS_WORD if begins else "") + unicodedata.normalize("NFKC", word[:_MAX_WORD])
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(text)
        for start in range(len(text)):
            so_far = best[start][0]
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number, score = self._pieces.get(text[start:end], (self.unknown, self._least))
                if number == self.unknown and end > start + 1:
                    continue
                if so_far + score > best[end][0]:
                    best[end] = (so_far + score, start, number)
        out: list[int] = []
        end = len(text)
        while end:
            _, end, number = best[end]
            out.append(number)
        return tuple(reversed(out))
