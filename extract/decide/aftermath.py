"""Is a text about the aftermath of an event, months later: a trial, an inquiry, a day of remembrance?

Its dates are then those of the hearing or the ceremony: "jailed on Monday for a bombing". A date is that of the event
only if the nearest word of either sort is one of the event.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.nlp.mentions import HARM, TimeMention
from extract.text.phrases import Hit

_OPENING = 2  # sentences of the body that say when the event was
# characters at most from "attacked" to "memorial", and from "memorial" to "attacked"
_SCENE_BEFORE, _SCENE_AFTER = 45, 12


def is_about_aftermath(found: Findings, choice: KindChoice | None) -> bool:
    """Does the title or first sentence have words of an aftermath, or the opening say that the event was weeks or years
    ago?"""
    first, last = (max((s.end for s in found.opening(size)), default=0) for size in (1, _OPENING))
    events, aftermath = _event_offsets(found, choice), _aftermath_offsets(found, choice)
    if any(at < first for at in aftermath):
        return True
    older = [hit for hit in _hits(found, "older") if hit.start < last and not _is_this_month(found, hit)]
    return any(_event_is_nearest(found, hit.start, hit.end, events, aftermath) for hit in older)


def is_time_of_event(found: Findings, mentions: Sequence[TimeMention], choice: KindChoice | None) -> bool:
    """Is one of the mentions of a time nearest to a word of the event, rather than of an aftermath or a statement?

    The word before it in its sentence counts, else the one after it.
    """
    events = _event_offsets(found, choice)
    others = [
        *_aftermath_offsets(found, choice),
        *(hit.start for hit in found.lexicon.book("cues", "said").find(found.layout.words)),
    ]
    return any(_event_is_nearest(found, mention.start, mention.end, events, others) for mention in mentions)


def _event_offsets(found: Findings, choice: KindChoice | None) -> list[int]:
    """Character offsets of the words of the event: strong triggers and verbs of harm."""
    kinds = {choice.kind, *choice.also} if choice else set()
    named = [t.start for t in found.triggers if t.strong and t.kind in kinds]
    return [*named, *(max(m.start, m.cue - 1) for m in found.counts if m.field in HARM)]


def _aftermath_offsets(found: Findings, choice: KindChoice | None) -> list[int]:
    """Character offsets of the words of an aftermath; not those that name the scene of the event: "gunmen attacked a
    memorial"."""
    events, scenes = _event_offsets(found, choice), {hit.start: hit.end for hit in _hits(found, "scenes")}

    def is_scene(at: int) -> bool:
        begin = _sentence_start(found, at)
        return at in scenes and any(max(begin, at - _SCENE_BEFORE) <= act < scenes[at] + _SCENE_AFTER for act in events)

    return [hit.start for hit in _hits(found, "words") if not is_scene(hit.start)]


def _hits(found: Findings, group: str) -> list[Hit[str]]:
    return [hit for hit in found.lexicon.book("cues", "aftermath").find(found.layout.words) if hit.value == group]


def _is_this_month(found: Findings, hit: Hit[str]) -> bool:
    """Do the words name the month of publication?"""
    published = found.article.published
    if published is None:
        return False
    months = found.lexicon.section("times", "months").get("names")
    month = months[published.month - 1].partition("|")[0] if months else ""
    return bool(month) and month in found.layout.plain[hit.start : hit.end].lower()


def _event_is_nearest(found: Findings, start: int, end: int, events: Sequence[int], others: Sequence[int]) -> bool:
    """Is the word before a time in its sentence one of the event? If there is no word before it, is the one after?"""
    marked = sorted([*((at, True) for at in events), *((at, False) for at in others)])
    same_sentence = [
        (at, is_event) for at, is_event in marked if _sentence_start(found, at) == _sentence_start(found, start)
    ]
    before = [is_event for at, is_event in same_sentence if at < start]
    behind = [is_event for at, is_event in same_sentence if at >= end]
    return before[-1] if before else bool(behind) and behind[0]


def _sentence_start(found: Findings, at: int) -> int:
    starts = [sentence.start for sentence in found.sentences]
    return starts[bisect_right(starts, at) - 1] if starts else 0
