"""Is Arabic read with its joined letters, duals, vowel points and joined names?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Article, Extractor
from extract.lang.ar import ARABIC
from extract.nlp.mentions import CountMention
from extract.places.written import WrittenNames
from extract.text.normalise import fold_script
from extract.text.phrases import lowered

PUBLISHED = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "قتيلان وخمسة جرحى في انفجار عبوة ناسفة بالبصرة"
TEXT = "قتل شخصان وأصيب خمسة آخرون بجروح في انفجار عبوة ناسفة في مدينة البصرة جنوبي العراق صباح اليوم."


def article(title: str, text: str, lang: str = "ar", url: str = "https://example.org/1") -> Article:
    return Article(id="1", title=title, text=text, lang=lang, published=PUBLISHED, url=url)


def counts(extractor: Extractor, text: str) -> list[tuple[str, int | None, int | None]]:
    found: list[CountMention] = extractor.reader("ar").read(article("", text))._.counts
    return [(m.field.value, m.count.low, m.count.high) for m in found]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("خمسة وعشرون", 25),
        ("ثلاثة عشر", 13),
        ("مئة وخمسة وثلاثين", 135),
        ("ثلاثة آلاف", 3000),
        ("٤٨", 48),
        ("خمسة ثلاثة", None),
    ],
)
def test_ones_stand_before_tens(words: str, value: int | None) -> None:
    number = ARABIC.numbers.read([lowered(word) for word in words.split()])
    assert (number and number.value) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قتل ثلاثة أشخاص وأصيب خمسة", [("killed", 3, 3), ("injured", 5, 5)]),
        ("3 قتلى و5 جرحى", [("killed", 3, 3), ("injured", 5, 5)]),
        ("قتيلان وجريحان", [("killed", 2, 2), ("injured", 2, 2)]),
        ("قُتل ما لا يقل عن 40 شخصا وأصيب أكثر من 100", [("killed", 40, None), ("injured", 100, None)]),
        ("48 شخصا بينهم 15 طفلا قتلوا", [("killed", 48, 48)]),
        ("وفاة شاب يبلغ 20 سنة", [("killed", 1, 1)]),
        ("انتشلت ست جثث وثلاثة مصابين", [("killed", 6, 6), ("injured", 3, 3)]),
    ],
)
def test_numbers_of_people(extractor: Extractor, text: str, expected: list[tuple[str, int | None, int | None]]) -> None:
    assert counts(extractor, text) == expected


@pytest.mark.parametrize(
    ("name", "place"),
    [("بحلب", "Aleppo"), ("والقاهرة", "Cairo"), ("للقاهرة", "Cairo"), ("بالكاف", "El Kef"), ("بنزرت", "Bizerte")],
)
def test_letters_joined_to_a_name_are_no_part_of_it(extractor: Extractor, name: str, place: str) -> None:
    gazetteer = extractor.reader("ar").gazetteer
    assert place in {c.entry.name for c in gazetteer.candidates(fold_script(name))}


def test_letters_are_stripped_once() -> None:
    assert fold_script("دير") not in set(WrittenNames(ARABIC.lexicon).forms(fold_script("بالبلفدير")))


def test_a_report_in_arabic(extractor: Extractor) -> None:
    (report,) = extractor.extract(article(TITLE, TEXT)).reports
    assert report.place is not None
    assert (report.kind, report.place.name, report.place_as_written) == ("bombing", "Basrah", "البصرة")
    assert (report.killed.low, report.injured.low) == (2, 5)
    assert report.when is not None
    assert report.when.start == "2026-11-27"


def test_words_for_a_people_are_no_part_of_the_name(extractor: Extractor) -> None:
    text = "ضرب زلزال بقوة 5.1 درجات مدينة شيراز الإيرانية وأصيب أربعة أشخاص."
    (report,) = extractor.extract(article("زلزال بقوة 5.1 درجات يضرب مدينة شيراز الإيرانية", text)).reports
    assert (report.place_as_written, report.magnitude) == ("شيراز", 5.1)


def test_evidence_is_the_very_words(extractor: Extractor) -> None:
    (report,) = extractor.extract(article(TITLE, TEXT)).reports
    for quotes in report.evidence.values():
        for quote in quotes:
            assert {"title": TITLE, "text": TEXT}[quote.where][quote.start : quote.end] == quote.quote


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE.replace("خمسة", "٥"), TEXT.replace("خمسة", "٥")),  # digits of Arabic
        (TITLE.replace("خمسة", "۵"), TEXT.replace("خمسة", "۵")),  # digits of Persian
        (f"\u202b{TITLE}\u202c", f"\u200f{TEXT}\u2069"),  # marks of direction
        (TITLE.replace("ي", "ی").replace("ك", "ک"), TEXT.replace("ي", "ی").replace("ك", "ک")),  # Persian letters
        (TITLE.replace("قتيلان", "قَتيلانِ"), TEXT.replace("قتل", "قُتِلَ")),  # vowel points
        (TITLE.replace("جرحى", "جـــرحى"), f"ـ {TEXT} ـــ"),  # strokes that lengthen letters
        (TITLE, f"{TEXT} The minister wrote on X: our thoughts are with the families."),  # two languages
    ],
)
def test_other_ways_to_write_the_same_read_the_same(extractor: Extractor, title: str, text: str) -> None:
    (report,) = extractor.extract(article(title, text)).reports
    assert report.place is not None
    assert (report.kind, report.place.name) == ("bombing", "Basrah")
    assert (report.killed.low, report.injured.low) == (2, 5)


@pytest.mark.parametrize("lang", ["", "fr", "ur", "xx-invalid", "AR_tn"])
def test_a_wrong_language_tag_does_not_hide_a_text_in_arabic(extractor: Extractor, lang: str) -> None:
    (report,) = extractor.extract(article(TITLE, TEXT, lang)).reports
    assert report.killed.low == 2


@pytest.mark.parametrize("end", range(0, len(TEXT), 7))
def test_a_text_cut_off_anywhere_does_no_harm(extractor: Extractor, end: int) -> None:
    extractor.extract(article(TITLE[: end // 2], TEXT[:end]))
    extractor.extract(article("", TEXT[:end]))
