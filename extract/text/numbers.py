"""Which number do one or more words mean? The part for all languages: digits, and the type for number words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_DIGITS = re.compile(r"\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+")
_MAX_DIGITS = 9


class Number(NamedTuple):
    """A number read from words; ``exact`` is False if it is only a lower bound ("dozens")."""

    value: int
    exact: bool


def read_digits(text: str) -> int | None:
    """The number in digits, with or without separators ("1,200"); None for other text and for more than 9 digits."""
    if not _DIGITS.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def _only_digits(words: list[str]) -> Number | None:
    value = read_digits(words[0]) if len(words) == 1 else None
    return None if value is None else Number(value, True)


class Numbers(NamedTuple):
    """How a language writes numbers.

    ``words``: number word -> value ("twelve" -> 12). ``vague``: word -> lower bound ("dozens" -> 24). ``read``: the
    number that all of the given lower-case words together mean, or None.
    """

    words: Mapping[str, int] = {}
    vague: Mapping[str, int] = {}
    read: Callable[[list[str]], Number | None] = _only_digits
