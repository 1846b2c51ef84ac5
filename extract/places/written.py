"""How does a language write the names of places: with which endings and prefixes, under which other names?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from extract.lexicon import Lexicon
from extract.text.normalise import fold_script

_MIN_STEM = 2
_MAX_FORMS = 40
_STEM_MARK = "*"
_MIN_DEMONYM = 4


class Demonyms(dict[str, str]):
    """Word for a people or its things -> country code. A key ``word*`` stands for every word that begins so."""

    def get(self, word: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The country code of a word in any case and form; ``default`` where it is no such word."""
        key = fold_script(word)
        found = super().get(key)
        for end in range(len(key), _MIN_DEMONYM - 1, -1) if found is None else ():
            found = super().get(key[:end] + _STEM_MARK)
            if found is not None:
                break
        return default if found is None else found

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None


class WrittenNames:
    """The names of places as one language writes them, by its ``places.toml``:

    ``endings``: the ending of a form -> those of the base form ("ии" -> "ия"; also "ской" -> "ская область").
    ``prefixes``: letters joined to the front of a name. ``aliases``: country code -> further names of the country.
    ``demonyms``: country code -> words for its people and things.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._endings = {fold_script(old): new for old, new in lexicon.section("places", "endings").items()}
        self._longest = max(map(len, self._endings), default=0)
        self._prefixes = sorted(lexicon.words("places", "prefixes", "words"), key=len, reverse=True)
        self.countries = {
            fold_script(name): code for code, names in lexicon.section("places", "aliases").items() for name in names
        }
        self.demonyms = Demonyms(
            (fold_script(word.rstrip(_STEM_MARK)) + _STEM_MARK * word.endswith(_STEM_MARK), code)
            for code, words in lexicon.section("places", "demonyms").items()
            for word in words
        )

    def forms(self, key: str) -> Iterator[str]:
        """The folded name itself, then what its base form may be, the likeliest first."""
        key = fold_script(key)
        yield key
        words = [list(self._forms_of_word(word)) for word in key.split()]
        for way in islice(product(*words), 1, _MAX_FORMS):
            yield " ".join(way)
        bare = self._without_prefix(key)
        if bare:
            yield from self.forms(bare)

    def _forms_of_word(self, word: str) -> Iterator[str]:
        yield word
        for size in range(min(self._longest, len(word) - _MIN_STEM), -1, -1):
            ending = word[len(word) - size :]
            for base in self._endings.get(ending, ()):
                yield word[: len(word) - size] + fold_script(base)

    def _without_prefix(self, key: str) -> str:
        first = key.split(" ", 1)[0]
        prefix = next((p for p in self._prefixes if first.startswith(p) and len(first) - len(p) > _MIN_STEM), "")
        return key[len(prefix) :] if prefix else ""
