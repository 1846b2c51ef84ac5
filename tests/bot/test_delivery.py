"""Each alert once: every outcome, every crash point, with a fake sender."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from fakes import HOLDER, NOW, PLACES, exactly
from test_render import NAMES, facts, incident

from bot.alerts.delivery import Deliverer
from bot.alerts.outcome import CardGone, Closed, Moved, NoAnswer, NotSent, Refused, Sent, ServerError, Wait
from bot.errors import StoreError
from bot.render import text
from bot.store import button_payloads, cards, chats, incidents, lease, outbox, subscriptions
from bot.types import Alert, Card, Reason, Subscription
from extract.types import Action, Change, FieldChange


class FakeSender:
    """Answers with the given outcomes, then with success; keeps what it was given."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.got = []
        self.reachable = True

    async def is_reachable(self):
        return self.reachable

    async def send(self, outgoing):
        self.got.append(outgoing)
        return self.outcomes.pop(0) if self.outcomes else Sent(outgoing.edits or 100 + len(self.got))


def change(version=1, action=Action.NEW):
    fields = (FieldChange(field="killed", before=exactly(4), after=exactly(9)),) if action is Action.REPLY else ()
    return Change(incident="abc23456", version=version, at=NOW, article="a", action=action, fields=fields)


def save(tx, version=1, killed=4):
    known = facts(killed=exactly(killed).count)
    incidents.save(tx, incident(known, version=version), change(version), announced=True)


def due(tx, action=Action.NEW, *, chat=1, version=1):
    if not chats.is_active(tx, chat):
        chats.touch(tx, chat, "private", NOW)
    one = Alert(
        id=0, chat=chat, thread=0, incident="abc23456", version=version, action=action, change=change(version, action)
    )
    outbox.enqueue(tx, one, severity=3, why=Reason(""), now=NOW)


@pytest.fixture
def deliverer(store, clock):
    store.write_sync(save)

    def make(*outcomes):
        return Deliverer(
            store=store,
            sender=FakeSender(*outcomes),
            names=NAMES,
            holder=HOLDER,
            clock=clock,
        )

    return make


async def step(deliverer, clock, seconds=2.0):
    """Send what is due now, then let some time pass; the lease is kept meanwhile."""
    async with asyncio.TaskGroup() as group:
        started = await deliverer.start_due(group)
    clock.tick(seconds)
    await deliverer.store.write(lease.take, HOLDER, clock())
    return started


def counts(store):
    return store.read_sync(outbox.counts)


async def test_a_first_card_is_sent_and_kept_in_the_ledger(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer()
    assert await step(one, clock) == 1
    assert store.read_sync(cards.get, 1, 0, "abc23456").message_id == 101
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM deliveries")) == 1
    assert await step(one, clock) == 0


async def test_a_reply_answers_the_card_and_an_edit_replaces_it(store, deliverer, clock):
    store.write_sync(cards.put, Card(chat=1, thread=0, incident="abc23456", message_id=7, version=1))
    store.write_sync(save, 2, 9)
    store.write_sync(due, Action.REPLY, version=2)
    store.write_sync(due, Action.EDIT, version=2)
    one = deliverer()
    assert [await step(one, clock) for _ in range(3)] == [1, 1, 0]
    reply, edit = one.sender.got
    assert (reply.reply_to, edit.edits) == (7, 7)
    assert "9 killed, was 4" in text.visible(reply.message)
    assert store.read_sync(cards.get, 1, 0, "abc23456").version == 2


async def test_subscriptions_of_a_deleted_topic_end_and_are_offered_to_the_group(store, deliverer, clock):
    group = {"chat": -5, "thread": 42}
    store.write_sync(chats.touch, -5, "supergroup", NOW)
    for place in ("Karachi", "Lahore"):
        store.write_sync(subscriptions.add, Subscription(**group, place=PLACES[place]), NOW)
    store.write_sync(subscriptions.add, Subscription(chat=-5, thread=43, place=PLACES["Karachi"]), NOW)
    alert = Alert(id=0, **group, incident="abc23456", version=1, action=Action.NEW, change=change())
    store.write_sync(outbox.enqueue, alert, severity=3, why=Reason(""), now=NOW)
    one = deliverer(Sent(7, topic_gone=True))
    await step(one, clock, seconds=30)
    assert store.read_sync(subscriptions.of_chat, -5, 42) == []
    assert len(store.read_sync(subscriptions.of_chat, -5)) == 1
    assert store.read_sync(cards.get, -5, 0, "abc23456").message_id == 7
    assert store.read_sync(cards.get, -5, 42, "abc23456") is None
    await step(one, clock)
    offer = one.sender.got[-1]
    assert (offer.chat, offer.thread) == (-5, 0) and "A topic of this group was deleted" in text.visible(offer.message)
    assert [row[0].label for row in offer.message.buttons] == ["Karachi, Sindh, Pakistan", "Lahore, Punjab, Pakistan"]
    token, _, number = offer.message.buttons[1][0].arg.partition(" ")
    options = store.read_sync(button_payloads.get, token, -5)
    assert (options[int(number)].thread, options[int(number)].place) == (0, PLACES["Lahore"])
    assert await step(one, clock) == 0


async def test_a_card_shows_the_newest_state_when_it_goes_out(store, deliverer, clock):
    store.write_sync(due)
    store.write_sync(save, 3, 9)
    one = deliverer()
    await step(one, clock)
    assert "armed attack, 9 killed" in text.visible(one.sender.got[0].message)


async def test_an_edit_that_would_change_nothing_is_not_sent(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer()
    await step(one, clock)
    store.write_sync(due, Action.EDIT, version=1)
    await step(one, clock)
    assert len(one.sender.got) == 1


async def test_no_connection_is_tried_again_without_a_mark(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer(NotSent("no connection"), NotSent("no connection"))
    for _ in range(4):
        await step(one, clock, 5)
    assert len(one.sender.got) == 3
    assert all("Sent again" not in text.visible(sent.message) for sent in one.sender.got)
    assert counts(store) == {"sent": 1}


async def test_no_answer_is_sent_once_more_marked_then_given_up(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer(NoAnswer("ReadTimeout"), NoAnswer("ReadTimeout"))
    for _ in range(5):
        await step(one, clock, 5)
    assert ["Sent again" in text.visible(sent.message) for sent in one.sender.got] == [False, True]
    assert counts(store) == {"failed": 1}


async def test_a_repeat_waits_until_telegram_answers_at_all(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer(NoAnswer("ReadTimeout"))
    await step(one, clock, 5)
    one.sender.reachable = False
    for _ in range(5):
        await step(one, clock, 10)
    assert len(one.sender.got) == 1
    one.sender.reachable = True
    await step(one, clock, 400)
    await step(one, clock, 5)
    assert counts(store) == {"sent": 1}


async def test_server_errors_are_tried_again_with_growing_pauses(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer(*[ServerError("Bad Gateway")] * 3)
    sent_at = []
    for _ in range(20):
        if await step(one, clock, 1):
            sent_at.append((clock() - NOW).total_seconds())
    assert counts(store) == {"sent": 1}
    gaps = [later - sooner for sooner, later in itertools.pairwise(sent_at)]
    assert gaps == sorted(gaps)


async def test_a_chat_that_asks_to_wait_is_left_alone_others_are_not(store, deliverer, clock):
    store.write_sync(due, chat=1)
    one = deliverer(Wait(7))
    await step(one, clock, 0)
    store.write_sync(due, chat=2)
    for _ in range(6):
        await step(one, clock, 1)
    assert [sent.chat for sent in one.sender.got] == [1, 2]
    assert store.read_sync(chats.waiting_until, 1) == NOW + timedelta(seconds=7)
    await step(one, clock, 2)
    await step(one, clock, 1)
    assert [sent.chat for sent in one.sender.got] == [1, 2, 1]


async def test_a_wait_is_kept_by_the_next_process(store, deliverer, clock):
    store.write_sync(due)
    await step(deliverer(Wait(60)), clock, 5)
    after_restart = deliverer()
    assert await step(after_restart, clock) == 0


async def test_a_chat_that_blocked_the_bot_gets_no_further_try(store, deliverer, clock):
    store.write_sync(due)
    one = deliverer(Closed("Forbidden: bot was blocked by the user"))
    await step(one, clock)
    assert not store.read_sync(chats.is_active, 1)
    assert await step(one, clock) == 0
    assert counts(store) == {"dropped": 1}


async def test_a_group_that_became_a_supergroup_gets_it_under_its_new_id(store, deliverer, clock):
    store.write_sync(due, chat=-5)
    store.write_sync(subscriptions.add, Subscription(chat=-5), NOW)
    one = deliverer(Moved(-100))
    await step(one, clock, 5)
    await step(one, clock, 5)
    assert [sent.chat for sent in one.sender.got] == [-5, -100]
    assert len(store.read_sync(subscriptions.of_chat, -100)) == 1


async def test_a_card_that_was_deleted_is_forgotten(store, deliverer, clock):
    store.write_sync(cards.put, Card(chat=1, thread=0, incident="abc23456", message_id=7, version=1))
    store.write_sync(due, Action.EDIT, version=2)
    one = deliverer(CardGone("message to edit not found"))
    await step(one, clock)
    assert store.read_sync(cards.get, 1, 0, "abc23456") is None
    assert await step(one, clock) == 0


async def test_a_refused_message_does_not_hold_up_the_next(store, deliverer, clock):
    store.write_sync(due)
    store.write_sync(due, chat=2)
    one = deliverer(Refused("Bad Request"))
    for _ in range(3):
        await step(one, clock)
    assert counts(store) == {"failed": 1, "sent": 1}


async def test_a_bug_gives_up_one_alert_and_goes_on(store, deliverer, clock):
    store.write_sync(due)
    store.write_sync(due, chat=2)
    one = deliverer()
    good = one.sender.send

    async def send(outgoing):
        if outgoing.chat == 1:
            raise ZeroDivisionError
        return await good(outgoing)

    one.sender.send = send
    await step(one, clock)
    assert counts(store) == {"failed": 1, "sent": 1}


async def test_killed_before_the_answer_was_recorded_it_is_repeated_once(store, deliverer, clock):
    store.write_sync(due)
    store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=5, busy=())
    store.write_sync(outbox.recover)
    one = deliverer()
    await step(one, clock)
    assert "Sent again" in text.visible(one.sender.got[0].message)
    assert counts(store) == {"sent": 1}


async def test_an_end_that_could_not_be_recorded_is_unknown_and_repeated_once(store, deliverer, clock, monkeypatch):
    store.write_sync(due)
    one = deliverer()
    with monkeypatch.context() as broken:
        broken.setattr(
            "bot.alerts.delivery.record", lambda *_args, **_kw: (_ for _ in ()).throw(StoreError("the disk is full"))
        )
        await step(one, clock)
    assert counts(store) == {"sending": 1}
    await step(one, clock)
    assert counts(store) == {"sent": 1}
    assert "Sent again" in text.visible(one.sender.got[1].message)


async def test_without_the_lease_nothing_is_sent(store, deliverer, clock):
    store.write_sync(due)
    store.write_sync(lease.take, "another", NOW, gone=frozenset({HOLDER}))
    async with asyncio.TaskGroup() as group:
        assert await deliverer().start_due(group) == 0


async def test_stopping_lets_what_is_being_sent_end(store, deliverer):
    store.write_sync(due)
    one = deliverer()
    stop, sending, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    good = one.sender.send

    async def slow(outgoing):
        sending.set()
        await go.wait()
        return await good(outgoing)

    one.sender.send = slow
    running = asyncio.create_task(one.run(stop))
    await sending.wait()
    stop.set()
    one.wake.set()
    go.set()
    await running
    assert counts(store) == {"sent": 1}
