"""Which lists of words do the components read, and how are they kept? Each is loaded once from ``extract/data``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from extract.text.phrases import PhraseBook, phrase_book


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file ``extract/data/<name>.toml``."""
    return tomllib.loads((resources.files("extract") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def book(name: str, section: str) -> PhraseBook[str]:
    """A section of a data file as a phrase book: value -> phrases."""
    return phrase_book(table(name)[section])


@cache
def word_set(name: str, section: str, key: str) -> frozenset[str]:
    """A list of single words; alternatives parted by ``|`` are single words too."""
    return frozenset(word for words in table(name)[section][key] for word in words.split("|"))


@cache
def trigger_book() -> PhraseBook[tuple[str, bool]]:
    """Every trigger phrase with (kind, strong)."""
    return PhraseBook(
        (phrase, (kind, strength == "strong"))
        for kind, row in table("triggers").items()
        for strength in ("strong", "weak")
        for phrase in row[strength]
    )


@cache
def priors() -> dict[str, float]:
    """Kind -> how telling its words are, for ties."""
    return {kind: float(row["prior"]) for kind, row in table("triggers").items()}


@cache
def role_of_head(section: str) -> dict[str, str]:
    """Head noun -> GTD type, from a section of ``roles.toml`` that lists noun phrases.

    A phrase of one word comes before the head of a longer one ("home" before "police chief's home"); the first wins.
    """
    out: dict[str, str] = {}
    for most in (1, None):
        for kind, phrases in table("roles")[section].items():
            for phrase in phrases:
                if most is None or len(phrase.split()) <= most:
                    for option in phrase.split("|"):
                        out.setdefault(option.split()[-1], kind)
    return out


@cache
def role_words(section: str) -> frozenset[str]:
    """Every word that can be the head of a noun phrase in a section of ``roles.toml``."""
    return frozenset(role_of_head(section))
