"""Which numbers does a text contain, and can they be numbers of people? For languages that are read by words alone."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extract.language import Language
from extract.lexicon import Lexicon
from extract.text.phrases import PhraseBook, Words, phrase_book
from extract.types import Count, CountState

_MAX_WORDS = 5  # words of one number: "ciento veinte y dos"
_MAX_COUNT = 500_000
_YEAR = re.compile(r"(?:19|20)\d\d")


class NumberFound(NamedTuple):
    """A number in a text: the indices of its first and last word, its value, and whether it is exact."""

    first: int
    last: int
    value: int
    exact: bool


def numbers_in(words: Words, language: Language) -> list[NumberFound]:
    """The numbers of a text, each as long as it can be, in order."""
    out: list[NumberFound] = []
    at = 0
    while at < len(words):
        found = _longest_number(words, at, language) if words.is_number(words[at].text) else None
        if found is not None and found.value <= _MAX_COUNT and not _is_year(words, found):
            out.append(found)
        at = at + 1 if found is None else found.last + 1
    return out


def _is_year(words: Words, number: NumberFound) -> bool:
    """Is it written as the year of an event is: "in 2011"? A round number, such as 2000, can be one of people too."""
    return bool(_YEAR.fullmatch(words[number.first].text)) and number.first == number.last and number.value % 100 > 0


def _longest_number(words: Words, at: int, language: Language) -> NumberFound | None:
    for last in range(min(at + _MAX_WORDS, len(words)) - 1, at - 1, -1):
        number = language.numbers.read([word.text for word in words[at : last + 1]])
        if number is not None:
            return NumberFound(at, last, number.value, number.exact)
    return None


def counts_people(words: Words, number: NumberFound, language: Language) -> bool:
    """May the number be one of all people harmed: is the next word none of things, years or shares, and no such phrase
    around it, and is it not that of a part ("among them 3 children")?"""
    start = words[number.first].start
    behind = words[number.last + 1].start if number.last + 1 < len(words) else -1
    hits = _not_people(language.lexicon).find(words)
    if any(hit.start == behind or hit.start <= start < hit.end for hit in hits):
        return False
    before = words[number.first - 1].end if number.first else -1
    return not any(hit.end == before for hit in _part(language.lexicon).find(words))


def count_of(words: Words, number: NumberFound, lexicon: Lexicon) -> Count:
    """The number as a count, with no upper bound behind "at least" and for "dozens"."""
    at_least = not number.exact or _is_at_least(words, number, lexicon)
    return Count(low=number.value, high=None if at_least else number.value, state=CountState.COUNTED)


def _is_at_least(words: Words, number: NumberFound, lexicon: Lexicon) -> bool:
    start, end = words[number.first].start, words[number.last].end
    return any(hit.end < start <= hit.end + 2 or end < hit.start <= end + 2 for hit in _at_least(lexicon).find(words))


def words_at_least(words: Words, lexicon: Lexicon) -> set[int]:
    """The indices of the words of "at least" and the like, which do not part a number from what is counted."""
    hits = list(_at_least(lexicon).find(words))
    return {i for i, word in enumerate(words) for hit in hits if hit.start <= word.start < hit.end} if hits else set()


@cache
def _at_least(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book({"": lexicon.section("casualties", "at_least").get("words", ())})


@cache
def _part(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book({"": lexicon.section("casualties", "part").get("words", ())})


@cache
def _not_people(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book({"": lexicon.section("casualties", "not_people").get("words", ())})
