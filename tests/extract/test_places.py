"""Names are resolved to the right places by their context; incidents are invented, places are real."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.lang import ENGLISH
from extract.lang.en.places.roads import road_names
from extract.places import Gazetteer, NameRole, Resolved, distance_km, mentions, places_of
from extract.places.linker import _homes
from extract.places.row_layout import PROVINCE
from extract.text.normalise import fold
from extract.types import Article, Place, Precision


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def found(gazetteer: Gazetteer, text: str, *, title: str = "", url: str = "") -> list[Resolved]:
    return places_of(Article(id="a", text=text, title=title, url=url), gazetteer, ENGLISH.place_reader)


def by_name(gazetteer: Gazetteer, text: str) -> dict[str, Place]:
    return {r.name: r.place for r in found(gazetteer, text)}


# ------------------------------------------------------------------ the gazetteer


def test_fold_ignores_accents_points_and_hyphens() -> None:
    assert [fold("St. Louis"), fold("Port-au-Prince"), fold("Åarhus"), fold("N'Djamena")] == [
        "saint louis", "port au prince", "aarhus", "ndjamena",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name", "admin1", "country", "precision"),
    [
        ("Karachi", "Karachi", "Sindh", "PK", Precision.CITY),
        ("Sindh", "Sindh", "Sindh", "PK", Precision.PROVINCE),
        ("pakistan", "Pakistan", None, "PK", Precision.COUNTRY),
        ("Gainesville, Florida", "Gainesville", "Florida", "US", Precision.CITY),
        ("springfield il", "Springfield", "Illinois", "US", Precision.CITY),
        ("paris texas", "Paris", "Texas", "US", Precision.CITY),
        ("Paris", "Paris", "Île-de-France", "FR", Precision.CITY),
        ("Mogadisu", "Mogadishu", "Banaadir", "SO", Precision.CITY),
        ("Kiev", "Kyiv", "Kyiv City", "UA", Precision.CITY),
    ],
)
def test_search_finds_what_a_person_typed(
    gazetteer: Gazetteer, typed: str, name: str, admin1: str | None, country: str, precision: Precision
) -> None:
    best = gazetteer.search(typed)[0]
    assert (best.name, best.admin1, best.country, best.precision) == (name, admin1, country, precision)


@pytest.mark.parametrize("typed", ["", " ", ",", "xqzzk vrrm", "�����"])
def test_search_for_nothing_finds_nothing(gazetteer: Gazetteer, typed: str) -> None:
    assert gazetteer.search(typed) == []


def test_search_keeps_its_limit(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.search("Springfield", limit=3)) == 3


def test_areas_contain_what_lies_in_them(gazetteer: Gazetteer) -> None:
    karachi, sindh, pakistan = (gazetteer.search(n)[0] for n in ("Karachi", "Sindh", "Pakistan"))
    assert gazetteer.contains(pakistan, sindh) and gazetteer.contains(sindh, karachi)
    assert gazetteer.contains(pakistan, karachi) and gazetteer.contains(karachi, karachi)
    assert not gazetteer.contains(karachi, sindh) and not gazetteer.contains(gazetteer.search("India")[0], karachi)


def test_time_zone_country_name_and_distance(gazetteer: Gazetteer) -> None:
    karachi, lahore = gazetteer.search("Karachi")[0], gazetteer.search("Lahore")[0]
    assert gazetteer.timezone(karachi) == "Asia/Karachi"
    assert gazetteer.country_name("pk") == "Pakistan" and gazetteer.country_name("ZZ") is None
    km = distance_km(karachi, lahore)
    assert km is not None and 1000 < km < 1060


# ------------------------------------------------------------------ the right one of several


def test_state_after_the_city_decides(gazetteer: Gazetteer) -> None:
    places = by_name(gazetteer, "A man was hurt in Gainesville, Fla., on Friday. In Paris, Texas, nobody was.")
    assert (places["Gainesville"].admin1, places["Paris"].admin1) == ("Florida", "Texas")


def test_a_gulf_is_no_province_of_that_name(gazetteer: Gazetteer) -> None:
    assert not by_name(gazetteer, "Pirates seized a tanker in the Gulf of Aden on Sunday.")


def test_paris_alone_is_in_france(gazetteer: Gazetteer) -> None:
    assert by_name(gazetteer, "A bomb went off in Paris on Friday.")["Paris"].country == "FR"


def test_georgia_is_a_country_next_to_tbilisi(gazetteer: Gazetteer) -> None:
    assert by_name(gazetteer, "Shots were fired in Tbilisi, where Georgia keeps a garrison.")["Georgia"].country == "GE"


def test_georgia_is_a_state_next_to_atlanta(gazetteer: Gazetteer) -> None:
    places = by_name(gazetteer, "Shots were fired in Atlanta and in Savannah, the oldest city in Georgia.")
    assert places["Georgia"].country == "US"


def test_district_and_province_by_the_word_next_to_them(gazetteer: Gazetteer) -> None:
    places = by_name(gazetteer, "Gunmen attacked a checkpoint in Kandahar province and another one in Swat district.")
    assert places["Kandahar"].precision is Precision.PROVINCE
    assert (places["Swat"].precision, places["Swat"].country) == (Precision.DISTRICT, "PK")


def test_one_sense_in_a_text(gazetteer: Gazetteer) -> None:
    text = "SPRINGFIELD, Ill. (AP) - A man was shot dead. Police in Springfield said he was 31."
    assert {r.place.admin1 for r in found(gazetteer, text)} == {"Illinois"}


def test_publishers_country_is_a_hint(gazetteer: Gazetteer) -> None:
    text = "A man was stabbed in Newcastle on Friday, officers said."
    assert found(gazetteer, text, url="https://news.example.co.uk/1")[0].place.country == "GB"
    assert found(gazetteer, text, url="https://news.example.com.au/1")[0].place.country == "AU"


def test_a_known_publishers_home_is_a_hint(gazetteer: Gazetteer) -> None:
    for domain, text, home in (
        ("masslive.com", "A man was shot dead in Springfield on Friday, police said.", "Massachusetts"),
        ("sj-r.com", "A man was shot dead in Springfield on Friday, police said.", "Illinois"),
        ("dawn.com", "A man was shot dead in Hyderabad on Friday, police said.", "Sindh"),
    ):
        assert found(gazetteer, text, url=f"https://www.{domain}/1")[0].place.admin1 == home


def test_every_publishers_home_is_a_place(gazetteer: Gazetteer) -> None:
    for domain, home in _homes().items():
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain), domain
        country, _, division = home.partition("/")
        assert gazetteer.country_row(country) >= 0, home
        assert not division or any(
            c.entry.kind == PROVINCE and c.entry.country == country for c in gazetteer.candidates(division.lower())
        ), home


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Officers were called at 2:10 a.m. to a bar in Flint.", "Flint"),
        ("A teenager was killed in a shooting in Gary on Sunday.", "Gary"),
    ],
)
def test_a_word_or_given_name_that_something_was_in_is_a_place(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert [r.name for r in found(gazetteer, text)] == [name]


# ------------------------------------------------------------------ no places


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Smith was arrested on Friday.",
        "Paris Hilton sang, and Mr. Lancaster clapped.",
        "The shooting of Officer Houston shocked his family.",
        "They were reading a nice book about mobile police in may.",
        "The paper cost US$5 and the Washington Post printed it.",
        "They met in Converse Hall, and hope in Gary Smith was high.",
        "",
    ],
)
def test_people_and_words_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert found(gazetteer, text) == []


def test_a_persons_surname_later_in_the_text_is_no_place(gazetteer: Gazetteer) -> None:
    text = "Police arrested Dennis Lancaster in Karachi. Lancaster denied it."
    assert [r.name for r in found(gazetteer, text)] == ["Karachi"]


# ------------------------------------------------------------------ roles


def test_roles_of_names(gazetteer: Gazetteer) -> None:
    text = (
        "KARACHI, Pakistan (AP) — Lahore police said on Monday that a bomb killed three people in Quetta. "
        "John Doe, 31, of Springfield, was taken to Multan General Hospital from the 1300 block of Lincoln Avenue."
    )
    assert {r.name: r.role for r in found(gazetteer, text)} == {
        "KARACHI": NameRole.DATELINE,
        "Pakistan": NameRole.DATELINE,
        "Lahore": NameRole.ORGANISATION,
        "Quetta": NameRole.LOCATIVE,
        "Springfield": NameRole.HOME,
        "Multan": NameRole.HOSPITAL,
        "Lincoln Avenue": NameRole.ROAD,
    }


def test_capitals_are_read(gazetteer: Gazetteer) -> None:
    text = "SAN SALVADOR, 3 JAN 90 -- A BOMB EXPLODED YESTERDAY IN SAN MIGUEL, AND THE POLICE WERE READING THE NEWS."
    assert [(r.name, r.place.country) for r in found(gazetteer, text)] == [("SAN SALVADOR", "SV"), ("SAN MIGUEL", "SV")]


def test_a_city_is_meant_before_the_province_of_its_name(gazetteer: Gazetteer) -> None:

    assert found(gazetteer, "A bomb went off in San Salvador on Friday.")[0].place.precision is Precision.CITY


def test_dc_is_the_city_and_after_it_the_district(gazetteer: Gazetteer) -> None:
    assert by_name(gazetteer, "D.C. police said a man was shot.")["D.C."].name == "Washington"
    places = found(gazetteer, "A man was shot in Washington, D.C., on Friday.")
    assert [(r.place.name, r.role) for r in places] == [
        ("Washington", NameRole.LOCATIVE), ("District of Columbia", NameRole.CONTAINER),
    ]  # fmt: skip


def test_capital_months_and_small_words_are_no_places(gazetteer: Gazetteer) -> None:
    text = "BOGOTA, 3 NOV 89 -- THE ARGENTINE ARMY WILL ATTACK, IN ANY CASE, THE CAPITAL."
    assert [r.name for r in found(gazetteer, text)] == ["BOGOTA"]


def test_demonyms_are_hints_and_no_places(gazetteer: Gazetteer) -> None:
    text = "Pakistani police said a bomb killed two people in Hyderabad."
    assert [(r.name, r.place.country) for r in found(gazetteer, text)] == [("Hyderabad", "PK")]


# ------------------------------------------------------------------ any input


@pytest.mark.parametrize("text", ["\x00\x01", "é" * 5000, "A. " * 4000, "of the " * 3000, "St. " * 2000, "�Karachi�"])
def test_odd_text_does_no_harm(gazetteer: Gazetteer, text: str) -> None:
    assert all(r.name == text[r.start : r.end] for r in found(gazetteer, text))


def test_a_megabyte_is_read_in_part(gazetteer: Gazetteer) -> None:
    assert found(gazetteer, "A bomb went off in Karachi. " * 40_000)[-1].end <= 60_000


SOME = """
Karachi Paris St. Louis in of the New York , . ( ) — - 's US$ U.S. W. Va. Fla. Street police Mr. Jordan Smith
County San Miguel province 31 Ünal Côte d'Ivoire
"""
WORDS = st.sampled_from([*SOME.split(), "\n", "\n\n"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_every_name_is_its_slice(text: str) -> None:
    gazetteer = OPEN
    for mention in mentions(text, gazetteer, ENGLISH.place_reader):
        assert mention.name == text[mention.start : mention.end]
    places = found(gazetteer, text)
    assert all(r.name == text[r.start : r.end] and 0 <= r.confidence <= 1 for r in places)
    assert all(a.end <= b.start for a, b in pairwise(places))


OPEN = Gazetteer.open()


# ------------------------------------------------------------------ places not in the gazetteer


@pytest.mark.parametrize(
    ("text", "name", "admin1", "country", "precision"),
    [
        ("Gunmen raided a farm in Qarabolta, Central Java, Indonesia, on Monday.", "Qarabolta", "Central Java", "ID", "city"),
        ("QARABOLTA, S.D. -- A boy was hurt on Saturday.", "QARABOLTA", "South Dakota", "US", "city"),
        ("A mine went off in the village of Qarabolta in Balochistan, Pakistan.", "Qarabolta", "Balochistan", "PK", "city"),
        ("A bomb went off in Qarabolta, Ostrovia province, Indonesia.", "Qarabolta", "Ostrovia", "ID", "city"),
        ("Shots were fired in the Qarabolta neighborhood, Dhaka, Bangladesh.", "Qarabolta", "Dhaka Division", "BD", "district"),
    ],
)  # fmt: skip
def test_the_text_says_where_an_unlisted_place_lies(
    gazetteer: Gazetteer, text: str, name: str, admin1: str, country: str, precision: str
) -> None:
    place = by_name(gazetteer, text)[name]
    assert (place.admin1, place.country, place.precision.value) == (admin1, country, precision)
    assert place.lat is None
    assert place.lon is None


def test_a_listed_name_lies_where_the_text_says(gazetteer: Gazetteer) -> None:
    found_there = by_name(gazetteer, "Shells fell on Iskandariyah, Babil, Iraq, at dawn.")
    assert found_there["Iskandariyah"].country == "IQ"
    assert by_name(gazetteer, "A van burned in Mosul, Iraq.")["Mosul"].lat is not None


@pytest.mark.parametrize(
    "text",
    [
        "Maria Testova, Texas Republican, spoke on Monday.",
        "The service was held in Baker Hall, Springfield, Illinois.",
        "He studied at Qarabolta University, Texas.",
        "They met on Monday, Texas officials said.",
    ],
)
def test_people_and_buildings_are_no_unlisted_places(gazetteer: Gazetteer, text: str) -> None:
    assert not [r.name for r in found(gazetteer, text) if r.place.lat is None]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shots were fired on West 34th Street near Abdali Road.", {"34th", "Abdali"}),
        ("It was in the 4700 block of South Drexel, a mile from Highway 19.", {"Drexel", "19"}),
        ("The 200 block of W. Canal St. was closed.", {"Canal"}),
        ("The Florida Highway Patrol drove by.", set()),
    ],
)
def test_a_road_is_identified_by_the_last_word_of_its_name(text: str, names: set[str]) -> None:
    assert road_names(text) == names
