"""Acknowledging: who may, what the card says, and what is heard afterwards."""

import json
from datetime import timedelta

import msgspec
import pytest
from fakes import HOLDER, NOW, PLACES
from talking import ANN, CHANNEL, GROUP, NAMES, message, say_to, tap
from test_notifications import due, happen

from bot.alerts.delivery import InChat, compose
from bot.alerts.fanout import publish
from bot.alerts.gate import Rules
from bot.render import text
from bot.render.card import card
from bot.store import acknowledgements, cards, chats, incidents, lease, outbox, subscriptions
from bot.types import Acknowledgement, Reason, Subscription
from extract.types import Action, Change, Count, CountState, Severity

pytestmark = pytest.mark.usefixtures("simple_tracking")
BOB = 502


@pytest.fixture
def known(store):
    """An incident whose card lies in a group."""
    store.write_sync(chats.touch, GROUP, "supergroup", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=GROUP, place=PLACES["Karachi"]), NOW)
    made = happen(store, "a")
    due(store)
    return made


async def press(chatting, wire, known, *, user=ANN, name="Ann", chat=GROUP, kind="supergroup", off=""):
    """Tap the button; what is shown for a moment."""
    update = tap(f"ack:{known}{off}", user=user, chat=chat, kind=kind)
    update["callback_query"]["from"]["first_name"] = name
    wire.asked.clear()
    await say_to(chatting, wire, update)
    (answered,) = [params for method, params in wire.asked if method == "answerCallbackQuery"]
    assert not wire.said(), "nothing is sent to the others"
    return answered.get("text", "")


def becomes(store, known, *, severity=Severity.SEVERE, killed=9, action=Action.REPLY, at=NOW):
    """A new version of the incident; what is sent for it: (action, silent)."""
    before = store.read_sync(incidents.get, known)
    count = Count(low=killed, high=killed, state=CountState.COUNTED)
    facts = msgspec.structs.replace(before.facts, severity=severity, killed=count)
    after = msgspec.structs.replace(before, version=before.version + 1, facts=facts)
    change = Change(incident=known, version=after.version, at=at, article="a", action=action, because=("killed",))
    store.write_sync(publish, change, before, after, now=at, rules=Rules())
    return [(one.action, one.silent) for one in due(store, at)]


def shown(store, known, chat=GROUP):
    incident = store.read_sync(incidents.get, known)
    seen = store.read_sync(acknowledgements.get, chat, 0, known)
    return card(incident, NAMES, seen=seen, loud=Severity.SEVERE)


def desk(message):
    return [button.arg for row in message.buttons for button in row if button.verb == "ack"]


async def test_a_press_is_kept_and_the_card_is_edited(store, chatting, wire, known):
    assert "Acknowledged." in await press(chatting, wire, known)
    (edit,) = due(store)
    incident, held = store.read_sync(incidents.get, known), store.read_sync(cards.get, GROUP, 0, known)
    seen = store.read_sync(acknowledgements.get, GROUP, 0, known)
    outgoing = compose(edit, incident, InChat(card=held, seen=seen), NAMES)
    assert outgoing.edits == held.message_id and edit.silent
    assert "Acknowledged by Ann, 2 Mar 2026, 12:00 UTC" in text.plain(outgoing.message)
    assert desk(outgoing.message) == [f"{known} off"]


async def test_the_first_press_counts(store, chatting, wire, known):
    await press(chatting, wire, known)
    due(store)
    assert "already by Ann" in await press(chatting, wire, known, user=BOB, name="Bob")
    assert due(store) == []
    assert store.read_sync(acknowledgements.get, GROUP, 0, known).name == "Ann"


async def test_news_of_what_is_acknowledged_makes_no_sound(store, chatting, wire, known):
    assert becomes(store, known, killed=5) == [(Action.REPLY, False), (Action.EDIT, True)]
    await press(chatting, wire, known)
    due(store)
    assert becomes(store, known, killed=6) == [(Action.REPLY, True), (Action.EDIT, True)]


async def test_what_becomes_more_severe_is_heard_and_has_to_be_acknowledged_again(store, chatting, wire, known):
    await press(chatting, wire, known)
    due(store)
    assert becomes(store, known, severity=Severity.EXTREME) == [(Action.REPLY, False), (Action.EDIT, True)]
    assert "it is more severe now" in text.plain(shown(store, known)) and desk(shown(store, known)) == [known]
    assert "Acknowledged." in await press(chatting, wire, known, user=BOB, name="Bob")
    due(store)
    assert "Acknowledged by Bob" in text.plain(shown(store, known))
    assert becomes(store, known, severity=Severity.EXTREME, killed=10)[0] == (Action.REPLY, True)


async def test_what_is_taken_back_is_heard_by_who_acknowledged_it(store, chatting, wire, known):
    await press(chatting, wire, known)
    due(store)
    assert becomes(store, known, action=Action.RETRACT)[0] == (Action.RETRACT, False)


async def test_an_acknowledgement_can_be_taken_back_by_anybody(store, chatting, wire, known):
    await press(chatting, wire, known)
    due(store)
    assert "No longer" in await press(chatting, wire, known, user=BOB, off=" off")
    assert [one.action for one in due(store)] == [Action.EDIT]
    assert "wasn't" in await press(chatting, wire, known, user=BOB, off=" off")
    assert becomes(store, known, killed=6)[0] == (Action.REPLY, False)


async def test_an_edit_under_way_does_not_swallow_the_name(store, chatting, wire, known):
    """A press while the card is being edited makes another edit due."""
    before = store.read_sync(incidents.get, known)
    change = Change(incident=known, version=1, at=NOW, article="a", action=Action.EDIT)
    store.write_sync(outbox.enqueue_refresh, (GROUP, 0), known, change=change, severity=3, why=Reason("x"), now=NOW)
    assert before is not None
    await press(chatting, wire, known)
    assert [one.action for one in due(store)] == [Action.EDIT]


async def test_of_an_anonymous_administrator_nothing_is_kept(store, chatting, wire, known):
    wire.member, wire.hidden = "creator", True
    await press(chatting, wire, known)
    kept = store.read_sync(acknowledgements.get, GROUP, 0, known)
    assert (kept.user, kept.name) == (0, "") and "Acknowledged 2 Mar" in text.plain(shown(store, known))


@pytest.mark.parametrize(("chat", "kind"), [(ANN, "private"), (CHANNEL, "channel")])
async def test_who_it_was_is_kept_in_groups_only(store, chatting, wire, known, chat, kind):
    wire.member = "creator"
    await press(chatting, wire, known, chat=chat, kind=kind)
    kept = store.read_sync(acknowledgements.get, chat, 0, known)
    assert (kept.user, kept.name) == (0, "")


async def test_the_command_says_who_in_a_group(store, chatting, wire, known):
    said = await say_to(chatting, wire, message(f"/ack {known}", chat=GROUP, kind="supergroup"))
    assert said[0].startswith("Acknowledged.")
    assert store.read_sync(acknowledgements.get, GROUP, 0, known).user == ANN


async def test_forget_me_takes_the_name_off_the_cards_of_groups(store, chatting, wire, known):
    await press(chatting, wire, known)
    due(store)
    kept = store.read_sync(chats.everything, ANN)
    assert [(row["chat"], row["name"]) for row in kept["acknowledged"]] == [(GROUP, "Ann")]
    await say_to(chatting, wire, message("/forget_me yes"))
    assert [one.action for one in due(store)] == [Action.EDIT]
    assert "Ann" not in text.plain(shown(store, known)) and "Acknowledged 2 Mar" in text.plain(shown(store, known))
    assert "acknowledged" not in store.read_sync(chats.everything, ANN)
    assert becomes(store, known, killed=6)[0] == (Action.REPLY, True)


def test_a_name_is_kept_for_thirty_days(store):
    one = Acknowledgement(chat=GROUP, thread=0, incident="x", severity=3, at=NOW, user=ANN, name="Ann")
    store.write_sync(acknowledgements.put, one)
    for days, name in ((30, "Ann"), (31, "")):
        store.write_sync(chats.prune, NOW + timedelta(days=days))
        assert store.read_sync(acknowledgements.get, GROUP, 0, "x").name == name


async def test_a_group_that_is_forgotten_leaves_none(store, chatting, wire, known):
    await press(chatting, wire, known)
    store.write_sync(chats.forget, GROUP, NOW)
    assert store.read_sync(acknowledgements.get, GROUP, 0, known) is None


async def test_names_are_no_matter_for_logs(store, chatting, wire, known, caplog):
    caplog.set_level("DEBUG")
    await press(chatting, wire, known, name="Zubeida")
    logged = json.dumps([str(vars(record)) for record in caplog.records if record.name.startswith("bot")])
    assert "Zubeida" not in logged and str(ANN) not in logged


def test_a_card_that_makes_no_sound_has_no_such_button(store):
    known = happen(store, "b", severity=Severity.MODERATE)
    assert desk(shown(store, known)) == []


async def test_a_name_cannot_break_the_card(store, chatting, wire, known):
    await press(chatting, wire, known, name="<b>\u202eAnn\n" + "x" * 90)
    html = text.html(shown(store, known))
    assert "by &lt;b&gt;Ann xxx" in html and "x" * 40 not in html


async def test_an_incident_that_is_merged_takes_its_acknowledgement_along(store):
    one = Acknowledgement(chat=GROUP, thread=0, incident="x", severity=3, at=NOW)
    store.write_sync(acknowledgements.put, one)
    store.write_sync(acknowledgements.join, "x", "y")
    assert store.read_sync(acknowledgements.covering, "y", 3) == {(GROUP, 0)}
    assert store.read_sync(acknowledgements.covering, "y", 4) == set()


def test_what_changes_while_an_edit_is_under_way_is_shown_too(store, known):
    store.write_sync(lease.take, HOLDER, NOW)
    ((chat, thread),) = store.read_sync(cards.holders, known)

    def show():
        pair = (chat, thread)
        store.write_sync(
            outbox.enqueue_refresh, pair, known, change=None, severity=3, why=Reason("acknowledged"), now=NOW
        )
        return store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=5, busy=())

    (first,) = show()
    assert show() == []  # one message of a card at a time
    store.write_sync(outbox.mark_sent, first, NOW)
    (second,) = store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=5, busy=())
    assert second.id != first.id
