"""From any page's address to a source: what is found there, and what it would have told before it is added."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest
from fakes import NOW, extract
from loopback import Hang, Web, answer
from talking import ADMIN, ANN, message, say_to, tap
from test_poll import item, rss

from bot.errors import ChatError
from bot.extraction.executor import BatchExtractor
from bot.extraction.worker import Failed
from bot.render import sources as shown
from bot.render import text
from bot.render.message import line
from bot.sources import poll, preview
from bot.sources.poll import SourceReader
from bot.store import Store, articles, incidents, outbox, sources
from bot.types import Preview, Source
from extract.feeds import parse
from extract.types import Article, Extraction


def page(*links: str, body: str = "Hello") -> bytes:
    return answer(f"<html><head>{''.join(links)}</head><body>{body}</body></html>")


def link(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def urls(found) -> list[str]:
    return [one.source.url.partition("/")[2].partition("/")[2].partition("/")[2] for one in found]


# ------------------------------------------------------------------ which sources are at an address


async def test_page_with_several_feeds_offers_each_by_its_title(web: Web, reader: SourceReader) -> None:
    web.pages["/"] = page(link("/world.xml", "World"), link("/sport.xml", "Sport"), link("/world.xml", "Again"))
    found = await reader.find(f"{web.root}/")
    assert [(one.source.name, one.is_exact) for one in found] == [("World", False), ("Sport", False)]
    assert urls(found) == ["world.xml", "sport.xml"]
    assert web.count("/world.xml") == 0


async def test_feed_of_comments_is_not_offered_beside_the_news(web: Web, reader: SourceReader) -> None:
    web.pages |= {
        "/": page(link("/feed/", "Quay Courier » Feed"), link("/comments/feed/", "Quay Courier » Comments Feed")),
        "/feed/": answer(rss(item("Old"))),
    }
    assert urls(await reader.find(f"{web.root}/")) == ["feed/"]


@pytest.mark.parametrize("where", ["/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/news-sitemap.xml"])
async def test_page_that_names_no_feed_is_tried_at_the_usual_addresses(
    web: Web, reader: SourceReader, where: str
) -> None:
    web.pages |= {"/": page(), where: answer(rss(item("Old")))}
    assert urls(await reader.find(f"{web.root}/")) == [where.removeprefix("/")]


async def test_json_feed_at_a_usual_address_is_found(web: Web, reader: SourceReader) -> None:
    feed = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Q", "items": [{"id": "1", "content_text": "Old"}]}'
    )
    web.pages |= {"/": page(), "/feed.json": answer(feed)}
    assert urls(await reader.find(f"{web.root}/")) == ["feed.json"]


async def test_section_of_a_site_is_preferred_to_its_root(web: Web, reader: SourceReader) -> None:
    web.pages |= {"/world?p=2": page(), "/world/feed/": answer(rss(item("A"))), "/feed/": answer(rss(item("B")))}
    assert urls(await reader.find(f"{web.root}/world?p=2")) == ["world/feed/"]


async def test_page_whose_feed_is_broken_is_tried_at_the_usual_addresses(web: Web, reader: SourceReader) -> None:
    web.pages |= {"/": page(link("/gone.xml")), "/rss.xml": answer(rss(item("Old")))}
    assert urls(await reader.find(f"{web.root}/")) == ["rss.xml"]


async def test_page_that_answers_every_address_with_itself_has_no_feed(web: Web, reader: SourceReader) -> None:
    web.pages |= {path: page() for path in ("/", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json")}
    with pytest.raises(ChatError, match="I found no feed there"):
        await reader.find(f"{web.root}/")
    assert len(web.requests) <= 8


async def test_a_document_that_is_no_page_is_looked_at_once(web: Web, reader: SourceReader) -> None:
    web.pages["/f"] = answer("hello")
    with pytest.raises(ChatError, match="I found no feed there"):
        await reader.find(f"{web.root}/f")
    assert len(web.requests) == 1


async def test_a_site_that_hangs_is_given_up(web: Web, reader: SourceReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "LOOK_SECONDS", 0.2)
    web.pages["/"] = Hang
    with pytest.raises(ChatError, match="too slowly"):
        await reader.find(f"{web.root}/")


# ------------------------------------------------------------------ what one would have told


class Aside:
    """Extracts by plain words; counts what it was given. Batches after ``most`` never get their turn."""

    def __init__(self, most: int = 100) -> None:
        self.batches: list[int] = []
        self._most = most

    async def extract_aside(self, batch, *, wait, seconds):
        if len(self.batches) == self._most:
            raise TimeoutError
        self.batches.append(len(batch))
        return tuple(Failed("broken") if "broken" in one.title else extract(one) for one in batch)


def news(title: str, *, days: float = 1) -> str:
    return item(title, date=format_datetime(NOW - timedelta(days=days)))


async def looked(*items: str, aside: Aside | None = None, lang: str = "en") -> Preview:
    parsed = parse(rss(*items).encode())
    return await preview.look(Source(url="https://quay.example/f", lang=lang), parsed, aside or Aside(), NOW)


@pytest.mark.usefixtures("simple_tracking")
async def test_incidents_of_the_last_week_are_counted_once_each() -> None:
    told = await looked(
        news("Bomb kills 4 in Karachi"),
        news("Bomb kills 5 in Karachi", days=2),
        news("Gunmen storm a bank in Lahore"),
        news("Bomb in Nairobi", days=8),
        news("Market opens"),
    )
    assert (told.items, told.recent, told.read, told.incidents) == (5, 4, 4, 2)
    assert set(told.titles) == {"Bomb kills 5 in Karachi", "Gunmen storm a bank in Lahore"}
    assert told.newest == NOW - timedelta(days=1)


@pytest.mark.usefixtures("simple_tracking")
async def test_an_article_that_can_not_be_read_leaves_the_others() -> None:
    assert (await looked(news("Bomb in Karachi"), news("A broken one"))).incidents == 1


async def test_articles_are_extracted_a_few_at_a_time_and_the_newest_first_until_the_time_is_over() -> None:
    aside = Aside(most=2)
    told = await looked(*(news(f"Story {n}", days=n / 10) for n in range(30)), aside=aside)
    assert aside.batches == [preview.AT_ONCE, preview.AT_ONCE]
    assert (told.recent, told.read) == (30, 2 * preview.AT_ONCE)


@pytest.mark.parametrize(
    ("words", "lang", "expected"),
    [
        (
            "The minister said on Monday that the bridge in the north of the city was to be closed for a week",
            "en",
            True,
        ),
        ("Die Brücke im Norden der Stadt wird nach Angaben des Ministers für eine Woche gesperrt werden", "en", False),
        ("Die Brücke im Norden der Stadt wird nach Angaben des Ministers für eine Woche gesperrt werden", "de", False),
    ],
)
async def test_it_says_whether_the_language_is_read(words: str, lang: str, expected: bool) -> None:
    told = await looked(*(news(f"{words} {n}") for n in range(4)), lang=lang)
    assert told.is_language_read is expected


def words_of(told: Preview) -> str:
    made = shown.preview(Source(url="https://quay.example/f", name="Quay"), told, NOW, intro=line("Found"), buttons=())
    return text.plain(made)


def test_the_preview_in_words() -> None:
    told = Preview(
        items=40,
        newest=NOW - timedelta(hours=3),
        recent=12,
        read=12,
        incidents=4,
        titles=("A", "B", "C"),
        lang="en",
        is_language_read=True,
    )
    assert words_of(told).splitlines()[2:] == [
        "40 articles · the newest 3 hours old · English",
        "4 incidents in the last 7 days, told by 12 articles that I read:",
        "• A",
        "• B",
        "• C",
        "and 1 more",
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Preview(), "It shows no article now."),
        (Preview(items=3), "Nothing in it is from the last 7 days."),
        (Preview(items=3, recent=3), "I could not read its articles just now"),
        (Preview(items=3, recent=3, read=3), "No incident of the last 7 days, in 3 articles that I read."),
        (Preview(items=3, lang="de", is_language_read=False), "German, which I don't read"),
        (Preview(items=3, lang="en", is_language_read=False), "in a language that I don't read"),
        (Preview(items=3, has_facts=True), "its facts are in fields"),
    ],
)
def test_what_is_not_known_is_said(told: Preview, expected: str) -> None:
    assert expected in words_of(told)


# ------------------------------------------------------------------ beside the news


async def test_a_preview_that_kills_its_worker_costs_no_article_of_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    from test_executor import ToyExecutor, read

    monkeypatch.setattr("bot.extraction.executor.START_SECONDS", 0.0)
    extractor = BatchExtractor(lambda: ToyExecutor([], 1), read, timeout=5.0, batch=4)
    bad = (Article(id="x", text="kills"), Article(id="y", text="fine"))
    aside = asyncio.create_task(extractor.extract_aside(bad, wait=5.0, seconds=1.0))
    news_ = asyncio.create_task(extractor.extract([Article(id=str(n), text="fine") for n in range(3)]))
    assert await aside == (Failed("killed the worker"),) * 2
    assert [type(one) for one in await news_] == [Extraction] * 3


async def test_a_preview_that_hangs_ends_and_the_news_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from test_executor import ToyExecutor, read

    monkeypatch.setattr("bot.extraction.executor.START_SECONDS", 0.0)
    extractor = BatchExtractor(lambda: ToyExecutor([], 1), read, timeout=5.0, batch=4)
    assert await extractor.extract_aside((Article(id="x", text="hangs"),), wait=1.0, seconds=0.05) == (
        Failed("took too long"),
    )
    assert [type(one) for one in await extractor.extract([Article(id="1", text="fine")])] == [Extraction]


async def test_while_news_is_read_a_preview_waits_for_its_turn_and_not_for_long() -> None:
    from test_executor import ToyExecutor, read

    extractor = BatchExtractor(lambda: ToyExecutor([], 1), read, timeout=5.0, batch=4)
    hanging = asyncio.create_task(extractor.extract([Article(id="1", text="hangs")]))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await extractor.extract_aside((Article(id="x", text="fine"),), wait=0.05, seconds=1.0)
    hanging.cancel()


# ------------------------------------------------------------------ in chat


def buttons(wire) -> dict[str, str]:
    """Label -> data of the buttons of the last message."""
    keys = wire.said()[-1]["reply_markup"]
    return {one["text"]: one["callback_data"] for row in keys["inline_keyboard"] for one in row}


def known(store: Store) -> list[str]:
    return [state.source.url for state in store.read_sync(sources.listing)]


async def test_the_address_of_a_feed_is_added_at_once_and_shown_and_a_tap_undoes_it(store, chatting, wire):
    said = (await say_to(chatting, wire, message("/addsource https://a.example/f", user=ADMIN)))[0]
    assert said.startswith("<b>Added: </b>What it shows now is history")
    assert "40 articles" in said and "4 incidents in the last 7 days" in said and "• dock in Karachi" in said
    assert known(store) == ["https://a.example/f"] and chatting.services.finder.woken == 1
    await say_to(chatting, wire, tap(buttons(wire)["Remove"], user=ADMIN))
    assert known(store) == []


async def test_a_page_with_one_feed_is_shown_before_it_is_added(store, chatting, wire):
    said = (await say_to(chatting, wire, message("/addsource https://a.example/gone", user=ADMIN)))[0]
    assert "Found, and not added yet:" in said and "https://a.example/gone/feed" in said
    assert known(store) == []
    offered = buttons(wire)
    assert "Not added" in (await say_to(chatting, wire, tap(offered["Cancel"], user=ADMIN)))[0]
    assert known(store) == []
    assert "Added: " in (await say_to(chatting, wire, tap(offered["Add"], user=ADMIN)))[0]
    assert known(store) == ["https://a.example/gone/feed"]
    await say_to(chatting, wire, tap(offered["Add"], user=ADMIN))
    assert "already" in wire.asked[-1][1]["text"]


async def test_a_page_with_several_feeds_offers_them_by_buttons(store, chatting, wire):
    said = (await say_to(chatting, wire, message("/addsource https://a.example/zone", user=ADMIN)))[0]
    assert "Which one?" in said
    choices = buttons(wire)
    assert list(choices) == ["zone 0", "zone 1", "Cancel"]
    said = (await say_to(chatting, wire, tap(choices["zone 1"], user=ADMIN)))[0]
    assert "not added yet" in said and "https://a.example/zone/1" in said
    await say_to(chatting, wire, tap(buttons(wire)["Add"], user=ADMIN))
    assert known(store) == ["https://a.example/zone/1"]


async def test_only_who_was_asked_may_tap(store, chatting, wire):
    await say_to(chatting, wire, message("/addsource https://a.example/gone", user=ADMIN))
    data = buttons(wire)["Add"]
    await say_to(chatting, wire, tap(data, user=ANN))
    assert known(store) == []
    await say_to(chatting, wire, tap(data, user=ADMIN, chat=ANN))
    assert "expired" in wire.asked[-1][1]["text"]
    assert known(store) == []


async def test_a_source_that_is_known_is_not_added_twice(store, chatting, wire):
    await store.write(sources.upsert, Source(url="https://a.example/f", every=7.0), "config", NOW)
    said = (await say_to(chatting, wire, message("/addsource https://a.example/f", user=ADMIN)))[0]
    assert "a source already" in said
    [state] = store.read_sync(sources.listing)
    assert (state.origin, state.source.every) == ("config", 7.0)


async def test_a_preview_keeps_no_article_and_alerts_nobody(web: Web, reader: SourceReader, store: Store) -> None:
    web.pages |= {"/": page(link("/f")), "/f": answer(rss(news("Bomb kills 4 in Karachi")))}
    [candidate] = await reader.find(f"{web.root}/")
    found = await reader.look(candidate)
    assert found.parsed is not None
    await preview.look(found.source, found.parsed, Aside(), NOW)
    assert store.read_sync(articles.waiting, 10) == [] and store.read_sync(incidents.latest) == []
    assert store.read_sync(outbox.counts) == {} and store.read_sync(sources.listing) == []
