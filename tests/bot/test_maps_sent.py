"""Maps that come by themselves: after the card and never in its way, once a chat, drawn once for all of them."""

import asyncio
import threading
from datetime import timedelta

import msgspec
import pytest
from fakes import HOLDER, NOW, PLACES
from talking import ANN, NAMES, message, say_to, tap
from test_delivery import FakeSender, step
from test_notifications import happen

from bot.alerts.delivery import Deliverer
from bot.alerts.outcome import NoAnswer, Sent, Wait
from bot.commands import maps
from bot.picture.cache import Pictures
from bot.render import text
from bot.store import chats, incidents, outbox, preferences, subscriptions
from bot.types import Subscription
from extract.types import Lifecycle, Severity

pytestmark = pytest.mark.usefixtures("simple_tracking")
OTHERS = (1, 2, 3)


@pytest.fixture
def drawn(monkeypatch):
    """The pictures that were drawn, and in which thread."""
    made = []

    def draw(what, _atlas):
        made.append((what, threading.current_thread() is threading.main_thread()))
        return b"\x89PNG"

    monkeypatch.setattr(maps, "incident_map", draw)
    return made


@pytest.fixture
def sends(store, clock, chatting, drawn):
    """Send what is due with a sender of these outcomes; what went out."""

    async def send(*outcomes, steps=4, draw=None):
        one = Deliverer(
            store=store,
            sender=FakeSender(*outcomes),
            names=NAMES,
            holder=HOLDER,
            clock=clock,
            draw=draw or maps.automatic_map(chatting.services),
        )
        for _ in range(steps):
            await step(one, clock, 4.0)
        return one.sender.got

    return send


def want(store, *pairs, least=Severity.SEVERE, language=""):
    for chat in pairs or (ANN,):
        store.write_sync(chats.touch, chat, "private", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=chat, place=PLACES["Karachi"]), NOW)
        store.write_sync(preferences.set_maps, chat, 0, least)
        if language:
            store.write_sync(preferences.set_language, chat, 0, language)


async def test_the_map_answers_its_card_without_a_sound(store, sends):
    want(store)
    happen(store, "a")
    card, picture = await sends()
    assert card.message.file is None and not card.silent
    assert picture.message.file.is_picture and picture.silent and picture.reply_to == 101
    assert "Karachi" in text.plain(picture.message)


@pytest.mark.parametrize(
    ("least", "severity", "messages"),
    [
        (Severity.UNKNOWN, Severity.EXTREME, 1),
        (Severity.EXTREME, Severity.SEVERE, 1),
        (Severity.SEVERE, Severity.SEVERE, 2),
        (Severity.SEVERE, Severity.EXTREME, 2),
    ],
)
async def test_it_comes_from_the_chosen_severity_on_and_is_off_at_first(store, sends, least, severity, messages):
    want(store, least=least)
    happen(store, "a", severity=severity)
    assert len(await sends()) == messages


async def test_the_card_comes_first_however_often_it_has_to_be_tried(store, sends):
    want(store)
    happen(store, "a")
    got = await sends(Wait(2.0), NoAnswer("x"), Sent(7), steps=8)
    assert [one.message.file is not None for one in got] == [False, False, False, True]


async def test_a_map_that_may_have_arrived_is_sent_once_more_and_says_so(store, sends):
    want(store)
    happen(store, "a")
    got = await sends(Sent(7), NoAnswer("x"), NoAnswer("x"), steps=8)
    assert [("twice" in text.plain(one.message)) for one in got] == [False, False, True]
    assert [one.message.file is not None for one in got] == [False, True, True]


async def test_a_drawing_that_fails_holds_up_nothing(store, sends):
    async def fail(_incident, _chat, _thread):
        raise ValueError("no ink")

    want(store)
    happen(store, "a")
    happen(store, "shooting b")
    assert len(await sends(draw=fail, steps=6)) == 2
    counts = store.read_sync(outbox.counts)
    assert (counts["sent"], counts["failed"]) == (2, 2)


async def test_what_was_taken_back_meanwhile_gets_no_map(store, sends, chatting):
    want(store)
    known = store.read_sync(incidents.get, happen(store, "a"))
    await sends(steps=1)
    gone = msgspec.structs.replace(known, version=2, lifecycle=Lifecycle.RETRACTED)
    change = msgspec.structs.replace(store.read_sync(incidents.versions, known.id)[0].change, version=2)
    store.write_sync(incidents.save, gone, change, announced=True)
    assert await sends() == []


async def test_many_chats_get_one_drawing_a_language_and_it_is_drawn_beside_the_loop(store, sends, drawn):
    want(store, *OTHERS)
    want(store, 4, language="fr")
    happen(store, "a")
    got = await sends(steps=6)
    assert sum(one.message.file is not None for one in got) == 4
    assert len(drawn) == 2 and not any(is_main for _, is_main in drawn)


async def test_a_picture_under_way_is_waited_for_and_a_failure_is_tried_again():
    made, pictures = [], Pictures(kept=2)

    def draw():
        made.append(1)
        if len(made) == 1:
            raise ValueError
        return b"x"

    with pytest.raises(ValueError):
        await pictures.get("a", draw)
    assert await asyncio.gather(*(pictures.get("a", draw) for _ in range(5))) == [b"x"] * 5
    assert len(made) == 2
    for name in ("b", "c", "a"):
        await pictures.get(name, draw)
    assert len(made) == 5


async def test_it_is_chosen_by_command_or_button_and_shown_in_the_settings(store, chatting, wire):
    assert "none comes by itself" in (await say_to(chatting, wire, message("/settings")))[0]
    store.write_sync(preferences.put, ANN, 0, preferences.Preferences(), NOW + timedelta(hours=1))
    assert "severe or worse" in (await say_to(chatting, wire, message("/maps severe")))[0]
    assert "severe or worse" in (await say_to(chatting, wire, message("/settings")))[0]
    assert "none comes by itself" in (await say_to(chatting, wire, tap("maps:off")))[0]
    assert "As in: /maps severe" in (await say_to(chatting, wire, message("/maps unknown")))[0]
    rows = store.read_sync(lambda tx: tx.rows("SELECT next_round FROM preferences"))
    assert rows[0]["next_round"] != "", "the next digest is due as it was"
