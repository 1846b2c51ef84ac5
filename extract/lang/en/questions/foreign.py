"""Is a question in a language that is not read? By its letters and by the small words of other languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from extract.lang.en.lexicon import word_set
from extract.text.phrases import Word


def is_foreign(rest: Sequence[Word], understood: int) -> bool:
    """Whether a question is in another language than English.

    ``rest``: its words without places, times and names. ``understood``: how many of them have a meaning in English.
    """
    letters = [char for word in rest for char in word.text if char.isalpha()]
    other = sum(not unicodedata.name(char, "").startswith("LATIN") for char in letters)
    if letters and other * 2 > len(letters):
        return True
    small = word_set("ask", "foreign", "words")
    said = sum(word.text in small or not word.text.isascii() for word in rest)
    return said * 2 > len(rest) - (len(rest) > 3) and said > 0 and understood * 2 <= len(rest)
