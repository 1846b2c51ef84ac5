"""Reading sources, from the address to the stored article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from fakes import NOW, Clock
from loopback import Hang, Web, answer, moved, serving

from bot.config import Fetch
from bot.errors import ChatError
from bot.sources.fetch import Fetcher
from bot.sources.poll import SourceReader
from bot.store import Store, articles, counters, sources
from bot.types import Source, SourceState, StoredArticle

LONG = "Two boats collided off the Lantern Quay on Monday evening, the harbour master said. " * 8


def item(title: str, *, guid: str = "", link: str = "", text: str = "It happened at noon.", date: str = "") -> str:
    """One article of an RSS document."""
    date = date or format_datetime(NOW)
    return (
        f"<item><title>{title}</title><link>{link or 'https://quay.example/' + title.replace(' ', '-')}</link>"
        f"<guid isPermaLink='false'>{guid or title}</guid><pubDate>{date}</pubDate>"
        f"<description>{text}</description></item>"
    )


def rss(*items: str, title: str = "Quay Courier") -> str:
    """An RSS document."""
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>"
        f"<link>https://quay.example/</link>{''.join(items)}</channel></rss>"
    )


def add(store: Store, url: str, **settings: object) -> None:
    store.write_sync(sources.upsert, Source(url=url, **{"every": 10.0, **settings}), "config", NOW)  # type: ignore[arg-type]


async def poll(reader: SourceReader) -> bool:
    """Read what is due, to the end; whether news came."""
    await reader.read_due()
    await reader.settle()
    return await reader.read_due()


def kept(store: Store) -> list[StoredArticle]:
    return store.read_sync(articles.waiting, 100)


def titles(found: Sequence[StoredArticle]) -> list[tuple[str, bool]]:
    return [(one.article.title, one.baseline) for one in found]


def state(store: Store, url: str) -> SourceState:
    found = store.read_sync(sources.get, url)
    assert found is not None
    return found


async def test_first_read_is_history_and_what_comes_later_is_not(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(item("Old")))
    assert await poll(reader)
    clock.tick(11)
    web.pages["/f"] = answer(rss(item("New"), item("Old")))
    assert await poll(reader)
    assert titles(kept(store)) == [("Old", True), ("New", False)]


async def test_first_read_that_fails_leaves_the_history_to_the_next(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = [answer(status="500 Oops"), answer(rss(item("Old")))]
    assert not await poll(reader)
    clock.tick(11)
    await poll(reader)
    assert titles(kept(store)) == [("Old", True)]


async def test_what_came_while_the_service_was_down_is_news(web: Web, store: Store, clock: Clock) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = [answer(rss(item("Old"))), answer(rss(item("Missed"), item("Old")))]
    for _ in range(2):
        reader = SourceReader(store, Fetch(allow_hosts=("127.0.0.1",)), clock)
        await poll(reader)
        await reader.close()
        clock.tick(3600)
    assert titles(kept(store)) == [("Old", True), ("Missed", False)]


async def test_source_that_is_not_due_is_left_alone(web: Web, reader: SourceReader, store: Store, clock: Clock) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(item("Old")))
    await poll(reader)
    clock.tick(9)
    await poll(reader)
    assert web.count("/f") == 1


async def test_validators_are_kept_and_unchanged_keeps_everything(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = [answer(rss(item("Old")), ETag='"a"'), answer(status="304 Not Modified")]
    for _ in range(3):
        await poll(reader)
        clock.tick(11)
    assert [headers.get("if-none-match") for _, headers in web.requests] == [None, '"a"', '"a"']
    after = state(store, f"{web.root}/f")
    assert (after.etag, after.items, after.failures, after.baseline) == ('"a"', 1, 0, False)
    assert store.read_sync(counters.counters)["reads_unchanged"] == 2


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (answer("sorry", "503 Busy"), "HTTP 503"),
        (answer(rss(item("Half")), length=100_000), "cut off"),
        (answer("<html><body>Log in</body></html>", Content_Type="text/html"), "a web page, no feed"),
        (answer("all is well"), "no feed"),
        (answer('{"status": "ok"}'), "no JSON Feed"),
    ],
)
async def test_failed_read_says_nothing_about_the_world(
    web: Web, reader: SourceReader, store: Store, clock: Clock, page: bytes, why: str
) -> None:
    url = f"{web.root}/f"
    add(store, url)
    web.pages["/f"] = [answer(rss(item("Old")), ETag='"a"'), page]
    await poll(reader)
    clock.tick(11)
    assert not await poll(reader)
    after = state(store, url)
    assert why in after.last_error
    assert (after.failures, after.etag, after.items) == (1, '"a"', 1)
    assert titles(kept(store)) == [("Old", True)]


async def test_freshness_that_a_server_tells_is_kept_within_bounds_and_so_is_that_of_a_304(store: Store) -> None:
    clock = Clock(NOW)
    async with serving() as web:
        # the request may be made to loopback, and the pace is that of a host of others
        fetcher = Fetcher(Fetch(allow_hosts=("127.0.0.1",)), gap=0.0)
        reader = SourceReader(store, Fetch(floor=1.0), clock, fetcher=fetcher, chance=lambda: 0.5)
        url = f"{web.root}/f"
        add(store, url, every=100.0)
        web.pages["/f"] = [
            answer(rss(item("Old")), Cache_Control="max-age=160", Age="10"),
            answer(status="304 Not Modified", Cache_Control="max-age=130"),
            answer(rss(item("Old")), Cache_Control="no-cache, max-age=150"),
            answer(rss(item("Old")), Cache_Control="max-age=86400"),
        ]
        waits = []
        for _ in range(4):
            await poll(reader)
            waits.append((state(store, url).next_check - clock()).total_seconds())
            clock.tick(waits[-1] + 1)
        await reader.close()
    assert waits == [150, 130, 100, 200]


async def test_rest_that_a_server_asks_for_is_kept(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(status="429 Too Many", Retry_After="70")
    await poll(reader)
    assert (state(store, f"{web.root}/f").next_check - NOW).total_seconds() == 70


async def test_permanent_move_is_followed_from_then_on(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/old")
    web.pages |= {"/old": moved("/new"), "/new": answer(rss(item("Old")))}
    await poll(reader)
    clock.tick(11)
    await poll(reader)
    assert (web.count("/old"), web.count("/new")) == (1, 2)
    assert state(store, f"{web.root}/old").fetch_url == f"{web.root}/new"


async def test_source_that_is_a_page_is_read_at_the_feed_that_the_page_names(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    url = f"{web.root}/news"
    add(store, url)
    page = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body>News</body></html>"
    web.pages |= {"/news": answer(page, Content_Type="text/html"), "/feed": answer(rss(item("Old")), ETag='"a"')}
    for _ in range(2):
        await poll(reader)
        clock.tick(11)
    assert [path for path, _ in web.requests] == ["/news", "/feed", "/feed"]
    after = state(store, url)
    assert (after.fetch_url, after.etag, after.failures) == (f"{web.root}/feed", '"a"', 0)
    assert titles(kept(store)) == [("Old", True)]


@pytest.mark.parametrize(
    "where", ["http://10.0.0.1/feed", "http://169.254.169.254/feed", "file:///etc/passwd", "/news"]
)
async def test_page_of_a_source_that_names_a_private_feed_is_not_followed(
    web: Web, reader: SourceReader, store: Store, where: str
) -> None:
    add(store, f"{web.root}/news")
    web.pages["/news"] = answer(f"<html><link rel='alternate' type='application/rss+xml' href='{where}'></html>")
    await poll(reader)
    assert "a web page, no feed" in state(store, f"{web.root}/news").last_error
    assert len(web.requests) == 1


async def test_feed_that_becomes_a_page_is_not_left_for_the_feed_that_the_page_names(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    url = f"{web.root}/f"
    add(store, url)
    page = "<html><link rel='alternate' type='application/rss+xml' href='/all'><body>Back soon</body></html>"
    web.pages |= {"/f": [answer(rss(item("Old"))), answer(page)], "/all": answer(rss(item("Other")))}
    await poll(reader)
    clock.tick(11)
    await poll(reader)
    after = state(store, url)
    assert (after.fetch_url, after.failures, web.count("/all")) == (url, 1, 0)


async def test_moved_source_that_fails_is_looked_for_where_it_was(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/old")
    web.pages |= {"/old": [moved("/new"), answer(rss(item("Back")))], "/new": [answer(rss(item("Old"))), answer()]}
    for _ in range(7):
        await poll(reader)
        clock.tick(100)
    assert (web.count("/old"), web.count("/new")) == (3, 5)
    assert state(store, f"{web.root}/old").fetch_url == f"{web.root}/old"


async def test_source_that_hangs_delays_no_other(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/slow")
    add(store, f"{web.root}/f")
    web.pages |= {"/slow": Hang, "/f": answer(rss(item("Old")))}
    await reader.read_due()
    while not await store.read(articles.waiting, 1):
        await reader.read_due()
    assert titles(kept(store)) == [("Old", True)]
    assert web.count("/slow") <= 1


async def test_changed_text_is_a_revision_and_news(web: Web, reader: SourceReader, store: Store, clock: Clock) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = [answer(rss(item("Toll", text="Four."))), answer(rss(item("Toll", text="Nine.")))]
    await poll(reader)
    clock.tick(11)
    assert await poll(reader)
    assert [(one.revision, one.article.text) for one in kept(store)] == [(1, "Four."), (2, "Nine.")]


async def test_articles_are_kept_oldest_first(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/f")
    dates = ["Mon, 02 Mar 2026 11:00:00 GMT", "Mon, 02 Mar 2026 09:00:00 GMT", "Mon, 02 Mar 2026 10:00:00 GMT"]
    web.pages["/f"] = answer(rss(*(item(f"At {date[17:19]}", date=date) for date in dates)))
    await poll(reader)
    assert [title for title, _ in titles(kept(store))] == ["At 09", "At 10", "At 11"]


async def test_date_that_lies_ahead_is_no_date(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(item("Ahead", date="Tue, 02 Mar 2027 11:00:00 GMT"), item("Now")))
    await poll(reader)
    assert {one.article.title: one.article.published for one in kept(store)} == {"Ahead": None, "Now": NOW}


async def test_one_id_for_all_articles_is_not_taken_for_revisions(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(item("One", guid="same"), item("Two", guid="same")))
    for _ in range(2):
        await poll(reader)
        clock.tick(11)
    assert sorted((one.article.title, one.revision) for one in kept(store)) == [("One", 1), ("Two", 1)]


async def test_articles_stand_under_the_name_of_their_source(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/f", name="The Courier")
    web.pages["/f"] = answer(rss(item("Old")))
    await poll(reader)
    assert kept(store)[0].article.source == "The Courier"


async def test_removed_source_keeps_nothing(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(item("Old")))
    await reader.read_due()
    await store.write(sources.remove, f"{web.root}/f")
    await reader.settle()
    assert kept(store) == []


# ------------------------------------------------------------------ full text


async def test_teaser_is_replaced_by_its_page_once(web: Web, reader: SourceReader, store: Store, clock: Clock) -> None:
    add(store, f"{web.root}/f", full_text=True)
    teaser = item("Boats collide", link=f"{web.root}/p", text="Two boats collided.")
    page = f"<html><body><article><h1>Boats collide</h1><p>{LONG}</p><p>{LONG}</p></article></body></html>"
    web.pages |= {"/f": [answer(rss(item("Old"))), answer(rss(teaser))], "/p": answer(page, Content_Type="text/html")}
    for _ in range(3):
        await poll(reader)
        clock.tick(11)
    found = kept(store)
    assert [(one.article.title, one.revision) for one in found] == [("Old", 1), ("Boats collide", 1)]
    assert found[1].article.text.startswith("Two boats collided off the Lantern Quay on Monday evening")
    assert web.count("/p") == 1


async def test_teaser_stays_where_its_page_may_not_be_read(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f", full_text=True)
    teaser = item("Boats collide", link="http://169.254.169.254/p", text="Two boats collided.")
    web.pages["/f"] = [answer(rss(item("Old"))), answer(rss(teaser))]
    for _ in range(2):
        await poll(reader)
        clock.tick(11)
    assert kept(store)[1].article.text == "Two boats collided."


async def test_undated_article_gets_the_date_of_its_page(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    add(store, f"{web.root}/f", full_text=True)
    undated = item("Boats collide", link=f"{web.root}/p", text=LONG, date="soon")
    meta = '<meta property="article:published_time" content="2025-10-12T08:00:00+01:00">'
    page = f"<html><head>{meta}</head><body><article><p>{LONG}</p></article></body></html>"
    web.pages |= {"/f": [answer(rss(item("Old"))), answer(rss(undated))], "/p": answer(page, Content_Type="text/html")}
    for _ in range(3):
        await poll(reader)
        clock.tick(11)
    found = kept(store)
    assert [(one.article.title, one.revision) for one in found] == [("Old", 1), ("Boats collide", 1)]
    assert found[1].article.published == datetime(2025, 10, 12, 7, tzinfo=UTC)
    assert web.count("/p") == 1


# ------------------------------------------------------------------ an address that a person gave


async def test_feed_becomes_a_source_with_its_title(web: Web, reader: SourceReader) -> None:
    web.pages["/f"] = answer(rss(item("Old")))
    [found] = await reader.find(f" {web.root}/f ")
    source = found.source
    assert found.is_exact
    assert (source.url, source.name, source.every, source.tier) == (f"{web.root}/f", "Quay Courier", 60.0, 4)


async def test_page_that_names_its_feed_gives_the_feed(web: Web, reader: SourceReader) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/f">'
    web.pages |= {"/": answer(f"<html><head>{link}</head><body>Hello</body></html>"), "/f": answer(rss(item("Old")))}
    [found] = await reader.find(f"{web.root}/")
    assert (found.source.url, found.source.name, found.is_exact) == (f"{web.root}/f", "Quay Courier", False)


@pytest.mark.parametrize("where", ["http://127.0.0.2:{port}/x", "http://localhost:{port}/x"])
async def test_page_that_names_a_private_feed_is_not_followed(web: Web, reader: SourceReader, where: str) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{where.format(port=web.port)}">'
    web.pages |= {"/": answer(f"<html><head>{link}</head></html>"), "/x": answer(rss(item("Secret")))}
    with pytest.raises(ChatError, match="no feed there"):
        await reader.find(f"{web.root}/")
    assert web.count("/x") == 0


async def test_addresses_within_a_feed_are_never_opened(web: Web, reader: SourceReader, store: Store) -> None:
    inner = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{web.root}/hub'/>"
    media = f"<enclosure url='{web.root}/media' type='image/png' length='1'/><image><url>{web.root}/icon</url></image>"
    add(store, f"{web.root}/f")
    web.pages["/f"] = answer(rss(inner, item("Old").replace("</item>", f"{media}</item>")))
    await poll(reader)
    assert {path for path, _ in web.requests} == {"/f"}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://169.254.169.254/latest/", "not a public address"),
        ("http://localhost/", "this machine or network"),
        ("file:///etc/hostname", "begins with http"),
        ("not an address", "no address may hold"),
    ],
)
async def test_address_that_is_refused_is_never_connected_to(reader: SourceReader, url: str, why: str) -> None:
    with pytest.raises(ChatError, match=why):
        await reader.find(url)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (answer(status="404 Not Found"), "not found"),
        (answer("hello"), "I found no feed there"),
        (answer("<html><body>hello</body></html>"), "I found no feed there"),
    ],
)
async def test_address_without_a_feed_is_refused_with_its_reason(
    web: Web, reader: SourceReader, page: bytes, why: str
) -> None:
    web.pages["/f"] = page
    with pytest.raises(ChatError, match=why):
        await reader.find(f"{web.root}/f")
