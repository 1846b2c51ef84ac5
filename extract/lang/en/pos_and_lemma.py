"""Component ``tocsin_wordforms``: which part of speech is each token, and which lemma has each verb?

It replaces the model's ``attribute_ruler``, and its ``lemmatizer`` run over every token, at a fraction of their cost:
Penn tags are mapped to universal parts of speech by table, and only verbs get a lemma by rule; other tokens keep their
lower case.
"""

from __future__ import annotations

import numpy as np
from spacy import symbols
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc

# Penn Treebank tag -> universal part of speech, as in the model's own table
_POS = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ",
    "JJS": "ADJ", "LS": "X", "MD": "AUX", "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PDT": "DET",
    "POS": "PART", "PRP": "PRON", "PRP$": "PRON", "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SYM": "SYM",
    "TO": "PART", "UH": "INTJ", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB",
    "VBZ": "VERB", "WDT": "PRON", "WP": "PRON", "WP$": "PRON", "WRB": "ADV", "$": "SYM", "_SP": "SPACE", "ADD": "X",
    "AFX": "ADJ", "NFP": "PUNCT", "HYPH": "PUNCT", "XX": "X",
}  # fmt: skip
_AUXILIARY = frozenset({"aux", "auxpass"})
_READ: list[int | str] = ["TAG", "DEP", "ORTH", "LOWER"]
_SET: list[int | str] = ["POS", "LEMMA"]
_AUX, _PUNCT, _VERB = (symbols.IDS[pos] for pos in ("AUX", "PUNCT", "VERB"))


class WordForms:
    """The component, with the model's own lemmatizer."""

    def __init__(self, lemmatizer: Lemmatizer) -> None:
        self._lemmatizer = lemmatizer
        strings = lemmatizer.vocab.strings
        self._pos = {strings.add(tag): symbols.IDS[pos] for tag, pos in _POS.items()}
        self._auxiliary = np.array([strings.add(dep) for dep in _AUXILIARY], dtype=np.uint64)
        self._lemmas: dict[tuple[int, int], int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Sets ``pos`` everywhere and ``lemma`` on verbs."""
        if not len(doc):
            return doc
        tags, deps, orths, lemmas = doc.to_array(_READ).T
        plain = np.array([self._pos.get(tag, _PUNCT) for tag in tags.tolist()], dtype=np.uint64)
        universal = np.where((deps[:, None] == self._auxiliary).any(axis=1), np.uint64(_AUX), plain)
        for i in np.flatnonzero(plain == _VERB).tolist():
            lemmas[i] = self._lemma(doc, i, int(orths[i]), int(universal[i]))
        doc.from_array(_SET, np.stack((universal, lemmas), axis=1))  # type: ignore[arg-type]
        return doc

    def _lemma(self, doc: Doc, i: int, orth: int, pos: int) -> int:
        """The verb's lemma by rule, cached by spelling."""
        if (orth, pos) not in self._lemmas:
            token = doc[i]
            token.pos = pos
            self._lemmas[orth, pos] = doc.vocab.strings.add(self._lemmatizer.rule_lemmatize(token)[0])
        return self._lemmas[orth, pos]


@Language.factory("tocsin_wordforms", requires=["token.tag", "token.dep"], assigns=["token.pos", "token.lemma"])
def make(nlp: Language, name: str) -> WordForms:
    """Builds the component around the pipeline's lemmatizer."""
    lemmatizer = nlp.get_pipe("lemmatizer")
    if not isinstance(lemmatizer, Lemmatizer):
        raise TypeError(f"{name}: the model's lemmatizer is a {type(lemmatizer).__name__}, not a rule lemmatizer")
    _index_as_sets(lemmatizer.lookups)
    return WordForms(lemmatizer)


def _index_as_sets(lookups: Lookups) -> None:
    """Replaces the model's list of words of each part of speech by a set, in which a lookup is much faster."""
    index = lookups.get_table("lemma_index")
    for pos in list(index):
        index[pos] = set(index[pos])
