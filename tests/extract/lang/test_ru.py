"""Are case forms, counts and bad input read right in Russian?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Extractor
from extract.lang import LANGUAGES
from extract.places import Gazetteer
from extract.places.written import WrittenNames
from extract.text.normalise import fold_script
from extract.types import Article, Report

PUBLISHED = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open().written_by(WrittenNames(LANGUAGES["ru"].lexicon))


def read(extractor: Extractor, title: str, text: str = "", lang: str = "ru") -> Report | None:
    article = Article(id="1", title=title, text=text, published=PUBLISHED, lang=lang, url="https://example.org/ru/1")
    reports = extractor.extract(article).reports
    return reports[0] if reports else None


@pytest.mark.parametrize(
    ("name", "base", "place"),
    [
        ("Харькове", "Харьков", "Kharkiv"),
        ("Нижнем Новгороде", "Нижний Новгород", "Nizhniy Novgorod"),
        ("Ростовом-на-Дону", "Ростов-на-Дону", "Rostov-on-Don"),
        ("Самарской области", "Самарская область", "Samara Oblast"),
        ("Хабаровского края", "Хабаровский край", "Khabarovsk"),
        ("Набережных Челнах", "Набережные Челны", "Naberezhnyye Chelny"),
        ("Орле", "Орел", "Orël"),
        ("Севастополе", "Севастополь", "Sevastopol"),
        ("Сирию", "Сирия", "Syria"),
        ("Подмосковью", "Подмосковье", "Moscow Oblast"),
        ("Техасе", "Техас", "Texas"),
        ("Грозном", "Грозный", "Grozny"),
        ("Самаре", "Самара", "Samara"),
        ("Туапсе", "Туапсе", "Tuapse"),
        ("Баку", "Баку", "Baku"),
    ],
)
def test_a_case_form_gives_the_place_and_its_base_form(gazetteer: Gazetteer, name: str, base: str, place: str) -> None:
    key = fold_script(name)
    form = gazetteer.written_form(key)
    assert form is not None
    assert gazetteer.spelt(name, form) == base
    assert place in {c.entry.name for c in gazetteer.candidates(key)}


def test_a_region_behind_a_town_is_not_part_of_its_name(extractor: Extractor) -> None:
    report = read(extractor, "Трое рабочих погибли при обрушении в городе Зуевка Кировской области")
    assert report is not None
    assert (report.place_as_written, report.killed.low) == ("Зуевка", 3)


@pytest.mark.parametrize(
    ("name", "before", "base"),
    [
        ("Герасдорфе", "в", "Герасдорф"),
        ("Верхней Ольховке", "В", "Верхняя Ольховка"),
        ("Герасдорфе", "городе", "Герасдорфе"),
        ("Тлепке", "в", "Тлепке"),
    ],
)
def test_a_name_in_no_list_gets_its_likeliest_base_form(
    gazetteer: Gazetteer, name: str, before: str, base: str
) -> None:
    assert gazetteer.likely_base(name, before) == base


def test_a_surname_that_is_a_town_is_no_place(extractor: Extractor) -> None:
    report = read(extractor, "В Омске сгорел склад", "Об этом сообщил спасатель, которого зовут Пётр Ефремов.")
    assert report is not None
    assert report.place is not None
    assert report.place.name == "Omsk"


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ("Из-за наводнения в Японии погибли 57 человек, 17 пропали без вести", 57, None),
        ("В Туле сгорел дом, никто не пострадал", None, None),
        ("Двадцать три человека ранены при взрыве в Стамбуле", None, 23),
        ("12-летний мальчик утонул в реке под Рязанью", 1, None),
    ],
)
def test_numbers_of_people_are_counted(
    extractor: Extractor, title: str, killed: int | None, injured: int | None
) -> None:
    report = read(extractor, title)
    assert report is not None
    assert (report.killed.low, report.injured.low) == (killed, injured)


def test_a_rounded_title_is_told_exactly_by_the_text(extractor: Extractor) -> None:
    report = read(extractor, "Более 20 человек погибли при пожаре в Перми", "В результате пожара погибли 24 человека.")
    assert report is not None
    assert report.killed.low == 24


def test_a_whole_article_is_read_without_the_models_of_english(extractor: Extractor) -> None:
    text = "В Омске убит мужчина. " + " ".join(f"Сосед номер {i} рассказал об этом." for i in range(12))
    report = read(extractor, "В Омске убили мужчину, подозреваемый задержан", text)
    assert report is not None
    assert (report.kind, report.killed.low) == ("homicide", 1)


@pytest.mark.parametrize(
    "title",
    [
        "ВЗРЫВ В ЖИЛОМ ДОМЕ В ПЕРМИ: ДВА ЧЕЛОВЕКА ПОГИБЛИ",
        "\u202bВзрыв в жилом доме в Перми: погибли ٢ человека\u202c",
        "Взрыв в жилом доме в Пер",
        "Blast in Perm: взрыв в жилом доме, two dead",
        "Взрыв" * 400,
        "\u0301\u0308 взрыв\ufeff в Перми",
    ],
)
@pytest.mark.parametrize("lang", ["ru", "uk", "en", "ur", "", "xx"])
def test_bad_input_gives_a_report_or_none_and_no_error(extractor: Extractor, title: str, lang: str) -> None:
    report = read(extractor, title, title, lang)
    assert report is None or report.killed.low in (None, 1, 2)


def test_a_title_in_capitals_is_read(extractor: Extractor) -> None:
    report = read(extractor, "ВЗРЫВ В ЖИЛОМ ДОМЕ В ПЕРМИ: ПОГИБЛИ ДВА ЧЕЛОВЕКА")
    assert report is not None
    assert report.kind == "explosion"
    assert report.killed.low == 2


def test_ukrainian_that_is_tagged_as_russian_is_read_as_ukrainian(extractor: Extractor) -> None:
    report = read(
        extractor,
        "У Харкові внаслідок обстрілу загинули троє людей",
        "Ще п'ятеро мешканців дістали поранення, повідомили в прокуратурі області.",
    )
    assert report is not None
    assert (report.killed.low, report.injured.low) == (3, 5)
