"""Where do the English components read their word lists? In the lexicon of ``data``, by these short names."""

from __future__ import annotations

from importlib import resources

from extract.lexicon import Lexicon

LEXICON = Lexicon(resources.files("extract.lang.en") / "data")

table = LEXICON.table
book = LEXICON.book
word_set = LEXICON.words
type_of_head = LEXICON.type_of_head
head_words = LEXICON.heads
