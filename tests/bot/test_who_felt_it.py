"""Who lives where an earthquake was probably felt is alerted of it, and the card says how far away it was."""

import random

import msgspec
import pytest
from fakes import NOW, report
from test_store import incident

from bot.alerts import fanout
from bot.alerts.delivery import _load, compose
from bot.alerts.gate import Rules
from bot.alerts.routing import matches
from bot.render import text
from bot.render.stored_values import reason_words
from bot.store import chats, incidents, outbox, subscriptions
from bot.types import Subscription
from extract.places import Gazetteer
from extract.types import Action, Change, Official, Place, Precision, Severity

EPICENTRE = (37.17, 37.04)
NURDAGI = Place(name="Nurdağı", admin1="Gaziantep", country="TR", lat=37.17, lon=37.04, precision=Precision.DISTRICT)


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


@pytest.fixture
def rules(gazetteer):
    return Rules(contains=gazetteer.contains, reached=gazetteer.reached)


def quake(magnitude=7.8, depth=17.9, *, at=EPICENTRE, place=NURDAGI):
    official = Official(ids=("usgs:a",), point=at, depth=depth)
    facts = msgspec.structs.replace(report(kind="earthquake", place=place), magnitude=magnitude, official=official)
    return msgspec.structs.replace(incident(), facts=facts)


def ask(store, gazetteer, chat, name, **said):
    store.write_sync(chats.touch, chat, "private", NOW)
    place = gazetteer.search(name, 1)[0] if name else None
    return store.write_sync(subscriptions.add, Subscription(chat=chat, place=place, **said), NOW)


def told(store, rules, one):
    change = Change(incident=one.id, version=one.version, at=NOW, article="a", action=Action.NEW)
    store.write_sync(fanout.publish, change, None, one, now=NOW, rules=rules)
    return set(store.read_sync(lambda tx: [row["chat"] for row in tx.rows("SELECT chat FROM alerts")]))


ASKING = (
    (1, "Gaziantep", {}),
    (2, "Aleppo", {}),
    (3, "Aleppo", {"km": 10.0}),
    (4, "Syria", {}),
    (5, "Middle East", {}),
    (6, "Ankara", {}),
    (7, "Baghdad", {"km": 50.0}),
    (8, "Georgia", {}),
    (9, "Aleppo", {"kinds": ("bombing",)}),
    (10, "Aleppo", {"min_severity": Severity.EXTREME}),
    (11, "", {}),
    (12, "Istanbul", {}),
)


def test_towns_and_countries_that_felt_it_are_told_and_nobody_far_outside(store, gazetteer, rules):
    for chat, name, said in ASKING:
        ask(store, gazetteer, chat, name, **said)
    assert told(store, rules, quake()) == {1, 2, 3, 4, 5, 11}


def test_a_weaker_or_deeper_one_reaches_fewer(store, gazetteer, rules):
    for chat, name, said in ASKING:
        ask(store, gazetteer, chat, name, **said)
    assert told(store, rules, quake(6.0, 60.0)) == {5, 11}  # the town of Gaziantep is some 35 km away


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("Aleppo", {}, "about 110 km from Aleppo, probably felt there"),
        ("Aleppo", {"km": 10.0}, "about 110 km from Aleppo, probably felt there"),
        ("Syria", {}, "probably felt in parts of Syria"),
        ("Ankara", {}, "not in Ankara, as far as is known"),
    ],
)
def test_the_reason_says_how_far(gazetteer, rules, name, said, expected):
    wanted = Subscription(chat=1, place=gazetteer.search(name, 1)[0], **said)
    match = matches(quake(), wanted, contains=rules.contains, now=NOW, reached=rules.reached)
    assert reason_words(match.why) == expected


def card_of(store, names, rules, chat):
    [alert] = [
        one
        for one in store.write_sync(outbox.claim, holder="this process", now=NOW, limit=20, busy=())
        if one.chat == chat
    ]
    one, known = store.read_sync(_load, alert, NOW, contains=rules.contains, reached=rules.reached)
    return text.plain(compose(alert, one, known, names).message).splitlines()


def test_the_card_says_why_it_comes_to_a_place_that_is_not_its_own(store, gazetteer, rules, names):
    ask(store, gazetteer, 2, "Aleppo")
    told(store, rules, quake())
    assert "About 110 km from Aleppo, probably felt there" in card_of(store, names, rules, 2)


def test_whose_place_it_was_needs_no_such_word(store, gazetteer, rules, names):
    ask(store, gazetteer, 2, "Aleppo")
    ask(store, gazetteer, 2, "Turkey")
    told(store, rules, quake())
    assert not [one for one in card_of(store, names, rules, 2) if "felt" in one]


def test_news_without_an_agency_reaches_its_own_place_only(store, gazetteer, rules):
    ask(store, gazetteer, 2, "Aleppo")
    facts = msgspec.structs.replace(quake().facts, official=None)
    assert told(store, rules, msgspec.structs.replace(incident(), facts=facts)) == set()


def test_one_in_the_sea_is_told_on_both_coasts_also_over_the_date_line(store, gazetteer, rules):
    ask(store, gazetteer, 1, "Labasa")
    ask(store, gazetteer, 2, "Apia")
    ask(store, gazetteer, 3, "Fiji")
    ask(store, gazetteer, 4, "Labasa", km=20.0)
    at = (-16.6, -179.8)
    sea = Place(name="Fiji region", lat=at[0], lon=at[1], precision=Precision.DISTRICT)
    assert told(store, rules, quake(7.2, 20.0, at=at, place=sea)) == {1, 3, 4}


@pytest.mark.parametrize("seed", range(3))
def test_the_index_misses_nobody_who_felt_it(store, gazetteer, rules, seed):
    chance = random.Random(seed)
    names = (
        "Aleppo",
        "Gaziantep",
        "Syria",
        "Turkey",
        "Adana",
        "Labasa",
        "Fiji",
        "Suva",
        "Middle East",
        "Apia",
        "Hatay",
    )
    known = [
        ask(store, gazetteer, chat, chance.choice(names), km=chance.choice((None, None, 20.0)))
        if chat % 5
        else ask(store, gazetteer, chat, "Fiji")
        for chat in range(1, 120)
    ]
    for _ in range(30):
        at = chance.choice((EPICENTRE, (-16.6, -179.8), (-13.8, -171.9), (36.2, 37.1)))
        place = msgspec.structs.replace(NURDAGI, lat=at[0], lon=at[1], country=chance.choice(("TR", None)), admin1=None)
        one = quake(chance.uniform(4.0, 8.5), chance.choice((0.0, 30.0, 200.0)), at=at, place=place)
        query = store.read_sync(fanout.asked, one, rules)
        found = {wanted.id for wanted in store.read_sync(subscriptions.possible, query)}
        wanted = {k.id for k in known if matches(one, k, contains=rules.contains, now=NOW, reached=rules.reached).yes}
        assert wanted <= found
    assert store.read_sync(incidents.latest) == []
