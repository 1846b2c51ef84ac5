"""Component ``tocsin_plain_counts``: which numbers of people are next to a word that says what happened to them?

For languages without a component of their own: "3 muertos", "погибли 24 человека". It reads words alone, no grammar
(``casualties.toml``): ``states`` are what happened, ``one`` the same of a single person ("murió"), whose number is 1
where none stands beside it; a number before a word of ``not_people`` ("años") counts nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc

from extract.lexicon import Lexicon
from extract.nlp.extensions import language_of, lexicon_of, sentence_at, text_of, words_of_doc
from extract.nlp.mentions import CountField, CountMention
from extract.nlp.people_counted import NumberFound, count_of, counts_people, numbers_in
from extract.nlp.registration import component
from extract.text.phrases import Hit, PhraseBook, Words, phrase_book
from extract.types import Count, CountState

_BEFORE, _BEHIND = 4, 3  # words between the number and what happened: "3 personas resultaron muertas"
_CLAUSE_END = re.compile(r"[;:!?|(–—]|[.。۔]\s")


class _Harm(NamedTuple):
    """A word or phrase for harm: the indices of its first and last word."""

    first: int
    last: int
    field: CountField
    is_of_one: bool


@component("tocsin_plain_counts", requires=["doc._.sentences"], assigns=["doc._.counts"])
def plain_counts(doc: Doc) -> Doc:
    """Lists the numbers of people killed, injured, shot or kidnapped, in the order of the text."""
    doc._.counts = sorted(_counts(doc), key=lambda mention: (mention.start, mention.field))
    return doc


def _counts(doc: Doc) -> Iterator[CountMention]:
    words, language = words_of_doc(doc), language_of(doc)
    harms = list(_harms(words, language.lexicon))
    if not harms:
        return
    numbers = [n for n in numbers_in(words, language) if counts_people(words, n, language)]
    pairs = sorted(
        (distance, h, n)
        for h, harm in enumerate(harms)
        for n, number in enumerate(numbers)
        if (distance := _distance(doc, words, harm, number)) is not None
    )
    number_of: dict[int, int] = {}
    for _, h, n in pairs:
        if h not in number_of and n not in number_of.values():
            number_of[h] = n
    for h, harm in enumerate(harms):
        if h in number_of:
            yield mention_of_number(doc, words, numbers[number_of[h]], harm.field, cue=words[harm.last].end)
        elif harm.is_of_one:
            yield CountMention(
                field=harm.field,
                count=Count(low=1, high=1, state=CountState.COUNTED),
                start=words[harm.first].start,
                end=words[harm.last].end,
                sentence=sentence_at(doc, words[harm.first].start),
                cue=words[harm.last].end,
            )


def mention_of_number(doc: Doc, words: Words, number: NumberFound, field: CountField, *, cue: int) -> CountMention:
    """The mention of a number of people; ``cue`` is the offset after the word that says what happened to them."""
    start = words[number.first].start
    return CountMention(
        field=field,
        count=count_of(words, number, lexicon_of(doc)),
        start=start,
        end=words[number.last].end,
        sentence=sentence_at(doc, start),
        cue=cue,
    )


def _harms(words: Words, lexicon: Lexicon) -> Iterator[_Harm]:
    """The words for harm in order, the longest of those that overlap; a phrase of ``one`` is of a single person."""
    index = {word.start: i for i, word in enumerate(words)}
    ends = {word.end: i for i, word in enumerate(words)}
    hits: list[tuple[Hit[str], bool]] = [(hit, False) for hit in _states(lexicon).find(words)]
    hits += [(hit, True) for hit in _of_one(lexicon).find(words)]
    hits.sort(key=lambda found: (found[0].start, -found[0].end, not found[1]))
    covered = -1
    for hit, is_of_one in hits:
        if hit.start >= covered:
            covered = hit.end
            yield _Harm(index[hit.start], ends[hit.end], CountField(hit.value), is_of_one)


def _distance(doc: Doc, words: Words, harm: _Harm, number: NumberFound) -> int | None:
    """Words between a number and a word for harm in one clause; None if they are too far apart."""
    if harm.first <= number.first <= harm.last:
        return None
    is_before = number.last < harm.first
    between = harm.first - number.last - 1 if is_before else number.first - harm.last - 1
    if between > (_BEFORE if is_before else _BEHIND):
        return None
    start, end = (words[number.last].end, words[harm.first].start) if is_before else (
        words[harm.last].end,
        words[number.first].start,
    )  # fmt: skip
    crosses = _CLAUSE_END.search(text_of(doc), start, end) or sentence_at(doc, start) != sentence_at(doc, end)
    return None if crosses else 2 * between + (not is_before)


@cache
def _states(lexicon: Lexicon) -> PhraseBook[str]:
    """Phrase -> what it says happened to people (``casualties.toml``, ``states``)."""
    return phrase_book(lexicon.section("casualties", "states"))


@cache
def _of_one(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book(lexicon.section("casualties", "one"))
