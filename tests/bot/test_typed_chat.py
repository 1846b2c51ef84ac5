"""What becomes of typed places and filters in a chat: subscriptions, questions which is meant, lists and alerts."""

import dataclasses
import json

import pytest
from fakes import NOW, PLACES, report
from talking import ANN, message, say_to, tap
from test_notifications import IDS, due, happen, subscribe

from bot.alerts.gate import Rules
from bot.incidents.ingest import commit
from bot.store import articles, subscriptions
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.types import Article, Extraction, Severity

pytestmark = pytest.mark.usefixtures("simple_tracking")
KINDS = load_kinds()


@pytest.fixture
def worldwide(chatting):
    """The chat with the places of the world."""
    gazetteer = Gazetteer.open()
    services = dataclasses.replace(chatting.services, places=gazetteer, contains=gazetteer.contains)
    return dataclasses.replace(chatting, services=services)


def mine(store):
    return store.read_sync(subscriptions.of_chat, ANN)


def labels(wire):
    markup = wire.said()[-1].get("reply_markup", "{}")
    rows = json.loads(markup) if isinstance(markup, str) else markup
    return {one["text"]: one for row in rows.get("inline_keyboard", rows.get("keyboard", [])) for one in row}


async def test_several_places_are_a_subscription_each(store, worldwide, wire):
    said = (await say_to(worldwide, wire, message("/subscribe Karachi, Lahore and Quetta no fire")))[-1]
    assert [(one.place.name, one.without_kinds) for one in mine(store)] == [
        (name, KINDS.find("fire")) for name in ("Karachi", "Lahore", "Quetta")
    ]
    assert said.count("no fires") == 3


async def test_a_place_that_is_not_clear_is_asked_and_the_others_are_kept(store, worldwide, wire):
    await say_to(worldwide, wire, message("/subscribe Karachi and Springfield severe"))
    assert [one.place.name for one in mine(store)] == ["Karachi"]
    wanted = labels(wire)["Springfield, Illinois, US"]["callback_data"]
    await say_to(worldwide, wire, tap(wanted))
    assert [(one.place.name, one.place.admin1, one.min_severity) for one in mine(store)][1:] == [
        ("Springfield", "Illinois", Severity.SEVERE)
    ]


@pytest.mark.parametrize("typed", ["Karchi", "Washington", "Georgia", "Nigera"])
async def test_what_is_not_certain_is_never_subscribed_to_unasked(store, worldwide, wire, typed):
    await say_to(worldwide, wire, message(f"/subscribe {typed}"))
    assert mine(store) == []
    assert len(labels(wire)) > 1


async def test_a_misspelt_name_that_is_certain_is_said(store, worldwide, wire):
    said = (await say_to(worldwide, wire, message("/subscribe Isreal")))[-1]
    assert "I read “Isreal” as Israel" in said
    assert [one.place.country for one in mine(store)] == ["IL"]


async def test_a_request_without_a_command_subscribes(store, worldwide, wire):
    said = await say_to(worldwide, wire, message("alert me about bombings in pakistan but not in balochistan"))
    assert "not in Balochistan" in said[-1]
    (kept,) = mine(store)
    assert (kept.place.name, kept.kinds) == ("Pakistan", KINDS.find("bombing"))
    assert [place.name for place in kept.without_places] == ["Balochistan"]
    await say_to(worldwide, wire, message("unsubscribe from Pakistan"))
    assert mine(store) == []


async def test_near_me_asks_for_the_location(store, worldwide, wire):
    await say_to(worldwide, wire, message("/subscribe near me"))
    assert labels(wire)["Share my location"]["request_location"] is True
    assert mine(store) == []


async def test_a_command_without_a_place_asks_for_one(store, worldwide, wire):
    said = await say_to(worldwide, wire, message("/subscribe alerts please"))
    assert "Which place?" in said[-1]
    assert mine(store) == []


async def test_a_quarter_says_that_its_town_comes_too(store, worldwide, wire):
    said = (await say_to(worldwide, wire, message("/subscribe Lyari")))[-1]
    assert "What is reported of Karachi without a quarter comes too." in said
    happen(store, "a")
    assert len(due(store)) == 1


@pytest.mark.parametrize("typed", ["bombing Lahore", "Lahore bombing", "bombings in Lahor", "لاہور bombing"])
async def test_a_list_reads_words_in_any_order_and_says_what_it_understood(store, worldwide, wire, typed):
    happen(store, "a", "Lahore")
    happen(store, "b", "Karachi")
    said = (await say_to(worldwide, wire, message(f"/latest {typed}")))[-1]
    assert "Lahore, Punjab, Pakistan · bombings" in said
    assert (said.count("post.example/a"), said.count("post.example/b")) == (1, 0)


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        ({"without_kinds": ("bombing",)}, False),
        ({"without_kinds": ("fire",)}, True),
        ({"without_places": (PLACES["Karachi"],)}, False),
        ({"without_places": (PLACES["Lahore"],)}, True),
        ({"words": ("depot",)}, True),
        ({"words": ("harbour",)}, False),
        ({"without": ("depot",)}, True),
    ],
)
def test_what_is_left_out_and_words_of_the_text_decide_on_alerts(store, wanted, comes):
    subscribe(store, **wanted)
    told = Article(
        id="a",
        title="Blast in Karachi",
        text="The blast shook a bus depot.",
        url="https://post.example/a",
        published=NOW,
        source="post.example",
    )
    store.write_sync(articles.add, "", told, NOW, baseline=False)
    extraction = Extraction(
        id="a", relevant=True, reports=(report(place=PLACES["Karachi"], severity=Severity.SEVERE, kind="bombing"),)
    )
    for stored in store.read_sync(articles.waiting, 1):
        store.write_sync(commit, stored, extraction, now=NOW, new_id=IDS, rules=Rules())
    assert bool(due(store)) is comes


@pytest.mark.parametrize(
    ("code", "name"), [("GE", "Georgia"), ("DJ", "Djibouti"), ("CD", "Democratic Republic of the Congo")]
)
async def test_the_button_of_a_country_is_that_country(store, worldwide, wire, code, name):
    names = dataclasses.replace(worldwide.services.names, country=Gazetteer.open().country_name)
    chatting = dataclasses.replace(worldwide, services=dataclasses.replace(worldwide.services, names=names))
    await say_to(chatting, wire, tap(f"country:{code}"))
    assert [(one.place.name, one.place.country, one.place.precision) for one in mine(store)] == [
        (name, code, "country")
    ]


@pytest.mark.parametrize(
    ("typed", "comes"), [("+depot", True), ("+dep", True), ('+"bus depot"', True), ("+harbour", False)]
)
async def test_a_list_looks_for_words_in_the_texts(store, worldwide, wire, typed, comes):
    told = Article(
        id="a",
        title="Blast in Karachi",
        text="The blast shook a bus depot.",
        url="https://post.example/a",
        published=NOW,
        source="post.example",
    )
    store.write_sync(articles.add, "", told, NOW, baseline=False)
    extraction = Extraction(id="a", relevant=True, reports=(report(place=PLACES["Karachi"], kind="bombing"),))
    for stored in store.read_sync(articles.waiting, 1):
        store.write_sync(commit, stored, extraction, now=NOW, new_id=IDS, rules=Rules())
    said = await say_to(worldwide, wire, message(f"/latest Karachi {typed}"))
    assert ("post.example/a" in said[-1]) is comes
