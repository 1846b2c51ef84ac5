"""Days as they are meant at the place of the event: "today" by its clock, 3/5/2026 by its country's order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from samples import news

from extract import Extractor


def day_of(extractor: Extractor, text: str, published: datetime, *, title: str = "News") -> str:
    report = extractor.extract(news(text, title=title, published=published)).reports[0]
    assert report.when is not None
    return report.when.start[:10]


@pytest.mark.parametrize(
    ("text", "hour", "day"),
    [
        ("A fire killed two people in Brisbane this morning.", 22, "2026-03-05"),
        ("A fire killed two people in Brisbane yesterday.", 22, "2026-03-04"),
        ("A fire killed two people in Seattle yesterday.", 4, "2026-03-02"),
        ("A bomb killed two people in Quito tonight.", 3, "2026-03-03"),
        ("A fire killed two people in Leeds yesterday.", 12, "2026-03-03"),
    ],
)
def test_relative_days_count_from_the_local_day(extractor: Extractor, text: str, hour: int, day: str) -> None:
    assert day_of(extractor, text, datetime(2026, 3, 4, hour, tzinfo=UTC)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("A fire in Hull killed two people on 02/03/2026.", "2026-03-02"),
        ("A fire in Pune killed two people on 28-02-2026.", "2026-02-28"),
        ("A fire in Bonn killed two people on 1.3.2026.", "2026-03-01"),
        ("A fire in Lille killed two people on 2/3/26.", "2026-03-02"),
        ("A fire in Tulsa, Oklahoma, killed two people on 3/2/2026.", "2026-03-02"),
    ],
)
def test_dates_in_figures_have_the_order_of_the_country(extractor: Extractor, text: str, day: str) -> None:
    assert day_of(extractor, text, datetime(2026, 3, 4, 10, tzinfo=UTC)) == day
