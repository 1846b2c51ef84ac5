"""Is the news of a text what came after an act, months behind it: a trial, an inquiry, a day of remembrance?

Its days are then those of the hearing or the wreath: "jailed on Monday for a bombing". Only a day that stands nearest
to words of the act itself is the act's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.nlp.mentions import HARM, TimeMention
from extract.text.phrases import Hit

_OPENING = 2  # sentences of the body that say when the act was
_BESIDE, _NEXT = 45, 12  # characters from "attacked" to "memorial", and from "memorial" to "attacked"


def tells_of_sequel(found: Findings, choice: KindChoice | None) -> bool:
    """Does the title or the first sentence tell of what came long after the act, or the opening when that was: weeks or
    years ago?
    """
    first, last = (max((s.end for s in found.opening(size)), default=0) for size in (1, _OPENING))
    acts, later = _act_words(found, choice), _later_words(found, choice)
    if any(at < first for at in later):
        return True
    older = [hit for hit in _hits(found, "older") if hit.start < last and not _is_this_month(found, hit)]
    return any(_is_nearest(found, hit.start, hit.end, acts, later) for hit in older)


def is_of_act(found: Findings, mentions: Sequence[TimeMention], choice: KindChoice | None) -> bool:
    """Do words of the act stand nearest to a time, of all that tell of acts, of what came after and of who said so? The
    word before it in its sentence counts, else the one behind.
    """
    acts = _act_words(found, choice)
    others = [
        *_later_words(found, choice),
        *(hit.start for hit in found.lexicon.book("cues", "said").find(found.layout.words)),
    ]
    return any(_is_nearest(found, mention.start, mention.end, acts, others) for mention in mentions)


def _act_words(found: Findings, choice: KindChoice | None) -> list[int]:
    kinds = {choice.kind, *choice.also} if choice else set()
    named = [t.start for t in found.triggers if t.strong and t.kind in kinds]
    return [*named, *(max(m.start, m.cue - 1) for m in found.counts if m.field in HARM)]


def _later_words(found: Findings, choice: KindChoice | None) -> list[int]:
    """Where words of what came after stand, but for a scene of the act: "gunmen attacked a memorial"."""
    acts, scenes = _act_words(found, choice), {hit.start: hit.end for hit in _hits(found, "scenes")}

    def is_scene(at: int) -> bool:
        begin = _sentence_start(found, at)
        return at in scenes and any(max(begin, at - _BESIDE) <= act < scenes[at] + _NEXT for act in acts)

    return [hit.start for hit in _hits(found, "words") if not is_scene(hit.start)]


def _hits(found: Findings, what: str) -> list[Hit[str]]:
    return [hit for hit in found.lexicon.book("cues", "sequel").find(found.layout.words) if hit.value == what]


def _is_this_month(found: Findings, hit: Hit[str]) -> bool:
    published = found.article.published
    if published is None:
        return False
    months = found.lexicon.section("times", "months").get("names")
    month = months[published.month - 1].partition("|")[0] if months else ""
    return bool(month) and month in found.layout.plain[hit.start : hit.end].lower()


def _is_nearest(found: Findings, start: int, end: int, acts: Sequence[int], others: Sequence[int]) -> bool:
    """Is the word right before a time in its sentence one of the act, or, if there is none, the one right behind it?"""
    told = sorted([*((at, True) for at in acts), *((at, False) for at in others)])
    own = [(at, is_act) for at, is_act in told if _sentence_start(found, at) == _sentence_start(found, start)]
    before = [is_act for at, is_act in own if at < start]
    behind = [is_act for at, is_act in own if at >= end]
    return before[-1] if before else bool(behind) and behind[0]


def _sentence_start(found: Findings, at: int) -> int:
    starts = [sentence.start for sentence in found.sentences]
    return starts[bisect_right(starts, at) - 1] if starts else 0
