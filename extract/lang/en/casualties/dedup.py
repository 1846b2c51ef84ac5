"""Which of the mentions of numbers are parts of others ("four, among them a guard"), and which are duplicates?"""

from __future__ import annotations

import re

import msgspec
from spacy.tokens import Doc

from extract.lang.en.people_phrases import partitive
from extract.nlp.extensions import text_of
from extract.nlp.mentions import CountField, CountMention

_BEHIND = 24
_AMONG = re.compile(
    r"\b(?:among|amongst)\s+(?:them|whom|the\s+dead|the\s+victims)\s+(?:were\s+|was\s+)?$", re.IGNORECASE
)
_NOBODY = re.compile(r"\bno\s+(?:other\s+)?$", re.IGNORECASE)


def reconcile(grammar: list[CountMention], patterns: list[CountMention]) -> list[CountMention]:
    """Of mentions by grammar and by pattern with one cue word, the grammar's if the two overlap, else the pattern's.

    A pattern that reads one more conjunct than the grammar wins too.
    """
    for pattern in patterns:
        rivals = [g for g in grammar if g.cue == pattern.cue]
        if any(_overlap(g, pattern) and not _has_further_conjunct(pattern, g) for g in rivals):
            continue
        grammar = [g for g in grammar if g not in rivals]
        grammar.append(pattern)
    return grammar


def _has_further_conjunct(pattern: CountMention, other: CountMention) -> bool:
    """Whether only the pattern has the first conjunct: "Policeman, two others killed", "8 pupils, 1 guard killed"."""
    more = (pattern.count.low or 0) > (other.count.low or 0)
    return pattern.start < other.start and more and pattern.end == other.end


def mark_parts(doc: Doc, found: list[CountMention]) -> list[CountMention]:
    """The mentions, with ``part`` set where another mention includes them.

    "Four were hurt, including a guard who suffered burns": the guard is one of the four.
    """
    return [msgspec.structs.replace(m, part=_is_part(doc, m, found)) for m in found]


def _is_part(doc: Doc, mention: CountMention, found: list[CountMention]) -> bool:
    if _NOBODY.search(text_of(doc), max(0, mention.start - _BEHIND), mention.start):
        return True  # "no officers were hurt" counts nobody
    return (mention.part and any(_contains(o, mention) for o in found)) or (
        mention.cared and any(_contains_cared(o, mention) for o in found)
    )


def _contains_cared(whole: CountMention, part: CountMention) -> bool:
    """Whether ``part`` may be some of ``whole``: "Five people were stabbed. Two are in a critical condition"."""
    is_injured = whole.field in (CountField.INJURED, CountField.SHOT) and not whole.cared
    return is_injured and whole.start < part.start and (whole.count.low or 0) > (part.count.low or 0)


def _contains(whole: CountMention, part: CountMention) -> bool:
    same = whole.field == part.field and whole.sentence == part.sentence
    return same and whole.start < part.start and (whole.count.low or 0) > (part.count.low or 0)


def is_partitive(doc: Doc, mention: CountMention) -> bool:
    """Whether the mention is partitive: "four of them", "three of the wounded", "among them a policeman"."""
    if _AMONG.search(text_of(doc), max(0, mention.start - _BEHIND), mention.start):
        return True
    behind = text_of(doc)[mention.end : mention.end + _BEHIND].lstrip()
    return behind.startswith("of ") and partitive().match(behind) is not None


def deduplicate(found: list[CountMention]) -> list[CountMention]:
    """The mentions without those that overlap another of the same field; totals are kept first, then longer ones."""
    out: list[CountMention] = []
    for mention in sorted(found, key=lambda m: (m.total, m.end - m.start), reverse=True):
        if not any(m.field == mention.field and _overlap(m, mention) for m in out):
            out.append(mention)
    return out


def _overlap(one: CountMention, two: CountMention) -> bool:
    return one.start < two.end and two.start < one.end
