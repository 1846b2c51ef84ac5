"""Component ``tocsin_triggers``: which words are about which kind of incident, and where?"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any

from spacy.tokens import Doc

from extract.lexicon import Lexicon
from extract.nlp.extensions import lexicon_of, sentence_at, sentences_of, span_at, text_of, words_of_doc
from extract.nlp.mentions import Trigger
from extract.nlp.registration import component
from extract.text.phrases import Hit, Word, Words

# a hit of up to this many characters is a name of one thing; longer hits are whole clauses
_NAME_CHARS = 18
_CLAUSE_END = re.compile(r"\s*(?:[,;:.|]|[-–—]\s|\n|\Z)")
_WORK = "work"  # the cue group of reviews and trailers, which make a whole text unreal if they are in its title
_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})


@component("tocsin_triggers", requires=["token.dep", "doc._.sentences"], assigns=["doc._.triggers"])
def triggers(doc: Doc) -> Doc:
    """Lists the triggers in the order of the text, without those in figurative expressions and in unreal sentences."""
    words, lexicon = words_of_doc(doc), lexicon_of(doc)
    by_name = lexicon.words("cues", "by_name", "words")
    hits = list(lexicon.triggers().find(words))
    figurative = list(lexicon.book("cues", "figurative").find(words))
    other_sense = list(lexicon.book("cues", "not_of_kind").find(words))
    unreal = _unreal_sentences(doc, words)
    hits = [h for h in hits if not any(_is_part_of(words, h, other, by_name) for other in hits)]
    doc._.triggers = [
        Trigger(
            kind=hit.value[0],
            strong=hit.value[1],
            start=hit.start,
            end=hit.end,
            sentence=sentence_at(doc, hit.start),
            modifies=hit.value[1] and _modifies(doc, hit, hits),
        )
        for hit in hits
        if not _are_victims(doc, words, hit)
        and not any(_overlap(figure, hit) for figure in figurative)
        and not any(_overlap(other, hit) and other.value == hit.value[0] for other in other_sense)
        and sentence_at(doc, hit.start) not in unreal
    ]
    return doc


def _unreal_sentences(doc: Doc, words: Words) -> frozenset[int]:
    """The sentences about what did not happen: games, films, scenarios, sport; all of them under a review's title."""
    found = {(sentence_at(doc, hit.start), hit.value) for hit in lexicon_of(doc).book("cues", "unreal").find(words)}
    titles = {i for i, sentence in enumerate(sentences_of(doc)) if sentence.is_title}
    if any(at in titles and what == _WORK for at, what in found):
        return frozenset(range(len(sentences_of(doc))))
    return frozenset(at for at, what in found if what != _WORK)


def _overlap(one: Hit[Any], two: Hit[Any]) -> bool:
    return one.start < two.end and two.start < one.end


def _are_victims(doc: Doc, words: Words, hit: Hit[tuple[str, bool]]) -> bool:
    """Whether the attackers at the start of the phrase are the victims of its participle.

    "Fighters killed in a strike", "Three rebels killed, one soldier hurt".
    """
    lexicon = lexicon_of(doc)
    if hit.value[0] not in lexicon.words("cues", "done_to", "kinds"):
        return False
    at = bisect_left(words, hit.end, key=_start)
    if words[at - 1].text not in lexicon.words("cues", "done_to", "words"):
        return False
    if _CLAUSE_END.match(text_of(doc), hit.end):
        return True
    return at < len(words) and words[at].text in lexicon.words("cues", "done_to", "behind")


def _modifies(doc: Doc, hit: Hit[tuple[str, bool]], hits: list[Hit[tuple[str, bool]]]) -> bool:
    """Whether the trigger modifies a noun that is neither people nor a trigger: "murder" in "murder laws"."""
    span = span_at(doc, hit.start, hit.end)
    if span is None or span.root.dep_ not in _MODIFIERS:
        return False
    head, lexicon = span.root.head, lexicon_of(doc)
    if head.idx < hit.end or head.lower_ in lexicon.heads("people") or head.lower_ in lexicon.heads("attackers"):
        return False
    return not any(other.value[1] and other.start <= head.idx < other.end for other in hits)


def _start(word: Word) -> int:
    return word.start


def _is_part_of(
    words: Words, hit: Hit[tuple[str, bool]], other: Hit[tuple[str, bool]], by_name: frozenset[str]
) -> bool:
    """Whether a hit is part of another kind's longer name: "bomb" in "petrol bomb", "bomb thrown" after "petrol"."""
    if not other.value[1] or other.value[0] == hit.value[0] or other.end - other.start > _NAME_CHARS:
        return False
    if other.start <= hit.start and hit.end <= other.end:
        return other.end - other.start > hit.end - hit.start
    first = words[bisect_left(words, other.start, key=_start)].text
    return other.start < hit.start < other.end and first in by_name


def may_report_incident(words: Words, lexicon: Lexicon) -> bool:
    """The gate before the parser: whether there is a strong trigger, or a weak one and a word for people harmed.

    It reads words alone and passes far too much; articles that it stops are not parsed.
    """
    hits = [value[1] for _, _, value in lexicon.triggers().find(words)]
    return any(hits) or (bool(hits) and any(w.text in lexicon.words("casualties", "gate", "words") for w in words))
