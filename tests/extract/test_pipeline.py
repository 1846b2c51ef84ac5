"""The replacements of the model's components give the same results, and so does a batch as each article alone."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
import spacy
from corpus_scores import load
from samples import news
from spacy.language import Language
from spacy.tokens import Doc

from extract import Article, Extractor
from extract.lang import ENGLISH
from extract.lang.en.pos_and_lemma import WordForms
from extract.nlp.fast import parser as parsing
from extract.nlp.fast.parser import Parser
from extract.nlp.fast.tok2vec import Vectors
from extract.nlp.pipeline import read_all
from extract.nlp.token_search import tokens_like

ARTICLES = [case.article for case in load()]
TEXTS = [f"{article.title}\n\n{article.text}" for article in ARTICLES]


@pytest.fixture(scope="module")
def model() -> Language:
    """The model as it was installed."""
    return spacy.load(next(name for name in ENGLISH.pipeline.models if spacy.util.is_package(name)), exclude=["ner"])


@pytest.fixture
def docs(model: Language) -> list[Doc]:
    """Texts of different lengths, one of them empty, complete except for the parse."""
    read = [model.make_doc(text) for text in ("", *TEXTS[: parsing.SIDE_BY_SIDE + 5])]
    for doc in read:
        for name in ("tok2vec", "tagger"):
            model.get_pipe(name)(doc)
    return read


def test_vectors_are_those_of_the_models_own_tok2vec(model: Language) -> None:
    vectors = Vectors(model.get_pipe("tok2vec"))  # type: ignore[arg-type]
    for text in (*TEXTS[:20], *TEXTS[:20]):  # words are kept from the first round
        own, ours = model.get_pipe("tok2vec")(model.make_doc(text)), vectors(model.make_doc(text))
        np.testing.assert_allclose(ours.tensor, own.tensor, atol=1e-4)


def test_words_are_forgotten_when_there_are_too_many(model: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.nlp.fast.tok2vec.MAX_WORDS", 40)
    vectors = Vectors(model.get_pipe("tok2vec"))  # type: ignore[arg-type]
    for text in TEXTS[:20]:
        own, ours = model.get_pipe("tok2vec")(model.make_doc(text)), vectors(model.make_doc(text))
        np.testing.assert_allclose(ours.tensor, own.tensor, atol=1e-4)


def test_an_empty_text_has_no_vectors(model: Language) -> None:
    assert Vectors(model.get_pipe("tok2vec"))(model.make_doc("")).tensor.size == 0  # type: ignore[arg-type]


def test_articles_side_by_side_are_parsed_as_each_alone(model: Language, docs: list[Doc]) -> None:
    alone = [[(t.head.i, t.dep_) for t in model.get_pipe("parser")(doc.copy())] for doc in docs]
    together = Parser(model.get_pipe("parser")).pipe(docs)  # type: ignore[arg-type]
    assert [[(t.head.i, t.dep_) for t in doc] for doc in together] == alone


def test_a_parser_of_another_build_parses_as_it_does_alone(
    model: Language, docs: list[Doc], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the supported network is computed here, not one with unseen classes."""
    parser = model.get_pipe("parser")
    monkeypatch.setitem(parser.model.attrs, "unseen_classes", {7})  # type: ignore[attr-defined]
    alone = [[(t.head.i, t.dep_) for t in parser(doc.copy())] for doc in docs]
    together = Parser(parser).pipe(docs)  # type: ignore[arg-type]
    assert [[(t.head.i, t.dep_) for t in doc] for doc in together] == alone


def test_articles_come_out_in_the_order_they_went_in(model: Language, docs: list[Doc]) -> None:
    assert [id(doc) for doc in Parser(model.get_pipe("parser")).pipe(docs, batch_size=16)] == [id(d) for d in docs]  # type: ignore[arg-type]


def test_many_articles_at_once_say_what_each_says_alone(extractor: Extractor) -> None:
    some = [msgspec.structs.replace(a, lang="fr") if i % 7 == 3 else a for i, a in enumerate(ARTICLES[:80])]
    together = [(e.id, e.reports) for e in extractor.extract_all(some)]
    assert together == [(a.id, extractor.extract(a).reports) for a in some]


def test_articles_before_a_bad_one_are_read(extractor: Extractor) -> None:
    def source() -> Iterator[Article]:
        yield from ARTICLES[:3]
        raise ValueError("bad")

    read = extractor.extract_all(source())
    assert [next(read).id for _ in range(3)] == [a.id for a in ARTICLES[:3]]
    with pytest.raises(ValueError, match="bad"):
        next(read)


def test_words_have_part_of_speech_and_verbs_their_lemma(model: Language) -> None:
    doc = model.make_doc("Gunmen shot two officers who were driving home.")
    for name in ("tok2vec", "tagger", "parser"):
        model.get_pipe(name)(doc)
    WordForms(model.get_pipe("lemmatizer"))(doc)  # type: ignore[arg-type]
    assert " ".join(t.lemma_ for t in doc) == "gunmen shoot two officers who were drive home ."
    assert " ".join(t.pos_ for t in doc) == "NOUN VERB NUM NOUN PRON AUX VERB ADV PUNCT"


def test_tokens_are_sought_by_form_lemma_or_dependency(extractor: Extractor) -> None:
    article = news("Gunmen shot Two officers who were driving home.")
    doc = next(read_all(extractor.reader("en").nlp, ENGLISH, [(article, ENGLISH.lay_out(article))], str.islower))
    assert [t.text for t in tokens_like(doc, lower=frozenset({"two", "home"}))] == ["Two", "home"]
    assert [t.text for t in tokens_like(doc, lemma=frozenset({"shoot", "drive"}))] == ["shot", "driving"]
    assert [t.text for t in tokens_like(doc, dep=frozenset({"nsubj"}), lower=frozenset({"two"}))] == [
        "Gunmen",
        "Two",
        "who",
    ]
    assert list(tokens_like(doc)) == []


@pytest.mark.parametrize(
    ("told", "name"), [("Philly", "Philadelphia"), ("Washington D.C.", "Washington"), ("Vegas", "Las Vegas")]
)
def test_a_place_called_by_a_short_name_is_shown_by_its_usual_one(extractor: Extractor, told: str, name: str) -> None:
    report = extractor.extract(news(f"Two men were shot dead in {told} on Friday, police said.")).reports[0]
    assert report.place is not None
    assert (report.place.name, report.evidence["place"][0].quote) == (name, told)


@pytest.mark.parametrize(("dateline", "name"), [("KARACHI, Pakistan", "Karachi"), ("QARABOLTA, S.D.", "Qarabolta")])
def test_a_place_in_a_dateline_is_written_as_a_name(extractor: Extractor, dateline: str, name: str) -> None:
    text = f"{dateline} -- A bomb killed four people at a bus stop on Friday, police said."
    place = extractor.extract(news(text)).reports[0].place
    assert place is not None
    assert place.name == name
