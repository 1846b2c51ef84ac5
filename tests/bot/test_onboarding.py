"""The first steps of somebody who has never seen the bot, sharing, inline results, and what is kept."""

import json
from datetime import timedelta

import pytest
from fakes import NOW, PLACES
from talking import ANN, GROUP, message, say_to, tap
from telegram import Update
from test_notifications import due, happen, subscribe

from bot.alerts import service_notices
from bot.alerts.delivery import compose
from bot.commands import COMMANDS
from bot.render import text
from bot.store import chats, subscriptions
from bot.subscriptions.filters import Address
from bot.subscriptions.management import offer
from bot.types import Subscription
from extract.types import Place, Precision

pytestmark = pytest.mark.usefixtures("simple_tracking")
HERE = {"latitude": 24.8607, "longitude": 67.0011}


def buttons(wire):
    """The labels and data, or links, of the last message's buttons."""
    rows = json.loads(json.dumps(wire.said()[-1]["reply_markup"])) if "reply_markup" in wire.said()[-1] else {}
    rows = json.loads(rows) if isinstance(rows, str) else rows
    found = [one for row in rows.get("inline_keyboard", rows.get("keyboard", [])) for one in row]
    return {one["text"]: one.get("callback_data") or one.get("url") or one for one in found}


async def test_the_opening_screen_has_three_ways_to_begin(chatting, wire):
    said = (await say_to(chatting, wire, message("/start")))[0]
    assert list(buttons(wire)) == ["Share my location", "Choose a country", "See an example"]
    assert said.count("no emergency service") == 1


async def test_a_shared_location_becomes_a_subscription_in_three_taps(store, chatting, wire):
    happen(store, "a")
    await say_to(chatting, wire, tap("here:"))
    assert buttons(wire)["Share my location"]["request_location"] is True
    await say_to(chatting, wire, message("", location=HERE))
    offered = buttons(wire)
    await say_to(chatting, wire, tap(offered["Subscribe: 50 km"]))
    (kept,) = store.read_sync(subscriptions.of_chat, ANN)
    assert (kept.place.lat, kept.place.lon, kept.km) == (24.9, 67.0, 50)
    assert kept.ends == NOW + timedelta(days=30)
    assert "24.86" not in str(store.read_sync(chats.everything, ANN))


async def test_a_shared_location_is_announced_the_day_before_it_ends_and_can_be_renewed(store, chatting, wire, clock):
    await say_to(chatting, wire, tap("cell:24.9 67.0 50"))
    names = chatting.services.names
    for days, expected in ((28, 0), (29, 1), (29.5, 1)):
        at = NOW + timedelta(days=days)
        assert store.write_sync(service_notices.notify_of_ending, names, at) == expected
    (notice,) = due(store, NOW + timedelta(days=29.5))
    said = compose(notice, None, None, names).message
    assert "ends by itself on 1 Apr 2026, 12:00 UTC" in text.visible(said)
    assert "the place you shared within 50 km" in text.visible(said)
    clock.tick(29.5 * 86400)
    await say_to(chatting, wire, tap(f"sub:{said.buttons[0][0].arg}"))
    (kept,) = store.read_sync(subscriptions.of_chat, ANN)
    assert kept.ends == NOW + timedelta(days=59.5)
    assert store.write_sync(service_notices.notify_of_ending, names, NOW + timedelta(days=30)) == 0


async def test_a_shared_location_ends_by_itself(store):
    place = Place(name="the place you shared", lat=24.9, lon=67.0, precision=Precision.SITE)
    subscribe(store, place=place, km=50, ends=NOW + timedelta(days=30))
    happen(store, "a", at=NOW + timedelta(days=29))
    assert len(due(store, NOW + timedelta(days=29))) == 1
    happen(store, "b", "Lahore", at=NOW + timedelta(days=31))
    assert due(store, NOW + timedelta(days=31)) == []
    assert store.write_sync(subscriptions.prune, NOW + timedelta(days=31)) == 1
    assert store.read_sync(subscriptions.of_chat, ANN) == []


async def test_pruning_leaves_what_has_no_end(store):
    subscribe(store, place=PLACES["Karachi"])
    assert store.write_sync(subscriptions.prune, NOW + timedelta(days=999)) == 0


async def test_a_location_can_be_asked_for_in_private_only(chatting, wire):
    assert await say_to(chatting, wire, tap("here:", chat=GROUP, kind="supergroup")) == []


@pytest.mark.parametrize(
    "data", ["cell:", "cell:1 2", "cell:a b c", "cell:24.9 67.0 99999", "country:", "sub:", "say:x y"]
)
async def test_forged_buttons_are_answered_and_change_nothing(store, chatting, wire, data):
    await say_to(chatting, wire, tap(data))
    assert wire.asked[-1][0] == "answerCallbackQuery"
    assert store.read_sync(subscriptions.of_chat, ANN) == []


async def test_countries_are_those_in_the_news(store, chatting, wire):
    happen(store, "a")
    happen(store, "b", "Nairobi")
    await say_to(chatting, wire, tap("countries:"))
    assert buttons(wire) == {"Pakistan": "country:PK", "Kenya": "country:KE"}


async def test_an_example_is_a_card(store, chatting, wire):
    assert await say_to(chatting, wire, tap("example:")) == []
    happen(store, "a")
    assert "Karachi" in (await say_to(chatting, wire, tap("example:")))[0]


async def test_an_incident_is_shared_by_a_link_that_opens_its_card(store, chatting, wire):
    first = happen(store, "a")
    await say_to(chatting, wire, message(f"/share {first}"))
    assert buttons(wire)["Open in the bot"] == f"https://t.me/tocsin_bot?start=s_{first}"
    assert "Karachi" in (await say_to(chatting, wire, message(f"/start s_{first}", user=502)))[0]


async def test_a_filter_is_shared_by_a_link_that_subscribes(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"], km=50.0)
    await say_to(chatting, wire, message("/share 1"))
    token = buttons(wire)["Subscribe to the same"].partition("start=")[2]
    assert len(token) <= 64
    await say_to(chatting, wire, message(f"/start {token}", user=502))
    (theirs,) = store.read_sync(subscriptions.of_chat, 502)
    assert (theirs.place.name, theirs.km, theirs.chat) == ("Karachi", 50.0, 502)


@pytest.mark.parametrize("payload", ["sub_nothing", "s_nothing", "sub_sh-", "sub_%27"])
async def test_links_that_lead_nowhere_say_so(store, chatting, wire, payload):
    assert (
        "no incident" in (said := (await say_to(chatting, wire, message(f"/start {payload}")))[0]) or "expired" in said
    )
    assert store.read_sync(subscriptions.of_chat, ANN) == []


async def test_a_choice_of_another_chat_can_not_be_taken_by_a_link(store, chatting, wire):
    await chatting.services.store.write(chats.touch, ANN, "private", NOW)
    token = await offer(store, [Subscription(chat=ANN)], Address(chat=ANN), NOW)
    assert "expired" in (await say_to(chatting, wire, message(f"/start sub_{token}", user=502)))[0]


@pytest.mark.parametrize(("words", "expected"), [("karachi", 1), ("", 2), ("nowhere at all", 0)])
async def test_inline_results_are_cards_to_paste(store, chatting, wire, words, expected):
    happen(store, "a")
    happen(store, "b", "Lahore")
    who = {"id": ANN, "is_bot": False, "first_name": "x"}
    update = {"update_id": 9, "inline_query": {"id": "q", "from": who, "query": words, "offset": ""}}
    await chatting.handle(Update.de_json(update, wire.bot))
    name, params = wire.asked[-1]
    results = json.loads(params["results"]) if isinstance(params["results"], str) else params["results"]
    assert (name, len(results)) == ("answerInlineQuery", expected)
    assert all("Karachi" in one["title"] for one in results) or words != "karachi"


async def test_everything_kept_about_a_chat_is_a_file_and_nothing_is_left_after_forgetting(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"])
    first = happen(store, "a")
    for typed in (
        "/quiet 22:00-07:00 utc",
        f"/follow {first}",
        f"/wrong {first} bad",
        f"/mute {first} 24h",
        "/share 1",
    ):
        await say_to(chatting, wire, message(typed))
    await say_to(chatting, wire, message("/export_me"))
    assert wire.asked[-1][0] == "sendDocument"
    kept = store.read_sync(chats.everything, ANN)
    assert set(kept) >= {"chats", "subscriptions", "preferences", "follows", "feedback", "mutes", "choices", "alerts"}
    await say_to(chatting, wire, message("/forget_me yes"))
    assert store.read_sync(chats.everything, ANN) == {}


def test_every_command_has_a_help_text_that_telegram_takes():
    assert len(COMMANDS) <= 100
    assert all(1 <= len(one.name) <= 32 and one.help and len(one.help) <= 256 for one in COMMANDS.values())


async def test_a_shared_filter_subscribes_a_group_for_its_administrators_only(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"])
    await say_to(chatting, wire, message("/share 1"))
    token = buttons(wire)["Subscribe to the same"].partition("start=")[2]
    said = (await say_to(chatting, wire, message(f"/start {token}", chat=GROUP, kind="supergroup")))[0]
    assert "administrators" in said and store.read_sync(subscriptions.of_chat, GROUP) == []
    wire.member = "creator"
    await say_to(chatting, wire, message(f"/start {token}", chat=GROUP, kind="supergroup"))
    assert len(store.read_sync(subscriptions.of_chat, GROUP)) == 1


@pytest.mark.parametrize("typed", ["/for --5 subs", "/unsubscribe ²", "/share ²", "/split ² ²", "/near ²"])
async def test_odd_numbers_are_answered(chatting, wire, typed):
    said = (await say_to(chatting, wire, message(typed)))[0]
    assert "Something went wrong" not in said


async def test_an_unfinished_inline_query_finds_nothing(chatting, wire):
    who = {"id": ANN, "is_bot": False, "first_name": "x"}
    await chatting.handle(
        Update.de_json(
            {"update_id": 9, "inline_query": {"id": "q", "from": who, "query": "50km", "offset": ""}}, wire.bot
        )
    )
    assert wire.asked[-1][0] == "answerInlineQuery"
