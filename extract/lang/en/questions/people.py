"""Which people does a question name: "whose last name is X", "involving X", "what happened to X", "Mr X"?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from extract.lang.en.lexicon import book, word_set
from extract.lang.en.questions.english_words import is_english
from extract.lang.en.questions.vocabulary import Vocabulary
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import GIVEN
from extract.query import NamePart
from extract.text.normalise import fold

MOST_WORDS = 4
_NAME = re.compile(r"[^\W\d_][\w.'-]*")
# between a word that introduces a name and the name: "last name: X", "involving the X family"
_FIRST_GAP = re.compile(r"\s*[:=]\s*|\s(?:the\s(?=\S+\s(?:family|families|brothers|sisters|couple|twins)\b))?")
_GAP = re.compile(r"\s")
_QUOTED = re.compile(r'"([^"]{2,60})"')
_CAPITALISED = re.compile(
    r"\b[A-Z][\w'-]*[a-z][\w'-]*(?:\s+(?:(?:al|bin|de|van|von|el|da)\s+)?[A-Z][\w'-]*[a-z][\w'-]*){1,3}"
)
# words that begin names of places: "North Kordofan" is no person
_OF_PLACES = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "upper", "lower"}
)


class Named(NamedTuple):
    """A person's name in a question: the start and end of the phrase that names it."""

    start: int
    end: int
    name: str
    part: NamePart = ""


class NameFinder:
    """Finds the names of people in one question; ``used`` says for each offset whether it has been read already."""

    def __init__(self, text: str, used: list[bool], vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._text = text
        self._used = used
        self._vocabulary = vocabulary
        self._gazetteer = gazetteer
        self._words = vocabulary.words_of(text)
        self._is_cased = any(c.isupper() for c in text[1:]) and not text.isupper()

    def introduced(self) -> Iterator[Named]:
        """Names in quotation marks and after words that surely introduce one: "named", "the last name", "Mr"."""
        for quoted in _QUOTED.finditer(self._text):
            if not any(self._used[quoted.start() : quoted.end()]):
                yield Named(quoted.start(), quoted.end(), quoted[1])
        hits = list(book("ask", "naming").find(self._words))
        for hit in hits:
            if hit.value not in ("phrases", "involving", "titles"):
                continue
            inside = [one.value for one in hits if hit.start <= one.start < hit.end]
            part: NamePart = "first" if "first" in inside else "last" if "last" in inside else ""
            found = self._after(hit.end)
            if found is not None and not (hit.value == "involving" and self._is_area(found.name)):
                yield Named(hit.start, found.end, found.name, part)

    def mentioned(self, is_place: Callable[[str], bool]) -> Iterator[Named]:
        """Names after "what happened to", "anything about" and the like, and full names: what is a place is none."""
        for hit in book("ask", "naming").find(self._words):
            found = self._after(hit.end) if hit.value == "loose" else None
            if found is not None and not is_place(found.name) and (self._is_cased or not is_english(found.name)):
                yield Named(hit.start, found.end, found.name)
        for match in _CAPITALISED.finditer(self._text) if self._is_cased else ():
            start = match.start()
            words = match[0].split()
            while len(words) > 1 and not self._is_unknown(words[0]):
                start, words = start + self._text[start:].index(words[1], len(words[0])), words[1:]
            is_free = not self._is_taken(start, match.end()) and self._before(start) not in word_set(
                "ask", "where", "firmly"
            )
            ends_place = words[-1].lower() in word_set("ask", "person", "no_names")
            if len(words) > 1 and is_free and not ends_place and not is_place(" ".join(words)):
                yield Named(start, match.end(), " ".join(words).removesuffix("'s"))

    def _after(self, at: int) -> Named | None:
        """The name that begins right after an offset, None if no name stands there."""
        start, parts = at, list[str]()
        while len(parts) < MOST_WORDS and (gap := (_GAP if parts else _FIRST_GAP).match(self._text, at)):
            word = _NAME.match(self._text, gap.end())
            if word is None or self._used[word.start()] or not self._is_personal(word[0], parts):
                break
            if parts or word[0].lower().rstrip(".") not in word_set("ask", "naming", "titles"):
                parts.append(word[0].rstrip(".'-"))
            at = word.end()
        return Named(start, at, " ".join(parts).removesuffix("'s")) if parts else None

    def _is_personal(self, word: str, parts: list[str]) -> bool:
        """Whether a word can be part of a name: capitalised, or in small letters without any other meaning."""
        if self._is_cased:
            return word[:1].isupper() and (bool(parts) or not self._vocabulary.is_meant(word))
        return self._vocabulary.is_unknown(word.removesuffix("'s"))

    def _is_unknown(self, word: str) -> bool:
        """Whether a capitalised word has no meaning in questions, and is no place or is a given name too."""
        low = word.lower().removesuffix("'s")
        is_place = fold(low) in self._gazetteer and not self._gazetteer.flags(fold(low)) & GIVEN
        return low not in _OF_PLACES and self._vocabulary.is_unknown(low) and not is_place

    def _is_area(self, name: str) -> bool:
        """Whether the name, one word, is that of a country."""
        candidates = self._gazetteer.candidates(fold(name))
        return " " not in name and any(self._gazetteer.place(one.entry).precision.is_area for one in candidates[:1])

    def _is_taken(self, start: int, end: int) -> bool:
        return any(self._used[start:end])

    def _before(self, start: int) -> str:
        """The word before an offset."""
        return next((word.text for word in reversed(self._words) if word.end <= start), "")
