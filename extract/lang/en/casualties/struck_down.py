"""Which of the dead is the attacker: "before officers shot him dead", "the driver also died" of a car bomb?"""

from __future__ import annotations

import msgspec
from spacy.tokens import Doc, Token

from extract.lang.en.lexicon import word_set
from extract.nlp.extensions import span_at, text_of
from extract.nlp.mentions import CountField, CountGroup, CountMention

_HURT = frozenset({"killed", "injured", "shot"})
_HIM = frozenset({"he", "she", "him", "her", "they", "them"})


def struck_down(doc: Doc, found: list[CountMention]) -> list[CountMention]:
    """The mentions; one of a person killed by those who guard is of an attacker, where others were hurt before."""
    return [
        msgspec.structs.replace(m, group=CountGroup.ATTACKER)
        if _is_struck_down(doc, m, found) or _drove_bomb(doc, m)
        else m
        for m in found
    ]


def _drove_bomb(doc: Doc, mention: CountMention) -> bool:
    """ "The driver also died", of a car bomb; not "his driver"."""
    if not mention.also or mention.field is not CountField.KILLED or mention.count.low != 1:
        return False
    bombs = word_set("casualties", "also", "bombs_driven")
    if text_of(doc)[mention.start : mention.end].lower() not in word_set("casualties", "also", "drivers"):
        return False
    return any(t.strong and t.kind in bombs for t in doc._.triggers)


def _is_struck_down(doc: Doc, mention: CountMention, found: list[CountMention]) -> bool:
    if (
        mention.field is not CountField.KILLED
        or mention.group is not CountGroup.DEFINITE
        or not _others_before(mention, found)
    ):
        return False
    span = span_at(doc, mention.start, mention.end)
    return span is not None and span.root.lower_ in _HIM and (_is_by_guards(span.root) or _is_before(span.root))


def _others_before(mention: CountMention, found: list[CountMention]) -> bool:
    others = [m for m in found if m.field in _HURT and m.group in (CountGroup.PERSON, CountGroup.ADDITIONAL)]
    return any(m.sentence == mention.sentence and m.end <= mention.start for m in others)


def _is_before(him: Token) -> bool:
    """ "Killed four relatives before villagers killed him"."""
    return any(t.dep_ == "mark" and t.lower_ == "before" for t in him.head.lefts)


def _is_by_guards(him: Token) -> bool:
    """Is it police or soldiers who do it to him?"""
    verb = him.head
    doers = [t for t in verb.lefts if t.dep_ == "nsubj" and t.i != him.i]
    doers += [t for by in verb.rights if by.dep_ == "agent" for t in by.rights if t.dep_ == "pobj"]
    return any(t.lower_ in word_set("roles", "guards", "words") for t in doers)
