"""What the words of /subscribe mean."""

import pytest
from fakes import NOW, PLACES

from bot.errors import ChatError
from bot.store import subscriptions
from bot.subscriptions.filters import Address, ParsedFilter, checked_name, subscription_of
from bot.subscriptions.management import _subscribe, offer, pick, rename, subscribe, unsubscribe
from bot.subscriptions.parsing import parse_filter
from extract.kinds import load_kinds
from extract.places.meant import Meant
from extract.types import Severity

KINDS = load_kinds()
HERE = Address(chat=1)


class Places:
    """Knows three cities."""

    def search(self, name, limit=8):
        return [place for known, place in PLACES.items() if known.casefold() == name.casefold().partition(",")[0]]

    def meant(self, text, **_more):
        found = self.search(text)
        return Meant(options=tuple(found), certain=len(found) == 1)

    def knows(self, name):
        return bool(self.search(name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Karachi", ParsedFilter(name="Karachi")),
        ("Naples, Florida", ParsedFilter(name="Naples, Florida")),
        ("in Rio de Janeiro", ParsedFilter(name="Rio de Janeiro")),
        ("Karachi 50km", ParsedFilter(name="Karachi", km=50)),
        ("Karachi 50 km", ParsedFilter(name="Karachi", km=50)),
        ("Karachi within 2.5 KM", ParsedFilter(name="Karachi", km=2.5)),
        ("Karachi severe", ParsedFilter(name="Karachi", min_severity=Severity.SEVERE)),
        ("Karachi bombing", ParsedFilter(name="Karachi", kinds=KINDS.find("bombing"))),
        ("Karachi bombings, earthquakes", ParsedFilter(name="Karachi", kinds=(*KINDS.find("bombing"), "earthquake"))),
        ("bombings in Karachi", ParsedFilter(name="Karachi", kinds=KINDS.find("bombing"))),
        ("earthquake", ParsedFilter(kinds=("earthquake",))),
        ("everywhere earthquake", ParsedFilter(kinds=("earthquake",), is_everywhere=True)),
        ("Karachi +police -cricket", ParsedFilter(name="Karachi", words=("police",), without=("cricket",))),
        ('Karachi +"police post"', ParsedFilter(name="Karachi", words=("police post",))),
        (
            "Karachi 50km earthquake severe +police -cricket",
            ParsedFilter(
                name="Karachi",
                km=50,
                kinds=("earthquake",),
                min_severity=Severity.SEVERE,
                words=("police",),
                without=("cricket",),
            ),
        ),
    ],
)
def test_words(text, expected):
    assert parse_filter(text, KINDS) == expected


@pytest.mark.parametrize(
    ("text", "why"), [("50km", "needs a place"), ("Karachi 0km", "between"), ("Karachi 9999km", "between")]
)
def test_what_makes_no_sense_is_said_with_how_to_mend_it(text, why):
    with pytest.raises(ChatError, match=why):
        parse_filter(text, KINDS)


async def test_subscribe_and_unsubscribe_by_place_number_and_all(store):
    places = Places()
    for name in PLACES:
        await subscribe(store, subscription_of(ParsedFilter(name=name), PLACES[name], HERE), NOW)
    assert [one.place.name for one in await unsubscribe(store, "karachi", HERE, places)] == ["Karachi"]
    assert [one.place.name for one in await unsubscribe(store, "2", HERE, places)] == ["Nairobi"]
    assert [one.place.name for one in await unsubscribe(store, "all", HERE, places)] == ["Lahore"]
    with pytest.raises(ChatError, match="no subscription"):
        await unsubscribe(store, "Karachi", HERE, places)


async def test_a_topic_has_its_own_subscriptions(store):
    await subscribe(store, subscription_of(ParsedFilter(), PLACES["Karachi"], Address(chat=1, thread=7)), NOW)
    with pytest.raises(ChatError):
        await unsubscribe(store, "Karachi", HERE, Places())


async def test_a_chat_can_not_have_any_number(store, monkeypatch):
    monkeypatch.setattr(subscriptions, "MAX_PER_CHAT", 1)
    await subscribe(store, subscription_of(ParsedFilter(), PLACES["Karachi"], HERE), NOW)
    with pytest.raises(ChatError, match="End one first"):
        await subscribe(store, subscription_of(ParsedFilter(), PLACES["Lahore"], HERE), NOW)


async def test_an_offer_is_only_for_the_chat_it_was_made_to(store):
    options = [subscription_of(ParsedFilter(), PLACES["Karachi"], HERE)]
    token = await offer(store, options, HERE, NOW)
    with pytest.raises(ChatError, match="expired"):
        await pick(store, token, 0, 2, NOW)
    assert (await pick(store, token, 0, 1, NOW)).place == PLACES["Karachi"]


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("text", "place", "called"),
    [
        ("Karachi called Home", "Karachi", "Home"),
        ("Karachi 50km severe called Head  office, 2nd floor", "Karachi", "Head office, 2nd floor"),
        ('Karachi Called "Head office"', "Karachi", "Head office"),
        ("called Everything else", "", "Everything else"),
        ("Karachi +called", "Karachi", ""),
        ("Karachi called a\u202eb\u200bc <b>", "Karachi", "abc <b>"),
    ],
)
def test_what_stands_behind_called_is_the_name(text, place, called):
    parsed = parse_filter(text, KINDS)
    assert (parsed.name, parsed.called) == (place, called)


@pytest.mark.parametrize("name", ["", "7", "all", "Everywhere", "off", "x" * 41, "😀" * 21, "\u202e\u200b", "٣"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ChatError, match="A name is up to 40 characters"):
        checked_name(name)


def kept(store, text, chat=1, thread=0):
    parsed = parse_filter(text, KINDS)
    address = Address(chat=chat, thread=thread)
    return store.write_sync(_subscribe, subscription_of(parsed, PLACES.get(parsed.name), address), NOW)


def test_subscriptions_of_different_names_stand_beside_each_other(store):
    for text in ("Karachi called A", "Karachi severe called B", "Karachi bombing", "Karachi minor called a"):
        kept(store, text)
    mine = store.read_sync(subscriptions.of_chat, 1)
    assert [(one.name, one.min_severity) for one in mine] == [
        ("B", Severity.SEVERE),
        ("", Severity.UNKNOWN),
        ("a", Severity.MINOR),
    ]


def test_a_name_is_given_to_the_one_that_had_none(store):
    kept(store, "Karachi")
    kept(store, "Karachi called Home")
    assert [one.name for one in store.read_sync(subscriptions.of_chat, 1)] == ["Home"]


def test_a_name_is_there_once_in_a_chat_in_whichever_topic(store):
    kept(store, "Karachi called Home")
    for where in ({}, {"thread": 7}):
        with pytest.raises(ChatError, match="Another subscription of this chat is called “Home”"):
            kept(store, "Lahore called ｈｏｍｅ", **where)
    assert kept(store, "Lahore called Home", chat=2).name == "Home"


async def test_a_subscription_ends_by_its_name_before_a_place_of_that_name(store):
    kept(store, "Karachi")
    kept(store, "Lahore called karachi")
    assert [one.place.name for one in await unsubscribe(store, "Karachi", HERE, Places())] == ["Lahore"]
    assert [one.place.name for one in await unsubscribe(store, "Karachi", HERE, Places())] == ["Karachi"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2 Office", ["Home", "Office"]),
        ("home Head office", ["Head office", "Home too"]),
        ("Home too Port", ["Home", "Port"]),
        ("1 off", ["", "Home too"]),
        ("1 HOME", ["HOME", "Home too"]),
    ],
)
async def test_another_name_by_number_or_name(store, text, names):
    kept(store, "Karachi called Home")
    kept(store, "Lahore called Home too")
    await rename(store, text, HERE)
    assert [one.name for one in store.read_sync(subscriptions.of_chat, 1)] == names


async def test_no_two_of_one_place_get_one_name(store):
    kept(store, "Karachi called A")
    kept(store, "Karachi called B")
    with pytest.raises(ChatError, match="is called “A”"):
        await rename(store, "2 a", HERE)


@pytest.mark.parametrize("text", ["2 Home", "9 Port", "0 Port", "Port", "1", "Homestead Port"])
async def test_a_name_that_cannot_be_given_changes_nothing(store, text):
    kept(store, "Karachi called Home")
    kept(store, "Lahore called Port office")
    with pytest.raises(ChatError):
        await rename(store, text, HERE)
    assert [one.name for one in store.read_sync(subscriptions.of_chat, 1)] == ["Home", "Port office"]
