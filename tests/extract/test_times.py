"""When it happened, against a Friday of publication."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from samples import news

from extract import Extractor
from extract.nlp.build import read
from extract.nlp.mentions import Reading, TimeMention
from extract.text.layout import lay_out
from extract.types import TimePrecision


def times_in(extractor: Extractor, text: str, published: date) -> list[TimeMention]:
    article = news(text, published=datetime.combine(published, time(), UTC))
    mentions: list[TimeMention] = read(extractor._nlp, article, lay_out(article), extractor._common)._.times
    return mentions


@pytest.mark.parametrize(
    ("text", "start", "precision"),
    [
        ("A bomb killed four people in Kano on Wednesday night.", "2024-03-13", TimePrecision.DAY),
        ("A bomb killed four people in Kano at 11:40 p.m. on Thursday.", "2024-03-14T23:40", TimePrecision.MINUTE),
        ("A bomb killed four people in Kano on Friday.", "2024-03-15", TimePrecision.DAY),
        ("A bomb killed four people in Kano yesterday.", "2024-03-14", TimePrecision.DAY),
        ("A bomb killed four people in Kano on March 12.", "2024-03-12", TimePrecision.DAY),
        ("A bomb killed four people in Kano on 12 March 2024.", "2024-03-12", TimePrecision.DAY),
        ("A bomb killed four people in Kano two days ago.", "2024-03-13", TimePrecision.DAY),
        ("A bomb killed four people in Kano on Thursday, March 7.", "2024-03-07", TimePrecision.DAY),
        ("A bomb killed four people in Kano on Valentine's Day.", "2024-02-14", TimePrecision.DAY),
        ("A bomb killed four people in Kano at about 1 a.m.", "2024-03-15T01:00", TimePrecision.HOUR),
        ("A bomb killed four people in Kano on Tuesday. Police spoke on Friday.", "2024-03-12", TimePrecision.DAY),
    ],
)
def test_day_of_the_act(extractor: Extractor, text: str, start: str, precision: TimePrecision) -> None:
    when = extractor.extract(news(text)).reports[0].when
    assert when is not None
    assert (when.start, when.precision) == (start, precision)


def test_no_time_in_the_text_is_no_time(extractor: Extractor) -> None:
    assert extractor.extract(news("A bomb killed four people in Kano.")).reports[0].when is None


def test_weekday_without_publication_is_no_time(extractor: Extractor) -> None:
    article = news("A bomb killed four people in Kano on Wednesday.", published=None)
    assert extractor.extract(article).reports[0].when is None


def test_an_hour_without_a_day_needs_a_day_of_publication(extractor: Extractor) -> None:
    article = news("A bomb killed four people in Kano at about 1 a.m.", published=None)
    assert extractor.extract(article).reports[0].when is None


@pytest.mark.parametrize(
    ("words", "published", "day"),
    [
        ("Thanksgiving Day", date(2025, 12, 2), date(2025, 11, 27)),
        ("Memorial Day", date(2025, 6, 3), date(2025, 5, 26)),
        ("New Year’s Eve", date(2026, 1, 3), date(2025, 12, 31)),
        ("Labor Day", date(2025, 3, 1), date(2024, 9, 2)),
    ],
)
def test_holidays_are_the_last_before_publication(extractor: Extractor, words: str, published: date, day: date) -> None:
    assert [m.first for m in times_in(extractor, f"Two people were shot on {words} in Tampa.", published)] == [str(day)]


def test_the_weekday_of_publication_has_two_readings(extractor: Extractor) -> None:
    text = "Two people were shot on Friday in Tampa. One was found overnight."
    mentions = times_in(extractor, text, date(2024, 3, 15))
    assert {(m.first, m.reading) for m in mentions} == {
        ("2024-03-15", Reading.SAID),
        ("2024-03-08", Reading.WEEK_BEFORE),
        ("2024-03-14", Reading.SAID),
    }
