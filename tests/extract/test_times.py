"""When it happened, against a Friday of publication."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import TimePrecision


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
