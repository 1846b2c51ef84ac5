"""Which area holds which place? One table, and what must hold of every area and town."""

from __future__ import annotations

import random

import numpy as np
import pytest

from extract.places import Gazetteer
from extract.places.areas import Areas, AreaSpec
from extract.places.containment import Held, by_names
from extract.places.polygon import Polygon
from extract.places.row_layout import CITY
from extract.places.towns import Towns
from extract.types import Place, Precision

CONTINENTS = ("Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania")
SUB_REGIONS = (
    "North Africa", "East Africa", "Central Africa", "Southern Africa", "West Africa", "Caribbean",
    "Central America", "South America", "Northern America", "Central Asia", "East Asia", "Southeast Asia",
    "Southern Asia", "West Asia", "Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe",
    "Australia and New Zealand", "Melanesia", "Micronesian islands", "Polynesia",
)  # fmt: skip
SAMPLE = 300
LEAST_PEOPLE = 50_000


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


NO, PROBABLY, SURELY = Held.NO, Held.PROBABLY, Held.SURELY


@pytest.mark.parametrize(
    ("area", "place", "expected"),
    [
        # countries, divisions, districts, towns
        ("Pakistan", "Karachi", SURELY),
        ("Sindh", "Karachi", SURELY),
        ("Karachi", "Sindh", NO),
        ("India", "Karachi", NO),
        ("Kyiv Oblast", "Bucha, Ukraine", SURELY),
        ("Punjab, Pakistan", "Lahore", SURELY),
        ("Punjab, Pakistan", "Amritsar", NO),
        ("Lesbos", "Mytilene", SURELY),
        # continents and sub-regions
        ("Africa", "Nairobi", SURELY),
        ("Africa", "Sanaa", NO),
        ("Asia", "Novosibirsk", SURELY),
        ("Europe", "Novosibirsk", SURELY),
        ("Europe", "Nicosia", SURELY),
        ("West Africa", "Kano", SURELY),
        ("West Africa", "Nairobi", NO),
        ("South Asia", "Kathmandu", SURELY),
        ("Latin America", "Port-au-Prince", SURELY),
        ("Latin America", "Houston", NO),
        # names in common use
        ("Middle East", "Baghdad", SURELY),
        ("Middle East", "Kabul", NO),
        ("Sahel", "Gao, Mali", SURELY),
        ("Horn of Africa", "Mogadishu", SURELY),
        ("Balkans", "Pristina", SURELY),
        ("Baltics", "Riga", SURELY),
        ("Scandinavia", "Oslo", SURELY),
        ("Scandinavia", "Helsinki", NO),
        ("EU", "Warsaw", SURELY),
        ("EU", "Oslo", NO),
        # islands
        ("Borneo", "Kuching", SURELY),
        ("Borneo", "Pontianak", SURELY),
        ("Borneo", "Surabaya", NO),
        ("Java", "Surabaya", SURELY),
        ("Sumatra", "Medan, Indonesia", SURELY),
        ("New Guinea", "Jayapura", SURELY),
        ("Mindanao", "Davao, Philippines", SURELY),
        ("Hispaniola", "Santo Domingo", SURELY),
        ("Honshu", "Sendai", SURELY),
        ("Corsica", "Ajaccio", SURELY),
        ("Tenerife", "Santa Cruz de Tenerife", SURELY),
        # historical and disputed
        ("Gaza Strip", "Khan Younis", SURELY),
        ("Gaza Strip", "Nablus", NO),
        ("Northern Gaza", "Beit Lahia", SURELY),
        ("West Bank", "Huwara", SURELY),
        ("East Jerusalem", "Shuafat", SURELY),
        ("Kashmir", "Srinagar", SURELY),
        ("Kashmir", "Muzaffarabad", SURELY),
        ("Donbas", "Donetsk", SURELY),
        ("Crimea", "Sevastopol", SURELY),
        ("Darfur", "Al Fashir", SURELY),
        ("Iraqi Kurdistan", "Erbil", SURELY),
        ("Kurdistan", "Diyarbakir", SURELY),
        ("Rojava", "Kobani", SURELY),
        ("Sinai", "Al Arish", SURELY),
        ("Waziristan", "Miran Shah", SURELY),
        ("South Ossetia", "Tskhinvali", SURELY),
        ("Siberia", "Irkutsk", SURELY),
        ("North Caucasus", "Grozny", SURELY),
        ("Niger Delta", "Port Harcourt", SURELY),
        ("Lake Chad basin", "Maiduguri", SURELY),
        # metropolitan areas, boroughs, districts
        ("Greater Manchester", "Oldham, England", SURELY),
        ("Greater Manchester", "Leeds", NO),
        ("Bay Area", "Oakland, California", SURELY),
        ("New York City", "Brooklyn", SURELY),
        ("New York City", "Newark, New Jersey", NO),
        ("London", "Harrow, England", SURELY),
        ("Istanbul", "Besiktas", SURELY),
        ("Karachi", "Malir", SURELY),
        ("NCR", "Gurgaon", SURELY),
        ("Tri-State area", "Newark, New Jersey", SURELY),
        # compass parts
        ("northern Nigeria", "Kano", SURELY),
        ("southern Nigeria", "Kano", NO),
        ("north-east Nigeria", "Maiduguri", SURELY),
        ("northern Peru", "Piura", SURELY),
        ("northern Peru", "Arequipa", NO),
        ("the north of Chad", "Faya", SURELY),
        ("south Texas", "Laredo, Texas", SURELY),
        ("south Texas", "Nuevo Laredo", NO),
        ("northern Peru", "Cajamarca Department", SURELY),
        # seas and straits with their coasts
        ("Gulf of Aden", "Berbera", SURELY),
        ("Gulf of Aden", "Sanaa", NO),
        ("Strait of Hormuz", "Bandar Abbas", SURELY),
        ("Red Sea", "Port Sudan", SURELY),
        ("Red Sea", "Cairo", NO),
        ("Black Sea", "Sevastopol", SURELY),
        ("Black Sea", "Mariupol", NO),
        ("Mediterranean", "Lampedusa", SURELY),
        ("English Channel", "Calais", SURELY),
        ("Middle East", "Red Sea", SURELY),
        ("Black Sea", "Sea of Azov", SURELY),
        ("Gulf", "Strait of Hormuz", SURELY),
        ("Africa", "Baltic Sea", NO),
        # areas in areas
        ("Middle East", "Gaza Strip", SURELY),
        ("Asia", "Siberia", SURELY),
        ("Latin America", "Caribbean", SURELY),
        ("Kurdistan", "Iraqi Kurdistan", SURELY),
        ("Nigeria", "northern Nigeria", SURELY),
        ("India", "Kashmir", PROBABLY),
        ("Pakistan", "Kashmir", PROBABLY),
        ("China", "Kashmir", NO),
        ("Sahel", "northern Mali", SURELY),
        ("Karachi", "Middle East", NO),
    ],
)  # fmt: skip
def test_an_area_holds_what_lies_in_it(gazetteer: Gazetteer, area: str, place: str, expected: Held) -> None:
    assert gazetteer.contains(gazetteer.search(area)[0], gazetteer.search(place)[0]) is expected


def test_a_site_without_a_number_lies_where_the_towns_around_it_do(gazetteer: Gazetteer) -> None:
    mill = Place(name="Hollins Mill", admin1="England", country="GB", lat=53.54, lon=-2.12, precision=Precision.SITE)
    manchester, leeds = gazetteer.search("Greater Manchester")[0], gazetteer.search("West Yorkshire")[0]
    assert gazetteer.contains(manchester, mill) and not gazetteer.contains(leeds, mill)


def test_an_area_is_known_by_its_name_alone(gazetteer: Gazetteer) -> None:
    """Subscriptions of earlier versions hold areas as points of one country, or of none."""
    stored = Place(name="Donbass", country="UA", lat=48.2, lon=38.3, precision=Precision.PROVINCE)
    assert gazetteer.contains(stored, gazetteer.search("Luhansk")[0])


def test_without_a_gazetteer_names_and_distance_decide() -> None:
    sindh = Place(name="Sindh", admin1="Sindh", country="PK", precision=Precision.PROVINCE)
    karachi = Place(name="Karachi", admin1="Sindh", country="PK", precision=Precision.CITY)
    assert by_names(sindh, karachi) is SURELY and by_names(karachi, sindh) is NO


def test_towns_lie_in_their_country_continent_sub_region_and_division(gazetteer: Gazetteer) -> None:
    """A sample; ``scripts/check_areas.py`` checks every town."""
    table = gazetteer.table
    rows = np.flatnonzero((table["kind"] & 7 == CITY) & (table["population"] >= LEAST_PEOPLE)).tolist()
    wide = {name: gazetteer.search(name)[0] for name in (*CONTINENTS, *SUB_REGIONS)}
    for row in random.Random(18).sample(rows, SAMPLE):
        entry = gazetteer.entry(row)
        town = gazetteer.place(entry)
        above = [gazetteer.country_row(entry.country), *([entry.admin1] if entry.admin1 >= 0 else [])]
        assert all(gazetteer.contains(gazetteer.place(gazetteer.entry(one)), town) for one in above), town
        assert any(gazetteer.contains(wide[name], town) for name in CONTINENTS), town
        assert any(gazetteer.contains(wide[name], town) for name in SUB_REGIONS), town


def test_an_area_with_a_country_holds_only_what_is_in_it(gazetteer: Gazetteer) -> None:
    """Subscriptions are looked up by country: one to an area of several has none."""
    table = gazetteer.table
    rows = np.flatnonzero((table["kind"] & 7 == CITY) & (table["population"] >= LEAST_PEOPLE)).tolist()
    towns = [gazetteer.place(gazetteer.entry(row)) for row in random.Random(5).sample(rows, 60)]
    for name in gazetteer.areas.specs:
        area = gazetteer.place(gazetteer.areas.entry(gazetteer.areas.area(name)))
        for town in towns:
            assert not gazetteer.contains(area, town) or area.country in (None, town.country), (name, town)


def test_every_area_can_be_typed_and_holds_something(gazetteer: Gazetteer) -> None:
    """Each part that the data name exists, each name is of one area, and in each there is a town."""
    towns = Towns(gazetteer.table)
    seen: dict[str, str] = {}
    for spec in gazetteer.areas.specs.values():
        area = gazetteer.areas.area(spec.name)
        parts = gazetteer.areas.parts(area)
        has_town = any(part.kind == CITY or towns.bounds(part) for part in parts)
        assert area.is_sea or has_town or any(len(towns.within(one)) for one in area.polygons), spec.name
        is_city = spec.geonameid and (found := gazetteer.find(spec.geonameid)) and found.kind == CITY
        for name in () if is_city else (spec.name, *spec.names):
            assert seen.setdefault(name.casefold(), spec.name) == spec.name
        if gazetteer.areas.named(spec.name.casefold()) is area:
            best = gazetteer.search(spec.name)[0]
            assert gazetteer.contains(gazetteer.place(gazetteer.areas.entry(area)), best), spec.name


def test_a_part_that_the_gazetteer_does_not_have_is_an_error(gazetteer: Gazetteer) -> None:
    spec = AreaSpec(name="Nowhere", divisions={"PK": ("Zindh",)})
    with pytest.raises(ValueError, match="PK/Zindh"):
        Areas(gazetteer, Towns(gazetteer.table), [spec]).area("Nowhere")


def test_a_district_without_a_town_of_its_own_has_a_share_of_its_city(gazetteer: Gazetteer) -> None:
    """GeoNames' cities leave out the quarters of a city: Kadikoy would be a village of 3,000 elsewhere."""
    best = gazetteer.search("Kadikoy")[0]
    assert (best.admin1, best.precision) == ("Istanbul", Precision.DISTRICT)
    assert gazetteer.contains(gazetteer.search("Istanbul")[0], best) is SURELY


def test_a_polygon_contains_its_inside() -> None:
    triangle = Polygon.of(((0.0, 0.0), (10.0, 0.0), (0.0, 10.0)))
    assert triangle.contains(2.0, 2.0) and not triangle.contains(8.0, 8.0) and not triangle.contains(-1.0, 1.0)
