"""Are the subscriptions that the indexes find for an incident the same as those that match it, one by one?"""

import random
import sqlite3
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES, report
from test_store import incident

from bot.alerts.fanout import asked
from bot.alerts.gate import Rules
from bot.alerts.routing import matches
from bot.store import chats, subscriptions
from bot.store.subscription_columns import box_of
from bot.types import Subscription
from extract.geo import distance_km
from extract.places import Gazetteer
from extract.types import Place, Precision, Severity

KINDS = ("bombing", "suicide_bombing", "shooting", "fire", "flood")
TOWNS = (
    "Karachi", "Hyderabad, Pakistan", "Lahore", "Lyon", "Nairobi", "Mombasa", "Suva", "Labasa", "Apia", "Anchorage", "Aleppo",
    "Hong Kong", "Hackney", "Brooklyn", "Kherson", "Sevastopol",
)  # fmt: skip
AREAS = (
    "Pakistan", "Sindh", "France", "Middle East", "Sahel", "Europe", "Kashmir", "Crimea", "Polynesia", "Fiji", "Kenya",
    "New York City", "London", "South Asia",
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


@pytest.fixture(scope="module")
def places(gazetteer):
    return [gazetteer.search(name, 1)[0] for name in (*TOWNS, *AREAS)]


def drawn(chance, places, chat):
    place = chance.choice([None, *places])
    is_circle = place is not None and place.lat is not None and chance.random() < 0.3
    return Subscription(
        chat=chat,
        place=place,
        km=chance.choice((10.0, 200.0, 2500.0)) if is_circle else None,
        kinds=tuple(chance.sample(KINDS, chance.choice((1, 2)))) if chance.random() < 0.5 else (),
        min_severity=chance.choice(list(Severity)),
        paused_until=NOW + timedelta(hours=1) if chance.random() < 0.1 else None,
        without_kinds=("fire",) if chance.random() < 0.1 else (),
    )


def happened(chance, places):
    place = chance.choice([None, *places])
    if place is not None and chance.random() < 0.1:  # a town of the name whose point isn't known
        place = msgspec.structs.replace(place, lat=None, lon=None, geonameid=None)
    facts = msgspec.structs.replace(
        report(kind=chance.choice(KINDS), killed=2), place=place, severity=chance.choice(list(Severity))
    )
    return msgspec.structs.replace(incident(), facts=facts)


def found(store, one, rules):
    query = store.read_sync(asked, one, rules)
    return {subscription.id for subscription in store.read_sync(subscriptions.possible, query)}


def ask(store, subscription):
    store.write_sync(chats.touch, subscription.chat, "private", NOW)
    return store.write_sync(subscriptions.add, subscription, NOW)


@pytest.mark.parametrize("seed", range(4))
def test_no_subscription_that_matches_is_missed(store, gazetteer, places, seed):
    chance = random.Random(seed)
    known = [ask(store, drawn(chance, places, chat)) for chat in range(1, 251)]
    rules = Rules(contains=gazetteer.contains)
    told = 0
    for _ in range(80):
        one = happened(chance, places)
        wanted = {
            subscription.id
            for subscription in known
            if matches(
                one, msgspec.structs.replace(subscription, paused_until=None), contains=gazetteer.contains, now=NOW
            ).yes
        }
        told += len(wanted)
        missed = [(k.place, k.km) for k in known if k.id in wanted - found(store, one, rules)]
        assert not missed, one.facts.place
    assert told > 500


def test_those_of_other_places_kinds_and_severities_are_not_even_read(store, gazetteer):
    rules = Rules(contains=gazetteer.contains)
    near = ask(store, Subscription(chat=1, place=PLACES["Karachi"]))
    ask(store, Subscription(chat=2, place=PLACES["Lahore"]))
    ask(store, Subscription(chat=3, place=PLACES["Lahore"], km=50.0))
    ask(store, Subscription(chat=4, place=PLACES["Karachi"], kinds=("flood",)))
    ask(store, Subscription(chat=5, place=PLACES["Karachi"], min_severity=Severity.EXTREME))
    facts = msgspec.structs.replace(report(killed=4), severity=Severity.SEVERE)
    assert found(store, msgspec.structs.replace(incident(), facts=facts), rules) == {near.id}


def test_a_changed_subscription_is_looked_up_by_what_it_is_now(store, gazetteer):
    rules = Rules(contains=gazetteer.contains)
    one = ask(store, Subscription(chat=1, place=PLACES["Karachi"], kinds=("flood",)))
    bomb = msgspec.structs.replace(incident(), facts=report(killed=4))
    assert found(store, bomb, rules) == set()
    store.write_sync(subscriptions.change, msgspec.structs.replace(one, kinds=(), km=5.0))
    assert found(store, bomb, rules) == {one.id}
    store.write_sync(subscriptions.change, msgspec.structs.replace(one, place=PLACES["Lahore"], km=5.0))
    assert found(store, bomb, rules) == set()


def test_the_box_of_a_circle_goes_with_its_subscription(store):
    one = ask(store, Subscription(chat=1, place=PLACES["Karachi"], km=5.0))
    ask(store, Subscription(chat=2, place=PLACES["Lahore"], km=5.0))
    store.write_sync(subscriptions.remove, 1, one.id)
    store.write_sync(chats.forget, 2, NOW)
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM subscription_circles")) == 0


def test_a_damaged_spot_hides_no_other(store, gazetteer):
    rules = Rules(contains=gazetteer.contains)
    ask(store, Subscription(chat=1, place=PLACES["Karachi"]))
    whole = ask(store, Subscription(chat=2, place=PLACES["Karachi"], kinds=("bombing",)))
    with sqlite3.connect(store.path) as conn:
        conn.execute("UPDATE subscriptions SET spot = CAST(x'7bff22' AS TEXT) WHERE chat = 1")
    assert found(store, msgspec.structs.replace(incident(), facts=report(killed=4)), rules) == {whole.id}


def test_the_box_holds_every_point_of_the_circle():
    chance = random.Random(11)
    for _ in range(20_000):
        lat, lon = chance.uniform(-89, 89), chance.choice((chance.uniform(-180, 180), 179.5, -179.5))
        km = chance.choice((1.0, 50.0, 700.0, 3000.0))
        other = (
            min(90.0, max(-90.0, lat + chance.gauss(0, km / 100))),
            (lon + chance.gauss(0, km / 60) + 180) % 360 - 180,
        )
        centre = Place(name="x", lat=lat, lon=lon, precision=Precision.CITY)
        box = box_of(Subscription(chat=1, place=centre, km=km))
        if distance_km(lat, lon, *other) <= km:
            assert box.south <= other[0] <= box.north
            assert box.west <= other[1] <= box.east
