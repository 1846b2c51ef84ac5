"""How does a language write the names of places: with which endings and prefixes, under which other names?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from extract.lexicon import Lexicon
from extract.text.normalise import fold_script

_MIN_STEM = 2
_MAX_FORMS = 40
_STEM_MARK = "*"
_MIN_DEMONYM = 4


class Demonyms(dict[str, str]):
    """Word for a people or its things -> country code. A key ``word*`` stands for every word that begins so.

    ``prefixes``: letters that can be joined to the front of a word.
    """

    def __init__(self, codes: Iterable[tuple[str, str]], prefixes: Iterable[str] = ()) -> None:
        super().__init__(codes)
        self._prefixes = tuple(prefixes)
        self._code_of = lru_cache(maxsize=50_000)(self._find)

    def get(self, word: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The country code of a word in any case and form; ``default`` where it is no such word."""
        found = self._code_of(word)
        return default if found is None else found

    def _find(self, word: str) -> str | None:
        key = fold_script(word)
        bare = (key[len(prefix) :] for prefix in self._prefixes if key.startswith(prefix))
        return next((code for form in (key, *bare) if (code := self._of_form(form)) is not None), None)

    def _of_form(self, key: str) -> str | None:
        found = super().get(key)
        for end in range(len(key), _MIN_DEMONYM - 1, -1) if found is None else ():
            found = super().get(key[:end] + _STEM_MARK)
            if found is not None:
                break
        return found

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None


class WrittenNames:
    """The names of places as one language writes them, by its ``places.toml``:

    ``endings``: the ending of a form -> those of the base form ("ии" -> "ия"; also "ской" -> "ская область").
    ``prefixes``: letters joined to the front of a name, and the article among them. ``aliases``: country code ->
    further names of the country. ``demonyms``: country code -> words for its people and things. ``names``: the English
    name of a place with its country ("Daska, PK") -> its names that the gazetteer does not have.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._endings = {fold_script(old): new for old, new in lexicon.section("places", "endings").items()}
        self._longest = max(map(len, self._endings), default=0)
        prefixes = map(fold_script, lexicon.words("places", "prefixes", "words"))
        self._prefixes = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
        self._article = fold_script(lexicon.section("places", "prefixes").get("article", ""))
        self.countries = {
            fold_script(name): code for code, names in lexicon.section("places", "aliases").items() for name in names
        }
        self.places = {
            fold_script(name): place for place, names in lexicon.section("places", "names").items() for name in names
        }
        listed = [name.split(" ") for name in (*self.countries, *self.places)]
        # the first words of names of several, with a space behind them
        self.beginnings = frozenset(" ".join(name[:size]) + " " for name in listed for size in range(1, len(name)))
        codes = (
            (fold_script(word.rstrip(_STEM_MARK)) + _STEM_MARK * word.endswith(_STEM_MARK), code)
            for code, words in lexicon.section("places", "demonyms").items()
            for word in words
        )
        self.demonyms = Demonyms(codes, self._prefixes)

    def forms(self, key: str) -> Iterator[str]:
        """The folded name itself, then what its base form may be, the likeliest first."""
        key = fold_script(key)
        yield key
        words = [list(self._forms_of_word(word)) for word in key.split()]
        for way in islice(product(*words), 1, _MAX_FORMS):
            yield " ".join(way)
        for bare in self._without_prefix(key):
            yield bare
            if self._article and not bare.startswith(self._article):
                yield self._article + bare  # "للقاهرة": the article's first letter is left out

    def _forms_of_word(self, word: str) -> Iterator[str]:
        yield word
        for size in range(min(self._longest, len(word) - _MIN_STEM), -1, -1):
            ending = word[len(word) - size :]
            for base in self._endings.get(ending, ()):
                yield word[: len(word) - size] + fold_script(base)

    def _without_prefix(self, key: str) -> Iterator[str]:
        """The key without letters joined to its front, the shortest first."""
        first = key.split(" ", 1)[0]
        return (key[len(p) :] for p in self._prefixes if first.startswith(p) and len(first) - len(p) > _MIN_STEM)
