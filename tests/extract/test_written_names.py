"""Are names of places found as a language writes them: with its endings, its prefixes and its own names of countries?"""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.lexicon import Lexicon
from extract.places import Gazetteer
from extract.places.written import WrittenNames
from extract.text.normalise import fold_script

PLACES = """
[endings]
"е" = ["", "а"]
"ии" = ["ия"]
"ской" = ["ская область"]
[prefixes]
words = ["ب", "و"]
[aliases]
US = ["США"]
[names]
3450554 = ["Сальвадор", "Salvador"]
[demonyms]
UA = ["украинск*"]
SY = ["сириец"]
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> WrittenNames:
    folder: Path = tmp_path_factory.mktemp("xx")
    (folder / "places.toml").write_text(PLACES, encoding="utf-8")
    return WrittenNames(Lexicon(folder))


@pytest.fixture(scope="module")
def gazetteer(written: WrittenNames) -> Gazetteer:
    return Gazetteer.open().written_by(written)


@pytest.mark.parametrize(
    ("name", "place", "country", "form"),
    [
        ("Харькове", "Kharkiv", "UA", "харьков"),
        ("Варшаве", "Warsaw", "PL", "варшава"),
        ("Турции", "Turkey", "TR", "турция"),
        ("Самарской", "Samara Oblast", "RU", "самарская область"),
        ("США", "United States", "US", "сша"),
        ("بحلب", "Aleppo", "SY", "حلب"),
        ("کراچی", "Karachi", "PK", "کراچی"),
    ],
)
def test_a_form_of_a_name_gives_the_place_and_its_base_form(
    gazetteer: Gazetteer, name: str, place: str, country: str, form: str
) -> None:
    key = fold_script(name)
    assert (place, country) in {(c.entry.name, c.entry.country) for c in gazetteer.candidates(key)}
    assert gazetteer.written_form(key) == fold_script(form)


def test_the_gazetteer_that_english_reads_stays_as_it_was(gazetteer: Gazetteer) -> None:
    assert fold_script("Харьков") in gazetteer
    assert fold_script("Харьков") not in Gazetteer.open()


@pytest.mark.parametrize(
    ("word", "code"), [("украинских", "UA"), ("Украинский", "UA"), ("сириец", "SY"), ("украл", None)]
)
def test_words_for_a_people_are_found_in_every_form(written: WrittenNames, word: str, code: str | None) -> None:
    assert written.demonyms.get(word) == code
    assert (word in written.demonyms) is (code is not None)


@pytest.mark.parametrize("name", ["Salvador", "Сальвадор"])
def test_a_name_that_means_one_place_in_a_language_means_no_other(gazetteer: Gazetteer, name: str) -> None:
    assert [c.entry.country for c in gazetteer.candidates(fold_script(name))] == ["BR"]
    assert {"BR", "ES"} <= {c.entry.country for c in Gazetteer.open().candidates("salvador")}
