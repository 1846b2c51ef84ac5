"""How does a language write the names of places: with which endings and prefixes, under which other names?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

from extract.lexicon import Lexicon
from extract.text.normalise import fold, fold_script

_MIN_STEM = 2
_MAX_FORMS = 300
_STEM_MARK = "*"
_MIN_DEMONYM = 4
_WORD = re.compile(r"([^\W_]+)")


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
    further names of the country. ``names``: a name that the gazetteer lists, the code of a division, a geonameid, or an
    English name with its country ("Daska, PK") -> names that mean this place alone ("Salvador" in Portuguese).
    ``letters``: a letter -> that of a neighbouring language, under whose spelling a place may be listed alone.
    ``demonyms``: country code -> words for its people and things. ``unlisted``: for a name that no list has, the ending
    that it most often has behind a word of ``unlisted_behind`` -> that of its base form.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._endings: dict[str, list[str]] = {}
        for old, new in lexicon.section("places", "endings").items():
            self._endings.setdefault(fold_script(old), []).extend(new)
        self._longest = max(map(len, self._endings), default=0)
        prefixes = map(fold_script, lexicon.words("places", "prefixes", "words"))
        self._prefixes = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
        self._article = fold_script(lexicon.section("places", "prefixes").get("article", ""))
        self.countries = {
            fold_script(name): code for code, names in lexicon.section("places", "aliases").items() for name in names
        }
        self.listed_as = {
            key: listed
            for listed, names in lexicon.section("places", "names").items()
            for name in names
            for key in (fold_script(name), fold(name))  # with a gap for an apostrophe, and without
        }
        words = [name.split(" ") for name in (*self.countries, *self.listed_as)]
        # the first words of names of several, with a space behind them
        self.beginnings = frozenset(" ".join(name[:size]) + " " for name in words for size in range(1, len(name)))
        unlisted: dict[str, str] = lexicon.section("places", "unlisted")
        self._unlisted = sorted(unlisted.items(), key=lambda pair: -len(pair[0]))
        self._oblique = tuple(map(fold_script, lexicon.words("places", "oblique", "endings")))
        self._unlisted_behind = lexicon.words("places", "unlisted_behind", "words")
        letters: dict[str, str] = lexicon.section("places", "letters")
        self.respelling = str.maketrans(letters)
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

    def spelt(self, name: str, form: str) -> str | None:
        """A folded base form with the letters, capitals and hyphens of the name that it is the form of.

        "Нижнем Новгороде" and "нижнии новгород" give "Нижний Новгород". None for a form with other words.
        """
        parts, words = form.split(), _WORD.split(unicodedata.normalize("NFC", name))
        out, at = [words[0]], 0
        for word, gap in zip(words[1::2], words[2::2], strict=True):
            base = next(
                (b for b in self._bases(word.lower()) if fold_script(b).split() == parts[at : at + len(b.split())]),
                None,
            )
            if base is None:
                return None
            at += len(base.split())
            out += [base[0].upper() + base[1:] if word[0].isupper() else base, gap]
        return "".join(out) if at == len(parts) else None

    def is_oblique(self, key: str) -> bool:
        """Has the folded name an ending of forms, which few names have themselves (``oblique``)?"""
        return key.endswith(self._oblique)

    def likely_base(self, name: str, before: str) -> str:
        """What the base form of a name in no list most likely is, if the word before it asks for a case; else the name.

        "Герасдорфе" behind "в" is "Герасдорф". Words with an ending of which nothing is known stay.
        """
        if before.lower() not in self._unlisted_behind:
            return name
        return "".join(self._likely(part) for part in _WORD.split(name))

    def _likely(self, word: str) -> str:
        for ending, base in self._unlisted:
            if len(word) - len(ending) >= _MIN_STEM and word.endswith(ending):
                return word[: len(word) - len(ending)] + base
        return word

    def _forms_of_word(self, word: str) -> Iterator[str]:
        return map(fold_script, self._bases(word))

    def _bases(self, word: str) -> Iterator[str]:
        yield word
        for size in range(min(self._longest, len(word) - _MIN_STEM), -1, -1):
            for base in self._endings.get(fold_script(word[len(word) - size :]), ()):
                yield word[: len(word) - size] + base

    def _without_prefix(self, key: str) -> Iterator[str]:
        """The key without letters joined to its front, the shortest first."""
        first = key.split(" ", 1)[0]
        return (key[len(p) :] for p in self._prefixes if first.startswith(p) and len(first) - len(p) > _MIN_STEM)
