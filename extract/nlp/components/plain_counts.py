"""Component ``tocsin_plain_counts``: which numbers of people are next to a word that says what happened to them?

For languages without a component of their own: "3 muertos", "al menos doce heridos". It reads words alone, no grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from extract.language import Language as TextLanguage
from extract.nlp.extensions import language_of, sentence_at, words_of_doc
from extract.nlp.mentions import CountField, CountMention
from extract.nlp.registration import component
from extract.text.phrases import Words
from extract.types import Count, CountState

_BETWEEN = 2  # words between the number and what happened: "3 personas resultaron muertas"
_MAX_WORDS = 4  # words of one number: "ciento veinte y dos"
_MAX_COUNT = 500_000


@component("tocsin_plain_counts", requires=["doc._.sentences"], assigns=["doc._.counts"])
def plain_counts(doc: Doc) -> Doc:
    """Lists the numbers of people killed, injured, shot or kidnapped, in the order of the text."""
    doc._.counts = list(_counts(doc))
    return doc


def _counts(doc: Doc) -> Iterator[CountMention]:
    words, language = words_of_doc(doc), language_of(doc)
    states = _states(language)
    used = -1
    for at in sorted(i for state in states.keys() & words.positions.keys() for i in words.positions[state]):
        start = words[at].start
        found = _number_before(words, at, language)
        if found is None or found[0] <= used or sentence_at(doc, words[found[0]].start) != sentence_at(doc, start):
            continue
        first, last, value, exact = found
        used = last
        at_least = not exact or (first > 0 and words[first - 1].text in _at_least(language))
        yield CountMention(
            field=CountField(states[words[at].text]),
            count=Count(low=value, high=None if at_least else value, state=CountState.COUNTED),
            start=words[first].start,
            end=words[last].end,
            sentence=sentence_at(doc, start),
            cue=words[at].end,
        )


def _number_before(words: Words, at: int, language: TextLanguage) -> tuple[int, int, int, bool] | None:
    """(first word, last word, value, is exact) of the number that ends at most ``_BETWEEN`` words before ``at``."""
    for last in range(at - 1, max(-1, at - _BETWEEN - 2), -1):
        for first in range(max(0, last - _MAX_WORDS + 1), last + 1):
            number = language.numbers.read([word.text for word in words[first : last + 1]])
            if number is not None and number.value <= _MAX_COUNT:
                return first, last, number.value, number.exact
    return None


@cache
def _states(language: TextLanguage) -> dict[str, str]:
    """Word -> what it says happened to people (``casualties.toml``, ``states``)."""
    return {word: field for field, words in language.lexicon.section("casualties", "states").items() for word in words}


@cache
def _at_least(language: TextLanguage) -> frozenset[str]:
    """The last word of each expression for "at least"."""
    phrases = language.lexicon.section("casualties", "at_least").get("words", ())
    return frozenset(phrase.split()[-1] for phrase in phrases)
