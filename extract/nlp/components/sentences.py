"""Component ``tocsin_sentences``: where are the sentences, and what kind of talk is each?

A sentence's flags are the cue groups of ``data/cues.toml`` whose words it contains. A heading that begins a background
section passes its flag to the sentences below it. ``tocsin_paragraphs`` runs before the parser, so that no sentence
crosses a paragraph break, and none ends after the number that opens it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection

from spacy.language import Language
from spacy.tokens import Doc

from extract.language import Cue
from extract.nlp.extensions import language_of, layout_of, lexicon_of, published_of, text_of, unparsed_of, words_of_doc
from extract.nlp.mentions import Sentence, Talk
from extract.nlp.paragraph_filter import sentences_in
from extract.nlp.registration import component
from extract.nlp.token_search import tokens_like
from extract.text.layout import Paragraph

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_NEAR = 16
_HEADING_CHARS = 60
_OPENING_SENTENCES = 3  # a cue of news in brief counts in this many first sentences


@Language.component("tocsin_paragraphs", assigns=["token.is_sent_start"])
def paragraphs(doc: Doc) -> Doc:
    """Starts a sentence at each paragraph."""
    unparsed_starts = {start for start, _ in unparsed_of(doc)}
    for paragraph in layout_of(doc).paragraphs:
        if paragraph.start in unparsed_starts:
            continue
        span = doc.char_span(paragraph.start, paragraph.start + 1, alignment_mode="expand")
        if span is not None:
            doc[span.start].is_sent_start = True
            if doc[span.start].like_num and span.start + 1 < len(doc) and doc[span.start + 1].text.isalpha():
                doc[span.start + 1].is_sent_start = False  # "8 pupils, 1 guard killed"
    for token in tokens_like(doc, lower=frozenset(language_of(doc).numbers.words)):
        if token.text.istitle() and token.i + 1 < len(doc) and token.nbor(1).text.isalpha():
            token.nbor(1).is_sent_start = False  # "Fifteen farmers were killed": no sentence ends after "Fifteen"
    return doc


@component("tocsin_sentences", requires=["doc.sents"], assigns=["doc._.sentences"])
def sentences(doc: Doc) -> Doc:
    """Lists the sentences with their paragraph, segment and flags."""
    text = text_of(doc)
    spans = _spans(doc, text)
    doc._.sentences = flag_sentences(doc, spans or [(0, len(text))])
    doc._.tocsin_starts = [sentence.start for sentence in doc._.sentences]
    return doc


def _spans(doc: Doc, text: str) -> list[tuple[int, int]]:
    """The parser's sentences and those of the unparsed paragraphs, without empty ones, in order.

    Where the pipeline finds no sentences, those of all paragraphs, by their full stops.
    """
    unparsed = unparsed_of(doc)
    if doc.has_annotation("SENT_START"):
        spans = [(s.start_char, s.end_char) for s in doc.sents]
    else:
        spans = [span for p in layout_of(doc).paragraphs for span in sentences_in(text, (p.start, p.end))]
    if unparsed:
        starts = [start for start, _ in unparsed]
        spans = [(start, min(end, *(s for s in starts if s >= start), len(text))) for start, end in spans]
        spans = sorted([*spans, *(span for paragraph in unparsed for span in sentences_in(text, paragraph))])
    number_words = language_of(doc).numbers.words
    return _with_numbers_joined([(start, end) for start, end in spans if text[start:end].strip()], text, number_words)


def _with_numbers_joined(
    spans: list[tuple[int, int]], text: str, number_words: Collection[str]
) -> list[tuple[int, int]]:
    """The spans, with a span of only a number word joined to the next one: "Fifteen" of "Fifteen farmers died"."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        opened = out and text[out[-1][0] : start].rstrip(" ").lower() in number_words
        out.append((out.pop()[0] if opened else start, end))
    return out


def flag_sentences(doc: Doc, spans: list[tuple[int, int]]) -> list[Sentence]:
    """One ``Sentence`` for each span, in order."""
    layout = layout_of(doc)
    flags, talk = _cue_flags(doc, spans)
    starts = [p.start for p in layout.paragraphs]
    out: list[Sentence] = []
    background_heading = segment = 0
    is_roundup = any(Talk.ROUNDUP in found for found in flags[:_OPENING_SENTENCES])
    first = last = _first_body(layout.paragraphs)
    alone = len(layout.paragraphs) == first + 1  # news in brief in one paragraph: a sentence each
    started = False
    for (start, end), found, counts in zip(spans, flags, talk, strict=True):
        index = max(0, bisect_right(starts, start) - 1) if starts else 0
        paragraph = layout.paragraphs[index] if starts else Paragraph(0, end, False)
        if _is_heading(layout.plain, paragraph):
            background_heading = index if Talk.BACKGROUND in found else 0
        if background_heading and not paragraph.is_title:
            found.add(Talk.BACKGROUND)
        if Talk.DRILL_ACCIDENT in found:
            found.discard(Talk.DRILL)
        if _old_year(layout.plain[start:end], doc):
            found |= {Talk.BACKGROUND, Talk.PAST_YEAR}
        opens = Talk.ANOTHER in found and not paragraph.is_title and index > first
        segment += opens or (is_roundup and (index > last or (alone and index == first and started)))
        started = started or index == first
        last = max(last, index)
        out.append(
            Sentence(
                start=start,
                end=end,
                paragraph=index,
                is_title=paragraph.is_title,
                flags=frozenset(found),
                talk=dict(counts),
                segment=segment,
            )
        )
    return out


def _first_body(paragraphs_: tuple[Paragraph, ...]) -> int:
    """The index of the first paragraph that is not the title."""
    return next((i for i, p in enumerate(paragraphs_) if not p.is_title), 0)


def _cue_flags(doc: Doc, spans: list[tuple[int, int]]) -> tuple[list[set[str]], list[Counter[str]]]:
    words = words_of_doc(doc)
    starts = [start for start, _ in spans]
    flags: list[set[str]] = [set() for _ in spans]
    talk: list[Counter[str]] = [Counter() for _ in spans]
    lexicon = lexicon_of(doc)
    for section, anywhere in (("sentence", True), ("segment", False)):
        for hit in lexicon.book("cues", section).find(words):
            at = max(0, bisect_right(starts, hit.start) - 1)
            if hit.end <= spans[at][1] + 1:
                opens = hit.start - spans[at][0] < 25
                if anywhere or opens:
                    flags[at].add(hit.value)
                    talk[at][hit.value] += 1
                else:
                    flags[at].add(Talk.APART)
    return flags, talk


def _is_heading(text: str, paragraph: Paragraph) -> bool:
    body = text[paragraph.start : paragraph.end].strip()
    return not paragraph.is_title and 0 < len(body) <= _HEADING_CHARS and body[-1] not in '.!?"”:)'


def _old_year(text: str, doc: Doc) -> bool:
    """Whether the sentence's latest year is before that of publication (in January: before the year before)."""
    published = published_of(doc)
    if published is None:
        return False
    floor = published.year - (1 if published.month == 1 else 0)
    before, behind = (language_of(doc).cue(cue) for cue in (Cue.NO_YEAR_BEFORE, Cue.NO_YEAR_BEHIND))
    years = [
        int(m[1])
        for m in _YEAR.finditer(text)
        if not behind.match(text, m.end()) and not before.search(text, max(0, m.start() - _NEAR), m.start())
    ]
    return bool(years) and max(years) < floor
