"""What does a question leave out: "outside Pakistan", "no fires", "other than shootings", "but not by the Taliban"?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from extract.lang.en.lexicon import book, word_set
from extract.text.phrases import Word, Words

# words between "no" and a word for harm, at most: "no civilian was killed"
NEAR = 4
Sort = Literal["kind", "place", "period", "actor", "word", "hit", "name", "effect"]


class Part(NamedTuple):
    """A part of a question that was understood: its start and end, and what sort of thing it names."""

    start: int
    end: int
    sort: Sort


class Cue(NamedTuple):
    """Words that leave something out, the parts that they leave out, and the words if they leave out nothing known."""

    start: int
    end: int
    parts: tuple[Part, ...]
    lost: str = ""


def find(words: Words, parts: Sequence[Part], is_other: Callable[[int, int], bool]) -> list[Cue]:
    """The words of a question that leave something out, in order, with what they leave out.

    A word beside a word for harm ("nobody was killed") leaves nothing out: it is a condition; nor does one of another
    phrase (``is_other``: "no fewer than"), or one that opens the question ("Isn't there ...").
    """
    ordered = sorted(parts)
    out: list[Cue] = []
    for start, end in _cues(words, "phrases"):
        opens = start == words[0].start and words[0].text.endswith("n't")
        if opens or is_other(start, end) or any(part.start <= start < part.end for part in ordered):
            continue
        cue = _following(words, start, end, ordered)
        if cue is not None:
            out.append(cue)
    for start, end in _cues(words, "after"):
        before = [part for part in ordered if part.end <= start]
        if before and not _between(words, before[-1].end, start) and not any(c.start <= start < c.end for c in out):
            out.append(Cue(start, end, (before[-1],)))
    return out


def _cues(words: Words, key: str) -> list[tuple[int, int]]:
    """Start and end of the phrases that leave out, the longest of those that overlap."""
    hits = [(hit.start, hit.end) for hit in book("ask", "leave_out").find(words) if hit.value == key]
    return [one for one in hits if not any(o != one and o[0] <= one[0] and one[1] <= o[1] for o in hits)]


def _following(words: Words, start: int, end: int, parts: Sequence[Part]) -> Cue | None:
    """What stands after such a phrase: the first part, and those of the same sort joined to it by "and" or a comma."""
    behind = [part for part in parts if part.start >= end]
    glue = word_set("ask", "leave_out", "between")
    first = behind[0] if behind else None
    before = [w.text for w in _between(words, end, first.start)] if first else []
    if first is not None and first.sort == "effect" and len(before) <= NEAR:
        return None
    if first is None or not glue.issuperset(before):
        return _lost(words, start, end)
    said = words_in(words, start, end)
    if first.sort in ("word", "hit") and said[-1].text in word_set("ask", "leave_out", "beside"):
        return None  # "outside a mosque"
    taken = [first]
    for part in behind[1:]:
        joining = [w.text for w in _between(words, taken[-1].end, part.start)]
        is_joined = any(w in word_set("ask", "leave_out", "also") for w in joining) or not joining
        if (
            part.sort != first.sort
            or not is_joined
            or not (glue | word_set("ask", "leave_out", "also")).issuperset(joining)
        ):
            break
        if part.start >= taken[-1].end:
            taken.append(part)
    return Cue(start, end, tuple(taken))


def _lost(words: Words, start: int, end: int) -> Cue | None:
    """A cue that leaves out something that is not known; None where it is a word of conversation."""
    behind = [w for w in words if w.start >= end][:3]
    if not behind or behind[0].text in word_set("ask", "leave_out", "harmless"):
        return None
    while len(behind) > 1 and behind[-1].text in word_set("ask", "leave_out", "between"):
        behind.pop()
    last = behind[-1].end
    return Cue(start, last, (), " ".join(w.text for w in words_in(words, start, last)))


def words_in(words: Words, start: int, end: int) -> list[Word]:
    """The words between two offsets."""
    return [word for word in words if start <= word.start < end]


def _between(words: Words, start: int, end: int) -> list[Word]:
    return words_in(words, start, end)
