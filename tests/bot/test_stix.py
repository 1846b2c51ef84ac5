"""Incidents as STIX 2.1: valid by the standard's own library, with ids that stay and versions that are told apart."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import stix2
from fakes import NOW, PLACES, report
from test_formats import incident

from bot.export import FORMATS
from bot.export.frame import Frame
from extract.types import ArticleRef, Incident, Lifecycle, Place, Precision


def bundle(*found: Incident, **frame: Any) -> Any:
    """The bundle, read by the standard's library, which checks it."""
    return stix2.parse(FORMATS["stix"].write(found, Frame(**frame)).decode(), allow_custom=False, version="2.1")


def of(read: Any, kind: str) -> list[Any]:
    return [one for one in read.objects if one["type"] == kind]


def minutes(*numbers: int) -> tuple[datetime, ...]:
    return tuple(NOW + timedelta(minutes=number) for number in numbers)


@pytest.mark.parametrize(
    "one",
    [
        incident(),
        incident(3),
        incident(4, lifecycle=Lifecycle.RETRACTED),
        incident(place=None),
        incident(place=Place(name="Sindh", country="PK", lat=26.0, lon=68.0, precision=Precision.PROVINCE)),
        incident(place=Place(name="Arabian Sea", lat=15.0, lon=65.0, precision=Precision.COUNTRY)),
        incident(place=Place(name="Nowhere", precision=Precision.CITY)),
        incident(summary="a < b & c \U0001f525" + "x" * 9000),
        msgspec.structs.replace(incident(), articles=()),
        msgspec.structs.replace(incident(), articles=(ArticleRef(id="a", url="mailto:x"), ArticleRef(id="b"))),
    ],
)
def test_a_bundle_is_valid_and_refers_to_nothing_outside(one: Incident) -> None:
    read = bundle(one)
    ids = {known["id"] for known in read.objects}
    assert len(ids) == len(read.objects)
    written = json.loads(read.serialize())
    refs = [value for known in written["objects"] for key, value in known.items() if key.endswith("_ref")]
    refs += [ref for known in written["objects"] for ref in known.get("object_refs", ())]
    assert set(refs) <= ids
    assert set(of(read, "incident")[0]["extensions"]) <= ids


def test_an_incident_has_its_facts_place_and_articles() -> None:
    read = bundle(incident(), pages="https://a.example/incident/")
    [main] = of(read, "incident")
    assert main.name == "Bombing in Karachi: 4 killed"
    assert [str(one.source_name) for one in main.external_references] == ["tocsin", "post.example"]
    assert main.external_references[0].url == "https://a.example/incident/abc23456"
    [extension] = main.extensions.values()
    assert extension["killed"] == {"low": 4, "high": 4, "state": "counted"} and extension["kind"] == "bombing"
    [place] = of(read, "location")
    assert (place.country, place.latitude, place.longitude, place.precision) == ("PK", 24.86, 67.01, 15000.0)
    [address] = of(read, "url")
    assert address.id == stix2.v21.URL(value="https://post.example/1?a=1&b=2").id
    [seen] = of(read, "observed-data")
    assert seen.object_refs == [address.id]
    links = {(one.relationship_type, one.source_ref, one.target_ref) for one in of(read, "relationship")}
    assert links == {("located-at", main.id, place.id), ("related-to", main.id, seen.id)}


def test_an_area_has_no_point() -> None:
    place = Place(name="Sindh", country="PK", admin1="Sindh", lat=26.0, lon=68.0, precision=Precision.PROVINCE)
    [location] = of(bundle(incident(place=place)), "location")
    assert "latitude" not in location and location.administrative_area == "Sindh"


def test_the_same_incident_has_the_same_id_and_each_version_its_time() -> None:
    made = {"abc23456": minutes(0, 5, 9)}
    first, later = (of(bundle(incident(n), made=made), "incident")[0] for n in (1, 3))
    assert first.id == later.id
    assert (first.created, first.modified, later.created, later.modified) == (NOW, NOW, NOW, NOW + timedelta(minutes=9))
    assert not first.revoked
    other = msgspec.structs.replace(incident(), id="xyz23456")
    assert of(bundle(other), "incident")[0].id != first.id


def test_what_is_taken_back_or_merged_is_revoked_with_its_relationships() -> None:
    for gone in (
        incident(4, lifecycle=Lifecycle.RETRACTED),
        msgspec.structs.replace(incident(4), merged_into="xyz23456"),
    ):
        read = bundle(gone)
        assert all(one.revoked for one in (*of(read, "incident"), *of(read, "relationship")))
        assert not any(one.get("revoked") for one in of(read, "location"))


def test_two_incidents_share_their_place_and_outlet() -> None:
    other = msgspec.structs.replace(incident(), id="xyz23456", facts=report(killed=1, place=PLACES["Karachi"]))
    read = bundle(incident(), other)
    assert [len(of(read, kind)) for kind in ("incident", "location", "identity", "extension-definition")] == [
        2,
        1,
        2,
        1,
    ]


def test_the_same_incidents_give_the_same_bytes() -> None:
    assert FORMATS["stix"].write([incident()], Frame()) == FORMATS["stix"].write([incident()], Frame())
    assert json.loads(FORMATS["stix"].write([], Frame())).keys() == {"type", "id"}


def test_the_command_line_writes_it(tmp_path: Path, store: Any, capfdbinary: Any, simple_tracking: None) -> None:
    from test_notifications import happen

    from bot.batch.export import export

    happen(store, "a")
    export(store.path, "stix", "")
    read = stix2.parse(capfdbinary.readouterr().out.decode(), allow_custom=False, version="2.1")
    assert of(read, "incident")[0].created == NOW
