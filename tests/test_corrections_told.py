"""Who is told of a correction, a retraction, a denial: the chats that have the card, and no others, over a fake sender."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bot"))

from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.alerts.outcome import Outgoing, Sent
from bot.incidents import ingest
from bot.render import text
from bot.render.words import Names
from bot.store import Store, articles, chats, lease, subscriptions
from bot.types import Subscription
from extract import Extractor
from extract.kinds import load_kinds
from extract.types import Article

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOLDER = "this process"
EVERYTHING, SHOOTINGS, STAB_WOUNDS = 1, 2, 3
BASE = (
    "daily.example",
    "Gunmen open fire at Tema market, four killed",
    "Gunmen opened fire at a market in Tema, Ghana, on Tuesday, killing four people, police said.",
)
NOTICES = {
    "retraction": (
        "daily.example",
        "RETRACTION: no shooting at Tema market, police say",
        "Daily retracts its report of Tuesday that gunmen opened fire at a market in Tema. Police said there was no"
        " shooting.",
    ),
    "correction": (
        "daily.example",
        "CORRECTION: Tema market shooting killed two, not four",
        "The shooting at a market in Tema on Tuesday killed two people, not four as Daily reported.",
    ),
    "denial": (
        "wire.example",
        "Police deny reports of a shooting at Tema market",
        "Police in Tema, Ghana, denied reports of a shooting at a market on Tuesday.",
    ),
}
FIRST_LINES = {
    "retraction": "RETRACTED · Tema",
    "correction": "Correction: 2 killed, was 4",
    "denial": "Denied by police · Tema",
}
QUOTES = {
    "retraction": "Daily retracts its report of Tuesday that gunmen opened fire",
    "correction": "killed two people, not four as Daily reported.”",
    "denial": "“Police deny reports of a shooting at Tema market”",
}


class FakeSender:
    """Sends everything; keeps what it was given."""

    def __init__(self) -> None:
        self.got: list[Outgoing] = []

    async def is_reachable(self) -> bool:
        return True

    async def send(self, outgoing: Outgoing) -> Sent:
        self.got.append(outgoing)
        return Sent(outgoing.edits or 100 + len(self.got))


class Service:
    """Ingesting and delivery around one store, with a clock that is moved."""

    def __init__(self, store: Store, extractor: Extractor) -> None:
        self.store, self.extractor, self.now, self.sender = store, extractor, NOON, FakeSender()
        self.deliverer = Deliverer(
            store=store,
            sender=self.sender,
            names=Names(load_kinds(), {"GH": "Ghana"}.get),
            holder=HOLDER,
            clock=lambda: self.now,
        )

    def read(self, row: tuple[str, str, str]) -> None:
        source, title, body = row
        url = f"https://{source}/{self.now:%H%M}"
        article = Article(id=url, title=title, text=body, published=self.now, source=source, url=url)
        self.store.write_sync(articles.add, "", article, self.now, baseline=False)
        for stored in self.store.read_sync(articles.waiting, 10):
            extraction = self.extractor.extract(stored.article)
            rules = Rules(contains=lambda _area, _place: False)
            ids = ingest.seeded_ids("told")
            self.store.write_sync(ingest.commit, stored, extraction, now=self.now, new_id=ids, rules=rules)

    async def deliver(self, rounds: int = 6) -> list[Outgoing]:
        self.sender.got.clear()
        for _ in range(rounds):
            self.now += timedelta(seconds=30)
            await self.store.write(lease.take, HOLDER, self.now)
            async with asyncio.TaskGroup() as group:
                await self.deliverer.start_due(group)
        return list(self.sender.got)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture
def service(tmp_path: Path, extractor: Extractor) -> Iterator[Service]:
    store = Store(tmp_path / "told.db", durable=False)
    store.write_sync(lease.take, HOLDER, NOON)
    kinds = {EVERYTHING: (), SHOOTINGS: ("shooting", "armed_assault", "mass_shooting"), STAB_WOUNDS: ("stabbing",)}
    for chat, wanted in kinds.items():
        store.write_sync(chats.touch, chat, "private", NOON)
        store.write_sync(subscriptions.add, Subscription(chat=chat, kinds=wanted), NOON)
    yield Service(store, extractor)
    store.close()


@pytest.mark.parametrize("manner", NOTICES)
async def test_those_who_have_the_card_get_its_edit_and_a_reply_that_quotes_the_notice(
    service: Service, manner: str
) -> None:
    service.read(BASE)
    assert {one.chat for one in await service.deliver()} == {EVERYTHING, SHOOTINGS}
    service.now += timedelta(hours=2)
    service.read(NOTICES[manner])
    sent = await service.deliver()
    assert sorted((one.chat, "edit" if one.edits else "reply" if one.reply_to else "card") for one in sent) == [
        (chat, what) for chat in (EVERYTHING, SHOOTINGS) for what in ("edit", "reply")
    ]
    replies = [text.visible(one.message) for one in sent if one.reply_to]
    assert all(reply.startswith(FIRST_LINES[manner]) for reply in replies), replies
    assert all(QUOTES[manner] in text.visible(one.message) for one in sent)


async def test_a_card_that_is_not_sent_yet_is_not_sent_of_what_is_taken_back(service: Service) -> None:
    service.read(BASE)
    service.now += timedelta(minutes=5)
    service.read(NOTICES["retraction"])
    assert await service.deliver() == []


async def test_a_pending_card_says_that_the_act_is_denied(service: Service) -> None:
    service.read(BASE)
    service.now += timedelta(minutes=5)
    service.read(NOTICES["denial"])
    sent = await service.deliver()
    assert sorted(one.chat for one in sent) == [EVERYTHING, SHOOTINGS]
    assert not any(one.reply_to or one.edits for one in sent)
    assert all("denied by police" in text.visible(one.message) for one in sent)


async def test_a_pending_card_shows_the_corrected_number_without_a_reply(service: Service) -> None:
    service.read(BASE)
    service.now += timedelta(minutes=5)
    service.read(NOTICES["correction"])
    sent = await service.deliver()
    assert sorted(one.chat for one in sent) == [EVERYTHING, SHOOTINGS]
    assert not any(one.reply_to or one.edits for one in sent)
    assert all("shooting, 2 killed" in text.visible(one.message) for one in sent)


@pytest.mark.parametrize("manner", NOTICES)
async def test_a_notice_without_a_record_tells_nobody(service: Service, manner: str) -> None:
    service.read(NOTICES[manner])
    assert await service.deliver() == []
