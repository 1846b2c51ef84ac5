"""Which word lists and phrase books does a language have, and which tables belong to no language?

A ``Lexicon`` is one folder of data files; each file is read once. Tables without a language (kinds of incident,
thresholds, severity, publishers) are in ``extract/data`` and are read with ``shared_table``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from extract.text.phrases import PhraseBook, lowered, phrase_book

_WITH_STEMS = ("triggers", "casualties", "cues", "times", "places")  # files with phrases for articles
_STEM = re.compile(r"([^\W_](?:[^\W_]|')+)\*")


class Lexicon:
    """The data files of one language: TOML tables of words and phrases, and learned weights.

    A file, section or key that a language does not have is empty; it is not an error.
    ``table(name)`` is the file ``<name>.toml``; ``book(name, section)`` a section as a phrase book (value -> phrases);
    ``words(name, section, key)`` a list of single words; alternatives separated by ``|`` are words too.
    """

    def __init__(self, folder: Traversable) -> None:
        self.folder = folder
        self.table = cache(self._table)
        self.section = cache(self._section)
        self.book = cache(self._book)
        self.words = cache(self._words)
        self.triggers = cache(self._triggers)
        self.type_of_head = cache(self._type_of_head)
        self.heads = cache(self._heads)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of words that phrases name as ``word*``, in lower case."""
        files = (file for name in _WITH_STEMS if (file := self.folder / f"{name}.toml").is_file())
        return frozenset(lowered(stem) for file in files for stem in _STEM.findall(file.read_text(encoding="utf-8")))

    def _table(self, name: str) -> dict[str, Any]:
        file = self.folder / f"{name}.toml"
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def _section(self, name: str, section: str) -> dict[str, Any]:
        """A section of a table, {} if there is none."""
        return dict(self.table(name).get(section, {}))

    def _book(self, name: str, section: str) -> PhraseBook[str]:
        return phrase_book(self.section(name, section))

    def _words(self, name: str, section: str, key: str) -> frozenset[str]:
        return frozenset(word for words in self.section(name, section).get(key, ()) for word in words.split("|"))

    def _triggers(self) -> PhraseBook[tuple[str, bool]]:
        """Every trigger phrase with (kind, is strong)."""
        return PhraseBook(
            (phrase, (kind, is_strong))
            for kind, row in self.table("triggers").items()
            for strength, is_strong in (("strong", True), ("weak", False))
            for phrase in row.get(strength, ())
        )

    def _type_of_head(self, section: str) -> dict[str, str]:
        """Head noun -> GTD type, from a section of ``roles.toml`` that lists noun phrases.

        Phrases of one word come before the heads of longer ones ("home" before "police chief's home"); of several
        types of a word the first is taken.
        """
        out: dict[str, str] = {}
        for most in (1, None):
            for kind, phrases in self.section("roles", section).items():
                for phrase in phrases:
                    if most is None or len(phrase.split()) <= most:
                        for option in phrase.split("|"):
                            out.setdefault(option.split()[-1], kind)
        return out

    def _heads(self, section: str) -> frozenset[str]:
        """Every word that can be the head of a noun phrase in a section of ``roles.toml``."""
        return frozenset(self.type_of_head(section))


@cache
def shared_table(name: str) -> dict[str, Any]:
    """The TOML file ``extract/data/<name>.toml``, which belongs to no language."""
    return tomllib.loads((resources.files("extract") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
