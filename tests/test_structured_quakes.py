"""An earthquake that agencies list becomes one record with its magnitude, severity and news, and is revised in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structured import NOW, Desk, actions

from extract import Extractor
from extract.feeds import parse
from extract.types import Action, Certainty, Lifecycle, Severity

AT = datetime(2026, 11, 30, 8, 41, 12, tzinfo=UTC)
USGS, EMSC = "https://usgs.example/all_day.geojson", "https://emsc.example/query?format=json"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture
def desk(tmp_path: Path, extractor: Extractor) -> Iterator[Desk]:
    with Desk(tmp_path, extractor) as made:
        yield made


def usgs(
    magnitude: float = 7.8,
    place: str = "27 km E of Nurdağı, Turkey",
    *,
    id: str = "us7000zz01",
    at: datetime = AT,
    lat: float = 37.17,
    lon: float = 37.04,
    **facts: Any,
) -> dict[str, Any]:
    properties = {
        "mag": magnitude,
        "place": place,
        "time": round(at.timestamp() * 1000),
        "updated": round(at.timestamp() * 1000) + 90_000,
        "type": "earthquake",
        "status": "automatic",
        "url": f"https://usgs.example/eventpage/{id}",
        "ids": f",{id},",
        "title": f"M {magnitude:.1f} - {place}",
    }
    geometry = {"type": "Point", "coordinates": [lon, lat, 17.9]}
    return {"type": "Feature", "id": id, "properties": properties | facts, "geometry": geometry}


def emsc(magnitude: float = 7.7, *, id: str = "20261130_0000045", at: datetime = AT, **facts: Any) -> dict[str, Any]:
    properties = {
        "source_catalog": "EMSC-RTS",
        "lastupdate": "2026-11-30T08:50:00.0Z",
        "time": at.isoformat().replace("+00:00", "Z"),
        "flynn_region": "CENTRAL TURKEY",
        "lat": 37.25,
        "lon": 37.1,
        "depth": 10.0,
        "evtype": "ke",
        "auth": "EMSC",
        "mag": magnitude,
        "magtype": "mw",
        "unid": id,
    }
    geometry = {"type": "Point", "coordinates": [37.1, 37.25, -10.0]}
    return {"type": "Feature", "geometry": geometry, "id": id, "properties": properties | facts}


def listed(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "metadata": {"title": "Quakes"}, "features": list(features)})


def test_a_great_earthquake_is_alerted_with_its_magnitude_and_a_severity_that_ranks_it(desk: Desk) -> None:
    assert actions(desk.read(listed(usgs()), USGS)) == [Action.NEW]
    [record] = desk.records()
    facts = record.facts
    assert (facts.kind, facts.magnitude, facts.severity) == ("earthquake", 7.8, Severity.EXTREME)
    assert facts.certainty is Certainty.OBSERVED
    assert facts.place is not None and (facts.place.name, facts.place.country) == ("Nurdağı", "TR")
    assert facts.when is not None and facts.when.start == "2026-11-30T11:41"
    assert record.summary.endswith("magnitude 7.8")


@pytest.mark.parametrize(
    ("magnitude", "alert", "expected"),
    [
        (4.6, None, Severity.MINOR),
        (5.4, None, Severity.MODERATE),
        (6.6, "green", Severity.SEVERE),
        (5.9, "orange", Severity.SEVERE),
        (6.1, "red", Severity.EXTREME),
        (7.9, None, Severity.EXTREME),
    ],
)
def test_the_severity_is_that_of_the_magnitude_or_of_a_graver_alert_level(
    desk: Desk, magnitude: float, alert: str | None, expected: Severity
) -> None:
    desk.read(listed(usgs(magnitude, alert=alert)), USGS)
    assert desk.records()[0].facts.severity is expected


def test_every_fact_is_shown_by_words_of_the_article(desk: Desk) -> None:
    [article] = parse(listed(usgs(alert="red")).encode()).articles
    [report] = desk.extractor.extract(article).reports
    quoted = {field: quotes[0].quote for field, quotes in report.evidence.items()}
    assert quoted == {
        "kind": "earthquake",
        "place": "27 km E of Nurdağı, Turkey",
        "when": "30 November 2026 at 08:41 UTC",
        "magnitude": "7.8",
        "official": "red",
    }
    for quotes in report.evidence.values():
        assert article.text[quotes[0].start : quotes[0].end] == quotes[0].quote


def test_a_revised_magnitude_is_an_update_and_no_new_incident(desk: Desk) -> None:
    desk.read(listed(usgs(7.4)), USGS)
    changes = desk.read(listed(usgs(7.8)), USGS)
    assert (actions(changes), changes[0].because) == ([Action.REPLY], ("magnitude", "severity"))
    assert [record.facts.magnitude for record in desk.records()] == [7.8]


def test_a_small_revision_is_a_silent_edit(desk: Desk) -> None:
    desk.read(listed(usgs(6.1)), USGS)
    assert actions(desk.read(listed(usgs(6.0)), USGS)) == [Action.EDIT]


def test_the_thirtieth_bulletin_on_an_event_still_changes_its_record(desk: Desk) -> None:
    for number in range(30):
        desk.read(listed(usgs(round(5.0 + number / 10, 1))), USGS)
    assert [(one.facts.magnitude, len(one.articles)) for one in desk.records()] == [(7.9, 1)]


def test_what_was_read_before_is_no_change(desk: Desk) -> None:
    desk.read(listed(usgs(), usgs(5.1, id="us7000zz02", at=AT - timedelta(hours=3), lat=-20.3, lon=-69.9)), USGS)
    assert desk.read(listed(usgs()), USGS) == []


def test_an_earthquake_that_the_agency_deletes_is_retracted(desk: Desk) -> None:
    desk.read(listed(usgs()), USGS)
    assert actions(desk.read(listed(usgs(status="deleted")), USGS)) == [Action.RETRACT]
    assert desk.records()[0].lifecycle is Lifecycle.RETRACTED


@pytest.mark.parametrize("is_first", [True, False])
def test_two_agencies_and_the_news_make_one_record_in_any_order(desk: Desk, is_first: bool) -> None:
    def tell() -> None:
        desk.news(
            "Magnitude 7.8 earthquake kills at least 20 in southern Turkey",
            "A powerful earthquake of magnitude 7.8 struck near Gaziantep in southern Turkey on Monday, killing at "
            "least 20 people and injuring 300, the disaster agency said.",
        )

    if is_first:
        tell()
    desk.read(listed(usgs()), USGS)
    desk.read(listed(emsc()), EMSC)
    if not is_first:
        tell()
    [record] = desk.records()
    assert len(record.articles) == 3
    assert (record.facts.killed.low, record.facts.magnitude) == (20, 7.8)
    assert record.facts.official is not None
    assert set(record.facts.official.ids) == {"usgs:us7000zz01", "emsc:20261130_0000045"}


def test_agencies_agree_on_one_quake_across_a_border_and_a_degree(desk: Desk) -> None:
    desk.read(listed(usgs(5.6, "12 km NNW of Azaz, Syria", lat=36.69, lon=37.0)), USGS)
    desk.read(listed(emsc(5.3, at=AT + timedelta(seconds=40))), EMSC)
    assert len(desk.records()) == 1


def test_an_aftershock_is_an_incident_of_its_own(desk: Desk) -> None:
    desk.read(listed(usgs()), USGS)
    desk.read(listed(usgs(6.7, id="us7000zz03", at=AT + timedelta(minutes=11))), USGS)
    desk.read(listed(emsc(6.6, id="20261130_0000047", at=AT + timedelta(minutes=11, seconds=9))), EMSC)
    assert sorted((one.facts.magnitude or 0, len(one.articles)) for one in desk.records()) == [(6.7, 2), (7.8, 1)]


def test_news_of_a_weaker_quake_of_the_day_does_not_join_the_main_shock(desk: Desk) -> None:
    desk.read(listed(usgs(7.8)), USGS)
    desk.news(
        "Magnitude 5.2 tremor shakes Kahramanmaraş, no damage reported",
        "A 5.2-magnitude earthquake shook Kahramanmaraş in Turkey on Monday. Nobody was injured.",
    )
    assert len(desk.records()) == 2


@pytest.mark.parametrize(
    ("title", "text", "magnitude"),
    [
        (
            "Powerful earthquake kills at least 20 in southern Turkey",
            "A powerful earthquake struck southern Turkey near Gaziantep on Monday, killing at least 20 people and "
            "injuring 300, the disaster agency said. Several aftershocks followed.",
            7.8,
        ),
        (
            "Dozens dead as quake hits Nurdağı",
            "A strong earthquake shook Nurdağı in Turkey on Monday. At least 36 people were killed, officials said.",
            7.8,
        ),
        (
            "Second quake of magnitude 6.7 shakes southern Turkey",
            "A second earthquake of magnitude 6.7 shook Gaziantep in southern Turkey on Monday, minutes after the first.",
            6.7,
        ),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_of_a_main_shock_and_its_aftershocks_the_news_joins_the_one_it_tells_of(
    desk: Desk, title: str, text: str, magnitude: float, is_reversed: bool
) -> None:
    shocks = [usgs(m, id=f"us{n}", at=AT + timedelta(minutes=11 * n)) for n, m in enumerate((7.8, 6.7, 5.6, 5.1, 4.8))]
    for shock in reversed(shocks) if is_reversed else shocks:
        desk.read(listed(shock), USGS)
    desk.news(title, text)
    assert [one.facts.magnitude for one in desk.records() if len(one.articles) == 2] == [magnitude]
    assert len(desk.records()) == len(shocks)


def test_quakes_far_apart_at_one_moment_are_two(desk: Desk) -> None:
    desk.read(listed(usgs(), usgs(7.6, "40 km W of Iquique, Chile", id="us7000zz09", lat=-20.2, lon=-70.5)), USGS)
    assert len(desk.records()) == 2


def test_an_id_that_another_networks_replaces_stays_one_record(desk: Desk) -> None:
    desk.read(listed(usgs(4.9, "5 km NW of The Geysers, CA", id="nc1", lat=38.8, lon=-122.8)), USGS)
    desk.read(listed(usgs(5.0, "5 km NW of The Geysers, CA", id="us2", ids=",nc1,us2,", lat=38.8, lon=-122.8)), USGS)
    assert len(desk.records()) == 1


@pytest.mark.parametrize(
    ("place", "lat", "lon", "expected"),
    [
        ("92 km NE of Vanimo, Papua New Guinea", -2.0, 141.9, ("Vanimo", "PG")),
        ("168km WSW of Sungaipenuh, Indonesia", -2.89, 100.1, ("Sungaipenuh", "ID")),
        ("5 km NW of The Geysers, CA", 38.8, -122.8, ("The Geysers", "US")),
        ("2 km S of Ridgecrest, California", 35.6, -117.67, ("Ridgecrest", "US")),
        ("Mid-Indian Ridge", -38.5, 78.1, ("Mid-Indian Ridge", None)),
        ("off the coast of Oregon", 43.5, -126.5, ("off the coast of Oregon", "US")),
        ("41 km SE of Kokopo, Papua New Guinea", -4.6, 152.5, ("Kokopo", "PG")),
    ],
)
def test_the_place_is_the_point_with_the_agencys_name(
    extractor: Extractor, place: str, lat: float, lon: float, expected: tuple[str, str | None]
) -> None:
    [article] = parse(listed(usgs(6.0, place, lat=lat, lon=lon)).encode()).articles
    found = extractor.extract(article).reports[0].place
    assert found is not None and (found.name, found.country) == expected
    assert (found.lat, found.lon) == (lat, lon)


def test_events_that_are_no_earthquakes_are_named_as_such_or_left_out(extractor: Extractor) -> None:
    kinds = ["earthquake", "quarry blast", "volcanic eruption", "explosion", "landslide"]
    feed = parse(listed(*(usgs(3.0, id=f"x{n}", type=kind) for n, kind in enumerate(kinds))).encode())
    assert [one.reports[0].kind for one in extractor.extract_all(feed.articles)] == [
        "earthquake",
        "volcano",
        "landslide",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"mag": None},
        {"mag": "7.8"},
        {"mag": True},
        {"mag": 1e308},
        {"mag": float("nan")},
        {"type": None},
        {"type": ["earthquake"]},
    ],
)
def test_a_feature_without_a_possible_magnitude_or_type_is_left_out(facts: dict[str, Any]) -> None:
    feed = parse(listed(usgs(**facts), usgs(id="ok")).encode())
    assert [article.id for article in feed.articles] == ["ok"]


@pytest.mark.parametrize(
    ("facts", "geometry"),
    [
        ({"time": None}, {"type": "Point", "coordinates": [37.0, 37.2, 1]}),
        ({"time": 10**18}, None),
        ({"time": "yesterday", "place": 7, "ids": 3, "alert": 5, "title": {}, "url": []}, {"coordinates": "x"}),
        ({}, {"coordinates": [None, None, None]}),
        ({}, {"coordinates": [500.0, -300.0]}),
        ({}, {"coordinates": [[1, 2], [3, 4]]}),
        ({"place": "x" * 100_000, "title": "\u0000\ud800" * 50}, {"coordinates": []}),
    ],
)
def test_wrong_values_are_unknown_and_the_rest_is_read(
    extractor: Extractor, facts: dict[str, Any], geometry: dict[str, Any] | None
) -> None:
    feature = usgs(6.0, **facts) | {"geometry": geometry}
    [article] = parse(listed(feature).encode()).articles
    [report] = extractor.extract(article).reports
    assert (report.kind, report.magnitude) == ("earthquake", 6.0)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (listed(usgs())[:-40], "no JSON"),
        ('{"type": "FeatureCollection", "features": {}}', None),
        ('{"type": "FeatureCollection", "features": []}', None),
        ('{"type": "FeatureCollection", "features": [1, null, "x", []]}', "none of 4 features is an earthquake"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 100_000, "no JSON"),
    ],
)
def test_damaged_lists_have_no_articles_and_at_most_one_problem(document: str, problem: str | None) -> None:
    feed = parse(document.encode())
    assert feed.articles == ()
    assert [one[: len(problem)] for one in feed.problems] == [problem] if problem else feed.problems == ()


def test_blasts_of_the_emsc_are_left_out() -> None:
    feed = parse(listed(emsc(evtype="km"), emsc(id="2", evtype="se"), emsc(id="3", evtype=None)).encode())
    assert [article.id for article in feed.articles] == ["2"]
    assert feed.articles[0].published == AT and NOW > AT
