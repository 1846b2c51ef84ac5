"""When were a feed's articles published? Whole documents through ``parse``; ``dates_*.tsv`` say what each date is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.feeds import article_of, parse
from extract.feeds.dates import day_in_address
from extract.feeds.written_date import read_date
from extract.types import Article, ParsedFeed

HERE = Path(__file__).parent
Document = Callable[..., ParsedFeed]


def rss(*dates: str, lang: str = "en", host: str = "news.example", links: Sequence[str] = ()) -> ParsedFeed:
    items = "".join(
        f"<item><title>Number {n}</title><link>{escape(links[n] if links else f'https://{host}/{n}')}</link>"
        f"{f'<pubDate>{escape(one)}</pubDate>' if one else ''}</item>"
        for n, one in enumerate(dates)
    )
    text = f"<rss version='2.0'><channel><title>T</title><language>{lang}</language>{items}</channel></rss>"
    return parse(text.encode(), base_url=f"https://{host}/feed")


def atom(*dates: str, lang: str = "en", host: str = "news.example") -> ParsedFeed:
    entries = "".join(
        f"<entry><title>Number {n}</title><id>{n}</id><updated>{escape(one)}</updated></entry>"
        for n, one in enumerate(dates)
    )
    text = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{lang}'><title>T</title>{entries}</feed>"
    return parse(text.encode(), base_url=f"https://{host}/feed")


def json_feed(*dates: str, lang: str = "en", host: str = "news.example") -> ParsedFeed:
    items = [{"id": str(n), "title": f"Number {n}", "date_published": one} for n, one in enumerate(dates)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": lang, "items": items}
    return parse(json.dumps(feed).encode(), base_url=f"https://{host}/feed")


def written(name: str) -> list[tuple[str, str, str, str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def shown(article: Article) -> str:
    if article.published is None:
        return "-"
    return article.published.strftime("%Y-%m-%d" if article.published_day_only else "%Y-%m-%dT%H:%M:%S")


def dates(feed: ParsedFeed) -> list[str]:
    return [shown(article) for article in feed.articles]


@pytest.mark.parametrize("document", [rss, atom, json_feed])
@pytest.mark.parametrize(
    ("text", "expected", "lang", "host"), [*written("dates_written.tsv"), *written("dates_held_out.tsv")]
)
def test_date_is_read_as_its_writer_meant_it(
    document: Document, text: str, expected: str, lang: str, host: str
) -> None:
    assert dates(document(text, lang=lang, host=host)) == [expected]


def test_one_day_over_twelve_shows_the_order_of_all_dates_of_a_document() -> None:
    assert dates(rss("12/01/2026 08:00", "11/30/2026 08:00")) == ["2026-12-01T08:00:00", "2026-11-30T08:00:00"]
    assert dates(rss("01/12/2026 08:00", "30/11/2026 08:00")) == ["2026-12-01T08:00:00", "2026-11-30T08:00:00"]


def test_order_that_puts_the_dates_of_a_document_close_together_is_right() -> None:
    assert dates(rss("03/12/2026", "02/12/2026", "01/12/2026")) == ["2026-12-03", "2026-12-02", "2026-12-01"]
    assert dates(rss("12/03/2026", "12/02/2026", "12/01/2026")) == ["2026-12-03", "2026-12-02", "2026-12-01"]


def test_weekday_shows_the_order() -> None:
    assert dates(rss("Tue, 12/01/2026 08:00")) == ["2026-12-01T08:00:00"]
    assert dates(rss("Tue, 01/12/2026 08:00")) == ["2026-12-01T08:00:00"]


def test_country_of_the_outlet_decides_the_order_that_nothing_shows() -> None:
    assert dates(rss("12/01/2026", host="courier.example.ph")) == ["2026-12-01"]
    assert dates(rss("12/01/2026", host="courier.example.pk")) == ["2026-01-12"]
    assert dates(rss("12/01/2026", lang="en-US")) == ["2026-12-01"]


def test_order_that_nothing_shows_is_left_open() -> None:
    (article,) = rss("12/01/2026 08:00").articles
    assert article.open_date is not None and article.open_date.other == datetime.fromisoformat("2026-12-01T08:00Z")


def test_abbreviation_of_several_zones_is_left_open_where_the_country_is_not_known() -> None:
    (article,) = rss("Mon, 30 Nov 2026 14:20:00 IST").articles
    assert (shown(article), article.open_date and article.open_date.zone) == ("2026-11-30T08:50:00", "ist")
    (article,) = rss("Mon, 30 Nov 2026 14:20:00 IST", host="news.example.ie").articles
    assert (shown(article), article.open_date) == ("2026-11-30T13:20:00", None)


def test_date_without_zone_is_left_open() -> None:
    (article,) = rss("2026-11-30 14:20:00").articles
    assert article.open_date is not None and not article.open_date.has_zone
    assert rss("Mon, 30 Nov 2026 14:20:00 XYZ").articles[0].open_date == article.open_date


def test_day_in_the_address_counts_where_there_is_no_other_date() -> None:
    links = ["https://news.example/2025/10/12/blast", "https://news.example/2025-10-12-blast.html"]
    assert dates(rss("", "yesterday", links=links)) == ["2025-10-12", "2025-10-12"]
    assert dates(rss("Mon, 30 Nov 2026 08:00:00 GMT", links=links[:1])) == ["2026-11-30T08:00:00"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/2025/10/12/", "2025-10-12"),
        ("https://news.example/world/2025/1/2/blast", "2025-01-02"),
        ("https://news.example/20251012/blast", "2025-10-12"),
        ("https://news.example/2025/10/blast", None),
        ("https://news.example/20251312/blast", None),
        ("https://news.example/story-20251012345", None),
        ("https://news.example/?from=/2025/10/12/", None),
        ("https://news.example/2025/02/31/", None),
    ],
)
def test_day_in_an_address(url: str, expected: str | None) -> None:
    day = day_in_address(url)
    assert (day.isoformat() if day else None) == expected


def test_second_element_counts_where_the_first_is_no_date() -> None:
    text = """<rss version="2.0"><channel><item><title>A</title><pubDate>soon</pubDate>
      <dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-11-30T08:50:00Z</dc:date></item></channel></rss>"""
    assert dates(parse(text.encode())) == ["2026-11-30T08:50:00"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<meta property="article:published_time" content="2025-10-12T08:00:00+02:00">', "2025-10-12T06:00:00"),
        ('<meta itemprop="datePublished" content="2025-10-12">', "2025-10-12"),
        ('<meta name="DC.date.issued" content="12 October 2025, 08:00 GMT">', "2025-10-12T08:00:00"),
        ('<time itemprop="datePublished" datetime="2025-10-12T08:00:00Z">12 Oct</time>', "2025-10-12T08:00:00"),
        ('<script type="application/ld+json">{"datePublished":"2025-10-12T08:00:00Z"}</script>', "2025-10-12T08:00:00"),
        ('<meta property="article:modified_time" content="2026-03-01T08:00:00Z">', "-"),
        ("<time datetime='2026-03-01'>Today</time>", "-"),
        ("", "-"),
    ],
)
def test_date_of_a_page(inside: str, expected: str) -> None:
    page = f"<html><head>{inside}</head><body><p>Two boats collided.</p></body></html>"
    assert shown(article_of(page.encode(), url="https://news.example/boats")) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    read_date(text)


@given(st.text(alphabet="0123456789 /-:.,TZamp+GMTNovMonй٣年 ", max_size=40))
def test_any_text_like_a_date_is_a_date_or_none(text: str) -> None:
    read_date(text)
