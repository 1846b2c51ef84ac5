"""A kind of source is one file and one line: configured, read and added in chat like any other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes import NOW, Clock
from loopback import Web, answer

from bot.config import Fetch, parse
from bot.errors import ChatError, ConfigError
from bot.sources import kinds, telegram
from bot.sources.normalise import normalised, with_language
from bot.sources.poll import SourceReader
from bot.store import Store, articles, sources
from bot.types import FetchResult, Source, SourceState
from extract.feeds import parse as parse_document
from extract.types import Article, ParsedFeed

BOARD = "7|Bridge closed|A lorry hit it.\n6|Market opens|At noon.\n"


@pytest.fixture
async def reader(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SourceReader]:
    monkeypatch.setitem(kinds.MODULES, "board", "toy_source")
    made = SourceReader(store, Fetch(allow_hosts=("127.0.0.1",), timeout=5.0), clock, chance=lambda: 0.5)
    yield made
    await made.close()


async def read(reader: SourceReader, store: Store, url: str, kind: str) -> SourceState:
    """One read of a new source of a kind, and what is known of the source then."""
    await store.write(sources.upsert, Source(url=url, kind=kind, name="The Board", lang="eo"), "config", NOW)
    await reader.read_due()
    await reader.settle()
    state = await store.read(sources.get, url)
    assert state is not None
    return state


@pytest.mark.parametrize("name", kinds.MODULES)
def test_every_registered_kind_can_be_loaded_and_configured(name: str) -> None:
    assert isinstance(kinds.load(name), kinds.SourceKind)
    assert (
        parse({"sources": [{"url": "https://a.example/x", "kind": name, "links": "a"}]}).source_list()[0].kind == name
    )


def test_a_source_without_a_kind_is_a_feed() -> None:
    assert parse({"sources": [{"url": "https://a.example/x"}]}).source_list()[0].kind == "rss"


def test_an_unknown_kind_is_one_mistake_that_lists_the_kinds() -> None:
    with pytest.raises(ConfigError) as raised:
        parse({"sources": [{"url": "https://a.example/x", "kind": "telepathy"}]})
    assert (
        str(raised.value) == "sources[0].kind: there is no such kind of source; the kinds are: cap, page, rss, telegram"
    )


async def test_articles_of_another_kind_are_kept_like_those_of_a_feed(
    web: Web, reader: SourceReader, store: Store
) -> None:
    web.pages["/x"] = answer(BOARD)
    state = await read(reader, store, f"{web.root}/x", "board")
    assert (state.items, state.failures, state.last_error) == (2, 0, "")
    kept = [stored.article for stored in store.read_sync(articles.waiting, 10)]
    assert [(one.title, one.source, one.lang) for one in kept] == [
        ("Market opens", "The Board", "eo"),
        ("Bridge closed", "The Board", "eo"),
    ]


async def test_a_document_that_a_kind_cannot_read_is_a_failure_in_its_words(
    web: Web, reader: SourceReader, store: Store
) -> None:
    web.pages["/x"] = answer("hello")
    state = await read(reader, store, f"{web.root}/x", "board")
    assert (state.failures, state.last_error) == (1, "no notice board: there is nothing on it")


async def test_a_kind_fetches_through_the_guard_only(reader: SourceReader, store: Store) -> None:
    state = await read(reader, store, "http://169.254.169.254/x", "board")
    assert "not a public address" in state.last_error


async def test_a_stored_source_of_an_unknown_kind_fails_and_waits_for_its_next_turn(
    reader: SourceReader, store: Store
) -> None:
    state = await read(reader, store, "https://a.example/x", "telepathy")
    assert state.last_error == 'there is no kind "telepathy" of source: board, cap, page, rss, telegram'
    assert state.next_check > NOW


async def test_an_address_is_added_as_the_kind_that_recognises_it(web: Web, reader: SourceReader) -> None:
    web.pages["/x.board"] = answer(BOARD)
    [found] = await reader.find(f"{web.root}/x.board")
    source = found.source
    assert (source.kind, source.name, source.lang, source.every, source.tier) == ("board", "Notice board", "eo", 60, 4)


async def test_a_kind_says_why_an_address_cannot_be_added(web: Web, reader: SourceReader) -> None:
    web.pages["/x.board"] = answer("hello")
    with pytest.raises(ChatError, match=r"That board is empty\."):
        await reader.find(f"{web.root}/x.board")


# ------------------------------------------------------------------ language


@pytest.mark.parametrize(("own", "source", "expected"), [("", "es", "es"), ("fr", "es", "fr"), ("", "", "")])
def test_an_article_without_a_language_gets_its_sources(own: str, source: str, expected: str) -> None:
    assert with_language(Article(id="a", text="x", lang=own), source).lang == expected


def test_articles_without_words_are_left_out() -> None:
    found = [Article(id="a", text="x"), Article(id="b", text="")]
    assert [one.id for one in normalised(found, Source(url="https://a.example/x"), NOW)] == ["a"]


# ------------------------------------------------------------------ a page without a feed


async def test_a_page_without_a_feed_is_read_by_the_selector_of_its_links(
    web: Web, reader: SourceReader, store: Store
) -> None:
    web.pages["/x"] = answer(
        '<html><main><h2><a href="/1">Bridge closed</a></h2></main><a href="/2">Imprint</a></html>'
    )
    page = Source(url=f"{web.root}/x", kind="page", links="main h2 a")
    await store.write(sources.upsert, page, "config", NOW)
    await reader.read_due()
    await reader.settle()
    [kept] = [stored.article for stored in store.read_sync(articles.waiting, 10)]
    assert (kept.title, kept.url) == ("Bridge closed", f"{web.root}/1")


@pytest.mark.parametrize(
    ("links", "mistake"),
    [("", "sources[0].links: a page needs a selector"), ("a:hover", 'sources[0].links: ":hover" is not read')],
)
def test_a_page_needs_a_selector_that_is_read(links: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse({"sources": [{"url": "https://a.example/x", "kind": "page", "links": links}]})
    assert str(raised.value).startswith(mistake)


async def test_a_page_cannot_be_added_in_chat_without_its_selector(reader: SourceReader) -> None:
    with pytest.raises(ChatError, match="needs a selector"):
        await kinds.load("page").identify(reader._access, "https://a.example/x")


# ------------------------------------------------------------------ Telegram channels


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://t.me/harbourwatch", "https://t.me/s/harbourwatch"),
        ("http://www.t.me/HarbourWatch/", "https://t.me/s/HarbourWatch"),
        ("https://t.me/harbourwatch/4711?single", "https://t.me/s/harbourwatch"),
        ("https://telegram.me/s/harbour_watch", "https://t.me/s/harbour_watch"),
        ("https://t.me/+AbCdEfGh", ""),
        ("https://t.me/joinchat/AbCd", ""),
        ("https://t.me/share?url=x", ""),
        ("https://t.me/", ""),
        ("https://not-t.me/harbourwatch", ""),
        ("https://news.example/t.me/harbourwatch", ""),
    ],
)
def test_the_address_of_a_channel_is_read_by_its_preview(url: str, expected: str) -> None:
    assert (kinds.of_address(url) == "telegram") is bool(expected)
    if expected:
        assert telegram.preview(url) == expected


async def test_a_channel_is_added_and_read_like_any_source() -> None:
    page = (Path(__file__).parents[1] / "extract" / "feeds" / "telegram.html").read_bytes()
    asked: list[str] = []

    class Preview:
        async def fetch(self, url: str, **_: str) -> FetchResult:
            asked.append(url)
            return FetchResult(url=url, status=200, body=page)

        async def parse_feed(self, result: FetchResult) -> ParsedFeed:
            return parse_document(result.body, base_url=result.url)

    source = await telegram.identify(Preview(), "https://t.me/harbourwatch")  # type: ignore[arg-type]
    assert (source.url, source.name, asked) == ("https://t.me/s/harbourwatch", "Harbour Watch", [source.url])
