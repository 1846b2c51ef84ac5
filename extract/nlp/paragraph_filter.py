"""Which paragraphs need no grammar? Those behind the opening that speak of no act and of nobody hurt.

They are read by their words alone: the parser sees white space in their place, so that every offset stays what it was,
and an article is read a tenth sooner.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from extract.lexicon import Lexicon
from extract.text.layout import Layout

Span = tuple[int, int]

# characters of the body that are parsed whatever they say
OPENING = 400
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"')]*(?=\s)|\Z)", re.DOTALL)


def unparsed(layout: Layout, lexicon: Lexicon) -> tuple[Span, ...]:
    """The paragraphs that are not parsed, in order, as offsets."""
    starts = [p.start for p in layout.paragraphs]
    words = layout.words
    cue_starts = {hit.start for hit in lexicon.triggers().find(words)}
    cue_starts.update(words[i].start for word in _cue_words(lexicon) & words.places.keys() for i in words.places[word])
    parsed = {bisect_right(starts, start) - 1 for start in cue_starts}
    return tuple(
        (p.start, p.end)
        for i, p in enumerate(layout.paragraphs)
        if i not in parsed and p.start >= layout.shift + OPENING
    )


def blanked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with white space in place of these spans."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def sentences_in(text: str, span: Span) -> list[Span]:
    """The sentences of a paragraph that is not parsed, by its full stops."""
    return [match.span() for match in _SENTENCE.finditer(text, *span)]


@cache
def _cue_words(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.words("casualties", "parsed", "words") | lexicon.heads("attackers")
