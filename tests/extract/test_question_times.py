"""Which days the times of typed questions mean; asked on Monday 30 November 2026."""

from datetime import date

import pytest

from extract.lang.en.questions.time_expressions import NoSuchDayError, find

TODAY = date(2026, 11, 30)


def days(text: str) -> list[str]:
    """The periods of a text, with the parts of dates that differ from today's year left out."""
    return [f"{one.since or ''}..{one.until or ''}".replace("2026-", "") for _, _, one in find(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # days of the week
        ("friday in kaduna", ["11-27..11-27"]),
        ("since saturday", ["11-28..11-30"]),
        ("on wed", ["11-25..11-25"]),
        ("last monday", ["11-23..11-23"]),
        ("monday", ["11-30..11-30"]),
        ("friday night", ["11-27..11-27"]),
        ("friday last week", ["11-27..11-27"]),
        ("last week on tuesday", ["11-24..11-24"]),
        ("thursday to sunday", ["11-26..11-29"]),
        ("between monday and wednesday", ["11-23..11-25"]),
        ("until wednesday this month", ["11-01..11-25"]),
        ("friday the 13th", ["11-13..11-13"]),
        ("saturday the 28th of november", ["11-28..11-28"]),
        # months and their parts
        ("november", ["11-01..11-30"]),
        ("attacks in may", ["05-01..05-31"]),
        ("october, november", ["10-01..10-31", "11-01..11-30"]),
        ("last november", ["2025-11-01..2025-11-30"]),
        ("first week of november", ["11-01..11-07"]),
        ("last two weeks of october", ["10-18..10-31"]),
        ("first half of november 2025", ["2025-11-01..2025-11-15"]),
        ("early november", ["11-01..11-10"]),
        ("at the end of october", ["10-21..10-31"]),
        ("since the start of the month", ["11-01..11-30"]),
        # dates
        ("11/29/2026", ["11-29..11-29"]),
        ("29/11/2026", ["11-29..11-29"]),
        ("3/11/2026", ["11-03..11-03"]),
        ("12/11/2026", ["11-12..11-12"]),
        ("29.11.2026", ["11-29..11-29"]),
        ("29/11/26", ["11-29..11-29"]),
        ("11/29", ["11-29..11-29"]),
        ("27-Nov-2026", ["11-27..11-27"]),
        ("on the 27th", ["11-27..11-27"]),
        ("24-27 november", ["11-24..11-27"]),
        ("Nov 24-27", ["11-24..11-27"]),
        ("between 24 and 27 November", ["11-24..11-27"]),
        ("between November 24 and 27", ["11-24..11-27"]),
        ("from Nov 2 to Nov 8", ["11-02..11-08"]),
        # quarters and calendar units
        ("last quarter", ["07-01..09-30"]),
        ("q3", ["07-01..09-30"]),
        ("third quarter of last year", ["2025-07-01..2025-09-30"]),
        ("the week before last", ["11-16..11-22"]),
        ("month to date", ["11-01..11-30"]),
        ("at the weekend", ["11-28..11-29"]),
        ("last month and this month", ["10-01..10-31", "11-01..11-30"]),
        ("yesterday or today", ["11-29..11-29", "11-30..11-30"]),
        ("yesterday evening", ["11-29..11-29"]),
        # no times
        ("magnitude 6.1", []),
        ("he sat and wed", []),
        ("protest march", []),
    ],
)
def test_times_mean_days(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


def test_a_day_that_does_not_exist_is_named() -> None:
    with pytest.raises(NoSuchDayError, match="31 november"):
        find("attacks on 31 November", TODAY)
