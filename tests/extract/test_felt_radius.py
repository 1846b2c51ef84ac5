"""How far away an earthquake was probably felt."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.feeds.quakes import Quake, article_of_quake
from extract.felt import FeltArea, felt_area, felt_km, intensity
from extract.places import Gazetteer
from extract.types import Codes, News, Official, Report

MAGNITUDES, DEPTHS = st.floats(4.5, 9.5), st.floats(0, 700)


def quake(**facts):
    official = Official(point=(37.17, 37.04), depth=17.9)
    made = Report(news=News.EVENT, kind="earthquake", codes=Codes(), magnitude=7.8, official=official)
    return msgspec.structs.replace(made, **facts)


@pytest.mark.parametrize(("magnitude", "km", "expected"), [(6.0, 50.0, 5.16), (7.0, 100.0, 5.66), (5.0, 20.0, 5.02)])
def test_the_intensity_is_that_of_the_published_relation(magnitude, km, expected):
    assert intensity(magnitude, km) == pytest.approx(expected, abs=0.01)


@given(MAGNITUDES, DEPTHS)
def test_at_the_edge_it_is_just_felt(magnitude, depth):
    km = felt_km(magnitude, depth)
    if km is not None and km < 500:
        assert intensity(magnitude, (km**2 + depth**2) ** 0.5) == pytest.approx(5.0, abs=0.02)


@given(MAGNITUDES, st.floats(0, 1), DEPTHS, st.floats(0, 100))
def test_a_stronger_or_shallower_one_is_felt_at_least_as_far(magnitude, more, depth, deeper):
    reach = felt_km(magnitude, depth) or 0.0
    assert (felt_km(magnitude + more, depth) or 0.0) >= reach
    assert (felt_km(magnitude, depth + deeper) or 0.0) <= reach


@pytest.mark.parametrize(("magnitude", "depth"), [(4.4, 5.0), (5.0, 60.0), (6.5, 600.0), (-1.0, 0.0)])
def test_a_weak_or_deep_one_is_felt_nowhere(magnitude, depth):
    assert felt_km(magnitude, depth) is None


def test_no_radius_is_longer_than_the_relation_is_good_for():
    assert felt_km(9.5, 20.0) == 500.0


def test_the_area_of_a_record():
    assert felt_area(quake()) == FeltArea(37.17, 37.04, felt_km(7.8, 17.9))


@pytest.mark.parametrize(
    "facts",
    [
        {"official": None},
        {"official": Official(point=(37.17, 37.04))},
        {"official": Official(depth=17.9)},
        {"magnitude": None},
        {"magnitude": 4.0},
        {"kind": "explosion"},
    ],
)
def test_what_is_not_known_is_no_area(facts):
    assert felt_area(quake(**facts)) is None


@pytest.mark.parametrize(
    ("depth", "expected"), [(17.94, 17.9), (-1.2, 0.0), (None, None), (6371.0, None), (-80.0, None)]
)
def test_the_depth_that_an_agency_states(depth, expected):
    made = Quake(
        kind="earthquake", id="a", ids=("usgs:a",), magnitude=5.0, words="x", places=(), at=None, points=(), depth=depth
    )
    assert article_of_quake(made).stated.depth == expected


def test_a_town_of_each_division_that_a_circle_reaches_also_over_the_date_line():
    gazetteer = Gazetteer.open()
    assert {place.country for place in gazetteer.reached(37.17, 37.04, 150.0)} == {"TR", "SY"}
    assert {place.country for place in gazetteer.reached(-16.5, -179.9, 400.0)} == {"FJ", "WF"}
    assert gazetteer.reached(0.0, -30.0, 50.0) == ()
    parts = [(place.country, place.admin1) for place in gazetteer.reached(37.17, 37.04, 300.0)]
    assert len(parts) == len(set(parts))
