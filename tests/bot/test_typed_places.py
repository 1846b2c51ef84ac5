"""Does a typed name become the place that people mean? Two tables of typed places, and what each must become."""

from __future__ import annotations

import random
import string
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ChatError
from bot.render.lists import choices, typed_choices
from bot.render.words import Names
from bot.subscriptions.parsing import parse_filter
from bot.subscriptions.places import of_filter
from extract.geo import distance_km
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.places.meant import Meant
from extract.places.row_layout import CITY
from extract.text.normalise import fold
from extract.types import Place, Precision

KINDS = load_kinds()
HERE = Path(__file__).parent / "typed"
NEAR_KM, POINT_KM = 40.0, 15.0
LEAST_RIGHT = 0.96
AREAS = {"country": Precision.COUNTRY, "province": Precision.PROVINCE}


def _rows(name: str) -> list[tuple[str, ...]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def _is(place: Place, wanted: str) -> bool:
    """Is this the place of "PK 24.9 67.0", "PK country", "PK province Sindh", "region NAME" or "point LAT LON"?"""
    first, second, *rest = wanted.split(" ", 2)
    if first == "region":
        return fold(place.name) == fold(wanted.partition(" ")[2])
    if first == "point":
        return _km(place, float(second), float(rest[0])) < POINT_KM
    if place.country != first:
        return False
    if second in AREAS:
        return place.precision is AREAS[second] and (not rest or fold(place.name).startswith(fold(rest[0])))
    return not place.precision.is_area and _km(place, float(second), float(rest[0])) < NEAR_KM


def _km(place: Place, lat: float, lon: float) -> float:
    return distance_km(place.lat, place.lon, lat, lon) if place.lat is not None and place.lon is not None else 1e9


def _verdict(found: Meant, wanted: str) -> str:
    """ "right", "elsewhere" (accepted as another place) or what else is wrong."""
    place, _, km = wanted.partition(" within ")
    first = found.options[0] if found.options else None
    if wanted in ("none", "location"):
        is_right = found.is_here if wanted == "location" else not found.options and not found.is_here
        return "right" if is_right else ("elsewhere" if found.certain else "wrong")
    if first is None:
        return "unknown"
    if place.startswith("ask "):
        asked = [one.strip() for one in place.removeprefix("ask ").split("|")]
        if found.certain:
            return "not asked"
        return "right" if all(any(_is(one, way) for one in found.options) for way in asked) else "not offered"
    is_first = _is(first, place.removeprefix("first "))
    if km and not (found.km is not None and abs(found.km - float(km)) < 1):
        return "radius"
    if found.certain:
        return "right" if is_first else "elsewhere"
    if place.startswith("first "):
        return "right" if is_first else "not first"
    return "asked"


def _read(text: str, home: str) -> Meant:
    """What /subscribe takes a text for; nothing if it is refused. Several places are never meant in these tables."""
    gazetteer = Gazetteer.open()
    parsed = parse_filter(text, KINDS, gazetteer)
    try:
        named = of_filter(parsed, gazetteer, frozenset(home.split()))
    except ChatError:
        return Meant()
    return named[0].meant if len(named) == 1 else Meant(certain=True)


def _verdicts(name: str) -> dict[str, str]:
    return {
        f"{typed} ({home})": _verdict(_read(typed, home), wanted)
        for _, typed, wanted, home in ((*row, "")[:4] for row in _rows(name))
    }


@pytest.mark.parametrize("name", ["places_a.tsv", "places_b.tsv"])
def test_typed_places_become_what_people_mean(name: str) -> None:
    verdicts = _verdicts(name)
    wrong = {typed: verdict for typed, verdict in verdicts.items() if verdict != "right"}
    assert Counter(verdicts.values())["right"] >= LEAST_RIGHT * len(verdicts), wrong


@pytest.mark.parametrize("name", ["places_a.tsv", "places_b.tsv"])
def test_no_typed_place_silently_becomes_another(name: str) -> None:
    assert [typed for typed, verdict in _verdicts(name).items() if verdict == "elsewhere"] == []


def _misspelt(name: str, chance: random.Random) -> str:
    """A name with one letter left out, exchanged with the next, changed or added, anywhere."""
    at, letter = chance.randrange(len(name)), chance.choice(string.ascii_lowercase)
    swapped = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    return chance.choice(
        (name[:at] + name[at + 1 :], swapped, name[:at] + letter + name[at + 1 :], name[:at] + letter + name[at:])
    )


def test_a_large_town_with_one_letter_wrong_is_that_town_or_a_question() -> None:
    """Of 150 towns of half a million people or more, at most two: a few are other towns' names with a letter wrong."""
    gazetteer, chance = Gazetteer.open(), random.Random(5)
    rows = [
        int(row)
        for row in np.flatnonzero((gazetteer.table["kind"] & 7 == CITY) & (gazetteer.table["population"] >= 500_000))
    ]
    elsewhere = []
    for row in chance.sample(rows, 150):
        town = gazetteer.entry(row)
        typed = _misspelt(fold(town.name), chance)
        found = gazetteer.meant(typed)
        if found.certain and not any(place.geonameid == town.geonameid for place in found.options[:1]):
            elsewhere.append((town.name, typed, found.options[0].name))
    assert len(elsewhere) <= 2, elsewhere


def test_two_choices_never_read_the_same() -> None:
    names = Names(KINDS, Gazetteer.open().country_name)
    for typed in (
        "Washington",
        "Victoria",
        "Georgia",
        "Springfield",
        "Gaza",
        "Punjab",
        "San Jose",
        "Karchi",
        "Cordoba",
        "Santiago",
    ):
        shown = [button.label for row in choices(typed, _read(typed, "").options, "t", names).buttons for button in row]
        assert len(shown) == len(set(shown)), shown


def test_what_is_offered_to_type_is_the_place_that_it_is_offered_for() -> None:
    gazetteer = Gazetteer.open()
    names = Names(KINDS, gazetteer.country_name)
    for typed in ("Washington", "Victoria", "Georgia", "Punjab", "Gaza", "Congo"):
        options = _read(typed, "").options[:4]
        for place, text in zip(options, typed_choices(options, names), strict=True):
            first = _read(text, "").options[0]
            is_near = not place.precision.is_area and _km(first, place.lat, place.lon) < POINT_KM
            assert first == place or is_near, (text, first, place)


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("Marawi", "PH"),
        ("Beni", "CD"),
        ("DI Khan", "PK"),
        ("Papua", "ID"),
        ("Tunis", "TN"),
        ("Cologne", "DE"),
        ("Poso", "ID"),
        ("Salvador", "BR"),
        ("Bali", "ID"),
    ],
)
def test_a_town_of_the_news_is_no_misspelt_country(typed: str, country: str) -> None:
    found = _read(typed, "")
    assert country in {place.country for place in found.options}
    assert not found.certain or found.options[0].country == country
