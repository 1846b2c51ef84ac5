"""Which tokens, sentences and paragraphs of a text can be relevant to a component? Found by index, for speed.

Tokens are found by their numbers in spaCy's string store, sentences and paragraphs by the positions of a word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

from extract.nlp.extensions import layout_of, sentence_at, words_of_doc
from extract.text.layout import Paragraph


def tokens_like(
    doc: Doc,
    *,
    lower: frozenset[str] = frozenset(),
    lemma: frozenset[str] = frozenset(),
    dep: frozenset[str] = frozenset(),
) -> Iterator[Token]:
    """The tokens with one of these lower-case forms, lemmas or dependencies, in the order of the text."""
    found: set[int] = set()
    for name, words in (("LOWER", lower), ("LEMMA", lemma), ("DEP", dep)):
        if words:
            wanted = _string_ids(words)
            found.update(i for i, number in enumerate(doc.to_array(name).tolist()) if number in wanted)
    for i in sorted(found):
        yield doc[i]


def sentences_with(doc: Doc, words: frozenset[str]) -> set[int]:
    """The indices of the sentences that contain one of these lower-case words; ``#`` means any number."""
    read = words_of_doc(doc)
    positions = read.positions
    return {sentence_at(doc, read[i].start) for word in words & positions.keys() for i in positions[word]}


def paragraphs_with(doc: Doc, words: frozenset[str]) -> list[Paragraph]:
    """The paragraphs that contain one of these words, in order; words as for ``sentences_with``."""
    read, paragraphs = words_of_doc(doc), layout_of(doc).paragraphs
    starts, positions = [p.start for p in paragraphs], read.positions
    found = {bisect_right(starts, read[i].start) - 1 for word in words & positions.keys() for i in positions[word]}
    return [paragraphs[at] for at in sorted(found) if at >= 0]


@cache
def _string_ids(words: frozenset[str]) -> frozenset[int]:
    return frozenset(map(get_string_id, words))
