"""Is a word spelt as an English one? By the vocabulary of the item encoder, 30,000 words and pieces of words."""

from __future__ import annotations

from functools import cache

from extract.lang.en.lexicon import LEXICON


def is_english(word: str) -> bool:
    """Whether it is a common English word or name, in small letters. The list is read when it is first asked."""
    return word in _words()


@cache
def _words() -> frozenset[str]:
    file = LEXICON.folder / "item_encoder.txt"
    return frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()
