"""Maps and charts: what they show, what they never show, and that every place can be drawn."""

import io
import time
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.i18n import translate
from bot.i18n.translate import ChatLocale, in_locale
from bot.picture import style
from bot.picture.atlas import Blank, GazetteerAtlas
from bot.picture.basemap import draw_basemap, province_points, with_large_provinces
from bot.picture.chart import Bucket, ChartData, chart, ticks
from bot.picture.incident_map import (
    FRAME_HEIGHT,
    MapData,
    Ring,
    area_points,
    incident_map,
    picture,
    pixel_of,
    scale_bar_km,
    spot_of,
    surrounding_labels,
    view_of,
)
from bot.picture.labels import LabelRequest, place_labels
from bot.picture.many_map import Marker, clusters, many_map
from bot.picture.many_map import view_of as view_of_all
from bot.picture.outlines import outlines
from bot.picture.projection import GeoPoint, Local, World, circle, destination, fit
from bot.picture.style import Rect
from bot.picture.visible_areas import visible_areas
from extract.geo import distance_km
from extract.places.gazetteer import Gazetteer
from extract.types import Place, Precision, Severity

KARACHI = Place(
    name="Karachi", admin1="Sindh", country="PK", lat=24.8608, lon=67.0104, precision=Precision.CITY, geonameid=1174872
)
RED = style.SEVERITIES[Severity.SEVERE]


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


@pytest.fixture(scope="module")
def atlas(gazetteer):
    return GazetteerAtlas(gazetteer)


def drawn(place, **more):
    base = MapData(place=place, severity=Severity.SEVERE, title="SEVERE · bombing", subtitle="17 Feb 2023")
    return msgspec.structs.replace(base, **more)


def opened(body):
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def near(colour, other, most=28):
    return all(abs(a - b) <= most for a, b in zip(colour, other, strict=True))


def point(image, view, spot):
    """The colour of the picture where a point of the earth lies."""
    x, y = pixel_of(view, spot)
    return image.convert("RGB").getpixel((round(x), round(y) + style.HEADER))


def test_map_is_a_small_png_of_1200_by_800(atlas):
    body = incident_map(drawn(KARACHI), atlas)
    assert opened(body).format == "PNG"
    assert opened(body).size == (1200, 800)
    assert len(body) < 300_000


def test_disc_covers_the_city_as_far_as_it_says_and_no_further(atlas):
    km = atlas.radius(KARACHI)
    view, image = view_of(KARACHI, km, None, None), picture(drawn(KARACHI), atlas)
    tinted = style.mix(style.FOCUS_LAND, RED, 92 / 255)
    for bearing in (20, 60, 330):
        assert near(point(image, view, destination(spot_of(KARACHI), km * 0.8, bearing)), tinted)
        assert not near(point(image, view, destination(spot_of(KARACHI), km * 1.25, bearing)), tinted)


def test_larger_city_has_the_larger_disc(gazetteer, atlas):
    small = gazetteer.search("Gadani, Pakistan")[0]
    assert 2 <= atlas.radius(small) < atlas.radius(KARACHI) <= 30


def test_site_has_a_disc_that_can_be_seen(atlas):
    site = msgspec.structs.replace(KARACHI, name="Jinnah Airport", precision=Precision.SITE)
    image = picture(drawn(site), Blank())
    view = view_of(site, 1.0, None, None)
    x, y = pixel_of(view, spot_of(site))
    ring = [image.getpixel((round(x + dx), round(y) + style.HEADER)) for dx in range(-13, -7)]
    assert any(near(colour, RED) for colour in ring)


def test_province_is_shaded_and_has_no_dot_in_its_middle(gazetteer, atlas):
    sindh = gazetteer.search("Sindh")[0]
    area = area_points(sindh, atlas)
    view = view_of(sindh, 0, area, None)
    image = picture(drawn(sindh), atlas)
    shade = style.mix(style.FOCUS_LAND, RED, 0.42)
    assert near(point(image, view, GeoPoint(26.9, 68.7)), shade)  # inside Sindh
    assert not near(point(image, view, GeoPoint(28.0, 66.0)), shade)  # in Balochistan
    no_names = picture(drawn(msgspec.structs.replace(sindh, name=" ")), Towns(()))
    x, y = pixel_of(view, spot_of(sindh))
    middle = [
        no_names.getpixel((round(x) + dx, round(y) + dy + style.HEADER)) for dx in (-4, 0, 4) for dy in (-4, 0, 4)
    ]
    assert not any(near(colour, style.TEXT) or near(colour, RED) for colour in middle)


class Towns(Blank):
    """An atlas of some towns that shades what a real one does."""

    def __init__(self, towns):
        self.known = list(towns)

    def towns(self, _box, limit):
        return self.known[:limit]


def test_country_is_shaded_from_side_to_side(gazetteer, atlas):
    mali = gazetteer.search("Mali")[0]
    view, image = view_of(mali, 0, area_points(mali, atlas), None), picture(drawn(mali), atlas)
    shade = style.mix(style.FOCUS_LAND, RED, 0.42)
    assert near(point(image, view, GeoPoint(13.6, -9.5)), shade)
    assert near(point(image, view, GeoPoint(17.5, 2.5)), shade)
    assert not near(point(image, view, GeoPoint(17.5, -9.0)), shade)  # Mauritania


def test_province_without_an_outline_is_a_disc_of_its_size():
    unknown = Place(name="Newly Made", country="PK", lat=27.0, lon=68.0, precision=Precision.PROVINCE)
    image, view = picture(drawn(unknown), Blank()), view_of(unknown, 100, None, None)
    assert near(point(image, view, destination(GeoPoint(27, 68), 70, 200)), style.mix(style.FOCUS_LAND, RED, 92 / 255))


@pytest.mark.parametrize(("name", "spots"), [("Chukotka", [(67.0, 175.0), (66.5, -175.0)]), ("Fiji", [(-17.8, 178.0)])])
def test_area_on_the_date_line_is_whole(gazetteer, atlas, name, spots):
    place = gazetteer.search(name)[0]
    view, image = view_of(place, 0, area_points(place, atlas), None), picture(drawn(place), atlas)
    assert view.km_per_px * FRAME_HEIGHT < 2000
    for lat, lon in spots:
        assert near(point(image, view, GeoPoint(lat, lon)), style.mix(style.FOCUS_LAND, RED, 0.42))


def test_ring_is_where_it_was_asked_for(atlas):
    place = msgspec.structs.replace(KARACHI, name="Kotri", lat=25.37, lon=68.31, geonameid=None)
    ring = Ring(25.39, 68.37, 50, "50 km around Hyderabad")
    image, view = picture(drawn(place, ring=ring), atlas), view_of(place, atlas.radius(place), None, ring)
    hits = sum(
        near(point(image, view, destination(GeoPoint(25.39, 68.37), 50, bearing)), style.RING, 60)
        for bearing in range(0, 360, 3)
    )
    assert hits > 40


def names_around(atlas, view, place=None):
    return {request.text for request in surrounding_labels(atlas, view, place)}


def found(gazetteer, name):
    return gazetteer.search(name, 1)[0]


def test_a_quarter_that_is_called_a_district_has_no_circle_of_its_country(gazetteer, atlas):
    quarter = msgspec.structs.replace(found(gazetteer, "East Flatbush"), precision=Precision.DISTRICT)
    county = found(gazetteer, "Harris County, Texas")
    assert quarter.geonameid == 5115843
    assert 2 <= atlas.radius(quarter) < 4
    assert 30 < atlas.radius(county) < 50


def test_states_and_neighbours_are_named_on_a_map_of_the_united_states(gazetteer, atlas):
    towns = [Marker(found(gazetteer, name), Severity.SEVERE) for name in ("Seattle", "Orlando, Florida", "Boston")]
    names = names_around(atlas, view_of_all(towns))
    assert names >= {"UNITED STATES", "CANADA", "MEXICO", "TEXAS", "CALIFORNIA", "NEBRASKA", "GEORGIA"}


def test_a_wide_map_has_the_borders_of_large_provinces_only():
    def view(lat, lon):
        return Local(GeoPoint(lat, lon), 2.4, 2400, 1320)

    assert "US" in with_large_provinces(visible_areas(view(39.0, -100.0)))
    assert "TR" not in with_large_provinces(visible_areas(view(39.0, 33.0)))
    image = draw_basemap(view(39.0, -100.0), 1200, 660, lambda _country, _province: style.FOCUS_LAND)
    x, y = pixel_of(view(39.0, -100.0), GeoPoint(41.0, -107.0))
    colours = {image.getpixel((round(x), round(y) + down)) for down in range(-4, 5)}
    assert style.PROVINCE in colours


def test_an_area_is_named_where_its_visible_part_is(gazetteer, atlas):
    chicago, texas = found(gazetteer, "Chicago"), found(gazetteer, "Texas")
    near = names_around(atlas, view_of(chicago, atlas.radius(chicago), None, None), chicago)
    assert near >= {"ILLINOIS", "INDIANA", "MICHIGAN"}
    far = names_around(atlas, view_of(texas, 0, area_points(texas, atlas), None), texas)
    assert far >= {"MEXICO", "OKLAHOMA", "LOUISIANA"}
    assert "TEXAS" not in far


def test_a_town_has_one_name_on_its_map_however_the_card_spells_it(atlas):
    spelt = msgspec.structs.replace(KARACHI, name="Kurrachee")
    view = view_of(spelt, atlas.radius(spelt), None, None)
    assert "Karachi" not in names_around(atlas, view, spelt)
    assert "Karachi" in names_around(atlas, view)


def test_countries_have_the_names_of_the_language_of_the_picture(atlas):
    view = Local(GeoPoint(39.0, 35.0), 3.0, 1200, 660)
    with in_locale(ChatLocale(language=translate.language("fr"))):
        assert names_around(atlas, view) >= {"TURQUIE", "SYRIE"}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("Brooklyn, New York", 7, 10),
        ("Kadıköy", 2, 5),
        ("Harlem, New York", 1.5, 3),
        ("Lahore", 15, 30),
        ("Orlando", 4, 8),
    ],
)
def test_the_circle_of_a_part_of_a_city_is_as_large_as_the_part(gazetteer, atlas, name, low, high):
    assert low <= atlas.radius(found(gazetteer, name)) <= high


def test_names_never_lie_over_each_other(atlas):
    for place in (
        KARACHI,
        msgspec.structs.replace(KARACHI, lat=51.5, lon=-0.1),
        msgspec.structs.replace(KARACHI, lat=21.0, lon=105.8),
    ):
        view = view_of(place, 20, None, None)
        frame = Rect(0, 0, view.width, view.height)
        placed = place_labels(surrounding_labels(atlas, view, place), frame)
        assert len(placed) > 5
        assert not any(a.box.overlaps(b.box) for a, b in combinations(placed, 2))
        assert all(label.box.lies_in(frame) for label in placed)


def test_name_gives_way_to_what_is_taken():
    frame, occupied = Rect(0, 0, 400, 200), [Rect(200, 80, 400, 120)]
    [label] = place_labels([LabelRequest("Town", 190, 100)], frame, occupied)
    assert label.box.right < 190


@pytest.mark.parametrize("letters", ["ŁşğạʻāđơễǵẕḤ", "Київ", "Αθήνα"])
def test_font_has_the_letters_that_place_names_need(letters):
    for bold in (False, True):
        face = style.font(20, bold=bold)
        missing = face.getmask("\ue000").getbbox(), bytes(face.getmask("\ue000"))
        assert all((face.getmask(letter).getbbox(), bytes(face.getmask(letter))) != missing for letter in letters)


def test_most_letters_of_the_gazetteer_have_a_glyph(gazetteer):
    names = bytes(gazetteer._names).decode(errors="ignore")
    face = style.font(20)
    missing = bytes(face.getmask("\ue000"))
    unknown = {c for c in set(names) if not c.isspace() and bytes(face.getmask(c)) == missing and face.getlength(c)}
    assert sum(names.count(c) for c in unknown) < 60


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.sampled_from(list(Precision)),
    st.sampled_from(list(Severity)),
    st.text(max_size=80),
    st.none() | st.floats(0.5, 2000),
)
def test_every_place_on_earth_can_be_drawn(lat, lon, precision, severity, name, ring):
    place = Place(name=name, country="RU", lat=lat, lon=lon, precision=precision)
    circle = Ring(lat, lon, ring, "ring") if ring else None
    body = incident_map(MapData(place=place, severity=severity, title=name, subtitle=name, ring=circle), Blank())
    assert opened(body).size == (1200, 800)


@settings(max_examples=60, deadline=None)
@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0.5, 3000), st.floats(0, 360))
def test_distance_on_a_map_is_the_distance_on_the_ground(lat, lon, km, bearing):
    view = Local(GeoPoint(lat, lon), 5.0, 1200, 800)
    there = destination(GeoPoint(lat, lon), km, bearing)
    x, y = pixel_of(view, there)
    assert distance_km(lat, lon, there.lat, there.lon) == pytest.approx(km, rel=1e-6, abs=1e-3)
    assert ((x - 600) ** 2 + (y - 400) ** 2) ** 0.5 * 5 == pytest.approx(km, rel=1e-3, abs=0.05)
    back = view.spot(x, y)
    assert distance_km(back.lat, back.lon, there.lat, there.lon) < 0.5


def test_south_pole_lies_on_land():
    pole = Place(name="Pole Station", country="AQ", lat=-89.5, lon=10.0, precision=Precision.SITE)
    view, image = view_of(pole, 1.0, None, None), picture(drawn(pole), Blank())
    for bearing in (30, 150, 270):
        assert near(point(image, view, destination(GeoPoint(-89.5, 10), 25, bearing)), style.LAND, 8)


def test_view_holds_the_whole_circle_over_the_date_line():
    points = circle(GeoPoint(-17, 179.5), 150)
    view = fit(points, 1200, 660, least=100)
    shown = view.project(points)
    assert shown.min() >= 0
    assert shown[:, 0].max() <= 1200
    assert shown[:, 1].max() <= 660


def test_many_incidents_of_one_place_are_one_circle_with_their_number(gazetteer, atlas):
    lahore = gazetteer.search("Lahore")[0]
    marks = [Marker(KARACHI, Severity.SEVERE)] * 7 + [Marker(lahore, Severity.MINOR)]
    found = clusters(marks, view_of_all(marks))
    assert [(len(one.markers), one.name) for one in found] == [(7, "Karachi"), (1, "Lahore")]
    assert opened(many_map(marks, atlas, title="Latest", subtitle="")).size == (1200, 800)


def test_area_never_joins_a_town(gazetteer):
    sindh = msgspec.structs.replace(KARACHI, name="Sindh", precision=Precision.PROVINCE)
    found = clusters([Marker(KARACHI, Severity.MINOR), Marker(sindh, Severity.MINOR)], World(11, 1200, 660))
    assert sorted(one.is_area for one in found) == [False, True]


def test_incidents_all_over_are_shown_on_the_world(gazetteer, atlas):
    marks = [Marker(gazetteer.search(name)[0], Severity.MINOR) for name in ("Suva", "Chicago", "Tromsø", "Karachi")]
    assert isinstance(view_of_all(marks), World)
    assert opened(many_map(marks, atlas, title="Latest", subtitle="")).size == (1200, 800)


def test_both_sides_of_the_date_line_are_one_view(gazetteer):
    marks = [Marker(gazetteer.search(name)[0], Severity.MINOR) for name in ("Suva", "Apia")]
    view = view_of_all(marks)
    assert isinstance(view, Local)
    assert view.km_per_px * view.width < 4000


def test_chart_is_a_png_whatever_the_figures():
    for values in ((0,), (1,) * 30, tuple(range(92)), (120_000, 3)):
        buckets = tuple(Bucket(f"{n} Feb", value, value, value // 2) for n, value in enumerate(values))
        made = chart(
            ChartData(
                buckets=buckets, head="Incidents a day", kinds=(("bombing", 3),) * 12, usual=2.5, killed="killed: 3"
            ),
            title="T" * 200,
            subtitle="",
            note="N" * 400,
        )
        assert opened(made).size == (1200, 800)
        assert len(made) < 300_000


@given(st.floats(0, 1e6))
def test_ticks_begin_at_0_and_reach_the_largest(most):
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert len(found) <= 7


@given(st.floats(0.01, 20_000))
def test_scale_bar_is_round_and_fits(most):
    km = scale_bar_km(most)
    assert most / 2.6 < km <= most * 1.001


def test_outlines_hold_most_provinces(gazetteer):
    world = outlines()
    assert len(set(world.province.tolist())) > 3000
    assert province_points(gazetteer.search("Sindh")[0].geonameid) is not None
    assert province_points(0) is None


def test_picture_is_quickly_drawn(atlas):
    incident_map(drawn(KARACHI), atlas)
    start = time.process_time()
    incident_map(drawn(KARACHI), atlas)
    assert time.process_time() - start < 2.0
