"""Which paragraphs need no parsing? Those after the opening that mention no act and no harm to people.

They are read by their words alone: the parser gets white space in their place, so that all offsets stay the same. It
saves a tenth of the time for an article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from extract.lexicon import Lexicon
from extract.text.layout import Layout

Span = tuple[int, int]

# the first characters of the body, which are always parsed
OPENING = 400
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"')]*(?=\s)|\Z)", re.DOTALL)


def unparsed(layout: Layout, lexicon: Lexicon) -> tuple[Span, ...]:
    """Start and end of each paragraph that is not parsed, in order."""
    starts = [p.start for p in layout.paragraphs]
    words, positions = layout.words, layout.words.positions
    cue_starts = {hit.start for hit in lexicon.triggers().find(words)}
    cue_starts.update(words[i].start for word in _cue_words(lexicon) & positions.keys() for i in positions[word])
    parsed = {bisect_right(starts, start) - 1 for start in cue_starts}
    return tuple(
        (p.start, p.end)
        for i, p in enumerate(layout.paragraphs)
        if i not in parsed and p.start >= layout.shift + OPENING
    )


def blanked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with spaces in place of these spans."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def sentences_in(text: str, span: Span) -> list[Span]:
    """Start and end of each sentence of an unparsed paragraph, by its full stops."""
    return [match.span() for match in _SENTENCE.finditer(text, *span)]


@cache
def _cue_words(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.words("casualties", "parsed", "words") | lexicon.heads("attackers")
