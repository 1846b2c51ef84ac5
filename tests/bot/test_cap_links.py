"""A feed that links to alerts: each is fetched once, and told as the alert says."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import NOW, Clock
from loopback import Web, answer

from bot.sources import cap_links, kinds
from bot.sources.poll import SourceReader
from bot.store import Store, articles, sources
from bot.types import Source, SourceState

ALERT = (Path(__file__).parents[1] / "extract" / "feeds" / "cap.xml").read_text("utf-8")


def index(web: Web, *names: str) -> bytes:
    items = (f"<item><title>{name}</title><link>{web.root}/{name}</link><guid>{name}</guid></item>" for name in names)
    return answer(f"<rss version='2.0'><channel><title>Alerts</title>{''.join(items)}</channel></rss>")


def alert(name: str) -> bytes:
    return answer(ALERT.replace("quay-2026-0302-1", name))


async def read(reader: SourceReader, store: Store, clock: Clock, web: Web) -> SourceState:
    url = f"{web.root}/rss"
    if await store.read(sources.get, url) is None:
        await store.write(sources.upsert, Source(url=url, kind="cap", every=60), "config", NOW)
    clock.tick(3 * 3600)
    await reader.read_due()
    await reader.settle()
    state = await store.read(sources.get, url)
    assert state is not None
    return state


def kept(store: Store) -> list[tuple[str, bool]]:
    return [(one.article.title, one.article.stated is not None) for one in store.read_sync(articles.waiting, 100)]


async def test_alerts_behind_links_are_read_once_each(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    web.pages |= {"/rss": index(web, "a", "b"), "/a": alert("a"), "/b": alert("b")}
    state = await read(reader, store, clock, web)
    assert (state.items, state.last_error) == (2, "")
    assert kept(store) == [("Gas leak at Lantern Quay", True)] * 2
    web.pages |= {"/rss": index(web, "c", "a", "b"), "/c": alert("c")}
    await read(reader, store, clock, web)
    assert len(kept(store)) == 3
    assert [web.count(f"/{name}") for name in "abc"] == [1, 1, 1]


async def test_an_alert_that_cannot_be_fetched_comes_with_a_later_read(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    web.pages |= {"/rss": index(web, "a", "b"), "/a": alert("a")}
    await read(reader, store, clock, web)
    assert len(kept(store)) == 1
    web.pages["/b"] = alert("b")
    await read(reader, store, clock, web)
    assert kept(store) == [("Gas leak at Lantern Quay", True)] * 2


async def test_an_entry_whose_link_is_a_page_stays_as_it_is(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    web.pages |= {"/rss": index(web, "a"), "/a": answer("<html><body>Storm</body></html>")}
    await read(reader, store, clock, web)
    assert kept(store) == [("a", False)]


async def test_links_to_addresses_that_are_not_public_are_not_followed(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    item = "<item><title>x</title><link>http://169.254.169.254/latest</link><guid>x</guid></item>"
    web.pages["/rss"] = answer(f"<rss version='2.0'><channel>{item}</channel></rss>")
    state = await read(reader, store, clock, web)
    assert kept(store) == [] and "can't be fetched" in state.last_error


async def test_a_long_index_is_followed_in_parts(web: Web, reader: SourceReader, store: Store, clock: Clock) -> None:
    names = [f"n{number}" for number in range(cap_links.MAX_ALERTS + 5)]
    web.pages |= {"/rss": index(web, *names)} | {f"/{name}": alert(name) for name in names}
    await read(reader, store, clock, web)
    assert len(kept(store)) == cap_links.MAX_ALERTS
    await read(reader, store, clock, web)
    assert len(kept(store)) == len(names)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://met.example/cap/rss.xml", "cap"),
        ("https://cap-sources.example/in-imd-en/rss.xml", "cap"),
        ("https://met.example/cap.php?x=1", "cap"),
        ("https://capital.example/rss", "rss"),
        ("https://news.example/escape/feed", "rss"),
    ],
)
def test_an_address_that_names_the_protocol_is_added_as_such_a_feed(url: str, kind: str) -> None:
    assert kinds.of_address(url) == kind
