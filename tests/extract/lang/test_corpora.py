"""Are the short invented articles of each language read at least as well as its floors say?"""

from __future__ import annotations

import pytest
from corpus import PARTS, corpora, read_corpus, shares

from extract import Extractor
from extract.lang import LANGUAGES


@pytest.mark.parametrize("lang", corpora())
def test_the_corpus_of_a_language_is_read_as_well_as_its_floors_say(extractor: Extractor, lang: str) -> None:
    corpus = read_corpus(lang)
    assert lang in LANGUAGES
    assert set(corpus["floors"]) == set(PARTS)
    got, wrong = shares(extractor, lang, corpus["item"])
    below = {part: got.get(part, 0.0) for part, floor in corpus["floors"].items() if got.get(part, 0.0) < floor}
    assert not below, "\n".join(wrong)


@pytest.mark.parametrize("lang", corpora())
def test_each_corpus_has_as_many_items_of_each_half_and_of_none(lang: str) -> None:
    items = read_corpus(lang)["item"]
    of_none = sum(not item["kind"] for item in items)
    assert of_none * 2 == len(items)
    assert abs(2 * sum(item["half"] == 1 for item in items) - len(items)) <= len(items) // 10
