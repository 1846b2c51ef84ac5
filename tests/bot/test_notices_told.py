"""Who is told that something was taken back, corrected or denied? Those who have the card, with an edit and a reply."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fakes import HOLDER
from test_delivery import FakeSender
from test_render import NAMES

from bot.alerts.delivery import Deliverer
from bot.alerts.gate import Rules
from bot.incidents.ingest import commit, seeded_ids
from bot.render import text
from bot.store import articles, cards, chats, incidents, lease, outbox, subscriptions
from bot.types import Subscription
from extract import Extractor
from extract.types import Article, Severity

FIRST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RULES = Rules(contains=lambda _area, _place: True)
BOMB = (
    "Bomb explodes at bus stop in Kumasi",
    "A bomb exploded at a bus stop in Kumasi, Ghana, on Tuesday, witnesses said. The area was closed.",
)
RETRACTION = (
    "RETRACTION: no bomb at the bus stop in Kumasi, police say",
    "Daily retracts its report of a bomb at a bus stop in Kumasi. Police said there was no bomb.",
)
MARKET = (
    "Bomb blast kills 19 at market in Kano",
    "A bomb blast at a market in Kano, northern Nigeria, killed 19 people on Tuesday, traders said.",
)
TOLL = (
    "CORRECTION: Kano market blast killed 17, not 19",
    "The bomb blast at a market in Kano on Tuesday killed 17 people, not 19 as we reported.",
)
DENIAL = (
    "Police deny reports of a bomb at Kumasi bus stop",
    "Police in Kumasi denied reports of a bomb at a bus stop on Tuesday. A tyre had burst, they said.",
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


class Service:
    """A store and a sender, with articles read and alerts sent by hand."""

    def __init__(self, store, clock, extractor):
        self.store, self.clock, self.extractor = store, clock, extractor
        clock.at = FIRST
        store.write_sync(lease.take, HOLDER, clock())
        self.number = 0
        self.deliverer = Deliverer(
            store=store,
            sender=FakeSender(),
            names=NAMES,
            holder=HOLDER,
            clock=clock,
        )

    def subscribe(self, chat, **asked):
        self.store.write_sync(chats.touch, chat, "private", self.clock())
        self.store.write_sync(subscriptions.add, Subscription(chat=chat, **asked), self.clock())

    def read(self, told, source="daily.example"):
        self.number += 1
        title, body = told
        key = f"{source}/{self.number}"
        one = Article(
            id=key, title=title, text=body, published=self.clock(), source=source, url=f"https://{source}/{self.number}"
        )
        self.store.write_sync(articles.add, "", one, self.clock(), baseline=False)
        for stored in self.store.read_sync(articles.waiting, 10):
            found = self.extractor.extract(stored.article)
            self.store.write_sync(commit, stored, found, now=self.clock(), new_id=seeded_ids("told"), rules=RULES)

    def send(self):
        """What goes out now: (chat, "new", "edit" or "reply", its words)."""
        self.deliverer.sender.got.clear()
        asyncio.run(self._send())
        sent = self.deliverer.sender.got
        return [(one.chat, _what(one), text.visible(one.message)) for one in sent]

    async def _send(self):
        started = 1
        while started:
            async with asyncio.TaskGroup() as group:
                started = await self.deliverer.start_due(group)
            self.clock.tick(2)
            await self.deliverer.store.write(lease.take, HOLDER, self.clock())

    def later(self, hours=3):
        self.clock.tick(timedelta(hours=hours).total_seconds())
        self.store.write_sync(lease.take, HOLDER, self.clock())


def _what(outgoing):
    return "edit" if outgoing.edits else "reply" if outgoing.reply_to else "new"


@pytest.fixture
def service(store, clock, extractor):
    return Service(store, clock, extractor)


def told(service, first, notice, source="daily.example"):
    """Two chats get the card of the first report, a third asks only afterwards; what is sent of the notice."""
    service.subscribe(1)
    service.subscribe(2)
    service.read(first)
    assert sorted(chat for chat, what, _ in service.send() if what == "new") == [1, 2]
    service.later()
    service.subscribe(3)
    service.read(notice, source)
    return service.send()


@pytest.mark.parametrize(
    ("first", "notice", "source"),
    [(BOMB, RETRACTION, "daily.example"), (BOMB, DENIAL, "wire.example"), (MARKET, TOLL, "daily.example")],
    ids=["retraction", "denial", "correction"],
)
def test_exactly_those_who_have_the_card_get_an_edit_and_a_reply(service, first, notice, source):
    sent = told(service, first, notice, source)
    assert sorted((chat, what) for chat, what, _ in sent) == [(1, "edit"), (1, "reply"), (2, "edit"), (2, "reply")]


def test_a_retraction_is_told_with_its_words(service):
    sent = told(service, BOMB, RETRACTION)
    reply = next(words for _, what, words in sent if what == "reply")
    assert reply.startswith("RETRACTED · Kumasi")
    assert "“Daily retracts its report of a bomb at a bus stop in Kumasi.”" in reply
    assert all("RETRACTED" in words for _, what, words in sent if what == "edit")


def test_a_corrected_number_is_told_as_new_and_old_with_its_words(service):
    sent = told(service, MARKET, TOLL)
    reply = next(words for _, what, words in sent if what == "reply")
    assert reply.startswith("Correction: 17 killed, was 19 · Kano")
    assert "not 19 as we reported" in reply
    assert all("17 killed" in words for _, what, words in sent if what == "edit")


def test_a_denial_is_told_with_who_denies_it(service):
    sent = told(service, BOMB, DENIAL, "wire.example")
    reply = next(words for _, what, words in sent if what == "reply")
    assert reply.startswith("Denied by police · Kumasi")
    assert "denied reports of a bomb" in reply
    assert all("denied by police" in words for _, what, words in sent if what == "edit")


def test_a_card_that_was_not_sent_yet_is_not_sent_of_what_is_taken_back(service):
    service.subscribe(1)
    service.read(BOMB)
    service.later(0)
    service.read(RETRACTION)
    assert service.send() == []


def test_a_chat_that_no_longer_asks_for_it_is_told_what_it_saw_is_wrong(service):
    service.subscribe(1)
    service.read(MARKET)
    service.send()
    service.store.write_sync(lambda tx: tx.execute("DELETE FROM subscriptions"))
    service.subscribe(1, min_severity=Severity.EXTREME)
    service.later()
    service.read(TOLL)
    assert sorted(what for _, what, _ in service.send()) == ["edit", "reply"]


def test_in_a_muted_chat_it_comes_without_a_sound(service):
    service.subscribe(1)
    service.read(BOMB)
    service.send()
    known = service.store.read_sync(incidents.latest)[0].id
    service.store.write_sync(chats.mute, 1, 0, known, until=FIRST + timedelta(days=2))
    service.later()
    service.read(DENIAL, "wire.example")
    alerts = [one for one in service.store.read_sync(outbox.everything) if one.action.value != "new"]
    assert alerts and all(one.silent for one in alerts)


def test_a_denial_of_what_nobody_told_is_never_alerted(service):
    service.subscribe(1)
    service.read(DENIAL)
    assert [one.facts.certainty.value for one in service.store.read_sync(incidents.latest)] == ["unlikely"]
    assert service.send() == []


def test_what_was_cut_off_changes_no_record(service):
    service.subscribe(1)
    service.read(MARKET)
    service.send()
    cut = Article(id="daily.example/1", title=MARKET[0], text=MARKET[1][:40], published=FIRST, source="daily.example")
    assert service.store.write_sync(articles.add, "", cut, FIRST, baseline=False) == "known"
    assert service.store.read_sync(cards.holders, service.store.read_sync(incidents.latest)[0].id) == {(1, 0)}
