"""What would an all-capitals text look like in ordinary case, letter for letter?"""

from __future__ import annotations

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SENTENCE_START = re.compile(r"(?:^|[.!?\]]\s+|--\s+|\n\s*\n\s*)[\"'(\[]*$")
_CAPS_SHARE = 0.7


def is_all_caps(text: str) -> bool:
    """Whether most of the text is in capitals, as in old wire reports; it needs 12 letters or more."""
    letters = sum(map(str.isalpha, text[:2000]))
    return letters >= 12 and sum(map(str.isupper, text[:2000])) > _CAPS_SHARE * letters


def true_case(text: str, is_common: Callable[[str], bool]) -> str:
    """``text`` with common words in lower case and all other words capitalised; its length stays the same.

    ``is_common``: whether a lower-case word is an ordinary word of the language; other words are taken for names.
    """

    def recase(match: re.Match[str]) -> str:
        word = match.group()
        lower = word.lower()
        if len(lower) != len(word):
            return word
        if is_common(lower):
            before = text[max(0, match.start() - 4) : match.start()]
            return lower.capitalize() if match.start() == 0 or _SENTENCE_START.search(before) else lower
        return lower.capitalize()

    return _WORD.sub(recase, text)
