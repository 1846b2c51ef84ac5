"""Which words of a text tell this incident from others like it? Names above all; for matching, never for meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from extract.nlp.lexicons import table
from extract.text.layout import Layout

_WORD = re.compile(r"[^\W_]{3,}")
_READ = 1800
_MOST = 90
NAME_MARK = "^"


def signature(layout: Layout) -> tuple[str, ...]:
    """Folded content words of title and opening, sorted; words written as names carry ``NAME_MARK``."""
    text = layout.plain[:_READ]
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word in _stop() or word.isdigit():
            continue
        inside = match.start() > 2 and text[match.start() - 1] == " " and text[match.start() - 2] not in '.!?:"'
        name = match.group()[0].isupper() and not match.group().isupper() and inside
        found.setdefault((NAME_MARK if name else "") + word)
    return tuple(sorted(list(found)[:_MOST]))


def likeness(one: tuple[str, ...], two: tuple[str, ...], besides: set[str] | None = None) -> float:
    """0 to 1: the weighted cosine of two signatures without the words ``besides``; a name counts three times a word."""
    left, right = ({w for w in words if w.lstrip(NAME_MARK) not in (besides or set())} for words in (one, two))
    if not left or not right:
        return 0.0
    return float(_weight(left & right) / (_weight(left) * _weight(right)) ** 0.5)


def fold(word: str) -> str:
    """Lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def _weight(words: set[str]) -> float:
    return sum(3.0 if w.startswith(NAME_MARK) else 1.0 for w in words)


@cache
def _stop() -> frozenset[str]:
    return frozenset(table("track")["stop"]["words"])
