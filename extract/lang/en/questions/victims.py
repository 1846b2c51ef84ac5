"""Whom or what must have been hit: "children killed", "attacks on police", "was a hospital hit"?"""

from __future__ import annotations

from collections.abc import Sequence
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
    for group in _groups(marked):
        whole = group[0]._replace(end=group[-1].end, last=group[-1].last)
        effect = _effect(marked, whole, effects)
        if effect is not None:
            said = " ".join(token.text for token in marked.tokens[whole.first : whole.last + 1])
            called = tuple(dict.fromkeys(w for mark in group for w in vocabulary.words_for(mark.sense.value)))
            hits.append((whole, Hit(name=said, words=called, effect=effect)))
        else:
            found = (mark for mark in group if vocabulary.is_setting(mark.sense.value))
            words += [(mark, vocabulary.words_for(mark.sense.value)[0].rstrip("*")) for mark in found]
    return Hits(tuple(hits), tuple(words))


def _groups(marked: Marked) -> list[list[Mark]]:
    """The words for people, those joined by "and" or "or" together: "women and children"."""
    out: list[list[Mark]] = []
    for mark in marked.hits("whom"):
        if out and mark.first <= out[-1][-1].last:
            continue
        joining = [token.text for token in marked.tokens[out[-1][-1].last + 1 : mark.first]] if out else []
        if joining in (["and"], ["or"]):
            out[-1].append(mark)
        else:
            out.append([mark])
    return out


def _effect(marked: Marked, mark: Mark, effects: Sequence[Mark]) -> HitEffect | None:
    """What happened to the people, by a word for harm beside them; "" for any ("attacks on"), None if none is said."""
    for effect in sorted(effects, key=lambda e: min(abs(e.first - mark.last), abs(mark.first - e.last))):
        name = next((one for one in _EFFECTS if one == effect.sense.value), None)
        if name is not None and _are_beside(marked, mark, effect):
            return None if _is_agent(marked, mark, effect) else name
    before = [token.text for token in marked.tokens[max(0, mark.first - NEAR) : mark.first]]
    after = [token.text for token in marked.tokens[mark.last + 1 : mark.last + 1 + NEAR]]
    on, between = word_set("ask", "victims", "on"), word_set("ask", "victims", "between")
    if _reaches(list(reversed(before)), on, between) or _reaches(
        after, on - word_set("ask", "victims", "behind"), between
    ):
        return ""
    return None


def _is_agent(marked: Marked, mark: Mark, effect: Mark) -> bool:
    """Whether the people did it: "police killed a man"."""
    if mark.last + 1 != effect.first:
        return False
    objects = [m for m in (*marked.hits("counted", "people"), *marked.hits("whom")) if m.first > effect.last]
    first = min(objects, key=lambda m: m.first, default=None)
    between = [token.text for token in marked.tokens[effect.last + 1 : first.first]] if first else []
    return first is not None and word_set("ask", "victims", "between").issuperset(between)


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
