"""How is a text split into tokens? By the model's own tokenizer, after each new word was put into its cache.

spaCy's tokenizer caches the tokens of a word, but not in a text that contains one of its special cases ("Mr.",
"don't"), so that in news it splits most words again and again. Each new word is therefore tokenized alone first.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy import symbols
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc

# a word takes about 300 bytes; further words are not cached
MAX_WORDS = 60_000


class WordCachingTokenizer:
    """A replacement for the pipeline's tokenizer that fills its cache."""

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
    """Replaces the pipeline's tokenizer."""
    if isinstance(nlp.tokenizer, Tokenizer):
        nlp.tokenizer = WordCachingTokenizer(nlp.tokenizer)


def keep_only_attributes(nlp: Language, attributes: frozenset[str]) -> None:
    """Limits the spelling attributes computed for a new word to these; spaCy's twenty take half of the time."""
    wanted = {symbols.IDS[name] for name in attributes}
    getters: dict[int, object] = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
    for attribute in [attribute for attribute in getters if attribute not in wanted]:
        del getters[attribute]
