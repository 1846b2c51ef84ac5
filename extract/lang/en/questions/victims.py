"""Whom or what must have been hit: "children killed", "attacks on police", "was a hospital hit"?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.lang.en.lexicon import word_set
from extract.lang.en.questions.vocabulary import Mark, Marked, Vocabulary
from extract.query import Hit, HitEffect

# words between the people and what happened to them, at most
NEAR = 4
_EFFECTS: tuple[HitEffect, ...] = ("killed", "injured", "kidnapped", "casualties", "freed")


class Hits(NamedTuple):
    """The people of a question with their marks; those in ``words`` only have to be mentioned."""

    hits: tuple[tuple[Mark, Hit], ...]
    words: tuple[tuple[Mark, str], ...]


def find(marked: Marked, effects: Sequence[Mark], vocabulary: Vocabulary) -> Hits:
    """The people that a question names as victims, with what happened to them."""
    hits: list[tuple[Mark, Hit]] = []
    words: list[tuple[Mark, str]] = []
    marks = marked.hits("whom")
    for mark in marks:
        effect = _effect(marked, mark, effects)
        if effect is not None:
            said = " ".join(token.text for token in marked.tokens[mark.first : mark.last + 1])
            hits.append((mark, Hit(name=said, words=vocabulary.words_for(mark.sense.value), effect=effect)))
        elif vocabulary.is_setting(mark.sense.value):
            words.append((mark, vocabulary.words_for(mark.sense.value)[0].rstrip("*")))
    return Hits(tuple(hits), tuple(words))


def _effect(marked: Marked, mark: Mark, effects: Sequence[Mark]) -> HitEffect | None:
    """What happened to the people, by a word for harm beside them; "" for any ("attacks on"), None if none is said."""
    for effect in sorted(effects, key=lambda e: min(abs(e.first - mark.last), abs(mark.first - e.last))):
        name = next((one for one in _EFFECTS if one == effect.sense.value), None)
        if name is not None and _are_beside(marked, mark, effect):
            return name
    before = [token.text for token in marked.tokens[max(0, mark.first - NEAR) : mark.first]]
    after = [token.text for token in marked.tokens[mark.last + 1 : mark.last + 1 + NEAR]]
    on, between = word_set("ask", "victims", "on"), word_set("ask", "victims", "between")
    if _reaches(list(reversed(before)), on, between) or _reaches(
        after, on - word_set("ask", "victims", "behind"), between
    ):
        return ""
    return None


def _are_beside(marked: Marked, mark: Mark, effect: Mark) -> bool:
    """Whether only small words stand between the people and what happened to them."""
    low, high = (mark.last + 1, effect.first) if mark.last < effect.first else (effect.last + 1, mark.first)
    texts = [token.text for token in marked.tokens[low:high]]
    is_small = all(text in word_set("ask", "victims", "between") or text[0].isdigit() for text in texts)
    return len(texts) <= NEAR and is_small


def _reaches(texts: Sequence[str], wanted: frozenset[str], between: frozenset[str]) -> bool:
    """Whether one of the wanted words comes after small words only."""
    for text in texts:
        if text in wanted:
            return True
        if text not in between:
            return False
    return False


def parts(found: Hits) -> Iterator[tuple[Mark, Hit | str]]:
    """All marks with what they name."""
    yield from found.hits
    yield from found.words
