"""Which word of a question is misspelt, and which word or place is surely meant?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from extract.lang.en import dates
from extract.lang.en.questions.english_words import is_english
from extract.lang.en.questions.vocabulary import Vocabulary
from extract.places.gazetteer import Gazetteer
from extract.places.search import search
from extract.query import Respelling
from extract.text.normalise import fold
from extract.types import Place

# words of fewer letters are not corrected; from this length on, two letters may be wrong
SHORTEST, LONG = 5, 9
# a place is surely meant if it has this many times the people of any other with such a name
TIMES_LARGER = 20
LEAST_PEOPLE = 15_000
_WORD = re.compile(r"[^\W\d_]+(?:'s)?")


class Speller:
    """Corrects words by the vocabulary of questions. Keep one: it contains the words by their first letter."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._vocabulary = vocabulary
        self._gazetteer = gazetteer
        self._words: dict[str, list[str]] = {}
        days = (name for names in (*dates.month_names(), *dates.weekday_names()) for name in names[:1])
        for word in sorted({*vocabulary.correctable, *days}):
            self._words.setdefault(word[0], []).append(word)

    def respelt(self, text: str) -> tuple[str, tuple[Respelling, ...]]:
        """The text with misspelt words of questions replaced, and what was replaced.

        Names are left alone: capitalised words inside a text that uses capitals, and words that are places.
        """
        is_cased = any(c.isupper() for c in text[1:]) and not text.isupper()
        found: list[Respelling] = []

        def correct(match: re.Match[str]) -> str:
            said = match[0].removesuffix("'s")
            if len(said) < SHORTEST or not said.isascii() or (is_cased and match.start() and said[:1].isupper()):
                return match[0]
            read = self._meant(said.lower())
            if not read:
                return match[0]
            found.append(Respelling(said=said, read=read))
            return read + match[0][len(said) :]

        return _WORD.sub(correct, text), tuple(found)

    def _meant(self, word: str) -> str:
        """The one word of the vocabulary that differs by a letter or two, "" if there is none or several."""
        if (
            not self._vocabulary.is_unknown(word)
            or fold(word) in self._gazetteer
            or word in self._words.get(word[0], ())
        ):
            return ""
        near = list(_near(word, self._words.get(word[0], ())))
        if not near or is_english(word):
            return ""
        least = min(distance for distance, _ in near)
        best = [one for distance, one in near if distance == least]
        return best[0] if len({_stem(one) for one in best}) == 1 else ""


def sure_place(gazetteer: Gazetteer, name: str, places: Iterable[Place]) -> Place | None:
    """The place that a misspelt name surely means: one letter differs, and no other such place is nearly as large."""
    key = fold(name)
    if len(key) < 4:
        return None
    near = [place for place in places if OSA.distance(key, fold(place.name)) <= (2 if len(key) >= LONG else 1)]
    sizes: dict[str, int] = {}
    for place in near:
        sizes[fold(place.name)] = max(sizes.get(fold(place.name), 0), _people(gazetteer, place))
    best = max(sizes, key=lambda name: sizes[name], default="")
    if not best or sizes[best] < LEAST_PEOPLE:
        return None
    others = [size for name, size in sizes.items() if name != best]
    if any(size * TIMES_LARGER > sizes[best] for size in others):
        return None
    return next(place for place in near if fold(place.name) == best)


def likelier(gazetteer: Gazetteer, name: str, place: Place) -> Place | None:
    """The far larger place one letter away from a name that another place has only as an unusual name: "karchi"."""
    key = fold(name)
    if len(key) < SHORTEST or " " in key or fold(place.name) == key:
        return None
    near = (other for other in _one_letter_away(key) if other in gazetteer)
    found = [gazetteer.place(one.entry) for other in near for one in gazetteer.candidates(other)]
    named = [one for one in found if OSA.distance(key, fold(one.name)) == 1]
    best = max(named, key=lambda one: _people(gazetteer, one), default=None)
    if best is None or best.name == place.name:
        return None
    return best if _people(gazetteer, best) >= TIMES_LARGER * max(1, _people(gazetteer, place)) else None


def _one_letter_away(word: str) -> set[str]:
    """The words that have one letter more, less or another, or two exchanged, after the first letter."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    made = {head + tail[1:] for head, tail in cuts}
    made |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    made |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase}
    made |= {head + letter + tail for head, tail in cuts for letter in ascii_lowercase}
    return made - {word}


def similar_places(gazetteer: Gazetteer, name: str, limit: int) -> tuple[Place, ...]:
    """Places with such a name or a similar one, best first."""
    return tuple(search(gazetteer, name, limit))


def _people(gazetteer: Gazetteer, place: Place) -> int:
    """The population of a place."""
    found = (one.entry for one in gazetteer.candidates(fold(place.name)))
    same = [e.population for e in found if (e.lat, e.lon) == (place.lat, place.lon) or gazetteer.place(e) == place]
    return max(same, default=0)


def _near(word: str, words: Iterable[str]) -> Iterator[tuple[int, str]]:
    most = 2 if len(word) >= LONG else 1
    for one in words:
        if abs(len(one) - len(word)) <= most and (distance := OSA.distance(word, one, score_cutoff=most)) <= most:
            yield distance, one


def _stem(word: str) -> str:
    """The word without endings, to tell whether two words are forms of one."""
    return re.sub(r"(?:ings?|ers?|ed|es|s)$", "", word)[:6]
