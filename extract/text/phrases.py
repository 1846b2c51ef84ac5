"""Where do the phrases of a data file occur in a text?

A phrase is words separated by spaces. It is matched on lower-cased runs of letters and digits, so that ``car bomb``
also finds "Car-bomb". ``a|b``: either word · ``mobile_home|house``: an alternative of two words · ``word?``: optional ·
``#``: a number in digits or words · ``~``: up to three words of any kind · ``word*``: any word that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

# an apostrophe parts words, but not within Cyrillic ones ("п'ять")
_WORD = re.compile(r"[^\W_]+(?:'(?:(?:s|t|re|ve|ll|d)\b|[\u0400-\u04ff]+))?")
# in Arabic script: a number, or a word with its vowel points and the stroke that lengthens letters, which it is read
# without; "و5" (and 5) are two
_ARABIC_WORD = re.compile(r"\d+|[^\W\d_\u0640](?:[^\W\d_]|[\u064b-\u0655\u0670\u0640])*")
_MARKS = re.compile(r"[\u064b-\u0655\u0670\u0640]+")
_GAP = 3
GRAM_CHARS = 2500


class Word(NamedTuple):
    """One word of a text, lower-cased, with its start and end."""

    text: str
    start: int
    end: int


class WordForms(NamedTuple):
    """Which forms of a word phrases can name.

    ``numbers``: the words that count as numbers besides digits. ``stems``: the beginnings of words that phrases name as
    ``word*``. ``prefixes``: letters that a language joins to the front of a word, such as "and" or "the".
    """

    numbers: Collection[str] = ()
    stems: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def of(self, word: str) -> tuple[str, ...]:
        """What else a phrase can call a word: without its prefixes, and by its stems ("взрыв*")."""
        bare = []
        if word.startswith(self.prefixes):  # most words have none of them
            bare = [word[len(p) :] for p in self.prefixes if word.startswith(p) and len(word) - len(p) >= _MIN_BARE]
        stems = [f"{w[:n]}*" for w in (word, *bare) for n in range(2, len(w) + 1) if w[:n] in self.stems]
        return (*bare, *stems)


_MIN_BARE = 3


class Words(list[Word]):
    """The words of a text in order, with an index of them for phrase books.

    ``forms``: which forms of them phrases can name. ``found``: a cache of each book's hits.
    """

    def __init__(self, words: Iterable[Word] = (), forms: WordForms | None = None) -> None:
        super().__init__(words)
        self.forms = forms or WordForms()
        self.is_inflected = bool(self.forms.stems or self.forms.prefixes)
        self.found: dict[PhraseBook[Any], tuple[Hit[Any], ...]] = {}

    def is_number(self, word: str) -> bool:
        """Whether the lower-case word is a number, in digits or words."""
        return word in self.forms.numbers or word[0].isdigit()

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Word -> its indices; "driver's" is also listed under "driver", and every number under ``#``."""
        out: dict[str, list[int]] = {}
        for i, (text, _, _) in enumerate(self):
            out.setdefault(text, []).append(i)
        for text in list(out):
            if text.endswith("'s"):
                out[text[:-2]] = sorted({*out.get(text[:-2], ()), *out[text]})
            if self.is_number(text):
                out["#"] = [*out.get("#", ()), *out[text]]
        if self.is_inflected:
            for text in {word.text for word in self}:
                for form in self.forms.of(text):
                    out[form] = sorted({*out.get(form, ()), *out[text]})
        return out

    @cached_property
    def grams(self) -> frozenset[str]:
        """The words and word pairs of the first ``GRAM_CHARS`` characters."""
        return grams_of([word.text for word in self if word.end <= GRAM_CHARS])


class Hit(NamedTuple, Generic[T]):
    """An occurrence of a phrase: its character offsets, and the phrase's value."""

    start: int
    end: int
    value: T


def words_of(text: str, forms: WordForms | None = None) -> Words:
    """The runs of letters and digits of ``text``; ``forms`` of them can be named by phrases."""
    # tuple.__new__ takes half the time of Word(...), and these are most of the objects made of a text
    new = tuple.__new__
    text = lowered(text)
    if _ARABIC.search(text):
        strip = _MARKS.sub if _MARKS.search(text) else _unchanged
        return Words([new(Word, (strip("", m.group()), *m.span())) for m in _ARABIC_WORD.finditer(text)], forms)
    return Words([new(Word, (m.group(), m.start(), m.end())) for m in _WORD.finditer(text)], forms)


# letters that Arabic, Persian and Urdu write in several forms
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ONE_FORM = str.maketrans("يىئكةۀہھأإآؤ", "یییکههههاااو")


def _unchanged(_: str, word: str) -> str:
    return word


def lowered(text: str) -> str:
    """The text in lower case and with one form of each Arabic letter, each character at its offset.

    "İ" would become two, so it becomes "i", and so does "ı": "KIRIK" and "kırık" are one word.
    """
    small = text.lower()
    small = small if len(small) == len(text) else "".join(c.lower()[0] for c in text)
    small = small.replace("ı", "i") if "ı" in small else small
    return small.translate(_ONE_FORM) if _ARABIC.search(small) else small


def grams_of(words: Sequence[str]) -> frozenset[str]:
    """The words, and each with the next one."""
    return frozenset(words).union(f"{one} {two}" for one, two in pairwise(words))


class PhraseBook(Generic[T]):
    """Finds many phrases in one pass; of several that begin at one word, the longest for each value."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, _Openings[T]] = {}
        for number, (plain, value) in enumerate(
            (plain, value) for phrase, value in phrases for plain in _expand(phrase.split())
        ):
            steps = [_step(word) for word in plain]
            for first in _firsts(steps):
                self._by_first.setdefault(first, _Openings([], {})).add(number, steps, value)

    def find(self, words: Words) -> Iterator[Hit[T]]:
        """Every occurrence, in the order of the text; one for each value and first word."""
        if self not in words.found:
            words.found[self] = tuple(self._found(words))
        return iter(words.found[self])

    def _found(self, words: Words) -> Iterator[Hit[T]]:
        for i, phrases in sorted(self._possible_starts(words.positions).items()):
            best: dict[T, int] = {}
            for _, phrase in sorted(phrases.items()) if len(phrases) > 1 else phrases.items():
                end = _match(phrase.steps, phrase.indexed, words, i + phrase.indexed)
                if end is not None and end > best.get(phrase.value, -1):
                    best[phrase.value] = end
            for value, end in best.items():
                yield Hit(words[i].start, words[end - 1].end, value)

    def _possible_starts(self, positions: Mapping[str, list[int]]) -> dict[int, dict[int, _Phrase[T]]]:
        """Index of a word -> the phrases that can begin there, by their first word and, if fixed, their second."""
        starts: dict[int, dict[int, _Phrase[T]]] = {}
        words = positions.keys()
        for first in self._by_first.keys() & words:
            openings, at = self._by_first[first], positions[first]
            for phrase in openings.any:
                if not any(map(words.isdisjoint, phrase.needs)):  # excludes most of them before any is matched
                    for i in at:
                        starts.setdefault(i, {})[phrase.number] = phrase
            for second in openings.by_second.keys() & words:
                for i in {i + 1 for i in at}.intersection(positions[second]):
                    phrases = openings.by_second[second]
                    starts.setdefault(i - 1, {}).update((phrase.number, phrase) for phrase in phrases)
        return starts


def phrase_book(groups: Mapping[str, Iterable[str]]) -> PhraseBook[str]:
    """A book from a table ``value -> phrases``, as in the data files."""
    return PhraseBook((phrase, value) for value, phrases in groups.items() for phrase in phrases)


def spellings(phrase: str) -> list[str]:
    """Every spelling of a phrase, without its gaps and numbers: "al qaida|qaeda" gives two."""
    ways: list[list[str]] = [[]]
    for word in (word for word in phrase.split() if word not in ("~", "#")):
        options = [option.replace("_", " ") for option in word.rstrip("?").split("|")]
        ways = [[*way, option] for way in ways for option in options] + (ways if word.endswith("?") else [])
    return [" ".join(way) for way in ways if way]


class _Step(NamedTuple):
    options: frozenset[str]
    optional: bool
    gap: bool

    @property
    def is_plain(self) -> bool:
        """Whether it is one word that is not optional."""
        return not self.optional and not self.gap


class _Phrase(NamedTuple, Generic[T]):
    """A phrase with its position in the list, which decides between phrases that begin at one word.

    ``indexed``: how many of its first steps the index has already matched. ``needs``: sets of words; a text with the
    phrase has a word of each set.
    """

    number: int
    steps: list[_Step]
    value: T
    indexed: int
    needs: tuple[frozenset[str], ...]


class _Openings(NamedTuple, Generic[T]):
    """The phrases with one first word: by their second word if it is fixed (``by_second``), and ``any`` others."""

    any: list[_Phrase[T]]
    by_second: dict[str, list[_Phrase[T]]]

    def add(self, number: int, steps: list[_Step], value: T) -> None:
        """Adds a phrase."""
        plain = next((n for n, step in enumerate(steps) if not step.is_plain), len(steps))
        needs = tuple(step.options for step in steps[1:] if step.is_plain)
        phrase = _Phrase(number, steps, value, min(plain, 2), needs)
        if phrase.indexed == 2:
            for second in steps[1].options:
                self.by_second.setdefault(second, []).append(phrase)
        else:
            self.any.append(phrase)


def _expand(words: list[str]) -> list[list[str]]:
    """The phrase without alternatives of two words: one phrase for each of them, and one for all others."""
    for i, word in enumerate(words):
        options = word.split("|")
        several = [option for option in options if "_" in option]
        if several:
            single = [option for option in options if "_" not in option]
            ways = [option.split("_") for option in several] + ([["|".join(single)]] if single else [])
            return [plain for way in ways for plain in _expand([*words[:i], *way, *words[i + 1 :]])]
    return [words]


def _step(word: str) -> _Step:
    if word == "~":
        return _Step(frozenset(), optional=True, gap=True)
    optional = word.endswith("?")
    return _Step(frozenset(lowered(word.rstrip("?")).split("|")), optional, gap=False)


def _firsts(steps: list[_Step]) -> set[str]:
    out: set[str] = set()
    for step in steps:
        out |= step.options
        if not step.optional:
            break
    return out


def _accepts(step: _Step, word: str, words: Words) -> bool:
    options = step.options
    if word in options or word.removesuffix("'s") in options or ("#" in options and words.is_number(word)):
        return True
    return words.is_inflected and not options.isdisjoint(words.forms.of(word))


def _match(steps: list[_Step], s: int, words: Words, w: int) -> int | None:
    """The index after the last matched word if ``steps[s:]`` match at ``words[w:]``, else None."""
    for at in range(s, len(steps)):
        step = steps[at]
        if step.gap or step.optional:
            return _branch(steps, at, words, w)
        if w >= len(words) or not _accepts(step, words[w].text, words):
            return None
        w += 1
    return w


def _branch(steps: list[_Step], s: int, words: Words, w: int) -> int | None:
    """``_match`` for a step that is optional or matches several words."""
    step = steps[s]
    if step.gap:
        ends = (_match(steps, s + 1, words, w + skip) for skip in range(_GAP + 1))
        return next((end for end in ends if end is not None), None)
    if w < len(words) and _accepts(step, words[w].text, words):
        end = _match(steps, s + 1, words, w + 1)
        if end is not None:
            return end
    return _match(steps, s + 1, words, w)
