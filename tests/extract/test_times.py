"""When the event was, in articles published on a Friday."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from samples import news

from extract import Extractor
from extract.nlp.mentions import Reading, TimeMention
from extract.types import TimePrecision


def times_in(extractor: Extractor, text: str, published: date) -> list[TimeMention]:
    article = news(text, published=datetime.combine(published, time(), UTC))
    mentions: list[TimeMention] = extractor.reader("en").read(article)._.times
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


# ------------------------------------------------------------------ days relative to another one

THURSDAY = date(2024, 5, 23)


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Residents lit candles on Wednesday for three men shot the night before.", "the night before", "2024-05-21"),
        ("On Monday the mayor spoke. She was shot at the previous evening.", "the previous evening", "2024-05-19"),
        ("Four days after two men were shot, police on Tuesday found the gun.", "Four days after", "2024-05-17"),
        ("A day after gunmen killed five people soldiers patrolled the streets.", "A day after", "2024-05-22"),
        ("He was found on Tuesday; he had been shot three days earlier.", "three days earlier", "2024-05-18"),
    ],
)
def test_a_day_relative_to_another_is_counted_from_it(extractor: Extractor, text: str, words: str, day: str) -> None:
    mentions = {text[m.start : m.end]: m.first for m in times_in(extractor, text, THURSDAY)}
    assert mentions[words] == day


@pytest.mark.parametrize(
    "text", ["A bomb went off the day before the vote.", "Gunmen struck the night before Christmas in Kano."]
)
def test_the_day_before_something_else_is_relative_to_no_day_of_the_text(extractor: Extractor, text: str) -> None:
    assert times_in(extractor, text, THURSDAY) == []


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            "Four days after a gunman killed three people in Sibiu, police said on Tuesday they had the weapon.",
            "2024-03-08",
        ),
        ("An overnight shooting in Flint, Michigan, left two dead. Officers were called at 2:10 a.m.", "2024-03-15"),
    ],
)
def test_the_act_is_on_the_day_relative_to_another(extractor: Extractor, text: str, start: str) -> None:
    when = extractor.extract(news(text)).reports[0].when
    assert when is not None
    assert when.start[:10] == start


def test_overnight_with_an_hour_past_midnight_is_the_day_of_publication(extractor: Extractor) -> None:
    text = "An overnight shooting left two dead in Tampa. Officers were called at 2:10 a.m."
    told = {m.first for m in times_in(extractor, text, THURSDAY) if text[m.start : m.end] == "overnight"}
    assert told == {"2024-05-23"}


def test_overnight_with_an_hour_before_midnight_begins_the_day_before(extractor: Extractor) -> None:
    text = "An overnight shooting left two dead in Tampa. Officers were called at 11:10 p.m."
    told = {m.first for m in times_in(extractor, text, THURSDAY) if text[m.start : m.end] == "overnight"}
    assert told == {"2024-05-22", "2024-05-23"}


@pytest.mark.parametrize(
    ("said", "hour", "day"),
    [
        ("early on Tuesday", 21, "2026-03-10"),
        ("on Monday", 21, "2026-03-09"),
        ("last Tuesday", 21, "2026-03-03"),
        ("after a blast Tuesday", 21, "2026-03-10"),
        ("on Tuesday", 6, "2026-03-03"),
    ],
)
def test_a_weekday_is_that_of_the_places_own_calendar(extractor: Extractor, said: str, hour: int, day: str) -> None:
    text = (
        f"Two men were shot dead outside a pub in Sydney, Australia, {said}, police said. Detectives are at the scene."
    )
    when = extractor.extract(news(text, published=datetime(2026, 3, 9, hour, tzinfo=UTC))).reports[0].when
    assert when is not None
    assert when.start[:10] == day
