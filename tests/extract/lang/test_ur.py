"""Is Urdu read with its postpositions, its quarters of towns that no gazetteer lists, and its many ways to type a letter?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Article, Extractor
from extract.lang.ur import URDU
from extract.nlp.mentions import CountMention
from extract.places import hints_of

PUBLISHED = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "کراچی: اورنگی ٹاؤن میں فائرنگ سے 2 افراد جاں بحق، 3 زخمی"
TEXT = "کراچی کے علاقے اورنگی ٹاؤن میں نامعلوم افراد کی فائرنگ سے دو افراد جاں بحق اور تین زخمی ہوگئے۔"


def article(title: str, text: str, lang: str = "ur", url: str = "https://example.org/1") -> Article:
    return Article(id="1", title=title, text=text, lang=lang, published=PUBLISHED, url=url)


def counts(extractor: Extractor, text: str) -> list[tuple[str, int | None, int | None]]:
    found: list[CountMention] = extractor.reader("ur").read(article("", text))._.counts
    return [(m.field.value, m.count.low, m.count.high) for m in found]


@pytest.mark.parametrize(
    ("words", "value"), [("ستائیس", 27), ("دو سو", 200), ("تین ہزار پانچ سو", 3500), ("دو لاکھ", 200_000), ("۱۲", 12)]
)
def test_number_words(words: str, value: int) -> None:
    number = URDU.numbers.read([w.text for w in URDU.lay_out(article("", words)).words])
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("دھماکے میں 5 افراد جاں بحق اور درجنوں زخمی ہوگئے", [("killed", 5, 5), ("injured", 24, None)]),
        ("فائرنگ سے تین بچوں کا باپ جاں بحق ہوگیا", [("killed", 1, 1)]),
        ("ایک شخص جاں بحق ہوگیا، مقتول کی لاش اسپتال منتقل", [("killed", 1, 1)]),  # one man in three words
        ("70 سے زائد زخمی", [("injured", 70, None)]),
        ("40 سالہ خاتون زخمی ہوئی", [("injured", 1, 1)]),
        ("ایک شخص ہلاک اور دو زخمی", [("killed", 1, 1), ("injured", 2, 2)]),
        ("ریسکیو 1122 کے مطابق زخمی اسپتال منتقل", []),
    ],
)
def test_numbers_of_people(extractor: Extractor, text: str, expected: list[tuple[str, int | None, int | None]]) -> None:
    assert counts(extractor, text) == expected


def test_a_quarter_that_is_not_listed_is_told_under_its_name_in_its_town(extractor: Extractor) -> None:
    (report,) = extractor.extract(article(TITLE, TEXT)).reports
    assert report.place is not None
    assert (report.place.name, report.place.country, report.place_as_written) == ("Karachi", "PK", "اورنگی ٹاؤن")
    assert (report.kind, report.killed.low, report.injured.low) == ("shooting", 2, 3)


def test_of_names_within_one_another_the_last_is_told(extractor: Extractor) -> None:
    text = "سندھ کے شہر سکھر کے علاقے ’نئی بستی‘ میں فائرنگ سے دو افراد جاں بحق ہوگئے۔"
    (report,) = extractor.extract(article("سکھر میں فائرنگ، 2 افراد جاں بحق", text)).reports
    assert report.place is not None
    assert (report.place.name, report.place_as_written) == ("Sukkur", "نئی بستی")


@pytest.mark.parametrize(
    ("url", "country"),
    [("https://urdu.arynews.tv/a", "PK"), ("https://www.express.pk/a", "PK")],
)
def test_a_place_that_is_not_listed_is_in_the_country_of_the_outlet(
    extractor: Extractor, url: str, country: str
) -> None:
    title = "نامعلوم افراد کی فائرنگ سے دو افراد جاں بحق"
    text = "پولیس کے مطابق شہر قائد کے علاقے ڈھوک زرین میں نامعلوم افراد کی فائرنگ سے دو افراد جاں بحق ہوگئے۔"
    assert (hints_of(article(title, text, url=url), extractor.gazetteer).country or None) == country
    (report,) = extractor.extract(article(title, text, url=url)).reports
    assert (report.place and report.place.country) == country
    assert report.place_as_written == ("ڈھوک زرین" if country else "")


def test_quarters_tell_scenes_of_one_town_apart_like_roads() -> None:
    assert URDU.place_reader.road_names(f"{TITLE}  {TEXT}") == {"اورنگی"}
    assert URDU.place_reader.road_names("کراچی میں فائرنگ سے دو افراد جاں بحق") == set()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE.replace("2", "۲").replace("3", "۳"), TEXT.replace("دو", "۲").replace("تین", "۳")),  # digits of Urdu
        (TITLE.replace("2", "٢").replace("3", "٣"), TEXT),  # digits of Arabic
        (f"\u202b{TITLE}\u202c", f"\u2067{TEXT}\u2069"),  # marks of direction
        (
            TITLE.replace("ی", "ي").replace("ک", "ك").replace("ہ", "ه"),
            TEXT.replace("ی", "ي").replace("ک", "ك").replace("ہ", "ه"),
        ),  # Arabic letters
        (TITLE.replace("جاں بحق", "جاں\u200cبحق"), TEXT.replace("جاں بحق", "جاں\u200cبحق")),  # a joiner for the space
        (TITLE, f"{TEXT} Police said: two men died."),  # two languages
    ],
)
def test_other_ways_to_write_the_same_read_the_same(extractor: Extractor, title: str, text: str) -> None:
    (report,) = extractor.extract(article(title, text)).reports
    assert report.place is not None
    assert (report.kind, report.place.name) == ("shooting", "Karachi")
    assert (report.killed.low, report.injured.low) == (2, 3)


@pytest.mark.parametrize("lang", ["", "en", "ar", "hi", "UR_pk"])
def test_a_wrong_language_tag_does_not_hide_a_text_in_urdu(extractor: Extractor, lang: str) -> None:
    (report,) = extractor.extract(article(TITLE, TEXT, lang)).reports
    assert report.killed.low == 2


def test_urdu_in_latin_letters_gives_nothing(extractor: Extractor) -> None:
    title = "Karachi mein firing se do afraad jaan bahaq, teen zakhmi"
    text = "Karachi ke ilaqe Orangi Town mein namaloom afraad ki firing se do afraad jaan bahaq aur teen zakhmi hogaye."
    assert extractor.extract(article(title, text)).reports == ()


@pytest.mark.parametrize("end", range(0, len(TEXT), 7))
def test_a_text_cut_off_anywhere_does_no_harm(extractor: Extractor, end: int) -> None:
    extractor.extract(article(TITLE[: end // 2], TEXT[:end]))
    extractor.extract(article("", TEXT[:end]))
