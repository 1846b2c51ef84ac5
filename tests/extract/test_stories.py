"""Are two short items about one incident? Their stories decide what may be an error of one teaser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import cos, sin
from typing import Any

import pytest

from extract import track
from extract.track.match import decide, search_window
from extract.track.story import likeness
from extract.types import (
    ArticleRef,
    Codes,
    Count,
    CountState,
    Incident,
    Member,
    News,
    Place,
    Precision,
    Quote,
    Report,
    TimePrecision,
    When,
)

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
TURKEY = Place(name="Turkey", country="TR", precision=Precision.COUNTRY, geonameid=298795)
SYRIA = Place(name="Syria", country="SY", precision=Precision.COUNTRY, geonameid=163843)
MULTAN = Place(
    name="Multan", admin1="Punjab", country="PK", lat=30.197, lon=71.471, precision=Precision.CITY, geonameid=1169825
)
KARACHI = Place(
    name="Karachi", admin1="Sindh", country="PK", lat=24.86, lon=67.01, precision=Precision.CITY, geonameid=1174872
)
MERIDA = Place(
    name="Mérida", admin1="Yucatán", country="MX", lat=20.97, lon=-89.62, precision=Precision.CITY, geonameid=3523349
)
MARKET = ("^danish", "bazaar", "fruit", "shop", "stall", "trader")
WORDS = ("^gulgasht", "bus", "counter", "rescue", "terminal", "windows")


def story(angle: float) -> bytes:
    """A unit vector of 64 numbers at an angle, in radians, to that of angle 0."""
    return bytes(round(127 * x) % 256 for x in (cos(angle), sin(angle), *[0.0] * 62))


def day(number: int) -> When:
    text = date(2025, 3, number).isoformat()
    return When(start=text, end=text, precision=TimePrecision.DAY)


def exactly(number: int) -> Count:
    return Count(low=number, high=number, state=CountState.COUNTED)


def item(
    id: str = "a", *, hours: float = 0.0, angle: float | None = 0.0, title: str = "Blast at bus terminal", **fields: Any
) -> Member:
    known: dict[str, Any] = {"news": News.EVENT, "kind": "explosion", "codes": Codes(), "probability": 0.9}
    known |= {"evidence": {"when": (Quote(where="text", start=0, end=7, quote="Tuesday"),)}}
    known |= {"words": WORDS, "story": b"" if angle is None else story(angle)} | fields
    published = NOON + timedelta(hours=hours)
    ref = ArticleRef(id=id, source=f"{id}.example", published=published, origin=id, title=title)
    return Member(article=ref, report=Report(**known))


def joins(known: Member, new: Member) -> bool:
    before: Incident = track.fuse([known], id="inc1", before=None, now=known.article.published or NOON)
    return decide(new, [before]).action == "merge"


# what one of two teasers of an hour may have wrong or leave out
MAY_BE_WRONG: list[dict[str, Any]] = [
    {"kind": "bombing"},
    {"place": SYRIA},
    {"place": None},
    {"when": None, "place": None},
    {"when": day(2), "place": TURKEY},
]
# what makes two incidents of any two items
IS_LAW: list[dict[str, Any]] = [
    {"place": KARACHI},
    {"place": MERIDA},
    {"words": ("+again", *WORDS), "killed": exactly(5)},
    {"when": day(6), "hours": 48},
]


@pytest.mark.parametrize("other", MAY_BE_WRONG)
def test_one_story_of_an_hour_is_one_incident_whatever_kind_day_or_country_a_teaser_gives(
    other: dict[str, Any],
) -> None:
    assert joins(item(place=TURKEY, when=day(4)), item("b", hours=1, angle=0.2, **({"when": day(4)} | other)))


@pytest.mark.parametrize("other", MAY_BE_WRONG[1:])
def test_another_story_is_another_incident(other: dict[str, Any]) -> None:
    told = {"angle": 1.3, "title": "Fire in a fruit market", "words": MARKET, "when": day(4)}
    assert not joins(item(place=TURKEY, when=day(4)), item("b", hours=1, **(told | other)))


@pytest.mark.parametrize("other", IS_LAW)
def test_another_town_a_second_blast_or_a_day_of_its_own_is_law_however_alike_the_stories_are(
    other: dict[str, Any],
) -> None:
    told = {"hours": 1, "place": MULTAN, "when": day(4)} | other
    assert not joins(item(place=MULTAN, when=day(4), killed=exactly(12)), item("b", angle=0.0, **told))


def test_stories_decide_only_within_the_days_that_an_incident_is_in_the_news() -> None:
    assert joins(item(place=TURKEY), item("b", hours=5, place=SYRIA, angle=0.1))
    assert not joins(item(place=TURKEY), item("b", hours=24 * 5, place=SYRIA, angle=0.1))


def test_texts_without_a_story_are_matched_by_their_facts_alone() -> None:
    assert not joins(item(place=TURKEY, when=day(4)), item("b", hours=1, angle=None, place=SYRIA, when=day(4)))
    assert joins(item(place=MULTAN, when=day(4)), item("b", hours=1, angle=None, place=MULTAN, when=day(4)))


def test_an_incident_keeps_the_mean_of_its_items_stories() -> None:
    both = track.fuse([item(), item("b", angle=0.4), item("c", angle=None)], id="inc1", before=None, now=NOON)
    assert likeness(both.facts.story, story(0.2)) == pytest.approx(1.0, abs=1e-3)


def test_incidents_of_any_kind_are_looked_up_for_an_item_whose_story_is_known() -> None:
    assert "flood" in search_window(item(place=MULTAN).report, NOON).kinds
    assert "flood" not in search_window(item(place=MULTAN, angle=None).report, NOON).kinds
