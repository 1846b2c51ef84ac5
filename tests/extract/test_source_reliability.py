"""How reliable was each source at a settled incident? Invented reports on one bombing."""

from datetime import UTC, datetime, timedelta

import pytest

from extract import track
from extract.track import SourceAssessment, assess_sources
from extract.types import ArticleRef, Codes, Count, CountState, Member, News, Report

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
NOTHING = Count()


def exactly(low: int, high: int | None = None) -> Count:
    return Count(low=low, high=high or low, state=CountState.COUNTED)


def at_least(low: int) -> Count:
    return Count(low=low, high=None, state=CountState.COUNTED)


def reported(
    source: str, hours: float | None, killed: Count = NOTHING, injured: Count = NOTHING, *, origin: str = ""
) -> Member:
    """A report published ``hours`` after noon, None where the time is not known."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    ref = ArticleRef(id=f"{source}{hours}", source=source, origin=origin or source, published=published)
    report = Report(news=News.EVENT, kind="bombing", codes=Codes(), killed=killed, injured=injured)
    return Member(article=ref, report=report)


def assessed(*members: Member, **counts: Count) -> dict[str, SourceAssessment]:
    facts = Report(news=News.EVENT, kind="bombing", codes=Codes(), **counts)
    return {one.source: one for one in assess_sources(facts, members)}


def test_only_the_first_of_several_origins_is_first() -> None:
    found = assessed(reported("post", 0), reported("wire", 1), reported("radio", 2), reported("post", 3))
    assert {name for name, one in found.items() if one.is_first} == {"post"}
    assert set(found) == {"post", "wire", "radio"}


@pytest.mark.parametrize(
    "members",
    [
        (reported("post", 0), reported("post", 5)),
        (reported("post", 0), reported("mirror", 1, origin="post")),
    ],
    ids=["one source", "a reprint"],
)
def test_an_incident_of_one_origin_is_not_assessed(members: tuple[Member, ...]) -> None:
    assert assessed(*members, killed=exactly(4)) == {}


def test_a_source_published_at_the_same_or_an_unknown_time_is_not_first() -> None:
    assert not any(one.is_first for one in assessed(reported("post", 0), reported("wire", 0)).values())
    assert not any(one.is_first for one in assessed(reported("post", 0), reported("wire", None)).values())


def test_a_date_without_an_hour_is_before_other_days_only() -> None:
    assert not assessed(reported("daily", -12), reported("wire", 3))["daily"].is_first
    assert assessed(reported("daily", -12), reported("wire", 13))["daily"].is_first
    assert assessed(reported("wire", -13), reported("daily", -12))["wire"].is_first


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [(exactly(8), 1), (exactly(8, 10), 1), (at_least(6), 1), (exactly(4), 0), (at_least(9), 0)],
    ids=["the same", "a range that holds it", "a lower bound below it", "fewer", "a lower bound above it"],
)
def test_the_first_number_is_confirmed_if_it_agrees_with_the_settled_one(said: Count, confirmed: int) -> None:
    found = assessed(
        reported("post", 0, said), reported("wire", 9, exactly(8)), reported("post", 20, exactly(8)), killed=exactly(8)
    )
    assert (found["post"].numbers_checked, found["post"].numbers_confirmed) == (1, confirmed)


def test_a_number_that_no_other_origin_confirms_is_not_checked() -> None:
    found = assessed(
        reported("post", 0, exactly(8), exactly(3)),
        reported("wire", 1, exactly(5), exactly(3)),
        killed=exactly(8),
        injured=exactly(3),
    )
    assert (found["post"].numbers_checked, found["post"].numbers_confirmed) == (1, 1)
    assert (found["wire"].numbers_checked, found["wire"].numbers_confirmed) == (2, 1)


def test_nothing_is_said_about_a_source_with_few_incidents_or_numbers() -> None:
    few, many = (
        track.SourceReliability(incidents=9, times_first=9, numbers_checked=9),
        track.SourceReliability(incidents=20, times_first=9, numbers_checked=10),
    )
    assert not few.is_often_first
    assert not few.has_enough_numbers
    assert many.is_often_first
    assert many.has_enough_numbers
    assert not track.SourceReliability(incidents=30, times_first=9).is_often_first
