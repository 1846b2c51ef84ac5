"""A disaster that the GDACS lists becomes one record with its level, its toll and its news."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from structured import NOW, Desk, actions
from test_structured_quakes import USGS, listed, usgs

from extract import Extractor
from extract.feeds import parse
from extract.types import Action, CountState, Precision, Severity, Status

GOLDEN = (Path(__file__).parent / "extract" / "feeds" / "gdacs.xml").read_bytes()
GDACS = "https://disasters.example/rss.xml"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture
def desk(tmp_path: Path, extractor: Extractor) -> Iterator[Desk]:
    with Desk(tmp_path, extractor) as made:
        yield made


def only(guid: str) -> bytes:
    """The golden feed with one of its items."""
    head, *items = GOLDEN.split(b"<item>")
    [item] = [one for one in items if guid.encode() in one]
    return head + b"<item>" + item.split(b"</item>")[0] + b"</item></channel></rss>"


def test_levels_types_places_and_days_are_read(extractor: Extractor) -> None:
    feed = parse(GOLDEN, base_url=GDACS)
    assert (feed.title, feed.problems, len(feed.articles)) == ("Invented disasters", (), 4)
    reports = [one.reports[0] for one in extractor.extract_all(feed.articles[:3])]
    assert [(one.kind, one.severity, one.status) for one in reports] == [
        ("flood", Severity.SEVERE, Status.ONGOING),
        ("earthquake", Severity.EXTREME, Status.UNKNOWN),
        ("storm", Severity.MINOR, Status.ENDED),
    ]
    places = [one.place for one in reports if one.place]
    assert [(one.country, one.precision) for one in places] == [
        ("PK", Precision.PROVINCE),
        ("TR", Precision.DISTRICT),
        ("PH", Precision.PROVINCE),
    ]
    whens = [(one.when.start, one.when.end) for one in reports if one.when]
    assert whens == [
        ("2026-11-27", "2026-11-30"),
        ("2026-11-30T11:41", "2026-11-30T11:41"),
        ("2026-11-28", "2026-11-30"),
    ]


def test_a_toll_in_the_description_is_the_authoritys_claim(extractor: Extractor) -> None:
    [article] = parse(only("FL1109001")).articles
    [report] = extractor.extract(article).reports
    assert (report.killed.low, report.killed.state) == (41, CountState.COUNTED)
    assert [(one.field, one.official, one.evidence.quote) for one in report.claims] == [("killed", True, "41 deaths")]


def test_an_item_of_an_unknown_type_is_a_text_like_any_other(extractor: Extractor) -> None:
    article = parse(GOLDEN).articles[3]
    assert article.stated is None and extractor.extract(article).reports == ()


def test_an_orange_flood_is_alerted_and_its_news_joins_it(desk: Desk) -> None:
    assert actions(desk.read(only("FL1109001"), GDACS)) == [Action.NEW]
    desk.news(
        "Floods kill 43 in Pakistan's Khyber Pakhtunkhwa",
        "Flash floods have killed at least 43 people in Nowshera and Charsadda districts of Khyber Pakhtunkhwa in "
        "north-western Pakistan since Friday, the provincial disaster management authority said on Monday.",
    )
    [record] = desk.records()
    assert (len(record.articles), record.facts.killed.low, record.facts.severity) == (2, 43, Severity.SEVERE)


def test_a_storm_and_its_news_are_one_record_in_either_order(desk: Desk) -> None:
    desk.news(
        "Tropical storm Orchid kills 3 in northern Philippines",
        "Tropical storm Orchid killed three people in Cagayan province in the northern Philippines on Sunday, "
        "officials said. Thousands were evacuated.",
    )
    desk.read(only("TC1001333"), GDACS)
    [record] = desk.records()
    assert (record.facts.kind, len(record.articles), record.facts.killed.low) == ("storm", 2, 3)


def test_a_storm_elsewhere_in_a_large_country_on_those_days_stays_by_itself(desk: Desk) -> None:
    document = only("TC1001333").replace(b"Philippines, Taiwan", b"United States")
    desk.read(document.replace(b">17.9<", b">26.1<").replace(b">121.6<", b">-80.2<"), GDACS)
    desk.news(
        "Tornado kills two in Oklahoma",
        "A tornado killed two people in Norman, Oklahoma, on Sunday night and damaged 60 homes, police said.",
    )
    assert len(desk.records()) == 2


def test_a_level_that_rises_is_an_update_of_the_record(desk: Desk) -> None:
    desk.read(only("TC1001333"), GDACS)
    changes = desk.read(only("TC1001333").replace(b">Green<", b">Red<"), GDACS)
    assert (actions(changes), changes[0].because) == ([Action.REPLY], ("severity",))
    assert [one.facts.severity for one in desk.records()] == [Severity.EXTREME]


def test_the_gdacs_and_the_usgs_list_one_earthquake(desk: Desk) -> None:
    desk.read(only("EQ1490001"), GDACS)
    desk.read(listed(usgs(7.7)), USGS)
    [record] = desk.records()
    assert (len(record.articles), record.facts.severity) == (2, Severity.EXTREME)


def test_one_glide_number_is_one_disaster_whatever_else_differs(desk: Desk) -> None:
    desk.read(only("FL1109001"), GDACS)
    other = json.dumps(
        {
            "id": "r-1",
            "title": "Pakistan: Floods",
            "text": "Floods in Sindh and Khyber Pakhtunkhwa.",
            "published": NOW.isoformat(),
            "stated": {"kind": "flood", "ids": ["glide:FL-2026-000321-PAK"], "places": ["Pakistan"]},
        }
    )
    from extract.wire import read_article

    desk.take([read_article(other)], "https://relief.example/")
    assert [len(one.articles) for one in desk.records()] == [2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<geo:lat>34.05</geo:lat>", b"<geo:lat>nan</geo:lat>"),
        (b"<geo:lat>34.05</geo:lat>", b"<geo:lat>1e400</geo:lat>"),
        (b"Fri, 27 Nov 2026 01:00:00 GMT", b"soon"),
        (b">Orange<", b">" + b"Orange " * 5_000 + b"<"),
        (b"FL-2026-000321-PAK", b"' OR 1=1"),
        (b"<gdacs:country>Pakistan<", b"<gdacs:country>" + b"A, " * 30_000 + b"<"),
        (b"41 deaths", b"999,999,999,999,999 deaths"),
    ],
)
def test_wrong_values_are_unknown_and_the_rest_is_read(extractor: Extractor, old: bytes, new: bytes) -> None:
    [article] = parse(only("FL1109001").replace(old, new)).articles
    [report] = extractor.extract(article).reports
    assert report.kind == "flood"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_feed_that_was_cut_off_is_read_as_far_as_it_goes(share: float) -> None:
    feed = parse(GOLDEN[: int(len(GOLDEN) * share)])
    assert len(feed.articles) <= 4


def test_a_feed_without_disasters_is_no_failure() -> None:
    feed = parse(GOLDEN.split(b"<item>")[0] + b"</channel></rss>")
    assert (feed.articles, feed.problems) == ((), ())
