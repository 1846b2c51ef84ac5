"""What does Spanish say of how many, where and what, and does bad input do no harm?"""

from __future__ import annotations

import pytest
from reports import harm_of, report_of

from extract import Extractor
from extract.lang import LANGUAGES
from extract.nlp.people_counted import numbers_in
from extract.prefilter import may_be_about_incident
from extract.text.phrases import WordForms, words_of
from extract.types import Article, CountState

SPANISH = LANGUAGES["es"]


def _values(text: str) -> list[int]:
    words = words_of(text, WordForms(numbers=SPANISH.numbers.words))
    return [number.value for number in numbers_in(words, SPANISH)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Murieron 2011 personas", []),
        ("Fueron detenidos en 1998 y hubo 2000 heridos", [2000]),
        ("Más de 2.016 heridos", [2016]),
    ],
)
def test_a_bare_year_is_no_number_of_people_unless_it_is_round(text: str, values: list[int]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("title", "harm"),
    [
        ("Mueren al menos dos ciudadanos rusos en un ataque con drones en Sarátov", (2, None)),
        ("Las inundaciones en Indonesia dejan ya más de un millar de fallecidos", (1000, None)),
        ("Choque de autobuses en Cusco: 4 muertos y veintidós heridos", (4, 22)),
        ("Asesinan a balazos a un comerciante en Guayaquil", (1, None)),
        ("Un camión volcó en Tucumán y una mujer fue trasladada al hospital", (None, 1)),
        ("Incendio en un mercado de Lima destruye 20 puestos y deja tres heridos", (None, 3)),
    ],
)
def test_numbers_beside_words_for_harm_are_counted(
    extractor: Extractor, title: str, harm: tuple[int | None, int | None]
) -> None:
    assert harm_of(extractor, "es", title) == harm


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("Incendio en un almacén de Lima: nadie resultó herido", CountState.NONE),
        ("Incendio en un almacén de Lima sin heridos", CountState.NONE),
        ("Incendio en un almacén de Lima: un bombero resultó herido", CountState.COUNTED),
    ],
)
def test_nobody_hurt_is_none_and_no_number(extractor: Extractor, title: str, state: CountState) -> None:
    report = report_of(extractor, "es", title)
    assert report is not None
    assert report.injured.state is state


def test_a_drill_and_a_day_of_remembrance_are_no_incident(extractor: Extractor) -> None:
    assert report_of(extractor, "es", "Miles participan en un simulacro de terremoto en Lima") is None
    assert report_of(extractor, "es", "Madrid recuerda a las víctimas del atentado en la estación") is None


BAD_INPUT = {
    "digits of another script": "Choque en Cusco deja ٣ muertos",
    "bidirectional controls": "\u202eChoque\u202c en \u2067Cusco\u2069 deja tres muertos",
    "two languages": "Tres muertos in a crash near Cusco, police said, y dos heridos",
    "all capitals": "CHOQUE EN CUSCO DEJA TRES MUERTOS",
    "cut off": "Choque en Cusco deja tres muertos y doce heri",
    "combining marks": "Explosio\u0301n en Cusco deja tres muertos",
    "nothing but signs": "¿¡… — «»!?",
}


@pytest.mark.parametrize("what", BAD_INPUT)
@pytest.mark.parametrize("tag", ["es", "", "en", "ru", "xx"])
def test_bad_input_and_wrong_tags_stop_nothing(extractor: Extractor, what: str, tag: str) -> None:
    report = report_of(extractor, tag, BAD_INPUT[what])
    assert report is None or report.killed.low in (None, 3)


def test_capitals_and_a_missing_tag_change_no_number(extractor: Extractor) -> None:
    assert harm_of(extractor, "es", BAD_INPUT["all capitals"]) == (3, None)
    assert harm_of(extractor, "", "Choque de dos autobuses en la ciudad de Cusco deja tres muertos") == (3, None)


def test_an_item_that_tells_an_act_by_its_victims_alone_is_read() -> None:
    def is_read(title: str) -> bool:
        article = Article(id="one", title=title, text="", published=None, source="", url="", lang="es")
        return may_be_about_incident(SPANISH.lay_out(article), SPANISH)

    assert is_read("Deja tres heridos en Lima una maniobra del conductor")
    assert not is_read("Abre en Lima una escuela de conductores")
