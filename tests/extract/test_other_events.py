"""Which sentences and counts are about the main event, other events or years of violence; incidents are invented."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Count, CountState, Report

NOT_MENTIONED = Count()


def report_of(extractor: Extractor, text: str, *, title: str = "") -> Report:
    extraction = extractor.extract(news(text, title=title))
    assert extraction.reports, text
    return extraction.reports[0]


def counted(low: int, high: int | None) -> Count:
    return Count(low=low, high=high, state=CountState.COUNTED)


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attacked a police post in Kandahar on Thursday. Officers fired back and the attackers fled. "
        "On Monday a bomb in Herat killed 12 people at a bus stop.",
        "Militants attacked a convoy near Gao. The army said it had beaten them back. Two days earlier, 15 soldiers "
        "died in an ambush near Timbuktu.",
        "A car bomb exploded outside a hotel in Mogadishu on Thursday, police said. Smoke rose over the city. Earlier "
        "this week, al-Shabaab fighters killed seven soldiers in Beledweyne.",
        "Rebels attacked a village near Bunia on Thursday, residents said. Houses were burned. In Beni, 14 people were "
        "killed on Monday by the same group.",
        "Armed men took two traders from a shop in Patikul, Sulu, on Wednesday evening, police said. In a clash in "
        "Basilan on Monday, marines killed two members of a gang.",
    ],
)
def test_people_killed_in_another_event_are_not_counted(extractor: Extractor, text: str) -> None:
    assert report_of(extractor, text).killed == NOT_MENTIONED


def test_kind_place_and_day_are_those_of_the_opening(extractor: Extractor) -> None:
    text = (
        "Gunmen attacked a police post in Kandahar on Thursday, wounding several officers, officials said. "
        "On Monday a bomb in Herat killed 12 people at a mosque."
    )
    report = report_of(extractor, text)
    assert report.place is not None
    assert report.when is not None
    assert (report.kind, report.place.name, report.when.start) == ("armed_assault", "Kandahar", "2024-03-14")


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        (
            "Gunmen attacked a village near Jos in central Nigeria, officials said. The attack took place on Wednesday "
            "night, and 12 people were killed.",
            12,
        ),
        ("A bomb exploded at a mosque in Kabul. Police said on Thursday that nine people had died in the blast.", 9),
        (
            "An attack on a market in Diffa shocked the region on Wednesday. Twenty people were killed, the governor "
            "said on Thursday.",
            20,
        ),
    ],
)
def test_a_later_sentence_about_the_main_event_still_counts(extractor: Extractor, text: str, killed: int) -> None:
    assert report_of(extractor, text).killed == counted(killed, killed)


@pytest.mark.parametrize(
    "tail",
    [
        "Thousands have been killed since the insurgency began.",
        "More than 2,000 people have died this year.",
        "More than 2,000 people have died in the conflict.",
        "The group has killed thousands of people in nearly two decades.",
        "The insurgency has claimed more than 4,000 lives and displaced a million people.",
        "So far this year, 800 people have been killed in such raids.",
        "Over the past decade 12,000 people have been killed in the region.",
        "At least 5,600 people were killed by gangs last year, according to the United Nations.",
    ],
)
def test_aggregate_numbers_over_years_are_no_count(extractor: Extractor, tail: str) -> None:
    report = report_of(extractor, f"Gunmen attacked a church in Enugu on Thursday, police said. {tail}")
    assert report.killed == NOT_MENTIONED


def test_a_number_before_a_clause_of_history_counts(extractor: Extractor) -> None:
    text = (
        "Gunmen killed five people in Katsina on Thursday, in a conflict in which more than 2,000 people have died "
        "this year."
    )
    assert report_of(extractor, text).killed == counted(5, 5)


def test_a_flood_of_weeks_is_one_incident(extractor: Extractor) -> None:
    text = "Floods in Sindh, Pakistan, have killed 310 people since June, officials said on Thursday."
    assert report_of(extractor, text).killed == counted(310, 310)


def test_an_event_that_is_retaliated_for_is_another_event(extractor: Extractor) -> None:
    text = (
        "Seven people were killed in Israeli strikes on Gaza City on Thursday, doctors said. Israel said it acted in "
        "response to Wednesday's rocket attack on Ashkelon, in which one person died."
    )
    assert report_of(extractor, text).killed == counted(7, 7)
