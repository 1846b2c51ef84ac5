"""Component ``tocsin_attribution``: who makes the statement in a sentence, and is the speaker an official?"""

from __future__ import annotations

from spacy.tokens import Doc, Token

from extract.nlp.extensions import lexicon_of, sentences_of, span_at, text_of, words_of_doc
from extract.nlp.mentions import Speaker, SpeakerKind
from extract.nlp.registration import component
from extract.text.phrases import Hit

_REACH = 90


@component("tocsin_attribution", requires=["doc._.sentences"], assigns=["doc._.speakers"])
def attribution(doc: Doc) -> Doc:
    """Sets one speaker for each sentence, or None."""
    words, lexicon = words_of_doc(doc), lexicon_of(doc)
    verbs = list(lexicon.book("cues", "said").find(words))
    speakers = list(lexicon.book("cues", "speakers").find(words))
    doc._.speakers = [_speaker(doc, s.start, s.end, verbs, speakers) for s in sentences_of(doc)]
    return doc


def _speaker(doc: Doc, start: int, end: int, verbs: list[Hit[str]], speakers: list[Hit[str]]) -> Speaker | None:
    """The speaker word nearest to a verb of saying, widened to its noun phrase."""
    here = [v for v in verbs if start <= v.start < end]
    near = [
        (min(abs(s.start - v.end), abs(v.start - s.end)), s)
        for v in here
        for s in speakers
        if start <= s.start < end and min(abs(s.start - v.end), abs(v.start - s.end)) <= _REACH
    ]
    if not near:
        return None
    hit = min(near, key=lambda pair: pair[0])[1]
    lo, hi = _phrase(doc, hit)
    return Speaker(name=text_of(doc)[lo:hi], kind=SpeakerKind(hit.value), start=lo, end=hi)


def _phrase(doc: Doc, hit: Hit[str]) -> tuple[int, int]:
    span = span_at(doc, hit.start, hit.end)
    if span is None:
        return hit.start, hit.end
    head: Token = span.root
    while (
        head.dep_ in ("compound", "amod", "poss", "nmod")
        and head.head.i != head.i
        and head.head.pos_ in ("NOUN", "PROPN")
    ):
        head = head.head
    lefts = [t for t in head.lefts if t.dep_ in ("compound", "amod", "nmod", "poss") and abs(t.i - head.i) < 6]
    first = min([head.i, span.start, *(t.left_edge.i for t in lefts)])
    last = max(head.i, span.end - 1)
    return doc[first].idx, doc[last].idx + len(doc[last])
