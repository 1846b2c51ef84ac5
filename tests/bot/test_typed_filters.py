"""What do the words of /subscribe, /latest and the like mean, with the places of the world behind them?"""

from __future__ import annotations

import pytest

from bot.errors import ChatError
from bot.incidents.queries import wanted
from bot.subscriptions.filters import ParsedFilter
from bot.subscriptions.parsing import is_end_request, is_request, parse_filter, without_request
from bot.subscriptions.places import left_out, names_of, of_filter
from extract.kinds import load_kinds
from extract.places import Gazetteer

KINDS = load_kinds()
PLACES = Gazetteer.open()
BOMBING = KINDS.find("bombing")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Karachi, Lahore and Quetta", ["Karachi", "Lahore", "Quetta"]),
        ("Naples, Italy", ["Naples, Italy"]),
        ("Naples, Italy and Rome", ["Naples, Italy", "Rome"]),
        ("Bosnia and Herzegovina", ["Bosnia and Herzegovina"]),
        ("Kaduna or Zamfara", ["Kaduna", "Zamfara"]),
        ("Saddar, Karachi", ["Saddar, Karachi"]),
        ("Kano; Jos", ["Kano", "Jos"]),
    ],
)
def test_several_places_are_told_from_a_place_and_its_country(text, names):
    assert names_of(text, PLACES) == names


@pytest.mark.parametrize("text", ["Lahore bombing", "bombing Lahore", "bombings in Lahore", "Lahore, bombing"])
def test_the_order_of_words_does_not_matter(text):
    assert parse_filter(text, KINDS, PLACES) == ParsedFilter(name="Lahore", kinds=BOMBING)


@pytest.mark.parametrize("name", ["Battle Creek", "Storm Lake", "Gun Barrel City"])
def test_a_kind_within_the_name_of_a_place_is_part_of_the_name(name):
    assert parse_filter(f"{name} robbery", KINDS, PLACES) == ParsedFilter(name=name, kinds=("robbery",))


@pytest.mark.parametrize(
    ("text", "name", "kinds"),
    [
        ("subscribe to karachi", "karachi", ()),
        ("alert me about bombings in pakistan", "pakistan", BOMBING),
        ("please let me know when there is a shooting in Cape Town, thanks!", "Cape Town", ("shooting",)),
        ("can you notify me of any earthquakes near Chaman?", "Chaman", ("earthquake",)),
        ("keep us updated on robberies in Jos", "Jos", ("robbery",)),
        ("I want alerts for stabbings in Leeds please", "Leeds", ("stabbing",)),
    ],
)
def test_a_request_in_plain_words_is_the_filter_that_it_asks_for(text, name, kinds):
    parsed = parse_filter(text, KINDS, PLACES)
    assert (parsed.name, parsed.kinds) == (name, kinds)
    assert is_request(text) or text.startswith("can you")


@pytest.mark.parametrize(
    "text", ["how many bombings in Karachi?", "Karachi", "what happened in Lagos yesterday", "is it safe in Quetta"]
)
def test_a_question_is_no_request(text):
    assert not is_request(text)
    assert not is_end_request(text)


def test_the_words_of_a_request_to_end_are_left_out():
    assert is_end_request("unsubscribe from Karachi")
    assert without_request("unsubscribe from Karachi") == "Karachi"


@pytest.mark.parametrize(
    ("text", "name", "kinds", "without_kinds", "without_places"),
    [
        ("Lagos no fire", "Lagos", (), "fire", ()),
        ("Lagos not robbery", "Lagos", (), "robbery", ()),
        ("no fire in Lagos", "Lagos", (), "fire", ()),
        ("Pakistan but not in Balochistan", "Pakistan", (), "", ("Balochistan",)),
        ("bombings in Pakistan, except Balochistan and Sindh", "Pakistan", BOMBING, "", ("Balochistan", "Sindh")),
        ("Nigeria other than Lagos, severe", "Nigeria", (), "", ("Lagos",)),
        ("everything except earthquakes", "", (), "earthquake", ()),
        ("earthquakes outside Pakistan", "", ("earthquake",), "", ("Pakistan",)),
    ],
)
def test_what_is_left_out_is_a_kind_or_an_area(text, name, kinds, without_kinds, without_places):
    parsed = parse_filter(text, KINDS, PLACES)
    assert (parsed.name, parsed.kinds) == (name, kinds)
    assert parsed.without_kinds == (KINDS.find(without_kinds) if without_kinds else ())
    assert tuple(place.name for place in left_out(parsed, PLACES)) == without_places


@pytest.mark.parametrize("text", ["Pakistan but not in Xyzzyqua", "Nigeria except Qqqqville"])
def test_an_unknown_area_is_never_left_out_silently(text):
    with pytest.raises(ChatError, match="I know no place called"):
        left_out(parse_filter(text, KINDS, PLACES), PLACES)


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("within 30 miles of Lahore", 48),
        ("30 km around Lahore", 30),
        ("Lahore 5 mi", 8),
        ("near Lahore", 50),
        ("Lahore", None),
        ("near Pakistan", None),
        ("12 nautical miles around Lahore", 22),
    ],
)
def test_a_distance_in_any_unit_is_a_radius_in_kilometres(text, km):
    (one,) = of_filter(parse_filter(text, KINDS, PLACES), PLACES)
    assert one.meant.km == km


def test_words_that_name_no_place_are_searched_for_as_words():
    found = wanted("market bombing Lahore", KINDS, PLACES)
    assert [(one.place.name, one.kinds, one.words) for one in found.filters] == [("Lahore", BOMBING, ("market",))]


@pytest.mark.parametrize("text", ["", "please", "alerts", "news"])
def test_words_that_say_nothing_are_no_filter_for_everything(text):
    assert parse_filter(text, KINDS, PLACES).says_nothing


@pytest.mark.parametrize("text", ["everywhere", "the world", "all", "everything", "worldwide"])
def test_everywhere_is_said(text):
    assert parse_filter(text, KINDS, PLACES) == ParsedFilter(is_everywhere=True)


@pytest.mark.parametrize(
    ("word", "held"),
    [
        ("bombing", {"suicide_bombing", "car_bombing", "grenade_attack"}),
        ("terrorism", {"suicide_bombing", "assassination", "hostage_taking"}),
        ("attacks", {"armed_assault", "shooting", "suicide_bombing"}),
        ("disasters", {"earthquake", "flood", "wildfire"}),
        ("crime", {"robbery", "homicide", "kidnapping"}),
        ("fires", {"arson", "wildfire"}),
    ],
)
def test_a_kind_or_group_holds_kinds_of_its_own(word, held):
    assert held <= set(parse_filter(f"Karachi {word}", KINDS).kinds)


def test_a_misspelt_kind_is_found_where_it_is_near_to_one_only():
    assert parse_filter("Lahore bombng", KINDS, PLACES) == ParsedFilter(name="Lahore", kinds=BOMBING)
    assert KINDS.find_similar("bombng") == BOMBING
    assert KINDS.find_similar("earthqake") == ("earthquake",)
    assert KINDS.find_similar("karachi") == ()


def test_only_places_of_the_name_are_offered_beside_one_that_is_certain():
    (one,) = of_filter(parse_filter("Brooklyn", KINDS, PLACES), PLACES)
    assert {place.name for place in one.choices} <= {"Brooklyn", "Brooklyn Park", "Brooklyn Center"}
    (other,) = of_filter(parse_filter("Odessa", KINDS, PLACES), PLACES, frozenset({"US"}))
    assert "Odesa" in {place.name for place in other.choices}


def test_the_more_countries_a_chat_is_in_the_less_they_say_which_namesake_is_meant():
    (one,) = of_filter(parse_filter("Odessa", KINDS, PLACES), PLACES, frozenset({"US", "PK"}))
    assert not one.meant.certain


def test_words_that_are_left_out_and_name_no_place_must_not_occur():
    (one,) = wanted("bombing Lahore no wkzqv", KINDS, PLACES).filters
    assert (one.place.name, one.without, one.without_places) == ("Lahore", ("wkzqv",), ())
