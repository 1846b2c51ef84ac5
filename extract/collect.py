"""What did the components find in one article? Their results on the spaCy ``Doc`` as plain values.

The only module that reads spaCy's results: later stages get no ``Doc``, span or token.
"""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc

from extract.decide.findings import Findings, PlaceFound
from extract.decide.models.item_encoder import ItemReading
from extract.lexicon import Lexicon
from extract.nlp.extensions import (
    article_of,
    language_of,
    layout_of,
    lexicon_of,
    sentence_at,
    sentences_of,
    words_of_doc,
)
from extract.nlp.mentions import NamedMention, Talk
from extract.places import Resolved
from extract.text.layout import Layout
from extract.text.phrases import PhraseBook, phrase_book


def findings_of(doc: Doc, places: list[Resolved], reading: ItemReading | None = None) -> Findings:
    """Everything the components stored on ``doc``, the places already resolved, and the encoder's reading, as plain
    values."""
    layout = layout_of(doc)
    return Findings(
        language=language_of(doc),
        article=article_of(doc),
        layout=layout,
        sentences=tuple(sentences_of(doc)),
        triggers=tuple(doc._.triggers or ()),
        counts=tuple(doc._.counts or ()),
        notes=tuple(_casualty_notes(doc)),
        times=tuple(doc._.times or ()),
        places=tuple(p for p in (_located(doc, p) for p in places) if _is_read(layout, p) and not _names_group(doc, p)),
        weapons=tuple(doc._.weapons or ()),
        attackers=tuple(doc._.attackers or ()),
        groups=tuple(doc._.groups or ()),
        responsibility=tuple(doc._.responsibility or ()),
        status=tuple(doc._.status or ()),
        victims=tuple(doc._.victims or ()),
        targets=tuple(doc._.targets or ()),
        nouns=tuple(doc._.nouns or ()),
        speakers=tuple(doc._.speakers or ()),
        court=tuple(_court(doc)),
        office_holders=tuple(doc._.office_holders or ()),
        reading=reading,
    )


def _casualty_notes(doc: Doc) -> list[NamedMention]:
    raw = layout_of(doc).raw
    return [
        NamedMention(
            name=raw[h.start : h.end], type=h.value, start=h.start, end=h.end, sentence=sentence_at(doc, h.start)
        )
        for h in lexicon_of(doc).book("cues", "casualties").find(words_of_doc(doc))
    ]


def _court(doc: Doc) -> list[int]:
    """Offsets of words of arrest, court and aftermath: a time next to one is not the time of the act."""
    return [hit.start for hit in _court_book(lexicon_of(doc)).find(words_of_doc(doc))]


@cache
def _court_book(lexicon: Lexicon) -> PhraseBook[str]:
    cues = lexicon.section("cues", "sentence")
    return phrase_book({flag: cues[flag] for flag in (Talk.COURT, Talk.ARREST, Talk.AFTERMATH) if flag in cues})


def _offset(doc: Doc, place: Resolved) -> int:
    return place.start + (0 if place.where == "title" else layout_of(doc).shift)


def _is_read(layout: Layout, place: PlaceFound) -> bool:
    """Whether the place is in the text that is read, and not in the site's own name."""
    return place.end <= len(layout.raw) and not layout.brand <= place.start < layout.title_chars


def _names_group(doc: Doc, place: PlaceFound) -> bool:
    """Whether the place is only part of a group's name: "Al-Qaeda in the Arabian Peninsula"."""
    groups: tuple[NamedMention, ...] = doc._.groups or ()
    return any(g.start < place.start and place.end <= g.end for g in groups)


def _located(doc: Doc, place: Resolved) -> PlaceFound:
    start = _offset(doc, place)
    return PlaceFound(
        resolved=place, start=start, end=start + place.end - place.start, sentence=sentence_at(doc, start)
    )
