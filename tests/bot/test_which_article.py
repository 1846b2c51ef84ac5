"""Which item of a feed is which article? Each case is read twice over HTTP, and goes through to the sender."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from fakes import HOLDER, NOW, Clock
from feed_read_cases import BEFOREHAND, SITE
from feed_read_cases_later import AFTERWARDS, CRASH, FLOOD, KIDNAP, MINE, story
from feed_read_cases_third import THIRD
from feed_reads import Case, document
from loopback import Web, answer
from test_delivery import FakeSender
from test_render import NAMES

from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.config import Fetch
from bot.incidents.intake import work_off
from bot.sources.poll import SourceReader
from bot.store import Store, chats, incidents, lease, sources, subscriptions
from bot.types import Source, Subscription
from extract import Extractor
from extract.types import Article, Extraction

RULES = Rules(contains=lambda _area, _place: True)
CASES = [*BEFOREHAND, *AFTERWARDS, *THIRD]


class InProcess:
    """Extracts in this process."""

    articles_at_once = 50

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    async def extract(self, articles: Sequence[Article]) -> list[Extraction]:
        """The extraction of each article, in their order."""
        return list(self._extractor.extract_all(articles))


@pytest.fixture(scope="module")
def extractor() -> InProcess:
    return InProcess(Extractor())


class Service:
    """Reads, extracts and sends, step by step, to one chat that wants everything."""

    def __init__(self, store: Store, clock: Clock, extractor: InProcess) -> None:
        self.store, self.clock, self.extractor = store, clock, extractor
        self.reader = SourceReader(store, Fetch(allow_hosts=("127.0.0.1",)), clock, chance=lambda: 0.5)
        self.sender = FakeSender()
        self.deliverer = Deliverer(
            store=store,
            sender=self.sender,
            names=NAMES,
            holder=HOLDER,
            clock=clock,
        )
        store.write_sync(chats.touch, 1, "private", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=1), NOW)

    async def step(self) -> None:
        """One read of what is due, and all that follows from it."""
        await self.reader.read_due()
        await self.reader.settle()
        while await work_off(self.store, self.extractor, RULES, limit=50, clock=self.clock):  # type: ignore[arg-type]
            pass
        started = 1
        while started:
            async with asyncio.TaskGroup() as group:
                started = await self.deliverer.start_due(group)
            self.clock.tick(4)
            await self.store.write(lease.take, HOLDER, self.clock())
        self.clock.tick(20)
        await self.store.write(lease.take, HOLDER, self.clock())

    def result(self) -> tuple[int, int, int, int]:
        """How many articles, records, messages that make a sound, and silent edits there are."""
        articles = self.store.read_sync(
            lambda tx: tx.value("SELECT COUNT(DISTINCT ref) FROM articles WHERE state <> 'same_url'")
        )
        records = len(self.store.read_sync(incidents.everything))
        replies = sum(one.reply_to is not None for one in self.sender.got)
        edits = sum(one.edits is not None for one in self.sender.got)
        return articles, records, len(self.sender.got) - edits, max(0, edits - replies)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_items_become_articles_records_and_messages(
    case: Case, web: Web, store: Store, clock: Clock, extractor: InProcess
) -> None:
    service = Service(store, clock, extractor)
    empty, first, second = (answer(document(items, case.form)) for items in ((), case.first, case.second))
    for path in ("/a", "/b") if case.other else ("/a",):
        store.write_sync(sources.upsert, Source(url=f"{web.root}{path}", every=10.0), "config", NOW)
    web.pages = {"/a": empty, "/b": empty}
    await service.step()
    web.pages["/a"] = first
    await service.step()
    web.pages["/b" if case.other else "/a"] = second
    await service.step()
    await service.step()  # read again, nothing changes
    await service.reader.close()
    articles, records, sounds, edits = service.result()
    assert (articles, records, sounds) == (case.articles, case.records, case.sounds)
    assert case.edits is None or edits == case.edits


async def test_an_id_that_comes_back_with_a_third_text_revises_the_same_article(
    web: Web, store: Store, clock: Clock, extractor: InProcess
) -> None:
    """A feed served by two machines, each with an id of its own for the story, whose toll rises at each read."""
    service = Service(store, clock, extractor)
    store.write_sync(sources.upsert, Source(url=f"{web.root}/a", every=10.0), "config", NOW)
    tolls = (("a", "seven"), ("b", "nine"), ("a", "twelve"), ("b", "fourteen"))
    items = [
        story("Floods sweep through Beira", FLOOD.replace("seven", toll), f"{SITE}/a/flood", ident)
        for ident, toll in tolls
    ]
    for found in ((), *((item,) for item in items)):
        web.pages["/a"] = answer(document(found, "rss"))
        await service.step()
    await service.reader.close()
    assert service.result() == (1, 1, 4, 0)
    assert [one.facts.killed.low for one in store.read_sync(incidents.everything)] == [14]


async def test_posts_without_titles_under_one_id_are_read_one_after_another(
    web: Web, store: Store, clock: Clock, extractor: InProcess
) -> None:
    service = Service(store, clock, extractor)
    store.write_sync(sources.upsert, Source(url=f"{web.root}/a", every=10.0), "config", NOW)
    for text in ("", FLOOD, KIDNAP, CRASH, MINE, FLOOD):
        web.pages["/a"] = answer(document((story("", text, "", "post"),) if text else (), "rss"))
        await service.step()
    await service.reader.close()
    assert service.result() == (4, 4, 4, 0)


async def test_a_page_whose_id_and_address_change_is_fetched_once(
    web: Web, store: Store, clock: Clock, extractor: InProcess
) -> None:
    service = Service(store, clock, extractor)
    store.write_sync(sources.upsert, Source(url=f"{web.root}/a", every=10.0, full_text=True), "config", NOW)
    page = f"<html><body><article><h1>Mine</h1><p>{MINE} {'The road is closed and is being searched. ' * 12}</p></article></body></html>"
    for number in range(4):
        item = story("Landmine on a farm near Taiz", MINE, f"{web.root}/p{number}", f"t{number}")
        web.pages[f"/p{number}"] = answer(page, Content_Type="text/html")
        web.pages["/a"] = answer(document((item,) if number else (), "rss"))
        await service.step()
    await service.reader.close()
    assert sum(web.count(f"/p{number}") for number in range(4)) == 1
    assert service.result() == (1, 1, 1, 0)
