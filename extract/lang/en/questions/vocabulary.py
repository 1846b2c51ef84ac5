"""What can each word or phrase of a question mean?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from extract.kinds import Kinds
from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import NUMBER_WORDS
from extract.query import KindsNamed
from extract.text.phrases import PhraseBook, Word, WordForms, Words, words_of

_SECTIONS = ("measures", "order", "counted", "effects", "conditions", "number", "settings", "beyond")


class Sense(NamedTuple):
    """One meaning: its section of ``ask.toml`` (or "kind"), and its key or value there."""

    section: str
    value: str


class Mark(NamedTuple):
    """Words ``first`` to ``last`` (inclusive) of a question, with one meaning; ``start`` and ``end`` in characters."""

    start: int
    end: int
    first: int
    last: int
    sense: Sense


class Vocabulary:
    """The phrases of ``ask.toml`` and the kinds' words as one phrase book."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._data = table("ask")
        self._fillers = frozenset(self._data["fillers"]["words"].split())
        self.book = PhraseBook(self._phrases())

    @staticmethod
    def words_of(text: str) -> Words:
        """The words of a question."""
        return _words_of(text)

    def is_filler(self, word: str) -> bool:
        """Whether the word adds no meaning to a question."""
        return word in self._fillers

    def is_unknown(self, word: str) -> bool:
        """Whether the word is neither a filler nor part of a phrase."""
        return word.lower() not in self._fillers and not any(self.book.find(_words_of(word)))

    def is_meant(self, word: str) -> bool:
        """Whether the word by itself is a phrase of questions: "Attacks", "Who"; fillers are too."""
        return not self.is_unknown(word)

    def words_for(self, name: str) -> tuple[str, ...]:
        """How records and articles call people of this sort, * for any ending."""
        return tuple(self._data["whom"][name]["words"].split())

    def is_setting(self, name: str) -> bool:
        """Whether people of this sort are looked for in the record where they are not named as victims."""
        return name in self._data["victims"]["mentioned"]

    @cached_property
    def correctable(self) -> frozenset[str]:
        """The words that a misspelt one can be: of kinds, harm, people, places hit, measures and times."""
        sections = ("more_kinds", "effects", "settings", "conditions", "measures")
        phrases = [phrase for name in sections for rows in self._data[name].values() for phrase in rows]
        phrases += [phrase for row in self._data["whom"].values() for phrase in row["phrases"]]
        phrases += [phrase for _, phrase in self._kind_phrases()] + [*self._data["spelling"]["words"]]
        words = {word.strip("?") for phrase in phrases for part in phrase.split() for word in part.split("|")}
        return frozenset(word for word in words if len(word) >= 5 and word.isalpha())

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Nouns for harm to people."""
        return frozenset(self._data["nouns"]["words"])

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of a kind or group of kinds -> its plural in an answer."""
        return {slug: kind.plural for slug, kind in self._kinds.items()} | {
            name: group.label for name, group in self._kinds.wide.items()
        }

    def kinds_of(self, name: str) -> tuple[str, ...]:
        """The slugs of a kind or a group of kinds."""
        group = self._kinds.wide.get(name)
        return group.kinds if group is not None else (name,)

    def equivalents(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Other kinds that count as this one, and the weapons they must have been done with (empty: any)."""
        held = self._kinds.holds.get(name)
        return (held.kinds, held.weapons) if held is not None else ((), ())

    def _phrases(self) -> Iterator[tuple[str, Sense]]:
        for section in _SECTIONS:
            for value, phrases in self._data[section].items():
                yield from ((phrase, Sense(section, value)) for phrase in phrases)
        for section, key in (
            ("compare", "phrases"),
            ("naming", "phrases"),
            ("naming", "involving"),
            ("leave_out", "phrases"),
        ):
            yield from ((phrase, Sense(section, "")) for phrase in self._data[section][key])
        for value, row in self._data["whom"].items():
            yield from ((phrase, Sense("whom", value)) for phrase in row["phrases"])
        for value, phrases in self._data["follow"].items():
            yield from ((phrase, Sense("follow", value)) for phrase in phrases)
        yield from ((phrase, Sense("kind", name)) for name, phrase in self._kind_phrases())

    def _kind_phrases(self) -> Iterator[tuple[str, str]]:
        refused = set(self._data["kinds"]["not"])
        for slug, kind in self._kinds.items():
            for said in (kind.label, kind.plural, *kind.words):
                phrase = " ".join(said.lower().replace("-", " ").split())
                if phrase not in refused:
                    yield slug, phrase
                    yield slug, phrase + "s"
        for slug, phrases in self._data["more_kinds"].items():
            yield from ((slug, phrase) for phrase in phrases)
        for name, phrases in self._data["wide_kinds"].items():
            yield from ((name, phrase) for phrase in phrases)


class Marked:
    """A question's words with all their possible meanings."""

    def __init__(self, text: str, used: Sequence[bool], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        words = _words_of(text)
        self.tokens: list[Word] = [w for w in words if not used[w.start]]
        index = {w.start: n for n, w in enumerate(self.tokens)}
        ends = {w.end: n for n, w in enumerate(self.tokens)}
        self._marks: list[Mark] = []
        for hit in vocabulary.book.find(words):
            if hit.start in index and hit.end in ends and not any(used[hit.start : hit.end]):
                self._marks.append(Mark(hit.start, hit.end, index[hit.start], ends[hit.end], hit.value))
        self._marks.sort(key=lambda m: (m.first, -m.last))

    # -------------------------------------------------------------- looking up

    def hits(self, section: str, value: str | None = None) -> list[Mark]:
        """The marks of a section, without those inside a longer one."""
        marks = [m for m in self._marks if m.sense.section == section and value in (None, m.sense.value)]
        return [m for m in marks if not any(_is_inside_longer(m, other) for other in marks)]

    def has(self, section: str) -> bool:
        """Whether the question has a phrase of this section."""
        return any(mark.sense.section == section for mark in self._marks)

    def refers(self) -> bool:
        """Whether "there", "then" or "it" refers to the question before; not in "were there" and "is it"."""
        be = word_set("ask", "heads", "yes_or_no")
        marks = [m for m in self._marks if m.sense.section == "follow" and m.sense.value in ("there", "then", "it")]
        plain = [
            m
            for m in marks
            if m.last == m.first
            and m.first
            and self.tokens[m.first - 1].text in (*be, "been")
            and m.sense.value != "it"
        ]
        return len(marks) > len(plain)

    def begins(self, section: str) -> bool:
        """Whether the question begins with a phrase of this section."""
        return any(mark.first == 0 and mark.sense == Sense(section, "begins") for mark in self._marks)

    def has_word(self, words: frozenset[str]) -> bool:
        """Whether the question has one of these words."""
        return any(token.text in words for token in self.tokens)

    def means_more(self, offset: int) -> bool:
        """Whether the word at this offset has a meaning other than a place's name."""
        at = self._at(offset)
        return at < 0 or any(mark.first <= at <= mark.last and mark.sense.section in _MEANING for mark in self._marks)

    def is_read(self, token: Word) -> bool:
        """Whether the word is understood: a number, a filler or part of a phrase."""
        at = self._at(token.start)
        bare = token.text.removesuffix("'s")
        return (
            bare[0].isdigit()
            or bare in NUMBER_WORDS
            or self._vocabulary.is_filler(bare)
            or any(mark.first <= at <= mark.last for mark in self._marks)
        )

    def qualifiers(self) -> Iterator[Word]:
        """Unknown words directly before a kind: "gangland shootings"."""
        heads = {mark.first for mark in self._marks if mark.sense.section in ("kind", "conditions")}
        for n, token in enumerate(self.tokens[:-1]):
            if n + 1 in heads and not self.is_read(token):
                yield token

    def forget(self, start: int, end: int, *, keep: str = "") -> None:
        """Removes the meanings of these words, because they are a name; those of the section ``keep`` stay."""
        self._marks = [m for m in self._marks if m.start < start or m.end > end or m.sense.section == keep]

    def _at(self, offset: int) -> int:
        return next((n for n, token in enumerate(self.tokens) if token.start <= offset < token.end), -1)

    # -------------------------------------------------------------- kinds

    def kinds(self, left_out: Sequence[Mark] = ()) -> KindsNamed:
        """The kinds that the question names but does not leave out; a longer name excludes shorter ones inside it."""
        marks, effects = [m for m in self.hits("kind") if m not in left_out], self.hits("effects")
        # "drowned in floods": a word for harm is not a second kind beside a named one
        named = [mark for mark in marks if not any(e.first <= mark.first and mark.last <= e.last for e in effects)]
        return self.kinds_of_marks(named or marks)

    def kinds_of_marks(self, marks: Sequence[Mark]) -> KindsNamed:
        """The kinds that these words name."""
        names = list(dict.fromkeys(mark.sense.value for mark in marks))
        specific = [name for name in names if name not in ("attack", "homicide")] or names
        slugs = tuple(dict.fromkeys(slug for name in specific for slug in self._vocabulary.kinds_of(name)))
        others = [self._vocabulary.equivalents(name) for name in specific]
        free = [slug for kinds, weapons in others if not weapons for slug in kinds]
        armed = [slug for kinds, weapons in others if weapons for slug in kinds]
        slugs = tuple(dict.fromkeys((*slugs, *free)))
        return KindsNamed(
            label=" or ".join(self._vocabulary.labels.get(name, name) for name in specific),
            slugs=slugs,
            also=tuple(slug for slug in dict.fromkeys(armed) if slug not in slugs),
            weapons=tuple(dict.fromkeys(weapon for _, weapons in others for weapon in weapons)),
        )


def _is_inside_longer(mark: Mark, other: Mark) -> bool:
    """Whether a mark is inside a longer one."""
    return other.first <= mark.first and mark.last <= other.last and other.last - other.first > mark.last - mark.first


def _words_of(text: str) -> Words:
    return words_of(text, WordForms(NUMBER_WORDS.keys()))


_MEANING = frozenset(
    {"kind", "effects", "counted", "conditions", "measures", "order", "number", "settings", "compare", "naming", "whom"}
)
