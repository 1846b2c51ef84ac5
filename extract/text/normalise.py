"""What is the key of a name? No accents, no case, no points, and "Saint" and "Fort" written out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WRITTEN_OUT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_SPECIAL = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ə": "a", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
# letters that Arabic, Persian and Urdu write in several forms, as people type them
_ARABIC = str.maketrans("يىئكةۀہھأإآؤ", "یییکههههاااو", "ـ") | {
    0x200C: " "
}  # without the mark that lengthens; the joiner parts words
_FIRST_INDIC = "\u0900"
# with the marks of Arabic letters and the stroke that lengthens them, which stand within words
_APOSTROPHES = re.compile(r"['’‘`ʻʼ´.\u064b-\u0655\u0670\u0640]")
_NO_WORD = re.compile(r"[^\w]+|_")


def strip_accents(text: str) -> str:
    """The text without its accents, compatibility characters decomposed (NFKD): ``strip_accents("José") == "Jose"``."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def fold(name: str) -> str:
    """The key of a name: ``fold("St. Louis") == "saint louis"``, ``fold("Port-au-Prince") == "port au prince"``."""
    return " ".join(map(fold_token, _NO_WORD.sub(" ", _APOSTROPHES.sub("", name)).split()))


@lru_cache(maxsize=20_000)
def fold_token(token: str) -> str:
    """The key of one word."""
    word = token.casefold()
    if not word.isascii():
        word = strip_accents(word.translate(_SPECIAL)).translate(_SPECIAL)
    return _WRITTEN_OUT.get(word, word)


@lru_cache(maxsize=50_000)
def fold_script(name: str) -> str:
    """The key of a name in a script that is not Latin: no case, no vowel points or accents, one form of a letter.

    Signs of scripts in which marks are letters (Devanagari, Thai) stay; forms of one Arabic letter become one.
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_ARABIC)
    kept = "".join(char for char in plain if char >= _FIRST_INDIC or not unicodedata.combining(char))
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in kept).split()
    return unicodedata.normalize("NFC", " ".join(words))


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """The key of one word as written in a text: ``fold_word("U.S.") == "us"``."""
    return fold_token(_APOSTROPHES.sub("", word).replace(" ", ""))
