"""Can two words of texts in different languages or scripts be one name? By their consonants, letter for letter.

Nothing is translated: a name has the keys of its letters (``extract/data/letters.toml``), and of its stem where it may
be inflected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import Any

from extract.lexicon import shared_table

_SCRIPTS = ("classes", "cyrillic", "arabic")
_REPEATED = re.compile(r"(.)\1+")
# begins the key that is a spelling
_SPELLING = "="
# a key of one consonant says nothing
_LEAST = 2
# a stem keeps so many
_LEAST_OF_STEM = 4


def keys_of(words: Iterable[str]) -> frozenset[str]:
    """All keys of these words."""
    return frozenset(key for word in words for key in name_keys(word))


@lru_cache(maxsize=50_000)
def name_keys(word: str) -> frozenset[str]:
    """The keys of a folded word: its consonants, and those without what may be a prefix or an ending.

    One in Latin letters also has its spelling as a key, letters that are repeated once: "Odessa" and "Odesa".
    """
    forms = {word, *(word.removeprefix(prefix) for prefix in _table()["inflection"]["prefixes"])}
    keys = {_key(form) for form in forms}
    if _is_latin(word):
        keys.add(_SPELLING + _REPEATED.sub(r"\1", word))
    else:
        endings = _table()["inflection"]["endings"]
        keys |= {key[:-1] for key in keys if len(key) > _LEAST_OF_STEM and key[-1] in endings}
    return frozenset(key for key in keys if len(key) >= _LEAST)


def are_spelt(name: Collection[str], keys: frozenset[str], least: int) -> bool:
    """Is each word of a name among the words with these keys, and has the name ``least`` consonants in all?"""
    found = [max((len(key) for key in name_keys(word) & keys), default=0) for word in name]
    return all(found) and sum(found) >= least


def spelt_alike(names: Iterable[str], keys: frozenset[str], least: int) -> frozenset[str]:
    """The names with a key of ``least`` consonants among these."""
    return frozenset(name for name in names if any(len(key) >= least for key in name_keys(name) & keys))


def _key(word: str) -> str:
    """Its consonants, those that are repeated once: ``_key("multan") == "mltn"``."""
    letters = _letters()
    return _REPEATED.sub(r"\1", "".join(letters[found] for found in _sequence().findall(word)))


def _is_latin(word: str) -> bool:
    return word[:1] < "\u0370"


@cache
def _sequence() -> re.Pattern[str]:
    """Any of the sequences, the longest first."""
    longest_first = sorted(_letters(), key=lambda letters: (-len(letters), letters))
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _letters() -> dict[str, str]:
    """Sequence of letters -> its class of consonants."""
    table = _table()
    return {
        letters: sound
        for script in _SCRIPTS
        for sound, all_letters in table[script].items()
        for letters in all_letters.split()
    }


@cache
def _table() -> dict[str, Any]:
    return shared_table("letters")
