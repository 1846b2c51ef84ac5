"""Is Turkish read as it is written: cases behind names, participles before numbers, dotted and dotless i?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Extractor
from extract.lang import LANGUAGES
from extract.text.phrases import words_of
from extract.types import Article

TURKISH = LANGUAGES["tr"]
PUBLISHED = datetime(2026, 11, 3, 9, tzinfo=UTC)


def article(title: str, text: str = "", lang: str = "tr") -> Article:
    return Article(id="1", title=title, text=text or title, lang=lang, published=PUBLISHED)


def counts(extractor: Extractor, title: str) -> tuple[int | None, int | None]:
    report = next(iter(extractor.extract(article(title)).reports))
    return report.killed.low, report.injured.low


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ("Bursa'da kaza: 1 işçi şehit 4 işçi yaralı", 1, 4),
        ("Bursa'da kaza: 2 ölü, yaralanan 11 kişi hastanede", 2, 11),
        ("Bursa'da kaza: Bir kişinin öldüğü, 6 kişinin yaralandığı anlar kamerada", 1, 6),
        ("Bursa'daki kazada yaralanan sürücü Kaya (40), hayatını kaybetti", 1, 1),
    ],
)
def test_a_number_is_that_of_the_word_behind_it_or_of_a_participle_before_it(
    extractor: Extractor, title: str, killed: int, injured: int
) -> None:
    assert counts(extractor, title) == (killed, injured)


@pytest.mark.parametrize("name", ["Muğla'da", "Muğla’da", "Muğlada"])
def test_a_case_is_no_part_of_a_place_behind_an_apostrophe_or_joined(extractor: Extractor, name: str) -> None:
    report = extractor.extract(article(f"{name} otobüs devrildi: 3 ölü, 12 yaralı")).reports[0]
    assert report.place is not None
    assert report.place.name == "Muğla"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Muğla'da feci kaza", "Muğla'nın Fethiye ilçesinde otobüs devrildi, 2 kişi öldü."),
        ("Muğla'da feci kaza", "Fethiye ilçesindeki kazada otobüs devrildi, 2 kişi öldü."),
        ("Muğla Fethiye'de feci kaza: 2 kişi öldü", "Otobüs devrildi."),
    ],
)
def test_the_district_that_the_text_names_in_the_province_is_the_place(
    extractor: Extractor, title: str, text: str
) -> None:
    report = extractor.extract(article(title, text)).reports[0]
    assert report.place is not None
    assert (report.place.name, report.place_as_written) == ("Fethiye", "Fethiye")


def test_nobody_hurt_is_no_number(extractor: Extractor) -> None:
    title = "Bursa'da fabrikada patlama: Ölen ya da yaralanan olmadı"
    report = extractor.extract(article(title)).reports[0]
    assert not report.killed.low
    assert not report.injured.low


def test_a_dotless_i_in_capitals_is_the_one_in_small_letters() -> None:
    triggers = TURKISH.lexicon.triggers()
    kinds = [
        {hit.value[0] for hit in triggers.find(words_of(text, TURKISH.forms))}
        for text in ("Isparta'da yangın çıktı", "ISPARTA'DA YANGIN ÇIKTI", "İSTANBUL'DA YANGIN ÇIKTI")
    ]
    assert all("fire" in found for found in kinds)


def test_a_name_that_is_a_larger_place_elsewhere_is_the_turkish_town_or_the_usual_one(extractor: Extractor) -> None:
    for name, country in (("Atina", "GR"), ("Şam", "SY"), ("Sinop", "TR")):
        report = extractor.extract(article(f"{name}'da patlama: 4 ölü, 9 yaralı")).reports[0]
        assert report.place is not None
        assert report.place.country == country


BAD = [
    "Bursa'da kaza: ٣ ölü, ۴ yaralı",
    "\u202eBursa'da\u202c kaza: 3 ölü\u200f, 4 yaralı",
    "BURSA'DA FECİ KAZA: 3 ÖLÜ, 4 YARALI",
    "Bursa'da kaza: 3 ölü, 4 yar",
    "Bursa'da kaza: 3 ölü. Three people killed in Bursa crash. ثلاثة قتلى في بورصة",
    "Bursa'da kaza: " + "ölü " * 400,
    "'''’’’ ''da 'nın",
    "Bursa'da kaza: 99999999999999999999 ölü",
]


@pytest.mark.parametrize("title", BAD)
def test_odd_characters_cost_no_more_than_the_item(extractor: Extractor, title: str) -> None:
    for report in extractor.extract(article(title)).reports:
        assert report.killed.low is None or report.killed.low <= 4


def test_turkish_under_a_wrong_tag_is_read_as_turkish(extractor: Extractor) -> None:
    text = "Bursa'da iki otomobil çarpıştı ve 3 kişi öldü, yaralanan 4 kişi için çok sayıda ekip bir saat çalıştı."
    report = extractor.extract(article("Bursa'da feci kaza oldu", text, lang="en")).reports[0]
    assert (report.killed.low, report.injured.low) == (3, 4)
