"""Paragraphs without harm to people are read by their words alone, and no result changes by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Article, Extractor
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.nlp import paragraph_filter
from extract.nlp.pipeline import common_words, read

OPENING = (
    "MBEYA, Tanzania (Reuters) - Gunmen shot dead three traders and wounded five other people at a cattle market near "
    "Mbeya on Monday, police said. The men came on two motorcycles shortly after dawn, fired at a row of stalls and "
    "escaped in the direction of the border, regional commander Juma Said told reporters. He said that roads out of "
    "the town had been closed and that a search was under way with the help of a helicopter."
)
DULL = (
    "The market opens twice a week. Traders from Iringa meet there on Thursday to sell maize, beans and cloth, "
    'and a bus line ends beside it. "We have come here since my childhood," said a farmer.'
)
TELLING = "Two of the wounded were taken to a hospital in Iringa in critical condition, doctors said."
ARTICLE = Article(
    id="1",
    title="Three killed at Mbeya cattle market",
    text="\n\n".join((OPENING, DULL, TELLING, DULL)),
    published=datetime(2025, 3, 4, 6, tzinfo=UTC),
)


def parts(article: Article) -> list[str]:
    layout = ENGLISH.lay_out(article)
    return [layout.raw[start:end] for start, end in paragraph_filter.unparsed(layout, LEXICON)]


def test_only_paragraphs_without_harm_are_unparsed() -> None:
    assert parts(ARTICLE) == [DULL, DULL]


def test_the_opening_is_parsed_whatever_it_says() -> None:
    assert parts(Article(id="1", title=ARTICLE.title, text=DULL + "\n\n" + TELLING)) == []


def test_the_parser_sees_white_space_of_the_same_length() -> None:
    layout = ENGLISH.lay_out(ARTICLE)
    text = paragraph_filter.blanked(layout.plain, paragraph_filter.unparsed(layout, LEXICON))
    assert len(text) == len(layout.plain)
    assert text.index(TELLING) == layout.plain.index(TELLING)
    assert "maize" not in text


def test_an_unparsed_paragraph_keeps_its_sentences(extractor: Extractor) -> None:
    nlp = extractor.reader("en").nlp
    layout = ENGLISH.lay_out(ARTICLE)
    doc = read(nlp, ENGLISH, ARTICLE, layout, common_words(nlp))
    told = [layout.raw[s.start : s.end].strip() for s in doc._.sentences]
    assert told.count("The market opens twice a week.") == 2
    assert TELLING in told
    assert sum("maize" in sentence for sentence in told) == 2
    starts = [s.start for s in doc._.sentences]
    assert starts == sorted(set(starts))
    assert all(one.end <= two.start for one, two in zip(doc._.sentences, doc._.sentences[1:], strict=False))
    assert [p for p in doc._.times if "maize" in layout.raw[p.start : p.end + 60]], "its times are still read"


def test_the_report_is_the_one_that_parsing_everything_gives(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    skimming = extractor.extract(ARTICLE)
    monkeypatch.setattr(paragraph_filter, "OPENING", 100_000)
    parsing = extractor.extract(ARTICLE)
    assert skimming.reports == parsing.reports
    assert (skimming.reports[0].killed.low, skimming.reports[0].injured.low) == (3, 5)
