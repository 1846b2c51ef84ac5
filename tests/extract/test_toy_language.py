"""Is the contract enough to read headlines of a further language, with a few lines of data and no parser?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract import Article, Extractor
from extract.language import Language
from extract.lexicon import Lexicon
from extract.text.numbers import Number, Numbers, read_digits
from extract.types import CountState, Precision

TABLES = {
    "triggers": """
        [explosion]
        strong = ["explosión|explosiones"]
        [shooting]
        strong = ["tiroteo|tiroteos", "a tiros"]
    """,
    "casualties": """
        [states]
        killed = ["muertos", "muerto", "muertas"]
        injured = ["heridos", "herido", "heridas"]
        [at_least]
        words = ["al menos"]
    """,
    "places": """
        [before]
        strong = ["en"]
    """,
    "times": """
        [relative]
        ayer = [1, 1]
        [weekdays]
        names = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    """,
    "detect": """
        [function_words]
        words = ["de", "la", "el", "en", "y", "que", "los", "un", "una"]
    """,
}
WORDS = {"dos": 2, "tres": 3, "doce": 12}
# a Friday
PUBLISHED = datetime(2026, 11, 27, 12, tzinfo=UTC)


def read_number(words: list[str]) -> Number | None:
    value = WORDS.get(words[0], read_digits(words[0])) if len(words) == 1 else None
    return None if value is None else Number(value, True)


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    folder: Path = tmp_path_factory.mktemp("es")
    for name, text in TABLES.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    toy = Language(code="es", lexicon=Lexicon(folder), numbers=Numbers(words=WORDS, read=read_number))
    return Extractor(languages=(toy,))


def headline(title: str, text: str = "") -> Article:
    return Article(id="1", title=title, text=text or title, lang="es", published=PUBLISHED)


@pytest.mark.parametrize(
    ("title", "kind", "place", "killed", "injured"),
    [
        ("3 muertos en explosión en Lima", "explosion", "Lima", 3, None),
        ("Explosión en Bogotá: dos muertos y al menos doce heridos", "explosion", "Bogotá", 2, 12),
        ("Tiroteo en Guadalajara deja tres muertos", "shooting", "Guadalajara", 3, None),
    ],
)
def test_a_headline_gives_kind_place_and_counts(
    spanish: Extractor, title: str, kind: str, place: str, killed: int | None, injured: int | None
) -> None:
    (report,) = spanish.extract(headline(title)).reports
    assert report.kind == kind
    assert report.place is not None
    assert (report.place.name, report.place.precision) == (place, Precision.CITY)
    assert report.killed.low == killed
    assert report.injured.low == injured


def test_at_least_leaves_a_count_open(spanish: Extractor) -> None:
    (report,) = spanish.extract(headline("Explosión en Lima: al menos doce heridos")).reports
    assert (report.injured.low, report.injured.high, report.injured.state) == (12, None, CountState.COUNTED)


@pytest.mark.parametrize(
    ("said", "day"), [("ayer", "2026-11-26"), ("el miércoles", "2026-11-25"), ("este viernes", "2026-11-27")]
)
def test_days_are_counted_from_the_day_of_publication(spanish: Extractor, said: str, day: str) -> None:
    (report,) = spanish.extract(headline(f"3 muertos en explosión en Lima {said}")).reports
    assert report.when is not None
    assert (report.when.start, report.when.end) == (day, day)


def test_evidence_is_the_very_words(spanish: Extractor) -> None:
    title = "3 muertos en explosión en Lima"
    (report,) = spanish.extract(headline(title)).reports
    quotes = {field: quotes[0] for field, quotes in report.evidence.items()}
    assert {field: quote.quote for field, quote in quotes.items()} == {
        "kind": "explosión",
        "killed": "3",
        "place": "Lima",
    }
    assert all(title[quote.start : quote.end] == quote.quote for quote in quotes.values())


def test_a_harmless_headline_and_one_in_another_language_give_nothing(spanish: Extractor) -> None:
    assert spanish.extract(headline("La selección gana en Lima por tres goles")).reports == ()
    english = Article(id="2", title="Three killed in explosion in Lima", text="...", lang="en", published=PUBLISHED)
    assert spanish.extract(english).reports == ()
