"""Lists of other services than feeds: ReliefWeb, GDELT, news sitemaps, Mastodon, Bluesky, Telegram's channel previews."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.feeds import parse
from extract.types import Article, StatedFacts, Status

FOLDER = Path(__file__).parent / "feeds"
JSON = [
    "earthquakes.json",
    "emsc.json",
    "cap_nws.json",
    "reliefweb.json",
    "reliefweb_reports.json",
    "gdelt.json",
    "mastodon.json",
    "bluesky.json",
]
ALL = [*JSON, "news_sitemap.xml", "telegram.html", "gdacs.xml", "cap_nws.xml", "cap_meteoalarm.xml"]


def golden(name: str) -> tuple[Article, ...]:
    feed = parse((FOLDER / name).read_bytes(), base_url="https://social.example/list")
    return feed.articles


def at(hour: int, minute: int, second: int = 0, day: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def test_disasters_of_reliefweb() -> None:
    flood, outbreak, accident = golden("reliefweb.json")
    assert flood == Article(
        id="disaster 52901",
        title="Pakistan: Floods - Nov 2026",
        text="Heavy rain caused floods in Khyber Pakhtunkhwa.\n\nAbout 2,400 people left their homes.",
        url="https://reliefweb.example/disaster/fl-2026-000321-pak",
        published=at(0, 0, day=29),
        source="reliefweb.example",
        lang="en",
        stated=StatedFacts(
            kind="flood",
            ids=("reliefweb:52901", "glide:FL-2026-000321-PAK"),
            begins=at(0, 0, day=27),
            places=("Pakistan",),
            status=Status.ONGOING,
            quotes={"place": "Pakistan"},
        ),
    )
    assert outbreak.stated is not None
    assert (outbreak.stated.kind, outbreak.stated.places) == ("disease_outbreak", ("Uganda",))
    assert (accident.stated, accident.text) == (None, "Chile: Technological Accident - Nov 2026")


def test_reports_of_reliefweb_are_texts() -> None:
    assert golden("reliefweb_reports.json") == (
        Article(
            id="report 4112001",
            title="Pakistan: Floods - Flash Update 1",
            text="Floods have killed 41 people.\n\nRescue teams reached **Nowshera**.",
            url="https://reliefweb.example/report/pakistan/flash-update-1",
            published=at(6, 0),
            source="IRO",
            lang="en",
        ),
    )


def test_articles_of_gdelt() -> None:
    assert golden("gdelt.json") == (
        Article(
            id="https://daily.example/2026/11/30/market",
            title="Blast at Lahore market kills 4, injures 11",
            text="",
            url="https://daily.example/2026/11/30/market",
            published=at(8, 15),
            source="daily.example",
            lang="en",
        ),
        Article(
            id="https://diario.example/nota/1",
            title="Choque de trenes deja 3 muertos",
            text="",
            url="https://diario.example/nota/1",
            published=at(8, 0),
            source="diario.example",
            lang="es",
        ),
    )


def test_articles_of_a_news_sitemap() -> None:
    fire, council = golden("news_sitemap.xml")
    assert fire == Article(
        id="https://www.quaycourier.example/2026/11/30/fire-at-mill",
        title="Fire & smoke at Old Mill kill two",
        text="",
        url="https://www.quaycourier.example/2026/11/30/fire-at-mill",
        published=at(8, 40),
        source="quaycourier.example",
        lang="en",
    )
    assert (council.title, council.published) == ("Council meets on bins", at(0, 0, day=29))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>", "an index of sitemaps"),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "no news sitemap"),
        (b'<html><head><link href="//telegram.org/x.css"></head><body class="tgme_page"></body></html>', "the channel"),
    ],
)
def test_what_is_no_list_of_articles_says_why(document: bytes, problem: str) -> None:
    feed = parse(document)
    assert feed.articles == () and [one[: len(problem)] for one in feed.problems] == [problem]


@pytest.mark.parametrize(
    "document", [b"{}", b"[]", b"<urlset></urlset>", b'{"articles": [], "seendate": 1}', b'{"feed": [], "x": "at://"}']
)
def test_a_list_without_articles_is_no_failure(document: bytes) -> None:
    feed = parse(document)
    assert (feed.articles, feed.problems) == ((), ())


def test_posts_of_mastodon() -> None:
    first, boosted = golden("mastodon.json")
    assert first == Article(
        id="https://social.example/users/fire/statuses/1155",
        text="Explosion at a flat in #Leeds. Two people are hurt.\n\nAvoid the area.",
        url="https://social.example/@fire/1155",
        published=at(8, 31, 2),
        source="@fire@social.example",
        lang="en",
    )
    assert (boosted.source, boosted.text, boosted.lang) == (
        "@wache@andere.example",
        "Gewalt\n\nEinsatz am Bahnhof.",
        "de",
    )


def test_posts_of_bluesky() -> None:
    assert golden("bluesky.json") == (
        Article(
            id="at://did:plc:abc/app.bsky.feed.post/3laaa",
            text="Explosion at a flat in Leeds.\n\nTwo people are hurt.",
            url="https://bsky.app/profile/fire.example/post/3laaa",
            published=at(8, 31, 2),
            source="@fire.example",
            lang="en",
        ),
    )


def test_messages_of_a_telegram_channel() -> None:
    feed = parse((FOLDER / "telegram.html").read_bytes(), base_url="https://t.me/s/harbourwatch")
    assert feed.title == "Harbour Watch"
    assert feed.articles == (
        Article(
            id="harbourwatch/103",
            text="A drone hit a warehouse in Odesa & two people were killed.",
            url="https://t.me/harbourwatch/103",
            published=at(8, 21, 40),
            source="t.me/harbourwatch",
        ),
        Article(
            id="harbourwatch/101",
            text="Sirens in Odesa.\n\nStay in shelter.",
            url="https://t.me/harbourwatch/101",
            published=at(8, 2, 11),
            source="t.me/harbourwatch",
        ),
    )


# ------------------------------------------------------------------ documents that are damaged or hostile


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_document_that_was_cut_off_raises_nothing(name: str, share: float) -> None:
    body = (FOLDER / name).read_bytes()
    feed = parse(body[: int(len(body) * share)])
    assert len(feed.articles) <= len(golden(name))


def with_other_values(value: Any, wrong: Any) -> Iterator[Any]:
    """The value with each of its parts replaced, one at a time."""
    yield wrong
    if isinstance(value, dict):
        for key, part in value.items():
            for other in with_other_values(part, wrong):
                yield value | {key: other}
    elif isinstance(value, list):
        for n, part in enumerate(value):
            for other in with_other_values(part, wrong):
                yield [*value[:n], other, *value[n + 1 :]]


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("wrong", [None, 7, -1.5e300, True, "x", [], {}, [[1]], {"a": {}}, "\ud800\u0000"])
def test_a_value_of_the_wrong_type_raises_nothing(name: str, wrong: Any) -> None:
    value = json.loads((FOLDER / name).read_bytes())
    for other in with_other_values(value, wrong):
        for article in parse(json.dumps(other).encode()).articles:
            assert article.id
            (article.title + article.text + article.source).encode()


@pytest.mark.parametrize("name", ALL)
def test_a_list_that_is_too_long_is_cut_and_says_so(name: str) -> None:
    feed = parse((FOLDER / name).read_bytes(), max_items=1)
    assert len(feed.articles) <= 1


@pytest.mark.parametrize(
    "document",
    [
        b'{"data": ' + b'[{"fields": {"href": ' * 50_000,
        b'{"articles": [{"seendate": ' + b'"' + b"2" * 3_000_000 + b'"}]}',
        b'[{"uri": "a", "created_at": "' + b"1" * 1_000_000 + b'", "content": "' + b"<p>" * 500_000 + b'"}]',
        b"<urlset>" + b"<url>" * 200_000,
        b'<html><link href="//telegram.org/"><body>' + b'<div class="tgme_widget_message" data-post="a/1">' * 100_000,
    ],
)
def test_a_huge_or_deep_document_raises_nothing(document: bytes) -> None:
    assert len(parse(document).articles) <= 5_000
