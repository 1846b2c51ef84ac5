"""Which outlet is it, who owns it, and which outlets are no independent sources of each other?"""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from extract import track
from extract.publishers import PublisherDataError, StateMedia, packaged_publishers, read_publishers
from extract.track.rules import rules
from extract.types import Article

TEXT = resources.files("extract.data").joinpath("publishers_outlets.toml").read_text("utf-8")
GOOD = """
[sources]
imprint = "its imprint"
[family]
harbour = { name = "Harbour Media", state_media = "no", country = "PK", zone = "Asia/Karachi", lang = "ur", from = "imprint", outlets = [
  { name = "Harbour Post", tier = 2, hosts = ["harbour.example"] },
] }
"""


def outlets():
    return {one.name: one for one in packaged_publishers().by_host.values()}.values()


def test_there_are_hundreds_of_outlets_in_many_languages_and_countries():
    counted = list(outlets())
    assert len(counted) > 1000
    for lang, least in {
        "en": 400,
        "es": 120,
        "fr": 70,
        "ar": 40,
        "ru": 30,
        "pt": 25,
        "tr": 20,
        "uk": 18,
        "ur": 12,
    }.items():
        assert sum(one.lang == lang for one in counted) >= least, lang
    assert len({one.country for one in counted}) > 120


BIG_OWNERS = (
    "reach gannett sinclair nexstar prisa televisa jang dawn ary news-corp postmedia mediahuis vocento clarin globo "
    "rossiya-segodnya tv-novosti vgtrk xinhua china-media-group china-daily anadolu trt irna irib sana kcna al-jazeera "
    "mbc-group bbc afp reuters ap dw france-medias-monde"
)


@pytest.mark.parametrize("family", BIG_OWNERS.split())
def test_big_owners_are_known(family):
    assert family in {one.family for one in outlets()}


def test_every_family_says_where_it_was_checked_and_nothing_else_is_said():
    table = tomllib.loads(TEXT)
    assert set(table) == {"sources", "collectors", "family"}
    assert {family["from"] for family in table["family"].values()} == set(table["sources"])


def test_every_wire_that_articles_credit_is_a_family():
    assert set(rules("origins")["wires"]) <= {one.family for one in outlets()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["harbour.example"]', '["harbour.example", "harbour.example"]', "harbour.example is a host of 2 outlets"),
        ("Asia/Karachi", "Asia/Harbour", "no time zone"),
        ('"PK"', '"Pakistan"', "no code of a country"),
        ("tier = 2", "tier = 5", "tier 5"),
        ("tier = 2", "teir = 2", "teir"),
        ('from = "imprint"', 'from = "hearsay"', "none of [sources]"),
        ('state_media = "no"', 'state_media = "maybe"', "maybe"),
        ("harbour.example", "Harbour Example", "is no host"),
        ('["harbour.example"]', "[]", "has no host"),
        ('media = "no", country = "PK"', 'media = "yes", country = "PK"', "tier 2 at best"),
    ],
)
def test_a_mistake_in_the_table_is_named(old, new, said):
    assert read_publishers(GOOD).find("Harbour Post")
    table = GOOD.replace("tier = 2", "tier = 1") if "at best" in said else GOOD
    with pytest.raises(PublisherDataError, match=re.escape(said)):
        read_publishers(table.replace(old, new))


@pytest.mark.parametrize(
    ("source", "url", "name"),
    [
        ("", "https://www.bbc.co.uk/news/world-1", "BBC News"),
        ("", "https://actualidad.rt.com/actualidad/1", "RT en Español"),
        ("", "https://www.rt.com/news/1", "RT"),
        ("dawn.com", "", "Dawn"),
        ("DAWN", "", "Dawn"),
        ("Reuters", "https://news.google.com/articles/1", "Reuters"),
        ("Daily Trust", "https://allafrica.com/stories/1", "Daily Trust"),
        ("Some Small Paper", "https://allafrica.com/stories/1", "AllAfrica"),
    ],
)
def test_a_publisher_is_found_by_address_then_by_name(source, url, name):
    assert packaged_publishers().find(source, url).name == name


@pytest.mark.parametrize(
    ("source", "url"),
    [("Focus", "https://focus.example/1"), ("Meridian Wire", ""), ("", "https://notbbc.com/1"), ("", "https://[bad/")],
)
def test_a_name_alone_does_not_make_a_stranger_a_known_outlet(source, url):
    assert packaged_publishers().find(source, url) is None


def origin(url, families=None, text="Six people died.", source=""):
    return track.origin_of(Article(id="x", url=url, source=source, text=text), families or {})


def test_outlets_of_one_owner_are_one_origin():
    assert origin("https://www.mirror.co.uk/1") == origin("https://www.liverpoolecho.co.uk/1") == "reach"
    assert origin("https://www.dawn.com/1") != origin("https://www.geo.tv/1")


def test_state_media_of_one_state_are_one_origin():
    assert origin("https://tass.com/1") == origin("https://ria.ru/1") == origin("https://www.rt.com/1") == "state:ru"
    assert origin("https://www.aa.com.tr/1") == origin("https://www.trtworld.com/1") != origin("https://tass.com/1")


def test_a_credited_wire_that_is_state_media_is_of_its_state():
    credited = origin("https://lowland.example/1", text="BEIJING (Xinhua) -- Six people died in a blast.")
    assert credited == origin("https://www.cgtn.com/1") == "state:cn"


def test_public_service_media_of_one_country_are_independent_of_each_other():
    assert origin("https://www.tagesschau.de/1") != origin("https://www.zdf.de/1")


def test_an_operators_family_counts_but_does_not_part_state_media():
    assert origin("https://www.dawn.com/1", {"Dawn": "mine"}, source="Dawn") == "mine"
    assert origin("https://tass.com/1", {"TASS": "mine"}, source="TASS") == "state:ru"


def test_state_media_has_a_state_and_others_have_none():
    for one in outlets():
        assert bool(one.state) == (one.state_media is StateMedia.YES), one.name


def test_who_gathers_others_articles_is_no_origin_of_them():
    assert origin("https://allafrica.com/1", source="Some Small Paper") == "some small paper"
