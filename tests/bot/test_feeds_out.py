"""Feeds of incidents on the local port: what an address accepts is what it gets, valid by the formats."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import feedparser
import pytest
import stix2
from browsing import Browser, browsing
from fakes import NOW
from lxml import etree
from test_notifications import happen

from bot.alerts.gate import Rules
from bot.config import parse as parse_config
from bot.errors import ConfigError
from bot.export.cap import NAMESPACE
from bot.incidents import corrections
from bot.store import Store
from bot.web.feeds import FEEDS
from extract.feeds import parse
from extract.types import Severity

pytestmark = pytest.mark.usefixtures("simple_tracking")


@pytest.fixture
async def browser(chatting: Any) -> AsyncIterator[Browser]:
    async with browsing(chatting.services) as made:
        yield made


@pytest.fixture
def news(store: Store) -> dict[str, str]:
    """Three incidents: a severe one in Karachi, told twice, a shooting in Lahore, and one in Nairobi."""
    ids = {"karachi": happen(store, "a"), "lahore": happen(store, "shooting b", "Lahore", Severity.MODERATE, killed=1)}
    ids["nairobi"] = happen(store, "c", "Nairobi", killed=30, at=NOW + timedelta(minutes=1))
    happen(store, "d", killed=6, at=NOW + timedelta(minutes=5), source="ledger.example")
    return ids


async def titles(browser: Browser, query: str) -> list[str]:
    status, body, _ = await browser.get(f"/incidents.geojson?{query}")
    assert status == 200, body
    return [one["id"] for one in json.loads(body)["features"]]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", ["karachi", "nairobi", "lahore"]),
        ("q=Karachi", ["karachi"]),
        ("place=Pakistan", ["karachi", "lahore"]),
        ("place=Sindh", ["karachi"]),
        ("place=Karachi 1200km", ["karachi", "lahore"]),
        ("place=Lahore, Nairobi", ["nairobi", "lahore"]),
        ("place=East Africa", ["nairobi"]),
        ("kind=shooting", ["lahore"]),
        ("kind=shooting, bombing", ["karachi", "nairobi", "lahore"]),
        ("severity=severe", ["karachi", "nairobi"]),
        ("q=Pakistan severe", ["karachi"]),
        ("q=no bombing", ["lahore"]),
        ("q=not in Pakistan", ["nairobi"]),
        ("toll=6", ["karachi", "nairobi"]),
        ("killed=7", ["nairobi"]),
        ("toll=31", []),
        ("q=2 sources", ["karachi"]),
        ("place=everywhere&kind=bombing&severity=severe&killed=5&since=1h", ["karachi", "nairobi"]),
    ],
)
async def test_an_address_gets_what_the_words_of_subscribe_mean(
    browser: Browser, news: dict[str, str], query: str, places: list[str]
) -> None:
    assert await titles(browser, query) == [news[name] for name in places]


async def test_since_counts_from_the_last_report(browser: Browser, store: Store, clock: Any) -> None:
    first = happen(store, "a", at=NOW - timedelta(days=3))
    second = happen(store, "b", "Lahore", at=NOW - timedelta(hours=2))
    assert await titles(browser, "since=1d") == [second]
    assert await titles(browser, "since=2026-02-27") == [second, first]
    assert await titles(browser, "since=2026-02-27T12:01") == [second]
    # who has read of it has to learn that it is taken back, also when the last report of it is older
    store.write_sync(corrections.retract, first, now=NOW, rules=Rules())
    assert await titles(browser, "since=1d") == [first, second]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("place=Qqxzzw", "I know no place called"),
        ("place=Springfield", "can be several places, say which one: Springfield, "),
        ("place=here", "an address can't say where you are"),
        ("place=Karachi severe", "is not only a place"),
        ("place=Pakistan 50km", "Pakistan is an area, with no middle"),
        ("q=50km", "A radius needs a place"),
        ("q=Karachi 9000km", "A radius lies between"),
        ("q=Karachi&place=Lahore", "a place is given in q and in place"),
        ("kind=picnic", "there is no kind of incident “picnic”"),
        ("kind=fire&q=bombing", "kinds are given in q and in kind"),
        ("q=bombing but no bombing", "nothing can match: every kind"),
        ("q=Karachi, but not in Pakistan", "nothing can match: Karachi lies in Pakistan"),
        ("q=%2Bpolice -police", "nothing can match: the word"),
        ("severity=high", "severity is one of: extreme"),
        ("certainty=sure", "certainty is one of: observed"),
        ("since=2026-03-03", "nothing can match: 2026-03-03 has not come yet"),
        ("since=soon", "since is an age or a time"),
        ("since=2026-02-31", "since is an age or a time"),
        ("toll=0", "toll is a number of people"),
        ("toll=-1", "toll is a number of people"),
        ("toll=many", "toll is a number of people"),
        ("killed=٣", "killed is a number of people"),
        ("q=Karachi called Home", "belong to a subscription"),
        ("q=max 3 a day", "belong to a subscription"),
        ("bbox=1,2,3,4", "there is no filter 'bbox'"),
        ("q=a&q=b", "q is given twice"),
        ("q=" + "x" * 201, "q is longer than 200"),
        ("place=%0d%0aSet-Cookie: a%0d%0a", "I know no place called"),
    ],
)
async def test_what_can_match_nothing_is_refused_in_one_line(browser: Browser, query: str, why: str) -> None:
    for name in FEEDS:
        status, body, headers = await browser.get(f"/{name}?{query}")
        assert (status, body.count("\n"), headers["Content-Type"][:10]) == (400, 1, "text/plain"), body
        assert why in body


async def test_the_same_bytes_are_not_sent_twice(browser: Browser, store: Store, news: dict[str, str]) -> None:
    for path in (
        "/incidents.atom",
        "/incidents.cap?q=Pakistan",
        "/incidents.geojson",
        "/",
        f"/incident/{news['lahore']}",
    ):
        status, body, headers = await browser.get(path)
        again, empty, kept = await browser.get(path, If_None_Match=f'"old", {headers["ETag"]}')
        assert (status, again, empty, kept["ETag"]) == (200, 304, "", headers["ETag"])
        assert (await browser.get(path, If_None_Match='"other"'))[1] == body
    happen(store, "shooting e", "Lahore", killed=9, at=NOW + timedelta(minutes=9))
    status, _, later = await browser.get(path, If_None_Match=headers["ETag"])
    assert status == 200 and later["ETag"] != headers["ETag"]


async def test_atom_is_read_by_others(browser: Browser, news: dict[str, str]) -> None:
    status, body, headers = await browser.get("/incidents.atom?q=Pakistan%20severe")
    read = feedparser.parse(body)
    assert (status, read.bozo, headers["Content-Type"]) == (200, 0, "application/atom+xml")
    assert read.feed.title == "Tocsin: incidents · Pakistan · severe or worse"
    assert read.feed.id == "urn:tocsin:incidents?q=Pakistan%20severe"
    assert [link.href for link in read.feed.links] == [
        "https://alerts.example.org/t/incidents.atom?q=Pakistan%20severe"
    ]
    [entry] = read.entries
    assert entry.id == f"urn:tocsin:incident:{news['karachi']}"
    assert entry.link == f"https://alerts.example.org/t/incident/{news['karachi']}"
    assert entry.updated == "2026-03-02T12:05:00+00:00" and entry.published == "2026-03-02T12:00:00+00:00"
    assert "Sources: post.example, ledger.example" in entry.content[0].value


async def test_other_filters_are_other_feeds(browser: Browser, news: dict[str, str]) -> None:
    ids = [
        feedparser.parse((await browser.get(f"/incidents.atom?{q}"))[1]).feed.id for q in ("", "q=Karachi", "toll=3")
    ]
    assert len(set(ids)) == 3
    spelt = [(await browser.get(f"/incidents.atom?{q}"))[1] for q in ("q=Karachi&toll=3", "toll=3&q=+Karachi++")]
    assert spelt[0] == spelt[1]


def cap_of(body: str | bytes) -> dict[str, str]:
    root = etree.fromstring(body if isinstance(body, bytes) else body.encode())
    names = ("identifier", "sender", "sent", "msgType", "references")
    return {name: root.findtext(f"{{{NAMESPACE}}}{name}") or "" for name in names}


async def test_a_cap_message_refers_to_all_before_it_as_they_were_sent(
    browser: Browser, store: Store, clock: Any
) -> None:
    name = happen(store, "a")
    address = f"/incident/{name}/cap.xml"
    first = cap_of(await browser.bytes(address))
    happen(store, "b", killed=6, at=NOW + timedelta(minutes=5), source="ledger.example")
    second = cap_of(await browser.bytes(address))
    store.write_sync(corrections.retract, name, now=NOW + timedelta(minutes=9), rules=Rules())
    body = await browser.bytes(address)
    third = cap_of(body)
    assert [one["msgType"] for one in (first, second, third)] == ["Alert", "Update", "Cancel"]
    sent = [f"{one['sender']},{one['identifier']},{one['sent']}" for one in (first, second)]
    assert (second["references"], third["references"]) == (sent[0], " ".join(sent))
    assert third["sent"] == "2026-03-02T12:09:00+00:00"
    [read] = parse(body).articles
    assert (read.withdrawn, read.revises) == (True, first["identifier"])


async def test_our_own_reader_reads_the_cap_feed(browser: Browser, store: Store, news: dict[str, str]) -> None:
    store.write_sync(corrections.retract, news["lahore"], now=NOW + timedelta(minutes=20), rules=Rules())
    _, body, _ = await browser.get("/incidents.cap?place=Pakistan")
    read = parse(body.encode())
    assert not read.problems
    assert [(one.revises, one.withdrawn) for one in read.articles] == [
        (f"{news['lahore']}.1", True),
        (f"{news['karachi']}.1", False),
    ]
    assert read.articles[0].url == f"https://alerts.example.org/t/incident/{news['lahore']}"


async def test_one_that_was_merged_into_another_is_cancelled(
    browser: Browser, store: Store, news: dict[str, str]
) -> None:
    kept, gone = news["karachi"], news["lahore"]
    store.write_sync(corrections.merge, kept, gone, now=NOW + timedelta(minutes=30), rules=Rules())
    read = parse((await browser.get("/incidents.cap?place=Pakistan"))[1].encode())
    assert [(one.revises, one.withdrawn) for one in read.articles] == [(f"{gone}.1", True), (f"{kept}.1", False)]
    assert f"One with {kept}" in (await browser.get("/incidents.cap?place=Lahore"))[1]
    bundle = stix2.parse((await browser.get("/incidents.stix?place=Lahore"))[1], allow_custom=False, version="2.1")
    assert [one.revoked for one in bundle.objects if one["type"] == "incident"] == [True]
    for name in ("incidents.atom", "incidents.geojson", ""):
        assert gone not in (await browser.get(f"/{name}?place=Pakistan"))[1]


async def test_geojson_has_points_east_first_and_null_where_none_is_known(
    browser: Browser, news: dict[str, str]
) -> None:
    _, body, headers = await browser.get("/incidents.geojson?place=Karachi")
    read = json.loads(body)
    assert (read["type"], headers["Content-Type"]) == ("FeatureCollection", "application/geo+json")
    [feature] = read["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [67.01, 24.86]}
    assert feature["properties"]["killed_low"] == 6
    assert feature["properties"]["page"] == f"https://alerts.example.org/t/incident/{news['karachi']}"
    assert json.loads(await browser.bytes(f"/incident/{news['karachi']}/geo.json"))["features"] == [feature]


async def test_a_stix_bundle_is_read_by_the_standards_library(browser: Browser, news: dict[str, str]) -> None:
    _, body, headers = await browser.get("/incidents.stix?place=Karachi")
    read = stix2.parse(body, allow_custom=False, version="2.1")
    [main] = [one for one in read.objects if one["type"] == "incident"]
    assert headers["Content-Type"] == "application/stix+json;version=2.1"
    assert main.external_references[0].url == f"https://alerts.example.org/t/incident/{news['karachi']}"
    assert (main.created, main.modified) == (NOW, NOW + timedelta(minutes=5))


async def test_without_a_public_address_links_lead_to_this_machine(chatting: Any, store: Store) -> None:
    name = happen(store, "a")
    async with browsing(chatting.services, "") as browser:
        read = feedparser.parse((await browser.get("/incidents.atom"))[1])
    assert read.entries[0].link == f"http://127.0.0.1:8092/incident/{name}"


@pytest.mark.parametrize(
    "path", ["/metrics", "/health", "/articles", "/incident/", "/incident/../x", "/templates/page.css"]
)
async def test_nothing_else_is_there(browser: Browser, path: str) -> None:
    assert (await browser.get(path))[0] == 404


async def test_nothing_can_be_sent_to_it(browser: Browser) -> None:
    async with browser.session.post(f"{browser.base}/incidents.atom", data=b"x") as answer:
        assert answer.status == 405


def test_two_servers_at_one_port_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match=r"web.port: 9000 is the port of \[metrics\]; take another"):
        parse_config({"metrics": {"port": 9000}, "web": {"port": 9000}})


@pytest.mark.parametrize(
    "url", ["alerts.example.org", "ftp://x.example", "https://x.example/?a=1", "https://x.example/#a"]
)
def test_a_public_address_is_the_beginning_of_one(url: str) -> None:
    with pytest.raises(ConfigError, match=r"web\.url"):
        parse_config({"web": {"url": url}})
