"""Is French read as it is written: elided words before names, numbers with hyphens, names of places elsewhere?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Extractor
from extract.lang import LANGUAGES
from extract.places.tokens import tokenise
from extract.types import Article

FRENCH = LANGUAGES["fr"]
PUBLISHED = datetime(2026, 11, 3, 9, tzinfo=UTC)


def article(title: str, text: str = "", lang: str = "fr") -> Article:
    return Article(id="1", title=title, text=text or title, lang=lang, published=PUBLISHED)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("près d'Auray", ["pres", "d", "auray"]),
        ("près d’Agen, l'Isère", ["pres", "d", "agen", "l", "isere"]),
        ("en Côte d'Ivoire", ["en", "cote", "divoire"]),
        ("Villeneuve-d'Ascq", ["villeneuve", "dascq"]),
        ("aujourd'hui", ["aujourdhui"]),
    ],
)
def test_an_elided_word_is_no_part_of_the_name_behind_it(text: str, words: list[str]) -> None:
    assert tokenise(text, FRENCH.place_reader.token_rules).folded == words


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Un car se renverse près d'Auray : deux morts, neuf blessés", "Auray"),
        ("Un car se renverse près de Mâcon : deux morts, neuf blessés", "Mâcon"),
        ("Accident de car à Villeneuve-d'Ascq : deux morts, neuf blessés", "Villeneuve-d'Ascq"),
        ("Accident de car à Tunis : deux morts, neuf blessés", "Tunis"),
        ("Accident de car en Birmanie : deux morts, neuf blessés", "Myanmar"),
    ],
)
def test_a_place_is_found_behind_the_words_that_french_puts_before_it(
    extractor: Extractor, title: str, place: str
) -> None:
    report = extractor.extract(article(title)).reports[0]
    assert report.place is not None
    assert report.place.name == place
    assert (report.killed.low, report.injured.low) == (2, 9)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("vingt et un", 21),
        ("quatre-vingt-dix-sept", 97),
        ("soixante et onze", 71),
        ("deux cent trois", 203),
        ("mille deux cents", 1200),
        ("2 173", 2173),
    ],
)
def test_french_numbers_are_read(said: str, number: int) -> None:
    read = FRENCH.numbers.read(said.replace("-", " ").split())
    assert read is not None
    assert read.value == number


def test_nobody_hurt_is_no_number(extractor: Extractor) -> None:
    title = "Explosion dans une usine de Lyon : aucun blessé n'est à déplorer"
    assert extractor.extract(article(title)).reports[0].injured.low in (None, 0)


def test_lights_of_a_car_and_a_boom_in_sales_are_no_fire_and_no_explosion(extractor: Extractor) -> None:
    for title in ("Il grille un feu rouge devant la mairie de Lille", "Explosion des ventes de vélos à Lille"):
        assert not extractor.extract(article(title)).relevant


BAD = [
    "Accident à Lyon : ٣ morts et ۴ blessés",
    "\u202eAccident\u202c à Lyon : 3 morts\u200f et 4 blessés",
    "ACCIDENT À LYON : 3 MORTS ET 4 BLESSÉS",
    "Accident à Lyon : 3 morts et 4 bles",
    "Accident à Lyon : 3 morts. Three people killed in Lyon crash. ثلاثة قتلى",
    "Accident à Lyon : " + "mort " * 400,
    "d'l'qu''’’ l' d’",
    "Accident à Lyon : 99999999999999999999 morts",
]


@pytest.mark.parametrize("title", BAD)
def test_odd_characters_cost_no_more_than_the_item(extractor: Extractor, title: str) -> None:
    for report in extractor.extract(article(title)).reports:
        assert report.killed.low is None or report.killed.low <= 4


def test_french_under_a_wrong_tag_is_read_as_french(extractor: Extractor) -> None:
    text = (
        "Une voiture est sortie de la route dans la nuit près de Lyon et les pompiers ont trouvé 3 morts et 4 blessés."
    )
    report = extractor.extract(article("Accident de la route près de Lyon", text, lang="en")).reports[0]
    assert (report.killed.low, report.injured.low) == (3, 4)
