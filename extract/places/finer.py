"""By which name, in whatever gazetteer or none, does a text tell a part of a place: "کراچی کے علاقے کورنگی میں"?"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from extract.lexicon import Lexicon
from extract.text.phrases import PhraseBook, Words, lowered, phrase_book

_MAX_WORDS = 6
_WORDS_OF_HEAD = 2
_QUOTES = "'\"’‘“”«»("
_BREAK = "  "  # between title and text, as they are laid out


class FinerNames:
    """Names of parts of places behind words such as "in the quarter of", or with a head such as "colony".

    By a language's ``places.toml``, ``finer``. ``behind``: phrases that a name follows; of "in the district of A, in
    the quarter of B" B is the name. ``until``: words that end it. ``open``: a name of at most so many words also ends
    at a punctuation mark or before a word with letters such as "in" joined to it. ``heads``: words with which a name
    ends. ``never``: words of no such name, as those of incidents are.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._links: PhraseBook[str] = phrase_book({"": lexicon.section("places", "finer").get("behind", ())})
        self._until, self._never, self.heads = (
            frozenset(map(lowered, lexicon.words("places", "finer", key))) for key in ("until", "never", "heads")
        )
        self._open: int = lexicon.section("places", "finer").get("open", 0)
        joined = lexicon.section("places", "before").get("joined", ())
        self._joined = tuple(map(lowered, joined))

    def first(self, text: str, words: Words, end: int) -> tuple[int, int] | None:
        """The offsets of the first name that ends before an offset, rather one behind such words than with a head."""
        found = self.all(text, words, end)
        return found[0] if found else None

    def all(self, text: str, words: Words, end: int) -> list[tuple[int, int]]:
        """The offsets of all names behind such words, else of those with a head."""
        if not self._until:
            return []
        reading = _Reading(text, words, self._of_incidents(words))
        spans = self._behind_links(reading, end) or self._with_heads(reading, end)
        return [(words[first].start, words[last - 1].end) for first, last in spans]

    def _of_incidents(self, words: Words) -> set[int]:
        """The indices of the words that indicate an incident."""
        hits = [(hit.start, hit.end) for hit in self._lexicon.triggers().find(words) if hit.value[1]]
        return {i for i, word in enumerate(words) if any(start <= word.start < end for start, end in hits)}

    def _behind_links(self, reading: _Reading, end: int) -> list[tuple[int, int]]:
        words = reading.words
        index = {word.start: i for i, word in enumerate(words)}
        ends = {word.end: i + 1 for i, word in enumerate(words)}
        spans: list[tuple[int, int]] = []
        for hit in self._links.find(words):
            name_end = self._name_from(reading, ends[hit.end]) if hit.end <= end else 0
            if not name_end:
                continue
            if spans and spans[-1][1] == index[hit.start]:
                spans.pop()
            spans.append((ends[hit.end], name_end))
        return spans

    def _name_from(self, reading: _Reading, first: int) -> int:
        """The index after the last word of the name that begins at a word; 0 if none does. One in quotes is whole."""
        words, text = reading.words, reading.text
        last = min(first + _MAX_WORDS, len(words))
        if first < len(words) and text[words[first].start - 1] in _QUOTES:
            return next((at + 1 for at in range(first, last) if text[words[at].end : words[at].end + 1] in _QUOTES), 0)
        for at in range(first, last + 1):
            if at > first and (at == len(words) or not reading.is_joined(at)):
                return at if at - first <= self._open else 0
            if at == len(words) or words[at].text in self._until:
                return at if at > first else 0
            if first < at <= first + self._open and self._joined and words[at].text.startswith(self._joined):
                return at
            if at in reading.of_incidents or words[at].text in self._never:
                return 0
        return 0

    def _with_heads(self, reading: _Reading, end: int) -> list[tuple[int, int]]:
        words = reading.words
        spans: list[tuple[int, int]] = []
        for at, word in enumerate(words[:-1]):
            if word.end > end or word.text not in self.heads or words[at + 1].text not in self._until:
                continue
            first = at
            while first > max(0, at - _WORDS_OF_HEAD) and reading.is_joined(first):
                before = words[first - 1].text
                if before in self._until or before in self._never or first - 1 in reading.of_incidents:
                    break
                first -= 1
            if first < at:
                spans.append((first, at + 1))
        return spans


class _Reading(NamedTuple):
    """A text as it is laid out, its words, and the indices of those that indicate an incident."""

    text: str
    words: Words
    of_incidents: set[int]

    def is_joined(self, at: int) -> bool:
        """Is there nothing but white space and quotes between a word and the one before it, in title or text?"""
        gap = self.text[self.words[at - 1].end : self.words[at].start]
        return not gap.strip(" " + _QUOTES) and _BREAK not in gap


@cache
def finer_names(lexicon: Lexicon) -> FinerNames:
    """Those of a language, built once."""
    return FinerNames(lexicon)
