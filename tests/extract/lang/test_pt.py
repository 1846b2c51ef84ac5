"""What does Portuguese, European and Brazilian, say of how many, where and what, and does bad input do no harm?"""

from __future__ import annotations

import pytest
from reports import harm_of, report_of

from extract import Extractor
from extract.lang import LANGUAGES

PORTUGUESE = LANGUAGES["pt"]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("dezesseis", 16),
        ("dezasseis", 16),
        ("quatorze", 14),
        ("vinte e dois", 22),
        ("cento e trinta e uma", 131),
        ("duas mil", 2000),
        ("3 mil", 3000),
        ("27 000", 27000),
    ],
)
def test_number_words_of_both_spellings_are_read(said: str, value: int) -> None:
    number = PORTUGUESE.numbers.read(said.split())
    assert number is not None
    assert (number.value, number.exact) == (value, True)


@pytest.mark.parametrize(
    ("title", "harm"),
    [
        ("Colisão entre ônibus e caminhão em Goiânia deixa ao menos quatro mortos e dezesseis feridos", (4, 16)),
        ("Choque entre autocarro e camião em Leiria faz quatro mortos e dezasseis feridos", (4, 16)),
        ("Homem morre atropelado em Curitiba", (1, None)),
        ("Homem é baleado durante assalto em Manaus", (None, 1)),
        ("Incêndio em prédio de Lisboa: nenhum ferido", (None, None)),
        ("Tiroteio em Recife deixa três mortos, entre eles duas crianças", (3, None)),
    ],
)
def test_numbers_beside_words_for_harm_are_counted(
    extractor: Extractor, title: str, harm: tuple[int | None, int | None]
) -> None:
    assert harm_of(extractor, "pt", title) == harm


@pytest.mark.parametrize(
    ("title", "name", "country"),
    [
        ("Tiroteio em Salvador mata três pessoas", "Salvador", "BR"),
        ("Incêndio em Brasília faz dois mortos", "Brasília", "BR"),
        ("Explosão no Quénia mata cinco pessoas", "Kenya", "KE"),
        ("Explosão no Quênia mata cinco pessoas", "Kenya", "KE"),
    ],
)
def test_places_have_their_portuguese_names(extractor: Extractor, title: str, name: str, country: str) -> None:
    report = report_of(extractor, "pt", title)
    assert report is not None
    assert report.place is not None
    assert (report.place.name, report.place.country) == (name, country)


def test_a_drill_and_a_figure_are_no_incident(extractor: Extractor) -> None:
    assert report_of(extractor, "pt", "Escolas de Lisboa fazem simulacro de sismo") is None
    assert report_of(extractor, "pt", "Número de homicídios cai 12% em São Paulo no primeiro semestre") is None


BAD_INPUT = {
    "digits of another script": "Colisão em Curitiba deixa ٣ mortos",
    "bidirectional controls": "\u202eColisão\u202c em \u2067Curitiba\u2069 deixa três mortos",
    "two languages": "Três mortos in a crash near Curitiba, police said, e dois feridos",
    "all capitals": "COLISÃO EM CURITIBA DEIXA TRÊS MORTOS",
    "cut off": "Colisão em Curitiba deixa três mortos e doze feri",
    "combining marks": "Explosa\u0303o em Curitiba deixa tre\u0302s mortos",
    "nothing but signs": "… — «»!?",
}


@pytest.mark.parametrize("what", BAD_INPUT)
@pytest.mark.parametrize("tag", ["pt", "pt-BR", "", "en", "es", "ru", "xx"])
def test_bad_input_and_wrong_tags_stop_nothing(extractor: Extractor, what: str, tag: str) -> None:
    report = report_of(extractor, tag, BAD_INPUT[what])
    assert report is None or report.killed.low in (None, 3)


def test_capitals_and_a_missing_tag_change_no_number(extractor: Extractor) -> None:
    assert harm_of(extractor, "pt", BAD_INPUT["all capitals"]) == (3, None)
    assert harm_of(extractor, "", "Colisão entre dois ônibus na cidade de Curitiba deixa três mortos") == (3, None)
