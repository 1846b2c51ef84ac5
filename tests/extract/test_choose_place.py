"""Where the event was, of all the places that a text names; incidents are invented, places are real."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Place, Precision


def place_in(extractor: Extractor, text: str) -> Place:
    place = extractor.extract(news(text)).reports[0].place
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Two men were shot in Kensington on Tuesday. Philadelphia detectives are looking for a car.", "Kensington"),
        ("A man was shot on Tuesday night in East Flatbush, Brooklyn, police said.", "East Flatbush"),
    ],
)
def test_a_city_district_gets_the_precision_of_a_district(extractor: Extractor, text: str, name: str) -> None:
    place = place_in(extractor, text)
    assert (place.name, place.precision) == (name, Precision.DISTRICT)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Evanston police said a man was shot on Tuesday in Evanston, north of Chicago.", "Evanston"),
        ("Two men were shot on Tuesday in Evanston, Illinois, and taken to a hospital in Chicago.", "Evanston"),
        ("Two men were shot on Tuesday in Aurora and taken to a hospital in Chicago.", "Aurora"),
        ("Two men were shot on Tuesday in Evanston.", "Evanston"),
    ],
)
def test_a_settlement_of_its_own_is_no_city_district(extractor: Extractor, text: str, name: str) -> None:
    place = place_in(extractor, text)
    assert (place.name, place.precision) == (name, Precision.CITY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SYDNEY (Reuters) - A man was stabbed to death in Wagga Wagga on Monday, police said.", "Wagga Wagga"),
        ("NAIROBI, Kenya (AP) - Gunmen killed six people in a raid on a village outside Mandera on Monday.", "Mandera"),
    ],
)
def test_the_town_of_the_event_replaces_an_agencys_dateline(extractor: Extractor, text: str, name: str) -> None:
    assert place_in(extractor, text).name == name


def test_a_local_papers_dateline_is_kept(extractor: Extractor) -> None:
    text = "KERRVILLE (KTRG) - Two people were shot dead on Monday. The gunman was caught in Houston."
    assert place_in(extractor, text).name == "Kerrville"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "The attack on Saturday evening in the town of Uvira left six dead, an official told reporters in Bukavu.",
            "Uvira",
        ),
        ("A judge in Boise set bail on Tuesday for a man accused of shooting his neighbour in Nampa.", "Nampa"),
        ("Two soldiers were killed by a mine in Donetsk on Monday, the army said on Wednesday in Kyiv.", "Donetsk"),
    ],
)
def test_a_place_of_a_statement_or_trial_is_not_the_place_of_the_event(
    extractor: Extractor, text: str, name: str
) -> None:
    assert place_in(extractor, text).name == name


@pytest.mark.parametrize(
    ("text", "country", "name"),
    [
        ("A US strike on Yemen killed 12 people on Friday, Houthi media said.", "YE", "Yemen"),
        (
            "The United States struck a boat off Venezuela on Friday, killing four, the Pentagon said.",
            "VE",
            "Venezuela",
        ),
        ("French forces killed three jihadists in an air strike near Gao on Friday, Paris said.", "ML", "Gao"),
        ("A Turkish drone strike in northern Syria killed four fighters on Friday.", "SY", "Syria"),
        (
            "A Turkish drone strike on a car killed four people in northern Syria on Friday. Turkey's defence ministry "
            "in Ankara had no comment.",
            "SY",
            "Syria",
        ),
        ("A Saudi-led airstrike killed nine civilians in Saada on Friday.", "YE", "Saada"),
    ],
)
def test_a_strike_is_where_it_hit(extractor: Extractor, text: str, country: str, name: str) -> None:
    place = place_in(extractor, text)
    assert (place.country, place.name) == (country, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Islamic State in Khorasan said it bombed a mosque in Kunduz on Friday, killing nine.", "Kunduz"),
        ("Al-Qaeda in the Islamic Maghreb killed five soldiers in Kidal on Friday.", "Kidal"),
        ("A man stabbed two people in Marseille on Friday. The Islamic State of Iraq claimed the attack.", "Marseille"),
    ],
)
def test_a_groups_name_is_no_place(extractor: Extractor, text: str, name: str) -> None:
    assert place_in(extractor, text).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "BAGHDAD (AP) - Militants opened fire at an army post in northern Iraq, killing three soldiers, officials "
            "said Friday. The attack took place in the hills near Tuz Khurmatu, 175 kilometers north of Baghdad.",
            "Tuz Khurmatu",
        ),
        ("BEIRUT - An Israeli strike in the southern town of Bint Jbeil killed two people on Friday.", "Bint Jbeil"),
        ("ADEN (Reuters) - Two car bombs killed four soldiers in Yemen's Abyan province on Friday.", "Abyan"),
        ("NIAMEY - Gunmen surrounded a mosque in western Niger on Friday and killed nine worshippers.", "Niger"),
        ("QUETTA: Gunmen killed four policemen in Balochistan's Khuzdar district on Friday.", "Khuzdar"),
        (
            "Gunmen shot dead six people in the village of Barkin Ladi on Friday. Nine were treated at a hospital in Jos.",
            "Barkin Ladi",
        ),
    ],
)
def test_the_place_of_the_event_replaces_a_dateline(extractor: Extractor, text: str, name: str) -> None:
    assert place_in(extractor, text).name == name
