"""Where short items say that it happened: pairs of countries, destinations, governments, landmarks, suburbs, continents."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.places import Gazetteer
from extract.places.containment import Held
from extract.types import Place, Precision


def place_of(extractor: Extractor, title: str, text: str) -> Place | None:
    return extractor.extract(news(text, title=title)).reports[0].place


def named(extractor: Extractor, title: str, text: str) -> tuple[str, str | None]:
    place = place_of(extractor, title, text)
    assert place is not None
    return place.name, place.country


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ('Thailand-Cambodia border clash kills three soldiers', 'Fighting broke out near a disputed temple on Thursday.', 'Thailand', 'TH'),
        ('Death toll from India–Nepal floods passes 90', 'Rivers burst their banks after days of rain.', 'India', 'IN'),
        ('Turkey-Iraq earthquake: dozens trapped in rubble', 'Rescuers are digging with their hands.', 'Turkey', 'TR'),
        ('Chad/Niger border attack leaves nine dead', 'Gunmen on motorbikes attacked a market.', 'Chad', 'TD'),
        ('Congo-Rwanda clashes: rebels shell camp near Goma', '', 'Goma', 'CD'),
    ],
)  # fmt: skip
def test_of_two_countries_the_first_is_the_place(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ('Hiker from Leeds killed in fall in Scotland', 'The 30-year-old fell near a bothy on Monday.', 'Scotland', 'GB'),
        ("Couple killed by 'drunk driver' who ploughed into their golf buggy in Texas", 'Joe Example, 37, originally from Aberdeen, died at the scene.', 'Texas', 'US'),
        ('Tourist killed by shark off Hurghada', 'The man, who hails from Paris, was attacked while he swam.', 'Hurghada', 'EG'),
        ('Peru bus bound for Bolivia plunges into ravine, killing 14', 'The bus left the road at night.', 'Peru', 'PE'),
        ('Flight from Oslo to Spain makes emergency landing in Lyon after fire in cabin', 'Nobody was hurt when the jet landed.', 'Lyon', 'FR'),
        ('Madrid-bound train derails near Cordoba, injuring 30', '', 'Cordoba', 'ES'),
        ('UK tourist killed in Kenya safari crash', 'A British holidaymaker died when a jeep overturned.', 'Kenya', 'KE'),
        ('US woman stabbed to death in Costa Rica', 'Police found the body on a beach on Monday.', 'Costa Rica', 'CR'),
        ('Blast hits train in Poland near Belarus', 'A freight train was derailed on Tuesday, officials said.', 'Poland', 'PL'),
        ('Fire rages at Romanian oil depot; German chancellor visits Bulgaria', '', 'Romania', 'RO'),
        ('Quake of magnitude 6.1 hits Guatemala, felt in Mexico and El Salvador', '', 'Guatemala', 'GT'),
        ('Pakistani pilgrims killed in bus crash in Iran', 'At least 28 died when the bus overturned in Yazd province.', 'Yazd', 'IR'),
        ('Landslide buries homes in western Colombia near Ecuador', 'At least 11 people were killed.', 'Colombia', 'CO'),
    ],
)  # fmt: skip
def test_a_destination_border_or_origin_is_not_the_place(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ('Shots fired at border post in Finland; Moscow denies involvement', 'Finnish guards said two men fired from the forest.', 'Finland', 'FI'),
        ("Ankara's warplanes bomb Kurdish camp in northern Iraq", 'At least six fighters were killed.', 'Iraq', 'IQ'),
        ('Kremlin says 12 killed in shelling of Belgorod', 'Regional officials said shells hit a market.', 'Belgorod', 'RU'),
        ('White House condemns bombing in Nairobi that killed 9', '', 'Nairobi', 'KE'),
        ('Ukraine says it downed 40 Russian drones over Odesa', '', 'Odesa', 'UA'),
        ("Shelling kills six in Luhansk: Moscow", "", "Luhansk", "UA"),
        ('Israel says soldier killed in southern Lebanon', '', 'Lebanon', 'LB'),
        ('Kyiv vehemently denies role in blast that killed officer in Luhansk', '', 'Luhansk', 'UA'),
    ],
)  # fmt: skip
def test_a_capital_that_stands_for_its_government_is_not_the_place(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ('Drone crashes into Pentagon car park', 'Nobody was hurt, officials said.', 'Pentagon', 'US'),
        ('Man with knife shot by police outside Downing Street', '', 'Downing Street', 'GB'),
        ('Stabbing at Gare du Nord leaves four injured', 'A man attacked travellers on Monday morning.', 'Gare du Nord', 'FR'),
        ('Attack on Kremlin critic in Berlin leaves him wounded', 'A man was stabbed outside his home in Berlin.', 'Berlin', 'DE'),
        ('Shooting at Central Park in Davenport, Iowa, leaves two hurt', '', 'Davenport', 'US'),
        ('Explosion near Eiffel Tower injures two', '', 'Eiffel Tower', 'FR'),
        ('Gunfire in Times Square wounds three', '', 'Times Square', 'US'),
        ('Plane skids off runway at Heathrow', '', 'Heathrow', 'GB'),
    ],
)  # fmt: skip
def test_a_landmark_is_a_place_of_its_own(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ("Fire at factory in Bankstown in Sydney's south-west", 'Firefighters are tackling a blaze at a paint factory.', 'Bankstown', 'AU'),
        ('Man shot dead in Clichy, a suburb of Paris', '', 'Clichy', 'FR'),
        ('Bus crashes into day care in Longueuil near Montreal, killing two children', '', 'Longueuil', 'CA'),
    ],
)  # fmt: skip
def test_a_suburb_is_finer_than_its_town(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


@pytest.mark.parametrize(
    ("title", "text", "name", "country"),
    [
        ('Police arrest 60 in drug raids across Europe', 'Officers seized cocaine and cash in nine countries.', 'Europe', None),
        ('Storm lashes flights across Asia', 'Hundreds of flights were cancelled.', 'Asia', None),
    ],
)  # fmt: skip
def test_all_over_a_continent_is_the_continent(
    extractor: Extractor, title: str, text: str, name: str, country: str | None
) -> None:
    assert named(extractor, title, text) == (name, country)


def test_a_landmark_is_held_by_its_town(extractor: Extractor) -> None:
    gazetteer = Gazetteer.open()
    place = place_of(extractor, "Explosion near Eiffel Tower injures two", "")
    town = gazetteer.search("Paris, France")[0]
    assert place is not None
    assert place.precision is Precision.SITE
    assert gazetteer.contains(town, place) is Held.SURELY


def test_a_place_with_no_country_of_its_own_is_left_unknown(extractor: Extractor) -> None:
    """A ferry bound for Italy is not in Italy, and where it is isn't told."""
    assert place_of(extractor, "Ferry bound for Italy catches fire; 300 evacuated", "") is None


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Peru earthquake: fears for missing Dublin man", "An Irish teacher has not been heard of since Monday's quake.", "Peru"),
        ("Families in Norway wait for news after Nepal avalanche", "Six climbers are missing.", "Nepal"),
    ],
)  # fmt: skip
def test_a_disaster_is_where_its_name_says(extractor: Extractor, title: str, text: str, name: str) -> None:
    assert named(extractor, title, text)[0] == name


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Israel strikes Syria after drone attack", "", "Syria"),
        ("Peru strikes camps in Bolivia; Lima says 12 fighters dead", "", "Bolivia"),
        ("Yemen's Houthi rebels claim new drone attack on Israel", "Rebels said they had launched drones.", "Israel"),
        ("Iran-linked hackers knock out bank in Chile", "", "Chile"),
    ],
)  # fmt: skip
def test_what_was_attacked_is_the_place(extractor: Extractor, title: str, text: str, name: str) -> None:
    assert named(extractor, title, text)[0] == name
