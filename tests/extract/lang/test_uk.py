"""Are case forms, apostrophes, counts and bad input read right in Ukrainian?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Extractor
from extract.lang import LANGUAGES
from extract.places import Gazetteer
from extract.places.written import WrittenNames
from extract.text.normalise import fold, fold_script
from extract.types import Article, Report

PUBLISHED = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open().written_by(WrittenNames(LANGUAGES["uk"].lexicon))


def read(extractor: Extractor, title: str, text: str = "", lang: str = "uk") -> Report | None:
    article = Article(id="1", title=title, text=text, published=PUBLISHED, lang=lang, url="https://example.org/uk/1")
    reports = extractor.extract(article).reports
    return reports[0] if reports else None


@pytest.mark.parametrize(
    ("name", "base", "place"),
    [
        ("Харкові", "Харків", "Kharkiv"),
        ("Києва", "Київ", "Kyiv"),
        ("Чернігові", "Чернігів", "Chernihiv"),
        ("Тернополя", "Тернопіль", "Ternopil"),
        ("Білій Церкві", "Біла Церква", "Bila Tserkva"),
        ("Новій Каховці", "Нова Каховка", "Nova Kakhovka"),
        ("Харківській області", "Харківська область", "Kharkiv"),
        ("Одещині", "Одещина", "Odesa"),
        ("Вінницею", "Вінниця", "Vinnytsya"),
        ("Маріуполі", "Маріуполь", "Mariupol"),
        ("Анталії", "Анталія", "Antalya"),
    ],
)
def test_a_case_form_gives_the_place_and_its_base_form(gazetteer: Gazetteer, name: str, base: str, place: str) -> None:
    key = fold_script(name)
    form = gazetteer.written_form(key)
    assert form is not None
    assert gazetteer.spelt(name, form) == base
    assert place in {c.entry.name for c in gazetteer.candidates(key)}


def test_a_name_with_an_apostrophe_is_found(gazetteer: Gazetteer) -> None:
    assert "Kamyanske" in {c.entry.name for c in gazetteer.candidates(fold("Кам'янському"))}


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_number_words_with_an_apostrophe_are_read(extractor: Extractor, apostrophe: str) -> None:
    report = read(extractor, f"Унаслідок вибуху у Львові загинули п{apostrophe}ять людей")
    assert report is not None
    assert report.killed.low == 5


def test_nobody_is_counted_where_the_text_says_that_nobody_was_harmed(extractor: Extractor) -> None:
    report = read(extractor, "У Луцьку згорів склад", "Пожежу загасили, постраждалих немає, працівниця не постраждала.")
    assert report is not None
    assert (report.killed.low, report.injured.low) == (None, None)


@pytest.mark.parametrize(
    "title",
    [
        "ВИБУХ У БУДИНКУ В СУМАХ: ДВОЄ ЗАГИБЛИХ",
        "\u202bВибух у будинку в Сумах: ٢ загиблих\u202c",
        "Вибух у будинку в Су",
        "Blast in Sumy: вибух у будинку, two dead",
        "Вибух" * 400,
        "\u0301\u0308 вибух\ufeff у Сумах",
        "п'п'п' ''' ʼʼʼ вибух",
    ],
)
@pytest.mark.parametrize("lang", ["uk", "ru", "en", "fa", "", "xx"])
def test_bad_input_gives_a_report_or_none_and_no_error(extractor: Extractor, title: str, lang: str) -> None:
    report = read(extractor, title, title, lang)
    assert report is None or report.killed.low in (None, 1, 2)
