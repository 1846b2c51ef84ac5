"""Which country a town lies in by its authorities, and which of the places named are not that of the event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from samples import news

from extract import Extractor
from extract.types import News


def place_of(extractor: Extractor, text: str, title: str) -> tuple[str, str | None, str | None]:
    place = extractor.extract(news(text, title=title)).reports[0].place
    assert place is not None
    return place.name, place.admin1, place.country


@pytest.mark.parametrize(
    ("text", "admin1", "country"),
    [
        ("Two men were shot dead in Moscow on Friday, Idaho State Police said.", "Idaho", "US"),
        ("Two men were shot dead in London on Friday, Ontario Provincial Police said.", "Ontario", "CA"),
        ("Two men were shot dead in Rochester on Friday, Kent Police said.", "England", "GB"),
        ("Two men were shot dead in the Lebanese city of Tripoli on Friday.", "North Lebanon", "LB"),
        ("Two men were shot dead in Nice on Friday, French police said.", "Provence-Alpes-Côte d'Azur", "FR"),
        ("Two men were shot dead in Reading, Berkshire, on Friday.", "England", "GB"),
        ("A Georgia woman was shot dead at her home on Friday, police said.", "Georgia", "US"),
    ],
)
def test_authorities_say_which_namesake_is_meant(extractor: Extractor, text: str, admin1: str, country: str) -> None:
    assert place_of(extractor, text, "Shooting")[1:] == (admin1, country)


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Flood in Turkana County", "Floods killed nine people in Turkana County, Kenya, the Red Cross said in Nairobi.", "Turkana County"),
        ("Nine soldiers killed in shootout in Pakistan", "Nine soldiers were killed in a shootout near the border with Afghanistan.", "Pakistan"),
        ("Drones strike Russia as Ukraine readies offensive", "Drones struck a fuel depot on Friday.", "Russia"),
        ("Death toll from Turkey and Syria earthquakes passes 700", "Rescuers dig on.", "Turkey"),
        ("Six killed in bus crash in Peru", "A street in Lima, Peru, on May 4, 2019. (Ana Example/Reuters)", "Peru"),
    ],
)  # fmt: skip
def test_who_speaks_acts_or_is_pictured_is_not_the_place(
    extractor: Extractor, title: str, text: str, name: str
) -> None:
    assert place_of(extractor, text, title)[0] == name


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ("Tanker seized", "A tanker was seized in the Gulf of Oman on Friday.", "Gulf of Oman", None),
        ("Iran seizes tanker in Strait of Hormuz, US Navy says", "The ship was seized on Friday.", "Strait of Hormuz", None),
        ("Nine die in migrant shipwreck in central Mediterranean", "Survivors landed in Bari, Italy.", "Central Mediterranean", None),
        ("Three drown in Black Sea resort", "Three tourists drowned in the Black Sea resort of Varna, Bulgaria.", "Varna", "BG"),
    ],
)  # fmt: skip
def test_at_sea_is_the_sea_and_in_no_country(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    found = place_of(extractor, text, title)
    assert (found[0], found[2]) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ("Atlanta PD search for gunman after three shot near hospital", "Officers were called on Friday.", "Atlanta", "US"),
        ("Dallas Police Department, City Hall hit with ransomware attack", "Their websites were shut down.", "Dallas", "US"),
        ("Estonian police arrest four over plot to bomb station", "Two of the men were caught at a farm.", "Estonia", "EE"),
        ("Baby rescued from rubble in Syria", "The number of people known to have died in Turkey and Syria rose.", "Syria", "SY"),
    ],
)  # fmt: skip
def test_the_only_sign_of_a_place_gives_it(
    extractor: Extractor, title: str, text: str, name: str, country: str
) -> None:
    found = place_of(extractor, text, title)
    assert (found[0], found[2]) == (name, country)


def test_a_street_named_after_a_town_is_not_there(extractor: Extractor) -> None:
    report = extractor.extract(news("Shops closed.", title="Shoppers robbed on Oxford Street by masked gang")).reports[
        0
    ]
    assert report.place is None or report.place.name != "Oxford"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("A police car is seen in Lyon on July 22, 2020. (Ana Example/AFP via Getty Images)", None),
        ("Firefighters at the house in Lyon on March 5, 2026. (Ana Example/AP Photo)", "2026-03-05"),
        ("Four people died in the fire on Feb. 2, 2026, police said.", "2026-02-02"),
    ],
)
def test_an_old_day_in_a_caption_is_that_of_the_picture(extractor: Extractor, text: str, start: str | None) -> None:
    report = extractor.extract(
        news(text, title="Four dead in house fire in Lyon", published=datetime(2026, 3, 6, 12, tzinfo=UTC))
    ).reports[0]
    assert (report.when.start if report.when else None) == start
    assert (report.news is News.EVENT) == (start != "2026-02-02")
