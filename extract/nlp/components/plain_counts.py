"""Component ``tocsin_plain_counts``: which numbers of people are next to a word that says what happened to them?

For languages without a component of their own: "3 muertos", "погибли 24 человека". It reads words alone, no grammar
(``casualties.toml``): ``states`` are what happened, ``one`` the same of a single person ("murió"), whose number is 1
where none stands beside it, ``two`` of two (a dual). ``reach`` is how many words may lie between them where the number
is ``before`` or ``behind``, -1 where it never is ("1 şehit 4 yaralı"); ``verb_first`` says that the number rather
stands behind, except for ``nouns``; ``leading`` are those that stand before their number all the same ("yaralanan 11
kişi"). A number before a word of ``not_people`` ("años"), or behind one of ``part`` ("among them"), counts nobody.
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
from extract.nlp.people_counted import NumberFound, count_of, counts_people, numbers_in, words_at_least
from extract.nlp.registration import component
from extract.text.phrases import PhraseBook, Words, phrase_book
from extract.types import Count, CountState

_REACH = {"before": 4, "behind": 3}  # words between the number and what happened: "3 personas resultaron muertas"
HARM_SECTIONS = ("states", "one", "two")
_COMMA = 4  # a comma between them counts like so many half words
_CLAUSE_END = re.compile(r"[;:!?|()–—]|[.。۔]\s")


class _Harm(NamedTuple):
    """A word or phrase for harm: the indices of its first and last word."""

    first: int
    last: int
    field: CountField
    alone: int  # the number of people where none stands beside it, 0 if then it says none
    is_behind: bool  # does it rather stand behind its number?


@component("tocsin_plain_counts", requires=["doc._.sentences"], assigns=["doc._.counts"])
def plain_counts(doc: Doc) -> Doc:
    """Lists the numbers of people killed, injured, shot or kidnapped, in the order of the text."""
    doc._.counts = sorted(_counts(doc), key=lambda mention: (mention.start, mention.field))
    return doc


def _counts(doc: Doc) -> Iterator[CountMention]:
    words, language = words_of_doc(doc), language_of(doc)
    denied = list(language.lexicon.book("cues", "casualties").find(words))  # "nobody was hurt"
    harms = [
        harm
        for harm in _harms(words, language.lexicon)
        if not any(hit.start <= words[harm.first].start < hit.end for hit in denied)
    ]
    if not harms:
        return
    skipped = words_at_least(words, language.lexicon)
    numbers = [n for n in numbers_in(words, language) if counts_people(words, n, language)]
    pairs = sorted(
        (distance, h, n)
        for h, harm in enumerate(harms)
        for n, number in enumerate(numbers)
        if (distance := _distance(doc, words, harm, number, skipped)) is not None
    )
    number_of: dict[int, int] = {}
    for _, h, n in pairs:
        if h not in number_of and n not in number_of.values():
            number_of[h] = n
    # what a sentence counts already: "is injured, was taken to hospital", "a man died, the body of the dead man"
    told: set[tuple[CountField, int]] = set()
    for h, harm in sorted(enumerate(harms), key=lambda at: at[0] not in number_of):
        key = harm.field, sentence_at(doc, words[harm.first].start)
        if h in number_of:
            yield mention_of_number(doc, words, numbers[number_of[h]], harm.field, cue=words[harm.last].end)
        elif harm.alone and key not in told:
            yield CountMention(
                field=harm.field,
                count=Count(low=harm.alone, high=harm.alone, state=CountState.COUNTED),
                start=words[harm.first].start,
                end=words[harm.last].end,
                sentence=key[1],
                cue=words[harm.last].end,
            )
        told.add(key)


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
    """The words for harm in order, the longest of those that overlap."""
    index = {word.start: i for i, word in enumerate(words)}
    ends = {word.end: i for i, word in enumerate(words)}
    hits = [(hit, alone) for alone in range(len(HARM_SECTIONS)) for hit in _harm_book(lexicon, alone).find(words)]
    hits += [(hit, 0) for hit in _unharmed(lexicon).find(words)]
    hits.sort(key=lambda found: (found[0].start, -found[0].end, -found[1]))
    verb_first = lexicon.section("casualties", "reach").get("verb_first", False)
    nouns = {hit.start for hit in _nouns(lexicon).find(words)} if verb_first else set()
    covered = -1
    for hit, alone in hits:
        if hit.start >= covered:
            covered = hit.end
            is_behind = not verb_first or hit.start in nouns
            if hit.value:
                yield _Harm(index[hit.start], ends[hit.end], CountField(hit.value), alone, is_behind)


def _distance(doc: Doc, words: Words, harm: _Harm, number: NumberFound, skipped: set[int]) -> int | None:
    """Words between a number and a word for harm in one clause, without ``skipped``; None if they are too far apart.

    The number counts as nearer on the side on which it rather stands.
    """
    if harm.first <= number.first <= harm.last:
        return None
    is_before = number.last < harm.first
    first, last = (number.last + 1, harm.first) if is_before else (harm.last + 1, number.first)
    between = sum(at not in skipped for at in range(first, last))
    if between > _reach(words, harm, lexicon_of(doc))["before" if is_before else "behind"]:
        return None
    start, end = (words[number.last].end, words[harm.first].start) if is_before else (
        words[harm.last].end,
        words[number.first].start,
    )  # fmt: skip
    crosses = _CLAUSE_END.search(text_of(doc), start, end) or sentence_at(doc, start) != sentence_at(doc, end)
    is_parted = "," in text_of(doc)[start:end]  # "57 погибли, 17 пропали"
    return None if crosses else 2 * between + (is_before != harm.is_behind) + _COMMA * is_parted


def _reach(words: Words, harm: _Harm, lexicon: Lexicon) -> dict[str, int]:
    """How many words may stand between a number and what happened, with the number before it and behind it."""
    if any(hit.start == words[harm.first].start for hit in _leading(lexicon).find(words)):
        return {**_REACH, "before": -1}
    return {**_REACH, **lexicon.section("casualties", "reach")}


@cache
def _leading(lexicon: Lexicon) -> PhraseBook[str]:
    """The phrases for harm that stand before the number of people (``casualties.toml``, ``leading``)."""
    return phrase_book({"": lexicon.section("casualties", "leading").get("words", ())})


@cache
def _harm_book(lexicon: Lexicon, alone: int) -> PhraseBook[str]:
    """Phrase -> what it says happened to so many people (``casualties.toml``), 0 for any number."""
    return phrase_book(lexicon.section("casualties", HARM_SECTIONS[alone]))


@cache
def _nouns(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book({"": lexicon.section("casualties", "nouns").get("words", ())})


@cache
def _unharmed(lexicon: Lexicon) -> PhraseBook[str]:
    """Phrases with words for harm that say that nobody was harmed ("не пострадала")."""
    return phrase_book({"": lexicon.section("casualties", "unharmed").get("words", ())})
