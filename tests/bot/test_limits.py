"""Telegram's limits: in the pure limiter with every delay of the network, and against a Bot API over HTTP."""

import asyncio
import random
import time

import pytest
from bot_api import PER_SECOND, TOKEN, BotApi, most_within, serving
from fakes import HOLDER, NOW
from talking import NAMES
from telegram.error import BadRequest
from test_delivery import FakeSender, counts, due, save

from bot.alerts.delivery import Deliverer
from bot.alerts.outcome import Held, Outgoing, Sent, Wait
from bot.alerts.rate_limits import LEAST_HOLDS, SLOW_SECONDS, Limiter
from bot.alerts.turns import Held as TurnHeld
from bot.alerts.turns import Turns, sending_alert
from bot.chat.connect import Connection, turns_of
from bot.chat.inbox import Intake
from bot.chat.outcome import HeldBack
from bot.chat.polling import Polling
from bot.config import parse
from bot.render.message import Attached, Message, say
from bot.store import holds, lease


def send_through(limiter, number, delays, *, chat=lambda n: n + 1, start=0.0):
    """Start so many messages as early as the limiter lets them; the times at which they arrived at the server."""
    now, under_way, arrived = start, [], []
    for n in range(number):
        while (wait := limiter.wait(chat(n), now)) > 0:
            ends = min((end for end, _ in under_way), default=float("inf"))
            now = min(now + wait, ends) + 1e-6
            for end, request in [one for one in under_way if one[0] <= now]:
                limiter.end(request, end, succeeded=True)
                under_way.remove((end, request))
        there, back = delays()
        arrived.append(now + there)
        under_way.append((now + there + back, limiter.start(chat(n), now)))
    return sorted(arrived)


@pytest.mark.parametrize(("there", "back"), [(0.0, 0.0), (0.3, 0.3), (0.3, 0.0), (0.0, 0.3), (3.0, 0.5), (0.01, 2.0)])
def test_no_second_of_the_server_sees_more_than_the_limit(there, back):
    chance = random.Random(f"{there}{back}")
    arrived = send_through(Limiter(), 600, lambda: (chance.random() * there, chance.random() * back))
    assert most_within(arrived, 1.0) <= PER_SECOND


def test_a_quick_network_takes_all_the_limit_gives():
    arrived = send_through(Limiter(), 1000, lambda: (0.02, 0.02))
    assert arrived[-1] - arrived[0] < 36


def test_no_minute_of_the_server_sees_more_than_a_group_may_get():
    chance = random.Random(3)
    arrived = send_through(Limiter(), 50, lambda: (chance.random() * 0.3, chance.random() * 0.3), chat=lambda _: -5)
    assert most_within(arrived, 60.0) == 20
    assert most_within(arrived, 1.0) == 1


def test_messages_to_one_chat_are_a_second_apart_on_the_server():
    chance = random.Random(4)
    arrived = send_through(Limiter(), 20, lambda: (chance.random() * 0.3, chance.random() * 0.3), chat=lambda _: 5)
    assert most_within(arrived, 1.0) == 1


def test_messages_are_spread_over_the_second():
    arrived = send_through(Limiter(), 300, lambda: (0.0, 0.1))
    assert most_within(arrived, 0.1) <= 5


def test_at_first_one_message_is_sent_and_its_success_lets_others_go():
    limiter = Limiter()
    first = limiter.start(1, 0.0)
    assert limiter.wait(2, 1.0) == pytest.approx(SLOW_SECONDS - 1.0)
    limiter.end(first, 1.0, succeeded=True)
    assert limiter.wait(2, 1.0) == 0
    limiter.start(2, 1.0)
    assert limiter.wait(3, 1.1) == 0
    limiter.start(3, 1.1)
    assert limiter.wait(4, 1.2) > 0


def test_what_an_earlier_process_sent_a_moment_ago_counts():
    limiter = Limiter(since=100.0)
    for n in range(20):
        limiter.remember(-5, 50.0 + n)
    assert limiter.wait(1, 100.2) == pytest.approx(0.8)
    assert limiter.wait_of(-5, 100.2) == pytest.approx(9.8)


# ------------------------------------------------------------------ answers 429


def refuse(limiter, chat, now, seconds):
    return limiter.refused(limiter.start(chat, now), now + 0.1, seconds)


def test_a_refusal_that_the_chat_does_not_explain_holds_the_whole_bot():
    limiter = Limiter()
    assert refuse(limiter, 1, 0.0, 7)
    assert limiter.wait(2, 0.2) == pytest.approx(6.9)
    assert limiter.wait(None, 0.2) == pytest.approx(6.9)
    assert limiter.wait(2, 7.2) == 0


@pytest.mark.parametrize(("chat", "before"), [(-5, 19), (-5, 12), (5, 1)])
def test_a_refusal_that_the_chats_own_limit_explains_holds_that_chat(chat, before):
    limiter = Limiter()
    for n in range(before):
        limiter.end(limiter.start(chat, n * 1.5), n * 1.5, succeeded=True)
    assert not refuse(limiter, chat, before * 1.5, 7)
    assert limiter.wait(2, before * 1.5 + 0.2) == 0
    assert limiter.wait_of(chat, before * 1.5 + 0.2) >= 6.8


def test_requests_under_way_only_extend_the_wait():
    limiter = Limiter()
    limiter.end(limiter.start(9, 0.0), 0.1, succeeded=True)
    one, two, three = (limiter.start(chat, 0.2 + chat / 10) for chat in (1, 2, 3))
    limiter.refused(one, 0.6, 5)
    limiter.end(two, 0.7, succeeded=True)  # it was accepted before the limit was reached
    assert limiter.held(0.7) == pytest.approx(4.9)
    limiter.refused(three, 0.8, 9)
    assert limiter.held(0.8) == pytest.approx(9.0)


def test_after_the_wait_one_request_is_tried_and_a_second_refusal_waits_longer():
    limiter = Limiter()
    refuse(limiter, 1, 0.0, 1)
    probe = limiter.start(2, 2.0)
    assert limiter.wait(3, 30.0) == float("inf")
    limiter.refused(probe, 2.1, 1)
    assert limiter.held(2.1) == LEAST_HOLDS[1]
    limiter.end(limiter.start(3, 40.0), 40.1, succeeded=True)
    assert limiter.wait(4, 41.0) == 0
    refuse(limiter, 4, 50.0, 1)
    assert limiter.held(50.1) == pytest.approx(1.0)


def test_the_chat_that_was_refused_is_not_the_one_that_is_tried():
    limiter = Limiter()
    refuse(limiter, 1, 0.0, 5)
    assert limiter.wait_of(1, 5.2) > 0 and limiter.wait(2, 5.2) == 0
    limiter.end(limiter.start(2, 5.2), 5.3, succeeded=True)
    assert not refuse(limiter, 1, 8.0, 5)  # others get their messages: it is this chat alone
    assert limiter.wait(3, 8.2) == 0


def test_a_server_that_refuses_all_for_half_a_minute_gets_three_requests():
    limiter, now, tried = Limiter(), 0.0, 0
    while now < 30.0:
        if limiter.wait(tried + 1, now) == 0:
            tried += 1
            refuse(limiter, tried, now, 1)
        now += 0.05
    assert tried <= 3


async def test_an_answer_to_a_person_comes_before_alerts():
    turns, order = Turns(Limiter(per_second=50)), []

    async def ask(chat, is_alert):
        if is_alert:
            with sending_alert():
                request = await turns.take(chat)
        else:
            request = await turns.take(chat)
        order.append(chat)
        await asyncio.sleep(0.01)
        turns.end(request, succeeded=True)

    async with asyncio.TaskGroup() as group:
        for chat in (1, 2, 3, 4):
            group.create_task(ask(chat, True))
        await asyncio.sleep(0)
        group.create_task(ask(9, False))
    assert order == [1, 9, 2, 3, 4]


async def test_an_alert_that_would_wait_for_long_is_put_back():
    limiter = Limiter()
    limiter.hold(time.monotonic() + 10)
    turns = Turns(limiter)
    with sending_alert(), pytest.raises(TurnHeld) as raised:
        await turns.take(1)
    assert 9 < raised.value.seconds <= 10
    assert turns.room() == 0


# ------------------------------------------------------------------ over HTTP


class Line:
    """A connection to the fake Bot API with its own turns, and a deliverer."""

    def __init__(self, api, store, clock):
        async def keep(seconds):
            await store.write(holds.put, "123456", now=clock(), seconds=seconds)

        self.api = api
        self.turns = Turns(Limiter(), keep_hold=keep)
        self.connection = Connection(
            parse({"telegram": {"token": TOKEN, "base_url": api.base_url}}).telegram, self.turns
        )
        self.deliverer = Deliverer(
            store=store, sender=self.connection.sender, names=NAMES, holder=HOLDER, clock=clock, turns=self.turns
        )

    async def deliver(self, until):
        """Run the deliverer until a condition holds."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.deliverer.run(stop))
        try:
            await self.api.until(until)
        finally:
            stop.set()
            self.deliverer.wake.set()
            await running


@pytest.fixture
async def api():
    async with serving(BotApi(delay=0.15, back=0.15)) as made:
        yield made


@pytest.fixture
async def line(api, store, clock):
    made = Line(api, store, clock)
    yield made
    await made.connection.close()


def due_to_all(store, chats_):
    store.write_sync(save)
    for chat in chats_:
        store.write_sync(due, chat=chat)


async def test_an_alert_to_many_chats_is_never_refused(api, line, store):
    due_to_all(store, range(1, 61))
    await line.deliver(lambda: len(api.messages()) == 60)
    assert sorted(one.chat for one in api.messages()) == list(range(1, 61))
    assert api.refused() == []


async def test_edits_pictures_and_answers_count_too(api, line):
    made = line.connection.sender
    picture = Message((), file=Attached(name="map.png", body=b"\x89PNG"))
    for n, one in enumerate((say("a"), say("b"), picture)):
        assert isinstance(await made.reply(7, 0, one), Sent), n
    assert isinstance(await made.send(Outgoing(chat=7, message=say("c"), edits=3)), Sent)
    assert [one.method for one in api.messages()] == ["sendMessage", "sendMessage", "sendPhoto", "editMessageText"]
    assert api.refused() == []


async def test_a_refusal_holds_all_chats_and_the_next_process_too(api, line, store, clock):
    due_to_all(store, (1, 2, 3))
    api.refuse = lambda method, _chat: 600.0 if method == "sendMessage" else None
    await line.deliver(api.refused)
    await asyncio.sleep(0.3)
    assert len(api.refused()) == 1
    assert counts(store) == {"pending": 3}
    assert isinstance(await line.connection.sender.send(Outgoing(chat=9, message=say("x"))), Held)
    assert len(api.calls) == 1
    assert store.read_sync(holds.remaining, "123456", now=NOW) == pytest.approx(600, abs=2)
    clock.tick(100)
    assert store.read_sync(holds.remaining, "123456", now=clock()) == pytest.approx(500, abs=2)
    assert store.read_sync(holds.remaining, "654321", now=clock()) == 0  # another bot's account


async def test_nothing_else_is_asked_of_telegram_meanwhile(api, line, store):
    api.refuse = lambda method, _chat: 600.0 if method == "sendMessage" else None
    assert isinstance(await line.connection.sender.send(Outgoing(chat=9, message=say("x"))), Held)
    assert not await line.connection.sender.is_reachable()
    assert [one.method for one in api.calls] == ["sendMessage"]


async def test_a_wait_of_one_chat_does_not_stop_the_others(api, line, store):
    sender = line.connection.sender
    assert isinstance(await sender.send(Outgoing(chat=9, message=say("x"))), Sent)
    api.refuse = lambda method, chat: 600.0 if chat == 9 else None
    assert await sender.send(Outgoing(chat=9, message=say("x"))) == Wait(600)
    assert isinstance(await sender.send(Outgoing(chat=8, message=say("x"))), Sent)


async def test_after_the_wait_everything_arrives_once(api, line, store, clock):
    due_to_all(store, range(1, 11))
    begun = time.monotonic()
    api.refuse = lambda method, _chat: 1.0 if method == "sendMessage" and time.monotonic() < begun + 0.5 else None
    clock_runs = asyncio.create_task(run_clock(clock, store))
    await line.deliver(lambda: len(api.messages()) == 10)
    clock_runs.cancel()
    first = api.refused()[0].at
    assert not [one for one in api.calls if first < one.at < first + 1.0]
    assert sorted(one.chat for one in api.messages()) == list(range(1, 11))


async def test_the_next_process_knows_the_hold_and_what_was_sent_in_the_last_minute(line, store, clock):
    store.write_sync(save)
    store.write_sync(due, chat=-5)
    line.deliverer.sender = FakeSender()
    async with asyncio.TaskGroup() as group:
        await line.deliverer.start_due(group)
    settings = {"telegram": {"token": TOKEN}, "alerts": {"group_per_minute": 1}}
    clock.tick(10)
    later = turns_of(parse(settings), store, clock)
    assert later.busy() == (-5,) and later.held() == 0
    store.write_sync(holds.put, "123456", now=clock(), seconds=30)
    clock.tick(10)
    assert turns_of(parse(settings), store, clock).held() == pytest.approx(20, abs=1)
    settings["telegram"]["token"] = "654321" + TOKEN[6:]
    assert turns_of(parse(settings), store, clock).held() == 0
    clock.tick(60)
    assert turns_of(parse(settings), store, clock).busy() == ()


async def run_clock(clock, store):
    while True:
        await asyncio.sleep(0.1)
        clock.tick(0.1)
        await store.write(lease.take, HOLDER, clock())


async def test_a_second_request_after_a_refused_markup_has_its_turn_too(api, line, monkeypatch):
    answered = []

    async def result(self, method, chat, fields):
        answered.append(fields.get("parse_mode"))
        return await original(self, method, chat, fields)

    original = BotApi._result
    monkeypatch.setattr(BotApi, "_result", result)
    monkeypatch.setattr("bot.chat.sender._workaround", lambda outgoing, _error: (outgoing, True))
    turn = []
    take = line.turns.take

    async def counted(chat):
        turn.append(chat)
        if len(turn) == 1:
            raise BadRequest("can't parse entities")
        return await take(chat)

    line.turns.take = counted
    assert isinstance(await line.connection.sender.send(Outgoing(chat=9, message=say("x"))), Sent)
    assert turn == [9, 9] and answered == [None]


async def test_polling_that_is_refused_waits_as_all_requests_do(api, line, chatting):
    line.turns._limiter.end(line.turns._limiter.start(None, 0.0), 0.0, succeeded=True)
    api.refuse = lambda method, _chat: 600.0 if method == "getUpdates" else None
    intake = Intake(bot=line.connection._bot, chatting=chatting, store=chatting.services.store, holder=HOLDER)
    polling = Polling(bot=line.connection._bot, intake=intake, poll_timeout=1, turns=line.turns)
    stop = asyncio.Event()
    running = asyncio.create_task(polling.receive(stop))
    await api.until(api.refused)
    await asyncio.sleep(0.3)
    with pytest.raises(HeldBack):
        await line.connection._bot.get_me()
    assert len(api.refused()) == 1
    stop.set()
    await running
