"""How is a text cut into tokens? By the model's own tokenizer, which is shown each word by itself once.

The tokenizer keeps how it cut a word, but stops keeping in a text as soon as one of its special cases ("Mr.", "don't")
has come up, so that in news it cuts most words again and again.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy import symbols
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc

# a word takes some 300 bytes; further ones are cut anew each time
MAX_WORDS = 60_000


class WordCachingTokenizer:
    """Stands in for the pipeline's tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.max_cache_size = MAX_WORDS
        self._tokenize: Callable[[str], Doc] = tokenizer
        self._cached: set[str] = set()

    def __call__(self, text: str) -> Doc:
        """The text's tokens, the same as the tokenizer's."""
        if len(self._cached) < MAX_WORDS:
            new = set(text.split()) - self._cached
            for word in new:
                self._tokenize(word)
            self._cached |= new
        return self._tokenize(text)


def cache_words(nlp: Language) -> None:
    """Puts the stand-in into the pipeline."""
    if isinstance(nlp.tokenizer, Tokenizer):
        nlp.tokenizer = WordCachingTokenizer(nlp.tokenizer)


def keep_only_attributes(nlp: Language, attributes: frozenset[str]) -> None:
    """Works out only these attributes of a new word's spelling: spaCy has some twenty, and half the time goes there."""
    wanted = {symbols.IDS[name] for name in attributes}
    getters: dict[int, object] = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
    for attribute in [attribute for attribute in getters if attribute not in wanted]:
        del getters[attribute]
